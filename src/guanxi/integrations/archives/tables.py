"""Which tables an archive holds, and which columns of each; what these mean, for whoever reads them without us."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.utils.translation import override

from guanxi.foundation.ledger.models import Change, Operation
from guanxi.foundation.tenancy.fields import Reference, tenant_field
from guanxi.foundation.tenancy.models import KEPT
from guanxi.kinds import Money
from guanxi.resource.registry import find_by_table

Model = type[models.Model]
LEDGER: tuple[Model, ...] = (Operation, Change)
_TEXTS = (models.CharField, models.TextField)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. `guarded`: outside text, which a spreadsheet must not run."""

    name: str
    guarded: bool
    field: Any


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the archive: its file, and its columns with the key first."""

    model: Model
    file: str
    columns: tuple[Column, ...]

    @property
    def name(self) -> str:
        """The table's name in the database."""
        return str(self.model._meta.db_table)


def undecided() -> list[str]:
    """Business tables that do not say what becomes of them."""
    return [one._meta.label for one in _business() if not hasattr(one, "archived")]


@cache
def tables() -> tuple[Table, ...]:
    """Every table an archive holds, the change log last."""
    found = []
    for model in _business():
        if getattr(model, "archived", None) != KEPT:
            continue
        resource = find_by_table(model._meta.db_table)
        name = resource.key if resource else model._meta.db_table
        found.append(Table(model, f"tables/{name}.csv", _columns(model)))
    ledger = [Table(one, f"history/{one._meta.db_table}.csv", _columns(one)) for one in LEDGER]
    return (*sorted(found, key=lambda one: one.file), *ledger)


def _business() -> Iterator[Model]:
    for model in apps.get_models(include_auto_created=True):
        if tenant_field(model) is not None and model not in LEDGER:
            yield model


def _columns(model: Model) -> tuple[Column, ...]:
    without = {"tenant_id", *getattr(model, "archived_without", ())}
    fields = [
        one
        for one in model._meta.local_concrete_fields
        if one.column not in without and not getattr(one, "generated", False)
    ]
    fields.sort(key=lambda one: not one.primary_key)
    return tuple(Column(str(one.column), isinstance(one, _TEXTS), one) for one in fields)


def shape() -> str:
    """A sum of all tables' columns and their types: only what was taken out of the same tables comes back in."""
    said = [
        [table.name, sorted((one.name, str(one.field.db_type(connection))) for one in table.columns)]
        for table in tables()
    ]
    return hashlib.sha256(json.dumps(sorted(said)).encode()).hexdigest()


def dictionary() -> Iterator[list[str]]:
    """What each column is, as rows: file, column, type, label in both languages, whose key it is, meaning."""
    yield ["file", "column", "type", "label_zh", "label_en", "refers_to", "meaning"]
    for table in tables():
        resource = find_by_table(table.name)
        kinds = resource.declared if resource else {}
        for one in table.columns:
            labels = []
            for language in ("zh-hans", "en"):
                with override(language):
                    kind = kinds.get(one.field.name)
                    labels.append(str(kind.label if kind else one.field.verbose_name))
            target = one.field.remote_field.model if isinstance(one.field, Reference) else None
            refers = next((each.file for each in tables() if each.model is target), "")
            yield [
                table.file, one.name, str(one.field.db_type(connection)), *labels, refers,
                _meaning(one, kinds.get(one.field.name)),
            ]  # fmt: skip


def _meaning(column: Column, kind: Any) -> str:
    if isinstance(kind, Money):
        return "1/100 of the currency"
    said: dict[str, list[str]] = {}
    for language in ("zh-hans", "en"):
        with override(language):
            for value, label in column.field.flatchoices:
                said.setdefault(str(value), []).append(str(label))
    return "; ".join(f"{value} = {' / '.join(dict.fromkeys(words))}" for value, words in said.items())
