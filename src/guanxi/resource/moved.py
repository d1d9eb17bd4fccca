"""Rows outside the ledger that a merging gave to another record, and their way back with its undo.

A mention in an e-mail, say: bookkeeping that nobody undoes for itself, and that belongs to whom it belonged before
all the same.
"""

from collections.abc import Collection
from uuid import UUID

from django.db import models

from guanxi.foundation.ledger.images import model_of
from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.ledger.services import current_operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.tenancy.fields import tenant_field
from guanxi.resource.models import Moved
from guanxi.resource.registry import every


def is_outside(model: type[models.Model]) -> bool:
    """Whether the ledger keeps no images of a table."""
    field = tenant_field(model)
    return field is not None and not field.ledger


def note_moves(model: type[models.Model], column: str, ids: Collection[UUID], into: UUID) -> None:
    """Before these rows are given to another record: write down whose they were. Nothing for what the ledger keeps."""
    opened = current_operation()
    if opened is None or not ids or not is_outside(model):
        return
    held = model._default_manager.filter(pk__in=list(ids)).values_list("pk", column)
    _note(opened.id, model._meta.db_table, column, [(pk, former) for pk, former in held], into)


def _note(operation: UUID, table: str, column: str, rows: Collection[tuple[UUID, UUID]], into: UUID) -> None:
    Moved.objects.bulk_create(
        Moved(operation=operation, table_name=table, column_name=column, row_id=pk, former=former, into=into)
        for pk, former in rows
        if former != into
    )


def put_back(actor: Actor, undoing: Operation) -> None:
    """After an undo: rows that the undone operation had moved belong to their record again, where it is there again and
    nobody else has them by now. The undo of this undo moves them anew."""
    if undoing.undoes_id is None:
        return
    moved = list(Moved.objects.filter(operation=undoing.undoes_id))
    back = _there({one.former for one in moved})
    ways: dict[tuple[str, str, UUID, UUID], list[UUID]] = {}
    for one in moved:
        if one.former in back:
            way = (one.table_name, one.column_name, one.into, one.former)
            ways.setdefault(way, []).append(one.row_id)
    for (table, column, into, former), ids in ways.items():
        model = model_of(table)
        if model is None:
            continue
        rows = model._default_manager.filter(pk__in=ids, **{column: into})
        held = list(rows.values_list("pk", flat=True))
        model._default_manager.filter(pk__in=held).update(**{column: former})
        _note(undoing.id, table, column, [(pk, into) for pk in held], former)


def _there(ids: Collection[UUID]) -> set[UUID]:
    """Those of them that are records of today."""
    if not ids:
        return set()
    return {
        pk
        for resource in every()
        for pk in resource.model._default_manager.filter(pk__in=list(ids)).values_list("pk", flat=True)
    }
