"""Holding what sales are about to refer to: none of it goes meanwhile."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import Invalid, Message

# The rows of these tables, by the column that refers to them and the field where it is said that one is gone.
_HELD = (
    ("stage_id", "stage", "SELECT id FROM sales_stage WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE"),
    ("customer_id", "customer", "SELECT id FROM customers_customer WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE"),
    ("person_id", "person", "SELECT id FROM customers_person WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE"),
)  # fmt: skip


def hold(rows: Sequence[Mapping[str, Any]]) -> None:
    """Whoever would delete or merge away a stage, a customer or a person that these stored values refer to waits for
    the end of this transaction. Raises Invalid for one that went before."""
    for column, field, statement in _HELD:
        wanted = sorted({row[column] for row in rows if row.get(column)})
        if not wanted:
            continue
        with connection.cursor() as cursor:
            cursor.execute(statement, [wanted])
            there = cursor.fetchall()
        if len(there) < len(wanted):
            said = Message("gone", _("It was deleted or merged meanwhile. Choose again."))
            raise Invalid({field: [said]})
