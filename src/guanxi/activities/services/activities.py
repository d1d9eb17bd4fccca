"""Writes of activities: log, plan, complete, move, cancel; and the usual verbs of a declared record."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.activities.choices import State
from guanxi.activities.models import Activity, Participant
from guanxi.activities.queries.attendance import attendance
from guanxi.activities.queries.subjects import Changes, changed, complete, completed, tell_touched
from guanxi.activities.rules import first_line, moved_along, postponed, says_nothing, took_place
from guanxi.activities.services.commitments import promise_at
from guanxi.activities.services.participants import take_part
from guanxi.activities.services.telling import called, mentions_of, tell_of, withdraw
from guanxi.foundation.ledger.services import describe, operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.worktime.queries import worktime
from guanxi.kernel.errors import Invalid, Message, Refused
from guanxi.resource import access, guards, writing
from guanxi.resource.registry import find
from guanxi.resource.standard import may_assign, standard

Data = Mapping[str, Any]
_usual = standard("activities")


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Who takes part beside whoever does it: the customer's people, our own; `chosen` are members picked
    behind an `@`."""

    people: Collection[UUID] = ()
    members: Collection[UUID] = ()
    chosen: Collection[UUID] = field(default=())


ALONE = Company()


def _resource() -> Any:
    return find("activities")


def log_activity(
    actor: Actor,
    *,
    data: Data,
    company: Company = ALONE,
    next_one: Data | None = None,
    promises: Sequence[Data] = (),
) -> Activity:
    """Record what took place, with who took part, what was promised at it, and plan what was agreed to come next, in
    one operation.

    `data` are outside values by field; without `at` it took place just now. `next_one` are those of the following
    activity (kind, at, subject, remind_at …): with the same customer and people unless it says otherwise. `promises`
    are those of commitments (side, what, due, person …), with the same customer. Raises Forbidden, Invalid (of the
    next one beside `next.…`, of commitments beside `promises`), Warned for a touch of which nothing is said.
    """
    return _record(actor, {"state": State.DONE, **data}, company, next_one, promises)


def plan_activity(actor: Actor, *, data: Data, company: Company = ALONE) -> Activity:
    """Put an activity on the calendar: `data` needs `at`. Raises Forbidden, Invalid."""
    if not data.get("at"):
        raise Invalid({"at": [Message("required", _("Say when."))]})
    return _record(actor, {**data, "state": State.PLANNED}, company, None)


def create_activity(actor: Actor, *, data: Data, allow_duplicate: bool = False) -> Activity:
    """An activity from outside values, planned or done as `state` says."""
    return _record(actor, data, ALONE, None)


def _record(
    actor: Actor, data: Data, company: Company, next_one: Data | None, promises: Sequence[Data] = ()
) -> Activity:
    resource = _resource()
    actor.require(resource.permission("create"))
    values = completed(writing.clean(actor, resource, data))
    if "owner" not in data:
        values["owner_id"] = actor.member_id
    may_assign(actor, resource, values.get("owner_id"), at_birth=True)
    _name(values)
    draft = Activity(**{key: value for key, value in values.items() if not key.startswith("x_")})
    values["id"] = draft.pk
    values["mentions"] = mentions_of(draft, company.chosen)
    with operation(
        actor, resource.act("create"), record_id=draft.pk, label=called(draft), summary={"created": 1}
    ):
        took_part = {"people": [*company.people], "members": [*company.members]}
        guards.check(actor, resource, "create", guards.drafts(resource, [values]), {**values, **took_part})
        made: Activity = writing.insert(resource, values)
        take_part(actor, made, people=company.people, members=company.members)
        promise_at(actor, made, promises)
        if made.state == State.DONE and made.about_id is not None:
            tell_touched(made.about, [made.about_id])
        if next_one is not None:
            plan_next(actor, made, next_one, company)
    tell_of(actor, made)
    return made


_EMPTY = guards.warn(
    "activities.empty",
    _(
        "Nothing is said of it: not what was said, not what came of it, not who took part. "
        "Saved like this it counts as an effective follow-up."
    ),
)


@guards.guard("activities", "create", order=30)
def nothing_logged(attempt: guards.Attempt, records: Sequence[Activity]) -> dict[UUID, guards.Verdict]:
    """A touch that took place and says nothing. Asked where it is known who took part: of no import."""
    values = attempt.values
    if "people" not in values:
        return {}
    anybody = bool(values["people"] or values["members"])
    empty = [
        one.pk
        for one in records
        if one.state == State.DONE
        and says_nothing(one.kind, said=one.text or one.subject, outcome=one.outcome, anybody=anybody)
    ]
    return dict.fromkeys(empty, _EMPTY)


@guards.guard("activities", "edit", order=30)
def nothing_came_of_it(attempt: guards.Attempt, records: Sequence[Activity]) -> dict[UUID, guards.Verdict]:
    """What was planned is done, and nothing is said of how it went: what was planned says nothing of that."""
    values = attempt.values
    if values.get("checked_in"):
        return {}  # he has just come: how it went is told when he leaves
    done = [one for one in records if one.state == State.PLANNED] if values.get("state") == State.DONE else []
    if not done:
        return {}
    met = Participant.objects.filter(activity_id__in=[one.pk for one in done])
    attended = set(met.values_list("activity_id", flat=True))
    return {
        one.pk: _EMPTY
        for one in done
        if says_nothing(
            values.get("kind", one.kind),
            said="" if values.get("text", one.text) == one.text else values["text"],
            outcome=values.get("outcome", one.outcome),
            anybody=one.pk in attended,
        )
    }


def plan_next(actor: Actor, made: Activity, next_one: Data, company: Company) -> None:
    """What follows, agreed on at an activity. Raises Invalid beside `next.…`."""
    about = {"about_id": made.about_id} if made.about_id else {}
    data = {
        "customer": made.customer_id,
        **about,
        "owner": made.owner_id,
        **next_one,
        "follows": made.pk,
    }
    try:
        plan_activity(actor, data=data, company=Company(people=company.people, members=company.members))
    except Invalid as error:
        raise Invalid({f"next.{name}": said for name, said in error.fields.items()}) from error


def _name(values: dict[str, Any]) -> None:
    """What has no subject is called as its text begins."""
    if not values.get("subject") and values.get("text"):
        values["subject"] = first_line(values["text"])


def create_activities(actor: Actor, *, rows: Sequence[dict[str, Any]]) -> list[UUID]:
    """The set form of `create_activity`, for an import: rows by stored column, cleaned before."""
    for row in rows:
        _name(row)
    complete(rows)
    made: list[UUID] = _usual.create_many(actor, rows=rows)
    return made


def edit_activity(
    actor: Actor,
    activity_id: UUID,
    *,
    data: Data,
    expected_version: int | None,
    chosen: Collection[UUID] = (),
) -> Activity:
    """Change given fields; a planned one that is moved takes its reminder along. Whoever is mentioned anew is told.

    Raises NotFound, Forbidden, Invalid, Stale.
    """
    resource = _resource()
    found: Activity = access.get(actor, resource, activity_id, verb="edit", lock=True)
    values = completed(writing.clean(actor, resource, data, partial=True), fresh=False)
    if values.get("owner_id", found.owner_id) != found.owner_id:
        may_assign(actor, resource, values["owner_id"])
    if "at" in values and "remind_at" not in values:
        values["remind_at"] = moved_along(found.remind_at, found.at, values["at"])
    before = {one["id"] for one in found.mentions}
    if "text" in values and values["text"] != found.text:
        draft = Activity(
            pk=found.pk, customer_id=found.customer_id, owner_id=found.owner_id, text=values["text"]
        )
        values["mentions"] = mentions_of(draft, chosen)
    if writing.stands(resource, found, values, expected_version=expected_version):
        return found
    with operation(actor, resource.act("edit"), record_id=found.pk, label=called(found)):
        guards.check_edit(actor, resource, [found], values)
        writing.update(resource, found, values, expected_version=expected_version)
    if {"at", "state", "remind_at"} & values.keys():
        withdraw([found])
    tell_of(actor, found, beside=before, mentioned_only=True)
    return found


def complete_activity(
    actor: Actor,
    activity_id: UUID,
    *,
    outcome: str = "",
    text: str = "",
    minutes: int | None = None,
    next_one: Data | None = None,
    promises: Sequence[Data] = (),
    expected_version: int | None = None,
) -> Activity:
    """Say that a planned activity is done and what came of it, what was promised at it, and plan the next one, in one
    operation.

    It took place when it was planned, if that was earlier today; else just now. What was said stands under what was
    planned. Raises NotFound, Forbidden, Invalid, Stale, Refused("not_planned"), Warned where nothing is said of it.
    """
    resource = _resource()
    found: Activity = access.get(actor, resource, activity_id, verb="edit", lock=True)
    if found.state != State.PLANNED:
        raise Refused("not_planned", _("It is not planned any more."))
    given: dict[str, Any] = {"outcome": outcome}
    if text:
        given["text"] = f"{found.text}\n{text}" if found.text else text
    if minutes is not None:
        given["minutes"] = minutes
    values = writing.clean(actor, resource, given, partial=True)
    values |= {"state": State.DONE.value, "at": took_place(found.at, timezone.localtime())}
    with operation(actor, resource.act("complete"), record_id=found.pk, label=called(found)):
        guards.check_edit(actor, resource, [found], values)
        writing.update(resource, found, values, expected_version=expected_version)
        promise_at(actor, found, promises)
        if found.about_id is not None:
            tell_touched(found.about, [found.about_id])
        if next_one is not None:
            took_part = attendance(actor, [found.pk])[found.pk]
            people, members = ([one for one, _name in some] for some in (took_part.people, took_part.members))
            plan_next(actor, found, next_one, Company(people=people, members=members))
    withdraw([found])
    return found


def move_activities(actor: Actor, *, ids: Collection[UUID], at: datetime) -> int:
    """Put planned activities at another time; their reminders come along. Returns how many were moved."""
    return _change_planned(
        actor, "move", ids, lambda one: {"at": at, "remind_at": moved_along(one.remind_at, one.at, at)}
    )


def postpone_activities(actor: Actor, *, ids: Collection[UUID], days: int) -> int:
    """Put planned activities off by so many days, at least until tomorrow, past days off. Returns how many."""
    now = timezone.localtime()

    def later(one: Activity) -> dict[str, Any]:
        at = postponed(timezone.localtime(one.at), days, now.date(), worktime())
        return {"at": at, "remind_at": moved_along(one.remind_at, one.at, at)}

    return _change_planned(actor, "move", ids, later)


def cancel_activities(actor: Actor, *, ids: Collection[UUID]) -> int:
    """What was planned does not take place. Returns how many were cancelled."""
    return _change_planned(actor, "cancel", ids, lambda one: {"state": State.CANCELLED.value})


def _change_planned(actor: Actor, verb: str, ids: Collection[UUID], values: Any) -> int:
    resource = _resource()
    actor.require(resource.permission("edit"))
    rows = access.visible(actor, resource, "edit").filter(pk__among=ids, state=State.PLANNED)
    planned = list(rows.order_by("pk").select_for_update(of=("self",)))
    only = planned[0] if len(planned) == 1 else None
    with operation(
        actor, resource.act(verb), record_id=only.pk if only else None, label=called(only) if only else ""
    ) as opened:
        guards.check_edit(actor, resource, planned)
        count = writing.update_each(resource, [(one, values(one)) for one in planned])
        describe(opened, updated=count)
    withdraw(planned)
    return count


def edit_each(actor: Actor, *, changes: Changes) -> list[Any]:
    """The set form of `edit_activity`: cleaned values by stored column. Raises NotFound, Forbidden."""
    found: list[Any] = _usual.edit_each(actor, changes=changed(changes))
    return found


def update_imported(actor: Actor, *, changes: Changes, fresh: Collection[UUID] = ()) -> int:
    """An import's writes to existing ones. Raises Forbidden."""
    return int(_usual.update_imported(actor, changes=changed(changes), fresh=fresh))


edit_activities, delete_activities = _usual.edit_many, _usual.remove_many
