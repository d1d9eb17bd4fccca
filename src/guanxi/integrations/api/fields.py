"""What the caller can read and write of a resource, field by field: the company's own fields above all."""

import re
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop
from ninja import Router
from pydantic import Field, WithJsonSchema

from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.api.describing import Describer
from guanxi.integrations.api.records import reply, show_to
from guanxi.integrations.api.schemas import Choice, Shown
from guanxi.kinds import Kind, Show
from guanxi.resource import access
from guanxi.resource.declaration import Resource
from guanxi.resource.links import RecordLink


class FieldOut(Shown):
    """One field, as the caller may use it."""

    name: str
    label: str = Field(description=gettext_noop("In the language of the request"))
    help: str
    kind: str = Field(description=gettext_noop("What it holds: `text`, `number`, `choice`, `record_link` …"))
    own: bool = Field(description=gettext_noop("Added by the company; its name begins with `x_`"))
    schema_: Annotated[dict[str, Any], WithJsonSchema({"type": "object"})] = Field(
        alias="schema", description=gettext_noop("The JSON schema of its values")
    )
    required: bool
    unique: bool
    writable: bool = Field(description=gettext_noop("Whether the caller may set it"))
    operators: list[str] = Field(
        description=gettext_noop("What it can be filtered by; empty where it cannot")
    )
    options: list[Choice] = Field(description=gettext_noop("Of a list: the values it takes"))
    to: str | None = Field(description=gettext_noop("Of a link: which records it leads to"))


class FieldList(Shown):
    """The fields of a resource."""

    items: list[FieldOut]


def add_fields(router: Router, resource: type[Resource]) -> None:
    """The operation that describes a resource's fields."""

    def read_fields(request: HttpRequest) -> HttpResponse:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        actor.require(resource.permission("view"))
        show = show_to(actor)
        settable = {kind.name for kind in access.writable(actor, resource)}
        filterable = set(resource.filterable())
        kinds = access.readable(actor, resource)
        return reply({"items": [_told(kind, show, settable, filterable) for kind in kinds]})

    router.get("/fields", **Describer(resource)("fields", FieldList))(read_fields)


def _told(kind: Kind, show: Show, settable: set[str], filterable: set[str]) -> dict[str, Any]:
    filtered = kind.name in filterable and access.is_open(show.actor, kind)
    return {
        "name": kind.name,
        "label": str(kind.label),
        "help": str(kind.help),
        "kind": re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(kind).__name__).lower(),
        "own": kind.own is not None,
        "schema": kind.json_schema(),
        "required": kind.required,
        "unique": kind.own is not None and kind.own.unique,
        "writable": kind.name in settable,
        "operators": list(kind.operators) if filtered else [],
        "options": [
            {"value": one.value, "label": str(one.label), "detail": str(one.sub)}
            for one in kind.filter_options(show)
        ],
        "to": kind.to if isinstance(kind, RecordLink) else None,
    }
