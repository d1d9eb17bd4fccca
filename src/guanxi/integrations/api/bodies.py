"""JSON of a resource: what documents it, and the check of its types at the door.

The document describes what is declared and says that a company may have fields of its own, whose names begin
with `x_`. What comes in is looked at more kindly than it is described: any name may stand there, the types of
known fields are checked here, and everything else (unknown names, codes, lengths, rights, what is required) by
the service, so that every door says the same.
"""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from pydantic import BaseModel, ConfigDict, Field, create_model

from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.api.schemas import MOST, Given, Shown, Total
from guanxi.kernel.errors import Invalid, Message
from guanxi.kinds import Kind
from guanxi.kinds.kind import PREFIX
from guanxi.resource import access
from guanxi.resource.declaration import Resource
from guanxi.resource.links import Link, RecordLink

Json = dict[str, Any]
OWN: Json = {"description": gettext_noop("A field of the company's own")}
# Replaced by a reference once the whole document is there; see `document`.
REFERS = "x-refers"


# What is taken


class Open(BaseModel):
    """Base of what is sent about a record: an object; its fields are looked at by `Types` and the service.

    Not the framework's own `Schema`, which reads attributes and so drops what it has no field for.
    """

    model_config = ConfigDict(extra="allow", defer_build=True)


def name_of(resource: type[Resource]) -> str:
    """What its records are called in the document."""
    return resource.model.__name__


def is_needed(resource: type[Resource], kind: Kind) -> bool:
    """Whether a create must give the field: it is required and the declaration has no default for it."""
    return kind.required and kind.name not in resource.defaults


def new_record(resource: type[Resource]) -> type[BaseModel]:
    """The body of a create."""
    kinds = _writable(resource)
    needed = [kind.name for kind in kinds if is_needed(resource, kind)]
    return _body(f"New{name_of(resource)}", _taken(kinds), needed)


def changed_record(resource: type[Resource]) -> type[BaseModel]:
    """The body of a change: only what is given is changed."""
    return _body(f"Changed{name_of(resource)}", _taken(_writable(resource)), ())


def changed_item(resource: type[Resource]) -> type[BaseModel]:
    """One item of a bulk change: which record, at which version if that matters, and the fields to change."""
    keys: Json = {
        "id": {"type": "string", "format": "uuid"},
        "version": {"type": ["integer", "null"], "minimum": 1},
    }
    base = _body(f"Changed{name_of(resource)}Fields", keys | _taken(_writable(resource)), ("id",))
    version: Any = Annotated[int, Field(strict=True, ge=1)] | None
    return create_model(
        f"Changed{name_of(resource)}Item", __base__=base, id=(UUID, ...), version=(version, None)
    )


def many(name: str, item: type[BaseModel]) -> type[BaseModel]:
    """The body of a bulk request: `items`, all carried out or none."""
    listed: Any = Annotated[list[item], Field(min_length=1, max_length=MOST)]  # type: ignore[valid-type]
    return create_model(name, __base__=Given, items=(listed, ...))


def _body(name: str, properties: Json, needed: Iterable[str]) -> type[BaseModel]:
    described: Json = {
        "type": "object",
        "properties": properties,
        "patternProperties": {f"^{PREFIX}": OWN},
        "additionalProperties": False,
        "required": list(needed),
    }
    config = ConfigDict(extra="allow", defer_build=True, json_schema_extra=described)
    return type(name, (Open,), {"model_config": config, "__module__": __name__})


def _writable(resource: type[Resource]) -> list[Kind]:
    return [kind for kind in resource.declared.values() if not kind.only_read]


def _taken(kinds: Iterable[Kind]) -> Json:
    return {
        kind.name: _titled(kind, _own_schema(kind) if kind.required else _or_null(kind)) for kind in kinds
    }


def _own_schema(kind: Kind) -> Json:
    return dict(kind.json_schema())


def _or_null(kind: Kind) -> Json:
    schema = _own_schema(kind)
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else list(types)
    if types and "null" not in types:
        schema["type"] = [*types, "null"]
        if "enum" in schema:
            schema["enum"] = [*schema["enum"], None]
    return schema


def _titled(kind: Kind, schema: Json) -> Json:
    return schema | {"title": kind.name}


# What is answered


def shown_record(resource: type[Resource]) -> type[BaseModel]:
    """A record as it is answered. Fields hidden from the caller, and those not asked for, are left out."""
    fields = {kind.name: _titled(kind, _or_null(kind)) for kind in resource.declared.values()}
    leading = (kind for kind in resource.declared.values() if isinstance(kind, Link) and kind.expands)
    links = {kind.name: _expanded(kind) for kind in leading}
    described: Json = {
        "type": "object",
        "properties": {
            "id": {"type": "string", "format": "uuid"},
            "version": {"type": "integer", "minimum": 1},
            **fields,
            "expanded": {
                "type": "object",
                "description": gettext_noop("Only with `expand`: what the links lead to"),
                "properties": links,
                "additionalProperties": {"type": ["object", "null"]},
            },
        },
        "patternProperties": {f"^{PREFIX}": OWN},
        "additionalProperties": False,
        "required": ["id", "version"],
    }
    config = ConfigDict(extra="allow", defer_build=True, json_schema_extra=described)
    return type(name_of(resource), (Open,), {"model_config": config, "__module__": __name__})


def _expanded(kind: Link) -> Json:
    to = kind.to if isinstance(kind, RecordLink) else "members"
    return {"anyOf": [{REFERS: to}, {"type": "null"}]}


def page_of(resource: type[Resource], record: type[BaseModel]) -> type[BaseModel]:
    """One page of a list."""
    return create_model(
        f"{name_of(resource)}Page",
        __base__=Shown,
        items=(list[record], ...),  # type: ignore[valid-type]
        next=(
            str | None,
            Field(None, description=gettext_noop("What `after` takes for the next page; null at the end")),
        ),
        total=(Total | None, Field(None, description=gettext_noop("Only with `total`"))),
        left_out=(
            int | None,
            Field(
                None,
                description=gettext_noop(
                    "Only with `view`: how many of its conditions, orders and fields are not there any more, or not"
                    " for the caller; the list is without them"
                ),
            ),
        ),
    )


def records_of(resource: type[Resource], record: type[BaseModel]) -> type[BaseModel]:
    """The answer to a bulk request."""
    return create_model(
        f"{name_of(resource)}List",
        __base__=Shown,
        items=(list[record], ...),  # type: ignore[valid-type]
        operation=(
            UUID | None,
            Field(None, description=gettext_noop("What undoes all of it; null where nothing changed")),
        ),
    )


# The check


class Types:
    """The check of JSON types, compiled once for many bodies of one caller."""

    def __init__(self, actor: Actor, resource: type[Resource]) -> None:
        # Fields the actor may not write are left to the service: their types must not tell that they are there.
        self._schemas = {kind.name: kind.json_schema() for kind in access.writable(actor, resource)}

    def check(self, data: Mapping[str, Any]) -> None:
        """Raises Invalid for values that are not of their field's JSON type. null is always let through here."""
        problems = Invalid()
        for name, value in data.items():
            schema = self._schemas.get(name)
            if schema is not None and value is not None and not fits(schema, value):
                problems.add(name, _type_message(schema))
        if problems:
            raise problems


def check_types(actor: Actor, resource: type[Resource], data: Mapping[str, Any]) -> None:
    """`Types` for one body. Raises Invalid."""
    Types(actor, resource).check(data)


def fits(schema: Mapping[str, Any], value: Any) -> bool:
    """Whether a JSON value is of the schema's type; of a list every element."""
    types = schema.get("type")
    if not types:
        return True
    found = _type(value)
    wanted = {types} if isinstance(types, str) else set(types)
    if found not in wanted and not (found == "integer" and "number" in wanted):
        return False
    if found == "array" and "items" in schema:
        return all(fits(schema["items"], one) for one in value)
    return True


def _type(value: Any) -> str:
    if value is None:
        return "null"
    for kind, name in (
        (bool, "boolean"),
        (int, "integer"),
        (float, "number"),
        (str, "string"),
        (list, "array"),
    ):
        if isinstance(value, kind):
            return name
    return "object"


def _type_message(schema: Mapping[str, Any]) -> Message:
    if schema.get("type") == "string":
        return Message("type", _("This is not a text."))
    return Message("type", _("This is not of the expected kind."))
