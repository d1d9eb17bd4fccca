"""What a company wishes of each resource, made once from its rows and kept until they change.

One small query a request asks whether anything has changed since; two hundred fields cost no more than none.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Lock
from types import MappingProxyType
from typing import Any
from uuid import UUID

from guanxi.foundation.tenancy.scope import Scope, require_scope
from guanxi.kinds import Kind
from guanxi.resource import registry
from guanxi.tailoring.models import Layout, OwnField, OwnIndex, OwnOption, Stamp
from guanxi.tailoring.queries.making import Indexed, indexed_of, kind_of

_MOST = 500  # companies whose wishes this process keeps
_NONE: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Arrangement:
    """A stored layout, as it is applied."""

    sections: Sequence[Mapping[str, Any]] = ()
    off_card: frozenset[str] = frozenset()
    off_form: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Wishes:
    """By resource: fields in use in their order, fields out of use, what the narrow index holds, the layout."""

    fields: Mapping[str, Mapping[str, Kind]] = field(default_factory=dict)
    former: Mapping[str, Mapping[str, Kind]] = field(default_factory=dict)
    indexed: Mapping[str, Sequence[Indexed]] = field(default_factory=dict)
    layouts: Mapping[str, Arrangement] = field(default_factory=dict)

    def fields_of(self, key: str) -> Mapping[str, Kind]:
        return self.fields.get(key, _NONE)

    def former_of(self, key: str) -> Mapping[str, Kind]:
        return self.former.get(key, _NONE)


NOTHING = Wishes()
_kept: OrderedDict[UUID, tuple[UUID, Wishes]] = OrderedDict()
_lock = Lock()
_now: ContextVar[tuple[Scope, Wishes] | None] = ContextVar("guanxi_wishes", default=None)


def wishes() -> Wishes:
    """The wishes of the company in scope. Raises NoScope."""
    scope, known = require_scope(), _now.get()
    if known is not None and known[0] is scope:
        return known[1]
    found = _current(scope.tenant_id)
    _now.set((scope, found))
    return found


def forget() -> None:
    """Ask anew in this scope: something has just been changed, or may have been."""
    _now.set(None)


def _current(tenant_id: UUID) -> Wishes:
    mark = Stamp.objects.values_list("mark", flat=True).first()
    if mark is None:
        return NOTHING
    with _lock:
        held = _kept.get(tenant_id)
        if held is not None and held[0] == mark:
            _kept.move_to_end(tenant_id)
            return held[1]
    made = _made()
    with _lock:
        _kept[tenant_id] = mark, made
        _kept.move_to_end(tenant_id)
        while len(_kept) > _MOST:
            _kept.popitem(last=False)
    return made


def _made() -> Wishes:
    """Read everything: four queries, after a change only."""
    options: dict[UUID, list[OwnOption]] = {}
    for option in OwnOption.objects.order_by("position", "id"):
        options.setdefault(option.field_id, []).append(option)
    indexes = {row.field_id: row for row in OwnIndex.objects.all()}
    fields: dict[str, dict[str, Kind]] = {}
    former: dict[str, dict[str, Kind]] = {}
    indexed: dict[str, list[Indexed]] = {}
    for row in OwnField.objects.order_by("resource", "position", "id"):
        resource = registry.find_by_key(row.resource)
        if resource is None:
            continue  # of a part that is gone
        index = indexes.get(row.id)
        kind = kind_of(row, options.get(row.id, ()), index)
        kind.bind_own(resource, kind.own)
        (fields if row.in_use else former).setdefault(row.resource, {})[row.name] = kind
        if index is not None and row.keeps_index:
            indexed.setdefault(row.resource, []).append(indexed_of(row))
    layouts = {
        row.resource: Arrangement(row.sections, frozenset(row.off_card), frozenset(row.off_form))
        for row in Layout.objects.all()
    }
    return Wishes(
        {key: MappingProxyType(mine) for key, mine in fields.items()},
        {key: MappingProxyType(mine) for key, mine in former.items()},
        indexed,
        layouts,
    )
