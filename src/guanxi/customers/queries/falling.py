"""Which customers fall to their pool and when: what is known of them, gathered for the one rule (`rules.pools.falls`).

Of activities the upper context says which rows stop the clock (`stops`); opportunities, purchases, contracts, money due
and complaints are facts of the customer (`LAST`, `KEPT_UNTIL`, `HELD`).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from guanxi.customers.choices import Grade
from guanxi.customers.models import Customer, Lock, Pool, Transfer
from guanxi.customers.queries.locks import in_force
from guanxi.customers.queries.lying import begin_of
from guanxi.customers.rules.pools import Clock, Fall, Standing, Term, falls
from guanxi.foundation.design.words import exact
from guanxi.foundation.permissions.actor import Actor
from guanxi.resource import access
from guanxi.resource.models import Fact
from guanxi.resource.registry import find

LAST = {Clock.OPPORTUNITY: "last_opportunity", Clock.PURCHASE: "last_purchase"}
UNDO = "ledger.operation.undo"
KEPT_UNTIL, HELD = "contract_until", ("money_due", "open_complaints")
_GRADES = ("", *Grade.values)
_SHOWN = 50  # of those who would fall
_FEW = 5000  # customers that are named one by one
_FOREVER = 20 * 365  # days: by then everything has fallen that a rule takes


@dataclass(frozen=True, slots=True)
class Stops:
    """The rows that stop a clock: `rows` asks for them, `customer` and `at` are their columns."""

    rows: Callable[[], QuerySet[Any]]
    customer: str
    at: str


_stops: dict[Clock, Stops] = {}


def stops(clock: Clock, what: Stops) -> None:
    """Say at start-up what stops a clock."""
    _stops[clock] = what


def reason_words(rule: str) -> str:
    """Why a customer fell, as a night keeps it ("activity:30"), in the reader's language; another text as it is."""
    clock, _colon, days = rule.partition(":")
    if clock == "locked":
        return (
            gettext("until %(day)s") % {"day": exact(date.fromisoformat(days))}
            if days
            else gettext("without an end")
        )
    if clock not in [one.value for one in Clock] or not days.isdecimal():
        return rule
    n = int(days)
    said = {
        Clock.ACTIVITY: ngettext(
            "no effective activity for %(n)s day", "no effective activity for %(n)s days", n
        ),
        Clock.OPPORTUNITY: ngettext(
            "no new opportunity for %(n)s day", "no new opportunity for %(n)s days", n
        ),
        Clock.PURCHASE: ngettext("nothing bought for %(n)s day", "nothing bought for %(n)s days", n),
    }
    return said[Clock(clock)] % {"n": n}


def terms_of(pool: Pool) -> list[Term]:
    """The rules of a pool, as they are kept: `{"clock", "days", "by_grade"}`."""
    return [Term(Clock(one["clock"]), one["days"], one.get("by_grade", {})) for one in pool.terms]


def standings(customers: Sequence[Customer]) -> dict[UUID, Standing]:
    """What is known today of customers that have an owner."""
    owned = [one for one in customers if one.owner_id is not None]
    ids = [one.pk for one in owned]
    came = _came(owned)
    last: dict[UUID, dict[Clock, date]] = {pk: {} for pk in ids}
    for clock, what in _stops.items():
        rows = what.rows().filter(**{f"{what.customer}__among": ids}).order_by().values(what.customer)
        for pk, at in rows.annotate(last=Max(what.at)).values_list(what.customer, "last"):
            last[pk][clock] = timezone.localdate(at)
    kept: dict[UUID, date] = {}
    held: set[UUID] = set()
    locks = Lock.objects.filter(customer__among=ids, member=F("customer__owner"))
    for pk, until in locks.values_list("customer_id", "until"):
        if until is None:
            held.add(pk)
        else:
            kept[pk] = max(until, kept.get(pk, until))
    names = {name: clock for clock, name in LAST.items()}
    facts = Fact.objects.filter(
        resource="customers", record_id__among=ids, name__in=(*names, KEPT_UNTIL, *HELD)
    )
    for pk, name, text, number in facts.values_list("record_id", "name", "text", "number"):
        if name in names and text:
            stated = date.fromisoformat(text)
            last[pk][names[name]] = max(stated, last[pk].get(names[name], stated))
        elif name == KEPT_UNTIL and text:
            kept[pk] = max(date.fromisoformat(text), kept.get(pk, date.min))
        elif number:
            held.add(pk)
    return {
        one.pk: Standing(
            since=timezone.localdate(max(came.get(one.pk, one.created_at), one.created_at)),
            grade=one.grade,
            last=last[one.pk],
            kept_until=kept.get(one.pk),
            held=one.pk in held,
        )
        for one in owned
    }


def _came(customers: Sequence[Customer]) -> dict[UUID, datetime]:
    """When customers came to whoever owns them now, of those that changed hands."""
    owners = {one.pk: one.owner_id for one in customers}
    rows = _arrivals().filter(customer__among=list(owners)).order_by().values("customer", "owner")
    came = rows.annotate(last=Max("created_at")).values_list("customer", "owner", "last")
    return {pk: at for pk, owner, at in came if owner == owners[pk]}


def _arrivals() -> QuerySet[Transfer]:
    """The lines by which customers came to an owner. What an undo gave back he has had since before: nobody starts his
    clock anew by releasing a customer and taking that back."""
    return Transfer.objects.filter(owner__isnull=False).exclude(owner=F("former_owner")).exclude(verb=UNDO)


def falling(customers: Sequence[Customer]) -> dict[UUID, Fall]:
    """When customers fall to their pool, as things stand; those that do not are left out."""
    mine = [one for one in customers if one.owner_id is not None and one.pool_id is not None]
    if not mine:
        return {}
    terms = {pool.pk: terms_of(pool) for pool in Pool.objects.filter(pk__in={one.pool_id for one in mine})}
    known = standings(mine)
    found = {one.pk: falls(terms[one.pool_id], known[one.pk]) for one in mine if one.pool_id in terms}
    return {pk: fall for pk, fall in found.items() if fall is not None}


def due(pool: Pool, day: date, terms: Sequence[Term] | None = None) -> QuerySet[Customer]:
    """The customers of a pool that fall on a day or have been due before it, by its rules or by others `terms`.

    The same rule said in SQL, so that a million are asked in one statement; a property test holds the two together.
    """
    found = Q(pk__in=[])
    for term in terms_of(pool) if terms is None else terms:
        for days, grades in _by_days(term):
            begins = day - timedelta(days=days - 1)
            found |= Q(grade__in=grades) & ~Q(_since(begins)) & ~_stopped(term.clock, begins)
    rows = Customer.objects.filter(pool=pool, owner__isnull=False).filter(found)
    return rows.exclude(_kept(day))


def due_between(first: date | None, last: date | None) -> Q:
    """Customers of any pool that fall on a day from `first` to `last`, None where it is open. What has been due before
    today falls tonight: today is its day."""
    last = last or timezone.localdate() + timedelta(days=_FOREVER)
    found = Q(pk__in=[])
    for pool in Pool.objects.exclude(terms=[]).order_by("name"):
        mine = Q(pk__in=due(pool, last).order_by().values("pk"))
        if first is not None and first > timezone.localdate():
            mine &= ~Q(pk__in=due(pool, first - timedelta(days=1)).order_by().values("pk"))
        found |= mine
    return found if last >= timezone.localdate() else Q(pk__in=[])


def _by_days(term: Term) -> Iterable[tuple[int, list[str]]]:
    grouped: dict[int, list[str]] = {}
    for grade in _GRADES:
        if (days := term.days_of(grade)) is not None:
            grouped.setdefault(days, []).append(grade)
    return grouped.items()


def _since(day: date) -> Q:
    """Who came to their owner on this day or after it."""
    moment = begin_of(day)
    came = _arrivals().filter(customer=OuterRef("pk"), owner=OuterRef("owner_id"), created_at__gte=moment)
    return Q(created_at__gte=moment) | Q(Exists(came))


def _stopped(clock: Clock, day: date) -> Q:
    """Whose clock was stopped on this day or after it: by a row that stops it, or by a day that was stated."""
    found = Q()
    if (what := _stops.get(clock)) is not None:
        rows = what.rows().filter(**{what.customer: OuterRef("pk"), f"{what.at}__gte": begin_of(day)})
        found |= Q(Exists(rows))
    if clock in LAST:
        stated = Fact.objects.filter(resource="customers", record_id=OuterRef("pk"), name=LAST[clock])
        found |= Q(Exists(stated.filter(text__gte=day.isoformat())))
    return found


def _kept(day: date) -> Q:
    """Who stays through this day whatever the rules say."""
    facts = Fact.objects.filter(resource="customers", record_id=OuterRef("pk"))
    locks = in_force(day).filter(customer=OuterRef("pk"))
    return (
        Q(Exists(locks))
        | Q(Exists(facts.filter(name=KEPT_UNTIL, text__gte=day.isoformat())))
        | Q(Exists(facts.filter(name__in=HELD, number__gt=0)))
    )


def would_fall(actor: Actor, pool: Pool, terms: Sequence[Term]) -> dict[str, Any]:
    """How many would fall tomorrow, and the first of them that the actor sees, each with its reason."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    rows = due(pool, tomorrow, terms)
    count = rows.count()
    seen = access.visible(actor, find("customers"))
    # The first of a few by their keys: in the order of names nearly all customers would be looked at for them.
    few = count <= _FEW
    seen = (
        seen.filter(pk__among=list(rows.values_list("pk", flat=True)))
        if few
        else seen.filter(pk__in=rows.values("pk"))
    )
    some = list(seen.select_related("owner").order_by("name_sort", "pk")[:_SHOWN])
    known = standings(some)
    lines = [(one, falls(terms, known[one.pk])) for one in some]
    return {
        "count": count,
        "lines": [_line(one, reason_words(f"{fall.clock}:{fall.days}")) for one, fall in lines if fall],
    }


def _line(one: Customer, why: str) -> dict[str, Any]:
    return {
        "name": one.name,
        "url": find("customers").url("card", id=one.pk),
        "owner": one.owner.name if one.owner else "",
        "why": why,
    }
