"""The lines of the forecast: by whom or what, month by month, every figure with the way to the sales behind it."""

import csv
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import format_lazy
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from guanxi.customers.reference import regions
from guanxi.foundation.accounts.models import Department, Member
from guanxi.foundation.design.charts import Chart, Series
from guanxi.foundation.design.words import in_chinese, money, month
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.figures import format_figure
from guanxi.kernel.money import currency_digits
from guanxi.kernel.prices import QUANTITY_PLACES
from guanxi.kernel.text import formula_safe
from guanxi.resource import access
from guanxi.resource.registry import find
from guanxi.sales.choices import Category
from guanxi.sales.queries.forecasting import OWN
from guanxi.sales.queries.money import own_currency, own_money
from guanxi.sales.queries.pipelines import ways
from guanxi.sales.queries.splitting import Key
from guanxi.sales.rules.forecast import COUNTED, Sums

_MONTHS = 6  # shown of months
_QUARTERS = 4
_MOST_MEMBERS = 100  # of a department that the list's filter names
FIGURES = ("won", "commit", "best", "pipeline", "weighted", "sales")


@dataclass(frozen=True, slots=True)
class Period:
    """A month or a quarter."""

    first: date
    last: date
    label: str


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody's or something's forecast, by period and in all; `unit` is a product's."""

    key: Key
    name: str
    cells: Sequence[Sums]
    total: Sums
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure in words with the way to the sales behind it, and what stands small beneath; "" for nothing."""

    text: str
    url: str
    sub: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A line in words; `main` is what a phone shows of it."""

    name: str
    url: str
    cells: Sequence[Figure]
    totals: Sequence[Figure]
    main: Figure
    key: Key = None


def periods_from(today: date, *, quarters: bool) -> list[Period]:
    """This month or quarter and those that follow."""
    step, number = (3, _QUARTERS) if quarters else (1, _MONTHS)
    start = today.year * 12 + (today.month - 1) // step * step
    found = []
    for at in range(number):
        first, after = (first_of(start + (at + n) * step) for n in (0, 1))
        label = f"{first.year} Q{first.month // 3 + 1}" if quarters else month(first)
        found.append(Period(first, after - timedelta(days=1), label))
    return found


def first_of(months: int) -> date:
    """The first day of a month, counted from the year 0."""
    return date(months // 12, months % 12 + 1, 1)


def lines_of(
    actor: Actor, found: Mapping[tuple[Key, date], Sums], periods: Sequence[Period], by: str
) -> list[Line]:
    """The largest first."""
    cells: dict[Key, list[Sums]] = defaultdict(lambda: [Sums() for _period in periods])
    for (key, day), sums in found.items():
        for at, period in enumerate(periods):
            if period.first <= day <= period.last:
                cells[key][at].add(sums)
    names = _names(actor, by, set(cells))
    lines = []
    for key, of in cells.items():
        name, unit = names.get(key, (pgettext("forecast", "Others"), ""))
        lines.append(Line(key, name, of, _sum(of), unit))
    return sorted(lines, key=lambda one: (-one.total.open - one.total.won, one.name))


def whole_of(whole: Mapping[date, Sums], periods: Sequence[Period]) -> Line:
    """What all of them come to."""
    cells = [
        _sum([sums for day, sums in whole.items() if period.first <= day <= period.last])
        for period in periods
    ]
    return Line(None, pgettext("forecast", "In all"), cells, _sum(cells))


def _sum(parts: Sequence[Sums]) -> Sums:
    total = Sums()
    for one in parts:
        total.add(one)
    return total


def _names(actor: Actor, by: str, keys: set[Key]) -> dict[Key, tuple[str, str]]:
    """What each is called, and its unit."""
    ids = [one for one in keys if isinstance(one, UUID)]
    found: dict[Key, tuple[str, str]] = {}
    if by == "owner":
        found = {pk: (name, "") for pk, name in Member.objects.filter(pk__in=ids).values_list("pk", "name")}
        found[None] = (pgettext("forecast", "Without an owner"), "")
    elif by == "department":
        found = {
            pk: (name, "") for pk, name in Department.objects.filter(pk__in=ids).values_list("pk", "name")
        }
        found[None] = (pgettext("forecast", "Without a department"), "")
    elif by == "stage":
        found = {pk: (str(stage), "") for pk, stage in ways().stages.items()}
    elif by == "pipeline":
        found = {one.pk: (str(one), "") for one in ways().pipelines}
    elif by == "region":
        found = {key: (region_name(str(key)), "") for key in keys}
    elif by == "product_line":
        seen = access.visible(actor, find("product_lines")).filter(pk__in=ids)
        found = dict.fromkeys(ids, (_("A record you cannot see"), ""))
        found |= {pk: (name, "") for pk, name in seen.values_list("pk", "name")}
        found[None] = (pgettext("forecast", "No product line"), "")
    else:
        seen = access.visible(actor, find("products")).filter(pk__in=ids)
        found = dict.fromkeys(ids, (_("A record you cannot see"), ""))
        found |= {one.pk: (str(one), one.unit) for one in seen}
        found[None] = (pgettext("forecast", "No product"), "")
    return found


def name_of(actor: Actor, by: str, key: Key) -> str:
    """What one of the lines is called."""
    return _names(actor, by, {key}).get(key, (pgettext("forecast", "Others"), ""))[0]


def region_name(key: str) -> str:
    """A province or country by the first two signs of its code."""
    if not key:
        return pgettext("forecast", "Region not known")
    code = f"{key}0000" if key.isdigit() else key
    return regions.label(code, get_language() or "zh-hans") or code


class Ways:
    """The addresses of the sales behind figures: the list where it can say it, else a page of its own."""

    def __init__(self, by: str, lines: Sequence[Line]) -> None:
        self._by, self._list = by, find("opportunities").url()
        self._members: dict[UUID, list[UUID]] = defaultdict(list)
        if by == "department":
            ids = [one.key for one in lines if one.key]
            for member, of in Member.objects.filter(department_id__in=ids).values_list("pk", "department_id"):
                self._members[of].append(member)

    def to(self, key: Key, first: date, last: date, what: str) -> str:
        """To the sales of one line."""
        named: dict[str, str] | None = None
        if self._by in OWN:
            named = {self._by: str(key)} if key else {f"{self._by}.empty": "1"}
        elif self._by == "department" and isinstance(key, UUID):
            members = self._members[key]
            named = {"owner": ",".join(map(str, members))} if 0 < len(members) <= _MOST_MEMBERS else None
        if named is not None:
            return self._listed(first, last, what, named)
        asked = {"by": self._by, "key": str(key or ""), "first": str(first), "last": str(last), "what": what}
        return f"{reverse('forecast_sales')}?{urlencode(asked)}"

    def all(self, first: date, last: date, what: str) -> str:
        """To the sales of all lines."""
        return self._listed(first, last, what, {})

    def _listed(self, first: date, last: date, what: str, named: Mapping[str, str]) -> str:
        if what == "won":
            asked = {"state": "won", "closed_on.between": f"{first},{last}"}
        else:
            category = what if what in COUNTED else ",".join(COUNTED)
            asked = {"state": "open", "category": category, "expected_on.between": f"{first},{last}"}
        return f"{self._list}?{urlencode({'look': 'list', **asked, **named})}"


def shown(
    line: Line,
    periods: Sequence[Period],
    to: Ways,
    *,
    whole: bool = False,
    counted: bool = False,
    beneath: Callable[[Line, Period], str] = lambda line, period: "",
) -> Shown:
    """A line in words, in money or in quantities; `beneath` is what stands small below a month's amount."""
    first, last = periods[0].first, periods[-1].last

    def way(begin: date, end: date, what: str) -> str:
        return to.all(begin, end, what) if whole else to.to(line.key, begin, end, what)

    cells = []
    for period, sums in zip(periods, line.cells, strict=True):
        url = way(period.first, period.last, "open")
        if counted:
            cell = Figure(_quantity(sums.quantity, line.unit), url, _quantity(sums.likely), period.label)
        else:
            text = said(sums.open) or ("0" if sums.sales else "")
            cell = Figure(text, url, beneath(line, period), period.label)
        cells.append(cell)
    total = line.total
    if counted:
        figures = {
            "open": (_quantity(total.quantity, line.unit), "open"),
            "likely": (_quantity(total.likely, line.unit), "open"),
            "won": (_quantity(total.won_quantity, line.unit), "won"),
            "sales": (f"{total.sales:,}" if total.sales else "", "open"),
        }
        main = Figure(figures["open"][0], way(first, last, "open"), figures["likely"][0])
    else:
        figures = {
            name: (said(getattr(total, name)), name if name in ("won", *COUNTED) else "open")
            for name in FIGURES[:-1]
        }
        figures["sales"] = (f"{total.sales:,}" if total.sales else "", "open")
        main = Figure(said(total.open), way(first, last, "open"), figures["weighted"][0])
    totals = [Figure(text, way(first, last, what)) for text, what in figures.values()]
    return Shown(line.name, way(first, last, "open"), cells, totals, main, line.key)


def said(minor: int) -> str:
    """An amount in the company's own currency; "" for nothing."""
    return money(own_money(minor)) if minor else ""


def signed(minor: int) -> str:
    """The same with its sign."""
    return f"+{said(minor)}" if minor > 0 else said(minor) or "0"


def _quantity(thousandths: int, unit: str = "") -> str:
    if not thousandths:
        return ""
    text = format_figure(thousandths, places=QUANTITY_PLACES)
    return f"{text} {unit}" if unit else text


def quantity(thousandths: int | None, unit: str = "") -> str:
    """So many of a unit; "" where it is not known."""
    return _quantity(thousandths or 0, unit)


def chart(whole: Line, periods: Sequence[Period], to: Ways) -> Chart:
    """All lines together, stacked by how sure they are."""
    unit = (10_000 if in_chinese() else 1_000) * 10 ** currency_digits(own_currency())
    parts = {"won": pgettext("forecast", "Won"), **{one.value: str(one.label) for one in Category}}
    return Chart(
        id="forecast",
        label=_("Forecast"),
        categories=[one.label for one in periods],
        unit=str(format_lazy("{} {}", _("10,000") if in_chinese() else _("thousand"), own_currency())),
        stacked=True,
        series=[
            Series(
                name=parts[name],
                values=[round(getattr(cell, name) / unit, 2) for cell in whole.cells],
                urls=[to.all(one.first, one.last, name) for one in periods],
                tone=tone,
            )
            for name, tone in (("won", "c3"), ("commit", "c1"), ("best", "c2"), ("pipeline", "c4"))
        ],
    )


def sheet(lines: Sequence[Line], periods: Sequence[Period], *, counted: bool) -> HttpResponse:
    """The table as a CSV file."""
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="forecast.csv"'
    rows, places = csv.writer(answer), currency_digits(own_currency())
    if counted:
        rows.writerow(["name", "unit", "from", "to", "open", "weighted", "won", "sales"])
    else:
        rows.writerow(["name", "from", "to", *FIGURES, "unknown"])
    for line in lines:
        for period, one in zip(periods, line.cells, strict=True):
            when, name = (period.first, period.last), formula_safe(line.name)
            if counted:
                many = [
                    _plain(each, QUANTITY_PLACES) for each in (one.quantity, one.likely, one.won_quantity)
                ]
                rows.writerow([name, formula_safe(line.unit), *when, *many, one.sales])
            else:
                sums = [_plain(getattr(one, figure), places) for figure in FIGURES[:-1]]
                rows.writerow([name, *when, *sums, one.sales, one.unknown])
    return answer


def _plain(scaled: int, places: int) -> str:
    return f"{Decimal(scaled).scaleb(-places):.{places}f}"
