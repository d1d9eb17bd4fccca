"""Telephones, e-mail addresses, websites, codes and accounts in a text."""

import re
from collections.abc import Iterator

from guanxi.kernel.codes import check_credit_code
from guanxi.kernel.phones import Phone, parse_phone, region_of

__all__ = [
    "ACCOUNT",
    "CODE",
    "EMAIL",
    "POST_CODE",
    "QQ",
    "SAME_WECHAT",
    "WEBSITE",
    "WECHAT",
    "home_of",
    "is_code",
    "phones_in",
]

# Every repetition has an end and begins where the one before cannot go on: the time grows with the text alone.
EMAIL = re.compile(
    r"(?<![\w.+-])[\w][\w.%+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5}", re.ASCII
)
_ENDS = (
    "com|cn|net|org|edu|gov|biz|info|io|co|cc|tech|top|shop|vip|xyz|online|group|asia|tw|hk|mo|sg|my|jp|kr|in|vn|th|id|ph|de|"
    "fr|it|es|pt|nl|be|ch|at|pl|cz|sk|hu|ro|se|no|dk|fi|ee|lv|lt|ru|ua|tr|uk|ie|us|ca|au|nz|za|br|mx|ar|ae|il|eu|ai|me|tv|"
    "example"  # reserved: what is shown stands under it
)
WEBSITE = re.compile(
    r"(?<![\w@.-])(?:https?://[^\s,;|<>\"'()\u2e80-\uffff]{3,200}|(?:www\.)?(?:[a-z0-9][a-z0-9-]{0,62}\.){1,4}"
    rf"(?:{_ENDS})(?![\w@-])(?!\.\w)(?:/[^\s,;|<>\"'()\u2e80-\uffff]{{0,100}})?)",
    re.IGNORECASE | re.ASCII,
)
CODE = re.compile(r"(?<![A-Za-z0-9])[0-9A-HJ-NP-Ya-hj-np-y]{2}\d{6}[0-9A-Za-z]{10}(?![A-Za-z0-9])")
TAX = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{0,3}\d[0-9A-Za-z]{6,19}(?![A-Za-z0-9])")
ACCOUNT = re.compile(r"(?<![A-Za-z0-9])(?:[A-Z]{2}\d{2} ?)?\d(?:[ -]?\d){7,27}(?![A-Za-z0-9])")
IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}(?![A-Za-z0-9])")
POST_CODE = re.compile(r"(?<!\d)\d{5,6}(?!\d)")
WECHAT = re.compile(r"(?:\+?\d{11,13}|[A-Za-z][\w-]{4,19}|wxid_\w{6,20})(?![\w@-])", re.ASCII)
QQ = re.compile(r"(?<!\d)[1-9]\d{4,11}(?!\d)")
SAME_WECHAT = re.compile(r"\(?(?:微信同号|微信同步|同微信|微信同|手机同微信|微信同手机号?)\)?")

_SHAPE = re.compile(
    r"(?<![A-Za-z0-9_.+@/])(?:"
    r"(?:\(?(?:\+|00)?86\)?[- ]{0,2})?1[3-9]\d(?:[- ]?\d{4}){2}"  # a Chinese mobile
    r"|\(?(?:\+|00)\d{1,3}\)?[- .]?(?:[- .()]{0,2}\d){6,13}"  # an international one
    r"|\(?0\d{2,3}\)?[- ]{0,2}\d{3,4}[- ]?\d{4}"  # a landline with its area
    r"|\(\d{2,4}\) ?\d{3,4}[- ]?\d{4}"
    r"|[48]00[- ]?\d{3,4}[- ]?\d{3,4}"
    r"|\(?86\)?[- ]\d{2,3}[- ]?\d{7,8}"
    r")(?![A-Za-z0-9_@])",
)
# What only a label makes a telephone.
_ANY = re.compile(
    r"(?<![A-Za-z0-9_@])(?:\(?0\d{1,4}\)? ?/ ?\d(?:[- ]?\d){3,9}|\+?\(?\d(?:[- .()]{0,2}\d){4,16})"
    r"(?![A-Za-z0-9_@])"
)
_EXTENSION = re.compile(
    r" ?(?:\(?(?:转分机号?|转接|转|轉|分机号?|分機號?|extension|extn?\.?|x|#)[:. ]{0,2}(\d{1,6})\)?"
    r"|-(\d{1,5})(?![\d-]))",
    re.IGNORECASE,
)
_SHORT_TAIL = re.compile(r"/(\d{1,4})(?!\d)")


def phones_in(
    plain: str, start: int, end: int, home: str = "CN", *, labelled: bool = False
) -> Iterator[tuple[Phone, int, int]]:
    """The telephones between two places, each with where it stands, its extension included.

    Without a label only what is a number that can exist. `home` is the country whose numbers may lack its code.
    """
    shape = _ANY if labelled else _SHAPE
    at = start
    while match := shape.search(plain, at, end):
        until = match.end()
        if labelled and (known := _SHAPE.match(plain, match.start(), end)):
            until = known.end()
        phone = _parsed(plain[match.start() : until], home)
        extension = _EXTENSION.match(plain, until, end)
        if phone.valid and extension is not None:
            until = extension.end()
            number = extension[1] or extension[2]
            phone = Phone(phone.e164, number, phone.national, True, phone.kind)
        if phone.valid or (labelled and phone.e164):
            yield phone, match.start(), until
        at = max(until, match.start() + 1)


def _parsed(written: str, home: str) -> Phone:
    digits = "".join(char for char in written if char.isdigit())
    if written.startswith("(") and digits.startswith(("852", "853", "886")):
        return parse_phone("+" + digits)
    abroad = home if not written.startswith(("+", "00")) else "CN"
    return parse_phone(written.replace("(0)", " "), abroad)


def home_of(plain: str) -> str:
    """The country whose numbers a text may give without their code, as ISO 3166 has it: CN where Chinese is written."""
    if any("\u3400" <= char <= "\u9fff" for char in plain):
        return "CN"
    for match in _ABROAD.finditer(plain):
        region = region_of(match.group())
        if region:
            return region
    if _AMERICAN.search(plain):
        return "US"
    for mail in EMAIL.finditer(plain):
        end = mail.group().rsplit(".", 1)[-1].upper()
        if len(end) == 2 and end not in ("CO", "IO", "ME", "TV", "CC", "AI"):
            return "GB" if end == "UK" else end
    return "CN"


# (312) 555-0119, 216-555-0137; 400 and 800 are of China as well.
_AMERICAN = re.compile(r"(?<![\d+-])(?:\([2-9]\d\d\) ?|(?![48]00)[2-9]\d\d[-. ])[2-9]\d\d[-.]\d{4}(?![\d-])")
_ABROAD = re.compile(r"\+\d[\d ().-]{6,20}\d")


def is_code(text: str) -> bool:
    """Whether it is a unified social credit code, check digit and all."""
    return check_credit_code(text).ok
