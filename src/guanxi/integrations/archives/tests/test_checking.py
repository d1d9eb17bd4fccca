"""What is no whole, unchanged archive is refused with a reason, and leaves nothing."""

# Chinese in code: what a company writes

import hashlib
import json
import random
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as installation

from guanxi.foundation.tenancy.models import Tenant
from guanxi.foundation.tenancy.scope import scope
from guanxi.integrations.archives.checking import check_sums, opened
from guanxi.integrations.archives.manifest import MANIFEST
from guanxi.integrations.archives.packing import pack
from guanxi.integrations.archives.services.unpacking import unpack
from guanxi.kernel.errors import Refused
from guanxi.resource import attachments
from guanxi.resource.registry import find
from guanxi.testing.customers import make_customer
from guanxi.testing.worlds import World, in_scope, writing


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path / "files"


@pytest.fixture
def archive(world: World, tmp_path: Path) -> Path:
    with writing(world.system):
        made = [make_customer(name=f"第{number}家公司", remarks="备注" * number) for number in range(30)]
    with in_scope(world.admin):
        attachments.attach(
            world.admin, find("customers"), made[0].pk, name="合同.txt", chunks=["甲方\n乙方".encode()]
        )
    with scope(world.tenant_id, door="cli"):
        pack(world.system, tmp_path / "a.zip", lambda done, total: None)
    return tmp_path / "a.zip"


def changed(path: Path, to: Path, files: dict[str, bytes | None]) -> Path:
    """The archive with some of its files replaced, taken away (None) or added."""
    with zipfile.ZipFile(path) as book, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as other:
        for name in book.namelist():
            if name not in files:
                other.writestr(name, book.read(name))
        for name, raw in files.items():
            if raw is not None:
                other.writestr(name, raw)
    return to


def refused(path: Path) -> str:
    before = Tenant.objects.count()
    with pytest.raises(Refused) as caught:
        unpack(path)
    assert Tenant.objects.count() == before
    return caught.value.words


def told(path: Path, to: Path, **changes: Any) -> Path:
    """The archive with another manifest."""
    with zipfile.ZipFile(path) as book:
        manifest = json.loads(book.read(MANIFEST))
    return changed(path, to, {MANIFEST: json.dumps(manifest | changes).encode()})


def test_what_was_changed_or_is_rubbish_is_refused(archive: Path, tmp_path: Path) -> None:
    path, other = archive, tmp_path / "b.zip"
    with zipfile.ZipFile(path) as book:
        raw = book.read("tables/customers.csv")
        manifest = json.loads(book.read(MANIFEST))
        attachment = next(one for one in book.namelist() if one.startswith("attachments/"))
        bytes_of = book.read(attachment)
    same_length = raw[:-3] + b"9" + raw[-2:] if raw[-3:-2] != b"9" else raw[:-3] + b"8" + raw[-2:]
    assert "tables/customers.csv" in refused(changed(path, other, {"tables/customers.csv": same_length}))
    assert "tables/customers.csv" in refused(changed(path, other, {"tables/customers.csv": raw + b"x"}))
    assert attachment in refused(changed(path, other, {attachment: bytes_of[:-1] + b"?"}))
    assert refused(changed(path, other, {attachment: None}))
    assert refused(changed(path, other, {"tables/more.csv": b"id\n"}))
    assert refused(changed(path, other, {"../../evil.txt": b"x"}))
    assert refused(changed(path, other, {MANIFEST: None}))
    assert refused(changed(path, other, {MANIFEST: b"[]"}))
    assert refused(told(path, other, edition=99))
    assert "0.0.9" in refused(told(path, other, shape="0" * 64, product="0.0.9"))
    assert refused(told(path, other, ledger_schema=[[1, "x", "add", "y", ""]]))
    (tmp_path / "cut.zip").write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert refused(tmp_path / "cut.zip")
    (tmp_path / "text.zip").write_text("no archive")
    assert refused(tmp_path / "text.zip")
    assert manifest["files"]


def test_a_bomb_is_refused_before_it_is_unpacked(archive: Path, tmp_path: Path) -> None:
    path, other = archive, tmp_path / "b.zip"
    bomb = b"0" * (20 * 1024 * 1024)
    files = []
    with zipfile.ZipFile(path) as book:
        for one in json.loads(book.read(MANIFEST))["files"]:
            same = one["name"] != "tables/customers.csv"
            digest = hashlib.sha256(bomb).hexdigest()
            files.append(one if same else one | {"size": len(bomb), "sha256": digest})
        manifest = json.loads(book.read(MANIFEST)) | {"files": files}
    changed(path, other, {"tables/customers.csv": bomb, MANIFEST: json.dumps(manifest).encode()})
    assert "tables/customers.csv" in refused(other)


def test_rows_that_do_not_fit_together_leave_nothing(archive: Path, tmp_path: Path) -> None:
    """Whoever makes the sums anew still brings in no row that leads nowhere."""
    path, other = archive, tmp_path / "b.zip"
    name = "tables/accounts_member.csv"
    with zipfile.ZipFile(path) as book:
        manifest = json.loads(book.read(MANIFEST))
        head, _end, _rest = book.read(name).partition(b"\n")
    raw = head + b"\n"
    for one in manifest["files"]:
        if one["name"] == name:
            one |= {"size": len(raw), "sha256": hashlib.sha256(raw).hexdigest(), "rows": 0}
    changed(path, other, {name: raw, MANIFEST: json.dumps(manifest).encode()})
    folders = set(Path(installation.FILES_ROOT).iterdir())
    assert refused(other)
    assert set(Path(installation.FILES_ROOT).iterdir()) == folders


def test_a_flipped_byte_is_noticed_or_does_no_harm(archive: Path, tmp_path: Path) -> None:
    """Damage anywhere: nothing but a refusal, unless what was hit says nothing (a time, a gap)."""
    whole, chance, noticed = archive.read_bytes(), random.Random(5), 0
    other = tmp_path / "b.zip"
    for _time in range(200):
        at = chance.randrange(len(whole))
        other.write_bytes(whole[:at] + bytes([whole[at] ^ (1 << chance.randrange(8))]) + whole[at + 1 :])
        try:
            with opened(other) as (book, manifest):
                check_sums(book, manifest)
        except Refused:
            noticed += 1
    assert noticed > 100
