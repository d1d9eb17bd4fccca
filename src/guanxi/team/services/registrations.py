"""Registering a deal and changing what was written: whose customer it is, and who else registered the same."""

import copy
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.customers.models import Charge, Customer
from guanxi.foundation.design.words import calendar_day
from guanxi.foundation.ledger.services import current_operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Refused
from guanxi.resource import access, guards, writing
from guanxi.resource.registry import find
from guanxi.resource.standard import standard
from guanxi.team.choices import RUN, State
from guanxi.team.models import Registration
from guanxi.team.queries.registrations import beside, keeps_out, lives, living_of, subject_of
from guanxi.team.services.telling import tell_submitted

Data = Mapping[str, Any]
SUBJECT = ("customer_id", "line", "region", "project")
_OWNER = "owner_id"
_OWNED = _("{customer} is a customer of {who}. Ask {who}, or whoever assigns customers.")
_TWICE = _("{who} registered this already on {day}, and it is {state}.")
_TAKEN = _(
    "{who} registered {line} at {customer} on {day}, and it is {state}. Go on, and a manager decides between you."
)
DECIDED = _("It has been decided on. To register something else, make a new registration.")
_WAITS, _HOLDS = pgettext_lazy("registration", "waiting"), pgettext_lazy("registration", "in force")
_usual = standard("registrations")


def register_deal(actor: Actor, *, data: Data, allow_duplicate: bool = False) -> Registration:
    """Register a deal from outside values, for oneself unless `owner` says otherwise; who decides is told, and
    whoever registered the same. Raises Forbidden, Invalid, Refused, guards.Warned."""
    made: Registration = _usual.create(actor, data=data)
    tell_submitted(actor, [made])
    return made


def register_deals(actor: Actor, *, rows: Sequence[Mapping[str, Any]]) -> list[UUID]:
    """The set form, for an import: rows by stored column, cleaned before."""
    made: list[UUID] = _usual.create_many(actor, rows=rows)
    tell_submitted(actor, list(Registration.objects.filter(pk__among=made)))
    return made


def edit_registration(
    actor: Actor, registration_id: UUID, *, data: Data, expected_version: int | None
) -> Registration:
    """Change given fields; what it is for only until it is decided. Raises NotFound, Forbidden, Invalid, Stale,
    Refused, guards.Warned."""
    before = Registration.objects.filter(pk=registration_id).first()
    made: Registration = _usual.edit(actor, registration_id, data=data, expected_version=expected_version)
    if before is not None and subject_of(before) != subject_of(made):
        tell_submitted(actor, [made], anew=True)
    return made


def edit_each(actor: Actor, *, changes: Sequence[tuple[UUID, Mapping[str, Any]]]) -> list[Any]:
    """The set form of `edit_registration`: cleaned values by stored column. Raises NotFound, Forbidden, Refused."""
    moved = _stand(actor, changes)
    found: list[Any] = _usual.edit_each(actor, changes=changes)
    tell_submitted(actor, [one for one in found if one.pk in moved], anew=True)
    return found


def update_imported(
    actor: Actor, *, changes: Sequence[tuple[UUID, Mapping[str, Any]]], fresh: Collection[UUID] = ()
) -> int:
    """An import's writes to existing ones. Raises Forbidden, Refused."""
    moved = _stand(actor, changes)
    count = int(_usual.update_imported(actor, changes=changes, fresh=fresh))
    tell_submitted(actor, list(Registration.objects.filter(pk__in=moved)), anew=True)
    return count


def edit_registrations(actor: Actor, *, ids: Collection[UUID], data: Data) -> int:
    """Set the same fields on many; those beyond reach are left alone. Returns how many changed. Raises Forbidden,
    Invalid, Refused where one was decided on, guards.Warned."""
    resource = find("registrations")
    actor.require(resource.permission("edit"))
    values = writing.clean(actor, resource, data, partial=True)
    mine = access.visible(actor, resource, "edit").filter(pk__among=ids).values_list("pk", flat=True)
    moved = _stand(actor, [(pk, values) for pk in mine])
    count = int(_usual.edit_many(actor, ids=ids, data=data))
    tell_submitted(actor, list(Registration.objects.filter(pk__among=moved)), anew=True)
    return count


delete_registrations = _usual.remove_many


@guards.guard("registrations", "create", order=20)
def may_be_registered(
    attempt: guards.Attempt, records: Sequence[Registration]
) -> Mapping[UUID, guards.Verdict]:
    """Not where the customer is somebody else's, nor twice by one; a warning where another registered the same."""
    return {} if attempt.actor.is_system else _verdicts(records)


@guards.guard("registrations", "edit", order=20)
def stands_once_decided(
    attempt: guards.Attempt, records: Sequence[Registration]
) -> Mapping[UUID, guards.Verdict]:
    """What it is for stays once it was decided; before, the same is asked as of a new one."""
    given = {name: attempt.values[name] for name in SUBJECT if name in attempt.values}
    return _of_changes(attempt.actor, [(one, given) for one in records]) if given else {}


@guards.guard("registrations", "assign", order=20, warns=False)
def may_be_given(attempt: guards.Attempt, records: Sequence[Registration]) -> Mapping[UUID, guards.Verdict]:
    """To nobody who could not register it himself. Where everything of somebody is handed over it goes with the rest:
    the customer follows."""
    opened = current_operation()
    if opened is not None and opened.verb == RUN:
        return {}
    values = {_OWNER: attempt.values.get(_OWNER) or attempt.values.get("owner")}
    return _of_changes(attempt.actor, [(one, values) for one in records])


def _of_changes(
    actor: Actor, changes: Sequence[tuple[Registration, Mapping[str, Any]]]
) -> dict[UUID, guards.Verdict]:
    """For something else only until it was decided; for that, or for somebody else, only what might be registered so.
    That others registered the same is news only of what is for something else."""
    wanted = [(one, _as_wanted(one, values)) for one, values in changes]
    moved = {one.pk for one, then in wanted if subject_of(one) != subject_of(then)}
    found = {
        one.pk: guards.block("team.decided", DECIDED)
        for one, _then in wanted
        if one.pk in moved and one.state != State.SUBMITTED
    }
    if not actor.is_system:
        rest = [
            then
            for one, then in wanted
            if one.pk not in found and (one.pk in moved or (one.owner_id != then.owner_id and lives(one)))
        ]
        said = _verdicts(rest) if rest else {}
        found |= {pk: verdict for pk, verdict in said.items() if verdict.blocks or pk in moved}
    return found


def _as_wanted(one: Registration, values: Mapping[str, Any]) -> Registration:
    """A copy as it would be."""
    then = copy.copy(one)
    for name in (*SUBJECT, _OWNER):
        if name in values:
            setattr(then, name, values[name])
    return then


def _stand(actor: Actor, changes: Sequence[tuple[UUID, Mapping[str, Any]]]) -> set[UUID]:
    """Which of many are for something else by the change; of another's for the same both are told afterwards. Nobody
    decides on them from here to the end of the transaction. Raises Refused where a change is not to be."""
    if all(values.keys().isdisjoint((*SUBJECT, _OWNER)) for _pk, values in changes):
        return set()
    rows = Registration.objects.filter(pk__among=[pk for pk, _values in changes])
    standing = {one.pk: one for one in rows.order_by("pk").select_for_update(of=("self",))}
    wanted = [(standing[pk], values) for pk, values in changes if pk in standing]
    for verdict in _of_changes(actor, wanted).values():
        if verdict.blocks:
            raise Refused(verdict.code, verdict.reason)
    return {one.pk for one, values in wanted if subject_of(one) != subject_of(_as_wanted(one, values))}


def _verdicts(wanted: Sequence[Registration]) -> dict[UUID, guards.Verdict]:
    ids = {one.customer_id for one in wanted if one.customer_id}
    customers = Customer.objects.select_related("owner").in_bulk(list(ids))
    writers = _writers(ids)
    there: dict[UUID, list[Registration]] = {}
    for one in living_of(ids):
        there.setdefault(one.customer_id, []).append(one)
    found: dict[UUID, guards.Verdict] = {}
    for one in wanted:
        customer = customers.get(one.customer_id)
        if customer is None:
            continue
        others = there.setdefault(one.customer_id, [])
        verdict = _whose(one, customer, writers) or _same(one, customer, beside(one, others))
        if verdict is not None:
            found[one.pk] = verdict
        if verdict is None or not verdict.blocks:
            others.append(one)
    return found


def _writers(customers: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    """Who works on which of the customers with the power to write."""
    today = timezone.localdate()
    rows = Charge.objects.filter(
        Q(since__isnull=True) | Q(since__lte=today),
        Q(until__isnull=True) | Q(until__gte=today),
        customer_id__in=list(customers),
        power="write",
    )
    return set(rows.values_list("customer_id", "member_id"))


def _whose(one: Registration, customer: Customer, writers: set[tuple[UUID, UUID]]) -> guards.Verdict | None:
    owner = customer.owner
    if owner is None or one.owner_id in (None, owner.pk) or (customer.pk, one.owner_id) in writers:
        return None
    return guards.block("team.owned", format_lazy(_OWNED, customer=customer.name, who=owner.name))


def _same(one: Registration, customer: Customer, there: Sequence[Registration]) -> guards.Verdict | None:
    """Of living ones for the same deal: one's own keeps it out, another's is told of."""
    mine = [other for other in there if other.owner_id == one.owner_id]
    for other in mine or there:
        today = timezone.localdate()
        said = {
            "who": other.owner.name if other.owner else "—",
            "line": other.line,
            "customer": customer.name,
            "day": calendar_day(timezone.localdate(None if other._state.adding else other.created_at), today),
            "state": _HOLDS if keeps_out(other) else _WAITS,
        }
        if mine:
            return guards.block("team.registered_twice", format_lazy(_TWICE, **said))
        return guards.warn("team.registered", format_lazy(_TAKEN, **said))
    return None
