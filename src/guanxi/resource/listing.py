"""A list: filtered, searched, sorted, one page at a time by keyset, with an honest total."""

import base64
import json
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, transaction
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThan
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from psycopg.errors import QueryCanceled

from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid, Message
from guanxi.kernel.text import clean_text
from guanxi.kinds import Kind
from guanxi.resource import access, filters
from guanxi.resource.declaration import Resource, Sort

PAGE = 50
COUNTED = 10_000
# With the count to 10,000 before it and the request around it, less than the 300 ms a total may take.
_EXACT_WITHIN_MS = 150
# What nobody declared an index for may read a whole table: so long, and no longer. Counting on demand may take more.
WITHIN_MS, _COUNT_WITHIN_MS = 3_000, 20_000
_HITS = 200
_MOST_SORTS = 4
_OWN = "own__"


class TooSlow(Invalid):
    """A filter or order without an index took longer than it may; says what would help."""

    def __init__(self) -> None:
        said = _(
            "This takes too long over so many records. Add a condition that narrows the list, such as an owner or a"
            " date, or ask the administrator to index the field."
        )
        super().__init__({"filter": [Message("too_slow", said)]})


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one page; `after` is the cursor of the next, None at the end."""

    rows: Sequence[Any]
    after: str | None


@dataclass(frozen=True, slots=True)
class Total:
    """How many match. Not `exact`: at least this many."""

    count: int
    exact: bool


@dataclass(frozen=True, slots=True)
class Order:
    """A declared sort and its direction."""

    sort: Sort
    descending: bool

    def __str__(self) -> str:
        return ("-" if self.descending else "") + self.sort.key


@dataclass(frozen=True)
class Listing:
    """What is asked of a list, checked: built by `read`, carried out by `page`, `total` and `rows`.

    `condition` is what the filter means, `chosen` are the columns asked for (none: the usual ones), `gone` is how
    much of a filter, order or choice of columns was left out. Of one request: what its text finds is kept. `among` are
    keys that were found to match and to be seen in this request (`narrowed`); None: nothing was found yet.
    """

    actor: Actor
    resource: type[Resource]
    filter: filters.Group
    condition: Q
    orders: tuple[Order, ...]
    chosen: tuple[str, ...] = ()
    text: str = ""
    gone: int = 0
    among: tuple[UUID, ...] | None = None

    def narrowed(self, condition: Q, *, most: int) -> "Listing":
        """The same for rows that meet `condition` too. Where these are `most` at most, and somebody sees only a part of
        all, their keys are found once: what is asked of it then does not look over his reach again."""
        wanted = replace(self, condition=self.condition & condition)
        if self.actor.members_within(self.resource.permission("view")) is None:
            return wanted
        keys = tuple(wanted.rows().order_by().values_list("pk", flat=True)[: most + 1])
        return wanted if len(keys) > most else replace(wanted, among=keys)

    def rows(self, verb: str = "view") -> "QuerySet[Any]":
        """All matching rows the actor may see, unordered."""
        if self.among is not None and verb == "view":
            return access.again(self.actor, self.resource, self.among).filter(self.condition)
        found = access.visible(self.actor, self.resource)
        if (usual := self.resource.listed) is not None and not self._asks(usual[1]):
            within = self.actor.members_within(self.resource.permission("view"))
            if within is not None:
                found = found.filter(usual[0].q(self.resource, within))
        if verb != "view":
            found = found.filter(access.reach_q(self.actor, self.resource, verb))
        found = found.filter(self.condition)
        if self.text:
            found = found.filter(pk__in=self._hits)
        return found

    def _asks(self, field: str) -> bool:
        """Whether it asks for anything by a field, or for a text, which is looked for everywhere."""
        return bool(self.text) or any(one.field == field for one in filters.conditions(self.filter))

    @cached_property
    def _hits(self) -> list[UUID]:
        return [hit.id for hit in access.search(self.actor, self.resource, self.text, limit=_HITS)]

    @property
    def columns(self) -> tuple[str, ...]:
        """The fields to show; what a row is called by comes first."""
        return self.chosen or _columns(self.actor, self.resource, self.resource.usual_columns())[0]

    @property
    def by_relevance(self) -> bool:
        return bool(self.text) and self.orders[0].sort.key == RELEVANCE.key

    @cached_property
    def keys(self) -> list[tuple[str, bool]]:
        """The columns that rows are compared by, each with whether it descends; the record's key comes last.

        Of several orders each counts by its first column, and the last one by all of its.
        """
        found: dict[str, bool] = {}
        for order in self.orders:
            columns = order.sort.columns if order is self.orders[-1] else order.sort.columns[:1]
            found |= {one: order.descending for one in columns if one not in found and one != "id"}
        return [*found.items(), ("id", self.orders[-1].descending)]

    @property
    def promised(self) -> bool:
        """Whether indexes serve it, so that it needs no limit of time."""
        declared = len(self.orders) == 1 and not any(column.startswith(_OWN) for column, _down in self.keys)
        return bool(self.text) or (declared and filters.promised(self.resource, self.filter))

    def ordered(self, columns: Sequence[str] = ()) -> "QuerySet[Any]":
        """Matching rows in order, with what the columns need."""
        found = self.rows().select_related(*access.lookups(self.resource, columns))
        if self.by_relevance:
            places = (When(pk=pk, then=Value(place)) for place, pk in enumerate(self._hits))
            return found.order_by(Case(*places, output_field=IntegerField())) if self._hits else found.none()
        return found.order_by(*(self._by(column, down) for column, down in self.keys))

    def _by(self, column: str, down: bool) -> Any:
        if not self._nullable(column):
            return ("-" if down else "") + column
        return F(column).desc(nulls_last=True) if down else F(column).asc(nulls_last=True)

    def _nullable(self, column: str) -> bool:
        return column.startswith(_OWN) or bool(self.resource.model._meta.get_field(column).null)

    def page(self, columns: Sequence[str] = (), *, after: str = "", size: int = PAGE) -> Page:
        """One page in order. Raises Invalid for a cursor that is not of this order, TooSlow."""
        found = self.ordered(columns)
        if after and not self.by_relevance:
            found = self._behind(found, _decode(after, self))
        with self._limit():
            rows = list(found[: size + 1])
        if len(rows) <= size or self.by_relevance:
            return Page(rows[:size], None)
        return Page(rows[:size], _encode(self, rows[size - 1]))

    def _limit(self) -> AbstractContextManager[None]:
        return nullcontext() if self.promised else _within(WITHIN_MS)

    def _behind(self, found: "QuerySet[Any]", position: Sequence[Any]) -> "QuerySet[Any]":
        """Rows behind a position. In one direction a comparison of rows, which an index serves; else column by
        column: behind in this one, or equal in it and behind in those after it. Where a value is missing comes
        last."""
        if len({down for _column, down in self.keys}) == 1 and not any(
            self._nullable(c) for c, _d in self.keys
        ):
            lookup = TupleLessThan if self.keys[0][1] else TupleGreaterThan
            return found.filter(lookup(tuple(F(column) for column, _down in self.keys), tuple(position)))
        q = Q(pk__in=[])
        for (column, down), value in reversed(list(zip(self.keys, position, strict=True))):
            if value is None:
                q = Q(**{f"{column}__isnull": True}) & q
                continue
            behind = Q(**{f"{column}__{'lt' if down else 'gt'}": value})
            if self._nullable(column):
                behind |= Q(**{f"{column}__isnull": True})
            q = behind | (Q(**{column: value}) & q)
        return found.filter(q)

    def total(self, *, exact: bool = False) -> Total:
        """How many match: exact up to 10,000 and wherever a moment more suffices, or on demand."""
        rows, least = self.rows().order_by(), 0
        try:
            if exact:
                with _within(_COUNT_WITHIN_MS):
                    return Total(rows.count(), True)
            with self._limit():
                least = rows[: COUNTED + 1].count()
            if least <= COUNTED:
                return Total(least, True)
            with _within(_EXACT_WITHIN_MS):
                return Total(rows.count(), True)
        except TooSlow:
            return Total(min(least, COUNTED), False)

    @property
    def sort_text(self) -> str:
        return ",".join(map(str, self.orders))


@contextmanager
def _within(ms: int) -> Iterator[None]:
    """Statements inside take so many milliseconds at most, each; the transaction outlives one that is cancelled.

    Raises TooSlow.
    """
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL statement_timeout = {ms}")
            yield
    except OperationalError as error:
        if not isinstance(error.__cause__, QueryCanceled):
            raise
        raise TooSlow from error
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout TO DEFAULT")


RELEVANCE = Sort("relevance", _("Best match"), ("id",))
_NEWEST = Sort(
    "id", _("created"), ("id",), descending=True
)  # where every declared order is by a closed field


def read(actor: Actor, resource: type[Resource], query: Any, *, forgiving: bool = False) -> Listing:
    """A list from a URL's query. Raises Invalid for unknown fields, orders, columns and values.

    `forgiving` leaves out what is not there, or not there for this actor, and counts it in `gone`.
    """
    text = clean_text(str(query.get("q", "")))[:100]
    dropped: list[filters.Condition] | None = [] if forgiving else None
    tree, condition = filters.compile_q(actor, resource, filters.parse(query), dropped)
    orders, lost = _orders(actor, resource, str(query.get("sort", "")), text, forgiving)
    lists = getattr(query, "getlist", None)
    given = lists("columns") if lists else [query.get("columns", "")]
    asked = [name for part in given for name in str(part).split(",") if name]
    columns, hidden = _columns(actor, resource, asked) if asked else ((), 0)
    if hidden and not forgiving:
        raise Invalid({"columns": [Message("unknown_field", _("There is no such field to show."))]})
    group = tree if isinstance(tree, filters.Group) else filters.EMPTY
    gone = len(dropped or ()) + lost + hidden
    return Listing(actor, resource, filters.normal(group), condition, orders, columns, text, gone)


def showable(actor: Actor, resource: type[Resource]) -> list[Kind]:
    """The fields an actor may have as columns."""
    return [kind for kind in access.readable(actor, resource) if not (kind.own and kind.own.hidden)]


def sortable(actor: Actor, resource: type[Resource]) -> list[Sort]:
    """The orders an actor may ask for: declared ones, and own fields whose values have an order people know."""
    fields = resource.fields()
    own = (
        Sort(kind.name, kind.label, (kind.path, "id"), descending=True)
        for kind in fields.values()
        if kind.own and kind.sortable and not kind.own.hidden
    )
    return [
        sort
        for sort in (*resource.sorts, *own)
        if sort.key not in fields or access.is_open(actor, fields[sort.key])
    ]


def _orders(
    actor: Actor, resource: type[Resource], asked: str, text: str, forgiving: bool
) -> tuple[tuple[Order, ...], int]:
    found: dict[str, Order] = {}
    keys = [key for key in asked.split(",") if key]
    offered = sortable(actor, resource)
    known = {sort.key: sort for sort in offered}
    if text and len(keys) == 1:
        known[RELEVANCE.key] = RELEVANCE
    for key in keys:
        sort = known.get(key.removeprefix("-"))
        if sort is not None and sort.key not in found and len(found) < _MOST_SORTS:
            found[sort.key] = Order(sort, key.startswith("-") and sort is not RELEVANCE)
        elif not forgiving:
            raise Invalid({"sort": [Message("unknown_sort", _("The list cannot be sorted that way."))]})
    usual = RELEVANCE if text else offered[0] if offered else _NEWEST
    return tuple(found.values()) or (Order(usual, usual.descending),), len(keys) - len(found)


def _columns(actor: Actor, resource: type[Resource], asked: Sequence[str]) -> tuple[tuple[str, ...], int]:
    """The columns the actor may know of, what a row is called by first; and how many are not there."""
    names = dict.fromkeys((resource.title, *asked))
    found = tuple(kind.name for kind in showable(actor, resource) if kind.name in names)
    return tuple(sorted(found, key=list(names).index)), len(names) - len(found)


def _encode(listing: Listing, row: Any) -> str:
    values = [_plain(_value(row, column)) for column, _down in listing.keys]
    text = json.dumps([listing.sort_text, *values], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _value(row: Any, column: str) -> Any:
    return row.own.get(column.removeprefix(_OWN)) if column.startswith(_OWN) else getattr(row, column)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _decode(cursor: str, listing: Listing) -> tuple[Any, ...]:
    wrong = Invalid({"after": [Message("cursor", _("This page is no longer there. Begin at the first."))]})
    try:
        order, *values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if order != listing.sort_text or len(values) != len(listing.keys):
            raise wrong
        columns = (column for column, _down in listing.keys)
        return tuple(
            _stored(listing.resource, column, value) for column, value in zip(columns, values, strict=True)
        )
    except (ValueError, TypeError, RecursionError, OverflowError, ValidationError) as error:
        raise wrong from error


def _stored(resource: type[Resource], column: str, value: Any) -> Any:
    """A value of a cursor as the column keeps it. Raises ValueError, TypeError, ValidationError."""
    if isinstance(value, str) and value != clean_text(value):
        raise ValueError(value)
    if column.startswith(_OWN):
        if isinstance(value, list | dict) or (isinstance(value, int | float) and not abs(value) < 2**63):
            raise TypeError(value)
        return value
    field: Any = resource.model._meta.get_field(column)
    field = getattr(field, "output_field", field)
    kind = field.get_internal_type()
    if value is None and field.null:
        return None
    if kind == "DateTimeField":
        moment = parse_datetime(value)
        if moment is None or moment.tzinfo is None:
            raise ValueError(value)
        return moment
    if "Integer" in kind:
        low, high = connection.ops.integer_field_range(kind)
        if isinstance(value, bool) or not isinstance(value, int) or not (low or 0) <= value <= (high or 0):
            raise ValueError(value)
        return value
    if not isinstance(value, str):
        raise TypeError(value)
    return field.to_python(value)
