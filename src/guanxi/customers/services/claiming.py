"""Out of a pool and into it, customers and leads alike: claimed, released; one verb each, actor first."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.customers.choices import ReleaseReason
from guanxi.customers.models import Pool
from guanxi.customers.queries.lying import Lying
from guanxi.customers.queries.pools import Places, places_of, pool_of
from guanxi.customers.services.turns import take_turns
from guanxi.foundation.ledger.services import describe, operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Forbidden, NotFound, Refused
from guanxi.kinds import Choice, Text
from guanxi.kinds.kind import Words
from guanxi.resource import access, guards, writing
from guanxi.resource.actions import Action
from guanxi.resource.links import RecordLink
from guanxi.resource.registry import find

_HAS_IT = _("%(who)s has it already.")


def _is_pooled(record: Any) -> bool:
    return record.owner_id is None and record.pool_id is not None


def _is_owned(record: Any) -> bool:
    return record.owner_id is not None


def _no_limit(member_id: UUID, records: Sequence[Any]) -> None:
    """One may own any number."""


@dataclass(frozen=True, slots=True)
class Claims:
    """The verbs of what pools `of` this kind hold: records of the resource `key`. `more` says that somebody may claim
    so many more today, of `pool` and `left`; `poolless` that the one of this `name` has no pool to go to. `has_room`
    raises Refused where somebody would own too many."""

    key: str
    of: str
    lying: Lying
    more: Callable[[int], Words]
    poolless: Words
    has_room: Callable[[UUID, Sequence[Any]], None] = _no_limit

    def claim(self, actor: Actor, *, ids: Collection[UUID]) -> int:
        """Become the owner of what lies in the actor's pools: of all of it or none. Returns how many.

        Of two who claim one at once the first gets it. Raises Forbidden, NotFound for what is not in a pool of the
        actor's, Refused("claimed") with the name of whoever was quicker, Refused("waits") where one is not to be
        claimed yet, Refused("quota") beyond the claims of a day, and Refused("holding") beyond what one may own.
        """
        code, resource = self.lying.claim, find(self.key)
        actor.require(code)
        if actor.member_id is None:
            raise Forbidden(code)
        wanted = set(ids)
        with operation(actor, code) as opened:
            take_turns(actor.member_id)
            mine = places_of([actor.member_id]).claims
            free = self.lying.rows(mine).filter(pk__in=wanted).order_by("pk")
            found = list(free.select_for_update(of=("self",)))
            if missing := wanted - {one.pk for one in found}:
                if name := self.lying.taken_by(missing, mine):
                    raise Refused("claimed", _HAS_IT, {"who": name})
                raise NotFound("not_found", {"resource": self.key})
            for pool in Pool.objects.filter(pk__in={one.pool_id for one in found}).order_by("pk"):
                self._within_its_rules(actor, pool, [one for one in found if one.pool_id == pool.pk])
            self.has_room(actor.member_id, found)
            guards.check(actor, resource, "claim", found)
            count = writing.update_many(resource, list(wanted), {"owner_id": actor.member_id})
            describe(opened, label=found[0].name if len(found) == 1 else None, updated=count)
        return count

    def who_was_quicker(self, actor: Actor, record_id: UUID) -> str:
        """What somebody is told who would claim what another has claimed, "" for what never lay in a pool of his."""
        mine = places_of([actor.member_id]) if actor.member_id is not None else Places()
        name = self.lying.taken_by([record_id], mine.claims)
        return str(_HAS_IT) % {"who": name} if name else ""

    def _within_its_rules(self, actor: Actor, pool: Pool, records: Sequence[Any]) -> None:
        if waits := self.lying.waits_for(pool, actor, records):
            one = next(record for record in records if record.pk in waits)
            raise Refused(
                "waits",
                _("%(name)s can be claimed by you from %(day)s."),
                {"name": one.name, "day": waits[one.pk].isoformat()},
            )
        if pool.claims_a_day is None:
            return
        left = pool.claims_a_day - self.lying.claimed_today(actor, pool.pk)
        if len(records) > left:
            left = max(left, 0)
            raise Refused("quota", self.more(left), {"pool": pool.name, "left": left})

    def release(
        self, actor: Actor, *, ids: Collection[UUID], why: str, note: str = "", into: UUID | None = None
    ) -> int:
        """Give them up: they lie in their pool, or in `into`, for others. Those beyond reach are left alone; returns
        how many. `why` is a code of ReleaseReason. Raises Forbidden, and Refused("no_pool") where one has no pool to go
        to."""
        resource = find(self.key)
        code = resource.permission("release")
        actor.require(code)
        rows = access.visible(actor, resource).filter(
            access.reach_q(actor, resource, "release"), pk__among=ids, owner__isnull=False
        )
        found = list(rows.select_for_update(of=("self",)).order_by("pk"))
        reason = ": ".join(filter(None, (str(ReleaseReason(why).label), note.strip())))
        with operation(actor, code, summary={"reason": reason, "why": why}) as opened:
            guards.check(actor, resource, "release", found)
            writing.update_each(resource, self._where_to(found, into))
            describe(opened, label=found[0].name if len(found) == 1 else None, updated=len(found))
        return len(found)

    def _where_to(self, found: Sequence[Any], into: UUID | None) -> list[tuple[Any, dict[str, Any]]]:
        goes = [(one, into or one.pool_id or pool_of(one.owner_id, of=self.of)) for one in found]
        pools = Pool.objects.filter(pk__in={pool for _one, pool in goes if pool}, of=self.of)
        there = set(pools.values_list("pk", flat=True))
        for one, pool in goes:
            if pool not in there:
                raise Refused("no_pool", self.poolless, {"name": one.name})
        return [(one, {"owner_id": None, "pool_id": pool}) for one, pool in goes]

    def actions(self, *, order: int) -> tuple[Action, Action]:
        """Claiming and releasing as acts of the resource."""
        return (
            Action(
                key="claim", label=_("Claim"), service=self.claim, verb="claim", icon="user-plus", when=_is_pooled,
                said=_("%(what)s claimed"), order=order, gives=True, late=self.who_was_quicker,
            ),
            Action(
                key="release", label=_("Release to the pool"), service=self.release, verb="release", icon="inbox",
                inputs=(
                    Choice(name="why", label=pgettext_lazy("release", "Reason"), choices=ReleaseReason, required=True),
                    Text(name="note", label=pgettext_lazy("release", "More about it")),
                    RecordLink(name="into", label=_("Pool"), to="pools"),
                ),
                when=_is_owned, said=_("%(what)s released"), order=25, gives=True,
            ),
        )  # fmt: skip
