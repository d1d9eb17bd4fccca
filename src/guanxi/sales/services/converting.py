"""Making a customer, a person and an opportunity of a lead, in one operation; nothing that is known of it is lost."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.activities.choices import What
from guanxi.activities.models import Activity, Commitment, Participant
from guanxi.activities.queries.subjects import is_subject
from guanxi.activities.services.activities import log_activity
from guanxi.collaboration.models import Comment, Tagging
from guanxi.customers.models import Customer, Person
from guanxi.customers.services.customers import create_customer
from guanxi.customers.services.people import create_person
from guanxi.foundation.files.models import Attachment
from guanxi.foundation.ledger.services import describe, operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid, Message, Refused
from guanxi.kernel.text import fold
from guanxi.kinds import FieldProblem, Show
from guanxi.marketing.choices import State
from guanxi.marketing.models import Lead
from guanxi.resource import access, guards, writing
from guanxi.resource.acting import questions
from guanxi.resource.links import Link
from guanxi.resource.registry import find
from guanxi.sales.models import Opportunity
from guanxi.sales.services.opportunities import open_opportunity

# What a customer, a person or an opportunity has a field for, by the field of the lead.
_OF_CUSTOMER = ("name", "region", "industry", "source")
_OF_PERSON = ("post", "phone", "email", "wechat")
NOTHING: Mapping[str, Any] = MappingProxyType({})
_TOLD = ("need", "line", "budget", "decider", "timing", "source_detail", "number", "remarks")


@dataclass(frozen=True, slots=True)
class Converted:
    """What became of a lead."""

    lead: Lead
    customer: Customer
    person: Person | None
    opportunity: Opportunity | None


def convert_lead(
    actor: Actor,
    lead_id: UUID,
    *,
    customer: UUID | None = None,
    person: UUID | None = None,
    without_person: bool = False,
    opportunity: Mapping[str, Any] | None = None,
    answers: Mapping[str, Any] = NOTHING,
    allow_duplicate: bool = False,
) -> Converted:
    """Make a customer of a lead, or add it to the existing `customer`; its contact becomes a person, or is the
    existing `person`, or neither. With `opportunity` (outside values; {} is enough) a sale is opened. `answers`
    are outside values of the company's own questions, written to the lead first; those that are needed have to be
    answered.

    What was done and promised about the lead, its comments, files and tags stand on the opportunity, else on the
    customer; own fields go to those of the same name there, what has no field to the remarks. Raises NotFound,
    Forbidden, Invalid, Refused("converted"), Refused("discarded"), Refused("duplicate") where a new one seems to exist
    already, unless `allow_duplicate`.
    """
    leads = find("leads")
    lead: Lead = access.get(actor, leads, lead_id, verb="edit", lock=True)
    if lead.state == State.CONVERTED:
        raise Refused("converted", _("It has been converted already."))
    if lead.state == State.DISCARDED:
        raise Refused("discarded", _("It was discarded. Revive it first."))
    with operation(actor, leads.act("convert"), record_id=lead.pk, label=str(lead)) as opened:
        guards.check(actor, leads, "convert", [lead])
        _answer(actor, lead, answers)
        own = _own_of(actor, lead, "opportunities" if opportunity is not None else "customers")
        if opportunity is None and customer is not None:
            own = {}  # nothing is written over what is known of a customer
        beside = (bool(lead.person) and not without_person) or person is not None
        carried = {one for one, _value in own.values()}
        if not lead.person and customer is None:
            carried.add("phone")  # it is the new customer's
        told = "\n".join(_told(actor, lead, beside_person=beside, without=carried))
        given = {name: value for name, (_kind, value) in own.items()}
        theirs = _customer(actor, lead, customer, told, given, allow_duplicate, alone=opportunity is None)
        contact: Person | None = None
        if not without_person:
            contact = _person(actor, lead, theirs, person, allow_duplicate)
        sale = None
        if opportunity is not None:
            sale = _sale(actor, lead, theirs, contact, {**given, **opportunity}, told)
        if sale is None and customer is not None and told:
            log_activity(actor, data={"kind": "note", "customer": theirs.pk, "text": told})
        _carry_over(lead, theirs, sale, contact)
        values = {
            "state": State.CONVERTED.value,
            "customer_id": theirs.pk,
            "contact_id": contact.pk if contact is not None else None,
            "converted_at": timezone.now(),
        }
        writing.update(leads, lead, values, expected_version=None)
        describe(opened, label=str(lead), updated=1)
    return Converted(lead, theirs, contact, sale)


def _answer(actor: Actor, lead: Lead, answers: Mapping[str, Any]) -> None:
    """Write answers to the lead. Raises Invalid beside questions that need one."""
    leads = find("leads")
    asked = questions(actor, leads)
    given = {kind.name: answers[kind.name] for kind in asked if kind.name in answers}
    if given:
        writing.update(leads, lead, writing.clean(actor, leads, given, partial=True), expected_version=None)
    needed = [kind for kind in asked if kind.own and kind.own.needed and kind.is_blank(kind.value(lead))]
    said = _("Ask this before the lead is converted.")
    if needed:
        raise Invalid({kind.name: [Message("required", said)] for kind in needed})


def _own_of(actor: Actor, lead: Lead, to: str) -> dict[str, tuple[str, Any]]:
    """The company's own fields of a lead that there is a like one for: by the name of that one, the lead's and the
    value from outside. Alike is what is called the same and holds the same kind of thing."""
    leads, show, found = find("leads"), Show(actor=actor), dict[str, tuple[str, Any]]()
    theirs = {
        (type(kind), fold(alias)): kind
        for kind in access.writable(actor, find(to))
        if kind.own is not None
        for alias in kind.aliases
    }
    for kind in leads.fields().values():
        if kind.own is None or not access.is_open(actor, kind) or kind.is_blank(kind.value(lead)):
            continue
        like = next((theirs[key] for one in kind.aliases if (key := (type(kind), fold(one))) in theirs), None)
        if like is None:
            continue
        raw = kind.value(lead) if isinstance(kind, Link) else kind.cell(lead, show)
        with suppress(FieldProblem):
            like.checked(raw if isinstance(raw, str | int | float) else str(raw), actor)
            found[like.name] = kind.name, raw if isinstance(raw, str | int | float) else str(raw)
    return found


def _told(actor: Actor, lead: Lead, *, beside_person: bool, without: Collection[str] = ()) -> Iterator[str]:
    """What is known of a lead beyond what a customer and a person have a field for, a line each; without what is closed
    to the actor, which stays on the lead."""
    leads, show = find("leads"), Show(actor=actor)
    own = [name for name, kind in leads.fields().items() if kind.own is not None]
    names = [*_TOLD, *own] if beside_person else [*_TOLD, "person", "email", "wechat", "post", "phone", *own]
    for name in names:
        if name in without:
            continue
        kind = leads.fields()[name]
        if access.is_open(actor, kind) and (text := kind.text(lead, show)):
            yield f"{kind.label}: {text}"


def _customer(
    actor: Actor,
    lead: Lead,
    existing: UUID | None,
    told: str,
    own: Mapping[str, Any],
    allow_duplicate: bool,
    *,
    alone: bool,
) -> Customer:
    if existing is not None:
        found: Customer = access.get(actor, find("customers"), existing, verb="edit")
        return found
    data = _filled(actor, lead, "customers", _OF_CUSTOMER) | {"relations": "customer"}
    if not lead.person or lead.person == lead.name:
        data |= _filled(actor, lead, "customers", ("phone",))
    if alone:
        data |= {**own, **({"remarks": told} if told else {})}
    if lead.owner_id is not None and lead.owner_id != actor.member_id:
        data["owner"] = str(lead.owner_id)
    return create_customer(actor, data=data, allow_duplicate=allow_duplicate)


def _person(
    actor: Actor, lead: Lead, customer: Customer, existing: UUID | None, allow_duplicate: bool
) -> Person | None:
    existing = existing or lead.contact_id
    if existing is not None:
        found: Person = access.get(actor, find("people"), existing)
        return found
    if not lead.person:
        return None
    data = _filled(actor, lead, "people", _OF_PERSON) | {"name": lead.person, "customer": str(customer.pk)}
    if lead.owner_id is not None and lead.owner_id != actor.member_id:
        data["owner"] = str(lead.owner_id)
    return create_person(actor, data=data, allow_duplicate=allow_duplicate)


def _sale(
    actor: Actor,
    lead: Lead,
    customer: Customer,
    person: Person | None,
    given: Mapping[str, Any],
    told: str,
) -> Opportunity:
    data = {
        "name": name_of_sale(lead),
        "customer": str(customer.pk),
        **({"person": str(person.pk)} if person is not None else {}),
        **_filled(actor, lead, "opportunities", ("source",)),
        **({"owner": str(lead.owner_id)} if lead.owner_id not in (None, actor.member_id) else {}),
        **{name: value for name, value in given.items() if value not in (None, "")},
    }
    data["remarks"] = "\n".join(filter(None, (str(data.get("remarks", "")), told)))
    made = open_opportunity(actor, data=data)
    writing.update(find("opportunities"), made, {"lead": lead.pk}, expected_version=None)
    return made


def name_of_sale(lead: Lead) -> str:
    """What a sale is called where nobody says otherwise: who, and what they want."""
    wanted = str(lead.line) if lead.line is not None else lead.need.split("\n")[0][:60]
    return " ".join(filter(None, (lead.name, wanted)))[:200]


def _filled(actor: Actor, lead: Lead, to: str, names: Collection[str]) -> dict[str, Any]:
    """What goes from a lead to a field of the same name. What the actor may not read on the lead and could there stays
    on the lead."""
    leads, target = find("leads"), find(to)
    return {
        name: value
        for name in names
        if (value := getattr(lead, name))
        and (access.is_open(actor, leads.kind(name)) or not access.is_open(actor, target.kind(name)))
    }


def _carry_over(lead: Lead, customer: Customer, sale: Opportunity | None, contact: Person | None) -> None:
    """What hangs on a lead stands on its opportunity, else on its customer; its mail was with its contact."""
    about: dict[str, Any] = {}
    if sale is not None and is_subject("opportunities"):
        about = {"about": "opportunities", "about_id": sale.pk}
    if contact is not None:
        mail = Activity.objects.filter(about="leads", about_id=lead.pk, kind=What.EMAIL)
        without = mail.exclude(pk__in=Participant.objects.filter(person=contact.pk).values("activity_id"))
        rows = [{"activity_id": pk, "person_id": contact.pk} for pk in without.values_list("pk", flat=True)]
        writing.insert_many(find("participants"), rows)
    for key, model in (("activities", Activity), ("commitments", Commitment)):
        ids = model.objects.filter(about="leads", about_id=lead.pk).values_list("pk", flat=True)
        writing.update_many(find(key), list(ids), {"customer_id": customer.pk, **about})
    to = ("opportunities", sale.pk) if sale is not None else ("customers", customer.pk)
    _hand_on(Comment, lead, *to)
    _hand_on(Attachment, lead, *to)
    borne = Tagging.objects.filter(resource="customers", record_id=customer.pk).values("tag_id")
    Tagging.objects.filter(resource="leads", record_id=lead.pk).exclude(tag_id__in=borne).update(
        resource="customers", record_id=customer.pk
    )


def _hand_on(model: type[models.Model], lead: Lead, resource: str, record_id: UUID) -> None:
    rows = model._default_manager.filter(resource="leads", record_id=lead.pk)
    rows.update(resource=resource, record_id=record_id)


def convert(
    actor: Actor,
    lead_id: UUID,
    *,
    existing: UUID | None = None,
    person_there: UUID | None = None,
    alone: bool = False,
    sale: str = "",
    anew: bool = False,
) -> Converted:
    """`convert_lead` as the card and the API ask for it: an opportunity is opened unless it is to stand `alone`."""
    return convert_lead(
        actor,
        lead_id,
        customer=existing,
        person=person_there,
        opportunity=None if alone else {"name": sale},
        allow_duplicate=anew,
    )
