"""Where people work, on every door; the people on a customer's card and the positions on a person's."""

# Chinese in code: the heads that spreadsheets give these columns

from collections.abc import Iterator
from typing import Any

from django.db.models import BooleanField, Case, Count, F, Q, When
from django.utils import timezone
from django.utils.translation import gettext, ngettext, ngettext_lazy, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Affiliation
from guanxi.customers.queries.people import AffiliationMatching
from guanxi.customers.queries.ties import Acquaintance, acquainted
from guanxi.customers.services import people as services
from guanxi.foundation.design.shapes import PanelRow
from guanxi.foundation.design.words import exact
from guanxi.foundation.permissions.actor import Actor
from guanxi.kinds import Date, DateTime, Show, Text, YesNo
from guanxi.resource import access
from guanxi.resource.contributions import Content, Panel, contribute
from guanxi.resource.declaration import Resource, Section, Sort
from guanxi.resource.following import Follows
from guanxi.resource.links import RecordLink
from guanxi.resource.registry import find, register

_SHOWN = 5  # of a panel


@register
class Affiliations(Resource):
    key, code, model = "affiliations", "customers.affiliation", Affiliation
    icon = "briefcase"
    label = _("position")
    label_plural = _("Positions")
    title = "post"
    asks = "customers.customer"
    reach = Follows("customer", "customers")

    kinds = (
        RecordLink(name="person", to="people", required=True, aliases=("联系人", "姓名", "name")),
        RecordLink(name="customer", to="customers", required=True, aliases=("公司", "单位", "company")),
        Text(name="post", aliases=("职务", "职位", "岗位", "jobs", "title", "position")),
        Text(name="department", aliases=("部门",)),
        Date(name="since", aliases=("入职", "从", "from", "start")),
        Date(name="until", aliases=("离职", "至", "to", "end")),
        YesNo(name="main"),
        DateTime(name="updated_at", label=_("Last changed"), minor=True),
    )
    columns = ("post", "person", "customer", "department", "since", "until", "main")
    filters = ("person", "customer", "updated_at")
    sorts = (Sort("updated_at", _("last change"), ("updated_at", "id"), descending=True),)
    form = (Section(_("Position"), ("person", "customer", "post", "department", "since", "until", "main")),)
    bulk_fields = ("department", "until")
    counted = ngettext_lazy("%(shown)s position", "%(shown)s positions", "n")

    acts = {
        "create": _("added a position"),
        "edit": _("changed a position"),
        "delete": _("removed a position"),
        "import": _("imported positions"),
    }

    (create, create_many, edit, edit_many, edit_each, remove_many, update_imported) = services.positions
    matching = AffiliationMatching()

    @classmethod
    def words(cls) -> dict[str, Any]:
        return {
            "list_title": _("Positions"),
            "new_title": _("New position"),
            "empty_title": _("No positions yet"),
            "empty_text": _("Who works where, since when and until when."),
        }


def _people_of(actor: Actor, record: Any, show: Show) -> Content:
    """Who works at a customer: those of today first, then who has left. Only people in sight, and of their position
    what the reader may know."""
    affiliations, people = find("affiliations"), find("people")
    rows = access.visible(actor, affiliations).filter(
        customer=record.pk, person__in=access.visible(actor, people).values("pk")
    )
    dated = access.is_open(actor, affiliations.kind("until"))
    gone = Q(until__lte=timezone.localdate()) if dated else Q(pk__isnull=True)
    counted = rows.aggregate(
        ever=Count("person", distinct=True), here=Count("person", distinct=True, filter=~gone)
    )
    first = [F("until").desc(nulls_first=True)] if dated else []
    shown = list(
        rows.select_related("person")
        .annotate(past=Case(When(gone, then=True), default=False, output_field=BooleanField()))
        .order_by("past", *first, "-main", "person__name_sort", "pk")[:_SHOWN]
    )
    known = acquainted(actor, {one.person_id for one in shown}, record.pk)
    phone = next(iter(access.readable(actor, people, ("phone",))), None)
    drawn = [
        PanelRow(
            title=one.person.name,
            url=people.url("card", id=one.person_id),
            sub=_position(actor, one, show),
            more=gettext("; ").join(_known(known.get(one.person_id))),
            end=_said(phone, one.person, show) if phone else "",
            past=one.past,
        )
        for one in shown
    ]
    left: int = counted["ever"] - counted["here"]
    apart = ngettext("%(n)s person has left", "%(n)s people have left", left) % {"n": left} if left else ""
    may_add = actor.may(people.permission("create"))
    return Content(
        rows=drawn,
        count=counted["here"],
        apart=apart,
        url=f"{affiliations.url()}?customer={record.pk}" if drawn else "",
        add_url=f"{people.url('new')}?customer={record.pk}" if may_add else "",
        add=people.words()["new_title"],
        empty=_("Who decides, who uses, who pays: the people you deal with."),
    )


def _known(one: Acquaintance | None) -> Iterator[str]:
    """Why they are no stranger to us."""
    if one is None:
        return
    for name in one.worked_at:
        yield gettext("formerly at %(name)s") % {"name": name}
    if one.known_by:
        yield gettext("known to %(names)s") % {"names": gettext(", ").join(one.known_by)}


def _positions_of(actor: Actor, record: Any, show: Show) -> Content:
    """Where a person works and worked, at customers in sight."""
    affiliations = find("affiliations")
    rows = access.visible(actor, affiliations).filter(person=record.pk).select_related("customer")
    found = rows.order_by(F("until").desc(nulls_first=True), "-main", F("since").desc(nulls_last=True), "pk")
    drawn = [
        PanelRow(
            title=one.customer.name,
            url=affiliations.url("card", id=one.pk),
            sub=_position(actor, one, show, main=True),
        )
        for one in found
    ]
    may_add = actor.may(affiliations.permission("create"))
    return Content(
        rows=drawn,
        count=len(drawn),
        add_url=f"{affiliations.url('new')}?person={record.pk}" if may_add else "",
        add=Affiliations.words()["new_title"],
        empty=_("Where they work, and where they worked before."),
    )


def _position(actor: Actor, one: Affiliation, show: Show, *, main: bool = False) -> str:
    """Post, department and dates in a line, as far as the reader may know them."""
    kinds = {kind.name: kind for kind in access.readable(actor, find("affiliations"))}
    open_names = {name for name, kind in kinds.items() if access.is_open(actor, kind)}
    said = [_said(kinds[name], one, show) for name in ("post", "department") if name in kinds]
    said.append(_over(one) if {"since", "until"} <= open_names else "")
    said.append(gettext("main position") if main and one.main and "main" in open_names else "")
    return " · ".join(text for text in said if text)


class Positions(Panel):
    """Not there for whoever may not know where people work."""

    def there(self, actor: Actor, resource: Any) -> bool:
        target = find("affiliations")
        return actor.may(target.permission("view")) and access.is_open(actor, target.kind("customer"))


def _over(one: Affiliation) -> str:
    if one.until:
        return gettext("until %(day)s") % {"day": exact(one.until)}
    return gettext("since %(day)s") % {"day": exact(one.since)} if one.since else ""


def _said(kind: Any, record: Any, show: Show) -> str:
    return str(kind.masked(record, show) if access.is_masked(show.actor, kind) else kind.html(record, show))


contribute(
    "customers",
    panels=(
        Panel(
            "people", pgettext_lazy("contact", "People"), _people_of, order=10, code="customers.person.view"
        ),
    ),
)
contribute("people", panels=(Positions("positions", _("Positions"), _positions_of, order=10),))
