"""All declared resources, completed at registration, and again by what upper contexts contribute."""

from collections.abc import Iterator
from copy import copy
from typing import Any, TypeVar

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.permissions import codes
from guanxi.resource.contributions import contributed
from guanxi.resource.declaration import Resource
from guanxi.resource.labelling import label
from guanxi.resource.reach import Everything, Owned

VERBS = {
    "view": _("View"),
    "create": _("Create"),
    "edit": _("Edit"),
    "assign": _("Assign an owner"),
    "delete": _("Delete"),
    "export": _("Export"),
    "import": _("Import"),
}

# What the change log says of the usual verbs, where an entity has no better words.
ACTS: dict[str, Any] = {
    "create": _("created {thing}"),
    "edit": _("changed {thing}"),
    "assign": _("assigned {thing}"),
    "delete": _("deleted {thing}"),
    "merge": _("merged {thing}"),
    "split": _("took {thing} apart again"),
    "import": _("imported {thing}"),
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
    resource.acts = {
        verb: format_lazy(words, thing=resource.label) for verb, words in ACTS.items()
    } | resource.acts
    if isinstance(resource.reach, Everything) and resource.owner:
        resource.reach = Owned(resource.owner)
    verbs = VERBS | {
        one.verb: one.label for one in resource.actions if one.verb not in VERBS and "." not in one.verb
    }
    for verb, words in () if resource.asks else verbs.items():
        codes.register(
            resource.permission(verb),
            words,
            group=resource.label_plural,
            reach=not isinstance(resource.reach, Everything),
            defaults=resource.rights.get(verb, {}),
        )
    label(resource)
    _by_key[resource.key] = resource
    return resource


def complete() -> None:
    """Join contributed fields and filters to the declarations: at start-up, once every context has had its say."""
    for resource in every():
        added = contributed(resource.key)
        resource.declared = {kind.name: kind for kind in resource.kinds}
        for kind in map(copy, added.kinds):  # one given to every resource is bound to each
            kind.bind(resource)
            resource.declared.setdefault(kind.name, kind)
        resource.contributed_filters = tuple(added.filters)


def find(key: str) -> type[Resource]:
    """The resource with a key. Raises LookupError."""
    return _by_key[key]


def find_by_key(key: str) -> type[Resource] | None:
    """The resource with a key that may be of a part that is gone."""
    return _by_key.get(key)


def find_by_table(table: str) -> type[Resource] | None:
    """The resource whose rows lie in a table, or None."""
    return next((r for r in _by_key.values() if r.model._meta.db_table == table), None)


def resource_of(record: Any) -> type[Resource]:
    """The resource that a record is of. Raises LookupError where its model is nobody's."""
    found = find_by_table(record._meta.db_table)
    if found is None:
        raise LookupError(record._meta.label)
    return found


def places() -> Iterator[type[Resource]]:
    """The resources that people go to by themselves; what hangs on another, or is set up once, is reached from there
    or from the settings."""
    return (resource for resource in every() if not resource.asks)


def every() -> Iterator[type[Resource]]:
    """All resources in the order of registration."""
    return iter(_by_key.values())
