"""Opportunities as a calendar of the days they are expected on: a look of their list, and another day for one."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guanxi.foundation.design.words import exact, weekday
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import actor_of
from guanxi.foundation.worktime.queries import worktime
from guanxi.kernel.errors import Invalid, Message
from guanxi.kernel.money import Money
from guanxi.kinds import Show
from guanxi.resource import access
from guanxi.resource.listing import Listing
from guanxi.resource.registry import find
from guanxi.resource.viewing import lasting
from guanxi.sales.choices import State
from guanxi.sales.models import Opportunity
from guanxi.sales.queries.expected import Expected, beyond, expected_days, sees_amounts
from guanxi.sales.queries.money import own_money
from guanxi.sales.queries.pipelines import ways
from guanxi.sales.services.opportunities import edit_opportunity
from guanxi.screens.acts import accepting
from guanxi.screens.looks import Drawn
from guanxi.screens.replies import tell, toast

KEY = "opportunities"
_FIRST, _LAST = 1990, 2200  # years


@dataclass(frozen=True, slots=True)
class Item:
    """A sale on its day."""

    record: Opportunity
    customer: str
    stage: str
    amount: Money | None
    movable: bool


@dataclass(frozen=True, slots=True)
class Sums:
    """How much is expected in some days, in words of a page; `amount` is None to whom amounts are closed."""

    count: int
    amount: Money | None
    unknown: int
    url: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A day with its largest sales; `rest` are those there is no room for."""

    day: date
    items: Sequence[Item]
    rest: int
    inside: bool
    today: bool
    late: bool
    off: bool
    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from Monday, and what they are to bring."""

    cells: Sequence[Cell]
    sums: Sums
    words: str
    # Whether a day of the month itself has a sale: on a phone, which leaves the others out, the rest has no line.
    here: bool


def draw(request: HttpRequest, wanted: Listing, query: QueryDict) -> Drawn:
    """A month of the list's open sales in the place of its table: `month=2026-11`, else this one."""
    actor, resource = wanted.actor, find(KEY)
    if not access.is_open(actor, resource.kind("expected_on")):
        return Drawn("sales/expected/closed.html", {}, 0)
    today = timezone.localdate()
    month = _month(query.get("month", "")) or today.replace(day=1)
    end = month.replace(day=monthrange(month.year, month.month)[1])
    first = month - timedelta(days=month.weekday())
    last = end + timedelta(days=6 - end.weekday())
    days, money = expected_days(wanted, first, last), sees_amounts(wanted)
    items = _items(actor, [one for day in days.values() for one in day.sales], money=money)

    def behind(**asked: str) -> str:
        return f"{resource.url()}?{lasting(query, look='list', state='open', month='', **asked)}"

    def between(one: date, other: date) -> str:
        return behind(**{"expected_on.between": f"{one},{other}"})

    def sums(found: Expected, url: str) -> Sums:
        return Sums(found.count, own_money(found.amount) if money else None, found.unknown, url)

    whole, weeks = Expected(), []
    for start in range(0, (last - first).days + 1, 7):
        week, cells = Expected(), []
        for day in (first + timedelta(days=start + n) for n in range(7)):
            found = days.get(day) or Expected()
            week.add(found)
            if month <= day <= end:
                whole.add(found)
            cells.append(
                Cell(
                    day,
                    [items[one.pk] for one in found.sales],
                    found.count - len(found.sales),
                    month <= day <= end,
                    day == today,
                    day < today,
                    not worktime().is_workday(day),
                    weekday(day),
                    between(day, day),
                )
            )
        ends = cells[0].day, cells[-1].day
        here = any(cell.inside and cell.items for cell in cells)
        weeks.append(Week(cells, sums(week, between(*ends)), _between(*ends), here))
    late, undated = beyond(wanted, today)
    yesterday = today - timedelta(days=1)

    def to(other: date | None) -> str:
        return f"{resource.url()}?{lasting(query, look='calendar', month=f'{other:%Y-%m}' if other else '')}"

    context = {
        "title": date_format(month, "YEAR_MONTH_FORMAT"),
        "weekdays": [date_format(first + timedelta(days=n), "D") for n in range(7)],
        "weeks": weeks,
        "whole": sums(whole, between(month, end)),
        "late": sums(late, behind(**{"expected_on.until": f"{yesterday}"})),
        "undated": sums(undated, behind(**{"expected_on.empty": "1"})),
        "before": to(month - timedelta(days=1)),
        "after": to(end + timedelta(days=1)),
        "now": to(None),
    }
    return Drawn("sales/expected/calendar.html", context, found=whole.count, script="days.js", sorted=False)


def _between(first: date, last: date) -> str:
    """Two days as a calendar says them: "2 Nov – 8 Nov"."""
    return "–".join(date_format(one, "MONTH_DAY_FORMAT") for one in (first, last))


def _month(text: str) -> date | None:
    year, _dash, month = text.partition("-")
    if not (year.isdecimal() and month.isdecimal() and len(text) <= 7):
        return None
    if not (_FIRST < int(year) < _LAST and 1 <= int(month) <= 12):
        return None
    return date(int(year), int(month), 1)


def _items(actor: Actor, rows: Sequence[Opportunity], *, money: bool) -> dict[UUID, Item]:
    resource, movable = find(KEY), set[UUID]()
    if rows and _may_move(actor):
        mine = access.visible(actor, resource, "edit").filter(pk__among=[one.pk for one in rows])
        movable = set(mine.values_list("pk", flat=True))
    show, whose = Show(actor, get_language() or "zh-hans"), resource.kind("customer")
    named, staged = access.is_open(actor, whose), access.is_open(actor, resource.kind("stage"))
    if named:
        whose.prefetch(rows, show)
    return {
        one.pk: Item(
            one,
            whose.text(one, show) if named and one.customer_id else "",
            str(ways().stages[one.stage_id]) if staged else "",
            Money(one.amount, one.currency) if money and one.amount is not None else None,
            one.pk in movable,
        )
        for one in rows
    }


def _may_move(actor: Actor) -> bool:
    resource = find(KEY)
    if not actor.may(resource.permission("edit")):
        return False
    return any(kind.name == "expected_on" for kind in access.writable(actor, resource))


@accepting
@require_http_methods(["GET", "POST"])
def day(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
    """The days a sale may be put on from here; a POST of `day` puts it there. Raises NotFound, Forbidden, Invalid."""
    actor, resource = actor_of(request), find(KEY)
    one: Opportunity = access.get(actor, resource, id, verb="edit")
    if request.method == "GET":
        may = one.state == State.OPEN and _may_move(actor)
        context = {"sale": one, "places": _places(one.expected_on) if may else [], "may": may}
        return render(request, "sales/expected/days.html", context)
    if not request.POST.get("day"):
        raise Invalid({"expected_on": [Message("required", _("Choose a day."))]})
    done = edit_opportunity(actor, id, data={"expected_on": request.POST["day"]}, expected_version=None)
    said = _("%(what)s: expected on %(day)s") % {
        "what": done.name,
        "day": exact(done.expected_on) if done.expected_on else "—",
    }
    if request.headers.get("HX-Request"):
        return toast(HttpResponse(status=200), said, **{"gx:dayed": {"id": str(done.pk)}})
    tell(request, said)
    month = f"{done.expected_on:%Y-%m}" if done.expected_on else ""
    return HttpResponseRedirect(f"{resource.url()}?look=calendar&month={month}")


def _places(now: date | None) -> list[tuple[str, str]]:
    """Usual other days: a week on, the ends of its month and of the next."""
    today = timezone.localdate()
    start = max(now, today) if now else today
    this = start.replace(day=monthrange(start.year, start.month)[1])
    following = this + timedelta(days=1)
    then = following.replace(day=monthrange(following.year, following.month)[1])
    offered = [
        (_("A week later"), start + timedelta(days=7)),
        (_("End of %(month)s") % {"month": date_format(this, "YEAR_MONTH_FORMAT")}, this),
        (_("End of %(month)s") % {"month": date_format(then, "YEAR_MONTH_FORMAT")}, then),
    ]
    return [(label, other.isoformat()) for label, other in offered if other != now]
