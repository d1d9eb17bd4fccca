"""Reading an image that was written when the table had another shape."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from time import monotonic
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from guanxi.foundation.ledger.models import Change, SchemaChange
from guanxi.foundation.tenancy.fields import KeyedField


@dataclass(frozen=True, slots=True)
class Shape:
    """How an image of an older schema version reads today.

    `columns` are the table's columns now. `moved` are pairs of a column in the image and its name now, None
    where it is gone. `defaults` fill what did not exist then.
    """

    table: str
    columns: tuple[str, ...]
    json_columns: tuple[str, ...]
    moved: tuple[tuple[str, str | None], ...]
    defaults: tuple[tuple[str, Any], ...]
    keyed_columns: tuple[str, ...] = ()

    ignored_columns = ("version", "updated_at")

    @property
    def ignored(self) -> str:
        """SQL array of the columns in which a difference is no conflict."""
        return "ARRAY['version', 'updated_at']"

    @property
    def beside(self) -> str:
        """SQL array of these and of the columns that are compared key by key."""
        return f"ARRAY[{', '.join(_text(c) for c in (*self.ignored_columns, *self.keyed_columns))}]"

    def expression(self, image: str) -> str:
        """SQL for the image as of today."""
        if not self.moved:
            return image
        renamed = " ".join(f"WHEN {_text(old)} THEN {_text(new)}" for old, new in self.moved if new)
        gone = ", ".join(_text(old) for old, new in self.moved if new is None)
        key = f"CASE e.key {renamed} ELSE e.key END" if renamed else "e.key"
        kept = f" WHERE e.key NOT IN ({gone})" if gone else ""
        # The driver reads a bare question mark and percent sign literally; only %s is a parameter.
        # Names of columns only, quoted.
        return f"(SELECT coalesce(jsonb_object_agg({key}, e.value), '{{}}') FROM jsonb_each({image}) e{kept})"  # noqa: S608

    def read(self, image: dict[str, Any] | None) -> dict[str, Any]:
        """The image as of today, for an image that has been fetched."""
        moved = dict(self.moved)
        named = ((moved.get(column, column), value) for column, value in (image or {}).items())
        return {column: value for column, value in named if column is not None}

    def unkeyed(
        self, old: dict[str, Any] | None, new: dict[str, Any] | None
    ) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
        """Both images of a change as of today, with the keys of keyed columns beside the columns."""
        before = None if old is None else self.read(old)
        after = None if new is None else self.read(new)
        for column in self.keyed_columns:
            was = (before or {}).pop(column, None) or {}
            became = (after or {}).pop(column, None) or {}
            if before is None or after is None:
                for image, keys in ((before, was), (after, became)):
                    if image is not None:
                        image.update(keys)
                continue
            for key in (k for k in {**was, **became} if was.get(k) != became.get(k)):
                before[key], after[key] = was.get(key), became.get(key)
        return before, after

    def exact_json(self, row: str, image: str) -> str:
        """SQL that is true where a JSON column differs: containment alone would overlook added keys."""
        tests = [
            f"({image} ? {_text(c)} AND to_jsonb({row}) -> {_text(c)} IS DISTINCT FROM {image} -> {_text(c)})"
            for c in self.json_columns
        ]
        return "(" + " OR ".join(tests) + ")" if tests else "false"

    def keys_differ(self, row: str, old: str, new: str) -> str:
        """SQL that is true where a key that an update took from `old` to `new` holds something else now."""
        tests = []
        for column in self.keyed_columns:
            was, became = _object(old, column), _object(new, column)
            tests.append(
                f"({new} ? {_text(column)} AND EXISTS (SELECT 1 FROM jsonb_each({was} || {became}) k "  # noqa: S608
                f"WHERE {was} -> k.key IS DISTINCT FROM {became} -> k.key "
                f'AND {row}."{column}" -> k.key IS DISTINCT FROM {became} -> k.key))'
            )
        return "(" + " OR ".join(tests) + ")" if tests else "false"

    def keys_whole_differ(self, row: str, image: str) -> str:
        """SQL that is true where a keyed column is not, with all its keys, what the image holds."""
        tests = [
            f'({image} ? {_text(c)} AND {row}."{c}" IS DISTINCT FROM {image} -> {_text(c)})'
            for c in self.keyed_columns
        ]
        return "(" + " OR ".join(tests) + ")" if tests else "false"

    def keys_back(self, row: str, column: str, old: str, new: str) -> str:
        """SQL for a keyed column with the keys that an update changed as they were, the others as they are now."""
        was, became = _object(old, column), _object(new, column)
        return (
            f"CASE WHEN {new} ? {_text(column)} THEN "  # noqa: S608 - names of columns only
            "(SELECT coalesce(jsonb_object_agg(e.key, e.value), '{}') FROM ("
            f'SELECT n.key, n.value FROM jsonb_each({row}."{column}") n '
            f"WHERE {was} -> n.key IS NOT DISTINCT FROM {became} -> n.key UNION ALL "
            f"SELECT b.key, b.value FROM jsonb_each({was}) b "
            f'WHERE {was} -> b.key IS DISTINCT FROM {became} -> b.key) e) ELSE {row}."{column}" END'
        )

    def defaults_json(self) -> str:
        return json.dumps(dict(self.defaults), cls=DjangoJSONEncoder)

    @staticmethod
    def load(value: Any) -> dict[str, Any]:
        """A JSONB value from a raw cursor as a dict."""
        if isinstance(value, str):
            value = json.loads(value)
        return value or {}


def _object(image: str, column: str) -> str:
    return f"coalesce({image} -> {_text(column)}, '{{}}')"


def _text(name: str) -> str:
    return "'" + name.replace("'", "''") + "'"


@lru_cache(maxsize=1)
def models_by_table() -> dict[str, type[models.Model]]:
    """Every table's model, as the running project knows them."""
    return {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}


def model_of(table: str) -> type[models.Model] | None:
    """The model of a business table, or None where the table is gone."""
    return models_by_table().get(table)


_SHOWN_FOR = 30.0  # seconds for which a page may believe in the shapes it knows


class _Shapes:
    """Every change of shape there was, oldest first, as this process last read them."""

    def __init__(self) -> None:
        self._read_at = float("-inf")
        self._changes: tuple[SchemaChange, ...] = ()

    def read(self, *, lately: bool, newest: int = 0) -> tuple[SchemaChange, ...]:
        """`lately` suffices to show something, if `newest` is known: an upgrade beside a running page is rare.
        What writes reads them anew."""
        known = self._changes[-1].id if self._changes else 0
        if not lately or newest > known or monotonic() - self._read_at > _SHOWN_FOR:
            self._changes, self._read_at = tuple(SchemaChange.objects.order_by("id")), monotonic()
        return self._changes

    def forget(self) -> None:
        """For tests that change shapes in their own process."""
        self._read_at = float("-inf")


shapes = _Shapes()


def shape_of(table: str, schema: int, *, lately: bool = False) -> Shape | None:
    """How images of `table` from schema version `schema` read today; None where the table is gone.

    `lately`: what was read some seconds ago suffices, for showing.
    """
    moves = _Moves()
    for change in shapes.read(lately=lately, newest=schema):
        if change.id <= schema or change.table_name != table:
            continue
        if change.kind == "drop":
            return None
        if change.kind == "table":
            table = change.becomes
        else:
            moves.note(change.kind, change.column_name, change.becomes)
    model = model_of(table)
    if model is None:
        return None
    fields = [f for f in model._meta.local_concrete_fields if not getattr(f, "generated", False)]
    return Shape(
        table=table,
        columns=tuple(str(f.column) for f in fields),
        json_columns=tuple(
            str(f.column) for f in fields if isinstance(f, models.JSONField) and not isinstance(f, KeyedField)
        ),
        keyed_columns=tuple(str(f.column) for f in fields if isinstance(f, KeyedField)),
        moved=moves.result(),
        defaults=tuple(_defaults(fields)),
    )


class _Moves:
    """Follows columns through later changes of a table; a name may be given up and taken by another."""

    def __init__(self) -> None:
        self._now: dict[str, str | None] = {}  # name in the image → name now
        self._made: set[str] = set()  # columns that came later and bear these names now

    def note(self, kind: str, column: str, becomes: str) -> None:
        if kind == "add":
            self._made.add(column)
            return
        later = column in self._made
        self._made.discard(column)
        if later:
            if kind == "rename":
                self._made.add(becomes)
            return
        origin = next((old for old, new in self._now.items() if new == column), column)
        self._now[origin] = becomes if kind == "rename" else None

    def result(self) -> tuple[tuple[str, str | None], ...]:
        return tuple((old, new) for old, new in self._now.items() if old != new)


def _defaults(fields: Iterable[Any]) -> Iterable[tuple[str, Any]]:
    for field in fields:
        if field.primary_key or field.column == "tenant_id":
            continue
        if field.has_default():
            yield field.column, field.get_default()
        elif not field.null and field.empty_strings_allowed:
            yield field.column, ""


def former_names(table: str, columns: Iterable[str], *, lately: bool = False) -> tuple[set[str], set[str]]:
    """The names that a table and some of its columns have borne in images, today's too; `lately` as in `shape_of`."""
    tables, names = {table}, set(columns)
    for change in reversed(shapes.read(lately=lately)):
        if change.kind == "table" and change.becomes == table:
            table = change.table_name
            tables.add(table)
        elif change.kind == "rename" and change.table_name == table and change.becomes in names:
            names.add(change.column_name)
    return tables, names


def as_of_today(changes: Iterable[Change], *, lately: bool = False) -> list[Change]:
    """Fetched changes with table and columns under today's names; columns that are gone are left out.

    The keys of a keyed column stand beside the columns, of an update those that it changed. `lately` as in `shape_of`.
    """
    known: dict[tuple[str, int], Shape | None] = {}
    found = []
    for change in changes:
        key = change.table_name, change.schema
        if key not in known:
            known[key] = shape_of(*key, lately=lately)
        shape = known[key]
        if shape is not None:
            change.table_name = shape.table
            change.old, change.new = shape.unkeyed(change.old, change.new)
        found.append(change)
    return found
