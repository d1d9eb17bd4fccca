"""What managers expect of months: beside the forecast, who said so, when and why, and the form to say it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from guanxi.foundation.design.shapes import Option
from guanxi.foundation.design.words import month as month_words
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import Draft, tell, uuid_of
from guanxi.kernel.errors import Invalid, NotFound, Refused
from guanxi.sales.choices import EXPECT
from guanxi.sales.models import Outlook
from guanxi.sales.pages.forecast_lines import Line, Period, said
from guanxi.sales.queries.outlooks import outlooks, reaches, whose
from guanxi.sales.queries.splitting import Key
from guanxi.sales.services.outlooks import read_amount, say_outlook, withdraw_outlook

_FIELDS = ("whose", "month", "amount", "reason")
Said = Mapping[tuple[str, Key, date], Outlook]


@dataclass(frozen=True, slots=True)
class Row:
    """An expectation beside the figure that is worked out, where the table of the page has it."""

    id: UUID
    name: str
    month: str
    said: str
    computed: str
    reason: str
    by: str
    at: datetime
    mine: bool


def post(request: HttpRequest, actor: Actor) -> Draft:
    """Say or take back what the form says; the form with what is wrong with it. Raises Forbidden, NotFound."""
    given = request.POST
    draft = Draft({name: given.get(name, "").strip() for name in _FIELDS})
    try:
        if given.get("act") == "withdraw":
            chosen = uuid_of(given.get("outlook"))
            if chosen is None:
                raise NotFound("no_outlook")
            withdraw_outlook(actor, chosen)
            tell(request, _("Taken back"), undo=last_operation_id())
        else:
            _say(actor, draft.values)
            tell(request, _("Saved"), undo=last_operation_id())
    except (Invalid, Refused) as error:
        draft.blame(error)
    return draft


def _say(actor: Actor, values: Mapping[str, Any]) -> None:
    actor.require(EXPECT)
    kind, _sep, text = values["whose"].partition(":")
    of = uuid_of(text)
    try:
        first = parse_date(values["month"])
    except ValueError:
        first = None
    if first is None:
        raise NotFound("no_month")
    say_outlook(
        actor,
        month=first,
        amount=read_amount(values["amount"]),
        reason=values["reason"],
        member=of if kind == "owner" else None,
        department=of if kind == "department" else None,
    )


def said_of(actor: Actor, periods: Sequence[Period]) -> Said:
    """What is expected in these months, by whose it is."""
    found: dict[tuple[str, Key, date], Outlook] = {}
    for one in outlooks(actor, periods[0].first, periods[-1].last):
        by, key = ("owner", one.member_id) if one.member_id else ("department", one.department_id)
        found[by, key, one.month] = one
    return found


def drawn(
    actor: Actor, by: str, found: Said, lines: Sequence[Line], periods: Sequence[Period], draft: Draft
) -> dict[str, Any]:
    """The expectations beneath the table, and the form where the actor may say one."""
    worked_out = {
        (line.key, period.first): cell.won + cell.weighted
        for line in lines
        for period, cell in zip(periods, line.cells, strict=True)
    }
    may = actor.may(EXPECT)
    rows = [
        Row(
            one.pk,
            str(one.member or one.department),
            month_words(one.month),
            said(one.amount) or "0",
            said(worked_out.get((key, first), 0)) if of == by else "",
            one.reason,
            one.by.name if one.by is not None else "",
            one.updated_at,
            may and reaches(actor, EXPECT, one.member_id, one.department_id),
        )
        for (of, key, first), one in found.items()
    ]
    return {"outlooks": rows, "outlook_draft": draft, "outlook_fields": _fields(actor, periods, draft)}


def _fields(actor: Actor, periods: Sequence[Period], draft: Draft) -> list[Any]:
    members, departments = whose(actor)
    if not members and not departments:
        return []
    chosen = draft.values
    people = [Option(value=f"owner:{one.pk}", label=one.name) for one in members]
    groups = [Option(value=f"department:{one.pk}", label=one.name) for one in departments]
    of = [
        Option(value=one.value, label=one.label, selected=one.value == chosen.get("whose"))
        for one in (*groups, *people)
    ]
    months = [
        Option(value=str(one.first), label=one.label, selected=str(one.first) == chosen.get("month"))
        for one in periods
    ]
    return [
        draft.field("whose", pgettext("outlook", "Whose"), "select", of),
        draft.field("month", pgettext("outlook", "Month"), "select", months),
        draft.field("amount", pgettext("outlook", "Expected, won included"), inputmode="decimal"),
        draft.field("reason", pgettext("outlook", "Why"), maxlength=300, wide=True),
    ]
