"""Keeping what records are recognised by."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from guanxi.customers.models import Mark
from guanxi.customers.rules.alike import Known, digest, keys_of
from guanxi.foundation.tenancy.bulk import insert_lines
from guanxi.foundation.tenancy.scope import require_scope
from guanxi.kernel.alike.verdicts import Key

_FEW = 50  # rows written one by one; more of them are brought by COPY


class Marks:
    """The marks of a resource's records, kept by the resource layer (`resource.keeping.Kept`)."""

    def __init__(
        self, resource: str, columns: Collection[str], read: Callable[[Mapping[str, Any]], Known]
    ) -> None:
        self.resource, self.columns, self._read = resource, frozenset(columns), read

    def worked_out(self, row: Mapping[str, Any]) -> frozenset[Key]:
        return keys_of(self._read(row))

    def put(self, rows: Sequence[tuple[UUID, frozenset[Key]]], *, fresh: bool) -> None:
        company = require_scope().tenant_id
        marks = {record: sorted(digest(company, self.resource, key) for key in keys) for record, keys in rows}
        if len(rows) > _FEW:
            if not fresh:
                self.remove(marks)
            insert_lines(
                Mark,
                ("id", "created_at", "resource", "record", "keys"),
                (
                    f"{record.hex}\tnow\t{self.resource}\t{record.hex}\t{{{','.join(map(str, keys))}}}"
                    for record, keys in marks.items()
                ),
            )
            return
        Mark.objects.bulk_create(
            [Mark(id=id_, resource=self.resource, record=id_, keys=keys) for id_, keys in marks.items()],
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=["keys"],
        )

    def remove(self, ids: Collection[UUID]) -> None:
        Mark.objects.filter(pk__among=list(ids)).delete()
