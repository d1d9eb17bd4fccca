"""Unified social credit codes 统一社会信用代码 (GB 32100-2015) and tax numbers 纳税人识别号."""

import re
import unicodedata
from dataclasses import dataclass
from itertools import product

__all__ = ["CreditCode", "check_credit_code", "check_tax_number", "make_credit_code"]

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I, O, S, V, Z
_VALUE = {char: value for value, char in enumerate(_ALPHABET)}
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
# Letters the alphabet lacks, and the character that was meant.
_MEANT = {"O": "0", "I": "1", "Z": "2", "S": "5", "V": "U"}
# Characters that are mistaken for each other in print and by hand.
_ALIKE = {
    "0": "DQ", "D": "0", "Q": "0", "8": "B", "B": "8", "1": "L7", "L": "1", "7": "1", "6": "G", "G": "6C",
    "C": "G", "5": "6", "2": "7", "U": "W", "W": "U", "E": "F", "F": "E", "M": "N", "N": "M",
    "P": "R", "R": "P", "X": "Y", "Y": "X", "H": "N", "K": "X",
}  # fmt: skip
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714-1997


@dataclass(frozen=True, slots=True)
class CreditCode:
    """What is to be said about a code. `value` is it in capitals, half width, without spaces and hyphens.

    `problem`: "" | "empty" | "length" | "alphabet" | "region" (places 3 to 8 are digits) | "checksum";
    `position`: 1-based place of the problem, 0 where it has none; `suggestion`: the one code that differs by
    look-alike characters only and is right, or "".
    """

    value: str
    ok: bool
    problem: str = ""
    position: int = 0
    suggestion: str = ""


def _normal(value: str) -> str:
    return re.sub(r"[\s\-_.‐-―'’]+", "", unicodedata.normalize("NFKC", value)).upper()


def _check_char(first17: str) -> str:
    total = sum(_VALUE[char] * weight for char, weight in zip(first17, _WEIGHTS, strict=True))
    return _ALPHABET[-total % 31]


def _right(code: str) -> bool:
    return all(char in _VALUE for char in code) and code[2:8].isdigit() and _check_char(code[:17]) == code[17]


def check_credit_code(value: str) -> CreditCode:
    """Check an 18-character code: length, alphabet, region digits, checksum (weights 3^i mod 31)."""
    code = _normal(value)
    if not code:
        return CreditCode(code, False, "empty")
    if len(code) != 18:
        return CreditCode(code, False, "length")
    for place, char in enumerate(code, 1):
        if char not in _VALUE:
            return CreditCode(code, False, "alphabet", place, _suggestion(code))
    for place, char in enumerate(code[2:8], 3):
        if not char.isdigit():
            return CreditCode(code, False, "region", place, _suggestion(code))
    if _check_char(code[:17]) != code[17]:
        return CreditCode(code, False, "checksum", 18, _suggestion(code))
    return CreditCode(code, True)


def _suggestion(code: str) -> str:
    """The only right code that look-alikes lead to; every forbidden letter must be replaced, else one
    character."""
    if any(char not in _VALUE and char not in _MEANT for char in code):
        return ""
    meant = "".join(_MEANT.get(char, char) for char in code)
    if meant != code and _right(meant):
        return meant
    misread = [place for place in range(2, 8) if not meant[place].isdigit()]
    if misread:
        choices = [[c for c in _ALIKE.get(meant[place], "") if c.isdigit()] for place in misread]
        found = {_with(meant, dict(zip(misread, chosen, strict=True))) for chosen in product(*choices)}
    else:
        found = {_with(meant, {p: other}) for p, char in enumerate(meant) for other in _ALIKE.get(char, "")}
    right = [candidate for candidate in found if _right(candidate)]
    return right[0] if len(right) == 1 else ""


def _with(code: str, changes: dict[int, str]) -> str:
    return "".join(changes.get(place, char) for place, char in enumerate(code))


def make_credit_code(serial: int, *, region: str = "371300", department: str = "9", kind: str = "1") -> str:
    """A valid code for generators: the same parts give the same code. No claim that such a company exists.

    `department` and `kind` are the registering authority and its class (91 company, 92 sole trader, 93
    cooperative), `region` six digits of GB/T 2260, `serial` 0 to 99,999,999.
    """
    if not 0 <= serial < 100_000_000:
        raise ValueError("serial must have at most eight digits")
    if len(region) != 6 or not region.isdigit():
        raise ValueError("region must be six digits")
    if len(department + kind) != 2 or not set(department + kind) <= set(_ALPHABET):
        raise ValueError("department and kind are one character each")
    body = f"{serial:08d}"
    rest = -sum(int(d) * weight for d, weight in zip(body, _ORGANISATION_WEIGHTS, strict=True)) % 11
    first17 = department + kind + region + body + ("X" if rest == 10 else str(rest))
    return first17 + _check_char(first17)


def check_tax_number(value: str) -> CreditCode:
    """Check a taxpayer number: 18 characters (the credit code), or the older 15 and 20 (letters and digits).

    The older ones carry no checksum for the whole; 18 digits ending in X may also be a person's identity
    number and then pass by the checksum of GB 11643.
    """
    code = _normal(value)
    if len(code) == 18:
        checked = check_credit_code(code)
        return CreditCode(code, True) if not checked.ok and _is_identity_number(code) else checked
    if not code:
        return CreditCode(code, False, "empty")
    if len(code) not in (15, 20):
        return CreditCode(code, False, "length")
    for place, char in enumerate(code, 1):
        if not (char.isascii() and char.isalnum()):
            return CreditCode(code, False, "alphabet", place)
    return CreditCode(code, True)


def _is_identity_number(code: str) -> bool:
    if not (code[:17].isdigit() and code[:17].isascii()):
        return False
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(code[:17]))
    return code[17] == "10X98765432"[total % 11]
