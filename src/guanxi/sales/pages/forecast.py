"""The forecast: what the coming months or quarters are to bring, how that moved and how true it was."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy
from django.views.decorators.http import require_GET

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.design.charts import Chart, Series
from guanxi.foundation.design.shapes import Tab
from guanxi.foundation.design.words import in_chinese, money, month
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import actor_of
from guanxi.kernel.text import formula_safe, whole_number
from guanxi.resource.registry import find
from guanxi.sales.choices import EXPORT, Category
from guanxi.sales.queries.forecasting import BY, Sums, accuracy, forecast, movements, overdue
from guanxi.sales.queries.money import own_currency
from guanxi.sales.queries.pipelines import ways

_MONTHS = 6  # shown of months
_QUARTERS = 4
_MOVED = 50  # lines of sales that moved it
_AGO = 7  # days
_MOST_AGO = 366

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


@dataclass(frozen=True, slots=True)
class Period:
    """A month or a quarter."""

    first: date
    last: date
    label: str


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody's or something's forecast: by period and in all, with the way to the sales behind each."""

    name: str
    cells: Sequence[tuple[Sums, str]]
    total: Sums
    url: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A line in words."""

    name: str
    url: str
    cells: Sequence[tuple[str, str]]
    totals: Sequence[str]


@require_GET
def opportunities_forecast(request: HttpRequest) -> HttpResponse:
    """The forecast by `span` and `by`; what moved it in `ago` days; `format=csv` is its table. Raises Forbidden."""
    actor = actor_of(request)
    quarters = request.GET.get("span") == "quarter"
    by = request.GET.get("by", "")
    by = by if by in BY else BY[0]
    ago = whole_number(request.GET.get("ago", ""), most=_MOST_AGO) or _AGO
    periods = _periods(timezone.localdate(), quarters=quarters)
    first, last = periods[0].first, periods[-1].last
    found = forecast(actor, first, last, by)
    names = _names(by, {who for who, _month in found})
    lines = _lines(found, periods, by, names)
    if request.GET.get("format") == "csv":
        actor.require(EXPORT)
        return _csv(lines, periods)
    late, undated = overdue(actor, timezone.localdate())
    moved = movements(actor, timezone.now() - timedelta(days=ago), first, last)
    kept = {"span": "quarter" if quarters else "month", "by": by, "ago": str(ago)}

    def to(**changed: str) -> str:
        return "?" + urlencode({**kept, **changed})

    spans = {"month": pgettext("forecast", "By month"), "quarter": pgettext("forecast", "By quarter")}
    groups = {
        "owner": pgettext("forecast", "By person"),
        "pipeline": pgettext("forecast", "By pipeline"),
        "stage": pgettext("forecast", "By stage"),
    }
    resource = find("opportunities")
    url, whole = resource.url(), _whole(lines, periods, first, last)
    context = {
        "active": "opportunities",
        "spans": [
            Tab(label=said, url=to(span=key), current=kept["span"] == key) for key, said in spans.items()
        ],
        "groups": [Tab(label=said, url=to(by=key), current=by == key) for key, said in groups.items()],
        "periods": periods,
        "lines": [_shown(one) for one in lines],
        "whole": _shown(whole),
        "unknown": whole.total.unknown,
        "chart": _chart(lines, periods),
        "csv_url": to(format="csv") if actor.may(EXPORT) else "",
        "late": late,
        "late_url": f"{url}?{urlencode(_late())}",
        "undated": undated,
        "undated_url": f"{url}?state=open&expected_on.empty=1",
        "moved": [
            (
                one,
                REASONS[one.movement.reason],
                _signed(one.movement.delta),
                resource.url("card", id=one.sale.pk),
            )
            for one in moved[:_MOVED]
        ],
        "spans_ago": [(days, to(ago=str(days))) for days in (1, _AGO, 30, 90)],
        "more": max(0, len(moved) - _MOVED),
        "delta": _signed(sum(one.movement.delta for one in moved)),
        "ago": ago,
        "told": _told(actor),
        "currency": own_currency(),
    }
    return render(request, "sales/forecast.html", context)


def _late() -> dict[str, str]:
    return {"state": "open", "expected_on.until": str(timezone.localdate() - timedelta(days=1))}


def _periods(today: date, *, quarters: bool) -> list[Period]:
    step, number = (3, _QUARTERS) if quarters else (1, _MONTHS)
    start = today.year * 12 + (today.month - 1) // step * step
    found = []
    for at in range(number):
        first, after = (_first(start + (at + n) * step) for n in (0, 1))
        label = f"{first.year} Q{first.month // 3 + 1}" if quarters else month(first)
        found.append(Period(first, after - timedelta(days=1), label))
    return found


def _first(months: int) -> date:
    return date(months // 12, months % 12 + 1, 1)


def _names(by: str, ids: set[UUID | None]) -> dict[UUID | None, str]:
    if by == "owner":
        rows = Member.objects.filter(pk__in=[one for one in ids if one])
        return {None: pgettext("forecast", "Without an owner"), **{one.pk: one.name for one in rows}}
    known = ways()
    if by == "stage":
        return {pk: str(stage) for pk, stage in known.stages.items()}
    return {one.pk: str(one) for one in known.pipelines}


def _lines(
    found: dict[tuple[UUID | None, date], Sums],
    periods: Sequence[Period],
    by: str,
    names: dict[UUID | None, str],
) -> list[Line]:
    lines = []
    for who in {one for one, _month in found}:
        cells, total = [], Sums()
        for period in periods:
            cell = Sums()
            for (other, day), sums in found.items():
                if other == who and period.first <= day <= period.last:
                    cell.add(sums)
            total.add(cell)
            cells.append((cell, _behind(by, who, period.first, period.last)))
        name = names.get(who) or pgettext("forecast", "Others")
        lines.append(Line(name, cells, total, _behind(by, who, periods[0].first, periods[-1].last)))
    return sorted(lines, key=lambda one: (-one.total.open - one.total.won, one.name))


def _behind(by: str, who: UUID | None, first: date, last: date) -> str:
    asked = {"state": "open", "expected_on.between": f"{first},{last}"}
    asked |= {by: str(who)} if who else {f"{by}.empty": "1"}
    return f"{find('opportunities').url()}?{urlencode(asked)}"


def _money(hundredths: int) -> str:
    return money(Decimal(hundredths) / 100, own_currency())


def _signed(hundredths: int) -> str:
    return f"+{_money(hundredths)}" if hundredths > 0 else _money(hundredths) if hundredths else "0"


def _shown(line: Line) -> Shown:
    total = line.total
    figures = (total.won, total.commit, total.best, total.pipeline, total.weighted)
    return Shown(
        line.name,
        line.url,
        [(_money(cell.open) if cell.sales else "", url) for cell, url in line.cells],
        [*map(_money, figures), f"{total.sales:,}"],
    )


def _whole(lines: Sequence[Line], periods: Sequence[Period], first: date, last: date) -> Line:
    total, cells = Sums(), []
    url = find("opportunities").url()
    for at, period in enumerate(periods):
        cell = Sums()
        for line in lines:
            cell.add(line.cells[at][0])
        total.add(cell)
        asked = {"state": "open", "expected_on.between": f"{period.first},{period.last}"}
        cells.append((cell, f"{url}?{urlencode(asked)}"))
    asked = {"state": "open", "expected_on.between": f"{first},{last}"}
    return Line(pgettext("forecast", "In all"), cells, total, f"{url}?{urlencode(asked)}")


def _chart(lines: Sequence[Line], periods: Sequence[Period]) -> Chart:
    whole = _whole(lines, periods, periods[0].first, periods[-1].last)
    unit = 1_000_000 if in_chinese() else 100_000
    parts = {"won": pgettext("forecast", "Won"), **{one.value: str(one.label) for one in Category}}
    urls = [url for _cell, url in whole.cells]
    return Chart(
        id="forecast",
        label=_("Forecast"),
        categories=[one.label for one in periods],
        unit=str(format_lazy("{} {}", _("10,000") if in_chinese() else _("thousand"), own_currency())),
        stacked=True,
        series=[
            Series(
                name=parts[name],
                values=[round(getattr(cell, name) / unit, 2) for cell, _url in whole.cells],
                urls=() if name == "won" else urls,
                tone=tone,
            )
            for name, tone in (("won", "c3"), ("commit", "c1"), ("best", "c2"), ("pipeline", "c4"))
        ],
    )


def _csv(lines: Sequence[Line], periods: Sequence[Period]) -> HttpResponse:
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="forecast.csv"'
    words = ("won", "commit", "best", "pipeline", "weighted", "sales", "unknown")
    sheet = csv.writer(answer)
    sheet.writerow(["name", "from", "to", *words])
    for line in lines:
        for period, (cell, _url) in zip(periods, line.cells, strict=True):
            figures = [_plain(getattr(cell, word)) for word in words[:5]] + [
                str(cell.sales),
                str(cell.unknown),
            ]
            sheet.writerow([formula_safe(line.name), period.first, period.last, *figures])
    return answer


def _plain(hundredths: int) -> str:
    return f"{Decimal(hundredths) / 100:.2f}"


def _told(actor: Actor) -> list[tuple[str, list[tuple[str, ...]]]]:
    """Of the last three months: what was forecast at their beginning, what was won, by person."""
    today, told = timezone.localdate(), []
    for back in (1, 2, 3):
        first = _first(today.year * 12 + today.month - 1 - back)
        last = _first(today.year * 12 + today.month - back) - timedelta(days=1)
        then = timezone.make_aware(datetime.combine(first, time()))
        found = accuracy(actor, then, first, last)
        names = _names("owner", set(found))
        rows = [
            (names.get(who, ""), *(_money(one) for one in (said.commit, said.open, said.won)))
            for who, said in sorted(found.items(), key=lambda item: -item[1].won)
        ]
        told.append((month(first), rows))
    return told
