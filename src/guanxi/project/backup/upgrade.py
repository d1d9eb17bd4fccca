"""Bringing the database to the version of the code: backup first, then the migrations, then the proofs."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from guanxi.foundation.permissions.services import sync_roles
from guanxi.foundation.tenancy.models import Tenant
from guanxi.foundation.tenancy.postgresql.install import prepare, prove_roles
from guanxi.foundation.tenancy.postgresql.rebuild import rebuild, wall_faults
from guanxi.project.backup.archive import BackupError
from guanxi.project.backup.make import make_backup, standard_name

Say = Callable[[str], None]
KEPT = 5
_KIND = "before-upgrade"
# Any number, the same in every Guanxi: two upgrades of one database wait for each other.
_LOCK = 7230418105


def upgrade(*, backup: bool = True, keep: int = KEPT, say: Say = lambda text: None) -> bool:
    """Migrate, prepare and prove; returns whether there was something to migrate. Safe to run at every start.

    Raises BackupError where the database is newer than the code or its walls cannot be put up.
    """
    with closing(connections["owner"].copy()) as holder, holder.cursor() as cursor:
        # On a connection of its own, since a migration may end the other's transactions and sessions.
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        return _upgrade(backup, keep, say)


def _upgrade(backup: bool, keep: int, say: Say) -> bool:
    connection = connections["owner"]
    executor = MigrationExecutor(connection)
    _refuse_newer(executor.loader)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        if backup and _has_companies():
            path = standard_name(_KIND)
            say(f"Backup before the upgrade: {path}")
            make_backup(path, say=say)
            _forget_old(path.parent, keep)
        say(f"Migrations: {len(plan)}")
        call_command("migrate", database="owner", interactive=False, verbosity=0)
    prepare("owner")
    if wall_faults("owner"):
        # A database administrator's accident, or roles of other names after a restore.
        say("Putting the walls up again")
        rebuild("owner")
    left = wall_faults("owner")
    if left:
        raise BackupError("The walls between companies are not whole: " + "; ".join(map(str, left)))
    prove_roles()
    _sync_roles()
    return bool(plan)


def known_migrations(loader: MigrationLoader) -> set[str]:
    """Every migration of the code as "app.name", with those that a squashed one replaces."""
    keys = set(loader.disk_migrations)
    for migration in loader.disk_migrations.values():
        keys |= set(migration.replaces)
    return {f"{app}.{name}" for app, name in keys}


def _refuse_newer(loader: MigrationLoader) -> None:
    applied = {f"{app}.{name}" for app, name in loader.applied_migrations}
    unknown = sorted(applied - known_migrations(loader))
    if unknown:
        raise BackupError(
            f"The database was used by a newer Guanxi: this one does not know {', '.join(unknown[:5])}.\n"
            "Start that version again, or restore the backup that was made before its upgrade."
        )


def _has_companies() -> bool:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT to_regclass('public.tenancy_tenant') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return False
        cursor.execute("SELECT EXISTS (SELECT 1 FROM tenancy_tenant)")
        return bool(cursor.fetchone()[0])


def _forget_old(folder: Path, keep: int) -> None:
    """Only what upgrades made by themselves; what a person made is a person's to remove."""
    made = sorted(folder.glob(f"{_KIND}-*.tar"), key=lambda path: path.name, reverse=True)
    for path in made[max(keep, 1) :]:
        path.unlink(missing_ok=True)


def _sync_roles() -> None:
    """Ready-made roles get the grants of new parts, in every company."""
    for tenant_id in list(Tenant.objects.values_list("id", flat=True)):
        sync_roles(tenant_id)
