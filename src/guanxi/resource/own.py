"""What a company adds to a declaration: fields of its own, another order of sections.

The core knows only the shape; whoever keeps the company's wishes (`guanxi.tailoring`) is registered here at
start-up. Outside a company's scope, and where nobody is registered, a declaration is as its author wrote it.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

from django.db.models import F, Func, JSONField, Q, Value

from guanxi.foundation.tenancy.scope import current_scope
from guanxi.resource.kinds.kind import PREFIX, Declared, Kind


class Tailor(Protocol):
    """Keeps what companies add. Every answer is for the company of the open scope, and quick: it is asked often."""

    def fields(self, resource: type[Declared]) -> Mapping[str, Kind]:
        """The company's own fields in use, by name, bound with `Kind.bind_own`."""

    def sections(self, resource: type[Declared], sections: Sequence[Any]) -> Sequence[Any]:
        """The sections of form and card in the company's order, without what it hides."""

    def written(self, resource: type[Declared], ids: Collection[UUID]) -> None:
        """Rows were written or brought back: derived values (indexes of own fields) follow, in this transaction."""


class _Nobody:
    def fields(self, resource: type[Declared]) -> Mapping[str, Kind]:
        return {}

    def sections(self, resource: type[Declared], sections: Sequence[Any]) -> Sequence[Any]:
        return sections

    def written(self, resource: type[Declared], ids: Collection[UUID]) -> None:
        return None


_NOBODY = _Nobody()
_registered: list[Tailor] = []


def register_tailor(tailor: Tailor) -> None:
    """Called once at start-up."""
    _registered[:] = [tailor]


def tailor() -> Tailor:
    """Who keeps the company's wishes; nobody where no company is in scope."""
    return _registered[0] if _registered and current_scope() is not None else _NOBODY


def fold(kinds: Mapping[str, Kind], values: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """Values by column with those of own fields brought into `own`, on top of what it held `before`."""
    mine = {name: value for name, value in values.items() if name.startswith(PREFIX)}
    if not mine:
        return dict(values)
    own = dict(before)
    for name, value in mine.items():
        kind = kinds[name]
        own.pop(name, None)
        if not kind.is_blank(value):
            own[name] = kind.pack(value)
    return {name: value for name, value in values.items() if name not in mine} | {"own": own}


class Merged(Func):
    """`own` of many rows at once: without the names in `gone`, with the values of `mine`."""

    output_field = JSONField()

    def __init__(self, column: F, gone: Sequence[str], mine: Mapping[str, Any]) -> None:
        super().__init__(column, Value(list(gone)), Value(json.dumps(mine)))

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        column, gone, mine = self.source_expressions
        parts = [compiler.compile(part) for part in (column, gone, mine)]
        sql = f"(({parts[0][0]} - {parts[1][0]}::text[]) || {parts[2][0]}::jsonb)"
        return sql, [param for part in parts for param in part[1]]


def flatten(image: Mapping[str, Any] | None) -> dict[str, Any]:
    """An image of the ledger with the values of own fields beside the columns."""
    image = dict(image or {})
    own = image.pop("own", None)
    return image | own if isinstance(own, dict) else image


def differing(
    old: Mapping[str, Any] | None, new: Mapping[str, Any] | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both images of an update, flattened, less the own fields that it left as they were."""
    before, after = flatten(old), flatten(new)
    same = {name for name in before.keys() | after.keys() if before.get(name) == after.get(name)}
    before = {name: value for name, value in before.items() if name not in same}
    # A value that was taken away stands in neither of the new image's columns.
    after = {name: after.get(name) for name in (before.keys() | after.keys()) - same}
    return before, after


def changed(name: str) -> Q:
    """Of changes of the ledger those that touched an own field."""
    was, now = f"old__own__{name}", f"new__own__{name}"
    return Q(new__has_key="own") & (
        Q(**{f"{was}__isnull": True, f"{now}__isnull": False})
        | Q(**{f"{was}__isnull": False, f"{now}__isnull": True})
        | (Q(**{f"{was}__isnull": False}) & ~Q(**{was: F(now)}))
    )
