"""The last touch that counted, as columns and a filter of customers and people: whom has somebody contacted already?"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.activities.choices import What
from guanxi.activities.queries.lasting import (
    Last,
    customers_last,
    last_with_customers,
    last_with_people,
    people_last,
)
from guanxi.foundation.permissions.actor import Actor
from guanxi.kinds import Date, Text
from guanxi.kinds.kind import Computed
from guanxi.kinds.spans import DAYS, days_of
from guanxi.resource.contributions import contribute

Read = Callable[[Actor, Collection[UUID]], Mapping[UUID, Last]]
Where = Callable[[Actor, date | None, date | None], Q]
_CODE = "activities.activity.view"


@dataclass(kw_only=True, eq=False)
class LastTouch(Date):
    """The day of the last touch that counted."""

    last: Where
    operators: ClassVar[tuple[str, ...]] = (*DAYS, "filled", "empty")

    def where(self, operator: str, values: Sequence[str], actor: Actor) -> Q:
        if operator in ("filled", "empty"):
            return super().where(operator, values, actor)
        return self.last(actor, *days_of(operator, values))


def _days(read: Read, last: Where) -> Computed:
    return Computed(
        read=read,
        part=lambda one: one.day,
        find=lambda actor, condition: last(actor, None, None),
    )


def _who(read: Read) -> Computed:
    return Computed(read=read, part=_said)


def _said(one: Last) -> str:
    kind = str(What(one.kind).label) if one.kind in What.values else one.kind
    return " · ".join(filter(None, (one.by, kind)))


for _to, _read, _last in (
    ("customers", last_with_customers, customers_last),
    ("people", last_with_people, people_last),
):
    contribute(
        _to,
        kinds=(
            LastTouch(
                name="touched_on",
                label=_("Last effective follow-up"),
                minor=True,
                code=_CODE,
                computed=_days(_read, _last),
                last=_last,
            ),
            Text(
                name="touched_by",
                label=_("Last followed up by"),
                minor=True,
                code=_CODE,
                computed=_who(_read),
            ),
        ),
        filters=("touched_on",),
    )
