"""All declared resources, completed at registration."""

from collections.abc import Iterator
from typing import TypeVar

from django.utils.translation import gettext_lazy as _

from guanxi.foundation.permissions import codes
from guanxi.resource.declaration import Resource
from guanxi.resource.labelling import label

VERBS = {
    "view": _("View"),
    "create": _("Create"),
    "edit": _("Edit"),
    "assign": _("Assign an owner"),
    "delete": _("Delete"),
    "export": _("Export"),
    "import": _("Import"),
}

R = TypeVar("R", bound=type[Resource])
_by_key: dict[str, type[Resource]] = {}


def register(resource: R) -> R:
    """Class decorator: bind the fields to the model and make the resource known to every door."""
    if resource.key in _by_key:
        raise ValueError(f"two resources are called {resource.key}")
    resource.declared = {}
    for kind in resource.kinds:
        kind.bind(resource)
        resource.declared[kind.name] = kind
    resource.label = resource.label or resource.model._meta.verbose_name or resource.key
    resource.label_plural = resource.label_plural or resource.model._meta.verbose_name_plural or resource.key
    for verb, words in VERBS.items():
        codes.register(
            resource.permission(verb),
            words,
            group=resource.label_plural,
            reach=bool(resource.owner),
            defaults=resource.rights.get(verb, {}),
        )
    label(resource)
    _by_key[resource.key] = resource
    return resource


def find(key: str) -> type[Resource]:
    """The resource with a key. Raises LookupError."""
    return _by_key[key]


def find_by_key(key: str) -> type[Resource] | None:
    """The resource with a key that may be of a part that is gone."""
    return _by_key.get(key)


def find_by_table(table: str) -> type[Resource] | None:
    """The resource whose rows lie in a table, or None."""
    return next((r for r in _by_key.values() if r.model._meta.db_table == table), None)


def every() -> Iterator[type[Resource]]:
    """All resources in the order of registration."""
    return iter(_by_key.values())
