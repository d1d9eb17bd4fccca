"""What the change log and the page of field rules say of a resource: taken from its declaration."""

from collections.abc import Collection
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.translation import get_language

from guanxi.foundation.ledger.labels import Image, TableLabels, label_table, label_verbs
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.codes import CatalogueField, CatalogueResource, field_catalogue
from guanxi.resource import access
from guanxi.resource.declaration import Resource
from guanxi.resource.kinds import Choice, Choices, Coded, Kind


def label(resource: type[Resource]) -> None:
    """Register the resource's table, acts and fields."""
    label_table(
        resource.model._meta.db_table,
        TableLabels(
            name=resource.label,
            row=lambda image: str(image.get(resource.title) or ""),
            columns={kind.column: kind.label for kind in resource.kinds},
            values={
                kind.column: partial(_said, kind)
                for kind in resource.kinds
                if isinstance(kind, Choice | Choices | Coded)
            },
            resource=resource.key,
            visible=partial(_visible, resource),
            seen_in=partial(_seen_in, resource),
            url=lambda row_id: resource.url("card", id=row_id),
        ),
    )
    label_verbs({resource.permission(verb): words for verb, words in resource.acts.items()})
    field_catalogue.append(lambda: [_catalogued(resource)])


def _said(kind: Kind, value: Any) -> str:
    return kind.said(value, get_language() or "zh-hans")


def _visible(resource: type[Resource], actor: Actor, ids: Collection[UUID]) -> Collection[UUID]:
    return set(access.visible(actor, resource).filter(pk__in=list(ids)).values_list("pk", flat=True))


def _seen_in(resource: type[Resource], actor: Actor, image: Image) -> bool:
    return access.reached(actor, resource, image, "view")


def _catalogued(resource: type[Resource]) -> CatalogueResource:
    fields = tuple(
        CatalogueField(kind.name, kind.label, maskable=kind.personal, hideable=kind.name != resource.title)
        for kind in resource.declared.values()
        if not kind.only_read or kind.computed is not None
    )
    return CatalogueResource(resource.key, resource.label_plural, fields)
