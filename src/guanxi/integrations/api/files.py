"""Files of a record: what hangs on it, adding, downloading, removing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from ninja import Router
from pydantic import Field, WithJsonSchema

from guanxi.foundation.files.models import Attachment
from guanxi.foundation.files.services import kind_of, path_of
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.api import parameters, receiving
from guanxi.integrations.api.describing import Describer, query_parameter
from guanxi.integrations.api.records import done, reply
from guanxi.integrations.api.schemas import Given, Shown
from guanxi.kernel.errors import Invalid, Message
from guanxi.resource import access, attachments
from guanxi.resource.declaration import Resource

_BLOCK = 64 * 1024
NAME = query_parameter(
    "name",
    {"type": "string", "minLength": 1, "maxLength": 200},
    gettext_noop("The file's name; its ending says what it is"),
) | {"required": True}
KIND = query_parameter(
    "kind",
    {"type": "string", "enum": ["contract", "proposal", "certificate", "other"]},
    gettext_noop("What the file is; without it another"),
)

OF_KIND = KIND | {"description": gettext_noop("Only files of this kind")}


class FileOut(Shown):
    """A file that hangs on a record."""

    id: UUID
    name: str
    media_type: str = Field(description=gettext_noop("By the ending of its name"))
    kind: str = Field(description=gettext_noop("What it is: contract, proposal, certificate or other"))
    size: int = Field(description=gettext_noop("Bytes"))
    added_at: Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
    added_by: UUID | None
    removable: bool = Field(description=gettext_noop("Whether the caller may remove it"))


class FileIn(Given):
    """What is said of a file."""

    kind: str = Field(
        description=gettext_noop("What it is: contract, proposal, certificate or other"), max_length=12
    )


class FileList(Shown):
    """The files of a record, newest first."""

    items: list[FileOut]


def add_files(router: Router, resource: type[Resource]) -> None:
    """The operations on a resource's files."""

    def list_files(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
        actor: Actor = request.actor  # type: ignore[attr-defined]
        record = access.get(actor, resource, id)
        may_edit = access.allows(actor, resource, record, "edit")
        kind = request.GET.get("kind", "")
        kind = kind_of(kind) if kind else ""
        found = attachments.files_of(resource, record, kind=kind)
        return reply({"items": [_told(actor, one, may_edit) for one in found]})

    def add_file(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
        actor: Actor = request.actor  # type: ignore[attr-defined]
        access.get(actor, resource, id, verb="edit")
        file = receiving.received(request)
        added = attachments.attach(
            actor,
            resource,
            id,
            name=name_of(request),
            chunks=file.chunks() if file else (),
            kind=parameters.taken(request.GET.copy(), "kind").strip()[:12],
        )
        headers = {
            "Location": f"/api/v1/{resource.key}/{id}/files/{added.id}",
            "Operation-Id": str(last_operation_id() or ""),
        }
        return reply(_told(actor, added, True), status=201, headers=headers)

    def read_file(request: HttpRequest, id: UUID, file_id: UUID) -> HttpResponseBase:  # noqa: A002
        found = attachments.find_attachment(request.actor, resource, id, file_id)  # type: ignore[attr-defined]
        return download(path_of(found), found.name, found.media_type)

    def classify(request: HttpRequest, id: UUID, file_id: UUID, body: FileIn) -> HttpResponse:  # noqa: A002
        actor: Actor = request.actor  # type: ignore[attr-defined]
        found = attachments.classify(actor, resource, id, file_id, kind=body.kind)
        return reply(_told(actor, found, True))

    def remove(request: HttpRequest, id: UUID, file_id: UUID) -> HttpResponse:  # noqa: A002
        attachments.detach(request.actor, resource, id, file_id)  # type: ignore[attr-defined]
        return done()

    describe = Describer(resource)
    router.get("/{uuid:id}/files", **describe("files", FileList, parameters=[OF_KIND]))(list_files)
    router.post("/{uuid:id}/files", **describe("file_add", FileOut, status=201, parameters=[NAME, KIND]))(
        add_file
    )
    router.get("/{uuid:id}/files/{uuid:file_id}", **describe("file", None))(read_file)
    router.patch("/{uuid:id}/files/{uuid:file_id}", **describe("file_kind", FileOut))(classify)
    router.delete("/{uuid:id}/files/{uuid:file_id}", **describe("file_remove", None, status=204))(remove)
    receiving.takes_bytes(f"{resource.key}_files", lambda: int(settings.ATTACHMENT_LIMIT))
    receiving.sends_bytes(f"{resource.key}_file")


def name_of(request: HttpRequest) -> str:
    """The name of the file that came in. Raises Invalid where it has none."""
    name = parameters.taken(request.GET.copy(), "name").strip()
    if not name:
        raise Invalid({"name": [Message("required", _("Give this parameter."))]})
    return name[:1000]


def download(path: Path, name: str, media_type: str) -> HttpResponseBase:
    """A file as an answer, which a browser keeps and never runs in our origin."""
    response = StreamingHttpResponse(_blocks(path), content_type=media_type)
    response["Content-Length"] = str(path.stat().st_size)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block


def _told(actor: Actor, found: Attachment, may_edit: bool) -> dict[str, Any]:
    return {
        "id": found.id,
        "name": found.name,
        "media_type": found.media_type,
        "kind": found.kind,
        "size": found.size,
        "added_at": found.created_at.isoformat(),
        "added_by": found.added_by_id,
        "removable": may_edit and attachments.may_remove(actor, found.added_by_id),
    }
