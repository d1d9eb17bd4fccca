"""What a phone keeps of customers to be read without network: their people, the last touches, what is promised.

Everything is read through the doors of its resource, for whoever asks: what is masked, veiled or withheld on a card is
not in here at all. A fixed number of statements, however many customers there are.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from guanxi.activities.choices import Promised, State
from guanxi.activities.models import Activity, Commitment
from guanxi.activities.queries.commitments import promise_lines
from guanxi.activities.queries.touches import described
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.distances import Point
from guanxi.kinds import Show
from guanxi.offline.queries.picking import Picked, pick
from guanxi.resource import access
from guanxi.resource.declaration import Resource
from guanxi.resource.registry import find
from guanxi.resource.withholding import is_withheld
from guanxi.screens.quick import quick_ways

PEOPLE, TOUCHES, PROMISES = 12, 5, 12  # of a customer
_LONGEST = 400  # characters of what was said

Json = dict[str, Any]


def bundle(actor: Actor, place: Point | None) -> Json:
    """As of now, for this actor. Raises Forbidden where he sees no customers at all."""
    customers = find("customers")
    actor.require(customers.permission("view"))
    picked, more = pick(actor, place)
    show = Show(actor=actor, language=get_language() or "zh-hans")
    seen = access.visible(actor, customers).in_bulk([one.id for one in picked])
    found = [one for one in picked if one.id in seen]
    ids = [one.id for one in found]
    people, touches, promises = (
        _people(actor, ids, show),
        _touches(actor, ids, show),
        _promises(actor, ids, show),
    )
    return {
        "at": timezone.now().isoformat(),
        "customers": [
            _customer(one, seen[one.id], show)
            | {"people": people[one.id], "touches": touches[one.id], "promises": promises[one.id]}
            for one in found
        ],
        "more": more,
        "logs": actor.may(find("activities").permission("create")),
    }


def _customer(picked: Picked, record: Any, show: Show) -> Json:
    resource = find("customers")
    said = _texts(resource, record, show, ("name", "grade", "address"))
    return {
        "id": str(picked.id),
        "why": picked.why,
        "metres": picked.metres,
        "url": resource.url("card", id=picked.id),
        "log": reverse("timeline", args=[resource.key, picked.id]),
        **said,
        "calls": _calls(resource, record, show),
    }


def _texts(resource: type[Resource], record: Any, show: Show, names: Sequence[str]) -> dict[str, str]:
    """Values as people read them; "" for what the reader may not read."""
    found = dict.fromkeys(names, "")
    for kind in access.readable(show.actor, resource, names):
        if access.is_open(show.actor, kind) and not is_withheld(record, kind.column):
            found[kind.name] = kind.text(record, show)
    return found


def _calls(resource: type[Resource], record: Any, show: Show) -> list[Json]:
    """Numbers to press; those alone that stand open on the card."""
    ways = [way for one in quick_ways(resource, record, show) if one.key == "call" for way in one.ways]
    return [{"text": way.value, "url": way.url} for way in ways]


def _people(actor: Actor, ids: Sequence[UUID], show: Show) -> dict[UUID, list[Json]]:
    resource, found = find("people"), defaultdict[UUID, list[Json]](list)
    if not ids or not access.is_open(actor, resource.kind("customer")):
        return found
    rows = _first(access.visible(actor, resource).filter(customer_id__in=ids), PEOPLE, "name_sort", "pk")
    for one in rows:
        said = _texts(resource, one, show, ("name", "post"))
        if said["name"]:
            found[one.customer_id].append(said | {"calls": _calls(resource, one, show)})
    return found


def _touches(actor: Actor, ids: Sequence[UUID], show: Show) -> dict[UUID, list[Json]]:
    resource, found = find("activities"), defaultdict[UUID, list[Json]](list)
    if not ids or not actor.may(resource.permission("view")):
        return found
    rows = access.visible(actor, resource).filter(customer_id__in=ids).exclude(state=State.PLANNED)
    latest: list[Activity] = list(_first(rows.select_related("owner"), TOUCHES, "-at", "-id"))
    for one, entry in zip(latest, described(latest, show, on="customers"), strict=True):
        if one.customer_id is not None:
            found[one.customer_id].append(
                {
                    "at": entry.at.isoformat(),
                    "label": str(entry.label),
                    "who": entry.who,
                    "whom": list(entry.whom),
                    "note": entry.note,
                    "text": " ".join(part for part in (entry.subject, entry.text) if part)[:_LONGEST],
                }
            )
    return found


def _promises(actor: Actor, ids: Sequence[UUID], show: Show) -> dict[UUID, list[Json]]:
    resource, found = find("commitments"), defaultdict[UUID, list[Json]](list)
    if not ids or not actor.may(resource.permission("view")):
        return found
    rows = access.visible(actor, resource).filter(customer_id__in=ids, state=Promised.OPEN)
    soonest: list[Commitment] = list(_first(rows, PROMISES, "due", "id"))
    for one, line in zip(soonest, promise_lines(soonest, show, on="customers"), strict=True):
        assert one.customer_id is not None  # noqa: S101 - of these customers alone
        found[one.customer_id].append(
            {
                "what": line.what,
                "ours": line.ours,
                "due": one.due.isoformat(),
                "person": line.person,
                "owner": line.owner,
                "keep": reverse("commitment_keep", args=[line.id]) if line.mine else "",
            }
        )
    return found


def _first(rows: Any, most: int, *order: str) -> Any:
    """Of each customer the first so many rows in this order."""
    by = [F(name[1:]).desc() if name.startswith("-") else F(name).asc() for name in order]
    place = Window(RowNumber(), partition_by=F("customer_id"), order_by=by)
    return rows.annotate(gx_place=place).filter(gx_place__lte=most).order_by("customer_id", *order)
