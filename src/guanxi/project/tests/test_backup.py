"""Backup, upgrade, restore, with real databases and a process for each act."""

import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from guanxi.project.runtime.secret_store import SecretStore
from guanxi.project.tests.installations import Installation, drop_roles, make_installation

pytestmark = pytest.mark.slow


@dataclass
class Saved:
    """An installation of the version before, its backup, and the ids that were in use."""

    place: Installation
    file: Path
    ids: dict[str, str]


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Callable[[], Installation]]:
    """Makes empty installations with the run's own roles."""
    made: list[Installation] = []

    def make() -> Installation:
        one = make_installation(tmp_path / f"home{len(made)}")
        assert one is not None
        made.append(one)
        return one

    yield make
    for one in made:
        one.drop()


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Saved]:
    folder = tmp_path_factory.mktemp("saved")
    place = make_installation(folder / "home")
    assert place is not None
    place.manage("upgrade", version="before")
    ids = place.play("begin", version="before", name="苏州鑫北斗包装机械有限公司")
    place.manage("backup", str(folder / "b.tar"), version="before")
    yield Saved(place, folder / "b.tar", ids)
    place.drop()


def manifest_of(path: Path) -> dict[str, Any]:
    with tarfile.open(path) as tar:
        file = tar.extractfile("manifest.json")
        assert file is not None
        found: dict[str, Any] = json.load(file)
        return found


CHANGED = {"title": "灌装机 II 𠮷", "price": 120, "colour": "white", "count": 2, "file": True}
UNDONE = {"title": "灌装机", "price": 100, "colour": "white", "count": 2, "file": True}


def test_an_operation_from_before_is_undone_after_backup_upgrade_and_restore(
    saved: Saved, empty: Callable[[], Installation]
) -> None:
    # In the place itself: upgraded with a migration that renames and adds a column.
    upgraded = empty()
    upgraded.manage("restore", str(saved.file), version="before")
    assert "Migrations: 1" in upgraded.manage("upgrade")
    before_upgrade = list((upgraded.folder / "backups").glob("before-upgrade-*.tar"))
    assert len(before_upgrade) == 1
    assert upgraded.play("look", tenant=saved.ids["tenant"], ware=saved.ids["ware"]) == CHANGED
    # In a new place: what the upgrade saved by itself, restored by the newer code, which upgrades it.
    restored = empty()
    assert "Migrations: 1" in restored.manage("restore", str(before_upgrade[0]))
    assert restored.play("look", tenant=saved.ids["tenant"], ware=saved.ids["ware"]) == CHANGED
    assert restored.play("undo", **saved.ids) == UNDONE
    assert upgraded.play("undo", **saved.ids) == UNDONE
    # A second upgrade has nothing to do and makes no second backup.
    assert "Nothing to migrate" in upgraded.manage("upgrade")
    assert list((upgraded.folder / "backups").iterdir()) == before_upgrade


def test_roles_of_other_names_in_the_target_get_the_walls_of_the_source(saved: Saved, tmp_path: Path) -> None:
    word = uuid4().hex[:8]
    roles = (f"An Owner {word}", f"app_{word}")
    place = make_installation(tmp_path / "home", roles=roles)
    if place is None:
        pytest.skip("no account here that may make roles")
    try:
        place.manage("restore", str(saved.file), version="before")
        seen = place.play("walls", version="before", **saved.ids)
        assert seen == {"faults": [], "foreign": 0, "role": roles[1], "refused": ["42501", "42501"]}
        with place.connect() as connection:
            named = connection.execute("SELECT DISTINCT unnest(roles)::text FROM pg_policies").fetchall()
        assert {name for (name,) in named} == set(roles)
    finally:
        place.drop()
        drop_roles(*roles)


def test_rights_are_the_same_in_source_and_restored_database(
    saved: Saved, empty: Callable[[], Installation]
) -> None:
    rights = """
        SELECT 'table', c.oid::regclass::text, a.grantee::regrole::text, a.privilege_type::text
          FROM pg_class c, aclexplode(c.relacl) a WHERE c.relnamespace = 'public'::regnamespace
        UNION ALL SELECT 'column', c.relname || '.' || t.attname, a.grantee::regrole::text, a.privilege_type
          FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid, aclexplode(t.attacl) a
         WHERE c.relnamespace = 'public'::regnamespace
        UNION ALL SELECT 'function', p.oid::regprocedure::text, a.grantee::regrole::text, a.privilege_type
          FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
         WHERE p.pronamespace = 'public'::regnamespace
           AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
        UNION ALL SELECT 'policy', tablename || '.' || policyname, roles::text, coalesce(qual, '')
          FROM pg_policies
        UNION ALL SELECT 'trigger', t.tgrelid::regclass::text, t.tgname, pg_get_triggerdef(t.oid)
          FROM pg_trigger t WHERE NOT t.tgisinternal
        UNION ALL SELECT 'index', tablename, indexname, '' FROM pg_indexes WHERE schemaname = 'public'
    """
    place = empty()
    place.manage("restore", str(saved.file), version="before")
    with saved.place.connect() as here, place.connect() as there:
        assert set(here.execute(rights.encode()).fetchall()) == set(there.execute(rights.encode()).fetchall())


def test_every_row_of_every_company_is_in_the_backup(saved: Saved) -> None:
    manifest = manifest_of(saved.file)
    counts = manifest["database"]["counts"]
    assert counts["ware_ware"] == 2
    assert counts["tenancy_tenant"] == 1
    assert counts["ledger_change"] > 3
    assert manifest["files"] == {"count": 1, "bytes": 27, "missing": [], "damaged": []}
    assert not manifest["secrets"]


def test_a_backup_made_while_people_write_holds_one_moment(
    saved: Saved, empty: Callable[[], Installation], tmp_path: Path
) -> None:
    busy = empty()
    busy.manage("restore", str(saved.file), version="before")
    stop = tmp_path / "stop"
    program = f"""
import django; django.setup()
import sys, uuid
from pathlib import Path
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import system_actor
from guanxi.foundation.tenancy.scope import scope
from guanxi.project.tests.ware_before.models import Ware
tenant = uuid.UUID("{saved.ids["tenant"]}")
print("writing", flush=True)
while not Path({str(stop)!r}).exists():
    with scope(tenant, door="cli"), operation(system_actor(tenant), "ware.ware.create"):
        Ware(name="一").save(); Ware(name="二").save()
"""
    environment = {**os.environ, **busy.env, "DJANGO_SETTINGS_MODULE": "guanxi.project.tests.settings_before"}
    environment["PYTHONPATH"] = os.pathsep.join(sys.path)
    writer = subprocess.Popen([sys.executable, "-c", program], env=environment, stdout=subprocess.PIPE)
    try:
        assert writer.stdout is not None
        assert writer.stdout.readline().strip() == b"writing"
        busy.manage("backup", str(tmp_path / "busy.tar"), version="before")
    finally:
        stop.touch()
        assert writer.wait(30) == 0
        if writer.stdout is not None:
            writer.stdout.close()
    counts = manifest_of(tmp_path / "busy.tar")["database"]["counts"]
    assert counts["ware_ware"] % 2 == 0  # never half of what one transaction wrote
    with busy.connect() as connection:
        row = connection.execute("SELECT count(*) FROM ware_ware").fetchone()
    assert row is not None
    assert 2 < counts["ware_ware"] < row[0]
    # The restore counts every table against the manifest by itself.
    empty().manage("restore", str(tmp_path / "busy.tar"), version="before")


def test_restore_refuses_whatever_is_not_empty_and_changes_nothing(
    saved: Saved, empty: Callable[[], Installation]
) -> None:
    place = empty()
    (place.folder / "files").mkdir(parents=True)
    (place.folder / "files" / "x").write_bytes(b"mine")
    assert "holds files already" in place.refuses("restore", str(saved.file))
    shutil.rmtree(place.folder / "files")
    with place.connect() as connection:
        connection.execute("CREATE TABLE of_something_else (n int)")
    assert "not Guanxi's" in place.refuses("restore", str(saved.file))
    with place.connect() as connection:
        connection.execute("DROP TABLE of_something_else")
    place.manage("upgrade", version="before")  # migrated, but nobody is in it: as good as empty
    place.manage("restore", str(saved.file), version="before")
    said = place.refuses("restore", str(saved.file))
    assert "holds files already" in said or "companies already" in said
    shutil.rmtree(place.folder / "files")
    assert "holds 1 companies already" in place.refuses("restore", str(saved.file))


def test_a_backup_with_wrong_counts_is_not_restored_at_all(
    saved: Saved, empty: Callable[[], Installation], tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.tar"
    with tarfile.open(saved.file) as old, tarfile.open(wrong, "w") as new:
        for member in old.getmembers():
            file = old.extractfile(member)
            assert file is not None
            data = file.read()
            if member.name == "manifest.json":
                data = data.replace(b'"ware_ware": 2', b'"ware_ware": 3')
            new.addfile(member, io.BytesIO(data))
    place = empty()
    said = place.refuses("restore", str(wrong))
    assert "does not hold its 3 rows" in said
    with place.connect() as connection:
        row = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert row == (0,)
    assert not [path for path in (place.folder / "files").rglob("*") if path.is_file()]


def test_a_newer_database_and_a_newer_backup_are_refused(
    saved: Saved, empty: Callable[[], Installation]
) -> None:
    place = empty()
    place.manage("restore", str(saved.file))
    assert "used by a newer Guanxi" in place.refuses("upgrade", version="before")
    place.manage("backup", str(place.folder / "new.tar"))
    assert "made by a newer Guanxi" in empty().refuses(
        "restore", str(place.folder / "new.tar"), version="before"
    )


def test_a_dump_that_would_come_out_empty_is_refused_and_the_upgrade_heals_the_wall(
    saved: Saved, empty: Callable[[], Installation]
) -> None:
    place = empty()
    place.manage("restore", str(saved.file), version="before")
    with place.connect() as connection:
        connection.execute("DROP POLICY owner ON ware_ware")
        connection.execute("DROP TRIGGER ledger ON ware_ware")
        connection.execute("ALTER TABLE accounts_member NO FORCE ROW LEVEL SECURITY")
        connection.execute("REVOKE UPDATE ON accounts_member FROM PUBLIC")
    said = place.refuses("backup", str(place.folder / "b.tar"), version="before")
    assert "does not see every row of ware_ware" in said
    assert not (place.folder / "b.tar").exists()
    assert place.play("walls", version="before", **saved.ids)["faults"] == [
        "accounts_member: security", "ware_ware: owner policy", "ware_ware: trigger ledger",
    ]  # fmt: skip
    assert "Putting the walls up again" in place.manage("upgrade", version="before")
    assert place.play("walls", version="before", **saved.ids)["faults"] == []
    place.manage("backup", str(place.folder / "b.tar"), version="before")


def test_old_backups_of_upgrades_go_and_those_of_people_stay(
    saved: Saved, empty: Callable[[], Installation]
) -> None:
    place = empty()
    place.manage("restore", str(saved.file), version="before")
    folder = place.folder / "backups"
    folder.mkdir()
    for number in range(1, 7):
        (folder / f"before-upgrade-2026010{number}T000000Z.tar").write_bytes(b"old")
    (folder / "guanxi-20250101T000000Z.tar").write_bytes(b"a person's")
    place.manage("upgrade", "--keep", "2")
    names = sorted(path.name for path in folder.iterdir())
    assert len(names) == 3
    assert "guanxi-20250101T000000Z.tar" in names
    assert "before-upgrade-20260106T000000Z.tar" in names


def test_the_secret_key_travels_only_when_asked(saved: Saved, empty: Callable[[], Installation]) -> None:
    key = {"GUANXI_SECRET_KEY": "k" * 50}
    with_it = saved.file.with_name("secrets.tar")
    saved.place.manage("backup", "--with-secrets", str(with_it), version="before", **key)
    assert manifest_of(with_it)["secrets"]
    assert b"k" * 50 not in saved.file.read_bytes()
    place = empty()
    place.folder.mkdir(parents=True)
    store = SecretStore(place.folder / "secrets")
    own_password = store.get("guanxi_owner")
    store.get("secret_key")
    place.manage("restore", str(with_it), version="before")
    after = SecretStore(place.folder / "secrets")
    assert after.get("secret_key") == "k" * 50
    assert after.get("guanxi_owner") == own_password
    assert (place.folder / "secrets").stat().st_mode & 0o777 == 0o600


def test_an_empty_database_has_nothing_to_back_up(empty: Callable[[], Installation]) -> None:
    place = empty()
    assert "nothing to back up" in place.refuses("backup")
    assert not list((place.folder / "backups").iterdir())


def test_a_file_that_is_missing_or_damaged_on_disk_is_named(
    saved: Saved, empty: Callable[[], Installation]
) -> None:
    place = empty()
    place.manage("restore", str(saved.file), version="before")
    (file,) = [path for path in (place.folder / "files").rglob("*") if path.is_file()]
    file.write_bytes(b"rotten")
    assert "1 attached files are damaged" in place.manage(
        "backup", str(place.folder / "1.tar"), version="before"
    )
    file.unlink()
    assert "1 attached files are missing" in place.manage(
        "backup", str(place.folder / "2.tar"), version="before"
    )
