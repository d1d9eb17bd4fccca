"""What a registry tells of a company, read out of what a provider answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from guanxi.kernel.text import clean_text

__all__ = ["STATUSES", "Candidate", "Facts", "Unreadable", "read_candidates", "read_facts"]

STATUSES = ("active", "revoked", "deregistered", "moved", "suspended", "liquidation")
_MOST = 20


class Unreadable(ValueError):
    """The answer is not what the protocol says; the text says in which way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A company that a name may mean."""

    name: str
    credit_code: str
    legal_representative: str = ""
    status: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is on record. `capital` in units of `currency` (ISO 4217), `status` of STATUSES; "" or None: not told."""

    name: str
    credit_code: str
    legal_representative: str = ""
    capital: Decimal | None = None
    currency: str = "CNY"
    founded: date | None = None
    status: str = ""
    scope: str = ""
    address: str = ""
    region: str = ""
    phones: tuple[str, ...] = ()
    email: str = ""
    former_names: tuple[str, ...] = ()


def read_candidates(answer: Any) -> list[Candidate]:
    """The companies of a search. Raises Unreadable."""
    rows = answer.get("companies") if isinstance(answer, Mapping) else None
    if not isinstance(rows, list):
        raise Unreadable("no list “companies”")
    return [_candidate(row) for row in rows[:_MOST]]


def _candidate(row: Any) -> Candidate:
    if not isinstance(row, Mapping):
        raise Unreadable("a company is not an object")
    return Candidate(
        name=_needed(row, "name"),
        credit_code=_text(row, "credit_code", 18),
        legal_representative=_text(row, "legal_representative", 100),
        status=_status(row),
        region=_text(row, "region", 100),
    )


def read_facts(answer: Any) -> Facts:
    """The company of an answer. Raises Unreadable."""
    row = answer.get("company") if isinstance(answer, Mapping) else None
    if not isinstance(row, Mapping):
        raise Unreadable("no object “company”")
    return Facts(
        name=_needed(row, "name"),
        credit_code=_text(row, "credit_code", 18),
        legal_representative=_text(row, "legal_representative", 100),
        capital=_amount(row),
        currency=_text(row, "currency", 3).upper() or "CNY",
        founded=_day(row),
        status=_status(row),
        scope=_text(row, "scope", 5000),
        address=_text(row, "address", 300),
        region=_text(row, "region", 100),
        phones=_texts(row, "phones"),
        email=_text(row, "email", 200),
        former_names=_texts(row, "former_names"),
    )


def _text(row: Mapping[str, Any], name: str, most: int) -> str:
    value = row.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Unreadable(f"“{name}” is not a text")
    return clean_text(value)[:most]


def _needed(row: Mapping[str, Any], name: str) -> str:
    text = _text(row, name, 200)
    if not text:
        raise Unreadable(f"“{name}” is missing")
    return text


def _texts(row: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = row.get(name)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise Unreadable(f"“{name}” is not a list of texts")
    return tuple(text for one in value[:_MOST] if (text := clean_text(one)[:200]))


def _status(row: Mapping[str, Any]) -> str:
    status = _text(row, "status", 40)
    return status if status in STATUSES else ""


def _day(row: Mapping[str, Any]) -> date | None:
    text = _text(row, "founded", 10)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Unreadable("“founded” is not a day such as 2008-05-12") from error


def _amount(row: Mapping[str, Any]) -> Decimal | None:
    text = _text(row, "capital", 30)
    if not text:
        return None
    try:
        amount = Decimal(text)
    except InvalidOperation as error:
        raise Unreadable("“capital” is not a number in a text") from error
    if not amount.is_finite() or not 0 <= amount < Decimal("1e15"):
        raise Unreadable("“capital” is not a number in a text")
    return amount
