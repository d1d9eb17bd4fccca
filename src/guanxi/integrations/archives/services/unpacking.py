"""An archive back into the product: a new company, all of it or nothing."""

import hashlib
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connections, transaction
from django.utils import translation
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from psycopg import DataError, IntegrityError, InternalError, ProgrammingError

from guanxi.foundation.files.models import Attachment
from guanxi.foundation.files.services import folder_of
from guanxi.foundation.ledger.models import Change, SchemaChange
from guanxi.foundation.tenancy.models import Tenant
from guanxi.foundation.tenancy.scope import scope
from guanxi.integrations.archives.checking import blocks_of, check_sums, opened
from guanxi.integrations.archives.manifest import Manifest
from guanxi.integrations.archives.packing import attached_as
from guanxi.integrations.archives.services.arriving import Arriving
from guanxi.integrations.archives.tables import LEDGER, tables
from guanxi.kernel.errors import Refused
from guanxi.kernel.ids import new_id
from guanxi.resource import writing
from guanxi.resource.registry import every

OWNER = "owner"
ARRIVING = "arriving"  # in a company's settings until what follows from its rows is made
_BATCH = 2000
_UNFIT = (DataError, IntegrityError, InternalError, ProgrammingError)


def unpack(path: Path, *, name: str = "") -> tuple[Tenant, Manifest]:
    """Make a new company of an archive; `name` instead of its own. Its members have no sign-in.

    Runs as the owner role, for whoever runs the server. Raises Refused with the reason for what is no whole,
    unchanged archive of this version's tables; nothing is kept then.
    """
    with opened(path) as (book, manifest):
        for one in Tenant.objects.filter(settings__has_key=ARRIVING):
            known = one.settings[ARRIVING] == _mark(manifest)
            derive(one)
            if known:  # killed in its second step: this is what that run was to make
                return one, manifest
        check_sums(book, manifest)
        folder: Path | None = None
        try:
            with transaction.atomic(using=OWNER, durable=True):
                tenant, arriving, is_changed = _rows(book, manifest, name)
                folder = folder_of(tenant.pk)
                _files(book, manifest, arriving if is_changed else None, folder)
        except BaseException as error:
            if folder is not None:
                shutil.rmtree(folder, ignore_errors=True)
            if isinstance(error, _UNFIT):
                raise Refused("archive", _("Its rows do not fit together.")) from error
            raise
    derive(tenant)
    return tenant, manifest


def derive(tenant: Tenant) -> None:
    """Make again what follows from rows: what they are found by, recognised by, indexes of own fields. Whoever is
    killed here leaves a company that is whole and marked with its archive; the next arrival makes up for it, and
    gives that company back where it is of the same archive."""
    with scope(tenant.pk, door="setup"), translation.override(tenant.language):
        for resource in every():
            ids = resource.model._default_manager.order_by("pk").values_list("pk", flat=True)
            rows = ids.iterator(chunk_size=_BATCH)
            while part := list(islice(rows, _BATCH)):
                writing.reindex_ids(resource, part)
        tenant.refresh_from_db()
        tenant.settings = {key: value for key, value in tenant.settings.items() if key != ARRIVING}
        tenant.save(update_fields=["settings"])


def _mark(manifest: Manifest) -> str:
    return hashlib.sha256(manifest.as_bytes()).hexdigest()


def _rows(book: zipfile.ZipFile, manifest: Manifest, name: str) -> tuple[Tenant, Arriving, bool]:
    told = {one.name: one for one in manifest.files}
    with connections[OWNER].cursor() as wrapper:
        cursor: Any = wrapper.cursor
        cursor.execute("SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO'")
        arriving = Arriving(cursor)
        for table in tables():
            rows = arriving.load(table, blocks_of(book, told[table.file]))
            if rows != told[table.file].rows:
                raise Refused("archive", _("%(name)s was changed."), {"name": table.file})
        theirs = _company_key(manifest)
        arriving.note_keys(tables(), theirs)
        taken = Tenant.objects.using(OWNER).filter(pk=theirs).exists() or arriving.are_taken(tables())
        if taken:
            for table in tables():
                arriving.load(table, blocks_of(book, told[table.file]), change=arriving.changed)
        tenant = _company(manifest, arriving.key(theirs) if taken else theirs, name)
        history = next(one for one in tables() if one.model is Change)
        arriving.reshape(history, _schemas(manifest.ledger_schema))
        for table in tables():
            if table.model not in LEDGER:
                arriving.settle(table, tenant.pk)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        # What the arrival itself left in the log is not its history.
        Change.objects.using(OWNER).filter(tenant_id=tenant.pk).delete()
        for table in tables():
            if table.model in LEDGER:
                arriving.settle(table, tenant.pk)
    return tenant, arriving, taken


def _company_key(manifest: Manifest) -> UUID:
    try:
        return UUID(manifest.company["id"])
    except ValueError:
        return new_id()


def _company(manifest: Manifest, key: UUID, name: str) -> Tenant:
    told = manifest.company
    settings = told.get("settings")
    tenant = Tenant(
        pk=key,
        name=(name or told["name"])[:200],
        language=told["language"] if told["language"] in ("zh-hans", "en") else "zh-hans",
        time_zone=told["time_zone"],
        settings={**(settings if isinstance(settings, dict) else {}), ARRIVING: _mark(manifest)},
    )
    tenant.slug = _free_slug(str(told.get("slug") or "company"))
    tenant.save(using=OWNER, force_insert=True)
    since = parse_datetime(str(told.get("created_at", "")))
    if since is not None and since.tzinfo is not None:
        Tenant.objects.using(OWNER).filter(pk=key).update(created_at=since)
    return tenant


def _free_slug(wanted: str) -> str:
    base = "".join(one for one in wanted.lower() if one in "abcdefghijklmnopqrstuvwxyz0123456789-")[:50]
    base = base.strip("-") or "company"
    taken = set(Tenant.objects.using(OWNER).values_list("slug", flat=True))
    number, slug = 1, base
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


def _schemas(theirs: list[list[Any]]) -> dict[int, int]:
    """For each state of the tables that the archive's images know, the one that it is here: both lists were made by
    the same migrations in the same order. Raises Refused where they were not."""
    fields = ("id", "table_name", "kind", "column_name", "becomes")
    ours = list(SchemaChange.objects.using(OWNER).order_by("id").values_list(*fields))
    if [tuple(one[1:]) for one in theirs] != [one[1:] for one in ours]:
        raise Refused("archive", _("Its history is of tables that this version does not know."))
    return {0: 0} | {int(their[0]): our[0] for their, our in zip(theirs, ours, strict=True)}


def _files(book: zipfile.ZipFile, manifest: Manifest, changed: Arriving | None, folder: Path) -> None:
    """Bytes of attachments to where their rows look for them. Raises Refused for those that no row bears."""
    told = {one.name: one for one in manifest.files if one.name.startswith("attachments/")}
    for name, member in told.items():
        try:
            key = UUID(name.split("/")[1])
        except (ValueError, IndexError):
            key = None
        row = None
        if key is not None:
            here = changed.key(key) if changed else key
            row = Attachment.objects.using(OWNER).filter(tenant_id=_owner_of(folder), pk=here).first()
        if row is None or key is None or not _fits(row, key, name, member.sha256):
            raise Refused("archive", _("%(name)s is the file of nothing in it."), {"name": name})
        _keep(blocks_of(book, member), folder, row.digest)
    absent = set(map(str, manifest.missing))
    borne = Attachment.objects.using(OWNER).filter(tenant_id=_owner_of(folder)).count()
    if borne != len(told) + len(absent):
        raise Refused("archive", _("Files are missing, or there are some that nobody put there."))


def _owner_of(folder: Path) -> UUID:
    return UUID(folder.name)


def _fits(row: Attachment, key: UUID, name: str, sha256: str) -> bool:
    return row.digest == sha256 and attached_as(Attachment(pk=key, name=row.name)) == name


def _keep(blocks: Iterable[bytes], folder: Path, digest: str) -> None:
    target = folder / digest[:2] / digest
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as file:
        for block in blocks:
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(target)
