"""How files keep a name, an address, a birthday in pieces; the texts that the pieces make."""

# Chinese in code: what people are called by behind their names

import re
from collections.abc import Mapping

from guanxi.customers.reference import regions
from guanxi.kernel.phones import parse_phone

_HAN = re.compile("[\u3400-\u9fff]")
_NUMBER = re.compile(r"[+(\uff08]?\d[\d\s()\uff08\uff09-]{5,}\d")
_AROUND = " \t,\uff0c;\uff1b:\uff1a/|\u3001()\uff08\uff09"
_TITLED = re.compile(
    "(?P<name>[\u3400-\u9fff]{2,4}?)\\s*"
    "(?P<post>(?:采购|销售|技术|生产|市场|财务|项目|客户|行政|设备|质量|总)?(?:经理|总监|主管|主任|厂长|部长|科长|工程师|会计|专员|助理))"
)


def name_of(pieces: Mapping[str, str]) -> dict[str, str]:
    """A person's whole name from its pieces, in the order of its script: 欧阳静, but Mary-Ann J. O'Neill Jr."""
    family, given = pieces.get("family", ""), pieces.get("given", "")
    if _HAN.search(family + given):
        return {"name": family + given}
    order = (given, pieces.get("middle", ""), family, pieces.get("suffix", ""))
    return {"name": " ".join(part for part in order if part)}


def born_of(pieces: Mapping[str, str]) -> dict[str, str]:
    """A birthday from year, month and day; none where one of them is missing."""
    parts = [pieces.get(name, "") for name in ("year", "month", "day")]
    return {"born": "-".join(part.zfill(2) for part in parts)} if all(parts) else {}


def number_in(text: str) -> tuple[str, str] | None:
    """The first telephone number in a text, and what stands around it; None where there is none."""
    for found in _NUMBER.finditer(text):
        number = found.group().strip()
        if parse_phone(number, "CN").valid:
            rest = f"{text[: found.start()]} {text[found.end() :]}"
            # A bracket that opens before the number and closes behind it is not the number's.
            return (number if re.search("[)\uff09]", number) else number.lstrip("(\uff08")), rest
    return None


def words_of(text: str) -> str:
    """A text without what only stands around it."""
    return " ".join(text.split()).strip(_AROUND)


_BRACKETED = re.compile(r"(?P<name>[^(\uff08]+?)\s*[(\uff08](?P<post>[^)\uff09\d]+)[)\uff09]?")


def contact_of(pieces: Mapping[str, str]) -> dict[str, str]:
    """Who is meant and their phone in one text: 张经理 138 0000 1234, 王建国采购经理/0512-66001234."""
    text = pieces.get("text", "")
    found = number_in(text)
    name = words_of(found[1] if found else text)
    if number_in(name):
        return {"name": text}  # several people: nobody's number is taken for another's
    made = {"phone": found[0]} if found else {}
    if bracketed := _BRACKETED.fullmatch(name):
        return made | {"name": bracketed["name"], "post": bracketed["post"]}
    if titled := _TITLED.fullmatch(name):
        return made | {"name": titled["name"], "post": titled["post"]}
    return made | {"name": name} if name else made


def says_contact(text: str) -> bool:
    """Whether a text says more of somebody than the name."""
    return bool(contact_of({"text": text}).keys() - {"name"})


def place_of(pieces: Mapping[str, str]) -> dict[str, str]:
    """An address and the region it lies in from their pieces. The region is the narrowest that the pieces say."""
    country, province, city, district = (
        pieces.get(name, "") for name in ("country", "province", "city", "district")
    )
    street = [pieces[name] for name in ("street", "street2") if pieces.get(name)]
    region = next(
        (
            text
            for text in (province + city + district, province + city, city, province, country)
            if text and len(regions.find(text)) == 1
        ),
        "",
    )
    if _HAN.search(province + city + district + "".join(street)):
        address = "".join(street)
        before = "".join(part for part in (province, city, district) if part not in address)
        return {"address": before + address if address else "", "region": region}
    tail = " ".join(part for part in (province, pieces.get("postcode", "")) if part)
    return {
        "address": ", ".join(part for part in (*street, city, tail, country) if part)
        if street or city
        else "",
        "region": region,
    }
