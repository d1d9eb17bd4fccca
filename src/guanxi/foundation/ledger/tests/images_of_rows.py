"""What a company's business rows hold, as the owner sees them."""

import json
from typing import Any
from uuid import UUID

from django.db import connections

from guanxi.foundation.tenancy.postgresql.compiler import business_tables

Rows = dict[tuple[str, str], dict[str, Any]]


def rows_of(tenant_id: UUID) -> Rows:
    """(table, id) → columns, `version` among them, for every table that the ledger watches."""
    found: Rows = {}
    with connections["owner"].cursor() as cursor:
        for table, field in business_tables().items():
            if field.ledger:
                cursor.execute(f"SELECT to_jsonb(t)::text FROM {table} t WHERE tenant_id = %s", [tenant_id])
                rows = [json.loads(text) for (text,) in cursor.fetchall()]
                found.update({(table, row["id"]): row for row in rows})
    return found


def without_version(rows: Rows) -> Rows:
    return {
        key: {column: value for column, value in row.items() if column != "version"}
        for key, row in rows.items()
    }
