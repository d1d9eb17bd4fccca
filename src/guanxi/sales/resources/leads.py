"""What sales adds to leads: making a customer and an opportunity of one, and the way to what became of it."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from guanxi.foundation.design.shapes import PanelRow
from guanxi.foundation.permissions.actor import Actor
from guanxi.kinds import Show, Text, YesNo
from guanxi.marketing.choices import OPEN
from guanxi.resource import access
from guanxi.resource.actions import Action
from guanxi.resource.contributions import Button, Content, Panel, contribute
from guanxi.resource.links import RecordLink
from guanxi.resource.registry import find
from guanxi.sales.services.converting import convert


def _may_be_converted(record: Any) -> bool:
    return record.state in OPEN


def _button(actor: Actor, record: Any, show: Show) -> str:
    """The way to it on the card of a lead that is still open."""
    leads = find("leads")
    if not _may_be_converted(record) or not access.allows(actor, leads, record, "edit"):
        return ""
    url = reverse("lead_convert", args=[record.pk])
    return format_html('<a class="btn btn-sm btn-primary" href="{}">{}</a>', url, pgettext("lead", "Convert"))


def _what_became_of_it(actor: Actor, lead_id: UUID) -> str:
    """Where work goes on: the opportunity, else the customer."""
    sale = access.visible(actor, find("opportunities")).filter(lead=lead_id).order_by("-pk").first()
    if sale is not None:
        return find("opportunities").url("card", id=sale.pk)
    customer = access.visible(actor, find("leads")).values_list("customer_id", flat=True).get(pk=lead_id)
    seen = customer and access.visible(actor, find("customers")).filter(pk=customer).exists()
    return find("customers").url("card", id=customer) if seen else ""


def _opportunities(actor: Actor, record: Any, show: Show) -> Content:
    resource = find("opportunities")
    rows = (
        access.visible(actor, resource).filter(lead=record.pk)
        if actor.may(resource.permission("view"))
        else ()
    )
    return Content(
        rows=[PanelRow(title=str(one), url=resource.url("card", id=one.pk)) for one in rows],
        empty=_("What becomes of it stands here once it is converted."),
    )


contribute(
    "leads",
    actions=(
        Action(
            key="convert",
            label=pgettext_lazy("lead", "Convert"),
            service=convert,
            verb="edit",
            form="row",
            inputs=(
                RecordLink(
                    name="existing",
                    label=_("Existing customer"),
                    to="customers",
                    help=_("Empty: a new customer is created."),
                ),
                RecordLink(
                    name="person_there",
                    label=_("Existing person"),
                    to="people",
                    help=_("Empty: the contact becomes a new person."),
                ),
                Text(
                    name="sale",
                    label=_("Name of the opportunity"),
                    help=_("Empty: it is named by what they want."),
                ),
                YesNo(name="alone", label=_("Without an opportunity")),
                YesNo(name="anew", label=_("Create it even if it seems to exist")),
            ),
            icon="arrows-split",
            when=_may_be_converted,
            said=pgettext_lazy("lead", "%(what)s converted"),
            order=3,
            then=_what_became_of_it,
            own_page=lambda pk: reverse("lead_convert", args=[pk]),
        ),
    ),
    buttons=(Button("convert", _button, order=10),),
    panels=(Panel("opportunities", _("Opportunities"), draw=_opportunities, order=12),),
)
