"""Which of somebody's customers want attention: unheard of beyond their rhythm, cooling, about to fall to a pool, and
whose birthday comes. Each part asks the database a fixed number of times, whatever it finds."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from guanxi.activities.choices import State
from guanxi.activities.models import Activity
from guanxi.activities.queries.effective import effective
from guanxi.activities.queries.rhythm import rhythm
from guanxi.activities.rules import COOLING_DAYS, cools
from guanxi.customers.models import Customer, Person, Pool
from guanxi.customers.queries.falling import due, falling
from guanxi.customers.rules.birthdays import kept_between, next_birthday
from guanxi.customers.rules.pools import Fall
from guanxi.foundation.permissions.actor import Actor
from guanxi.resource import access
from guanxi.resource.registry import find

SHOWN = 8
_LOOKED_AT = 200  # customers whose usual interval is worked out
_LONG_AGO = 365  # days: who was silent for longer does not cool any more
_TOUCHES = 10  # of a customer, by which its usual interval is known
_AHEAD = 7  # days

Members = Collection[UUID] | None


@dataclass(frozen=True, slots=True)
class Unheard:
    """A customer of whom nothing effective was heard for longer than the rhythm of its grade: since so many `days`,
    since it was created where there was nothing yet (`never`)."""

    customer: Customer
    grade: str
    days: int
    never: bool
    rhythm: int


@dataclass(frozen=True, slots=True)
class Cooling:
    """A customer that is silent for far longer than usual with it: days, and days usually between two touches."""

    customer: Customer
    silent: int
    usual: int


@dataclass(frozen=True, slots=True)
class Birthday:
    """Whose birthday comes, and on which day."""

    person: Person
    day: date


def customers_of(actor: Actor, members: Members) -> QuerySet[Customer]:
    """The customers these members, or anybody, answer for, as far as the actor sees them and whose they are."""
    customers = find("customers")
    if not actor.may(customers.permission("view")) or not access.is_open(actor, customers.kind("owner")):
        return Customer.objects.none()
    rows: QuerySet[Customer] = access.visible(actor, customers).filter(owner__isnull=False)
    return rows if members is None else rows.filter(owner_id__in=sorted(members))


def _touches() -> QuerySet[Activity]:
    return effective().filter(customer_id=OuterRef("pk"))


def beyond_rhythm(actor: Actor, members: Members) -> QuerySet[Customer]:
    """The customers of members of whom nothing effective was heard within the rhythm of their grade and with whom
    nothing is planned."""
    rows = customers_of(actor, members)
    if not access.is_open(actor, find("customers").kind("grade")):
        return rows.none()
    by_days: defaultdict[int, list[str]] = defaultdict(list)
    for grade, days in rhythm().items():
        if days:
            by_days[days].append(grade)
    now, silent = timezone.now(), Q(pk__in=[])
    for days, grades in by_days.items():
        since = now - timedelta(days=days)
        silent |= Q(grade__in=grades, created_at__lt=since) & ~Q(Exists(_touches().filter(at__gte=since)))
    planned = Activity.objects.filter(customer_id=OuterRef("pk"), state=State.PLANNED)
    return rows.filter(silent).filter(~Exists(planned))


def unheard(actor: Actor, members: Members, *, limit: int = SHOWN) -> list[Unheard]:
    """Those beyond their rhythm, the most important first; a few of them."""
    rows = beyond_rhythm(actor, members).filter(~Q(grade=""))
    last = Subquery(_touches().order_by("-at").values("at")[:1])
    today, days = timezone.localdate(), rhythm()
    found = (
        rows.select_related("owner").annotate(last=last).order_by("grade_order", "name_sort", "id")[:limit]
    )
    return [
        Unheard(
            one,
            one.grade,
            (today - timezone.localdate(one.last or one.created_at)).days,
            one.last is None,
            days[one.grade] or 0,
        )
        for one in found
    ]


def cooling(actor: Actor, members: Members, *, but: Collection[UUID] = ()) -> list[Cooling]:
    """Those that are silent for far longer than usual with them, the most important first; a few of them. Of the first
    two hundred that were silent for a while, so that it does not take longer with more."""
    now = timezone.now()
    lately, ever = now - timedelta(days=COOLING_DAYS), now - timedelta(days=_LONG_AGO)
    rows = customers_of(actor, members).exclude(pk__in=list(but))
    rows = rows.filter(~Exists(_touches().filter(at__gte=lately)), Exists(_touches().filter(at__gte=ever)))
    looked = list(rows.order_by("grade_order", "name_sort", "id")[:_LOOKED_AT])
    days: defaultdict[UUID | None, list[date]] = defaultdict(list)
    touched = effective().filter(
        customer_id__in=[one.pk for one in looked], at__gte=ever - timedelta(_LONG_AGO)
    )
    for customer, at in touched.order_by("-at").values_list("customer_id", "at"):
        if len(days[customer]) < _TOUCHES:
            days[customer].append(timezone.localdate(at))
    today, found = timezone.localdate(), list[Cooling]()
    for one in looked:
        if (said := cools(days[one.pk], today)) is not None:
            found.append(Cooling(one, *said))
    return found[:SHOWN]


def falling_soon(actor: Actor, members: Members, *, days: int = _AHEAD) -> list[tuple[Customer, Fall]]:
    """Those that fall to their pool within so many days, the next first; a few of them."""
    last, found = timezone.localdate() + timedelta(days=days), list[tuple[Customer, Fall]]()
    mine = customers_of(actor, members)
    pools = Pool.objects.exclude(terms=[]).filter(pk__in=mine.order_by().values("pool_id"))
    for pool in pools.order_by("pk"):
        rows = list(due(pool, last).filter(pk__in=mine.order_by().values("pk")).order_by("pk")[:_LOOKED_AT])
        falls = falling(rows)
        found += [(one, falls[one.pk]) for one in rows if one.pk in falls]
    return sorted(found, key=lambda one: (one[1].day, one[0].name_sort))[:SHOWN]


def birthdays(actor: Actor, members: Members) -> list[Birthday]:
    """Of the people these members answer for, who has a birthday within a week, the next first."""
    people = find("people")
    kinds = [people.kind(name) for name in ("name", "owner", "born", "born_lunar")]
    if not actor.may(people.permission("view")) or not all(access.is_open(actor, kind) for kind in kinds):
        return []
    today = timezone.localdate()
    solar, lunar = kept_between(today, today + timedelta(days=_AHEAD))
    rows = access.visible(actor, people).filter(
        Q(born_lunar=False, born_day__in=solar) | Q(born_lunar=True, born_moon__in=lunar)
    )
    rows = rows.filter(owner__isnull=False) if members is None else rows.filter(owner_id__in=sorted(members))
    found = [
        Birthday(one, day)
        for one in rows.order_by("name_sort", "id")[:_LOOKED_AT]
        if (day := next_birthday(one.born, one.born_lunar, today)) is not None
    ]
    return sorted(found, key=lambda one: one.day)[:SHOWN]
