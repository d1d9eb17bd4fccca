"""Pairs of records that may be the same, for who is to decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from guanxi.customers.choices import Answer
from guanxi.customers.models import Pair
from guanxi.customers.queries.duplicates import said
from guanxi.customers.queries.marks import MODELS
from guanxi.customers.rules.alike import CUSTOMERS, PEOPLE, said_reasons
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.alike.verdicts import Reason
from guanxi.kernel.errors import NotFound
from guanxi.resource import access
from guanxi.resource.registry import find

_kinds = [CUSTOMERS, PEOPLE]
# Chinese in code: what a part of a company calls itself.
_PARTS = ("分公司", "分厂", "分店", "分部", "办事处", "营业部")


def kinds() -> tuple[str, ...]:
    """What is looked through for pairs."""
    return tuple(_kinds)


def put_in_pairs(resource: str) -> None:
    """Records of an upper context, which are recognised already (`duplicates.recognise`) and can be merged, are looked
    through too. Called once at start-up."""
    _kinds.append(resource)


@dataclass(frozen=True, slots=True)
class Side:
    """One of a pair: the record, whether the actor sees it, and whether he may say what it is."""

    record: Any
    visible: bool
    editable: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A pair as it is put to somebody."""

    pair: Pair
    sides: tuple[Side, Side]
    reasons: tuple[Reason, ...]

    @property
    def why(self) -> str:
        """The reasons in words."""
        return said(self.reasons)

    @property
    def part(self) -> Side:
        """The one that looks like a part of the other: it is called a branch, or by more; else the younger."""
        return max(
            self.sides,
            key=lambda side: (
                any(word in str(side.record) for word in _PARTS),
                len(str(side.record)),
                side.record.created_at,
            ),
        )

    @property
    def both(self) -> bool:
        """Whether he sees both."""
        return all(side.visible for side in self.sides)


def pairs_for(actor: Actor, resource: str, *, state: str = Answer.OPEN) -> QuerySet[Pair]:
    """The pairs of a kind that are the actor's to decide: he may change at least one of the two. The surest first."""
    rows = Pair.objects.filter(resource=resource, answer=state)
    kind = find(resource)
    code = kind.permission("edit")
    if not actor.may(code):
        return rows.none()
    if actor.members_within(code) is not None:
        mine = access.visible(actor, kind, "edit").values("pk")
        rows = rows.filter(Q(first__in=mine) | Q(second__in=mine))
    return rows.order_by("verdict", "id")  # certain, likely, possible: the alphabet has the order


def count_of(actor: Actor, resource: str, *, state: str = Answer.OPEN) -> int:
    """How many there are of them; those of which one is gone are left out, as on the pages."""
    there = MODELS[resource]._default_manager.values("pk")
    return pairs_for(actor, resource, state=state).filter(first__in=there, second__in=there).count()


def page_of(
    actor: Actor, resource: str, *, state: str = Answer.OPEN, after: UUID | None = None, limit: int
) -> tuple[list[Asked], UUID | None]:
    """A page of them, open or said to be the same, and the pair behind which the next page begins."""
    rows = pairs_for(actor, resource, state=Answer.SAME if state == Answer.SAME else Answer.OPEN)
    place = Pair.objects.filter(pk=after).first() if after else None
    if place is not None:
        rows = rows.filter(Q(verdict=place.verdict, pk__gt=place.pk) | Q(verdict__gt=place.verdict))
    found = list(rows[: limit + 1])
    return asked_of(actor, found[:limit]), found[limit - 1].pk if len(found) > limit else None


def asked_of(actor: Actor, pairs: Sequence[Pair]) -> list[Asked]:
    """Pairs with their records; those of which one is gone are left out."""
    found = []
    for resource in {pair.resource for pair in pairs}:
        kind = find(resource)
        ids = {one for pair in pairs if pair.resource == resource for one in (pair.first, pair.second)}
        records = MODELS[resource]._default_manager.select_related("owner").in_bulk(list(ids))
        seen = set(access.visible(actor, kind).filter(pk__in=ids).values_list("pk", flat=True))
        mine = set(access.visible(actor, kind, "edit").filter(pk__in=ids).values_list("pk", flat=True))
        closed = {name for name in kind.declared if not access.is_open(actor, kind.kind(name))}
        for pair in pairs:
            if pair.resource == resource and {pair.first, pair.second} <= records.keys():
                one, other = (Side(records[i], i in seen, i in mine) for i in (pair.first, pair.second))
                reasons = said_reasons([r for r in pair.reasons.split(",") if r], closed)  # type: ignore[misc]
                found.append(Asked(pair, (one, other), reasons))
    order = {pair.pk: place for place, pair in enumerate(pairs)}
    return sorted(found, key=lambda one: order[one.pair.pk])


def find_pair(actor: Actor, pair_id: UUID, *, lock: bool = False) -> Asked:
    """One pair that is the actor's to decide. Raises NotFound."""
    rows = Pair.objects.select_for_update() if lock else Pair.objects
    pair = rows.filter(pk=pair_id).first()
    if pair is not None:
        asked = asked_of(actor, [pair])
        if asked and any(side.editable for side in asked[0].sides):
            return asked[0]
    raise NotFound("not_found", {"resource": "duplicates"})
