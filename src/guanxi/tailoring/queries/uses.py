"""Where an own field is in use: what somebody ought to know before it is retired."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from django.http import QueryDict

from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid
from guanxi.resource import filters, registry
from guanxi.tailoring.models import Layout, OwnField, SavedView, ViewShare
from guanxi.tailoring.queries.views import known, me


@dataclass(frozen=True, slots=True)
class UsingView:
    """A saved view that names the field, and whether it is the asker's own and others have it too."""

    view: SavedView
    mine: bool
    shared: bool


@dataclass(frozen=True, slots=True)
class Uses:
    """Views the asker may know of; how many `others` only their owners may; whether the company's own layout of card
    and form places it; how many records have a value."""

    views: tuple[UsingView, ...]
    others: int
    arranged: bool
    records: int

    def __bool__(self) -> bool:
        return bool(self.views or self.others or self.arranged or self.records)


def uses_of(actor: Actor, row: OwnField) -> Uses:
    """Everything that uses the field. Of views the asker may not know of no more than their number is told."""
    naming = {
        view_id
        for view_id, query in SavedView.objects.filter(
            resource=row.resource, query__contains=row.name
        ).values_list("pk", "query")
        if row.name in set(_named(query))
    }
    views = list(known(actor).filter(pk__in=naming).order_by("name", "pk"))
    shared = set(ViewShare.objects.filter(view__in=naming).values_list("view_id", flat=True))
    layout = Layout.objects.filter(resource=row.resource).first()
    rows = registry.find(row.resource).model._default_manager.filter(own__has_key=row.name)
    return Uses(
        views=tuple(
            UsingView(view, view.owner_id == me(actor), view.everyone or view.pk in shared) for view in views
        ),
        others=len(naming) - len(views),
        arranged=layout is not None
        and (
            any(row.name in one.get("fields", ()) for one in layout.sections)
            or row.name in (*layout.off_card, *layout.off_form)
        ),
        records=rows.count(),
    )


def _named(query: str) -> Iterator[str]:
    """The fields that a view's address names: its conditions, order, columns and their widths."""
    held = QueryDict(query)
    with suppress(Invalid):  # of a filter that cannot be read any more nothing is lost
        yield from (one.field for one in filters.conditions(filters.parse(held)))
    yield from (part.removeprefix("-") for part in held.get("sort", "").split(","))
    yield from held.get("columns", "").split(",")
    yield from (part.partition(":")[0] for part in held.get("widths", "").split(","))
