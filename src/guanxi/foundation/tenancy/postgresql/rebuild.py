"""Proof that every business table stands behind its wall, and putting the wall up again.

Policies and grants name roles, and a restored database may have roles of other names; a database
administrator may have dropped a trigger. `wall_faults` finds what is missing, `rebuild` makes it anew from
the models, with the statements that made it the first time.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from django.apps import apps
from django.db import connections, models, transaction

from guanxi.foundation.tenancy import sql
from guanxi.foundation.tenancy.fields import VersionField, tenant_field
from guanxi.foundation.tenancy.postgresql.install import prepare
from guanxi.foundation.tenancy.postgresql.schema import BARRED, SchemaEditor, application_role

_EVERYTHING = {"SELECT", "INSERT", "UPDATE", "DELETE"}


def rebuild(using: str = "owner") -> list[str]:
    """Drop and make again policies, grants and triggers of every table; returns the names of the tables.

    Run by the owner, in one transaction, any number of times. Tables of which the models know nothing yet
    (a migration is still to come) are left alone.
    """
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        present = _tables(cursor)
        app = connection.ops.quote_name(application_role())
        for table in sorted(_global_tables() & present):
            cursor.execute(
                f"GRANT SELECT, INSERT, UPDATE, DELETE ON {connection.ops.quote_name(table)} TO {app}"
            )
        business = [model for model in _business_models() if model._meta.db_table in present]
        with connection.schema_editor(collect_sql=True) as plain:
            editor = cast("SchemaEditor", plain)
            for model in business:
                for statement in [*_drops(cursor, model), *_wall(editor, model)]:
                    cursor.execute(statement)
        for statement in sorted(_written_by_hand(), key=lambda text: text.startswith("REVOKE")):
            target, function = _target(statement)
            if function:
                cursor.execute("SELECT to_regprocedure(%s) IS NOT NULL", [function])
                if not cursor.fetchone()[0]:
                    continue  # made by a migration that is still to come
            if target is None or target in present:
                if statement.startswith("CREATE POLICY"):
                    name = statement.split()[2]
                    cursor.execute(f"DROP POLICY IF EXISTS {name} ON {target}")
                cursor.execute(statement)
    prepare(using)
    return [model._meta.db_table for model in business]


def _wall(editor: SchemaEditor, model: type[models.Model]) -> list[str]:
    # The key is there since the table was made, and other tables' references hold on to it.
    return [statement for statement in editor.wall_sql(model) if "ADD PRIMARY KEY" not in statement]


def _drops(cursor: Any, model: type[models.Model]) -> Iterator[str]:
    table = model._meta.db_table
    quoted = '"' + table + '"'
    cursor.execute(
        "SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = %s", [table]
    )
    for (name,) in cursor.fetchall():
        yield f'DROP POLICY "{name}" ON {quoted}'
    yield f"DROP TRIGGER IF EXISTS version ON {quoted}"
    yield f"DROP TRIGGER IF EXISTS ledger ON {quoted}"


_STATEMENT = re.compile(
    r"^(?:GRANT|REVOKE|CREATE POLICY|ALTER TABLE \S+ (?:ENABLE|FORCE) ROW LEVEL SECURITY)\b[^;]*",
    re.MULTILINE,
)
_TARGET = re.compile(r"(?:ALTER TABLE|\bON)\s+(?:FUNCTION\s+(\w+\([^)]*\))|(\w+))(?!\w*\s*,)")


def _written_by_hand() -> Iterator[str]:
    """The statements about rights in tenancy/sql/*.sql, outside the bodies of functions."""
    for path in sorted(Path(sql.__file__).parent.glob("*.sql")):
        text = re.sub(r"\$\$.*?\$\$", "", sql.read(path.stem), flags=re.DOTALL)
        text = re.sub(r"--[^\n]*", "", text)
        yield from (found[0].strip() for found in _STATEMENT.finditer(text))


def _target(statement: str) -> tuple[str | None, str | None]:
    """The table, or the function with its arguments, that a statement is about; neither for several."""
    found = _TARGET.search(statement)
    return (found[2], found[1]) if found else (None, None)


# Proof


@dataclass(frozen=True, slots=True)
class WallFault:
    """A table and what its wall lacks: "security", "company policy", "owner policy", "grant", "trigger X"."""

    table: str
    lacks: str

    def __str__(self) -> str:
        return f"{self.table}: {self.lacks}"


def wall_faults(using: str = "owner") -> list[WallFault]:
    """What is missing on any table that is there. Empty on a sound database; run by the owner."""
    connection = connections[using]
    with connection.cursor() as cursor:
        present = _tables(cursor)
        cursor.execute(
            """
            SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity,
                   (SELECT array_agg(privilege_type::text) FROM aclexplode(c.relacl) a
                     WHERE a.grantee = %s::regrole)
              FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
            """,
            [connection.ops.quote_name(application_role())],
        )
        state = {name: (forced, set(granted or ())) for name, forced, granted in cursor.fetchall()}
        cursor.execute(
            """
            SELECT tablename, policyname, roles::text[], qual, with_check FROM pg_policies
             WHERE schemaname = 'public' AND permissive = 'PERMISSIVE'
            """
        )
        policies = {(row[0], row[1]): (row[2], row[3] or "") for row in cursor.fetchall()}
        cursor.execute(
            "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND c.relnamespace = 'public'::regnamespace"
        )
        triggers = set(cursor.fetchall())
        cursor.execute("SELECT current_user")
        owner = cursor.fetchone()[0]
    found: list[WallFault] = []
    for model in _business_models():
        table = model._meta.db_table
        if table in present:
            forced, granted = state[table]
            found += _faults_of(model, forced, granted, policies, triggers, owner)
    found += [
        WallFault(table, "grant")
        for table in sorted(_global_tables() & present)
        if "SELECT" not in state[table][1]
    ]
    return found


def _faults_of(
    model: type[models.Model],
    forced: bool,
    granted: set[str],
    policies: dict[tuple[str, str], tuple[list[str], str]],
    triggers: set[tuple[str, str]],
    owner: str,
) -> Iterator[WallFault]:
    table = model._meta.db_table
    if not forced:
        yield WallFault(table, "security")
    roles, test = policies.get((table, "company"), ([], ""))
    if roles != [application_role()] or "guanxi.tenant" not in test:
        yield WallFault(table, "company policy")
    if policies.get((table, "owner")) != ([owner], "true"):
        yield WallFault(table, "owner policy")
    if "SELECT" not in granted or granted - _EVERYTHING:
        yield WallFault(table, "grant")
    field = tenant_field(model)
    if (
        any(isinstance(one, VersionField) for one in model._meta.local_fields)
        and (table, "version") not in triggers
    ):
        yield WallFault(table, "trigger version")
    if field is not None and field.ledger and (table, "ledger") not in triggers:
        yield WallFault(table, "trigger ledger")


def _tables(cursor: Any) -> set[str]:
    cursor.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
    )
    return {name for (name,) in cursor.fetchall()}


def _business_models() -> list[type[models.Model]]:
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if tenant_field(model) is not None and model._meta.managed and not model._meta.proxy
    ]


def _global_tables() -> set[str]:
    return {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if tenant_field(model) is None and model._meta.managed and not model._meta.proxy
    } - BARRED
