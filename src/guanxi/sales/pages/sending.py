"""Whom to send to a sale: who fits best and why, and giving it to somebody with one press."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods

from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import actor_of, listed, tell
from guanxi.kinds import Show
from guanxi.resource import access, acting
from guanxi.resource.registry import find
from guanxi.sales.models import Opportunity
from guanxi.sales.queries.sending import candidates
from guanxi.sales.rules.sending import WEIGHTS, Facts, Share


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


def reasons(one: Facts) -> list[str]:
    """What speaks for somebody, in words."""
    said = [pgettext("send", "Is the customer’s owner")] if one.has_customer else []
    for share, what in (
        (one.industry, pgettext("send", "of this industry")),
        (one.size, pgettext("send", "of this size")),
        (one.region, pgettext("send", "of this region")),
    ):
        if share is not None and share.closed:
            said.append(_share(share, what))
    if one.ties:
        said.append(
            ngettext("Knows %(n)s of their people", "Knows %(n)s of their people", one.ties) % {"n": one.ties}
        )
    if one.touches:
        said.append(
            ngettext("%(n)s touch with this customer", "%(n)s touches with this customer", one.touches)
            % {"n": one.touches}
        )
    load = {"open": one.open, "planned": one.planned}
    said.append(pgettext("send", "Open sales: %(open)s, planned this week: %(planned)s") % load)
    return said


def _share(share: Share, what: str) -> str:
    words = {"won": share.won, "closed": share.closed, "what": what}
    if share.is_small:
        return pgettext("send", "Won %(won)s of %(closed)s %(what)s (few)") % words
    return pgettext("send", "Won %(won)s of %(closed)s %(what)s") % words


def _weights() -> str:
    names = {
        "size": pgettext("weight", "size"),
        "industry": pgettext("weight", "industry"),
        "region": pgettext("weight", "region"),
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
