"""The second wall, and the ledger: what every business table gets when it is made or changed.

Primary key (tenant_id, id), composite foreign keys, indexes that begin with the company, forced row-level
security with a policy for the application and one for the owner, grants, the version trigger and the ledger
trigger. Changes of shape are noted in `ledger_schema_change`, so that an older image can be read today.
"""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import models
from django.db.backends.ddl_references import Columns
from django.db.backends.postgresql.schema import DatabaseSchemaEditor

from guanxi.foundation.tenancy.fields import Reference, VersionField, tenant_field

BARRED = {"django_migrations"}


def application_role() -> str:
    """The role the application connects as."""
    role: str = settings.DATABASES["default"]["USER"]
    return role


class SchemaEditor(DatabaseSchemaEditor):
    # The composite constraint cannot stand inside a column, so foreign keys are always added afterwards.
    sql_create_column_inline_fk = None  # type: ignore[assignment]

    def _iter_column_sql(
        self,
        column_db_type: Any,
        params: Any,
        model: type[models.Model],
        field: Any,
        field_db_params: Any,
        include_default: bool,
    ) -> Iterator[str]:
        parts = super()._iter_column_sql(  # type: ignore[misc]
            column_db_type, params, model, field, field_db_params, include_default
        )
        walled = tenant_field(model) is not None
        return (part for part in parts if not (walled and part == "PRIMARY KEY"))

    def create_model(self, model: type[models.Model]) -> None:
        super().create_model(model)
        if not model._meta.managed or model._meta.proxy:
            return
        table = model._meta.db_table
        if tenant_field(model) is None:
            if table not in BARRED:
                self.execute(
                    f"GRANT SELECT, INSERT, UPDATE, DELETE ON {self.quote_name(table)} "
                    f"TO {self.quote_name(application_role())}"
                )
            return
        for statement in self.wall_sql(model):
            self.execute(statement)

    def wall_sql(self, model: type[models.Model]) -> list[str]:
        """The statements that put a fresh business table behind the wall and into the ledger."""
        table, q = model._meta.db_table, self.quote_name
        app = q(application_role())
        key = str(model._meta.pk.column)
        statements = [
            f"ALTER TABLE {q(table)} ADD PRIMARY KEY (tenant_id, {q(key)})",
            *policies_sql(q(table), app),
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON {q(table)} TO {app}",
        ]
        if any(isinstance(field, VersionField) for field in model._meta.local_fields):
            statements.append(
                f"CREATE TRIGGER version BEFORE UPDATE ON {q(table)} "
                "FOR EACH ROW EXECUTE FUNCTION guanxi_version()"
            )
        field = tenant_field(model)
        if field is not None and field.ledger:
            statements.append(ledger_trigger_sql(q(table), table))
        return statements

    def _create_fk_sql(self, model: type[models.Model], field: Any, suffix: str) -> Any:
        statement = super()._create_fk_sql(model, field, suffix)  # type: ignore[misc]
        if isinstance(field, Reference):
            target = field.target_field
            statement.parts["column"] = Columns(
                model._meta.db_table, ["tenant_id", field.column], self.quote_name
            )
            statement.parts["to_column"] = Columns(
                target.model._meta.db_table, ["tenant_id", str(target.column)], self.quote_name
            )
        return statement

    def _constraint_names(
        self, model: type[models.Model], column_names: Any = None, **kwargs: Any
    ) -> list[str]:
        """A reference is a foreign key of two columns: whoever looks for that of its column alone means it."""
        found: list[str] = super()._constraint_names(model, column_names, **kwargs)  # type: ignore[misc]
        if kwargs.get("foreign_key") and column_names is not None and tenant_field(model) is not None:
            found += super()._constraint_names(model, ["tenant_id", *column_names], **kwargs)  # type: ignore[misc]
        return found

    def _create_index_sql(self, model: type[models.Model], *, fields: Any = None, **kwargs: Any) -> Any:
        field = tenant_field(model)
        ordered = kwargs.get("using", "") in ("", "btree") and not kwargs.get("expressions")
        if field is not None and fields and ordered and fields[0].column != "tenant_id":
            fields = [field, *fields]
            if kwargs.get("col_suffixes"):
                kwargs["col_suffixes"] = ["", *kwargs["col_suffixes"]]
            if kwargs.get("opclasses"):
                kwargs["opclasses"] = ["uuid_ops", *kwargs["opclasses"]]
        return super()._create_index_sql(model, fields=fields, **kwargs)  # type: ignore[misc]

    def _create_like_index_sql(self, model: type[models.Model], field: Any) -> None:
        # The database sorts by bytes (C.UTF-8), so an ordinary index already serves LIKE 'x%'.
        return None

    # Changes of shape, noted for the ledger.

    def add_field(self, model: type[models.Model], field: Any) -> None:
        super().add_field(model, field)
        if field.column:
            self._note(model, "add", field.column)

    def remove_field(self, model: type[models.Model], field: Any) -> None:
        super().remove_field(model, field)
        if field.column:
            self._note(model, "remove", field.column)

    def alter_field(
        self, model: type[models.Model], old_field: Any, new_field: Any, strict: bool = False
    ) -> None:
        super().alter_field(model, old_field, new_field, strict)
        if old_field.column and new_field.column and old_field.column != new_field.column:
            self._note(model, "rename", old_field.column, new_field.column)

    def alter_db_table(self, model: type[models.Model], old_db_table: str, new_db_table: str) -> None:
        super().alter_db_table(model, old_db_table, new_db_table)
        field = tenant_field(model)
        if field is None or old_db_table == new_db_table:
            return
        if field.ledger:
            q = self.quote_name
            self.execute(f"DROP TRIGGER ledger ON {q(new_db_table)}")
            self.execute(ledger_trigger_sql(q(new_db_table), new_db_table))
        self._note_change(old_db_table, "table", "", new_db_table)

    def delete_model(self, model: type[models.Model]) -> None:
        super().delete_model(model)
        self._note(model, "drop", "")

    def _note(self, model: type[models.Model], kind: str, column: str, becomes: str = "") -> None:
        field = tenant_field(model)
        if field is not None and field.ledger:
            self._note_change(model._meta.db_table, kind, column, becomes)

    def _note_change(self, table: str, kind: str, column: str, becomes: str) -> None:
        self.execute(
            "INSERT INTO ledger_schema_change (table_name, kind, column_name, becomes) VALUES (%s, %s, %s, %s)",
            (table, kind, column, becomes),
        )


def policies_sql(table: str, app: str) -> list[str]:
    """Forced row-level security: the application sees its scope's company, the owner role everything."""
    mine = "tenant_id = current_setting('guanxi.tenant')::uuid"
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY company ON {table} TO {app} USING ({mine}) WITH CHECK ({mine})",
        f"CREATE POLICY owner ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)",
    ]


def ledger_trigger_sql(quoted: str, table: str) -> str:
    """The row trigger; the table's logical name is its argument, as partitions and shards bear other names."""
    return (
        f"CREATE TRIGGER ledger AFTER INSERT OR UPDATE OR DELETE ON {quoted} "
        f"FOR EACH ROW EXECUTE FUNCTION guanxi_ledger('{table}')"
    )
