"""Operations of the ledger: reading one, undoing it; and who calls."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop
from ninja import Router

from guanxi.foundation.ledger.conflicts import RowConflict
from guanxi.foundation.ledger.models import SAID, Operation
from guanxi.foundation.ledger.queries import Filter, after, operations
from guanxi.foundation.ledger.reasons import Reason, reasons
from guanxi.foundation.ledger.undo import may_undo, undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.tenancy.models import Tenant
from guanxi.integrations.api import parameters, schemas
from guanxi.integrations.api.authentication import Caller
from guanxi.integrations.api.describing import (
    described,
    limit_parameter,
    place_parameter,
    query_parameter,
)
from guanxi.integrations.api.records import reply
from guanxi.kernel.errors import Conflict, Forbidden, NotFound
from guanxi.kernel.text import clean_text

_MOST = 200
_UUID = {"type": "string", "format": "uuid"}
_MOMENT = {"type": "string", "format": "date-time"}
VIEW, UNDO = "ledger.operation.view", "ledger.operation.undo"


def routers() -> list[tuple[str, Router]]:
    """Operations that belong to no resource, by prefix."""
    acts, who = Router(tags=["operations"]), Router(tags=["me"])
    asked = [
        query_parameter("member", _UUID, gettext_noop("Only what this member did")),
        query_parameter(
            "door", {"type": "string"}, gettext_noop("Only through this door: `web`, `api`, `job` …")
        ),
        query_parameter("verb", {"type": "string"}, gettext_noop("Only this: `customers.customer.edit`")),
        query_parameter("since", _MOMENT, gettext_noop("From this moment on")),
        query_parameter("until", _MOMENT, gettext_noop("Before this moment")),
        place_parameter(),
        limit_parameter(),
    ]
    acts.get("", **described("operations", schemas.OperationPage, name="", parameters=asked))(list_operations)
    acts.get("/{uuid:id}", **described("operation", schemas.OperationOut, name="operations"))(read_operation)
    acts.post("/{uuid:id}/undo", **described("undo", schemas.OperationOut, name="operations"))(undo_operation)
    who.get("", **described("me", schemas.Me, name=""))(read_me)
    return [("/operations", acts), ("/me", who)]


def list_operations(request: HttpRequest) -> HttpResponse:
    """The change log, as far as the caller may see it. Raises Forbidden, Invalid."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    query = request.GET.copy()
    limit = parameters.number(query, "limit", most=_MOST) or 50
    rows = operations(
        actor,
        Filter(
            actor_id=parameters.uuid(query, "member"),
            door=clean_text(query.get("door", ""))[:20],
            verb=clean_text(query.get("verb", ""))[:100],
            since=parameters.moment(query, "since"),
            until=parameters.moment(query, "until"),
        ),
    )
    place = parameters.place(query, "after")
    if place is not None:
        rows = after(rows, *place)
    found = list(rows[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    following = f"{last.at.isoformat()}~{last.id}" if last is not None else None
    return reply({"items": [_told(actor, one) for one in found[:limit]], "next": following})


def visible_operation(actor: Actor, operation_id: UUID) -> Operation:
    """An operation of one's own, or within the reach of `ledger.operation.view`. Raises NotFound."""
    found = Operation.objects.filter(id=operation_id).first()
    own = found is not None and actor.member_id is not None and found.actor_id == actor.member_id
    if found is None or not (own or (actor.may(VIEW) and actor.covers(VIEW, [found.actor_id]))):
        raise NotFound("operation_not_found")
    return found


def read_operation(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
    """Everything one act did."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return reply(_told(actor, visible_operation(actor, id)))


def undo_operation(request: HttpRequest, id: UUID, data: schemas.UndoIn | None = None) -> HttpResponse:  # noqa: A002
    """Undo an operation; answers with the one that did so."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    given = data or schemas.UndoIn()
    return undone(actor, id, only=given.only, leave=given.leave or ())


def undone(
    actor: Actor, operation_id: UUID, *, only: Collection[UUID] | None = None, leave: Collection[UUID] = ()
) -> HttpResponse:
    """Undo an operation, or some rows of it; the answer of having done so. Raises NotFound, Forbidden, Conflict."""
    if not may_undo(actor, visible_operation(actor, operation_id)):
        raise Forbidden(UNDO)
    try:
        did = undo(actor, operation_id, only=only, leave=leave)
    except Conflict as error:
        found_rows = [one for one in error.conflicts if isinstance(one, RowConflict)]
        raise Conflict([_conflict(one) for one in reasons(actor, found_rows)]) from error
    return reply(_told(actor, did), headers={"Operation-Id": str(did.id)})


def _conflict(one: Reason) -> dict[str, Any]:
    return {
        "row": str(one.row_id) if one.row_id else None,
        "kind": one.table,
        "name": one.name,
        "why": one.why,
        "fields": one.fields,
        "who": one.who,
        "when": one.when.isoformat() if one.when else None,
    }


def _told(actor: Actor, found: Operation) -> dict[str, Any]:
    return {
        "id": found.id,
        "at": found.at.isoformat(),
        "actor": found.actor_id,
        "door": found.door,
        "verb": found.verb,
        "record": found.record_id,
        "label": found.shown_label,
        "summary": {key: value for key, value in found.summary.items() if key != SAID},
        "undoes": found.undoes_id,
        "undone_by": found.undone_by_id,
        "undoable": found.undone_by_id is None and may_undo(actor, found),
    }


def read_me(request: HttpRequest) -> HttpResponse:
    """The member and company of the caller, and what the call may do."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    caller: Caller = request.api_caller  # type: ignore[attr-defined]
    return reply(
        {
            "member": actor.member_id,
            "name": actor.name,
            "company": actor.tenant_id,
            "company_name": Tenant.objects.values_list("name", flat=True).get(id=actor.tenant_id),
            "roles": list(actor.roles),
            "may_write": caller.may_write and actor.observer_id is None,
            "permissions": dict(sorted(actor.grants.items())),
        }
    )
