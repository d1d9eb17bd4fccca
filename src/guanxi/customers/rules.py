"""Pure decisions about customers."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

Verdict = Literal["certain", "likely"]


@dataclass(frozen=True, slots=True)
class Keys:
    """What two customers are compared by."""

    credit_code: str
    name_key: str
    number: str = ""


def verdict(left: Keys, right: Keys) -> Verdict | None:
    """Whether two are the same: certain by credit code or number, likely by normalised name (different codes: not).

    The first form of the rule book's duplicate check; phones, cores and branches follow with it.
    """
    return judged(left, right)[0]


def judged(left: Keys, right: Keys) -> tuple[Verdict | None, str]:
    """The verdict, and the reason, as `queries.customers.REASONS` words it."""
    if left.credit_code and left.credit_code == right.credit_code:
        return "certain", "credit_code"
    if left.number and left.number == right.number:
        return "certain", "number"
    told_apart = (left.credit_code and right.credit_code) or (left.number and right.number)
    if left.name_key and left.name_key == right.name_key and not told_apart:
        return "likely", "name"
    return None, ""


@dataclass(frozen=True, slots=True)
class PersonKeys:
    """What two people are compared by. `reached` are phone (its digits), e-mail and WeChat, folded."""

    number: str
    name_key: str
    reached: frozenset[str]
    born: date | None
    customer: UUID | None


def same_person(left: PersonKeys, right: PersonKeys) -> tuple[Verdict, str] | None:
    """Whether two are one person, and why: by number; by name with a phone, e-mail or WeChat, with the birthday, or
    at the same customer. Who has another number is another person: namesakes are common."""
    if left.number and right.number:
        return ("certain", "number") if left.number == right.number else None
    if not left.name_key or left.name_key != right.name_key:
        return None
    if left.reached & right.reached:
        return "certain", "reached"
    if left.born and left.born == right.born:
        return "likely", "born"
    if left.customer and left.customer == right.customer:
        return "likely", "works"
    return None


# Chinese in code: what people part several names by
_PARTED = re.compile(r"[;；、,，/|\n]+(?!\s*(?:ltd|inc|llc|limited|co\b|corp|gmbh))", re.IGNORECASE)


def former_names(text: str) -> list[str]:
    """The former names that a text holds, the latest first; at least one, which may be ""."""
    return [name.strip() for name in _PARTED.split(text) if name.strip()] or [""]
