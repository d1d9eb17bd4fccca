"""Keeping what records are recognised by."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from guanxi.customers.models import Mark, Sign
from guanxi.customers.rules.alike import (
    CUSTOMERS,
    EDITION,
    PEOPLE,
    Held,
    Known,
    Telling,
    customer_of,
    digest,
    person_of,
    point_keys,
)
from guanxi.foundation.tenancy.bulk import copied_text, insert_lines
from guanxi.foundation.tenancy.scope import require_scope
from guanxi.kernel.ids import new_id
from guanxi.resource import writing
from guanxi.resource.registry import find

_FEW = 50  # rows written one by one; more of them are brought by COPY


class Marks:
    """What rows of a resource are recognised by, kept by the resource layer (`resource.keeping.Kept`).

    `read` says whose keys stand in a row: the resource and id of the customer or person, and the keys.
    """

    def __init__(self, columns: Collection[str], read: Callable[[Mapping[str, Any]], Held]) -> None:
        self.columns, self._read = frozenset(columns), read

    def worked_out(self, row: Mapping[str, Any]) -> Held:
        return self._read(row)

    def put(self, rows: Sequence[tuple[UUID, Held]], *, fresh: bool) -> None:
        found = [(row, held.resource, held.record or row, held) for row, held in rows]
        if not fresh:
            self._forget([row for row, _held in rows])
        if len(rows) > _FEW:
            self._bring(found)
            return
        Mark.objects.bulk_create(
            Mark(id=row, resource=of, record=record, keys=list(held.marks)) for row, of, record, held in found
        )
        Sign.objects.bulk_create(
            Sign(key=key, row=row, resource=of, record=record, places=beside.places, code=beside.code)
            for row, of, record, held in found
            for key, beside in held.signs
        )

    @staticmethod
    def _bring(found: Sequence[tuple[UUID, str, UUID, Held]]) -> None:
        insert_lines(
            Mark,
            ("id", "created_at", "resource", "record", "edition", "keys"),
            (
                f"{row.hex}\tnow\t{of}\t{record.hex}\t{EDITION}\t{{{','.join(map(str, held.marks))}}}"
                for row, of, record, held in found
            ),
        )
        insert_lines(
            Sign,
            ("id", "created_at", "key", "row", "resource", "record", "places", "code"),
            (
                f"{new_id().hex}\tnow\t{key}\t{row.hex}\t{of}\t{record.hex}\t{copied_text(places)}\t{code}"
                for row, of, record, held in found
                for key, (places, code) in held.signs
            ),
        )

    def remove(self, ids: Collection[UUID]) -> None:
        self._forget(ids)

    @staticmethod
    def _forget(ids: Collection[UUID]) -> None:
        Mark.objects.filter(pk__among=list(ids)).delete()
        Sign.objects.filter(row__among=list(ids)).delete()


class HangingMarks(Marks):
    """The same of rows that hang on a customer or person, who is found by them too."""

    def put(self, rows: Sequence[tuple[UUID, Held]], *, fresh: bool) -> None:
        """Keep it, and let the records be found by it."""
        touched = set() if fresh else self._records([row for row, _held in rows])
        super().put(rows, fresh=fresh)
        _find_anew(touched | {(held.resource, held.record) for _row, held in rows if held.record})

    def remove(self, ids: Collection[UUID]) -> None:
        """Forget it, and let nobody be found by it."""
        touched = self._records(ids)
        super().remove(ids)
        _find_anew(touched)

    def _records(self, ids: Collection[UUID]) -> set[tuple[str, UUID]]:
        """Whose these rows were until now."""
        return set(Mark.objects.filter(pk__among=list(ids)).values_list("resource", "record"))


def _find_anew(records: set[tuple[str, UUID]]) -> None:
    for key in (CUSTOMERS, PEOPLE):
        writing.find_anew(find(key), [record for of, record in records if of == key])


def of_customer(row: Mapping[str, Any]) -> Held:
    """What a customer's own row holds."""
    return _held(None, customer_of(row))


def of_person(row: Mapping[str, Any]) -> Held:
    """What a person's own row holds."""
    return _held(None, person_of(row))


def of_point(row: Mapping[str, Any]) -> Held:
    """What a number or address beside a customer or person holds."""
    record = row.get("customer_id") or row.get("person_id")
    of = CUSTOMERS if row.get("customer_id") else PEOPLE
    company = require_scope().tenant_id
    keys = point_keys(of, str(row.get("kind") or ""), str(row.get("value") or ""))
    return Held(of, record, (), tuple(sorted((digest(company, of, key), Telling()) for key in keys)))


def of_billing(row: Mapping[str, Any]) -> Held:
    """What a billing profile holds of its customer: the tax number, and the title as another name."""
    values = {"credit_code": row.get("tax_number"), "phone": row.get("phone")}
    return _held(row.get("customer_id"), customer_of(values))


def _held(record: UUID | None, known: Known) -> Held:
    marks, telling = known.marks(require_scope().tenant_id), known.telling
    signs = sorted((marks[key], beside) for key, beside in telling.items())
    others = sorted(mark for key, mark in marks.items() if key not in telling)
    return Held(known.resource, record, tuple(others), tuple(signs))
