"""Restoring a backup into an empty installation: all of it, or nothing."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, Any, cast

from django.conf import settings
from django.db import connections
from django.db.migrations.loader import MigrationLoader

from guanxi.project.backup import secret_key
from guanxi.project.backup.archive import BackupError, Reader, disk_in_words, free_space
from guanxi.project.backup.make import DATABASE, FILES, SECRETS
from guanxi.project.backup.programs import environment, program
from guanxi.project.backup.upgrade import known_migrations, upgrade

Say = Callable[[str], None]
# Entries of the dump that name roles; the target's roles may be called otherwise.
_RIGHTS = re.compile(r"^\d+; \d+ \d+ (?:ACL|POLICY|DEFAULT ACL) ")
# A schema `public` is there already, and extensions are made before, as far as this account may.
_LEFT_OUT = re.compile(r"^\d+; \d+ \d+ (?:SCHEMA|EXTENSION|COMMENT|ACL - SCHEMA) ")
_ROLE = r'(?:"(?:[^"]|"")+"|[\w$]+)'


def restore(path: Path, *, say: Say = lambda text: None) -> dict[str, Any]:
    """Restore the backup into this installation's empty database and folder of files; returns its manifest.

    Raises BackupError in words where it is not empty, or the file is damaged, cut short or newer than this
    Guanxi; then nothing has changed. A backup of an older version is upgraded afterwards.
    """
    root = Path(settings.FILES_ROOT)
    with Reader(path) as reader:
        _refuse_newer(reader.manifest)
        _refuse_occupied(root)
        say("Reading the backup")
        reader.verify()
        needed = sum(part.size for part in reader.parts)
        if free_space(root) < needed:
            raise BackupError(
                f"The disk is too full: {needed // 1_000_000 + 1:,} MB are needed where {root} lies."
            )
        staging = root / ".restoring"
        with disk_in_words(root):
            shutil.rmtree(staging, ignore_errors=True)
            staging.mkdir(mode=0o700, parents=True)
        try:
            with disk_in_words(root):
                files = reader.copy_files(FILES, staging)
                dump = staging / ".dump"
                with dump.open("wb") as file:
                    reader.copy_stream(DATABASE, file)
            counts = reader.manifest["database"]["counts"]
            say(f"Database: {sum(counts.values()):,} rows")
            moved = _load(reader.manifest["database"], dump, root, staging)
            say(f"Files: {files:,}")
        finally:
            shutil.rmtree(staging, ignore_errors=True)
        if moved != files:
            raise BackupError(f"{files} files were saved and {moved} restored.")
        if reader.manifest.get("secrets"):
            secret_key.put_back(reader.read(SECRETS))
            say("The secret key is the backup's; start Guanxi anew.")
        upgrade(backup=False, say=say)
        return reader.manifest


def _refuse_newer(manifest: dict[str, Any]) -> None:
    loader = MigrationLoader(None)
    unknown = sorted(set(manifest["database"]["migrations"]) - known_migrations(loader))
    if unknown:
        raise BackupError(
            f"The backup was made by a newer Guanxi ({manifest.get('version')}); this one does not know "
            f"{', '.join(unknown[:5])}. Restore it with that version."
        )


def _refuse_occupied(root: Path) -> None:
    if root.is_dir() and any(not path.name.startswith(".") for path in root.iterdir()):
        raise BackupError(
            f"{root} holds files already. A backup is restored into an empty installation only: name an "
            "empty folder with GUANXI_HOME."
        )
    with connections["owner"].cursor() as cursor:
        tables = set(connections["owner"].introspection.table_names(cursor))
        if not tables:
            return
        if "django_migrations" not in tables:
            raise BackupError("The database holds tables that are not Guanxi's; name an empty one.")
        for table, what in (("tenancy_tenant", "companies"), ("accounts_account", "accounts")):
            if table in tables:
                cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608  one of two of ours
                number = cursor.fetchone()[0]
                if number:
                    raise BackupError(
                        f"The database holds {number} {what} already. A backup is restored into an empty "
                        "installation only: name an empty folder with GUANXI_HOME, or an empty database with "
                        "DATABASE_URL."
                    )


def _load(database: dict[str, Any], dump: Path, root: Path, staging: Path) -> int:
    """Everything in one transaction, files moved in before its COMMIT; returns how many files were moved."""
    owner = connections["owner"]
    with owner.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int")
        server = cursor.fetchone()[0]
        for name in database["extensions"]:
            _try_extension(name)
    # Open connections of this process would hold locks on what is replaced.
    for alias in ("default", "side", "owner"):
        connections[alias].close()
    main, rights = _lists(dump, server)
    with tempfile.TemporaryFile() as words:
        psql = subprocess.Popen(
            [program("psql", server), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"],
            env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=words,
        )  # fmt: skip
        into, said = cast("IO[bytes]", psql.stdin), cast("IO[bytes]", psql.stdout)
        moved: list[Path] = []
        try:
            try:
                into.write(f"\\o /dev/null\nBEGIN;\n{_EMPTY}\n".encode())
                _script(dump, main, server, into)
                into.write(_with_our_roles(_script_text(dump, rights, server), database).encode())
                into.write(_counted(database["counts"]).encode())
                into.write(b"\\echo whole\n")
                into.flush()
                whole = said.readline().strip() == b"whole"
                if whole:
                    moved = _move(staging, root)
                    into.write(b"COMMIT;\n\\echo done\n")
                    into.flush()
                    whole = said.readline().strip() == b"done"
            except BrokenPipeError:
                whole = False
        except BaseException:
            psql.kill()
            _take_back(moved)
            raise
        finally:
            for stream in (into, said):
                try:
                    stream.close()
                except BrokenPipeError:
                    continue
            psql.wait()
        if not whole:
            _take_back(moved)
            words.seek(0)
            text = words.read().decode(errors="replace").strip()[-2000:]
            raise BackupError(f"The database could not be restored; nothing has changed. It says:\n{text}")
    return sum(
        1 for path in moved for one in ([path] if path.is_file() else path.rglob("*")) if one.is_file()
    )


def _try_extension(name: str) -> None:
    """Wanted where the backup had it; where it cannot be made, the dump says what lacks it."""
    connection = connections["owner"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = %s", [name])
        if cursor.fetchone() is not None:
            return
        cursor.execute("SELECT 1 FROM pg_available_extensions WHERE name = %s", [name])
        if cursor.fetchone() is None:
            return
        cursor.execute(
            "SELECT has_database_privilege(current_database(), 'CREATE') "
            "AND bool_or(trusted OR (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)) "
            "FROM pg_available_extension_versions WHERE name = %s",
            [name],
        )
        if cursor.fetchone()[0]:
            cursor.execute(f'CREATE EXTENSION IF NOT EXISTS "{name}"')


def _lists(dump: Path, server: int) -> tuple[str, str]:
    """The dump's table of contents in two: what makes tables and rows, and what names roles."""
    done = subprocess.run(
        [program("pg_restore", server), "--list", str(dump)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BackupError(f"The database's part of the backup cannot be read:\n{done.stderr.strip()}")
    lines = [
        line for line in done.stdout.splitlines() if not line.startswith(";") and not _LEFT_OUT.match(line)
    ]
    rights = [line for line in lines if _RIGHTS.match(line)]
    return "\n".join(line for line in lines if line not in set(rights)), "\n".join(rights)


def _open_script(dump: Path, chosen: str, server: int, folder: Path) -> "subprocess.Popen[bytes]":
    listed = folder / "list"
    listed.write_text(chosen + "\n", encoding="utf-8")
    return subprocess.Popen(
        [program("pg_restore", server), "--no-owner", "-f", "-", "-L", str(listed), str(dump)],
        stdout=subprocess.PIPE,
        env=environment(),
    )


def _script(dump: Path, chosen: str, server: int, into: IO[bytes]) -> None:
    """Write the chosen entries as SQL."""
    with tempfile.TemporaryDirectory() as folder:
        process = _open_script(dump, chosen, server, Path(folder))
        with cast("IO[bytes]", process.stdout) as out:
            head = [out.readline() for _ in range(40)]
            # A setting that servers before 17 do not know; our pg_restore may be newer than the server.
            into.writelines(line for line in head if server >= 170000 or b"transaction_timeout" not in line)
            shutil.copyfileobj(out, into, 1024 * 1024)
        if process.wait():
            raise BackupError("The database's part of the backup cannot be read.")


def _script_text(dump: Path, chosen: str, server: int) -> str:
    if not chosen:
        return ""
    with tempfile.TemporaryFile() as file:
        _script(dump, chosen, server, file)
        file.seek(0)
        return file.read().decode()


def _with_our_roles(script: str, database: dict[str, Any]) -> str:
    """Rights of the backup's two roles become rights of ours; rights of other roles are left out."""
    names = {
        database["owner"]: connections["owner"].settings_dict["USER"],
        database["app"]: connections["default"].settings_dict["USER"],
    }

    def ours(found: re.Match[str]) -> str:
        name = found[2]
        plain = name[1:-1].replace('""', '"') if name.startswith('"') else name
        if plain == "PUBLIC":
            return found[0]
        if plain not in names:
            raise LookupError(plain)
        quoted = '"' + names[plain].replace('"', '""') + '"'
        return f"{found[1]}{quoted}"

    kept = []
    for statement in _statements(script):
        try:
            if statement.startswith("CREATE POLICY"):
                kept.append(re.sub(rf"( TO )({_ROLE})", ours, statement, count=1))
            elif statement.startswith(("GRANT", "REVOKE")):
                kept.append(re.sub(rf"( (?:TO|FROM) )({_ROLE})(?=[^()]*$)", ours, statement, count=1))
        except LookupError:
            continue
    return "SET search_path = '';\n" + "\n".join(kept) + "\n"


def _statements(script: str) -> Iterable[str]:
    """The statements of a script of rights, which holds neither function bodies nor rows."""
    text = "\n".join(
        line for line in script.splitlines() if not line.startswith(("--", "\\", "SET ", "SELECT "))
    )
    return (part.strip() + ";" for part in re.split(r";\s*\n", text + "\n") if part.strip())


def _counted(counts: dict[str, int]) -> str:
    """SQL that fails unless every table holds as many rows as were counted when the backup was made."""
    bad = [table for table in counts if not re.fullmatch(r"\w+", table)]
    if bad:
        raise BackupError(f"The manifest names tables that cannot be: {', '.join(bad)}")
    tests = "\n".join(
        f"""IF (SELECT count(*) FROM public."{table}") <> {int(number)} THEN
            RAISE EXCEPTION 'table % does not hold its {int(number)} rows', '{table}'; END IF;"""  # noqa: S608
        for table, number in counts.items()
    )
    return f"SET row_security = on;\nDO $$ BEGIN {tests} END $$;\n"


# What migrations may already have made in an installation that nobody uses yet.
_EMPTY = """
SET client_min_messages = warning;
DO $$ DECLARE found record; BEGIN
    FOR found IN SELECT format('DROP TABLE IF EXISTS %I.%I CASCADE', 'public', c.relname) AS command
        FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
         AND NOT c.relispartition AND NOT EXISTS (
             SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e') LOOP
        EXECUTE found.command;
    END LOOP;
    FOR found IN SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', p.oid::regprocedure) AS command
        FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND NOT EXISTS (
             SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') LOOP
        EXECUTE found.command;
    END LOOP;
    FOR found IN SELECT format('DROP TYPE IF EXISTS %I.%I CASCADE', 'public', t.typname) AS command
        FROM pg_type t LEFT JOIN pg_class c ON c.oid = t.typrelid
       WHERE t.typnamespace = 'public'::regnamespace AND t.typelem = 0
         AND (t.typtype IN ('e', 'd') OR c.relkind = 'c') AND NOT EXISTS (
             SELECT 1 FROM pg_depend d WHERE d.objid = t.oid AND d.deptype = 'e') LOOP
        EXECUTE found.command;
    END LOOP;
END $$;
"""


def _move(staging: Path, root: Path) -> list[Path]:
    return [path.rename(root / path.name) for path in sorted(staging.iterdir()) if path.name[0] != "."]


def _take_back(moved: list[Path]) -> None:
    for path in moved:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
