"""Whom to send to a sale: who fits best and why, and giving it to somebody with one press."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import actor_of, listed, tell
from guanxi.kinds import Show
from guanxi.resource import access, acting
from guanxi.resource.registry import find
from guanxi.sales.models import Opportunity
from guanxi.sales.queries.sending import candidates, reasons
from guanxi.sales.rules.sending import WEIGHTS


@require_http_methods(["GET", "POST"])
def opportunity_send(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
    """Who fits a sale, with reasons; a POST of `owner` gives it to him. Raises NotFound, Forbidden."""
    actor, resource = actor_of(request), find("opportunities")
    sale: Opportunity = access.get(actor, resource, id)
    actor.require(resource.permission("assign"))
    if request.method == "POST":
        action = acting.find(actor, resource, "assign")
        acting.act(actor, resource, action, sale.pk, {"owner": request.POST.get("owner", "")})
        tell(request, _("Given to a new owner"), undo=last_operation_id())
        return HttpResponseRedirect(resource.url("card", id=sale.pk))
    rows = [
        (member, points, reasons(facts), sees, member.pk == sale.owner_id)
        for member, facts, points, sees in candidates(actor, sale)
    ]
    context = {
        "active": "opportunities",
        "sale": sale,
        "card_url": resource.url("card", id=sale.pk),
        "rows": rows,
        "weights": _weights(),
    }
    return render(request, "sales/send.html", context)


def _weights() -> str:
    names = {
        "size": pgettext("weight", "size"),
        "industry": pgettext("weight", "industry"),
        "region": pgettext("weight", "region"),
        "product": pgettext("weight", "product"),
        "touches": pgettext("weight", "touches"),
        "ties": pgettext("weight", "people known"),
        "load": pgettext("weight", "room"),
    }
    return listed(f"{names[key]} {weight}" for key, weight in WEIGHTS.items())


def send_item(actor: Actor, record: Opportunity, show: Show) -> SafeString:
    """The way here, in the card's menu."""
    url = reverse("opportunity_send", args=[record.pk])
    return format_html(
        '<a class="gx-item" href="{}"><span class="gx-fill">{}</span></a>', url, _("Whom to send")
    )
