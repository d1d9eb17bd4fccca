"""How complete what is known of a customer or a person is, and what is worth asking for next."""

# Chinese in code: posts of those who decide

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

# What a seller needs to call, to visit, to quote and to invoice. Names are fields; `ROWS` hang on the record.
ORGANISATION: Final[Mapping[str, int]] = {
    "people": 12,
    "phone": 10,
    "credit_code": 9,
    "address": 8,
    "industry": 7,
    "decider": 7,
    "billing": 6,
    "need": 6,
    "grade": 5,
    "size": 4,
    "region": 4,
    "settlement": 3,
    "source": 3,
    "website": 2,
}
# Nobody invoices a public office or asks a supplier what they need.
NOT_SOLD_TO: Final = frozenset(
    ["people", "phone", "credit_code", "address", "industry", "size", "region", "website"]
)
INDIVIDUAL: Final = frozenset(["phone", "address", "need", "grade", "region", "source", "settlement"])
PERSON: Final[Mapping[str, int]] = {
    "phone": 12,
    "customer": 10,
    "post": 9,
    "wechat": 6,
    "email": 5,
    "department": 3,
    "born": 3,
    "sex": 2,
    "channel": 2,
    "owner": 2,
}
ROWS: Final = frozenset(["people", "decider", "billing", "need"])

_DECIDES = re.compile(
    "总经理|董事|总裁|老板|厂长|社长|合伙人|法定代表人|法人|创始人|负责人|总监|店主|馆长|院长|行长|局长"
    r"|\b(?:owner|chief|ceo|coo|cfo|cto|president|director|founder|partner|proprietor|head|vp|gm|general manager)\b",
    re.IGNORECASE,
)
_HELPS = re.compile(r"助理|秘书|\b(?:assistant|secretary)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Point:
    """Something one would like to know: how much it matters, and whether it is known."""

    name: str
    weight: int
    there: bool


def asked_of_customer(kind: str, relations: Iterable[str]) -> dict[str, int]:
    """What matters of a customer of this kind with these relations, by weight."""
    if kind == "individual":
        return {name: weight for name, weight in ORGANISATION.items() if name in INDIVIDUAL}
    if not {"customer", "distributor", "partner"} & set(relations):
        return {name: weight for name, weight in ORGANISATION.items() if name in NOT_SOLD_TO}
    return dict(ORGANISATION)


def decides(post: str) -> bool:
    """Whether whoever has this post says yes or no."""
    return bool(_DECIDES.search(post)) and not _HELPS.search(post)


def completeness(points: Sequence[Point]) -> tuple[int, list[str]]:
    """How much of what matters is known, in percent (100 only where all is), and what is missing, the weightiest
    first. Nothing asked for is complete."""
    total = sum(point.weight for point in points)
    missing = [point for point in points if not point.there]
    if not missing or not total:
        return 100, []
    known = total - sum(point.weight for point in missing)
    missing.sort(key=lambda point: -point.weight)
    return min(99, round(100 * known / total)), [point.name for point in missing]
