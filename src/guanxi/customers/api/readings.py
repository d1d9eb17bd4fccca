"""Operations of the API that belong to customers and people together."""

from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guanxi.customers.queries.pasted import (
    billing_fields,
    customer_fields,
    person_fields,
    reading_of,
    with_switchboard,
)
from guanxi.customers.services.together import create_together
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid, Message
from guanxi.kernel.reading import LONGEST, Found, ReadCustomer, ReadPerson
from guanxi.kernel.text import clean_text
from guanxi.kinds import Show
from guanxi.resource import access
from guanxi.resource.operations import Operation, declare
from guanxi.resource.registry import find
from guanxi.screens.pasting import Pasted


@dataclass(frozen=True, kw_only=True)
class NewReading:
    """A text of at most 20,000 characters: a signature, a business card, invoice details, a message."""

    text: str


@dataclass(frozen=True, kw_only=True)
class ReadValue:
    """A value, and `start` and `end` of the text it was read from. Telephones are in E.164, their extension apart.

    `certainty` is from 0 to 1.
    """

    field: str
    value: str
    extension: str
    start: int
    end: int
    certainty: float


@dataclass(frozen=True, kw_only=True)
class FieldValue:
    """What a field of a new record takes."""

    field: str
    value: str


@dataclass(frozen=True, kw_only=True)
class ReadRecord:
    """What was read of one customer or person; `fills` are the fields that the caller may set, ready to be sent."""

    values: list[ReadValue]
    fills: list[FieldValue]


@dataclass(frozen=True, kw_only=True)
class ReadPiece:
    """A piece of the text that was not understood."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class ReadingOut:
    """The customer, the people, the billing profile (without fills where the text has none) and what was not
    understood. Nothing of the text is kept."""

    customer: ReadRecord
    people: list[ReadRecord]
    billing: ReadRecord
    rest: list[ReadPiece]


@dataclass(frozen=True, kw_only=True)
class NewFields:
    """The fields of one new record."""

    fields: list[FieldValue]


@dataclass(frozen=True, kw_only=True)
class NewTogether:
    """What was read, as it was confirmed: `fills` of the answer, corrected. Either the fields of a new `customer` or
    the id of an `existing` one; up to ten people; the fields of a billing profile, none for none. Likely duplicates
    are created with `allow_duplicate`, certain ones need a `duplicate_reason` and the right to it."""

    customer: list[FieldValue] = field(default_factory=list)
    existing: UUID | None = None
    people: list[NewFields] = field(default_factory=list)
    billing: list[FieldValue] = field(default_factory=list)
    allow_duplicate: bool = False
    duplicate_reason: str = ""


@dataclass(frozen=True, kw_only=True)
class TogetherOut:
    """The customer, the people and the billing profile, by their ids: created, or found there."""

    customer: UUID
    people: list[UUID]
    billing: UUID | None


def register() -> None:
    """Called once at start-up."""
    declare(
        Operation(
            area="readings", method="POST", path="readings", act=_read, body=NewReading, answer=ReadingOut,
            summary=gettext_noop("Read a pasted text"),
            words=gettext_noop("What it says of a customer and of people. Nothing is written, nothing is kept."),
        ),
        Operation(
            area="readings", method="POST", path="readings/records", act=_create, body=NewTogether,
            answer=TogetherOut, status=201,
            summary=gettext_noop("Create what was read"),
            words=gettext_noop("Customer, people and billing profile in one operation; undone as one."),
        ),
        readings=_("Pasted texts"),
    )  # fmt: skip


def _read(actor: Actor, body: NewReading) -> ReadingOut:
    if not actor.may(find("people").permission("create")):
        actor.require(find("customers").permission("create"))
    if len(body.text) > LONGEST:
        raise Invalid({"text": [Message("too_long", _("At most 20,000 characters."))]})
    reading = with_switchboard(reading_of(body.text))
    show = Show(actor=actor, language="zh-hans")
    customer = customer_fields(actor, reading.customer, show)
    billing = billing_fields(actor, reading.customer, show)
    return ReadingOut(
        customer=_record(actor, "customers", reading.customer, customer),
        people=[
            _record(
                actor, "people", person, person_fields(actor, person, show, employer=reading.customer.name)
            )
            for person in reading.people
        ],
        billing=_record(actor, "billing_profiles", ReadCustomer(), billing),
        rest=[ReadPiece(text=one.value, start=one.start, end=one.end) for one in reading.rest],
    )


def _create(actor: Actor, body: NewTogether) -> TogetherOut:
    if body.existing is not None and body.customer:
        raise Invalid(
            {"existing": [Message("one_of_two", _("Give the fields of a new customer or an existing one."))]}
        )
    given = {one.field: one.value for one in body.customer}
    made, met, profile = create_together(
        actor,
        customer=None if body.existing else {**_usual(actor), **given},
        existing=body.existing,
        people=[{each.field: each.value for each in one.fields} for one in body.people],
        billing={one.field: one.value for one in body.billing} or None,
        allow_duplicate=body.allow_duplicate,
        duplicate_reason=clean_text(body.duplicate_reason),
    )
    return TogetherOut(
        customer=made.pk, people=[one.pk for one in met], billing=profile.pk if profile is not None else None
    )


def _usual(actor: Actor) -> dict[str, str]:
    """What a customer's fields hold where nothing is said, those that the caller may set."""
    customers = find("customers")
    may = {kind.name for kind in access.writable(actor, customers)}
    return {name: value for name, value in customers.defaults.items() if name in may}


def _record(actor: Actor, key: str, read: ReadCustomer | ReadPerson, pasted: Pasted) -> ReadRecord:
    resource = find(key)
    may = (
        {kind.name for kind in access.writable(actor, resource)}
        if actor.may(resource.permission("create"))
        else ()
    )
    return ReadRecord(
        values=[_value(name, found) for name, found in read.values()],
        fills=[FieldValue(field=one.field, value=one.value) for one in pasted.fields if one.field in may],
    )


def _value(name: str, found: Found) -> ReadValue:
    return ReadValue(
        field=name,
        value=found.value,
        extension=found.extension,
        start=found.start,
        end=found.end,
        certainty=found.certainty,
    )
