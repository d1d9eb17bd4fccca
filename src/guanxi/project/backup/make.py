"""Making a backup while people work."""

import re
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections, transaction

from guanxi.project.backup import secret_key
from guanxi.project.backup.archive import BackupError, Writer, disk_in_words
from guanxi.project.backup.programs import environment, program
from guanxi.project.version import product_version

DATABASE, FILES, SECRETS = "database/dump", "files", "secrets.json"
Say = Callable[[str], None]


def backup_folder() -> Path:
    return Path(settings.HOME) / "backups"


def standard_name(kind: str = "guanxi") -> Path:
    """`GUANXI_HOME/backups/<kind>-20260131T235959Z.tar`, by UTC."""
    return backup_folder() / f"{kind}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.tar"


def make_backup(path: Path, *, with_secrets: bool = False, say: Say = lambda text: None) -> dict[str, Any]:
    """Write database and attached files of one moment to `path`; returns the manifest.

    Raises BackupError in words; then nothing is left at `path`. The application goes on working meanwhile:
    the dump reads one snapshot, and attached files are named by their content and never rewritten, so those
    that the snapshot knows are there when they are copied after it.
    """
    writer = Writer(path)
    try:
        with disk_in_words(path.parent):
            manifest = _write(writer, with_secrets, say)
            writer.finish(manifest)
    except BaseException:
        writer.abandon()
        raise
    return manifest


def _write(writer: Writer, with_secrets: bool, say: Say) -> dict[str, Any]:
    connection = connections["owner"]
    with transaction.atomic(using="owner"), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        _refuse_blindness(cursor)
        database = _describe(cursor)
        cursor.execute("SELECT pg_export_snapshot(), current_setting('server_version_num')::int")
        snapshot, version = cursor.fetchone()
        say(f"Database: {sum(database['counts'].values()):,} rows in {len(database['counts'])} tables")
        _dump(writer, snapshot, version)
        known = _known_files(cursor)
    files = _copy_files(writer, Path(settings.FILES_ROOT))
    say(f"Files: {files.count:,}, {files.size / 1_000_000:,.1f} MB")
    missing = sorted(known - files.names)
    for what, names in (("missing on this disk", missing), ("damaged on this disk", files.damaged)):
        if names:
            say(f"Warning: {len(names)} attached files are {what}, such as {names[0]}")
    if with_secrets:
        writer.add_bytes(SECRETS, secret_key.export())
    return {
        "product": "guanxi",
        "version": product_version(),
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "database": {**database, "server": version},
        "files": {
            "count": files.count, "bytes": files.size, "missing": missing, "damaged": files.damaged,
        },
        "secrets": with_secrets,
    }  # fmt: skip


def _refuse_blindness(cursor: Any) -> None:
    """Row-level security would make the dump empty without an error. The owner must see every row."""
    cursor.execute(
        """
        SELECT c.relname FROM pg_class c JOIN pg_roles r ON r.rolname = current_user
         WHERE c.relnamespace = 'public'::regnamespace AND c.relrowsecurity
           AND NOT (r.rolsuper OR r.rolbypassrls OR (c.relowner = r.oid AND NOT c.relforcerowsecurity))
           AND (NOT EXISTS (SELECT 1 FROM pg_policies p
                             WHERE p.schemaname = 'public' AND p.tablename = c.relname AND p.qual = 'true'
                               AND p.permissive = 'PERMISSIVE' AND p.cmd IN ('ALL', 'SELECT')
                               AND (current_user = ANY(p.roles) OR 'public' = ANY(p.roles)))
                OR EXISTS (SELECT 1 FROM pg_policies p
                            WHERE p.schemaname = 'public' AND p.tablename = c.relname
                              AND p.permissive = 'RESTRICTIVE'))
        """
    )
    blind = [name for (name,) in cursor.fetchall()]
    if blind:
        raise BackupError(
            f"The owner does not see every row of {', '.join(blind)}: a backup would miss them.\n"
            "Run `guanxi upgrade`, which puts the owner's policy back."
        )


def _describe(cursor: Any) -> dict[str, Any]:
    """What the snapshot holds: rows per table, migrations, the ledger's schema version, roles, extensions."""
    cursor.execute(
        """
        SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
           AND NOT relispartition ORDER BY relname
        """
    )
    tables = [name for (name,) in cursor.fetchall()]
    if "django_migrations" not in tables:
        raise BackupError("The database is empty: there is nothing to back up.")
    counts = {}
    for table in tables:
        cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608  a name from the catalogue
        counts[table] = cursor.fetchone()[0]
    cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
    migrations = [f"{app}.{name}" for app, name in cursor.fetchall()]
    cursor.execute("SELECT coalesce(max(id), 0) FROM ledger_schema_change")
    schema = cursor.fetchone()[0]
    cursor.execute("SELECT extname FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY 1")
    extensions = [name for (name,) in cursor.fetchall()]
    return {
        "owner": connections["owner"].settings_dict["USER"],
        "app": connections["default"].settings_dict["USER"],
        "counts": counts,
        "migrations": migrations,
        "schema": schema,
        "extensions": extensions,
    }


def _dump(writer: Writer, snapshot: str, server: int) -> None:
    command = [
        program("pg_dump", server), "--format=custom", "--schema=public", "--enable-row-security",
        f"--snapshot={snapshot}", "--no-owner", "--no-comments", "--no-tablespaces", "--no-publications",
        "--no-subscriptions", "--compress=gzip:3", "--lock-wait-timeout=60s",
    ]  # fmt: skip
    with tempfile.TemporaryFile() as words:
        process = subprocess.Popen(command, env=environment(), stdout=subprocess.PIPE, stderr=words)
        try:
            if process.stdout is not None:
                writer.add_stream(DATABASE, process.stdout)
        except BaseException:
            process.kill()
            raise
        finally:
            if process.stdout is not None:
                process.stdout.close()
            code = process.wait()
        if code:
            words.seek(0)
            raise BackupError(
                f"pg_dump failed. It says:\n{words.read().decode(errors='replace').strip()[-2000:]}"
            )


@dataclass
class _Files:
    """What was copied; `damaged` are files whose content is no longer what their name says."""

    count: int = 0
    size: int = 0
    names: set[str] = field(default_factory=set)
    damaged: list[str] = field(default_factory=list)


_DIGEST = re.compile(r"[0-9a-f]{64}")


def _known_files(cursor: Any) -> set[str]:
    """The files that rows of the snapshot name, as they lie below FILES_ROOT."""
    cursor.execute(
        "SELECT DISTINCT tenant_id::text || '/' || left(digest, 2) || '/' || digest FROM files_attachment"
    )
    return {name for (name,) in cursor.fetchall()}


def _copy_files(writer: Writer, root: Path) -> _Files:
    """Every file that is named by its content; what bears another name is being written at this moment."""
    found = _Files()
    for path in sorted(root.rglob("*")) if root.is_dir() else []:
        inside = path.relative_to(root).as_posix()
        if not _DIGEST.fullmatch(path.name) or path.is_symlink() or not path.is_file():
            continue
        if writer.add_file(f"{FILES}/{inside}", path):
            part = writer.parts[-1]
            found.count += 1
            found.size += part.size
            found.names.add(inside)
            if part.sha256 != path.name:
                found.damaged.append(inside)
    return found
