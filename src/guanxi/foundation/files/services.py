"""Keeping the bytes of attachments and handing them out. The resource layer decides who may."""

import errno
import hashlib
import os
import tempfile
from collections.abc import Collection, Iterable
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.files.models import Attachment, FileKind
from guanxi.foundation.files.rules import is_refused, media_type_of, safe_name
from guanxi.foundation.ledger.images import former_names
from guanxi.foundation.ledger.models import Change
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.tenancy.scope import require_scope
from guanxi.kernel.errors import Invalid, Message, NotFound, Unavailable

ARRIVING = "arriving-"  # how the name of a file begins whose bytes are still coming in


def folder_of(tenant_id: UUID) -> Path:
    """Where a company's bytes lie; nobody else's are in it."""
    return Path(settings.FILES_ROOT) / str(tenant_id)


def path_of(attachment: Attachment) -> Path:
    """The file with an attachment's bytes. Raises NotFound where it is missing on disk."""
    path = folder_of(attachment.tenant_id) / attachment.digest[:2] / attachment.digest
    if not path.is_file():
        raise NotFound("file_missing")
    return path


def add_attachment(
    actor: Actor,
    *,
    resource: str,
    record_id: UUID,
    name: str,
    chunks: Iterable[bytes],
    record_name: str = "",
    kind: str = "",
) -> Attachment:
    """Keep a file on a record, which the caller has proven to be the actor's to add to.

    Raises Invalid beside `kind` for an unknown one and beside `file` for a refused type, an empty file or one above
    the limit; Unavailable where the disk is full. No bytes stay behind then.
    """
    name = safe_name(name)
    if is_refused(name):
        raise _refusal("type", _("Files of this kind are not accepted: they can run programs."))
    kind = kind_of(kind)
    company = require_scope().tenant_id
    digest, size = _store(folder_of(company), chunks)
    with operation(actor, "files.attachment.add", record_id=record_id, label=_label(name, record_name)):
        attachment = Attachment(
            resource=resource,
            record_id=record_id,
            name=name,
            kind=kind,
            media_type=media_type_of(name),
            size=size,
            digest=digest,
            added_by_id=actor.member_id,
        )
        attachment.save(force_insert=True)
    return attachment


def set_kind(actor: Actor, attachment: Attachment, *, kind: str, record_name: str = "") -> Attachment:
    """Say what a file is. Raises Invalid beside `kind` for an unknown kind."""
    kind = kind_of(kind)
    if kind != attachment.kind:
        label = _label(attachment.name, record_name)
        with operation(actor, "files.attachment.edit", record_id=attachment.record_id, label=label):
            attachment.kind = kind
            attachment.save(update_fields=["kind", "updated_at"])
    return attachment


def kind_of(text: str) -> str:
    """The kind of a file that a text says; "other" for none. Raises Invalid for an unknown one."""
    kind = text or FileKind.OTHER.value
    if kind not in FileKind.values:
        raise Invalid({"kind": [Message("value", _("There is no such kind of file."))]})
    return kind


def remove_attachment(actor: Actor, attachment: Attachment, *, record_name: str = "") -> None:
    """Take a file off its record. Its bytes stay as long as the deletion can be undone."""
    label = _label(attachment.name, record_name)
    with operation(actor, "files.attachment.delete", record_id=attachment.record_id, label=label):
        attachment.delete()


def _label(name: str, record_name: str) -> str:
    """What the change log calls it: the file, and what it hangs on."""
    return f"{name[:90]} · {record_name}" if record_name else name


def _store(folder: Path, chunks: Iterable[bytes]) -> tuple[str, int]:
    """Write bytes under their digest; equal files are kept once. Returns digest and size in bytes."""
    limit = settings.ATTACHMENT_LIMIT
    hashed, size, temporary = hashlib.sha256(), 0, ""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=ARRIVING, delete=False) as file:
            temporary = file.name
            for chunk in chunks:
                size += len(chunk)
                if size > limit:
                    raise _refusal(
                        "too_large", _("At most %(limit)s MB a file."), limit=limit // (1024 * 1024)
                    )
                hashed.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        if size == 0:
            raise _refusal("empty", _("The file is empty."))
        digest = hashed.hexdigest()
        target = folder / digest[:2] / digest
        target.parent.mkdir(mode=0o700, exist_ok=True)
        Path(temporary).replace(target)
        temporary = ""
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Unavailable("disk_full", retry_after=60) from error
        raise
    finally:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
    return digest, size


def _refusal(code: str, text: object, **params: object) -> Invalid:
    return Invalid({"file": [Message(code, text, params)]})


def forget_bytes(digests: Collection[str]) -> None:
    """Once the open transaction is committed, take away bytes that no attachment of the company bears any more, nor
    the image of a deletion that can be undone. Called after the rows and images that named them are gone."""
    wanted, company = set(digests), require_scope().tenant_id
    wanted -= set(Attachment.objects.filter(digest__in=wanted).values_list("digest", flat=True))
    tables, names = former_names(Attachment._meta.db_table, ["digest"])
    images = Change.objects.filter(table_name__in=tables, action=Change.DELETE)
    for name in names:
        held = images.filter(**{f"old__{name}__in": sorted(wanted)})
        wanted -= set(held.values_list(f"old__{name}", flat=True))

    def remove() -> None:
        for digest in wanted:
            (folder_of(company) / digest[:2] / digest).unlink(missing_ok=True)

    transaction.on_commit(remove)
