"""What a report of a day or week says of touches and promises."""

import json
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.activities.choices import What
from guanxi.activities.models import CheckIn, Commitment
from guanxi.activities.queries.effective import not_left
from guanxi.activities.rules import COUNTED, OUTCOMES
from guanxi.foundation.ledger.models import Change
from guanxi.resource.reporting import MISSED, NEXT, Asked, Figure, reports

_COUNTED = json.dumps(
    {
        "any": [
            {"field": "outcome", "op": "is", "values": [one for one in COUNTED if one]},
            {"field": "outcome", "op": "empty", "values": []},
        ]
    },
    separators=(",", ":"),
)
_KINDS = (What.VISIT, What.CALL, What.MEETING, What.TASK, What.NOTE)
_PLURALS = {
    What.VISIT: pgettext_lazy("report", "Visits"),
    What.CALL: pgettext_lazy("report", "Calls"),
    What.MEETING: pgettext_lazy("report", "Meetings"),
    What.TASK: pgettext_lazy("report", "Tasks"),
    What.NOTE: pgettext_lazy("report", "Notes"),
}


def _of_kind(kind: What) -> Figure:
    return Figure(
        f"touches.{kind.value}",
        _PLURALS[kind],
        "activities",
        query=lambda asked: f"owner={asked.member}&state=done&kind={kind.value}&{asked.within('at')}",
        split="outcome" if kind.value in OUTCOMES else "",
        customer="customer",
        key=kind in (What.VISIT, What.CALL),
    )


def _effective(asked: Asked) -> str:
    kinds = ",".join(OUTCOMES)
    return f"owner={asked.member}&state=done&kind={kinds}&customer.filled=&{asked.within('at')}&filter={_COUNTED}"


def _still_there(asked: Asked) -> list[UUID]:
    """Visits that are not left and of which nothing is said: the list cannot ask for them."""
    rows = not_left().filter(
        activity__owner_id=asked.member,
        activity__outcome="",
        activity__at__gte=asked.start,
        activity__at__lt=asked.end,
    )
    return list(rows.values_list("activity_id", flat=True))


def _checked_in(asked: Asked) -> list[UUID]:
    rows = CheckIn.objects.filter(member_id=asked.member, at__gte=asked.start, at__lt=asked.end)
    return list(rows.values_list("activity_id", flat=True))


def _promised(state: str, asked: Asked, *, side: str = "ours") -> str:
    return f"owner={asked.member}&side={side}&state={state}&{asked.within('settled_on')}"


def _put_off(asked: Asked) -> list[UUID]:
    """Promises whose day was put off in these days, by what the change log says of them."""
    moved = Commitment.objects.filter(owner_id=asked.member, moved__gt=0, updated_at__gte=asked.start)
    ids = list(moved.values_list("pk", flat=True))
    rows = Change.objects.filter(
        row_id__in=ids, at__gte=asked.start, at__lt=asked.end, action=Change.UPDATE, new__has_key="moved"
    )
    return list(set(rows.values_list("row_id", flat=True)))


def register() -> None:
    """Called once at start-up."""
    reports(
        "touches",
        pgettext_lazy("report", "With customers"),
        (
            *(_of_kind(kind) for kind in _KINDS),
            Figure(
                "touches.effective",
                pgettext_lazy("report", "Effective follow-ups among them"),
                "activities",
                query=_effective,
                but=_still_there,
                customer="customer",
                apart=True,
                key=True,
                short=pgettext_lazy("report", "Effective follow-ups"),
            ),
            Figure(
                "touches.checked_in",
                pgettext_lazy("report", "Visits with a check-in"),
                "activities",
                rows=_checked_in,
                customer="customer",
                apart=True,
            ),
        ),
        order=10,
    )
    reports(
        "promises",
        pgettext_lazy("report", "Commitments"),
        (
            Figure(
                "promises.made",
                pgettext_lazy("report", "We promised"),
                "commitments",
                query=lambda asked: f"owner={asked.member}&side=ours&{asked.within('created_at')}",
                customer="customer",
            ),
            Figure(
                "promises.kept",
                pgettext_lazy("report", "Kept"),
                "commitments",
                query=lambda asked: _promised("kept", asked),
                customer="customer",
                key=True,
                short=pgettext_lazy("report", "Promises kept"),
                tone="good",
            ),
            Figure(
                "promises.put_off",
                pgettext_lazy("report", "Put off"),
                "commitments",
                rows=_put_off,
                customer="customer",
                tone="warn",
            ),
            Figure(
                "promises.broken",
                pgettext_lazy("report", "Broken"),
                "commitments",
                query=lambda asked: _promised("broken", asked),
                customer="customer",
                key=True,
                short=pgettext_lazy("report", "Promises broken"),
                tone="bad",
            ),
            Figure(
                "promises.theirs",
                pgettext_lazy("report", "They promised"),
                "commitments",
                query=lambda asked: f"owner={asked.member}&side=theirs&{asked.within('created_at')}",
                customer="customer",
            ),
            Figure(
                "promises.theirs_kept",
                pgettext_lazy("report", "They kept"),
                "commitments",
                query=lambda asked: _promised("kept", asked, side="theirs"),
                customer="customer",
            ),
        ),
        order=30,
    )
    reports(
        "missed",
        pgettext_lazy("report", "Due and not done"),
        (
            Figure(
                "missed.planned",
                pgettext_lazy("report", "Planned and not done"),
                "activities",
                query=lambda asked: f"owner={asked.member}&state=planned&at.until={asked.last.isoformat()}",
                customer="customer",
                of=MISSED,
                key=True,
                short=pgettext_lazy("report", "Not done"),
                tone="warn",
            ),
            Figure(
                "missed.promises",
                pgettext_lazy("report", "Promises due and open"),
                "commitments",
                query=lambda asked: (
                    f"owner={asked.member}&side=ours&state=open&due.until={asked.last.isoformat()}"
                ),
                customer="customer",
                of=MISSED,
                key=True,
                short=pgettext_lazy("report", "Promises overdue"),
                tone="bad",
            ),
        ),
        order=80,
    )
    reports(
        "next",
        pgettext_lazy("report", "What comes next"),
        (
            Figure(
                "next.planned",
                _("Planned"),
                "activities",
                query=lambda asked: f"owner={asked.member}&state=planned&{asked.within('at')}",
                customer="customer",
                of=NEXT,
            ),
            Figure(
                "next.promises",
                pgettext_lazy("report", "Promises due"),
                "commitments",
                query=lambda asked: f"owner={asked.member}&state=open&{asked.within('due')}",
                customer="customer",
                of=NEXT,
            ),
        ),
        order=90,
    )
