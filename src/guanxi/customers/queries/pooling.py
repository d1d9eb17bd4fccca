"""What it means for a record to lie in a pool, for customers and leads alike: who sees it, and how much of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import Q

from guanxi.customers.queries.lying import Lying
from guanxi.customers.queries.pools import (
    CUSTOMERS,
    Places,
    anything_hidden,
    hidden_fields,
    hiding_rows,
    looks_of,
    places_of,
)
from guanxi.foundation.ledger.services import current_operation, while_unwritten
from guanxi.foundation.permissions.actor import Actor
from guanxi.resource.reach import Declaration, Either, Members, Reach, Simply
from guanxi.resource.registry import find

_FEW = 2_000  # customers in pools that a search is told one by one


@dataclass(frozen=True, slots=True)
class InPools(Reach):
    """What lies in a pool of one of the members, customers or leads: to see; to change in one that he administers."""

    lying: Lying = CUSTOMERS
    changes: bool = False
    hangs: str = ""  # the resource whose rows hang on them: not where the pool hides these from who does not administer

    def _pools(self, within: Members) -> frozenset[UUID]:
        found = places_of(within)
        if self.changes:
            return found.administers
        return found.claims - hiding_rows(found, self.hangs) if self.hangs else found.claims

    def q(self, resource: Declaration, within: Members) -> Q:
        pools = self._pools(within)
        return Q(pool__in=sorted(pools), owner__isnull=True) if pools else Q(pk__in=[])

    def holds(self, resource: Declaration, record: Any, within: Members) -> bool:
        return record.owner_id is None and record.pool_id in self._pools(within)

    def held(self, resource: Declaration, image: Mapping[str, Any], within: Members) -> bool:
        pool = image.get("pool_id")
        return not image.get("owner_id") and bool(pool) and UUID(str(pool)) in self._pools(within)

    def changing(self) -> Reach:
        return replace(self, changes=True)

    def following(self, resource: Declaration) -> Reach:
        return replace(self, hangs=resource.key)

    def simply(self, resource: Declaration, within: Members) -> Simply | None:
        if not (pools := self._pools(within)):
            return Simply()
        some: list[UUID] = while_unwritten(
            ("lying", self.lying, pools),
            lambda: list(self.lying.rows(pools).values_list("pk", flat=True)[: _FEW + 1]),
        )
        return Simply(rows=frozenset(some)) if len(some) <= _FEW else None


@dataclass(frozen=True, slots=True)
class UntilClaimed:
    """What a pool hides of what lies in it, from those who see it only because they may claim it: records of the
    resource `key`, whose `fields` stand by what of them is hidden. Who has a `part` in one sees it whole."""

    key: str
    lying: Lying
    fields: Mapping[str, Collection[str]]
    part: Reach = Either()  # noqa: RUF009 - nobody's, and never changed

    def _code(self, verb: str) -> str:
        return find(self.key).permission(verb)

    def _places(self, actor: Actor) -> Places:
        within, changes = (actor.members_within(self._code(verb)) for verb in ("view", "edit"))
        if within is None or changes is None or not actor.may(self._code("view")):
            return Places()
        return places_of(within | changes)

    def _hidden(self, actor: Actor) -> dict[UUID, frozenset[str]]:
        return hidden_fields(self._places(actor), self.fields)

    def names(self, actor: Actor) -> frozenset[str]:
        if current_operation() is not None and not anything_hidden():
            return frozenset()  # within an operation whose pools there are is asked each time
        return frozenset(name for names in self._hidden(actor).values() for name in names)

    def of(self, actor: Actor, record: Any) -> frozenset[str]:
        if record.owner_id is not None or record.pool_id is None:
            return frozenset()
        found = self._hidden(actor).get(record.pool_id, frozenset())
        return frozenset() if found and self._is_ours(actor, record) else found

    def rows(self, actor: Actor, name: str) -> Q:
        pools = [pk for pk, names in self._hidden(actor).items() if name in names]
        if not pools:
            return Q(pk__in=[])
        within = actor.members_within(self._code("view")) or frozenset()
        return Q(pool__in=sorted(pools), owner__isnull=True) & ~self.part.q(find(self.key), within)

    def _is_ours(self, actor: Actor, record: Any) -> bool:
        within = actor.members_within(self._code("view")) or frozenset()
        lying_here = self.lying.model.objects.filter(owner__isnull=True, pool__isnull=False)
        ours: frozenset[UUID] = while_unwritten(
            ("parts in pools", self.key, within),
            lambda: frozenset(
                lying_here.filter(self.part.q(find(self.key), within)).values_list("pk", flat=True)
            ),
        )
        return record.pk in ours

    def beside(self, actor: Actor, record: Any) -> bool:
        return "remarks" in self.of(actor, record)  # hidden with what else hangs on them

    def looks(self, actor: Actor, record: Any, name: str) -> int:
        if name != "phone" or record.pool_id is None:
            return 0
        return looks_of(record.pool_id)
