"""Reading an image that was written when the table had another shape."""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from guanxi.foundation.ledger.models import SchemaChange


@dataclass(frozen=True, slots=True)
class Shape:
    """How an image of an older schema version reads today.

    `renames` are (old, new) pairs in order; `removed` columns are dropped from the image; `defaults` fill what
    did not exist then. `columns` are the table's columns now.
    """

    table: str
    columns: tuple[str, ...]
    json_columns: tuple[str, ...]
    renames: tuple[tuple[str, str], ...]
    removed: tuple[str, ...]
    defaults: tuple[tuple[str, Any], ...]

    ignored_columns = ("version", "updated_at")

    @property
    def ignored(self) -> str:
        """SQL array of the columns in which a difference is no conflict."""
        return "ARRAY['version', 'updated_at']"

    def expression(self, image: str) -> str:
        """SQL for the image as of today."""
        for old, new in self.renames:
            image = (
                f"(CASE WHEN {image} ? {_text(old)} THEN ({image} - {_text(old)}) || "
                f"jsonb_build_object({_text(new)}, {image} -> {_text(old)}) ELSE {image} END)"
            )
        for column in self.removed:
            image = f"({image} - {_text(column)})"
        # The driver reads a bare question mark and percent sign literally; only %s is a parameter.
        return image

    def exact_json(self, row: str, image: str) -> str:
        """SQL that is true where a JSON column differs: containment alone would overlook added keys."""
        tests = [
            f"({image} ? {_text(c)} AND to_jsonb({row}) -> {_text(c)} IS DISTINCT FROM {image} -> {_text(c)})"
            for c in self.json_columns
        ]
        return "(" + " OR ".join(tests) + ")" if tests else "false"

    def defaults_json(self) -> str:
        return json.dumps(dict(self.defaults), cls=DjangoJSONEncoder)

    @staticmethod
    def load(value: Any) -> dict[str, Any]:
        """A JSONB value from a raw cursor as a dict."""
        if isinstance(value, str):
            value = json.loads(value)
        return value or {}


def _text(name: str) -> str:
    return "'" + name.replace("'", "''") + "'"


@lru_cache(maxsize=1)
def _models_by_table() -> dict[str, type[models.Model]]:
    return {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}


def model_of(table: str) -> type[models.Model] | None:
    """The model of a business table, or None where the table is gone."""
    return _models_by_table().get(table)


def shape_of(table: str, schema: int) -> Shape | None:
    """How images of `table` from schema version `schema` read today; None where the table is gone."""
    renames: list[tuple[str, str]] = []
    removed: list[str] = []
    changes = SchemaChange.objects.filter(id__gt=schema).order_by("id")
    for change in changes:
        if change.table_name != table:
            continue
        if change.kind == "rename":
            renames.append((change.column_name, change.becomes))
        elif change.kind == "remove":
            removed.append(change.column_name)
        elif change.kind == "table":
            table = change.becomes
    model = model_of(table)
    if model is None:
        return None
    fields = [f for f in model._meta.local_concrete_fields if not getattr(f, "generated", False)]
    defaults = []
    for field in fields:
        if field.primary_key or field.column == "tenant_id":
            continue
        if field.has_default():
            value = field.get_default()
        elif field.null:
            continue
        elif field.empty_strings_allowed:
            value = ""
        else:
            continue
        defaults.append((str(field.column), value))
    return Shape(
        table=table,
        columns=tuple(str(f.column) for f in fields),
        json_columns=tuple(str(f.column) for f in fields if isinstance(f, models.JSONField)),
        renames=tuple(renames),
        removed=tuple(removed),
        defaults=tuple(defaults),
    )
