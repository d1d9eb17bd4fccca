"""A pasted text becomes a customer and the people there: read, confirmed, made in one act."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from guanxi.customers.queries.pasted import (
    beside_billing,
    billing_fields,
    customer_called,
    customer_fields,
    may_paste,
    person_fields,
    reading_of,
    with_switchboard,
)
from guanxi.customers.services.together import MOST_PEOPLE, billing_there, create_together
from guanxi.foundation.design import shapes
from guanxi.foundation.design.commands import Asked, Command, in_each_language
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import actor_of, uuid_of
from guanxi.kernel.errors import Invalid, Refused
from guanxi.kernel.text import clean_text
from guanxi.kinds import FieldProblem, Kind, Show
from guanxi.resource import access, writing
from guanxi.resource.declaration import Resource
from guanxi.resource.guards import codes_of
from guanxi.resource.registry import find
from guanxi.screens.drawing import show_for
from guanxi.screens.forms import drawn_duplicates
from guanxi.screens.pasting import LONGEST, Pasted
from guanxi.screens.replies import tell

_TITLE = _("Paste to create")
_CUSTOMER = ("name", "credit_code", "legal_representative", "phone", "website", "region", "address")
_PERSON = ("name", "other_names", "department", "post", "phone", "wechat", "email", "sex")
_BILLING = ("title", "tax_number", "bank", "account", "address", "phone")


@dataclass
class _Form:
    """What stands in the form: raw values of the customer, of each person and of the billing profile (empty where none
    is proposed), and what is wrong with them."""

    customer: dict[str, Any] = field(default_factory=dict)
    people: list[dict[str, Any]] = field(default_factory=list)
    chosen: list[bool] = field(default_factory=list)
    billing: dict[str, Any] = field(default_factory=dict)
    billed: bool = False
    unsure: set[str] = field(default_factory=set)
    errors: Mapping[str, Sequence[Any]] = field(default_factory=dict)


def paste_command(asked: Asked) -> Any:
    """The way here from the palette."""
    if may_paste(actor_of(asked.request)):
        words = in_each_language(_TITLE)
        yield Command(label=str(_TITLE), icon="clipboard", url=reverse("paste"), words=words)


def create_item(actor: Actor) -> shapes.MenuItem | None:
    """The way here from "+ New"."""
    if not may_paste(actor):
        return None
    return shapes.MenuItem(label=str(_TITLE), url=reverse("paste"), icon="clipboard")


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def paste(request: HttpRequest) -> HttpResponse:
    """The text; then the form that it fills; then what was made of it."""
    actor = actor_of(request)
    actor.require("customers.customer.create")
    actor.require("customers.person.create")
    context: dict[str, Any] = {"active": "customers"}
    if request.method == "GET":
        return render(request, "customers/paste.html", context)
    if request.POST.get("act") != "create":
        return _confirm(request, actor, context)
    return _create(request, actor, context)


def _confirm(request: HttpRequest, actor: Actor, context: dict[str, Any]) -> HttpResponse:
    text = request.POST.get("pasted", "")[:LONGEST]
    if not text.strip():
        context["overall"] = [gettext("Paste a text first.")]
        return render(request, "customers/paste.html", context, status=422)
    show = show_for(request)
    reading = with_switchboard(reading_of(text))
    form = _Form()
    read_customer = customer_fields(actor, reading.customer, show)
    form.customer = _taken(read_customer, "c-", form)
    others: list[tuple[Any, str]] = [*read_customer.others]
    for place, person in enumerate(reading.people[:MOST_PEOPLE]):
        read_person = person_fields(actor, person, show)
        form.people.append(_taken(read_person, f"p{place}-", form))
        form.chosen.append("name" in form.people[-1])
        others += read_person.others
    if not form.people:
        form.people, form.chosen = [{}], [False]
    form.billing = _taken(billing_fields(actor, reading.customer, show), "b-", form)
    form.billed = bool(form.billing)
    others = beside_billing(others) if form.billed else others
    known = customer_called(actor, reading.customer.name.value) if reading.customer.name else None
    context |= {"others": others, "rest": [one.value for one in reading.rest]}
    return _page(request, actor, form, context, existing=known)


def _taken(pasted: Pasted, prefix: str, form: _Form) -> dict[str, Any]:
    form.unsure |= {f"{prefix}{one.field}" for one in pasted.fields if one.certainty < 0.7}
    return {one.field: one.value for one in pasted.fields}


def _create(request: HttpRequest, actor: Actor, context: dict[str, Any]) -> HttpResponse:
    form, existing = _posted(actor, request.POST), uuid_of(request.POST.get("existing"))
    people = [data for data, chosen in zip(form.people, form.chosen, strict=True) if chosen]
    status = 422
    try:
        customer, met, _profile = create_together(
            actor,
            customer=None if existing else {**_usual(actor), **form.customer},
            existing=existing,
            people=people,
            billing=form.billing if form.billed else None,
            allow_duplicate=request.POST.get("allow_duplicate") == "1",
            duplicate_reason=clean_text(request.POST.get("duplicate_reason", "")),
        )
    except Invalid as error:
        form.errors = _by_place(error, form.chosen)
        context["overall"] = [str(message) for message in error.messages]
    except Refused as error:
        found: Any = error.params.get("duplicates", ())
        context |= {
            "overall": [str(error.reason)],
            "warned": codes_of(error),
            "may_confirm": bool(found) and not any(one.verdict == "certain" for one in found),
        }
        status = 409
    else:
        names = {"name": customer.name, "people": len(met)}
        said = gettext("“%(name)s” created") if existing is None else gettext("Added to “%(name)s”")
        tell(request, said % names)
        return HttpResponseRedirect(find("customers").url("card", id=customer.pk) + "?saved=1")
    return _page(request, actor, form, context, existing=existing, status=status)


def _usual(actor: Actor) -> dict[str, Any]:
    customers = find("customers")
    return {**customers.defaults, **writing.Cleaner(actor, customers).usual(())}


def _by_place(error: Invalid, chosen: Sequence[bool]) -> dict[str, Sequence[Any]]:
    """Messages by the names of the form's fields: people who were not chosen are not counted by the service."""
    places = [place for place, taken in enumerate(chosen) if taken]
    found: dict[str, Sequence[Any]] = {}
    for name, said in error.fields.items():
        head, _dot, rest = name.partition(".")
        place, _dot, of_person = rest.partition(".")
        if head == "people" and rest:
            found[f"p{places[int(place)]}-{of_person}"] = said
        else:
            found[f"b-{rest}" if head == "billing" and rest else f"c-{name}"] = said
    return found


def _posted(actor: Actor, data: QueryDict) -> _Form:
    form = _Form()
    customers = {kind.name: kind for kind in access.writable(actor, find("customers"))}
    people = {kind.name: kind for kind in access.writable(actor, find("people"))}
    form.customer = _raw(data, "c-", customers, _CUSTOMER)
    for place in range(MOST_PEOPLE):
        if f"p{place}-name" not in data:
            break
        form.people.append(_raw(data, f"p{place}-", people, _PERSON))
        form.chosen.append(data.get(f"p{place}") == "1")
    if actor.may(find("billing_profiles").permission("create")):
        billing = {kind.name: kind for kind in access.writable(actor, find("billing_profiles"))}
        form.billing = _raw(data, "b-", billing, _BILLING)
        form.billed = bool(form.billing) and data.get("b") == "1"
    return form


def _raw(data: QueryDict, prefix: str, kinds: Mapping[str, Kind], names: Sequence[str]) -> dict[str, Any]:
    return {name: data[prefix + name] for name in names if name in kinds and prefix + name in data}


def _fields(
    actor: Actor, resource: type[Resource], names: Sequence[str], values: Mapping[str, Any], prefix: str,
    form: _Form, show: Show,
) -> list[shapes.Field]:  # fmt: skip
    kinds = {kind.name: kind for kind in access.writable(actor, resource)}
    fields = []
    for name in names:
        kind = kinds.get(name)
        if kind is None:
            continue
        drawn = kind.editor(
            values.get(name, ""), show, errors=[str(m) for m in form.errors.get(prefix + name, ())]
        )
        hint = gettext("Not certain: look at it.") if prefix + name in form.unsure else drawn.hint
        fields.append(replace(drawn, name=prefix + name, hint=hint))
    return fields


def _page(
    request: HttpRequest,
    actor: Actor,
    form: _Form,
    context: dict[str, Any],
    *,
    existing: UUID | None,
    status: int = 200,
) -> HttpResponse:
    show = show_for(request)
    customers, people = find("customers"), find("people")
    groups = []
    for place, data in enumerate(form.people):
        title = (
            pgettext("contact", "Person")
            if len(form.people) == 1
            else f"{pgettext('contact', 'Person')} {place + 1}"
        )
        fields = _fields(actor, people, _PERSON, data, f"p{place}-", form, show)
        groups.append({"key": f"p{place}", "title": title, "fields": fields, "chosen": form.chosen[place]})
    profiles = find("billing_profiles")
    context |= {
        "billing_fields": _fields(actor, profiles, _BILLING, form.billing, "b-", form, show)
        if form.billing
        else [],
        "billed": form.billed,
        "customer_fields": _fields(actor, customers, _CUSTOMER, form.customer, "c-", form, show),
        "people": groups,
        "confirm": True,
        "draft_free": True,
        **_beside(actor, form, show, existing),
    }
    return render(request, "customers/paste.html", context, status=status)


def _beside(actor: Actor, form: _Form, show: Show, existing: UUID | None) -> dict[str, Any]:
    """Who may be the same: customers, of which one can be taken instead, and people."""
    customers, people = find("customers"), find("people")
    found = drawn_duplicates(
        actor, customers, customers.duplicates(actor, _stored(actor, customers, form.customer)), show
    )
    if existing is not None and all(one["id"] != existing for one in found):
        record = access.get(actor, customers, existing)
        found.insert(
            0,
            {"id": existing, "name": str(record), "url": customers.url("card", id=existing), "visible": True},
        )
    known: dict[Any, dict[str, Any]] = {}
    for data, chosen in zip(form.people, form.chosen, strict=True):
        if chosen:
            alike = people.duplicates(actor, _stored(actor, people, {**data, "customer": existing or ""}))
            known |= {one["id"]: one for one in drawn_duplicates(actor, people, alike, show)}
    return {
        "same_customers": found,
        "same_people": list(known.values()),
        "existing": existing,
        "same_billing": form.billed
        and existing is not None
        and _billed_already(actor, existing, form.billing),
    }


def _billed_already(actor: Actor, customer: UUID, data: Mapping[str, Any]) -> bool:
    try:
        return billing_there(actor, customer, data) is not None
    except Invalid:
        return False  # said beside its field when it is sent


def _stored(actor: Actor, resource: type[Resource], raw: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed as it would be kept; what is not right yet counts as not typed."""
    values: dict[str, Any] = {}
    for kind in access.writable(actor, resource):
        try:
            values[kind.column] = kind.checked(raw[kind.name], actor) if raw.get(kind.name) else kind.blank()
        except FieldProblem:
            values[kind.column] = kind.blank()
    return values


@sensitive_post_parameters()
@require_POST
def beside(request: HttpRequest) -> HttpResponse:
    """While it is confirmed: who may be the same."""
    actor = actor_of(request)
    actor.require("customers.customer.create")
    actor.require("customers.person.create")
    existing = uuid_of(request.POST.get("existing"))
    context = _beside(actor, _posted(actor, request.POST), show_for(request), existing)
    return render(request, "customers/paste_beside.html", context)
