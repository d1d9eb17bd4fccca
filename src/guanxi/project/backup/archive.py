"""The backup's file: a tar whose last member is the manifest, so that a file cut short is known as such."""

import contextlib
import errno
import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

FORMAT = 1
MANIFEST = "manifest.json"
_CHUNK = 8 * 1024 * 1024


class BackupError(Exception):
    """A backup, restore or upgrade cannot be done. The message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Part:
    """A member of the file; `size` in bytes, `sha256` in hex."""

    name: str
    size: int
    sha256: str


@contextlib.contextmanager
def disk_in_words(place: Path) -> Iterator[None]:
    """Turn a full disk, a quota or missing rights into a sentence."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise BackupError(
                f"The disk is full where {place} lies. Nothing was left behind there.\n"
                "Make room, or name a file on another disk."
            ) from error
        if isinstance(error, PermissionError):
            raise BackupError(
                f"{error.filename or place} may not be written or read by this user."
            ) from error
        raise


class Writer:
    """Writes the file beside its name and gives it the name when it is whole. Readable by its owner alone."""

    def __init__(self, path: Path) -> None:
        """Raises BackupError where the file exists already or cannot be made."""
        self.path = path.absolute()
        if self.path.exists():
            raise BackupError(f"{self.path} exists already; name another file.")
        self._partial = self.path.with_name(f".{self.path.name}.{os.getpid()}.partial")
        with disk_in_words(self.path.parent):
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(self._partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(descriptor, "wb")
        self._tar = tarfile.open(fileobj=self._file, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115
        self.parts: list[Part] = []

    def add_bytes(self, name: str, data: bytes) -> None:
        self._member(name, len(data), io.BytesIO(data))
        self.parts.append(Part(name, len(data), hashlib.sha256(data).hexdigest()))

    def add_stream(self, name: str, stream: IO[bytes]) -> None:
        """A stream of unknown length, cut into members `name.000001` …, 8 MiB in memory at a time."""
        number = 0
        while data := stream.read(_CHUNK):
            number += 1
            self.add_bytes(f"{name}.{number:06}", data)

    def add_file(self, name: str, path: Path) -> bool:
        """A file as it is now; False where it has gone meanwhile."""
        try:
            file = path.open("rb")
        except FileNotFoundError:
            return False
        with file:
            size = os.fstat(file.fileno()).st_size
            reader = _Hashing(file, size)
            self._member(name, size, reader)
        self.parts.append(Part(name, size, reader.hash.hexdigest()))
        return True

    def _member(self, name: str, size: int, data: "IO[bytes] | _Hashing") -> None:
        info = tarfile.TarInfo(name)
        info.size, info.mode = size, 0o600
        self._tar.addfile(info, data)

    def finish(self, manifest: dict[str, Any]) -> None:
        """Add the manifest, bring everything to the disk and give the file its name."""
        whole = {"format": FORMAT, **manifest, "parts": [asdict(part) for part in self.parts]}
        data = json.dumps(whole, ensure_ascii=False, indent=1).encode()
        self._member(MANIFEST, len(data), io.BytesIO(data))
        self._tar.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._partial.rename(self.path)
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def abandon(self) -> None:
        """Leave nothing behind."""
        self._partial.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            self._file.close()


class _Hashing:
    """Reads exactly `size` bytes of a file, whatever is added to it meanwhile, and hashes them."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file, self._left = file, size
        self.hash = hashlib.sha256()

    def read(self, length: int = -1) -> bytes:
        data = self._file.read(self._left if length < 0 else min(length, self._left))
        self._left -= len(data)
        self.hash.update(data)
        return data


class Reader:
    """Opens a backup and its manifest. Raises BackupError for what is no whole backup of a known format."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._file = path.open("rb")
        except FileNotFoundError as error:
            raise BackupError(f"There is no file {path}.") from error
        except OSError as error:
            raise BackupError(f"{path} cannot be read by this user ({error.strerror}).") from error
        try:
            self._open()
        except BaseException:
            self._file.close()
            raise

    def _open(self) -> None:
        try:
            self._tar = tarfile.open(fileobj=self._file, mode="r:")  # noqa: SIM115
            self._members = {member.name: member for member in self._tar.getmembers()}
        except (tarfile.TarError, OSError, EOFError) as error:
            raise BackupError(f"{self.path} is no backup of Guanxi, or is cut short ({error}).") from error
        if MANIFEST not in self._members:
            raise BackupError(f"{self.path} is no backup of Guanxi, or is cut short: it has no manifest.")
        try:
            self.manifest: dict[str, Any] = json.loads(self._read(self._members[MANIFEST]))
            self.parts = [Part(**part) for part in self.manifest["parts"]]
            known = self.manifest["format"] <= FORMAT
        except (ValueError, KeyError, TypeError, tarfile.TarError) as error:
            raise BackupError(f"The manifest of {self.path} cannot be read.") from error
        if not known:
            raise BackupError(f"{self.path} was made by a newer Guanxi; restore it with that one.")

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *exc: object) -> None:
        self._tar.close()
        self._file.close()

    def _read(self, member: tarfile.TarInfo) -> bytes:
        file = self._tar.extractfile(member)
        return file.read() if file is not None else b""

    def verify(self) -> None:
        """Read everything once and compare it with the manifest. Raises BackupError naming the bad part."""
        for part in self.parts:
            path = PurePosixPath(part.name)
            if path.is_absolute() or ".." in path.parts:
                raise BackupError(f"{self.path} names a part outside itself: {part.name}")
            member = self._members.get(part.name)
            if member is None or not member.isreg() or member.size != part.size:
                raise BackupError(f"{self.path} is damaged: {part.name} is missing or has another size.")
            sha = hashlib.sha256()
            for data in self._chunks(part):
                sha.update(data)
            if sha.hexdigest() != part.sha256:
                raise BackupError(f"{self.path} is damaged: {part.name} is not what was saved.")

    def _chunks(self, part: Part) -> Iterator[bytes]:
        file = self._tar.extractfile(self._members[part.name])
        while file is not None and (data := file.read(_CHUNK)):
            yield data

    def read(self, name: str) -> bytes:
        return self._read(self._members[name])

    def copy_stream(self, name: str, into: IO[bytes]) -> None:
        """The inverse of `Writer.add_stream`."""
        for part in self.parts:
            if part.name.startswith(f"{name}."):
                for data in self._chunks(part):
                    into.write(data)

    def copy_files(self, prefix: str, folder: Path) -> int:
        """Write every part below `prefix/` into `folder`; returns how many."""
        count = 0
        for part in self.parts:
            if not part.name.startswith(f"{prefix}/"):
                continue
            target = folder / PurePosixPath(part.name).relative_to(prefix)
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with target.open("wb") as file:
                for data in self._chunks(part):
                    file.write(data)
            target.chmod(0o600)
            count += 1
        return count


def free_space(folder: Path) -> int:
    """Bytes free where the folder lies or would lie."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free
