"""What a company adds to a declaration: fields of its own, another order of sections.

The core knows only the shape; whoever keeps the company's wishes (`guanxi.tailoring`) is registered here at
start-up. Outside a company's scope, and where nobody is registered, a declaration is as its author wrote it.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from django.db.models import F, Func, JSONField, Q, Value
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.tenancy.scope import current_scope
from guanxi.kernel.errors import Invalid, Message, NotFound
from guanxi.kinds import PhoneNumber
from guanxi.kinds.kind import PREFIX, Declared, Kind

_LINES = 10  # of a long text


@dataclass(frozen=True, slots=True)
class Wish:
    """A field that somebody wishes for: what it is called, one of the kinds a company can add, the decimals of a
    number, the words of a list to choose from."""

    label: str
    kind: str
    places: int = 0
    options: tuple[str, ...] = ()


class Tailor(Protocol):
    """Keeps what companies add. Every answer is for the company of the open scope, and quick: it is asked often."""

    def fields(self, resource: type[Declared]) -> Mapping[str, Kind]:
        """The company's own fields in use, by name, bound with `Kind.bind_own`."""

    def former(self, resource: type[Declared]) -> Mapping[str, Kind]:
        """Fields that are out of use: what their values in the change log are called."""

    def sections(self, resource: type[Declared], sections: Sequence[Any], place: str) -> Sequence[Any]:
        """The sections of `place` ("form" or "card") in the company's order, without what it hides there."""

    def written(self, resource: type[Declared], ids: Iterable[UUID]) -> None:
        """Rows were written, brought back or deleted: derived values (indexes of own fields) follow, in this
        transaction. Raises Taken."""

    def taken(self, kind: Kind, values: Collection[Any]) -> Collection[Any]:
        """Those of stored values that a record has already in a field where each may stand only once."""

    def may_add(self, actor: Actor, resource: type[Declared]) -> bool:
        """Whether the actor may add fields to a resource, which has room for them."""

    def draft(self, actor: Actor, resource: type[Declared], wanted: Sequence[Wish]) -> Sequence[Kind]:
        """The fields that `add` would make, bound, nothing written. Raises as it does."""

    def add(self, actor: Actor, resource: type[Declared], wanted: Sequence[Wish]) -> Sequence[str]:
        """Add fields in the open operation; returns their names. Raises Forbidden, and Invalid by label."""

    def forget(self) -> None:
        """What was added in this scope has been taken back with its transaction."""


class Taken(Invalid):
    """A value that only one record may have stands in another one of `ids` already, or would in two of them."""

    def __init__(self, name: str, ids: Collection[UUID]) -> None:
        super().__init__({name: [Message("taken", _("Another record has this already."))]})
        self.name, self.ids = name, ids


class _Nobody:
    def fields(self, resource: type[Declared]) -> Mapping[str, Kind]:
        return {}

    def former(self, resource: type[Declared]) -> Mapping[str, Kind]:
        return {}

    def sections(self, resource: type[Declared], sections: Sequence[Any], place: str) -> Sequence[Any]:
        return sections

    def written(self, resource: type[Declared], ids: Iterable[UUID]) -> None:
        return None

    def taken(self, kind: Kind, values: Collection[Any]) -> Collection[Any]:
        return ()

    def may_add(self, actor: Actor, resource: type[Declared]) -> bool:
        return False

    def draft(self, actor: Actor, resource: type[Declared], wanted: Sequence[Wish]) -> Sequence[Kind]:
        raise NotFound("no_own_fields")

    def add(self, actor: Actor, resource: type[Declared], wanted: Sequence[Wish]) -> Sequence[str]:
        raise NotFound("no_own_fields")

    def forget(self) -> None:
        return None


_NOBODY = _Nobody()
_registered: list[Tailor] = []
_drafted: ContextVar[Mapping[str, Mapping[str, Kind]]] = ContextVar("guanxi_drafted", default={})  # noqa: B039


def register_tailor(tailor: Tailor) -> None:
    """Called once at start-up."""
    _registered[:] = [tailor]


def tailor() -> Tailor:
    """Who keeps the company's wishes; nobody where no company is in scope."""
    return _registered[0] if _registered and current_scope() is not None else _NOBODY


def fields_of(resource: type[Declared]) -> Mapping[str, Kind]:
    """The company's own fields of a resource, with those that are only drafted here."""
    mine, drafts = tailor().fields(resource), _drafted.get()
    return {**mine, **drafts[resource.key]} if resource.key in drafts else mine


@contextmanager
def drafting(kinds: Mapping[str, Sequence[Kind]]) -> Iterator[None]:
    """While inside, resources (by key) have these fields too, to see what would become of values in them."""
    token = _drafted.set({key: {kind.name: kind for kind in mine} for key, mine in kinds.items()})
    try:
        yield
    finally:
        _drafted.reset(token)


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


def searched(resource: type[Declared], record: Any) -> tuple[list[str], list[str]]:
    """Words and phones of own fields that a record is found by, in every language; of a long text its first lines."""
    names: dict[str, None] = {}
    phones = []
    for kind in tailor().fields(resource).values():
        if kind.own is None or not kind.own.searched or kind.is_blank(value := kind.value(record)):
            continue
        if isinstance(kind, PhoneNumber):
            phones.append(str(value))
            continue
        for language in ("zh-hans", "en"):
            with override(language):
                lines = kind.said(value, language).split("\n")
            names |= dict.fromkeys(line for line in lines[:_LINES] if line.strip())
    return list(names), phones


class Merged(Func):
    """`own` of many rows at once: without the names in `gone`, with the values of `mine`."""

    output_field = JSONField()

    def __init__(self, column: F, gone: Sequence[str], mine: Mapping[str, Any]) -> None:
        super().__init__(column, Value(list(gone)), Value(json.dumps(mine)))

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> tuple[str, Any]:
        column, gone, mine = self.source_expressions
        parts = [compiler.compile(part) for part in (column, gone, mine)]
        sql = f"(({parts[0][0]} - {parts[1][0]}::text[]) || {parts[2][0]}::jsonb)"
        return sql, [param for part in parts for param in part[1]]


def changed(name: str) -> Q:
    """Of changes of the ledger those that touched an own field."""
    was, now = f"old__own__{name}", f"new__own__{name}"
    return Q(new__has_key="own") & (
        Q(**{f"{was}__isnull": True, f"{now}__isnull": False})
        | Q(**{f"{was}__isnull": False, f"{now}__isnull": True})
        | (Q(**{f"{was}__isnull": False}) & ~Q(**{was: F(now)}))
    )
