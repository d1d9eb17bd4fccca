"""Sending a report, taking it back, putting its sentence otherwise, marking it read."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.design.languages import later
from guanxi.foundation.ledger.services import describe, operation
from guanxi.foundation.notices import services as notices
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Forbidden, Invalid, Message, NotFound, Refused
from guanxi.reports.choices import TAKE_BACK
from guanxi.reports.models import Reading, Receiver, Report
from guanxi.reports.queries.people import due_of, receivers_proposed
from guanxi.reports.queries.reading import MOST
from guanxi.reports.queries.sections import written, zone
from guanxi.reports.rules import first_of
from guanxi.resource import access, guards, writing
from guanxi.resource.registry import find
from guanxi.resource.standard import standard

SENT = "reports.sent"
Data = Mapping[str, Any]
_usual = standard("reports")
TOO_LATE = _("It was sent on an earlier day and stays as it was read.")
_FIXED = ("member_id", "period", "first")


def _resource() -> Any:
    return find("reports")


def create_report(actor: Actor, *, data: Data, allow_duplicate: bool = False) -> Report:
    """Send a report from outside values (`period`, `first`, `sentence`), to whom the last one went. Raises Forbidden,
    Invalid, Refused as `send_report` does; one writes nobody else's."""
    resource = _resource()
    actor.require(resource.permission("create"))
    values = writing.clean(actor, resource, data)
    _only_own(actor, values)
    return send_report(
        actor, period=values.get("period", "day"), first=values["first"], sentence=values.get("sentence", "")
    )


def _only_own(actor: Actor, values: Mapping[str, Any]) -> None:
    if values.get("member_id", actor.member_id) != actor.member_id:
        raise Invalid({"member": [Message("own", _("One writes one’s own report."))]})


def send_report(
    actor: Actor,
    *,
    period: str,
    first: date,
    sentence: str = "",
    receivers: Collection[UUID] | None = None,
) -> Report:
    """Send one's report of the day, or of the week a day is in, as it stands now: figures and records are frozen. One
    that was taken back is sent anew. `receivers` are those of the last one, else the superior, where nobody is said.

    Raises Forbidden, Invalid for a day to come or somebody who is not here, Refused("sent") for one that is sent.
    """
    resource = _resource()
    actor.require(resource.permission("create"))
    if actor.member_id is None:
        raise Forbidden(resource.permission("create"))
    first = first_of(period, first)
    now = timezone.now()
    if first > timezone.localtime(now, zone()).date():
        raise Invalid({"first": [Message("future", _("That day is still to come."))]})
    _hold({actor.member_id})
    standing = _own(actor.member_id, period, first)
    if standing is not None and standing.sent_at is not None:
        raise Refused("sent", _("This report is sent. Take it back to send it anew."))
    to = _receivers(actor, period, receivers)
    due = due_of(actor.member_id, period, first)
    values = {
        "member_id": actor.member_id,
        "period": period,
        "first": first,
        "sentence": sentence.strip()[:2000],
        "sections": written(actor, actor.member_id, period, first),
        "sent_at": now,
        "due_at": due,
        "late": due is not None and now > due,
    }
    made = standing or Report(**values)
    with operation(
        actor, resource.act("create"), label=later(lambda: str(made)), summary={"created": 1}
    ) as opened:
        if standing is None:
            guards.check_new(actor, resource, [values])
            made = writing.insert(resource, values)
        else:
            guards.check_edit(actor, resource, [standing], values)
            writing.update(resource, standing, values, expected_version=None)
        _set_receivers(made, to)
        opened.record_id = made.pk
        type(opened).objects.filter(pk=opened.pk).update(record_id=made.pk)
    _tell(actor, made, to)
    return made


def _hold(members: Collection[UUID]) -> None:
    """Nobody else sends a report of these people until the transaction ends."""
    rows = Member.objects.filter(pk__in=members).order_by("pk")
    list(rows.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))


def _own(member: UUID, period: str, first: date) -> Report | None:
    rows = Report.objects.filter(member_id=member, period=period, first=first)
    return rows.select_for_update(of=("self",)).first()


def _receivers(actor: Actor, period: str, wanted: Collection[UUID] | None) -> list[UUID]:
    if wanted is None:
        assert actor.member_id is not None  # noqa: S101  asked before
        return [one.pk for one in receivers_proposed(actor.member_id, period)]
    here = set(Member.objects.filter(pk__in=list(wanted), left_on__isnull=True).values_list("pk", flat=True))
    if here != set(wanted) or actor.member_id in here:
        said = _("A report goes to people who work here, and not to oneself.")
        raise Invalid({"receivers": [Message("receiver", said)]})
    return sorted(here)


def _set_receivers(report: Report, wanted: Collection[UUID]) -> None:
    held = {one.member_id: one for one in Receiver.objects.filter(report=report)}
    for member, one in held.items():
        if member not in wanted:
            one.delete()
    for member in wanted:
        if member not in held:
            Receiver(report=report, member_id=member).save(force_insert=True)


def _tell(actor: Actor, report: Report, to: Collection[UUID]) -> None:
    notices.notify(
        to,
        SENT,
        url=_resource().url("card", id=report.pk),
        who=actor.name,
        period=report.period,
        first=report.first.isoformat(),
        sentence=report.sentence[:100],
        report=str(report.pk),
    )


def is_of_today(report: Report) -> bool:
    """Whether it was sent on the day that it is: so long its author may take it back."""
    return report.sent_at is not None and is_today(report.sent_at)


def is_today(at: datetime) -> bool:
    """Whether a moment is of today, where the company is."""
    here = zone()
    return timezone.localtime(at, here).date() == timezone.localtime(timezone.now(), here).date()


def reaches_all(actor: Actor, verb: str) -> bool:
    """Whether the actor may do this to everybody's reports, and so at any time."""
    return actor.reach(_resource().permission(verb)) == "all"


def take_back(actor: Actor, *, ids: Collection[UUID]) -> int:
    """Take one's own reports back on the day they were sent: nobody else sees them until they are sent anew. Returns
    how many. Raises Forbidden, Refused("too_late") for a single one that was sent on an earlier day."""
    resource = _resource()
    actor.require(resource.permission("edit"))
    rows = access.visible(actor, resource, "edit").filter(
        pk__among=ids, member_id=actor.member_id, sent_at__isnull=False
    )
    found = list(rows.order_by("pk").select_for_update(of=("self",)))
    fresh = [one for one in found if is_of_today(one)]
    if found and not fresh:
        raise Refused("too_late", TOO_LATE)
    with operation(
        actor,
        TAKE_BACK,
        record_id=fresh[0].pk if len(fresh) == 1 else None,
        label=later(lambda: str(fresh[0])) if len(fresh) == 1 else "",
    ) as opened:
        guards.check_edit(actor, resource, fresh)
        count = writing.update_each(resource, [(one, {"sent_at": None, "late": False}) for one in fresh])
        describe(opened, updated=count)
    for one in fresh:
        to = Receiver.objects.filter(report=one).values_list("member_id", flat=True)
        notices.withdraw(to, since=one.created_at, report=str(one.pk))
    return count


def edit_report(actor: Actor, report_id: UUID, *, data: Data, expected_version: int | None) -> Report:
    """Put the sentence otherwise, on the day it was sent; nothing else of a report is anybody's to change. Raises
    NotFound, Forbidden, Invalid, Stale, Refused("too_late")."""
    resource = _resource()
    found: Report = access.get(actor, resource, report_id, verb="edit", lock=True)
    values = writing.clean(actor, resource, data, partial=True)
    _check_fixed(values, [found])
    if writing.stands(resource, found, values, expected_version=expected_version):
        return found
    if not _may_still(actor, "edit", [found]):
        raise Refused("too_late", TOO_LATE)
    with operation(actor, resource.act("edit"), record_id=found.pk, label=later(lambda: str(found))):
        guards.check_edit(actor, resource, [found], values)
        writing.update(resource, found, values, expected_version=expected_version)
    return found


def edit_reports(actor: Actor, *, ids: Collection[UUID], data: Data) -> int:
    """The same for many; those that are too old or beyond reach are left alone. Returns how many changed. Raises
    Forbidden, Invalid."""
    resource = _resource()
    actor.require(resource.permission("edit"))
    values = writing.clean(actor, resource, data, partial=True)
    mine = access.visible(actor, resource, "edit").filter(pk__among=ids)
    _check_fixed(values, mine)
    fresh = [one.pk for one in _may_still(actor, "edit", mine)]
    return int(_usual.edit_many(actor, ids=fresh, data=data))


def edit_each(actor: Actor, *, changes: Sequence[tuple[UUID, Mapping[str, Any]]]) -> list[Any]:
    """The set form of `edit_report`: cleaned values by stored column. Raises NotFound, Forbidden, Invalid,
    Refused("too_late")."""
    resource = _resource()
    actor.require(resource.permission("edit"))
    found = access.visible(actor, resource, "edit").in_bulk([pk for pk, _values in changes])
    for pk, values in changes:
        if pk in found:
            _check_fixed(values, [found[pk]])
    if len(_may_still(actor, "edit", found.values())) < len(found):
        raise Refused("too_late", TOO_LATE)
    edited: list[Any] = _usual.edit_each(actor, changes=changes)
    return edited


def _check_fixed(values: Mapping[str, Any], reports: Iterable[Report]) -> None:
    """Raises Invalid beside what the system wrote."""
    fixed = [name for name in _FIXED if name in values]
    changed = {name for one in reports for name in fixed if getattr(one, name) != values[name]}
    if changed:
        said = _("What the system wrote is not changed: take it back and send it anew.")
        raise Invalid({name.removesuffix("_id"): [Message("fixed", said)] for name in sorted(changed)})


def _may_still(actor: Actor, verb: str, reports: Iterable[Report]) -> list[Report]:
    """Those that are not too old: one's own are open until the day they were sent on is over; who reaches everybody's
    may mend any."""
    if reaches_all(actor, verb):
        return list(reports)
    return [one for one in reports if one.sent_at is None or is_of_today(one)]


def create_reports(actor: Actor, *, rows: Sequence[dict[str, Any]]) -> list[UUID]:
    """The set form of `create_report`, by stored column. Of who may import it is what a file brings from elsewhere:
    whose, of which day, the sentence, and to whom it went (`receivers`). Raises Forbidden, Invalid for two of the same
    days, and what `send_report` raises."""
    resource = _resource()
    actor.require(resource.permission("create"))
    if not actor.may(resource.permission("import")):
        with operation(actor, resource.act("create")) as opened:
            made = [_send_row(actor, row).pk for row in rows]
            describe(opened, created=len(made))
        return made
    for row in rows:
        row["member_id"] = row.get("member_id") or actor.member_id
        row["first"] = first_of(row["period"], row["first"])
        row["sent_at"] = row.get("sent_at") or timezone.now()
    named = [(row["member_id"], row["period"], row["first"]) for row in rows]
    _hold({one[0] for one in named})
    standing = Report.objects.filter(
        member_id__in={one[0] for one in named}, first__in={one[2] for one in named}
    ).values_list("member_id", "period", "first")
    if len(set(named)) < len(named) or set(standing) & set(named):
        raise Invalid({"first": [Message("twice", _("There is a report of these days already."))]})
    with operation(actor, resource.act("create")) as opened:
        receivers = [row.pop("receivers", ()) for row in rows]
        guards.check_new(actor, resource, rows)
        brought = writing.insert_many(resource, rows)
        Receiver.objects.bulk_create(
            Receiver(report_id=pk, member_id=member)
            for pk, some in zip(brought, receivers, strict=True)
            for member in some
        )
        describe(opened, created=len(brought))
    return brought


def _send_row(actor: Actor, row: Mapping[str, Any]) -> Report:
    _only_own(actor, {**row, "member_id": row.get("member_id") or actor.member_id})
    return send_report(
        actor, period=row["period"], first=row["first"], sentence=row.get("sentence", ""), receivers=None
    )


def delete_reports(actor: Actor, *, ids: Collection[UUID]) -> int:
    """Delete reports: one's own on the day they were sent, any by who reaches everybody's. Returns how many. Raises
    NotFound, Forbidden, Refused("too_late") where all of them are too old."""
    resource = _resource()
    actor.require(resource.permission("delete"))
    mine = list(access.visible(actor, resource, "delete").filter(pk__among=ids))
    fresh = {one.pk for one in _may_still(actor, "delete", mine)}
    if mine and not fresh:
        raise Refused("too_late", TOO_LATE)
    old = {one.pk for one in mine} - fresh
    return int(_usual.remove_many(actor, ids=set(ids) - old))


def mark_read(
    actor: Actor,
    report: Report,
    *,
    waiting: Sequence[tuple[UUID, datetime]] | None = None,
    at: datetime | None = None,
) -> bool:
    """Note that a receiver has opened it; nothing where somebody else looks, or it was read since it was sent.
    `waiting` is what `unread` found, where it was asked already; `at` is when it was, now without. Returns whether it
    was noted. Raises NotFound for one that he does not see."""
    if actor.member_id is None or actor.observer_id is not None or report.sent_at is None:
        return False
    if waiting is not None and len(waiting) < MOST and report.pk not in {pk for pk, _at in waiting}:
        return False
    if not access.allows(actor, _resource(), report, "view"):
        raise NotFound("not_found", {"resource": "reports"})
    if not Receiver.objects.filter(report=report, member_id=actor.member_id).exists():
        return False
    now = at or timezone.now()
    held = Reading.objects.filter(report=report.pk, member_id=actor.member_id).first()
    if held is not None and held.read_at >= report.sent_at:
        return False
    if held is not None:
        return bool(Reading.objects.filter(pk=held.pk).update(read_at=now))
    Reading.objects.bulk_create(
        [Reading(report=report.pk, member_id=actor.member_id, read_at=now)], ignore_conflicts=True
    )
    return True
