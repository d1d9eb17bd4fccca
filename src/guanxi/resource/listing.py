"""A list: filtered, searched, sorted, one page at a time by keyset, with an honest total."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import OperationalError, connection, transaction
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThan
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid, Message
from guanxi.kernel.text import clean_text
from guanxi.resource import access, filters
from guanxi.resource.declaration import Resource, Sort

PAGE = 50
COUNTED = 10_000
# With the count to 10,000 before it and the request around it, less than the 300 ms a total may take.
_EXACT_WITHIN_MS = 150
_HITS = 200


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


@dataclass(frozen=True)
class Listing:
    """What is asked of a list, checked: built by `read`, carried out by `page`, `total` and `rows`.

    `condition` is what the filter means. Of one request: what its text finds is looked up once and kept.
    """

    actor: Actor
    resource: type[Resource]
    filter: filters.Group
    condition: Q
    sort: Sort
    descending: bool
    text: str = ""

    def rows(self, verb: str = "view") -> "QuerySet[Any]":
        """All matching rows the actor may see, unordered."""
        found = access.visible(self.actor, self.resource)
        if verb != "view":
            found = found.filter(access.reach_q(self.actor, self.resource, verb))
        found = found.filter(self.condition)
        if self.text:
            found = found.filter(pk__in=self._hits)
        return found

    @cached_property
    def _hits(self) -> list[UUID]:
        return [hit.id for hit in access.search(self.actor, self.resource, self.text, limit=_HITS)]

    def ordered(self, columns: Sequence[str] = ()) -> "QuerySet[Any]":
        """Matching rows in order, with what the columns need."""
        sign = "-" if self.descending else ""
        found = self.rows().select_related(*access.lookups(self.resource, columns))
        if self.text and self.sort.key == RELEVANCE.key:
            places = (When(pk=pk, then=Value(place)) for place, pk in enumerate(self._hits))
            return found.order_by(Case(*places, output_field=IntegerField())) if self._hits else found.none()
        return found.order_by(*(sign + column for column in self.sort.columns))

    def page(self, columns: Sequence[str] = (), *, after: str = "", size: int = PAGE) -> Page:
        """One page in order. Raises Invalid for a cursor that is not of this order."""
        found = self.ordered(columns)
        by_relevance = bool(self.text) and self.sort.key == RELEVANCE.key
        if after and not by_relevance:
            position = _decode(after, self)
            lookup = TupleLessThan if self.descending else TupleGreaterThan
            found = found.filter(lookup(tuple(F(c) for c in self.sort.columns), position))
        rows = list(found[: size + 1])
        if len(rows) <= size or by_relevance:
            return Page(rows[:size], None)
        last = rows[size - 1]
        return Page(rows[:size], _encode(self, last))

    def total(self, *, exact: bool = False) -> Total:
        """How many match: exact up to 10,000 and wherever a moment more suffices, or on demand."""
        rows = self.rows().order_by()
        if exact:
            return Total(rows.count(), True)
        few = rows[: COUNTED + 1].count()
        if few <= COUNTED:
            return Total(few, True)
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute(f"SET LOCAL statement_timeout = {_EXACT_WITHIN_MS}")
                count = rows.count()
        except OperationalError:
            return Total(COUNTED, False)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
        return Total(count, True)

    @property
    def sort_text(self) -> str:
        return ("-" if self.descending else "") + self.sort.key


RELEVANCE = Sort("relevance", _("Best match"), ("id",))


def read(actor: Actor, resource: type[Resource], query: Any) -> Listing:
    """A list from a URL's query. Raises Invalid for unknown fields, orders and values."""
    text = clean_text(str(query.get("q", "")))[:100]
    asked = str(query.get("sort", ""))
    descending, key = asked.startswith("-"), asked.lstrip("-")
    if not key:
        sort = RELEVANCE if text else resource.sorts[0]
        descending = False if text else sort.descending
    elif key == RELEVANCE.key and text:
        sort, descending = RELEVANCE, False
    else:
        found = resource.sort(key)
        field = resource.fields().get(key)
        if found is None or (field is not None and not access.is_open(actor, field)):
            raise Invalid({"sort": [Message("unknown_sort", _("The list cannot be sorted that way."))]})
        sort = found
    tree = filters.read(resource, query)
    return Listing(actor, resource, tree, filters.compile_q(actor, resource, tree), sort, descending, text)


def _encode(listing: Listing, row: Any) -> str:
    values = [_plain(getattr(row, column)) for column in listing.sort.columns]
    text = json.dumps([listing.sort_text, *values], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _plain(value: Any) -> Any:
    return (
        value.isoformat()
        if isinstance(value, datetime | date)
        else str(value)
        if isinstance(value, UUID)
        else value
    )


def _decode(cursor: str, listing: Listing) -> tuple[Any, ...]:
    wrong = Invalid({"after": [Message("cursor", _("This page is no longer there. Begin at the first."))]})
    try:
        order, *values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, TypeError, RecursionError) as error:
        raise wrong from error
    if order != listing.sort_text or len(values) != len(listing.sort.columns):
        raise wrong
    position: list[Any] = []
    for column, value in zip(listing.sort.columns, values, strict=True):
        if not isinstance(value, str) or value != clean_text(value):
            raise wrong
        if column == "id":
            try:
                position.append(UUID(value))
            except ValueError as error:
                raise wrong from error
        elif listing.resource.model._meta.get_field(column).get_internal_type() == "DateTimeField":
            try:
                moment = parse_datetime(value)
            except ValueError as error:
                raise wrong from error
            if moment is None or moment.tzinfo is None:
                raise wrong
            position.append(moment)
        else:
            position.append(value)
    return tuple(position)
