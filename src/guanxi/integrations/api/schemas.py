"""Pydantic models of what the API takes and answers beside records; those of records are `bodies`."""

from typing import Annotated, Any
from uuid import UUID

from django.utils.translation import gettext_noop
from ninja import Schema
from ninja.params.models import ParamModel
from pydantic import ConfigDict, Field, WithJsonSchema

MOST = 1000  # items of one bulk request


# Bodies and answers of some hundred operations are made ready when one is first asked for: a process that serves pages
# is smaller by a third, and begins a second earlier.
for _base in (Schema, ParamModel):
    _base.model_config["defer_build"] = True


class Given(Schema):
    """Base of what is sent: a field that is not known is refused, never dropped."""

    model_config = ConfigDict(extra="forbid")


class Shown(Schema):
    """Base of what is answered."""

    model_config = ConfigDict(extra="forbid", json_schema_serialization_defaults_required=False)


class Total(Shown):
    """How many match; where `exact` is false, at least so many."""

    count: int
    exact: bool


class FieldChange(Shown):
    """One field, before and after, as people read it."""

    field: str
    label: str
    old: str
    new: str


class HistoryEntry(Shown):
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


class History(Shown):
    """Changes of a record, newest first."""

    items: list[HistoryEntry]
    next: int | None = Field(
        description=gettext_noop("What `before` takes for the next page; null at the end")
    )


class OperationOut(Shown):
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


class MemberCard(Shown):
    """One of the company's people, as a link to them is expanded."""

    id: UUID
    name: str
    department: str
    active: bool = Field(description=gettext_noop("Still works here"))


class MemberList(Shown):
    """People of the company, by name."""

    items: list[MemberCard]


class DeletedItem(Given):
    """One item of a bulk delete: which record, at which version if that matters."""

    id: UUID
    version: Annotated[int, Field(strict=True, ge=1)] | None = None


class DeleteMany(Given):
    """The body of a bulk delete: all of them or none."""

    items: Annotated[list[DeletedItem], Field(min_length=1, max_length=MOST)]


class Deleted(Shown):
    """The answer to a bulk delete."""

    deleted: int
    operation: UUID | None = Field(None, description=gettext_noop("What undoes all of it"))


class Choice(Shown):
    """A value that a field takes."""

    value: str
    label: str
    detail: str = ""


class ChoiceList(Shown):
    """What fits what was typed, at most twenty."""

    items: list[Choice]


class Found(Shown):
    """A record that a search found."""

    resource: str = Field(description=gettext_noop("Which kind: the name in its address"))
    id: UUID
    title: str
    detail: str = ""


class FoundList(Shown):
    """What a search found, kind by kind."""

    items: list[Found]


class OperationPage(Shown):
    """A page of the change log, newest first."""

    items: list[OperationOut]
    next: str | None = Field(
        None, description=gettext_noop("What `after` takes for the next page; null at the end")
    )


class UndoIn(Given):
    """Which rows to undo: all, `only` some, or all but those to `leave`."""

    only: Annotated[list[UUID], Field(max_length=MOST)] | None = None
    leave: Annotated[list[UUID], Field(max_length=MOST)] | None = None


class Me(Shown):
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
