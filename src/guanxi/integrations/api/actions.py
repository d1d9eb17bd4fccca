"""Actions of a resource as operations: on one record, or on many.

Each is made from its declaration (`resource.actions`), the same that gives the button and the bulk action.
"""

import json
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, override
from ninja import Router
from pydantic import BaseModel, Field, WithJsonSchema, create_model

from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.api import bodies
from guanxi.integrations.api.describing import described
from guanxi.integrations.api.records import reply
from guanxi.integrations.api.schemas import MOST, Given, Shown
from guanxi.kernel.errors import Invalid, Message
from guanxi.kinds import Kind
from guanxi.resource import acting
from guanxi.resource.acting import DELETE, EDIT, Selection, Tally
from guanxi.resource.actions import Action
from guanxi.resource.declaration import Resource
from guanxi.resource.jobs import AT_ONCE, act_later


class LeftAlone(Shown):
    """Records that were left as they were, and why."""

    reason: str
    count: int


class ActionOut(Shown):
    """What came of an action."""

    total: int = Field(description=gettext_noop("Records that were chosen"))
    done: int = Field(description=gettext_noop("Those it was done to"))
    left: list[LeftAlone] = Field(description=gettext_noop("The others, by reason"))
    operation: UUID | None = Field(
        None, description=gettext_noop("What undoes it; `null` where nothing was done")
    )
    job: UUID | None = Field(
        None, description=gettext_noop("Of more than 500 records: the job that does it (`202`)")
    )


def add_actions(router: Router, resource: type[Resource]) -> None:
    """An operation for every action of a resource."""
    for action in acting.actions_of(resource):
        if action.key not in (EDIT, DELETE):  # of one record these have their own methods
            _on_one(router, resource, action)
        if action.form == "set":
            _on_many(router, resource, action)


def _on_one(router: Router, resource: type[Resource], action: Action) -> None:
    def act(request: HttpRequest, id: UUID, data: Any) -> HttpResponse:  # noqa: A002
        actor: Actor = request.actor  # type: ignore[attr-defined]
        acting.record_of(actor, resource, action, id)
        acting.find(actor, resource, action.key)
        acting.act(actor, resource, action, id, data.inputs)
        done = last_operation_id() if action.undo == "ledger" else None
        return _answer(Tally(1, 1, operation_id=done))

    act.__annotations__["data"] = _body(resource, action, many=False)
    router.post(f"/{{uuid:id}}/actions/{action.key}", **_described("act", resource, action))(act)


def _on_many(router: Router, resource: type[Resource], action: Action) -> None:
    def act(request: HttpRequest, data: Any) -> HttpResponse:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        acting.find(actor, resource, action.key)
        selection = _selection(data)
        if action.key == EDIT:
            bodies.check_types(actor, resource, data.inputs)
        acting.cleaned(actor, resource, action, data.inputs)
        total = selection.total(actor, resource)
        if total.count <= AT_ONCE and total.exact:
            return _answer(acting.act_on_many(actor, resource, action, selection, data.inputs))
        accepted = request.GET.get("accept_warnings", "")
        job = act_later(actor, resource, action, selection, data.inputs, total=total.count, accepted=accepted)
        return _answer(Tally(total.count), job=job.id)

    act.__annotations__["data"] = _body(resource, action, many=True)
    router.post(f"/actions/{action.key}", **_described("act_many", resource, action))(act)


def _described(kind: str, resource: type[Resource], action: Action) -> dict[str, Any]:
    found = described(kind, ActionOut, name=resource.key)
    name = f"{resource.key}_{kind}_{action.key}"
    with override("en"):
        summary = f"{found['summary']}: {action.label}"
    answers = found["response"] | ({202: ActionOut} if kind == "act_many" else {})
    return found | {"operation_id": name, "url_name": name, "summary": summary, "response": answers}


def _body(resource: type[Resource], action: Action, *, many: bool) -> type[BaseModel]:
    """What an action takes: its inputs, and of many which records."""
    kinds = (
        [resource.declared[name] for name in resource.bulk_fields] if action.key == EDIT else action.inputs
    )
    schema: dict[str, Any] = {"type": "object", "properties": {kind.name: _taken(kind) for kind in kinds}}
    required = [kind.name for kind in action.inputs if kind.required]
    if required:
        schema["required"] = required
    inputs: Any = Annotated[dict[str, Any], WithJsonSchema(schema)]
    fields: dict[str, Any] = {"inputs": (inputs, ...) if required or action.key == EDIT else (inputs, {})}
    if many:
        fields |= {
            "ids": (Annotated[list[UUID], Field(min_length=1, max_length=MOST)] | None, None),
            "filter": (
                dict[str, Any] | None,
                Field(
                    None,
                    description=gettext_noop(
                        "Instead of `ids`: all that match, `{all: […]}`, `{any: […]}`, `{field, op, values}`"
                    ),
                ),
            ),
            "q": (str | None, Field(None, description=gettext_noop("With `filter`: text to find"))),
        }
    name = f"{bodies.name_of(resource)}{action.key.title().replace('_', '')}{'Many' if many else ''}"
    return create_model(name, __base__=Given, **fields)


def _taken(kind: Kind) -> dict[str, Any]:
    return {**kind.json_schema(), "title": kind.name}


def _selection(data: Any) -> Selection:
    """Either `ids` or a filter: to act on everything by having left something out must not be possible."""
    if (data.ids is None) == (data.filter is None):
        raise Invalid({"ids": [Message("one_of", _("Give either `ids` or `filter`."))]})
    if data.ids is not None:
        return Selection(tuple(dict.fromkeys(data.ids)))
    query = QueryDict(mutable=True)
    query["filter"] = json.dumps(data.filter)
    if data.q:
        query["q"] = data.q
    return Selection(query=query.urlencode())


def _answer(tally: Tally, *, job: UUID | None = None) -> HttpResponse:
    body = {
        "total": tally.total,
        "done": tally.done,
        "left": [{"reason": reason, "count": count} for reason, count in tally.left.most_common()],
        "operation": tally.operation_id,
        "job": job,
    }
    headers = {"Operation-Id": str(tally.operation_id)} if tally.operation_id else {}
    if job is not None:
        headers["Location"] = f"/api/v1/jobs/{job}"
    return reply(body, status=202 if job is not None else 200, headers=headers)
