"""The recycle bin: what was deleted and is still gone, and the way back."""

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from ninja import Router
from pydantic import Field, WithJsonSchema

from guanxi.foundation.ledger.queries import deleted_rows, deleted_tables, find_deleted, gone_with
from guanxi.foundation.ledger.undo import may_undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.api import parameters, schemas
from guanxi.integrations.api.describing import described, limit_parameter, query_parameter
from guanxi.integrations.api.operations import undone
from guanxi.integrations.api.records import reply
from guanxi.integrations.api.schemas import Shown
from guanxi.kernel.errors import Invalid, Message, NotFound
from guanxi.kernel.text import clean_text

_MOST = 200
_HIGHEST = 2**62
_NUMBER = {"type": "integer", "minimum": 1}


class DeletedOut(Shown):
    """A deleted row."""

    id: int = Field(description=gettext_noop("What restores it"))
    at: Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
    kind: str = Field(description=gettext_noop("What it was, in the language of the request"))
    name: str
    record: UUID
    actor: UUID | None = Field(description=gettext_noop("Who deleted it; `null` for the system"))
    operation: UUID
    restorable: bool = Field(description=gettext_noop("Whether the caller may restore it"))


class DeletedPage(Shown):
    """The recycle bin, newest first. A page may be short where rows came back."""

    items: list[DeletedOut]
    next: int | None = Field(
        None, description=gettext_noop("What `after` takes for the next page; null at the end")
    )


def routers() -> list[tuple[str, Router]]:
    """Operations by prefix."""
    router = Router(tags=["recycle_bin"])
    asked = [
        query_parameter("kind", {"type": "string"}, gettext_noop("Only of this kind, by its `value`")),
        query_parameter("q", {"type": "string", "maxLength": 100}, gettext_noop("Part of the name")),
        query_parameter("after", _NUMBER, gettext_noop("The `next` of the page before")),
        limit_parameter(),
    ]
    router.get("", **described("deleted", DeletedPage, name="", parameters=asked))(list_deleted)
    router.get("/kinds", **described("deleted_kinds", schemas.ChoiceList, name=""))(list_kinds)
    router.post(
        "/{int:deleted_id}/restore", **described("deleted_restore", schemas.OperationOut, name="")
    )(restore)  # fmt: skip
    return [("/recycle_bin", router)]


def list_deleted(request: HttpRequest) -> HttpResponse:
    """What was deleted within the caller's reach and is still gone. Raises Forbidden, Invalid."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    query = request.GET.copy()
    limit = parameters.number(query, "limit", most=_MOST) or 50
    behind = parameters.number(query, "after", most=_HIGHEST)
    kind = query.get("kind", "")
    if kind and kind not in dict(deleted_tables(actor)):
        raise Invalid({"kind": [Message("value", _("Nothing of this kind was deleted."))]})
    text = clean_text(query.get("q", ""))[:100]
    rows, more = deleted_rows(actor, table=kind, text=text, behind=behind, limit=limit)
    items: list[dict[str, Any]] = [
        {
            "id": row.id,
            "at": row.at.isoformat(),
            "kind": row.table,
            "name": row.name,
            "record": row.row_id,
            "actor": row.operation.actor_id,
            "operation": row.operation.id,
            "restorable": may_undo(actor, row.operation),
        }
        for row in rows
    ]
    return reply({"items": items, "next": more})


def list_kinds(request: HttpRequest) -> HttpResponse:
    """Of what something was deleted."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return reply({"items": [{"value": value, "label": label} for value, label in deleted_tables(actor)]})


def restore(request: HttpRequest, deleted_id: int) -> HttpResponse:
    """Put a deleted row back, with what was deleted because it belonged to it. Raises NotFound, Forbidden, Conflict."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if deleted_id > _HIGHEST:
        raise NotFound("deleted_row_not_found")
    deleted = find_deleted(actor, deleted_id)
    if deleted.operation_id is None:
        raise NotFound("deleted_row_not_found")
    return undone(actor, deleted.operation_id, only=gone_with(deleted))
