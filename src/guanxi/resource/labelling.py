"""What the change log and the page of field rules say of a resource: taken from its declaration."""

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.translation import get_language

from guanxi.foundation.ledger.labels import Image, TableLabels, label_table, label_verbs
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.codes import CatalogueField, CatalogueResource, field_catalogue
from guanxi.kinds import Choice, Choices, Coded, Kind
from guanxi.kinds.kind import PREFIX
from guanxi.resource import access, own
from guanxi.resource.declaration import Resource


def label(resource: type[Resource]) -> None:
    """Register the resource's table, acts and fields."""
    label_table(
        resource.model._meta.db_table,
        TableLabels(
            name=resource.label,
            row=lambda image: str(image.get(resource.title) or ""),
            columns=_WithOwn(
                resource, {kind.column: kind.label for kind in resource.kinds}, lambda kind: kind.label
            ),
            values=_WithOwn(
                resource,
                {
                    kind.column: partial(_said, kind)
                    for kind in resource.kinds
                    if isinstance(kind, Choice | Choices | Coded)
                },
                lambda kind: partial(_said_own, kind),
            ),
            resource=resource.key,
            visible=partial(_visible, resource),
            seen_in=partial(_seen_in, resource),
            url=lambda row_id: resource.url("card", id=row_id),
        ),
    )
    label_verbs({resource.act(verb): words for verb, words in resource.acts.items()})
    field_catalogue.append(lambda: [_catalogued(resource)])


class _WithOwn(Mapping[str, Any]):
    """What is said of declared columns, and of the fields of whichever company is in scope."""

    def __init__(
        self, resource: type[Resource], declared: Mapping[str, Any], of: Callable[[Kind], Any]
    ) -> None:
        self._resource, self._declared, self._of = resource, declared, of

    def __getitem__(self, column: str) -> Any:
        if not column.startswith(PREFIX):
            return self._declared[column]
        tailor = own.tailor()
        fields = tailor.fields(self._resource)
        return self._of(fields[column] if column in fields else tailor.former(self._resource)[column])

    def __iter__(self) -> Iterator[str]:
        return iter(self._declared)

    def __len__(self) -> int:
        return len(self._declared)


def _said_own(kind: Kind, value: Any) -> str:
    try:
        return kind.logged(kind.unpack(value), get_language() or "zh-hans")
    except (ValueError, TypeError, AttributeError):
        return str(value)  # of a field that bore the name before and held something else


def _said(kind: Kind, value: Any) -> str:
    return kind.said(value, get_language() or "zh-hans")


def _visible(resource: type[Resource], actor: Actor, ids: Collection[UUID]) -> Collection[UUID]:
    rows = access.visible(actor, resource).filter(pk__in=list(ids))
    if resource.withheld is not None:  # of what is withheld from him the log tells him nothing
        for name in resource.withheld.names(actor):
            rows = rows.exclude(resource.withheld.rows(actor, name))
    return set(rows.values_list("pk", flat=True))


def _seen_in(resource: type[Resource], actor: Actor, image: Image) -> bool:
    return access.reached(actor, resource, image, "view")


def _catalogued(resource: type[Resource]) -> CatalogueResource:
    fields = tuple(
        CatalogueField(kind.name, kind.label, maskable=kind.personal, hideable=kind.name != resource.title)
        for kind in resource.fields().values()
        if not kind.only_read or kind.computed is not None
    )
    return CatalogueResource(resource.key, resource.label_plural, fields)
