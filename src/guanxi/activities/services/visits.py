"""Visits in the field: coming, leaving, and putting the customer where one stands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanxi.activities.choices import State, What
from guanxi.activities.models import Activity, CheckIn
from guanxi.activities.queries.attendance import attendance
from guanxi.activities.queries.places import nearest, points_of
from guanxi.activities.rules import done_when, millionths, stayed
from guanxi.activities.services.activities import Company, plan_next
from guanxi.activities.services.telling import called, tell_of, withdraw
from guanxi.customers.models import Address
from guanxi.customers.services.turns import take_turns
from guanxi.foundation.files.rules import media_type_of
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.distances import Point
from guanxi.kernel.errors import Forbidden, Invalid, Message, Refused
from guanxi.resource import access, attachments, guards, writing
from guanxi.resource.registry import find

Data = Mapping[str, Any]
_STILL_THERE = timedelta(hours=16)  # a visit nobody has left since is another one's
_MOST_ACCURACY = 10_000_000  # metres
_LONGEST = 60 * 24 * 31  # minutes, as an activity holds them


@dataclass(frozen=True, slots=True)
class Position:
    """Where somebody stands, and how exactly that is known, in metres."""

    point: Point
    accuracy: int | None = None


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture that comes in: its file name and its bytes."""

    name: str
    chunks: Iterable[bytes]


def position_of(latitude: str, longitude: str, accuracy: str = "") -> Position | None:
    """A position in degrees as a browser says it; None where none is given. Raises Invalid beside `position`."""
    if not latitude and not longitude:
        return None
    try:
        point = Point(millionths(latitude, 90), millionths(longitude, 180))
        exact = min(round(abs(float(accuracy))), _MOST_ACCURACY) if accuracy else None
    except (ValueError, OverflowError) as error:
        raise Invalid({"position": [Message("position", _("This is no position on the earth."))]}) from error
    return Position(point, exact)


def moment_done(said: datetime | None) -> datetime:
    """When something was done on a phone. Raises Invalid beside `done_at` for what is older than a week."""
    found = done_when(said, timezone.now())
    if found is None:
        raise Invalid(
            {"done_at": [Message("old", _("This was done more than 7 days ago: log it as a visit."))]}
        )
    return found.replace(microsecond=0)


def check_in(
    actor: Actor,
    *,
    activity_id: UUID | None = None,
    customer_id: UUID | None = None,
    at: datetime | None = None,
    position: Position | None = None,
    photo: Photo | None = None,
) -> CheckIn:
    """Come to a visit: the one of one's own that is named; else one with the customer, which is the one that is still
    going on, or planned for that day, or a new one.

    It took place from then on. Where one has come already, that is answered, with a position where there was none and
    the photo that comes later; else nothing is written. One that was planned again begins anew. How far it is to the
    customer is written down and never held against anybody. Raises NotFound, Forbidden, Invalid, Refused.
    """
    mine, came = _member(actor), moment_done(at)
    found = _visit(actor, mine, activity_id, customer_id, came)
    standing = CheckIn.objects.filter(activity_id=found.pk).first() if found is not None else None
    picture = _checked(photo)
    if found is not None and standing is not None and found.state == State.DONE:
        return _added(actor, found, standing, position, picture)
    resource = find("activities")
    if found is None:
        actor.require(resource.permission("create"))
    label = called(found) if found is not None else str(What.VISIT.label)
    with operation(actor, resource.act("check_in"), record_id=found.pk if found else None, label=label):
        visit = _started(actor, found, came) if found is not None else _new(actor, customer_id, came)
        made = standing or CheckIn(activity_id=visit.pk)
        made.member_id, made.at, made.left_at = mine, came, None
        _stand(actor, visit, made, position)
        made.photo_id = _attached(actor, visit, picture)
        made.save()
    if found is None:
        tell_of(actor, visit)
    withdraw([visit])
    return made


def _added(
    actor: Actor, visit: Activity, standing: CheckIn, position: Position | None, picture: Photo | None
) -> CheckIn:
    """What is said when a button is pressed again and was not known when one came."""
    late = (
        position
        if standing.latitude is None and standing.left_at is None and standing.member_id == actor.member_id
        else None
    )
    if late is None and picture is None:
        return standing
    resource = find("activities")
    with operation(actor, resource.act("check_in"), record_id=visit.pk, label=called(visit)):
        if late is not None:
            _stand(actor, visit, standing, late)
        file_id = _attached(actor, visit, picture)
        standing.photo_id = standing.photo_id or file_id
        standing.save()
    return standing


def _stand(actor: Actor, visit: Activity, came: CheckIn, position: Position | None) -> None:
    came.latitude = position.point.latitude if position else None
    came.longitude = position.point.longitude if position else None
    came.accuracy = position.accuracy if position else None
    came.distance = _distance(actor, visit, position)


def _attached(actor: Actor, visit: Activity, picture: Photo | None) -> UUID | None:
    if picture is None:
        return None
    file = attachments.attach(actor, find("activities"), visit.pk, name=picture.name, chunks=picture.chunks)
    made: UUID = file.pk
    return made


def _member(actor: Actor) -> UUID:
    if actor.member_id is None:
        raise Refused("no_person", _("Only a person comes to a visit."))
    return actor.member_id


def _visit(
    actor: Actor, mine: UUID, activity_id: UUID | None, customer_id: UUID | None, came: datetime
) -> Activity | None:
    """The visit that is meant, locked; None for a new one. Raises NotFound, Forbidden, Refused."""
    resource = find("activities")
    if activity_id is None:
        customer = access.get(actor, find("customers"), customer_id) if customer_id else None
        if customer is None:
            raise Invalid({"customer": [Message("required", _("Say which visit, or which customer."))]})
        take_turns(mine)  # two presses at once are one visit
        activity_id = _going_on(mine, customer.pk, came) or _planned(mine, customer.pk, came)
    if activity_id is None:
        return None
    found: Activity = access.get(actor, resource, activity_id, verb="edit", lock=True)
    if found.kind != What.VISIT:
        raise Refused("no_visit", _("This is not a visit."))
    if found.owner_id != mine:
        raise Refused("not_own", _("Whoever makes the visit checks in."))
    come = found.state == State.DONE and CheckIn.objects.filter(activity_id=found.pk).exists()
    if found.state != State.PLANNED and not come:
        raise Refused("not_planned", _("It is not planned any more."))
    return found


def _going_on(member_id: UUID, customer_id: UUID, came: datetime) -> UUID | None:
    """The one that nobody has left since, of the same day."""
    rows = CheckIn.objects.filter(
        member_id=member_id,
        left_at=None,
        at__gte=_midnight(came),
        at__gt=came - _STILL_THERE,
        activity__customer_id=customer_id,
        activity__state=State.DONE,
    )
    return rows.order_by("-at").values_list("activity_id", flat=True).first()


def _midnight(came: datetime) -> datetime:
    return timezone.localtime(came).replace(hour=0, minute=0, second=0, microsecond=0)


def _planned(member_id: UUID, customer_id: UUID, came: datetime) -> UUID | None:
    day = _midnight(came)
    rows = Activity.objects.filter(
        owner_id=member_id,
        customer_id=customer_id,
        kind=What.VISIT,
        state=State.PLANNED,
        at__gte=day,
        at__lt=day + timedelta(days=1),
    )
    return rows.order_by("at", "pk").values_list("pk", flat=True).first()


def _started(actor: Actor, found: Activity, came: datetime) -> Activity:
    resource, values = find("activities"), {"state": State.DONE.value, "at": came, "undated": False}
    guards.check_edit(actor, resource, [found], {**values, "checked_in": True})
    writing.update(resource, found, values, expected_version=None)
    return found


def _new(actor: Actor, customer_id: UUID | None, came: datetime) -> Activity:
    resource = find("activities")
    data = {"kind": What.VISIT.value, "state": State.DONE.value, "customer": str(customer_id)}
    values = writing.clean(actor, resource, data) | {"at": came, "owner_id": actor.member_id}
    guards.check_new(actor, resource, [values])
    made: Activity = writing.insert(resource, values)
    return made


def _distance(actor: Actor, visit: Activity, position: Position | None) -> int | None:
    if position is None or visit.customer_id is None:
        return None
    return nearest(points_of(actor, [visit.customer_id])[visit.customer_id], position.point)


def _checked(photo: Photo | None) -> Photo | None:
    if photo is not None and not media_type_of(photo.name).startswith("image/"):
        raise Invalid({"photo": [Message("type", _("This is not a picture."))]})
    return photo


def keep_check_ins(actor: Actor, *, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write down, by column, how colleagues came to visits that took place, where it is known from elsewhere. Raises
    Forbidden without the right to change everybody's activities."""
    resource = find("activities")
    actor.require(resource.permission("edit"))
    if actor.members_within(resource.permission("edit")) is not None:
        raise Forbidden(resource.permission("edit"))
    with operation(actor, resource.act("check_in")):
        CheckIn.objects.bulk_create([CheckIn(**row) for row in rows], batch_size=1000)


def check_out(
    actor: Actor,
    activity_id: UUID,
    *,
    at: datetime | None = None,
    outcome: str = "",
    text: str = "",
    next_one: Data | None = None,
) -> Activity:
    """Leave a visit: how long it took follows, with what came of it and, if it was agreed on, the next follow-up, in
    one operation. Said again as it was, nothing is written. Raises NotFound, Forbidden, Invalid, Refused."""
    resource = find("activities")
    found: Activity = access.get(actor, resource, activity_id, verb="edit", lock=True)
    came = CheckIn.objects.select_for_update().filter(activity_id=found.pk).first()
    if came is None or came.member_id != actor.member_id or found.state == State.PLANNED:
        raise Refused("not_in", _("Check in first."))
    if found.state != State.DONE:
        raise Refused("not_planned", _("It is not planned any more."))
    left = max(moment_done(at), came.at)
    if came.left_at is not None:
        if came.left_at == left:
            return found
        raise Refused("left", _("You have left this visit already."))
    given: dict[str, Any] = {"outcome": outcome, "minutes": min(stayed(came.at, left), _LONGEST)}
    if text:
        given["text"] = f"{found.text}\n{text}" if found.text else text
    values = writing.clean(actor, resource, given, partial=True)
    with operation(actor, resource.act("check_out"), record_id=found.pk, label=called(found)):
        guards.check_edit(actor, resource, [found], values)
        writing.update(resource, found, values, expected_version=None)
        came.left_at = left
        came.save(update_fields=["left_at", "updated_at"])
        if next_one is not None:
            took_part = attendance(actor, [found.pk])[found.pk]
            people, members = ([one for one, _name in some] for some in (took_part.people, took_part.members))
            plan_next(actor, found, next_one, Company(people=people, members=members))
    return found


def set_point(actor: Actor, activity_id: UUID) -> Address:
    """Put the customer of a visit, none of whose addresses has a point yet, where one checked in. Raises NotFound,
    Forbidden, Invalid, Refused."""
    found: Activity = access.get(actor, find("activities"), activity_id)
    came = CheckIn.objects.filter(activity_id=found.pk, member_id=_member(actor)).first()
    if came is None or came.latitude is None or came.longitude is None or found.customer_id is None:
        raise Refused("no_position", _("At this visit no position was given."))
    customer = access.get(actor, find("customers"), found.customer_id, verb="edit", lock=True)
    addresses = find("addresses")
    if Address.objects.filter(
        customer_id=customer.pk, latitude__isnull=False, longitude__isnull=False
    ).exists():
        raise Refused("has_point", _("This customer has a point already. Change it at its address."))
    degrees = {"latitude": f"{came.latitude / 1e6:.6f}", "longitude": f"{came.longitude / 1e6:.6f}"}
    rows = access.visible(actor, addresses, "edit").filter(customer_id=customer.pk)
    standing = rows.order_by("-main", "pk").first()
    if standing is not None:
        changed: Address = addresses.edit(actor, standing.pk, data=degrees, expected_version=None)
        return changed
    street = customer.address or gettext("Where it was checked in")
    made: Address = addresses.create(actor, data={"customer": str(customer.pk), "street": street, **degrees})
    return made
