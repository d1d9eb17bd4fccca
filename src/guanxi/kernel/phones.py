"""Telephone numbers as found in cells and forms, and masks for what not everybody may see."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumberFormat, PhoneNumberType

__all__ = [
    "Phone",
    "format_phone",
    "mask_email",
    "mask_phone",
    "mask_text",
    "parse_phone",
    "phone_tail",
    "region_of",
    "split_phones",
]


@dataclass(frozen=True, slots=True)
class Phone:
    """A number. `e164` (0539-8316220 is "+865398316220") is "" where nothing could be read.

    `extension` stands apart, for it is no part of the key; `national` is how it is written at home; `kind` is
    mobile, landline, service (400, 800, 95…), voip, other or unknown. `valid`: such a number can exist.
    """

    e164: str
    extension: str
    national: str
    valid: bool
    kind: str


_KINDS = {
    PhoneNumberType.MOBILE: "mobile",
    PhoneNumberType.FIXED_LINE: "landline",
    PhoneNumberType.FIXED_LINE_OR_MOBILE: "landline",
    PhoneNumberType.TOLL_FREE: "service",
    PhoneNumberType.SHARED_COST: "service",
    PhoneNumberType.PREMIUM_RATE: "service",
    PhoneNumberType.UAN: "service",
    PhoneNumberType.VOIP: "voip",
    PhoneNumberType.UNKNOWN: "unknown",
}
_EXTENSION = re.compile(
    r"[\s,;(\[]*(?:转分机|分机号?|转|extension|extn?\.?|x|#)[:.\s]*(?P<said>\d{1,6})[)\]]?$"
    r"|(?<=\d)-(?P<last>\d{1,5})$",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^(?:电话|手机|传真|座机|固话|联系电话|tel|mobile|mob|phone|fax|cell)[.:\s]*", re.IGNORECASE
)
_CHINESE_SHORT = re.compile(r"95\d{3,4}|12\d{3}|1[0-2]\d")
_LONGEST = 60
# A Chinese mobile number as it mostly stands, and what the library holds to be one.
_MOBILE = re.compile(r"(?:\+86)?(1[3-9]\d{9})", re.ASCII)
_LANDLINE = re.compile(r"0(10|2\d|[3-9]\d\d)-(\d{7,8})", re.ASCII)
_CHINESE: Any = PhoneMetadata.metadata_for_region("CN")
_CHINESE_MOBILE = re.compile(_CHINESE.mobile.national_number_pattern)
_CHINESE_LANDLINE = re.compile(_CHINESE.fixed_line.national_number_pattern)


_DASHES = re.compile("[‐-―−–—]")


def _plain(text: str) -> str:
    if text.isascii():
        return text.strip()
    return _DASHES.sub("-", unicodedata.normalize("NFKC", text)).strip()


def _without_extension(text: str, region: str) -> tuple[str, str]:
    found = _EXTENSION.search(text)
    if found is None:
        return text, ""
    if found["said"]:
        return text[: found.start()], found["said"]
    # 0539-8316220-801: a third group is an extension only where the rest is a whole Chinese landline or 400
    # number.
    rest = text[: found.start()]
    digits = re.sub(r"\D", "", rest)
    home = region == "CN" and re.match(r"\s*(?:\+86|\(?0\d|[48]00)", rest) is not None
    if home and "-" in rest and len(digits) >= 10:
        return rest, found["last"]
    return text, ""


def _usual(text: str) -> Phone | None:
    """A Chinese mobile or landline number as nine of ten are written, at a twentieth of the way round."""
    if (found := _MOBILE.fullmatch(text)) and _CHINESE_MOBILE.fullmatch(digits := found[1]):
        return Phone(f"+86{digits}", "", f"{digits[:3]} {digits[3:7]} {digits[7:]}", True, "mobile")
    if (found := _LANDLINE.fullmatch(text)) and _CHINESE_LANDLINE.fullmatch(found[1] + found[2]):
        return Phone(f"+86{found[1]}{found[2]}", "", text, True, "landline")
    return None


def parse_phone(text: str, region: str = "CN", *, area: str = "") -> Phone:
    """Read one number; never raises. `area` ("0539") completes a bare Chinese local number of 7 or 8
    digits."""
    if region == "CN" and (usual := _usual(text)):
        return usual
    plain = _LABEL.sub("", _plain(text))
    if not plain or len(plain) > _LONGEST:
        return Phone("", "", plain[:_LONGEST], False, "unknown")
    number, extension = _without_extension(plain, region)
    digits = re.sub(r"\D", "", number)
    if region == "CN":
        if area and len(digits) in (7, 8) and digits[0] not in "01":
            number = area + digits
        elif re.fullmatch(r"86(?:1[3-9]\d{9}|0\d{9,11})", digits) and "+" not in number:
            number = "+" + digits
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return Phone("", extension, plain, False, "unknown")
    e164 = phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
    valid = phonenumbers.is_valid_number(parsed)
    kind = _KINDS.get(phonenumbers.number_type(parsed), "other")
    if parsed.country_code == 86 and _CHINESE_SHORT.fullmatch(e164[3:]):
        valid, kind = True, "service"  # banks, insurers, emergency: missing in the library's tables
    return Phone(e164, extension or parsed.extension or "", _national(e164, parsed), valid, kind)


def _national(e164: str, parsed: phonenumbers.PhoneNumber) -> str:
    if parsed.country_code != 86:
        return phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL)
    digits = e164[3:]
    if re.fullmatch(r"1\d{10}", digits):
        return f"{digits[:3]} {digits[3:7]} {digits[7:]}"
    if re.fullmatch(r"[48]00\d{7}", digits):
        return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"
    if re.fullmatch(r"(?:10|2\d)\d{7,8}", digits):  # two-digit area codes
        return f"0{digits[:2]}-{digits[2:]}"
    if re.fullmatch(r"[3-9]\d{9,10}", digits):
        return f"0{digits[:3]}-{digits[3:]}"
    return digits


def region_of(text: str) -> str:
    """The country of a number that names its own, as ISO 3166 has it (+44 … is GB); "" for any other."""
    try:
        parsed = phonenumbers.parse(_plain(text).replace("(0)", " "), None)
    except phonenumbers.NumberParseException:
        return ""
    return phonenumbers.region_code_for_number(parsed) or phonenumbers.region_code_for_country_code(
        parsed.country_code or 0
    )


_SEPARATORS = re.compile(
    r"[/;、,，；|\n\r]+|\s(?:or|and)\s|或者?|\s+(?=1[3-9]\d{9}(?!\d))|(?<=\d{11})\s+(?=0\d{2,3}-)"
)


def split_phones(text: str) -> list[str]:
    """The numbers in one cell, as written: parted by / ; 、 , or line ends, two mobiles also by a blank.

    A shortened second number is completed from the first: 0539-8316220/21, 0539-8316220/8316233.
    """
    result: list[str] = []
    for piece in _SEPARATORS.split(_plain(text)):
        piece = piece.strip(" .")
        if not piece:
            continue
        previous = result[-1] if result else ""
        if previous and re.match(r"(?:转|分机|ext|x\s*\d|#)", piece, re.IGNORECASE):
            result[-1] = f"{previous} {piece}"
            continue
        if previous and piece.isdecimal():
            if len(piece) <= 4 and re.search(r"\d{7}$", previous):
                piece = previous[: -len(piece)] + piece
            elif len(piece) in (7, 8) and (
                area := re.match(r"\(?(0\d{2,3})\)?[-\s]*\d{7,8}(?!\d)", previous)
            ):
                piece = f"{area[1]}-{piece}"
        result.append(piece)
    return result


def format_phone(e164: str, locale: str = "zh-hans", *, extension: str = "") -> str:
    """A stored number as read by people: Chinese numbers the Chinese way in Chinese, all others
    internationally."""
    try:
        parsed = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return e164
    chinese = locale.lower().startswith("zh")
    if chinese and parsed.country_code == 86:
        shown = _national(e164, parsed)
    else:
        shown = phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL)
    if not extension:
        return shown
    return f"{shown} 转 {extension}" if chinese else f"{shown} ext. {extension}"


def phone_tail(e164: str, n: int = 4) -> str:
    """The last n digits, by which people search; "" where there are fewer."""
    digits = re.sub(r"\D", "", e164)
    return digits[-n:] if 0 < n <= len(digits) else ""


def mask_phone(value: str) -> str:
    """138 **** 8000, 0539-****220: enough to recognise, not to call. Extensions are left out; "" stays ""."""
    phone = parse_phone(value)
    shown = phone.national if phone.valid else _plain(value)
    places = [at for at, char in enumerate(shown) if char.isdecimal()]
    if len(places) <= 6:
        return "*" * max(4, len(shown)) if shown else ""
    area = re.match(r"0\d{2,3}(?=-)", shown) if phone.e164.startswith("+86") else None
    tail = 3 if area or len(places) < 11 else 4
    head = min(area.end() if area else 3, len(places) - tail - 4)
    hidden = set(places[max(head, 0) : len(places) - tail])
    return "".join("*" if at in hidden else char for at, char in enumerate(shown))


def mask_email(value: str) -> str:
    """z***@example.com: the first letter and the domain; the length of the rest is not told."""
    local, at, host = value.strip().rpartition("@")
    if not at or not local:
        return mask_text(value)
    return f"{local[0]}***@{host}" if len(local) > 1 else f"***@{host}"


def mask_text(value: str) -> str:
    """The first character and ***, or only *** where a single one is all there is; "" stays ""."""
    text = value.strip()
    if not text:
        return ""
    return text[0] + "***" if len(text) > 1 else "***"
