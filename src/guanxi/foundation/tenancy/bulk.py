"""Many rows in one go: COPY into a temporary table, then INSERT … SELECT, walls and ledger as ever."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

from guanxi.foundation.tenancy.fields import tenant_field
from guanxi.foundation.tenancy.scope import require_scope
from guanxi.kernel.errors import NoScope


def insert_rows(model: type[models.Model], rows: Sequence[Mapping[str, Any]], *, batch: int = 5000) -> None:
    """Insert rows given by column; missing columns take the model's defaults.

    COPY itself does not work into a table with row-level security, so rows go through a temporary table.
    Raises NoScope outside a scope and for rows of another company.
    """
    company = require_scope().tenant_id
    if tenant_field(model) is None:
        raise NoScope("no_business_table", {"table": model._meta.db_table})
    q = connection.ops.quote_name
    fields = [f for f in model._meta.local_concrete_fields if isinstance(f, models.Field)]
    columns = ", ".join(q(str(f.column)) for f in fields)
    table, part = q(model._meta.db_table), q("incoming_" + model._meta.db_table)
    prepared = [(str(f.column), f, isinstance(f, models.JSONField)) for f in fields]
    with connection.cursor() as cursor:
        for start in range(0, len(rows), batch):
            cursor.execute(f"CREATE TEMP TABLE IF NOT EXISTS {part} ON COMMIT DROP AS SELECT {columns} FROM {table} LIMIT 0")
            cursor.execute(f"TRUNCATE {part}")
            with cursor.copy(f"COPY {part} ({columns}) FROM STDIN") as copy:
                for row in rows[start : start + batch]:
                    if row.get("tenant_id", company) != company:
                        raise NoScope("foreign_row", {"table": model._meta.db_table})
                    values = []
                    for column, field, is_json in prepared:
                        value = company if column == "tenant_id" else row.get(column, _MISSING)
                        if value is _MISSING:
                            value = field.get_default()
                        values.append(json.dumps(value, cls=DjangoJSONEncoder) if is_json else value)
                    copy.write_row(values)
            cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {part}")


_MISSING = object()
