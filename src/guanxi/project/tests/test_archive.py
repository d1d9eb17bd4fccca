"""The backup's file: whole or refused, closed to others, nothing left behind."""

import io
import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.project.backup.archive import FORMAT, BackupError, Reader, Writer


def write(path: Path, **parts: bytes) -> Path:
    writer = Writer(path)
    for name, data in parts.items():
        writer.add_bytes(name, data)
    writer.finish({"made_at": "2026-01-31T00:00:00+00:00"})
    return path


def test_what_was_written_is_read_back_and_verified(tmp_path: Path) -> None:
    file = tmp_path / "drawing"
    file.write_bytes(b"x" * 100_000)
    writer = Writer(tmp_path / "b.tar")
    writer.add_stream("database/dump", io.BytesIO(b"0123456789" * 2_000_000))
    assert writer.add_file("files/ab/cd", file)
    assert not writer.add_file("files/ab/gone", tmp_path / "gone")
    writer.finish({})
    with Reader(tmp_path / "b.tar") as reader:
        reader.verify()
        assert [part.name for part in reader.parts] == [
            "database/dump.000001", "database/dump.000002", "database/dump.000003", "files/ab/cd",
        ]  # fmt: skip
        copied = io.BytesIO()
        reader.copy_stream("database/dump", copied)
        assert copied.getvalue() == b"0123456789" * 2_000_000
        assert reader.copy_files("files", tmp_path / "out") == 1
    assert (tmp_path / "out" / "ab" / "cd").read_bytes() == file.read_bytes()


def test_a_backup_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    assert write(tmp_path / "b.tar", a=b"1").stat().st_mode & 0o777 == 0o600


def test_an_existing_file_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "b.tar").write_bytes(b"precious")
    with pytest.raises(BackupError, match="exists already"):
        Writer(tmp_path / "b.tar")
    assert (tmp_path / "b.tar").read_bytes() == b"precious"


def test_an_abandoned_backup_leaves_nothing_behind(tmp_path: Path) -> None:
    writer = Writer(tmp_path / "b.tar")
    writer.add_bytes("a", b"1")
    writer.abandon()
    assert list(tmp_path.iterdir()) == []


@given(cut=st.floats(min_value=0, max_value=0.999))
def test_a_file_cut_short_anywhere_is_refused(tmp_path_factory: pytest.TempPathFactory, cut: float) -> None:
    folder = tmp_path_factory.mktemp("cut")
    whole = write(folder / "b.tar", a=b"1" * 3000, b=b"2" * 600).read_bytes()
    end = whole.rindex(b"}") + 1  # behind it stand only the zeros that end every tar
    (folder / "cut.tar").write_bytes(whole[: int(end * cut)])
    with pytest.raises(BackupError, match=r"cut short|cannot be read"):
        Reader(folder / "cut.tar")


def test_a_single_changed_byte_is_found(tmp_path: Path) -> None:
    path = write(tmp_path / "b.tar", a=b"1" * 3000)
    data = bytearray(path.read_bytes())
    data[data.index(b"111")] = ord("2")
    path.write_bytes(data)
    with Reader(path) as reader, pytest.raises(BackupError, match="a is not what was saved"):
        reader.verify()


@pytest.mark.parametrize("name", ["../../etc/cron.d/x", "/etc/cron.d/x"])
def test_a_part_that_would_be_written_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / "b.tar", **{name: b"evil"})
    with Reader(path) as reader, pytest.raises(BackupError, match="outside itself"):
        reader.verify()


def test_a_link_instead_of_a_file_is_refused(tmp_path: Path) -> None:
    part = {"name": "files/x", "size": 0, "sha256": "0" * 64}
    manifest = json.dumps({"format": FORMAT, "parts": [part]}).encode()
    with tarfile.open(tmp_path / "b.tar", "w") as tar:
        link = tarfile.TarInfo("files/x")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
        info = tarfile.TarInfo("manifest.json")
        info.size = len(manifest)
        tar.addfile(info, io.BytesIO(manifest))
    with Reader(tmp_path / "b.tar") as reader, pytest.raises(BackupError, match="damaged"):
        reader.verify()


def test_a_newer_format_and_something_else_are_refused_in_words(tmp_path: Path) -> None:
    manifest = json.dumps({"format": FORMAT + 1, "parts": []}).encode()
    with tarfile.open(tmp_path / "new.tar", "w") as tar:
        info = tarfile.TarInfo("manifest.json")
        info.size = len(manifest)
        tar.addfile(info, io.BytesIO(manifest))
    (tmp_path / "text.tar").write_text("not a tar at all")
    refusals = {"new.tar": "newer Guanxi", "text.tar": "no backup", "none.tar": "There is no file"}
    for name, words in refusals.items():
        with pytest.raises(BackupError, match=words):
            Reader(tmp_path / name)


def test_a_full_disk_is_named_in_words_and_leaves_nothing(tmp_path: Path) -> None:
    # A limit on the size of files is the fullest disk that needs no mount.
    program = """
import io, resource, signal, sys
from pathlib import Path
from guanxi.project.backup.archive import BackupError, Writer, disk_in_words
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
path = Path(sys.argv[1])
writer = Writer(path)
try:
    with disk_in_words(path.parent):
        writer.add_stream("dump", io.BytesIO(bytes(20_000_000)))
        writer.finish({})
except BackupError as error:
    writer.abandon()
    print(error)
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "b.tar")],
        capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert "The disk is full" in done.stdout
    assert list(tmp_path.iterdir()) == []
