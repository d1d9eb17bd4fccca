"""Pydantic models of a resource's JSON, made from its fields: what documents the API and checks its shapes.

Meaning (codes, lengths, rights) is checked by the fields themselves in the service, so that every door says
the same; here only the types are.
"""

from typing import Annotated, Any
from uuid import UUID

from django.utils.translation import gettext_noop
from ninja import Schema
from pydantic import BaseModel, ConfigDict, Field, StrictStr, WithJsonSchema, create_model

from guanxi.resource.declaration import Resource
from guanxi.resource.kinds import Choices, Kind

MOST = 1000  # items of one bulk request
_Text = StrictStr


class _Given(Schema):
    """Base of what is sent: a field that is not known is refused, never dropped."""

    model_config = ConfigDict(extra="forbid")


class _Shown(Schema):
    """Base of what is answered."""

    model_config = ConfigDict(extra="forbid", json_schema_serialization_defaults_required=False)


def _name(resource: type[Resource]) -> str:
    return resource.model.__name__


def _taken(kind: Kind) -> Any:
    """The type a field takes from outside: its schema, and null for "nothing" unless it is required."""
    schema = dict(kind.json_schema())
    python: Any = list[_Text] if isinstance(kind, Choices) else _Text
    if not kind.required:
        python = python | None
        schema = _or_null(schema)
    return Annotated[python, WithJsonSchema(_described(kind, schema))]


def _given(kind: Kind) -> Any:
    """The type a field is answered with."""
    return Annotated[Any, WithJsonSchema(_described(kind, _or_null(dict(kind.json_schema()))))]


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else list(types)
    if types and "null" not in types:
        schema["type"] = [*types, "null"]
        if "enum" in schema:
            schema["enum"] = [*schema["enum"], None]
    return schema


def _described(kind: Kind, schema: dict[str, Any]) -> dict[str, Any]:
    return schema | {"title": kind.name}


def is_needed(resource: type[Resource], kind: Kind) -> bool:
    """Whether a create must give the field: it is required and the declaration has no default for it."""
    return kind.required and kind.name not in resource.defaults


def new_record(resource: type[Resource]) -> type[BaseModel]:
    """The body of a create."""
    fields: dict[str, Any] = {
        kind.name: (_taken(kind), ... if is_needed(resource, kind) else Field(default=None))
        for kind in resource.writable()
    }
    return create_model(f"New{_name(resource)}", __base__=_Given, **fields)


def changed_record(resource: type[Resource]) -> type[BaseModel]:
    """The body of a change: only what is given is changed."""
    fields: dict[str, Any] = {kind.name: (_taken(kind), Field(default=None)) for kind in resource.writable()}
    return create_model(f"Changed{_name(resource)}", __base__=_Given, **fields)


def changed_item(resource: type[Resource]) -> type[BaseModel]:
    """One item of a bulk change: which record, at which version if that matters, and the fields to change."""
    return create_model(
        f"Changed{_name(resource)}Item",
        __base__=changed_record(resource),
        id=(UUID, ...),
        version=(Annotated[int, Field(strict=True, ge=1)] | None, Field(default=None)),
    )


def many(name: str, item: type[BaseModel]) -> type[BaseModel]:
    """The body of a bulk request: `items`, all carried out or none."""
    listed: Any = Annotated[list[item], Field(min_length=1, max_length=MOST)]  # type: ignore[valid-type]
    return create_model(name, __base__=_Given, items=(listed, ...))


def shown_record(resource: type[Resource]) -> type[BaseModel]:
    """A record as it is answered. Fields hidden from the caller, and those not asked for, are left out."""
    fields: dict[str, Any] = {kind.name: (_given(kind), Field(default=None)) for kind in resource.kinds}
    return create_model(
        _name(resource), __base__=_Shown, id=(UUID, ...), version=(int, Field(..., ge=1)), **fields
    )


class Total(_Shown):
    """How many match; where `exact` is false, at least so many."""

    count: int
    exact: bool


def page_of(resource: type[Resource], record: type[BaseModel]) -> type[BaseModel]:
    """One page of a list."""
    return create_model(
        f"{_name(resource)}Page",
        __base__=_Shown,
        items=(list[record], ...),  # type: ignore[valid-type]
        next=(
            str | None,
            Field(None, description=gettext_noop("What `after` takes for the next page; null at the end")),
        ),
        total=(Total | None, Field(None, description=gettext_noop("Only with `total=1`"))),
    )


def records_of(resource: type[Resource], record: type[BaseModel]) -> type[BaseModel]:
    """The answer to a bulk request."""
    return create_model(
        f"{_name(resource)}List",
        __base__=_Shown,
        items=(list[record], ...),  # type: ignore[valid-type]
        operation=(
            UUID | None,
            Field(None, description=gettext_noop("What undoes all of it; null where nothing changed")),
        ),
    )


class FieldChange(_Shown):
    """One field, before and after, as people read it."""

    field: str
    label: str
    old: str
    new: str


class HistoryEntry(_Shown):
    """One change of a record."""

    id: int
    at: Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
    who: str = Field(description=gettext_noop("Name of the member; empty for the system"))
    action: str = Field(description=gettext_noop("`I` created, `U` changed, `D` deleted"))
    door: str = Field(description=gettext_noop("Through which door: `web`, `api`, `job` …"))
    verb: str
    operation: UUID | None
    undoable: bool
    undone: bool
    fields: list[FieldChange]


class History(_Shown):
    """Changes of a record, newest first."""

    items: list[HistoryEntry]
    next: int | None = Field(
        description=gettext_noop("What `before` takes for the next page; null at the end")
    )


class OperationOut(_Shown):
    """Everything one act did."""

    id: UUID
    at: Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
    actor: UUID | None
    door: str
    verb: str
    record: UUID | None
    label: str
    summary: dict[str, Any]
    undoes: UUID | None
    undone_by: UUID | None
    undoable: bool


class UndoIn(_Given):
    """Which rows to undo: all, `only` some, or all but those to `leave`."""

    only: Annotated[list[UUID], Field(max_length=MOST)] | None = None
    leave: Annotated[list[UUID], Field(max_length=MOST)] | None = None


class Me(_Shown):
    """Who calls, where, and what the call may do."""

    member: UUID
    name: str
    company: UUID
    company_name: str
    roles: list[str]
    may_write: bool
    permissions: dict[str, str] = Field(
        description=gettext_noop("Permission code to reach: `own`, `department`, `below`, `all`")
    )
