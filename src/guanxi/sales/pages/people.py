"""On the card of a sale: who of the customer's people takes part, and the way to them."""

from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Affiliation
from guanxi.foundation.design.shapes import PanelRow
from guanxi.foundation.permissions.actor import Actor
from guanxi.kinds import Show
from guanxi.resource import access
from guanxi.resource.contributions import Content, Panel, contributed
from guanxi.resource.registry import find
from guanxi.sales.models import Opportunity

_NOBODY = _("The people of its customer stand here.")


class People(Panel):
    """Not there for whoever may not know whose sale it is, nor where people work."""

    def there(self, actor: Actor, resource: Any) -> bool:
        positions, sales = find("affiliations"), find("opportunities")
        return (
            actor.may(find("people").permission("view"))
            and actor.may(positions.permission("view"))
            and access.is_open(actor, positions.kind("customer"))
            and access.is_open(actor, sales.kind("customer"))
        )


def _people(actor: Actor, record: Opportunity, show: Show) -> Content:
    customers, people = find("customers"), find("people")
    theirs = access.visible(actor, customers).filter(pk=record.customer_id).first()
    if theirs is None:
        return Content(empty=_NOBODY)
    (there,) = (panel for panel in contributed("customers").panels if panel.key == "people")
    content = there.draw(actor, theirs, show)
    main = people.url("card", id=record.person_id) if _main_known(actor, record) else ""
    rows = sorted(content.rows, key=lambda row: row.url != main)
    ways = {people.url("card", id=pk): pk for pk in _shown(theirs.pk)} if _ties(actor) else {}
    return replace(content, rows=[_row(row, row.url == main, ways.get(row.url)) for row in rows])


def _main_known(actor: Actor, record: Opportunity) -> bool:
    kind = find("opportunities").kind("person")
    return record.person_id is not None and access.is_open(actor, kind)


def _shown(customer: Any) -> Any:
    return Affiliation.objects.filter(customer=customer).values_list("person_id", flat=True)


def _ties(actor: Actor) -> bool:
    return actor.may(find("relationships").permission("view"))


def _row(row: PanelRow, is_main: bool, person: Any) -> PanelRow:
    """What they are in this sale, and a click away how we come to them."""
    said = [pgettext("sale", "main contact")] if is_main else []
    way: str | SafeString = row.end
    if person is not None:
        url = reverse("ties", args=["people", person])
        way = format_html('<a class="gx-lk" href="{}">{}</a>', url, gettext("Way to them"))
    return replace(row, sub=" · ".join([*said, *filter(None, (row.sub,))]), end=way, end_sub=row.end)


PEOPLE = People("people", pgettext_lazy("contact", "People"), _people, order=10)
