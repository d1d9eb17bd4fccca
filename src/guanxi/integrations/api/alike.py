"""Before a record is created: those that may be the same, as the form shows them while one types."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop
from ninja import Router
from pydantic import BaseModel, Field, WithJsonSchema

from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.api import bodies, parameters
from guanxi.integrations.api.describing import Describer, query_parameter
from guanxi.integrations.api.records import reply
from guanxi.integrations.api.schemas import Shown
from guanxi.kernel.errors import Invalid, Message
from guanxi.kinds import FieldProblem
from guanxi.resource import access
from guanxi.resource.declaration import Resource
from guanxi.screens.drawing import named_for

_BESIDE = query_parameter(
    "beside", {"type": "string", "format": "uuid"}, gettext_noop("The record that is being changed")
)
_Moment = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]


class Alike(Shown):
    """A record that may be the same. Of one the caller cannot see it is only told who answers for it, and since."""

    verdict: str = Field(description=gettext_noop("`certain`, `likely` or `possible`"))
    reasons: list[str] = Field(description=gettext_noop("Codes of what is alike, the weightiest first"))
    branch: str = Field(
        description=gettext_noop("Set where it is related and not the same: `branch`, `region` or `group`")
    )
    visible: bool
    id: UUID | None = None
    name: str = Field(description=gettext_noop("Shortened where the record is not visible"))
    owner: UUID | None = None
    owner_name: str = ""
    since: _Moment


class AlikeList(Shown):
    """Records that may be the same, the surest first."""

    items: list[Alike]


def add_alike(router: Router, resource: type[Resource]) -> None:
    """The operation that asks for duplicates; a POST, for what is typed is no business of a log."""

    def look(request: HttpRequest, data: Any) -> HttpResponse:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        if not actor.may(resource.permission("edit")):
            actor.require(resource.permission("create"))
        given = data.model_dump(exclude_unset=True)
        bodies.check_types(actor, resource, given)
        beside = parameters.uuid(request.GET, "beside")
        found = resource.duplicates(actor, _values(actor, resource, given), beside=beside)
        return reply({"items": [_told(actor, resource, one) for one in found]})

    body: type[BaseModel] = bodies.changed_record(resource)
    look.__annotations__["data"] = body
    describe = Describer(resource)
    router.post("/duplicates", **describe("duplicates", AlikeList, parameters=[_BESIDE]))(look)


def _values(actor: Actor, resource: type[Resource], given: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed so far, as it would be kept; what is not right yet counts as not typed. Raises Invalid."""
    kinds = {kind.name: kind for kind in access.writable(actor, resource)}
    unknown = Invalid({name: [Message("not_writable")] for name in given if name not in kinds})
    if unknown:
        raise unknown
    values: dict[str, Any] = {}
    for name, kind in kinds.items():
        values[kind.column] = kind.blank()
        if given.get(name) is not None:
            try:
                values[kind.column] = kind.checked(given[name], actor)
            except FieldProblem:
                continue
    return values


def _told(actor: Actor, resource: type[Resource], found: Any) -> dict[str, Any]:
    record = found.record
    told = {
        "verdict": found.verdict, "reasons": list(found.reasons), "branch": found.branch,
        "visible": found.visible,
    }  # fmt: skip
    name = named_for(actor, resource, record, visible=found.visible)
    told |= {"name": name, "since": record.created_at.isoformat()}
    if found.visible:
        told["id"] = record.pk
    owner = resource.kind(resource.owner) if resource.owner else None
    member = getattr(record, owner.name, None) if owner and access.is_open(actor, owner) else None
    if member is not None:
        told |= {"owner": member.pk, "owner_name": member.name}
    return told
