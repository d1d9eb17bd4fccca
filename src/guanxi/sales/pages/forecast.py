"""The forecast: what the coming months or quarters are to bring, how that moved and how true it was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import ngettext, pgettext, pgettext_lazy
from django.views.decorators.http import require_http_methods

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.design.shapes import Tab
from guanxi.foundation.design.words import month
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import Draft, actor_of
from guanxi.kernel.errors import Forbidden
from guanxi.kernel.text import whole_number
from guanxi.resource.registry import find
from guanxi.sales.choices import EXPORT
from guanxi.sales.pages.forecast_lines import (
    FIGURES,
    Line,
    Period,
    Ways,
    chart,
    first_of,
    lines_of,
    periods_from,
    said,
    sheet,
    shown,
    signed,
    whole_of,
)
from guanxi.sales.pages.outlooks import drawn, post, said_of
from guanxi.sales.queries.forecasting import (
    forecast_with_whole,
    may_forecast,
    overdue,
    ways_to_group,
)
from guanxi.sales.queries.money import own_currency
from guanxi.sales.queries.movements import Truth, accuracy, movements
from guanxi.sales.rules.forecast import FEW, Told, hit
from guanxi.screens.looks import look_tabs

_MOVED = 50  # lines of sales that moved it
_AGO = 7  # days
_MOST_AGO = 366
BEFORE = timedelta(days=30)  # a month begins, the earlier word of it
_SPANS = {"month": pgettext_lazy("forecast", "By month"), "quarter": pgettext_lazy("forecast", "By quarter")}
GROUPS = {
    "owner": pgettext_lazy("forecast", "By person"),
    "department": pgettext_lazy("forecast", "By department"),
    "pipeline": pgettext_lazy("forecast", "By pipeline"),
    "stage": pgettext_lazy("forecast", "By stage"),
    "region": pgettext_lazy("forecast", "By region"),
    "product_line": pgettext_lazy("forecast", "By product line"),
    "product": pgettext_lazy("forecast", "By product"),
}
HEADS = {
    "won": pgettext_lazy("forecast", "Won"),
    "commit": pgettext_lazy("forecast", "Commit"),
    "best": pgettext_lazy("forecast", "Best case"),
    "pipeline": pgettext_lazy("forecast", "Pipeline"),
    "weighted": pgettext_lazy("forecast", "Weighted"),
    "sales": pgettext_lazy("forecast", "Sales"),
    "open": pgettext_lazy("forecast", "Open"),
}

REASONS = {
    "new": pgettext_lazy("forecast moved", "New"),
    "won": pgettext_lazy("forecast moved", "Won"),
    "lost": pgettext_lazy("forecast moved", "Lost"),
    "gone": pgettext_lazy("forecast moved", "Deleted"),
    "up": pgettext_lazy("forecast moved", "Amount up"),
    "down": pgettext_lazy("forecast moved", "Amount down"),
    "slipped": pgettext_lazy("forecast moved", "Put off"),
    "earlier": pgettext_lazy("forecast moved", "Brought forward, out of these months"),
    "pulled_in": pgettext_lazy("forecast moved", "Brought forward"),
    "slipped_in": pgettext_lazy("forecast moved", "Put off into these months"),
    "undated": pgettext_lazy("forecast moved", "Date taken away"),
    "dated": pgettext_lazy("forecast moved", "Date set"),
    "omitted": pgettext_lazy("forecast moved", "Left out of the forecast"),
    "included": pgettext_lazy("forecast moved", "Taken into the forecast"),
    "reopened": pgettext_lazy("forecast moved", "Opened again"),
    "category": pgettext_lazy("forecast moved", "Category changed"),
    "expected_on": pgettext_lazy("forecast moved", "Date changed within these months"),
    "stage": pgettext_lazy("forecast moved", "Stage changed"),
    "owner": pgettext_lazy("forecast moved", "Owner changed"),
}


@require_http_methods(["GET", "POST"])
def opportunities_forecast(request: HttpRequest) -> HttpResponse:
    """The forecast by `span` and `by`, of products also `in=quantity`; what moved it in `ago` days; `format=csv` is its
    table. A POST says or takes back what is expected of a month. Raises Forbidden."""
    actor, asked = actor_of(request), request.GET
    if not may_forecast(actor):
        raise Forbidden(find("opportunities").permission("view"))
    draft = Draft({})
    if request.method == "POST":
        draft = post(request, actor)
        if not draft.errors and not draft.overall:
            return HttpResponseRedirect(request.get_full_path())
    groups = ways_to_group(actor)
    by = asked.get("by", "")
    by = by if by in groups else groups[0]
    counted = by == "product" and asked.get("in") == "quantity"
    quarters = asked.get("span") == "quarter"
    ago = whole_number(asked.get("ago", ""), most=_MOST_AGO) or _AGO
    periods = periods_from(timezone.localdate(), quarters=quarters)
    first, last = periods[0].first, periods[-1].last
    found, in_all = forecast_with_whole(actor, first, last, by)
    lines = lines_of(actor, found, periods, by)
    if counted:
        lines = [one for one in lines if one.key is not None]
        lines.sort(key=lambda one: (-one.total.quantity, one.name))
    if asked.get("format") == "csv":
        actor.require(EXPORT)
        return sheet(lines, periods, counted=counted)
    kept = {"span": "quarter" if quarters else "month", "by": by, "ago": str(ago)}
    kept |= {"in": "quantity"} if counted else {}

    def to(**changed: str) -> str:
        return "?" + urlencode({name: text for name, text in {**kept, **changed}.items() if text})

    whole, way = whole_of(in_all, periods), Ways(by, lines)
    expected = {} if quarters else said_of(actor, periods)

    def beneath(line: Line, period: Period) -> str:
        one = expected.get((by, line.key, period.first))
        return (
            pgettext("forecast", "expected %(amount)s") % {"amount": said(one.amount) or "0"} if one else ""
        )

    context = {
        "active": "opportunities",
        "looks": look_tabs(actor, find("opportunities"), QueryDict(), page="opportunities_forecast"),
        "spans": [
            Tab(label=str(word), url=to(span=key), current=kept["span"] == key)
            for key, word in _SPANS.items()
        ],
        "groups": [
            Tab(label=str(GROUPS[key]), url=to(**{"by": key, "in": ""}), current=by == key) for key in groups
        ],
        "measures": _measures(to, counted=counted) if by == "product" else [],
        "counted": counted,
        "periods": periods,
        "heads": [HEADS[name] for name in (("open", "weighted", "won", "sales") if counted else FIGURES)],
        "lines": [shown(one, periods, way, counted=counted, beneath=beneath) for one in lines],
        "whole": None if counted else shown(whole, periods, way, whole=True),
        "unknown": whole.total.unknown,
        "chart": None if counted else chart(whole, periods, way),
        "csv_url": to(format="csv") if actor.may(EXPORT) else "",
        "currency": own_currency(),
        **_beyond(actor),
        **_moved(actor, ago, first, last),
        "spans_ago": [
            Tab(label=_days(days), url=to(ago=str(days)), current=days == ago) for days in (1, _AGO, 30, 90)
        ],
        "told": _told(actor),
        "few": FEW,
    }
    if not quarters and not counted:
        context |= drawn(actor, by, expected, lines, periods, draft)
    return render(
        request, "sales/forecast.html", context, status=422 if draft.errors or draft.overall else 200
    )


def _measures(to: Any, *, counted: bool) -> list[Tab]:
    return [
        Tab(label=pgettext("forecast", "In money"), url=to(**{"in": ""}), current=not counted),
        Tab(label=pgettext("forecast", "In quantities"), url=to(**{"in": "quantity"}), current=counted),
    ]


def _days(days: int) -> str:
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


def _beyond(actor: Actor) -> dict[str, Any]:
    """Open sales that stand in no month to come."""
    today, url = timezone.localdate(), find("opportunities").url()
    late, undated = overdue(actor, today)
    asked = {"look": "list", "state": "open", "expected_on.until": str(today - timedelta(days=1))}
    return {
        "late": late,
        "late_url": f"{url}?{urlencode(asked)}",
        "undated": undated,
        "undated_url": f"{url}?look=list&state=open&expected_on.empty=1",
    }


def _moved(actor: Actor, ago: int, first: date, last: date) -> dict[str, Any]:
    resource = find("opportunities")
    moved = movements(actor, timezone.now() - timedelta(days=ago), first, last, most=_MOVED)
    return {
        "moved": [
            (
                one,
                REASONS[one.movement.reason],
                signed(one.movement.delta) if one.movement.delta else "",
                resource.url("card", id=one.sale.pk),
            )
            for one in moved.rows
        ],
        "more": moved.count - len(moved.rows),
        "delta": signed(moved.delta),
        "ago": ago,
    }


@dataclass(frozen=True, slots=True)
class Hit:
    """Of somebody, or of all, in a month: what was forecast at each moment (certain, weighted, the share that was won
    of it), what was won, and whether these are too few sales to say much."""

    name: str
    said: Sequence[tuple[str, str, int | None]]
    won: str
    sales: int
    is_small: bool


def _told(actor: Actor) -> list[tuple[str, list[Hit]]]:
    """Of the last three months: what was forecast 30 days before and at their beginning, what was won, by person."""
    today, months = timezone.localdate(), []
    for back in (1, 2, 3):
        first = first_of(today.year * 12 + today.month - 1 - back)
        last = first_of(today.year * 12 + today.month - back) - timedelta(days=1)
        begins = timezone.make_aware(datetime.combine(first, time()))
        months.append((first, last, [begins - BEFORE, begins]))
    found = accuracy(actor, months)
    owners = {who for one in found for who in one.by_owner if who}
    names: dict[UUID | None, str] = dict(Member.objects.filter(pk__in=owners).values_list("pk", "name"))
    names[None] = pgettext("forecast", "Without an owner")
    return [
        (month(first), _hits(one, names)) for (first, _last, _thens), one in zip(months, found, strict=True)
    ]


def _hits(truth: Truth, names: dict[UUID | None, str]) -> list[Hit]:
    if not truth.by_owner:
        return []
    rows = sorted(truth.by_owner.items(), key=lambda item: (-item[1].won, names.get(item[0], "")))
    return [
        *(_hit(names.get(who, ""), told) for who, told in rows),
        _hit(pgettext("forecast", "In all"), truth.whole),
    ]


def _hit(name: str, told: Told) -> Hit:
    words = [(said(one.commit), said(one.weighted), hit(told.won, one.weighted)) for one in told.said]
    return Hit(name, words, said(told.won), max(told.sales, *(one.sales for one in told.said)), told.is_small)
