"""Writes of who takes part in an activity."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.activities.models import Activity, Participant
from guanxi.activities.services.telling import called
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid, Message
from guanxi.resource import access, guards, writing
from guanxi.resource.registry import find
from guanxi.resource.standard import standard

_usual = standard("participants")
_ONE = _("Name one of the customer's people or a colleague: exactly one of them.")


def take_part(
    actor: Actor, activity: Activity, *, people: Collection[UUID] = (), members: Collection[UUID] = ()
) -> None:
    """Enter who takes part in an activity just written, inside its operation. Raises Invalid for whom one
    cannot see."""
    rows: list[dict[str, Any]] = []
    wanted = list(dict.fromkeys(people))
    seen = set(access.visible(actor, find("people")).filter(pk__in=wanted).values_list("pk", flat=True))
    if len(seen) < len(wanted):
        raise Invalid({"people": [Message("record", _("One of these people cannot be seen by you."))]})
    ours = [one for one in dict.fromkeys(members) if one != activity.owner_id]
    if Member.objects.filter(pk__in=ours).count() < len(ours):
        raise Invalid({"members": [Message("member", _("There is no such person in the company."))]})
    rows += [{"activity_id": activity.pk, "person_id": one} for one in wanted]
    rows += [{"activity_id": activity.pk, "member_id": one} for one in ours]
    if rows:
        guards.check_new(actor, find("participants"), rows)
        writing.insert_many(find("participants"), rows)


def join(activity_id: UUID) -> tuple[list[UUID], list[UUID]]:
    """The people and the members who take part in an activity that the caller has read through its door."""
    rows: list[tuple[UUID | None, UUID | None]] = list(
        Participant.objects.filter(activity_id=activity_id)
        .order_by("pk")
        .values_list("person_id", "member_id")
    )
    return [p for p, _m in rows if p is not None], [m for _p, m in rows if m is not None]


def set_participants(
    actor: Actor, activity_id: UUID, *, people: Collection[UUID], members: Collection[UUID]
) -> Activity:
    """These and no others take part. Those out of the actor's sight stay. Raises NotFound, Forbidden, Invalid."""
    found: Activity = access.get(actor, find("activities"), activity_id, verb="edit", lock=True)
    held_people, held_members = join(activity_id)
    seen = set(access.visible(actor, find("people")).filter(pk__in=held_people).values_list("pk", flat=True))
    gone_people, gone_members = seen - set(people), set(held_members) - set(members)
    with operation(actor, find("activities").act("edit"), record_id=found.pk, label=called(found)):
        rows = Participant.objects.filter(activity_id=activity_id)
        gone = [
            *rows.filter(person_id__in=gone_people).values_list("pk", flat=True),
            *rows.filter(member_id__in=gone_members).values_list("pk", flat=True),
        ]
        if gone:
            guards.check(actor, find("participants"), "delete", gone)
            writing.delete(find("participants"), gone)
        take_part(
            actor,
            found,
            people=[one for one in people if one not in held_people],
            members=[one for one in members if one not in held_members],
        )
    return found


# The usual verbs, each with the rule of exactly one


def create_participant(
    actor: Actor, *, data: Mapping[str, Any], allow_duplicate: bool = False
) -> Participant:
    """Enter one participant. Raises Forbidden, Invalid."""
    _exactly_one(writing.clean(actor, find("participants"), data), None)
    made: Participant = _usual.create(actor, data=data)
    return made


def create_participants(actor: Actor, *, rows: Sequence[Mapping[str, Any]]) -> list[UUID]:
    """Enter many from values by stored column, cleaned before. Raises Forbidden, Invalid."""
    for row in rows:
        _exactly_one(row, None)
    made: list[UUID] = _usual.create_many(actor, rows=rows)
    return made


def edit_participant(
    actor: Actor, participant_id: UUID, *, data: Mapping[str, Any], expected_version: int | None
) -> Participant:
    """Change given fields. Raises NotFound, Forbidden, Invalid, Stale."""
    found = access.get(actor, find("participants"), participant_id, verb="edit")
    _exactly_one(writing.clean(actor, find("participants"), data, partial=True), found)
    changed: Participant = _usual.edit(actor, participant_id, data=data, expected_version=expected_version)
    return changed


def edit_each(actor: Actor, *, changes: Sequence[tuple[UUID, Mapping[str, Any]]]) -> list[Participant]:
    """The set form of `edit_participant`: cleaned values, by stored column, for each of many. All or none."""
    _each_exactly_one(changes)
    changed: list[Participant] = _usual.edit_each(actor, changes=changes)
    return changed


def update_imported(
    actor: Actor, *, changes: Sequence[tuple[UUID, Mapping[str, Any]]], fresh: Collection[UUID] = ()
) -> int:
    """An import's writes to existing ones. Raises Forbidden, Invalid."""
    _each_exactly_one(changes)
    return int(_usual.update_imported(actor, changes=changes, fresh=fresh))


def _each_exactly_one(changes: Sequence[tuple[UUID, Mapping[str, Any]]]) -> None:
    standing = Participant.objects.in_bulk([one for one, _values in changes])
    for one, values in changes:
        if one in standing:
            _exactly_one(values, standing[one])


def _exactly_one(values: Mapping[str, Any], standing: Participant | None) -> None:
    person = values.get("person_id", standing.person_id if standing else None)
    member = values.get("member_id", standing.member_id if standing else None)
    if (person is None) == (member is None):
        raise Invalid({"person": [Message("one", _ONE)]})


edit_participants, delete_participants = _usual.edit_many, _usual.remove_many
