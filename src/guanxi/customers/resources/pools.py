"""Pools, on every door."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from guanxi.customers.choices import Category, Grade, Hides, Pooled, Registration
from guanxi.customers.models import Pool
from guanxi.customers.queries.pools import CUSTOMERS, ask_anew, members_of
from guanxi.foundation.design.shapes import PanelRow
from guanxi.foundation.permissions.actor import Actor
from guanxi.kinds import Bounded, Choice, Choices, DateTime, Show, Text, YesNo
from guanxi.resource import access
from guanxi.resource.contributions import Content, Panel, contribute
from guanxi.resource.declaration import Resource, Section, Sort
from guanxi.resource.reach import Everything
from guanxi.resource.registry import find, register
from guanxi.resource.standard import standard

_CHANGED = DateTime(name="updated_at", label=_("Last changed"), minor=True)
_SHOWN, _MEMBERS = 3, 10


class _Of(Choice):
    """What it holds: customers, unless somebody says otherwise."""

    def blank(self) -> str:
        return Pooled.CUSTOMERS.value

    def is_blank(self, value: object) -> bool:
        return not value


@register
class Pools(Resource):
    key, code, model = "pools", "customers.pool", Pool
    icon = "inbox"
    label = _("pool")
    label_plural = _("Pools")
    title = "name"
    reach = Everything()

    kinds = (
        Text(name="name", required=True, wide=True),
        _Of(name="of", choices=Pooled, minor=True),
        Bounded(name="claims_a_day", most=1000, help=_("Empty: as many as one likes.")),
        Choices(
            name="hides",
            choices=Hides,
            minor=True,
            help=_("From those who may claim its customers; who administers the pool sees all."),
        ),
        Bounded(
            name="looks_a_day",
            most=1000,
            minor=True,
            help=_(
                "At how many hidden phones one person may look in a day. Each look is written down. 0: at none."
            ),
        ),
        Bounded(name="reclaim_days", required=True, most=3650),
        Bounded(name="arrival_days", required=True, most=365),
        Bounded(name="warn_days", required=True, most=60),
        Bounded(
            name="locks_a_person",
            most=1000,
            minor=True,
            help=_("How many of its customers one person keeps from falling. Empty: as many as one likes."),
        ),
        Bounded(
            name="holds_a_person",
            most=1_000_000,
            help=_("How many customers of this pool one person may own. Empty: as many as one likes."),
        ),
        Choices(name="uncounted_grades", choices=Grade, minor=True),
        Choices(name="uncounted_categories", choices=Category, minor=True),
        Choices(name="uncounted_registrations", choices=Registration, minor=True),
        YesNo(name="uncounted_locked", minor=True),
        _CHANGED,
    )
    columns = ("name", "claims_a_day", "reclaim_days", "arrival_days", "warn_days")
    phone = {"name": "title"}  # bare figures say nothing without their heads
    filters = ("claims_a_day",)
    sorts = (Sort("name", _("name"), ("name", "id")),)
    form = (
        Section(_("Pool"), ("name", "of")),
        Section(_("Claiming"), ("claims_a_day", "reclaim_days", "arrival_days", "hides", "looks_a_day")),
        Section(
            _("Holding"),
            (
                "holds_a_person",
                "uncounted_grades",
                "uncounted_categories",
                "uncounted_registrations",
                "uncounted_locked",
            ),
        ),
        Section(_("Falling in"), ("warn_days", "locks_a_person")),
    )
    defaults = {
        "of": "customers",
        "reclaim_days": "7",
        "arrival_days": "0",
        "looks_a_day": "0",
        "warn_days": "2",
        "locks_a_person": "20",
    }
    counted = ngettext_lazy("%(shown)s pool", "%(shown)s pools", "n")
    bulk_fields = ("claims_a_day", "warn_days", "locks_a_person", "holds_a_person")
    rights = {
        "view": {"sales_manager": "all", "salesperson": "all", "marketer": "all", "service_agent": "all"},
        "create": {"sales_manager": "all"},
        "edit": {"sales_manager": "all"},
        "delete": {"sales_manager": "all"},
        "import": {"sales_manager": "all"},
        "export": {"sales_manager": "all"},
    }
    create, create_many, edit, edit_many, edit_each, remove_many, update_imported = standard(
        "pools", ask_anew
    )

    @classmethod
    def words(cls) -> dict[str, Any]:
        return {
            "list_title": _("Pools"),
            "new_title": _("New pool"),
            "empty_title": _("No pools yet"),
            "empty_text": _(
                "A pool holds customers that nobody answers for, open to be claimed by its members."
            ),
        }


def _lying(actor: Actor, record: Pool, show: Show) -> Content:
    """What lies in it, the newest first; all of it stands in the list of customers."""
    customers = find("customers")
    rows = CUSTOMERS.rows([record.pk]).filter(access.reach_q(actor, customers, "view"))
    some = rows.order_by("-pooled_at", "-pk")[:_SHOWN]
    return Content(
        rows=[PanelRow(title=one.name, url=customers.url("card", id=one.pk)) for one in some],
        count=rows.count(),
        url=f"{customers.url()}?pool={record.pk}&owner.empty=1",
        empty=_("Nothing lies in it."),
    )


def _belonging(actor: Actor, record: Pool, show: Show) -> Content:
    """Who claims out of it, administrators marked."""
    rows = members_of(record)
    return Content(
        rows=[
            PanelRow(
                title=str(one),
                sub=gettext("everybody in this department") if one.department is not None else "",
                end=gettext("administers it") if one.administers else "",
            )
            for one in rows[:_MEMBERS]
        ],
        count=len(rows),
        url=reverse("pool_settings", args=[record.pk]) if actor.may("customers.pool.edit") else "",
        empty=_("Nobody may claim out of it yet."),
    )


contribute(
    "pools",
    panels=(
        Panel("lying", _("To be claimed"), draw=_lying, order=10),
        Panel("members", _("Members"), draw=_belonging, order=20),
    ),
)
