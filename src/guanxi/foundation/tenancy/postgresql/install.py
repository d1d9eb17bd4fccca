"""What the database needs beside the tables: grants for parts that are not ours, partitions, proof of the roles."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.utils import timezone

from guanxi.foundation.tenancy.postgresql.schema import application_role


def prepare(using: str = "owner") -> None:
    """Run by the owner after every migration and at every start; does nothing twice."""
    connection = connections[using]
    app = connection.ops.quote_name(application_role())
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.relname, c.relkind FROM pg_class c
             WHERE c.relnamespace = 'public'::regnamespace AND c.relname LIKE 'procrastinate\\_%%'
               AND c.relkind IN ('r', 'S')
            """
        )
        for name, kind in cursor.fetchall():
            quoted = connection.ops.quote_name(name)
            if kind == "S":
                cursor.execute(f"GRANT USAGE, SELECT ON SEQUENCE {quoted} TO {app}")
            else:
                cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {quoted} TO {app}")
        cursor.execute(
            """
            SELECT s.relname FROM pg_class s JOIN pg_depend d ON d.objid = s.oid AND d.deptype IN ('a', 'i')
              JOIN pg_class t ON t.oid = d.refobjid
             WHERE s.relkind = 'S' AND t.relnamespace = 'public'::regnamespace AND t.relname NOT LIKE 'ledger\\_%%'
            """
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"GRANT USAGE, SELECT ON SEQUENCE {connection.ops.quote_name(name)} TO {app}")
        cursor.execute(f"GRANT SELECT ON django_migrations TO {app}")
        cursor.execute("SELECT guanxi_ledger_partitions(%s, 4)", [timezone.localdate().replace(day=1)])


def prove_roles() -> None:
    """Refuse to run with an application role for which row-level security would not hold.

    Raises ImproperlyConfigured where it is a superuser, bypasses row security, or owns a table.
    """
    with connections["default"].cursor() as cursor:
        cursor.execute(
            """
            SELECT r.rolsuper OR r.rolbypassrls,
                   EXISTS (SELECT 1 FROM pg_class c WHERE c.relowner = r.oid AND c.relkind IN ('r', 'p')
                              AND c.relnamespace = 'public'::regnamespace),
                   EXISTS (SELECT 1 FROM pg_class c
                            WHERE c.relname = 'tenancy_tenant' AND pg_has_role(r.oid, c.relowner, 'MEMBER'))
              FROM pg_roles r WHERE r.rolname = current_user
            """
        )
        above, owns, member = cursor.fetchone()
    if above or owns or member:
        raise ImproperlyConfigured(
            "The application role must not be a superuser, bypass row security, own tables or be a member of "
            "the owner: row-level security would not hold."
        )


def after_migrate(*, using: str, **kwargs: Any) -> None:
    """Signal receiver: a migrated database is a prepared one."""
    if not connections[using].walled:  # type: ignore[attr-defined]
        prepare(using)
