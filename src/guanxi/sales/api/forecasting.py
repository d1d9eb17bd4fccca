"""Operations of the API: the forecast, what moved it, how true it was, and what managers expect of a month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid, Message
from guanxi.kernel.figures import plain_figure
from guanxi.kernel.money import currency_digits
from guanxi.kernel.prices import QUANTITY_PLACES
from guanxi.resource.operations import Operation, declare
from guanxi.resource.registry import find
from guanxi.sales.models import Outlook
from guanxi.sales.queries.forecasting import forecast, ways_to_group
from guanxi.sales.queries.money import own_currency
from guanxi.sales.queries.movements import accuracy, movements
from guanxi.sales.queries.outlooks import outlooks
from guanxi.sales.rules.forecast import Told, Word
from guanxi.sales.services.outlooks import read_amount, say_outlook, withdraw_outlook

_LONGEST = 5 * 366  # days of a forecast
_MOVED = 200
_BEFORE = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class ForecastQuestion:
    """The days from `first` to `last`; `by` is "owner", "department", "pipeline", "stage", "region" (a province's or
    country's first two signs), "product_line" or "product"."""

    first: str
    last: str
    by: str = "owner"


@dataclass(frozen=True, kw_only=True)
class ForecastOut:
    """A month of one line, amounts in the company's own currency; `unknown` sales have none in it. `key` is "" for
    what has none. Of a product also how much of it is open, likely (by each sale's probability), and won."""

    key: str
    month: date
    won: str
    commit: str
    best: str
    pipeline: str
    weighted: str
    sales: int
    unknown: int
    quantity: str
    likely: str
    won_quantity: str


@dataclass(frozen=True, kw_only=True)
class MovedQuestion:
    """The forecast of the days from `first` to `last`, as it moved in so many `days`."""

    first: str
    last: str
    days: int = 7


@dataclass(frozen=True, kw_only=True)
class MovedOut:
    """A sale that moved it: why ("new", "won", "lost", "up", "down", "slipped" …) and by how much."""

    opportunity: UUID
    reason: str
    delta: str


@dataclass(frozen=True, kw_only=True)
class Back:
    """How many of the last months."""

    months: int = 3


@dataclass(frozen=True, kw_only=True)
class TruthOut:
    """Of a month: what was forecast 30 days before (`early`) and when it began (`late`), certain and weighted, and what
    was won. `owner` is missing for what belongs to nobody, and where `whole` it is all of them. Of `few` sales it says
    little."""

    month: date
    whole: bool
    owner: UUID | None
    early_commit: str
    early_weighted: str
    late_commit: str
    late_weighted: str
    won: str
    sales: int
    few: bool


@dataclass(frozen=True, kw_only=True)
class Span:
    """The months that begin from `first` to `last`."""

    first: str
    last: str


@dataclass(frozen=True, kw_only=True)
class NewOutlook:
    """What a member or a department will win in a month in all, in the company's own currency. Any day of the month
    names it. It takes the place of what was said before."""

    month: str
    amount: str
    reason: str
    member: UUID | None = None
    department: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class OutlookOut:
    """What somebody expects, who said so, when and why."""

    id: UUID
    month: date
    member: UUID | None
    department: UUID | None
    amount: str
    reason: str
    by: UUID | None
    at: datetime


def register() -> None:
    """Called once at start-up."""
    declare(
        Operation(
            area="forecast", method="GET", path="forecast", act=_forecast, query=ForecastQuestion, answer=ForecastOut,
            many=True, summary=gettext_noop("The forecast by month"),
            words=gettext_noop("Of a sale with several products each has its share of the amount."),
        ),
        Operation(
            area="forecast", method="GET", path="forecast/moved", act=_moved, query=MovedQuestion, answer=MovedOut,
            many=True, summary=gettext_noop("What moved the forecast, sale by sale"),
            words=gettext_noop("The largest 200 first."),
        ),
        Operation(
            area="forecast", method="GET", path="forecast/accuracy", act=_accuracy, query=Back, answer=TruthOut,
            many=True, summary=gettext_noop("How true past forecasts were"),
        ),
        Operation(
            area="outlooks", method="GET", path="outlooks", act=_outlooks, query=Span, answer=OutlookOut, many=True,
            summary=gettext_noop("What managers expect of months"),
        ),
        Operation(
            area="outlooks", method="POST", path="outlooks", act=_say, body=NewOutlook, answer=OutlookOut, status=201,
            summary=gettext_noop("Say what is expected of a month"),
        ),
        Operation(
            area="outlooks", method="DELETE", path="outlooks/{id}", act=_withdraw,
            summary=gettext_noop("Take back what was expected"), status=204,
        ),
        forecast=_("Forecast"),
        outlooks=_("Expectations"),
    )  # fmt: skip


def _day(name: str, text: str) -> date:
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    if found is None or not 1900 <= found.year <= 2999:
        raise Invalid({name: [Message("date", _("Give a day as 2027-01-31."))]})
    return found


def _days(first: str, last: str) -> tuple[date, date]:
    begins, ends = _day("first", first), _day("last", last)
    if not begins <= ends <= begins + timedelta(days=_LONGEST):
        raise Invalid({"last": [Message("span", _("At most five years, and not backwards."))]})
    return begins, ends


def _money(minor: int) -> str:
    return plain_figure(minor, places=currency_digits(own_currency()))


def _many(thousandths: int) -> str:
    return plain_figure(thousandths, places=QUANTITY_PLACES)


def _forecast(actor: Actor, query: ForecastQuestion) -> tuple[list[ForecastOut], None]:
    first, last = _days(query.first, query.last)
    actor.require(find("opportunities").permission("view"))
    if query.by not in ways_to_group(actor):
        raise Invalid({"by": [Message("choice", _("The forecast is not drawn by this."))]})
    found = forecast(actor, first, last, query.by)
    rows = [
        ForecastOut(
            key=str(key or ""), month=month, won=_money(one.won), commit=_money(one.commit), best=_money(one.best),
            pipeline=_money(one.pipeline), weighted=_money(one.weighted), sales=one.sales, unknown=one.unknown,
            quantity=_many(one.quantity), likely=_many(one.likely), won_quantity=_many(one.won_quantity),
        )
        for (key, month), one in found.items()
    ]  # fmt: skip
    return sorted(rows, key=lambda one: (one.month, one.key)), None


def _moved(actor: Actor, query: MovedQuestion) -> tuple[list[MovedOut], None]:
    first, last = _days(query.first, query.last)
    found = movements(actor, timezone.now() - timedelta(days=query.days), first, last, most=_MOVED)
    return [
        MovedOut(opportunity=one.sale.pk, reason=one.movement.reason, delta=_money(one.movement.delta))
        for one in found.rows
    ], None


def _accuracy(actor: Actor, query: Back) -> tuple[list[TruthOut], None]:
    today, months = timezone.localdate(), []
    for back in range(1, query.months + 1):
        at = today.year * 12 + today.month - 1 - back
        first, after = date(at // 12, at % 12 + 1, 1), date((at + 1) // 12, (at + 1) % 12 + 1, 1)
        begins = timezone.make_aware(datetime.combine(first, time()))
        months.append((first, after - timedelta(days=1), [begins - _BEFORE, begins]))
    rows = []
    for (first, _last, _thens), one in zip(months, accuracy(actor, months), strict=True):
        rows.append(_truth(first, None, one.whole, whole=True))
        rows += [_truth(first, owner, told) for owner, told in one.by_owner.items()]
    return rows, None


def _truth(month: date, owner: UUID | None, told: Told, *, whole: bool = False) -> TruthOut:
    said: Sequence[Word] = told.said
    early, late = said
    return TruthOut(
        month=month, whole=whole, owner=owner, early_commit=_money(early.commit),
        early_weighted=_money(early.weighted), late_commit=_money(late.commit), late_weighted=_money(late.weighted),
        won=_money(told.won), sales=max(told.sales, early.sales, late.sales), few=told.is_small,
    )  # fmt: skip


def _outlooks(actor: Actor, query: Span) -> tuple[list[OutlookOut], None]:
    first, last = _days(query.first, query.last)
    return [_told(one) for one in outlooks(actor, first, last)], None


def _say(actor: Actor, body: NewOutlook) -> OutlookOut:
    made = say_outlook(
        actor,
        month=_day("month", body.month),
        amount=read_amount(body.amount),
        reason=body.reason,
        member=body.member,
        department=body.department,
    )
    return _told(made)


def _withdraw(actor: Actor, outlook_id: UUID) -> None:
    withdraw_outlook(actor, outlook_id)


def _told(one: Outlook) -> OutlookOut:
    return OutlookOut(
        id=one.pk, month=one.month, member=one.member_id, department=one.department_id, amount=_money(one.amount),
        reason=one.reason, by=one.by_id, at=one.updated_at,
    )  # fmt: skip
