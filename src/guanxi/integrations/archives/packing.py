"""Writing an archive: everything of a company, one file after the other, at constant memory."""

import csv
import hashlib
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from guanxi.foundation.files.models import Attachment
from guanxi.foundation.files.services import path_of
from guanxi.foundation.ledger.models import SchemaChange
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.tenancy.models import Tenant
from guanxi.integrations.archives.copying import MARK, Own, Snapshot, snapshot
from guanxi.integrations.archives.manifest import MANIFEST, Manifest, Member
from guanxi.integrations.archives.reading_me import README
from guanxi.integrations.archives.tables import dictionary, shape, tables
from guanxi.kernel.errors import NotFound
from guanxi.resource.registry import every

Step = Callable[[int, int], None]
_BLOCK = 1024 * 1024
_UNSAFE = re.compile(r'[/\\\x00-\x1f:*?"<>|]')
_ATTACHMENTS = Attachment._meta.db_table
_SHORT = 80  # letters of a file's name


def pack(actor: Actor, path: Path, step: Step) -> Manifest:
    """Write the company in scope to a ZIP. `step` is told how many of how many tables and files are done."""
    company = Tenant.objects.get(pk=actor.tenant_id)
    manifest = Manifest(
        product=settings.PRODUCT_VERSION, shape=shape(), made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        made_by=actor.name or "system", company=_company(company),
        ledger_schema=list(map(list, SchemaChange.objects.order_by("id").values_list(
            "id", "table_name", "kind", "column_name", "becomes"))),
    )  # fmt: skip
    with snapshot() as seen, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as book:
        writer = _Writer(book, manifest)
        writer.add("README.txt", [README.encode("utf-8")])
        writer.add("columns.csv", _as_csv(dictionary()))
        own = _own()
        attachments = seen.rows(f"SELECT count(*) FROM {_ATTACHMENTS}")[0][0]  # noqa: S608
        total = len(tables()) + attachments
        for done, table in enumerate(tables()):
            step(done, total)
            writer.add(table.file, seen.csv(table, own), rows=lambda: seen.counted)
        _add_files(seen, writer, lambda done: step(len(tables()) + done, total))
        book.writestr(MANIFEST, manifest.as_bytes())
    return manifest


def attached_as(attachment: Any) -> str:
    """Where the bytes of an attachment stand in an archive."""
    return f"attachments/{attachment.pk}/{_UNSAFE.sub('_', attachment.name).strip('. ')[-_SHORT:] or 'file'}"


def _company(company: Tenant) -> dict[str, Any]:
    return {
        "id": str(company.pk), "name": company.name, "slug": company.slug, "language": company.language,
        "time_zone": company.time_zone, "settings": company.settings, "created_at": company.created_at.isoformat(),
    }  # fmt: skip


def _own() -> Own:
    """The company's own fields by table: what a person finds beside the JSON that holds them."""
    return {
        resource.model._meta.db_table: tuple(
            (kind.name, str(kind.label)) for kind in resource.fields().values() if kind.own
        )
        for resource in every()
    }


def _add_files(seen: Snapshot, writer: "_Writer", step: Callable[[int], None]) -> None:
    """Bytes of the attachments that the snapshot names."""
    last = "00000000-0000-0000-0000-000000000000"
    done = 0
    while True:
        found = seen.rows(
            f"SELECT id, tenant_id, name, digest FROM {_ATTACHMENTS} WHERE id > '{last}' "  # noqa: S608
            "ORDER BY id LIMIT 500"
        )
        for pk, tenant_id, name, digest in found:
            one = Attachment(id=pk, tenant_id=tenant_id, name=name, digest=digest)
            try:
                writer.add(attached_as(one), _blocks(path_of(one)), packed=False)
            except NotFound:
                writer.manifest.missing.append(str(pk))
            done += 1
            step(done)
            last = str(pk)
        if not found:
            return


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block


def _as_csv(rows: Iterable[list[str]]) -> Iterator[bytes]:
    yield MARK
    for row in rows:
        line = io.StringIO()
        csv.writer(line).writerow(row)
        yield line.getvalue().encode()


class _Writer:
    """Files into the ZIP, their sums into the manifest."""

    def __init__(self, book: zipfile.ZipFile, manifest: Manifest) -> None:
        self._book = book
        self.manifest = manifest

    def add(
        self,
        name: str,
        blocks: Iterable[bytes],
        *,
        packed: bool = True,
        rows: Callable[[], int] | None = None,
    ) -> None:
        """A file. One whose first block cannot be read is not there at all."""
        blocks = iter(blocks)
        first = next(blocks, b"")
        entry = zipfile.ZipInfo(name, timezone.localtime().timetuple()[:6])
        entry.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        hashed, size = hashlib.sha256(), 0
        with self._book.open(entry, "w", force_zip64=True) as file:
            while first:
                hashed.update(first)
                size += len(first)
                file.write(first)
                first = next(blocks, b"")
        self.manifest.files.append(Member(name, size, hashed.hexdigest(), rows() if rows else None))
