"""Looking at an archive before anything of it is brought in: rubbish, tampering and bombs are refused with a reason."""

import hashlib
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from guanxi.integrations.archives.manifest import MANIFEST, Manifest, Member, is_plain, read_manifest
from guanxi.integrations.archives.tables import shape, tables
from guanxi.kernel.errors import Refused

_BLOCK = 1024 * 1024
_MANIFEST_MOST = 200 * 1024 * 1024  # bytes
_RATIO, _SMALL = 300, 10 * 1024 * 1024  # how far a table may unpack; below so many bytes nobody minds
_SPARE = (
    4  # on the disk must be free so many times what the archive unpacks to: tables, their indexes, the log
)


@contextmanager
def opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """An archive whose list of files is in order. Raises Refused("archive", …)."""
    try:
        book = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError) as error:
        raise Refused("archive", _("This is no ZIP, or not the whole of one.")) from error
    with book:
        try:
            yield book, _checked(book)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise Refused("archive", _("The file is damaged.")) from error


def _checked(book: zipfile.ZipFile) -> Manifest:
    entries = book.infolist()
    names = [one.filename for one in entries]
    if len(set(names)) != len(names) or not all(map(is_plain, names)):
        raise Refused("archive", _("It holds files whose names cannot be."))
    if MANIFEST not in names or book.getinfo(MANIFEST).file_size > _MANIFEST_MOST:
        raise Refused("archive", _("This is no archive of a company: there is no manifest in it."))
    try:
        manifest = read_manifest(book.read(MANIFEST))
    except ValueError as error:
        raise Refused(
            "archive", _("This is no archive of a company, or of a later version of the product.")
        ) from error
    told = {one.name: one for one in manifest.files}
    if len(told) != len(manifest.files) or set(told) | {MANIFEST} != set(names):
        raise Refused("archive", _("Files are missing, or there are some that nobody put there."))
    if manifest.shape != shape() or {table.file for table in tables()} - set(told):
        raise Refused(
            "archive",
            _("It was made by version %(theirs)s, whose tables are not those of this version (%(ours)s)."),
            {"theirs": manifest.product, "ours": settings.PRODUCT_VERSION},
        )
    for entry in entries:
        if entry.filename != MANIFEST:
            _check_size(entry, told[entry.filename])
    whole = sum(one.size for one in manifest.files)
    Path(settings.FILES_ROOT).mkdir(parents=True, exist_ok=True)
    if whole * _SPARE > shutil.disk_usage(settings.FILES_ROOT).free:
        raise Refused("archive", _("There is not enough room on the disk for what it holds."))
    return manifest


def _check_size(entry: zipfile.ZipInfo, told: Member) -> None:
    if entry.file_size != told.size:
        raise Refused("archive", _("%(name)s was changed."), {"name": entry.filename})
    is_table = not entry.filename.startswith("attachments/")
    if is_table and told.size > _SMALL and told.size > _RATIO * max(entry.compress_size, 1):
        raise Refused(
            "archive", _("%(name)s would unpack to far more than it holds."), {"name": entry.filename}
        )
    if not is_table and told.size > settings.ATTACHMENT_LIMIT:
        raise Refused("archive", _("%(name)s is larger than a file may be."), {"name": entry.filename})


def blocks_of(book: zipfile.ZipFile, told: Member) -> Iterator[bytes]:
    """A file's bytes. Raises Refused at its end where it is not what the manifest says."""
    hashed, size = hashlib.sha256(), 0
    with book.open(told.name) as file:
        while block := file.read(_BLOCK):
            size += len(block)
            if size > told.size:
                break
            hashed.update(block)
            yield block
    if size != told.size or hashed.hexdigest() != told.sha256:
        raise Refused("archive", _("%(name)s was changed."), {"name": told.name})


def check_sums(book: zipfile.ZipFile, manifest: Manifest) -> None:
    """Read everything once. Raises Refused for the first file that is not what the manifest says."""
    for told in manifest.files:
        for _block in blocks_of(book, told):
            pass
