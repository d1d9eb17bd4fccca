"""What becomes of a lead: its customer, its person, its sale, on one page and by one act."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guanxi.customers.models import Person
from guanxi.customers.queries.duplicates import Duplicate
from guanxi.foundation.design.shapes import Field
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import actor_of, tell, uuid_of
from guanxi.kernel.errors import Invalid, Message, Refused
from guanxi.kinds import Kind, Show
from guanxi.marketing.choices import OPEN
from guanxi.marketing.models import Lead
from guanxi.marketing.queries.alike import SURE, alike
from guanxi.resource import access, acting
from guanxi.resource.registry import find
from guanxi.sales.queries.money import own_currency
from guanxi.sales.queries.pipelines import usual_pipeline, ways
from guanxi.sales.services.converting import Converted, convert_lead, name_of_sale
from guanxi.screens.acts import accepting
from guanxi.screens.drawing import named_for, show_for

NEW, OTHER, NONE = "new", "other", "none"
_SALE = ("name", "pipeline", "amount", "currency", "expected_on")


@dataclass(frozen=True, slots=True)
class Offered:
    """Somebody on file whom a lead may be: attached with one press where the reader sees him."""

    value: str
    name: str
    why: str
    url: str = ""
    sure: bool = False


@dataclass(slots=True)
class Part:
    """Customer or person of a lead: who is on file, what a new one is called, and what is chosen."""

    name: str
    offered: Sequence[Offered]
    unseen: Sequence[Offered]
    new: str
    chosen: str
    other: Field
    errors: Sequence[str] = field(default_factory=tuple)


@require_http_methods(["GET", "POST"])
@accepting
def lead_convert(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
    """The page, filled in by what is known; a POST converts. Raises NotFound, Forbidden."""
    actor, leads = actor_of(request), find("leads")
    lead: Lead = access.get(actor, leads, id, verb="edit")
    if lead.state not in OPEN:
        tell(request, _("This lead is not open any more."))
        return HttpResponseRedirect(leads.url("card", id=lead.pk))
    given: dict[str, Any] = request.POST.dict() if request.method == "POST" else {}
    error: Invalid | Refused | None = None
    if request.method == "POST":
        try:
            made = _converted(actor, lead, given)
        except (Invalid, Refused) as problem:
            error = problem
        else:
            tell(request, _("“%(name)s” converted") % {"name": str(lead)}, undo=last_operation_id())
            return HttpResponseRedirect(_then(actor, made))
    context = _context(request, actor, lead, given, error)
    status = 200 if error is None else 422 if isinstance(error, Invalid) else 409
    return render(request, "sales/convert.html", context, status=status)


def _converted(actor: Actor, lead: Lead, given: dict[str, Any]) -> Converted:
    customer = _existing(given, "customer")
    person = _existing(given, "person")
    sale = {name: given.get(name, "") for name in _SALE} if given.get("sale") == "1" else None
    return convert_lead(
        actor,
        lead.pk,
        customer=customer,
        person=person,
        without_person=given.get("person_is") == NONE,
        opportunity=sale,
        answers={kind.name: given[kind.name] for kind in _asked(actor) if kind.name in given},
        allow_duplicate=given.get("anew") == "1",
    )


def _existing(given: dict[str, Any], name: str) -> UUID | None:
    """Who is attached. Raises Invalid where another one is said and not named."""
    chosen = str(given.get(f"{name}_is", NEW))
    if chosen in (NEW, NONE):
        return None
    found = uuid_of(given.get(name) if chosen == OTHER else chosen)
    if found is None:
        raise Invalid({name: [Message("required", _("Say which one."))]})
    return found


def _then(actor: Actor, made: Converted) -> str:
    """Where work goes on."""
    if made.opportunity is not None:
        return find("opportunities").url("card", id=made.opportunity.pk)
    seen = access.visible(actor, find("customers")).filter(pk=made.customer.pk).exists()
    return find("customers").url("card", id=made.customer.pk) if seen else find("leads").url()


def _asked(actor: Actor) -> list[Kind]:
    return acting.questions(actor, find("leads"))


def _context(
    request: HttpRequest, actor: Actor, lead: Lead, given: dict[str, Any], error: Invalid | Refused | None
) -> dict[str, Any]:
    show, sales = show_for(request), find("opportunities")
    found = alike(actor, {name: getattr(lead, name) for name in _KNOWN}, beside=lead.pk)
    problems = error.fields if isinstance(error, Invalid) else {}
    errors = {name: tuple(map(str, said)) for name, said in problems.items()}
    customers = [one for one in found if isinstance(one.record, find("customers").model)]
    people = [one for one in found if isinstance(one.record, Person)]
    theirs = _part(actor, "customer", customers, lead.name, given, show, errors)
    said = lead.person if access.is_open(actor, find("leads").kind("person")) else ""
    contact = _part(actor, "person", people, said, given, show, errors)
    _those_there(actor, contact, lead, theirs, given)
    firsts = _first(lead)
    fields = [
        sales.kind(name).editor(given.get(name, firsts.get(name)), show, errors=errors.get(name, ()))
        for name in _SALE
        if access.is_open(actor, sales.kind(name))
    ]
    asked = [
        kind.editor(given.get(kind.name, kind.value(lead)), show, errors=errors.get(kind.name, ()))
        for kind in _asked(actor)
        if kind.is_blank(kind.value(lead)) or kind.name in given
    ]
    shown = {*_SALE, "customer", "person", *(one.name for one in asked)}
    overall = [text for name, said in errors.items() if name not in shown for text in said]
    if isinstance(error, Invalid):
        overall += [str(one) for one in error.messages]
    elif isinstance(error, Refused):
        overall.append(error.words)
    return {
        "active": "leads",
        "lead": lead,
        "card_url": find("leads").url("card", id=lead.pk),
        "parts": (theirs, contact),
        "theirs": theirs,
        "contact": contact,
        "fields": fields,
        "asked": asked,
        "sale": given.get("sale") == "1" if given else True,
        "may_sell": actor.may(sales.permission("create")),
        "overall": overall,
        "blocked": isinstance(error, Refused) and error.code == "duplicate",
        "anew": given.get("anew") == "1",
    }


_KNOWN = ("name", "person", "phone", "email", "wechat", "number")


def _first(lead: Lead) -> dict[str, Any]:
    found = ways()
    usual = usual_pipeline(found, lead.owner.department_id if lead.owner is not None else None)
    return {
        "name": name_of_sale(lead),
        "pipeline": usual.pk if usual is not None else None,
        "currency": own_currency(),
    }


def _part(
    actor: Actor,
    name: str,
    found: Sequence[Duplicate],
    new: str,
    given: dict[str, Any],
    show: Show,
    errors: dict[str, tuple[str, ...]],
) -> Part:
    resource = find({"customer": "customers", "person": "people"}[name])
    offered, unseen = [], []
    for one in found:
        owner = one.record.owner.name if one.record.owner is not None else ""
        why = " · ".join(filter(None, (one.why, owner)))
        said = named_for(actor, resource, one.record, visible=one.visible)
        if one.visible:
            url = resource.url("card", id=one.record.pk)
            offered.append(
                Offered(str(one.record.pk), said, why, url, one.verdict in SURE and not one.branch)
            )
        else:
            unseen.append(Offered("", said, why))
    chosen = str(given.get(f"{name}_is") or next((one.value for one in offered if one.sure), NEW))
    other = (
        find("opportunities").kind(name).editor(uuid_of(given.get(name)), show, errors=errors.get(name, ()))
    )
    return Part(name, offered, unseen, new, chosen, other)


def _those_there(actor: Actor, contact: Part, lead: Lead, theirs: Part, given: dict[str, Any]) -> None:
    """Beside who is recognised by a number: people of the recognised customer who bear the contact's name."""
    if not lead.person:
        if not given.get("person_is") and contact.chosen == NEW:
            contact.chosen = NONE
        return
    at = [one.value for one in theirs.offered]
    if not at:
        return
    people = find("people")
    there = access.visible(actor, people).filter(customer__in=at, name=lead.person).select_related("customer")
    known = {one.value for one in contact.offered}
    for one in there.order_by("pk")[:5]:
        if str(one.pk) in known or not access.is_open(actor, people.kind("name")):
            continue
        why = _("the same name, at %(customer)s") % {"customer": one.customer}
        contact.offered = [
            *contact.offered,
            Offered(str(one.pk), one.name, why, people.url("card", id=one.pk), True),
        ]
        if not given and contact.chosen == NEW and str(one.customer_id) == theirs.chosen:
            contact.chosen = str(one.pk)
