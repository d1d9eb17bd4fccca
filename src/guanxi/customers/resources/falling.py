"""When a customer falls to its pool, as a column and a filter of the list: worked out for the rows of the page, asked
in SQL for all."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Customer
from guanxi.customers.queries.falling import due_between, falling
from guanxi.foundation.permissions.actor import Actor
from guanxi.kinds import Date
from guanxi.kinds.kind import Computed, Show
from guanxi.kinds.spans import DAYS, days_of
from guanxi.resource.contributions import contribute

_SOON = 2  # days


def _read(actor: Actor, ids: Collection[UUID]) -> dict[UUID, date]:
    return _days(Customer.objects.filter(pk__among=list(ids), owner__isnull=False, pool__isnull=False))


def _days(customers: Iterable[Customer]) -> dict[UUID, date]:
    today = timezone.localdate()
    return {pk: max(fall.day, today) for pk, fall in falling(list(customers)).items()}


def _find(actor: Actor, condition: Q) -> Q:
    return due_between(None, None)


@dataclass(kw_only=True, eq=False)
class FallsOn(Date):
    """The day a customer falls, as things stand; today for what has been due before."""

    operators: ClassVar[tuple[str, ...]] = (*DAYS, "filled", "empty")

    def prefetch(self, records: Collection[Any], show: Show) -> None:
        if not all(isinstance(one, Customer) for one in records):
            return super().prefetch(records, show)
        found = _days(records)  # what is at hand is not read again
        for one in records:
            setattr(one, self.column, found.get(one.pk))
        return None

    def html(self, record: Any, show: Show) -> str:
        value = self.value(record)
        if value is None:
            return ""
        days = (value - timezone.localdate()).days
        said = ngettext("in %(n)s day", "in %(n)s days", days) % {"n": days} if days else gettext("tonight")
        tone = "gx-nw gx-warn" if days <= _SOON else "gx-nw"
        return format_html(
            '<span class="{}" title="{}">{}</span>', tone, self.said(value, show.language), said
        )

    def where(self, operator: str, values: Sequence[str], actor: Actor) -> Q:
        if operator in ("filled", "empty"):
            return super().where(operator, values, actor)
        return due_between(*days_of(operator, values))


contribute(
    "customers",
    kinds=(
        FallsOn(
            name="falls_on",
            label=_("Falls to the pool"),
            minor=True,
            computed=Computed(read=_read, find=_find),
        ),
    ),
    filters=("falls_on",),
)
