"""How a person's names and numbers are found in texts, and what is written in their place."""

# Chinese in code: what is written into data, in the company's records' language

import re
from collections.abc import Iterable, Iterator

from guanxi.kernel.phones import parse_phone, split_phones

# Written over a name or number in texts that stay; of data, so in the language of the company's records.
MASK = "「已删除的联系人」"
SHORTEST = 2  # letters of a name that is looked for
_SHORTEST_NUMBER = 6  # digits of a telephone that is looked for
_WORD = "A-Za-z0-9"


def pattern_of(names: Iterable[str] = (), phones: Iterable[str] = (), codes: Iterable[str] = ()) -> str:
    """A regular expression, as PostgreSQL and Python read it alike, of whole names, telephone numbers however they
    are spaced, and codes (e-mails, WeChat IDs); "" where there is nothing to look for. Compare without case."""
    found = {_whole(one) for name in names if len(one := " ".join(name.split())) >= SHORTEST}
    numbers = {digits_of(one) for phone in phones for one in (phone, *_each(phone))}
    found |= {_number(digits) for digits in numbers if len(digits) >= _SHORTEST_NUMBER}
    found |= {_whole(one) for code in codes if len(one := code.strip()) >= 4}
    return "|".join(sorted(found, key=lambda one: (-len(one), one)))


def _each(phone: str) -> Iterator[str]:
    """The numbers of a field that holds several, without extensions."""
    for one in split_phones(phone):
        read = parse_phone(one)
        yield read.e164 if read.valid else one


def digits_of(phone: str) -> str:
    """The digits of a telephone number without China's country code."""
    digits = "".join(one for one in phone.partition(";")[0] if one.isascii() and one.isdecimal())
    international = phone.strip().startswith(("+86", "0086"))
    if not international and not (len(digits) == 13 and digits.startswith("86")):
        return digits
    return digits.removeprefix("00").removeprefix("86")


def _whole(text: str) -> str:
    """A text that is no part of a longer Latin word or number. In Chinese no space parts words: there it may be."""
    body = r"\s+".join(_escaped(part) for part in text.split())
    before = f"(?<![{_WORD}])" if text[0].isascii() and text[0].isalnum() else ""
    after = f"(?![{_WORD}])" if text[-1].isascii() and text[-1].isalnum() else ""
    return f"{before}{body}{after}"


def _number(digits: str) -> str:
    spaced = "[-. ()]*".join(digits)
    return rf"(?<![0-9])(?:(?:\+|00)?86[-. ]*)?0?{spaced}(?![0-9])"


def _escaped(text: str) -> str:
    return re.sub(r"([^\w\s])", r"\\\1", text)
