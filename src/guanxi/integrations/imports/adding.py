"""Columns that nobody knows become fields of the company's own: `new:number`, or `people.new:text` beside the rows.

In a check they are only drafted; an import makes them in its own operation, with whose undo they go.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.imports.fresh import NEW, is_fresh
from guanxi.integrations.imports.mapping import Mapping as Columns
from guanxi.integrations.imports.reading import Table
from guanxi.kernel.errors import Invalid, Message
from guanxi.kernel.figures import MOST_PLACES
from guanxi.resource import own
from guanxi.resource.declaration import Resource
from guanxi.resource.own import Wish
from guanxi.resource.registry import find

_MOST_CHOICES = 200
_LOOKED_AT = 10_000  # different values of a column that decimals are looked for in
_DECIMALS = re.compile(r"\.(\d+)")


@contextmanager
def drafted(actor: Actor, resource: type[Resource], table: Table, columns: Columns) -> Iterator[Columns]:
    """The columns with those that become new fields led to drafts of these, which are there while inside. Raises
    Invalid for what cannot be made."""
    wishes = _wished(resource, table, columns)
    if not wishes:
        yield columns
        return
    drafts = {key: own.tailor().draft(actor, find(key), list(mine.values())) for key, mine in wishes.items()}
    names = {
        at: _named(resource, key, kind.name)
        for key, mine in wishes.items()
        for at, kind in zip(mine, drafts[key], strict=True)
    }
    with own.drafting(drafts):
        yield _led(columns, names)


def added(actor: Actor, resource: type[Resource], table: Table, columns: Columns) -> Columns:
    """The same with the fields made, in the open operation. Raises Forbidden, and Invalid for what cannot be made."""
    names: dict[int, str] = {}
    for key, mine in _wished(resource, table, columns).items():
        made = own.tailor().add(actor, find(key), list(mine.values()))
        names |= {at: _named(resource, key, name) for at, name in zip(mine, made, strict=True)}
    return _led(columns, names)


def _named(resource: type[Resource], key: str, name: str) -> str:
    return name if key == resource.key else f"{key}.{name}"


def _led(columns: Columns, names: dict[int, str]) -> Columns:
    return Columns(tuple(replace(one, field=names.get(one.index, one.field)) for one in columns.columns))


def _wished(resource: type[Resource], table: Table, columns: Columns) -> dict[str, dict[int, Wish]]:
    """The new fields by resource and column. Lists and decimals come from every value of the column."""
    wanted = {one.index: one for one in columns.columns if is_fresh(one.field)}
    if not wanted:
        return {}
    values: dict[int, dict[str, None]] = {at: {} for at in wanted}
    asked = [at for at, one in wanted.items() if one.field.endswith((f"{NEW}choice", f"{NEW}number"))]
    for row in table.rows() if asked else ():
        for at in asked if row.problem is None and row.aside is None else ():
            if row.cells[at] and len(values[at]) <= _LOOKED_AT:
                values[at][row.cells[at]] = None
    found: dict[str, dict[int, Wish]] = {}
    for at, one in wanted.items():
        of, _dot, name = one.field.rpartition(".")
        kind = name.removeprefix(NEW)
        options: tuple[str, ...] = ()
        if kind == "choice":
            options = tuple(values[at])
            if len(options) > _MOST_CHOICES:
                said = _("More than %(most)s different values: too many for a list. Choose text.")
                raise Invalid({one.header: [Message("too_many", said, {"most": _MOST_CHOICES})]})
        decimals = [len(hit[1]) for text in values[at] if (hit := _DECIMALS.search(text))]
        places = min(max(decimals, default=0), MOST_PLACES) if kind == "number" else 0
        found.setdefault(of or resource.key, {})[at] = Wish(one.header, kind, places, options)
    return found
