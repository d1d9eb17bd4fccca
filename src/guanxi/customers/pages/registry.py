"""A customer filled from a company registry: looked up, compared field by field, saved as one edit."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from guanxi.customers.models import Customer
from guanxi.customers.queries.registered import filled_from
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import actor_of, version_of
from guanxi.integrations.registry import services as registry
from guanxi.kernel.codes import check_credit_code
from guanxi.kernel.errors import Invalid, Refused, Stale
from guanxi.kinds import Show
from guanxi.resource import access
from guanxi.resource.contributions import Button
from guanxi.resource.declaration import Resource
from guanxi.resource.links import look_up
from guanxi.resource.registry import find
from guanxi.screens.drawing import cell, show_for
from guanxi.screens.pasting import Pasted, drawn
from guanxi.screens.replies import tell


def _button(actor: Actor, record: Any, show: Show) -> str:
    if not registry.may_be_asked(actor) or not access.allows(actor, find("customers"), record, "edit"):
        return ""
    return format_html(
        '<a class="btn btn-sm" href="{}">{}</a>',
        reverse("customer_registry", args=[record.pk]),
        gettext("From the registry"),
    )


REGISTRY_BUTTON = Button("registry", _button, order=60, code=registry.USE)


def form_box(actor: Actor, resource: type[Resource]) -> dict[str, str] | None:
    """The box beside the form of a new customer; None where no registry is set up."""
    if resource.key != "customers" or not registry.may_ask(actor):
        return None
    return {
        "key": "registry",
        "url": reverse("customer_registry_new"),
        "label": gettext("From the company registry"),
        "placeholder": gettext("Name or credit code"),
        "act": gettext("Look up"),
    }


def _found(actor: Actor, text: str) -> dict[str, Any]:
    """Facts under a credit code, or the companies that a name may mean; else what went wrong."""
    checked = check_credit_code(text)
    outcome = (
        registry.fetch(actor, credit_code=checked.value) if checked.ok else registry.search(actor, name=text)
    )
    if outcome.code:
        return {"problem": outcome.words}
    if checked.ok:
        return {"facts": outcome.found}
    return {"candidates": outcome.found}


@require_POST
def new_box(request: HttpRequest) -> HttpResponse:
    """For the form of a new customer: candidates, or the fields that the chosen one fills."""
    actor = actor_of(request)
    actor.require("customers.customer.create")
    text = request.POST.get("asked", "").strip()[:200]
    show = show_for(request)
    context: dict[str, Any] = _found(actor, text) if text else {"empty": True}
    facts = context.get("facts")
    if facts is not None:
        context["fields"] = drawn(actor, find("customers"), Pasted(filled_from(actor, facts, show)), show)
    return render(request, "customers/registry_box.html", context)


@require_http_methods(["GET", "POST"])
def fill(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
    """On the card: look up, compare with what stands there, choose, save."""
    actor = actor_of(request)
    customers = find("customers")
    customer: Customer = access.get(actor, customers, id, verb="edit")
    actor.require(registry.USE)
    show = show_for(request)
    open_code = access.is_open(actor, customers.kind("credit_code"))
    asked = (
        request.POST.get("asked", "").strip()[:200]
        or (customer.credit_code if open_code else "")
        or customer.name
    )
    context: dict[str, Any] = {
        "record": customer,
        "asked": asked,
        "active": customers.key,
        "card_url": customers.url("card", id=id),
        "is_set": registry.is_set(),
    }
    status = 200
    if request.method == "POST" and request.POST.get("act") == "save":
        try:
            customers.edit(actor, id, data=_chosen(request), expected_version=version_of(request))
        except Invalid as error:
            fields = {name: customers.kind(name).label for name in error.fields if name in customers.fields()}
            said = [
                f"{fields.get(name, name)}: {message}"
                for name, list_ in error.fields.items()
                for message in list_
            ]
            context["overall"], status = [*said, *map(str, error.messages)], 422
        except Refused as error:
            context["overall"], status = [str(error.reason)], 409
        except Stale:
            context["overall"], status = (
                [gettext("Somebody saved this record meanwhile. Look it up again.")],
                409,
            )
        else:
            tell(request, gettext("“%(name)s” saved") % {"name": customer})
            return HttpResponseRedirect(f"{context['card_url']}?saved=1")
    elif request.method == "POST":
        context |= _found(actor, asked)
        if context.get("facts") is not None:
            context |= {"rows": _rows(actor, customer, context["facts"], show), "version": customer.version}
    return render(request, "customers/registry.html", context, status=status)


def _chosen(request: HttpRequest) -> dict[str, Any]:
    names = {kind.name for kind in access.writable(actor_of(request), find("customers"))}
    taken = [name for name in request.POST.getlist("take") if name in names]
    return {name: request.POST.get(f"new-{name}", "") for name in taken}


def _rows(actor: Actor, customer: Customer, facts: Any, show: Show) -> list[dict[str, Any]]:
    """Each fact beside what stands there; taken without more where nothing stands there."""
    customers = find("customers")
    filled = filled_from(actor, facts, show)
    kinds = {kind.name: kind for kind in access.readable(actor, customers, [one.field for one in filled])}
    look_up(kinds.values(), [customer], show)
    rows = []
    for one in filled:
        kind = kinds.get(one.field)
        if kind is None or access.is_masked(actor, kind):
            continue
        now = cell(kind, customer, show)
        same = kind.value(customer) == kind.checked(one.value, actor)
        rows.append(
            {
                "name": one.field,
                "label": kind.label,
                "now": now,
                "value": one.value,
                "said": one.said,
                "same": same,
                "take": not now,
            }
        )
    return rows
