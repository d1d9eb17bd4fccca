"""Who sees a relationship: whoever sees both its ends. Who changes it: whoever may change one of them, too."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q

from guanxi.foundation.ledger.images import former_names
from guanxi.foundation.ledger.models import Change
from guanxi.foundation.permissions.actor import Actor
from guanxi.resource import access
from guanxi.resource.reach import Declaration, Members, Reach
from guanxi.resource.registry import find

_OF = {
    "from_person": "people", "to_person": "people", "from_customer": "customers", "to_customer": "customers",
}  # fmt: skip
_READS = ("view", "export")


class ByEnds(Reach):
    """The reach of relationships: nobody's in particular, but not everybody's either. Which they are, the rule
    beside it says (`BothEnds`), which knows who asks."""

    def q(self, resource: Declaration, within: Members) -> Q:
        return Q()

    def holds(self, resource: Declaration, record: Any, within: Members) -> bool:
        return True

    def held(self, resource: Declaration, image: Mapping[str, Any], within: Members) -> bool:
        return True


class BothEnds:
    """Relationships of which the actor sees both ends, and to change them may edit one of the two. Our own people
    are seen by everybody."""

    def q(self, actor: Actor, verb: str) -> Q:
        """The condition that finds them."""
        found = Q()
        for end in _OF:
            if seen := _seen(actor, end, "view"):
                found &= Q(**{f"{end}__isnull": True}) | seen
        if verb in _READS:
            return found
        edited = {end: _seen(actor, end, "edit") for end in _OF}
        if not any(edited.values()):
            return found
        one_of = Q(pk__in=[])
        for end, one in edited.items():
            one_of |= one or Q(**{f"{end}__isnull": False})
        return found & one_of

    def shows(self, actor: Actor, record: Any, verb: str) -> bool:
        """Whether this one is among them."""
        condition = self.q(actor, verb)
        return condition == Q() or type(record)._default_manager.filter(condition, pk=record.pk).exists()

    def showed(self, actor: Actor, image: Mapping[str, Any], verb: str) -> bool:
        """Whether one with these stored values is, or was when it went."""
        if self.q(actor, verb) == Q():
            return True
        ends = [(_OF[end], UUID(str(image[f"{end}_id"]))) for end in _OF if image.get(f"{end}_id")]
        if not all(_reached(actor, key, one, "view") for key, one in ends):
            return False
        return verb in _READS or any(_reached(actor, key, one, "edit") for key, one in ends)


def within_reach(actor: Actor, rows: Iterable[Mapping[str, Any]]) -> list[bool]:
    """For each of these new rows, by stored column, whether the actor sees both ends and may edit one."""
    wanted: dict[str, set[UUID]] = {"people": set(), "customers": set()}
    pairs = []
    for row in rows:
        ends = [(key, row[f"{end}_id"]) for end, key in _OF.items() if row.get(f"{end}_id")]
        pairs.append(ends)
        for key, one in ends:
            wanted[key].add(one)
    if actor.is_system:
        return [True] * len(pairs)
    seen, edited = (
        {
            (key, one)
            for key, ids in wanted.items()
            if ids
            for one in access.visible(actor, find(key), verb)
            .filter(pk__among=ids)
            .values_list("pk", flat=True)
        }
        for verb in ("view", "edit")
    )
    return [set(ends) <= seen and not edited.isdisjoint(ends) for ends in pairs]


def _seen(actor: Actor, end: str, verb: str) -> Q:
    """The condition that an end is in reach; an empty one where all of them are."""
    resource = find(_OF[end])
    code = resource.permission(verb)
    if actor.may(code) and actor.members_within(code) is None and resource.discretion is None:
        return Q()
    return Q(**{f"{end}_id__in": access.visible(actor, resource, verb).values("pk")})


def _reached(actor: Actor, key: str, record_id: UUID, verb: str) -> bool:
    resource = find(key)
    rows = resource.model._default_manager.filter(pk=record_id)
    if rows.exists():
        return access.visible(actor, resource, verb).filter(pk=record_id).exists()
    # It went too: whose it was then.
    tables, _names = former_names(resource.model._meta.db_table, ())
    gone = Change.objects.filter(table_name__in=tables, row_id=record_id, action=Change.DELETE)
    last = gone.order_by("-id").first()
    return last is not None and access.reached(actor, resource, last.old or {}, verb)
