"""The sales behind a figure of the forecast, where their list cannot say it: by department, region, product."""

from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from guanxi.catalog.models import Product
from guanxi.foundation.design.words import days_between
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import actor_of, uuid_of
from guanxi.kernel.errors import NotFound
from guanxi.resource import access
from guanxi.resource.registry import find
from guanxi.sales.pages.forecast import GROUPS, HEADS
from guanxi.sales.pages.forecast_lines import name_of, quantity, said
from guanxi.sales.queries.forecasting import behind, ways_to_group
from guanxi.sales.queries.splitting import Key
from guanxi.sales.rules.forecast import COUNTED

_SHOWN = 500


@require_GET
def forecast_sales(request: HttpRequest) -> HttpResponse:
    """Those of `key`, one of the lines `by` which the forecast is drawn, from the day `first` to `last`; `what` is
    "open", a category of it, or "won". Raises Forbidden, and NotFound for what cannot be read."""
    actor, asked = actor_of(request), request.GET
    resource = find("opportunities")
    actor.require(resource.permission("view"))
    by, what = asked.get("by", ""), asked.get("what", "open")
    first, last = (_day(asked.get(name, "")) for name in ("first", "last"))
    if (
        first is None
        or last is None
        or by not in ways_to_group(actor)
        or what not in ("open", "won", *COUNTED)
    ):
        raise NotFound("no_figure")
    text = asked.get("key", "")
    key: Key = text[:2] if by == "region" else uuid_of(text)
    found = behind(actor, first, last, by, key, what)
    unit = _unit(actor, key) if by == "product" else ""
    parted = by in ("product", "product_line")
    context = {
        "active": "opportunities",
        "forecast_url": f"{reverse('opportunities_forecast')}?{urlencode({'by': by})}",
        "name": name_of(actor, by, key),
        "group": GROUPS[by],
        "what": HEADS[what],
        "days": days_between(first, last, first),
        "parted": parted,
        "counted": by == "product" and key is not None,
        "sum": said(sum(part.amount or 0 for _sale, part in found)),
        "sure": said(sum(part.sure or 0 for _sale, part in found)),
        "many": quantity(sum(part.quantity or 0 for _sale, part in found), unit),
        "count": len(found),
        "more": max(0, len(found) - _SHOWN),
        "rows": [
            {
                "name": sale.name,
                "url": resource.url("card", id=sale.pk),
                "owner": sale.owner.name if sale.owner is not None else "",
                "day": sale.closed_on if what == "won" else sale.expected_on,
                "amount": "" if sale.own_amount is None else said(sale.own_amount),
                "part": said(part.amount or 0),
                "sure": said(part.sure or 0),
                "many": quantity(part.quantity, unit),
            }
            for sale, part in found[:_SHOWN]
        ],
    }
    return render(request, "sales/forecast_sales.html", context)


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _unit(actor: Actor, key: Key) -> str:
    if not isinstance(key, UUID):
        return ""
    found: Product | None = access.visible(actor, find("products")).filter(pk=key).first()
    return found.unit if found is not None else ""
