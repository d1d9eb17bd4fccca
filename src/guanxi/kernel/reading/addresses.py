"""Addresses in running text: Chinese from large to small, others by their street."""

import re

from guanxi.kernel.places import FOREIGN_PLACES, LATIN_PLACES
from guanxi.kernel.reading.companies import starts_with_place
from guanxi.kernel.text import fold

__all__ = ["chinese_address", "goes_on", "latin_address", "lead_of", "post_code_in"]

_STREET = re.compile(
    r"(?:路|街|道|巷|弄|村|园|镇|区|县|大道|广场|段|里|胡同|城|桥"
    r"|港)[\u4e00-\u9fff ]{0,12}[0-9A-Za-z-]{1,8} ?(?:号|弄|栋|幢|室|楼|座|#)"
)
_LEVELS = re.compile(r"(?:省|市|自治区|自治州|区|县|镇|乡|街道|开发区|园区|新区)")
_ENDS = re.compile(
    r"(?:路|街|大道|巷|弄|村|镇|乡|园|园区|工业区|开发区|室|楼|座|层|号|广场|大厦|[0-9]期|街道|社区|组|栋|幢"
    r"|门|旁|对面|内|交叉口|交汇处|[0-9]+)\)?$"
)
_LEAD = re.compile(r"^(?:我们在|我在|地址在|在|位于|寄到|送到|发到|到)+")
_TALK = re.compile("[了吗呢吧啊说要请我你他她们的]")
_LATIN_STREET = re.compile(
    r"\b(?:Road|Rd|Street|St|Avenue|Ave|Av|Boulevard|Blvd|Drive|Dr|Lane|Ln|Way|Highway|Hwy|Building|Bldg|Floor"
    r"|Room|Rm|Suite|Ste|Unit|Tower|"
    r"District|Industrial Park|Industrial Zone|Industrial Estate|Park|Plaza|Square|Zone|Block|Lot|Level|Calle"
    r"|Rue|Via|ul|mnt|Platz|Allee|Gasse|"
    r"Avenida|Rua|Court|Crescent|Terrace|Place|Jalan|Soi|P\.?O\.? ?Box)\b|(?:stra(?:ß|ss)e|str\.|weg|platz"
    r"|gasse|laan|straat|-ku|-gun|-dong|-gu|-ro|-gil)\b",
    re.IGNORECASE,
)
_POST_AND_CITY = re.compile(
    r"^(?:[A-Z]{1,2}-)?\d{2,6}(?:-\d{2,4})? [^\W\d]|[^\W\d], ?[A-Z]{2} \d{5}"
    r"|[^\W\d] [A-Z]{1,2}\d{1,2}[A-Z]? \d[A-Z]{2}$|[^\W\d] (?:[A-Z]{2,3} \d{4}|[A-Z]{2} \d{5})$"
)


# At the end behind a blank or the number of a house, at the beginning before the place; of six digits, none of a house.
_POST_CODE = re.compile(
    r"^\(?(?P<first>[0-8]\d{5})\)?(?= ?[\u4e00-\u9fff])"
    r"|(?:(?<=[ ,(])|(?<=[号室楼座层栋幢]))(?P<last>[0-8]\d{5})(?=\)?$)"
)


def lead_of(text: str) -> int:
    """How many characters before an address only say that one follows: 在, 位于."""
    lead = _LEAD.match(text)
    return lead.end() if lead else 0


def post_code_in(text: str) -> tuple[int, int] | None:
    """Where in a Chinese address the post code stands that begins or ends it."""
    found = _POST_CODE.search(text)
    return found.span(found.lastgroup or 0) if found else None


def chinese_address(token: str) -> tuple[int, int] | None:
    """Where in a stretch of simplified characters an address stands."""
    lead = _LEAD.match(token)
    first = lead.end() if lead else 0
    text = token[first:]
    if len(text) < 5 or not any(char > "\u2e7f" for char in text) or _TALK.search(text):
        return None
    levels = len(_LEVELS.findall(text))
    if _STREET.search(text) or (
        _ENDS.search(text) and (levels >= 2 or (levels and starts_with_place(text) and len(text) >= 7))
    ):
        return first, len(token)
    return None


def latin_address(text: str) -> bool:
    """Whether a line or a piece of one is an address in Latin letters."""
    if not any(char.isdigit() for char in text) or len(text) < 8:
        return False
    parts = text.count(",")
    return (
        _LATIN_STREET.search(text) is not None and (parts > 0 or text[0].isdigit() or text[-1].isdigit())
    ) or (parts >= 2 and _place(text.rsplit(",", 1)[1]))


def goes_on(text: str) -> bool:
    """Whether a line after an address belongs to it: post code and city, a country."""
    if len(text) > 80 or "@" in text:
        return False
    return _POST_AND_CITY.search(text) is not None or _place(text) or _place(text.rsplit(",", 1)[-1])


def _place(text: str) -> bool:
    bare = fold("".join(char for char in text if not char.isdigit())).removeprefix("the")
    return bare in FOREIGN_PLACES or bare in LATIN_PLACES or bare in _COUNTRIES


_COUNTRIES_TEXT = """
germany deutschland austria switzerland france italy spain portugal netherlands belgium poland estonia latvia
lithuania czechrepublic slovakia hungary romania sweden norway denmark finland unitedkingdom uk england scotland
ireland usa unitedstates canada mexico brazil argentina chile australia newzealand japan korea southkorea
vietnam thailand malaysia singapore indonesia philippines india pakistan bangladesh turkey israel uae
unitedarabemirates saudiarabia egypt southafrica nigeria russia ukraine china prchina taiwan hongkong macau
"""
_COUNTRIES = frozenset(_COUNTRIES_TEXT.split())
