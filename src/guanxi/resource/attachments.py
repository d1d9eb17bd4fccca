"""Files on records: who may see the record may see its files, who may edit it may add files and remove his own.

What others added needs a right of its own to remove.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from guanxi.foundation.files import services as files
from guanxi.foundation.files.models import Attachment
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Forbidden, NotFound
from guanxi.resource import access
from guanxi.resource.declaration import Resource
from guanxi.resource.withholding import is_bare

ADD, REMOVE_OTHERS = "files.attachment.add", "files.attachment.delete"


def attached(actor: Actor, resource: type[Resource], record_id: UUID) -> list[Attachment]:
    """A visible record's files, newest first. Raises NotFound for a record one cannot see."""
    return files_of(resource, access.get(actor, resource, record_id))


def files_of(resource: type[Resource], record: Any, *, kind: str = "") -> list[Attachment]:
    """The files of a record that was read through the door; of one `kind` where it is given."""
    if is_bare(record):
        return []
    rows = Attachment.objects.filter(resource=resource.key, record_id=record.pk).select_related("added_by")
    if kind:
        rows = rows.filter(kind=kind)
    return list(rows.order_by("-created_at", "-id")[:200])


def find_attachment(
    actor: Actor, resource: type[Resource], record_id: UUID, attachment_id: UUID, *, verb: str = "view"
) -> Attachment:
    """One file of a record. Raises NotFound, and Forbidden where only the verb is missing."""
    record = access.get(actor, resource, record_id, verb=verb)
    found = Attachment.objects.filter(resource=resource.key, record_id=record_id, id=attachment_id).first()
    if found is None or is_bare(record):
        raise NotFound("not_found")
    return found


def attach(
    actor: Actor,
    resource: type[Resource],
    record_id: UUID,
    *,
    name: str,
    chunks: Iterable[bytes],
    kind: str = "",
) -> Attachment:
    """Add a file to a record one may edit. Raises NotFound, Forbidden, Invalid, Unavailable."""
    record = access.get(actor, resource, record_id, verb="edit")
    actor.require(ADD)
    return files.add_attachment(
        actor,
        resource=resource.key,
        record_id=record_id,
        record_name=str(record),
        name=name,
        chunks=chunks,
        kind=kind,
    )


def classify(
    actor: Actor, resource: type[Resource], record_id: UUID, attachment_id: UUID, *, kind: str
) -> Attachment:
    """Say what a file of a record one may edit is. Raises NotFound, Forbidden, Invalid."""
    record = access.get(actor, resource, record_id, verb="edit")
    actor.require(ADD)
    found = find_attachment(actor, resource, record_id, attachment_id)
    return files.set_kind(actor, found, kind=kind, record_name=str(record))


def detach(actor: Actor, resource: type[Resource], record_id: UUID, attachment_id: UUID) -> Attachment:
    """Take a file off a record one may edit. Raises NotFound, Forbidden."""
    record = access.get(actor, resource, record_id, verb="edit")
    found = find_attachment(actor, resource, record_id, attachment_id)
    if not may_remove(actor, found.added_by_id):
        raise Forbidden(REMOVE_OTHERS)
    files.remove_attachment(actor, found, record_name=str(record))
    return found


def may_remove(actor: Actor, added_by: UUID | None) -> bool:
    """Whether the actor, who may edit the record, may take off it a file that this member has added."""
    return actor.may(REMOVE_OTHERS) or (added_by is not None and added_by == actor.member_id)
