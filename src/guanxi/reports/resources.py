"""What reports look like on every door."""

# Chinese in code: the heads that spreadsheets give these columns

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from guanxi.foundation.permissions.actor import Actor
from guanxi.kinds import Choice, Computed, Date, DateTime, Show, Text, YesNo
from guanxi.reports.choices import Attention, Period
from guanxi.reports.models import Report
from guanxi.reports.queries.reaches import Received, Sent
from guanxi.reports.queries.reading import mine_q
from guanxi.reports.services import reports as services
from guanxi.resource.actions import Action
from guanxi.resource.declaration import Ready, Resource, Section, Sort
from guanxi.resource.links import MemberLink
from guanxi.resource.reach import Either, Owned
from guanxi.resource.registry import register

EVERYBODY = (
    "sales_manager", "salesperson", "marketer", "service_agent", "dispatcher", "technician", "finance",
)  # fmt: skip


@dataclass(kw_only=True, eq=False)
class Sentence(Text):
    """What the author added; where nothing, the report by its name."""

    def html(self, record: Any, show: Show) -> str:
        return self.text(record, show) or str(record)


def _read(actor: Actor, ids: Collection[UUID]) -> dict[UUID, str]:
    if actor.member_id is None:
        return {}
    to, read = mine_q(actor)
    rows = Report.objects.filter(to, pk__in=list(ids))
    seen = set(rows.filter(read).values_list("pk", flat=True))
    return {
        pk: (Attention.READ if pk in seen else Attention.UNREAD).value
        for pk in rows.values_list("pk", flat=True)
    }


def _find(actor: Actor, condition: Q) -> Q:
    return mine_q(actor)[0] if actor.member_id else Q(pk__in=[])


@dataclass(kw_only=True, eq=False)
class ToMe(Choice):
    """Whether a report was sent to whoever looks, and read by him."""

    def where(self, operator: str, values: Any, actor: Actor) -> Q:
        if operator in ("empty", "filled") or actor.member_id is None:
            return super().where(operator, values, actor)
        to, read = mine_q(actor)
        codes = {self.clean(value, actor) for value in values}
        found = Q(pk__in=[])
        if Attention.READ in codes:
            found |= to & read
        if Attention.UNREAD in codes:
            found |= to & ~read
        return ~found if operator == "not" else found


def _can_take_back(record: Any) -> bool:
    return services.is_of_today(record)


@register
class Reports(Resource):
    key, code, model = "reports", "reports.report", Report
    icon, title, owner = "file-text", "sentence", "member"
    label = _("report")
    label_plural = _("Reports")
    reach = Either(Owned("member"), Received())
    changed_by = Owned("member")
    discretion = Sent()

    kinds = (
        Sentence(name="sentence", wide=True, aliases=("总结", "一句话", "summary")),
        MemberLink(name="member", aliases=("提交人", "汇报人", "author")),
        Choice(name="period", choices=Period, required=True, aliases=("类型", "kind")),
        Date(name="first", required=True, aliases=("日期", "date")),
        DateTime(name="sent_at", minor=True),
        YesNo(name="late", only_read=True),
        ToMe(
            name="to_me",
            label=pgettext_lazy("report", "To me"),
            choices=Attention,
            computed=Computed(read=_read, find=_find),
        ),
        DateTime(name="due_at", minor=True),
        DateTime(name="created_at", label=_("Created"), minor=True),
        DateTime(name="updated_at", label=_("Last changed"), minor=True),
    )
    columns = ("sentence", "member", "period", "first", "late", "to_me")
    phone = {"sentence": "title", "member": "meta", "to_me": "end2", "first": "end"}
    filters = ("member", "period", "first", "to_me", "late", "updated_at")
    sorts = (
        Sort("first", pgettext_lazy("report", "day"), ("first", "id"), descending=True),
        Sort("sent_at", pgettext_lazy("report", "sent"), ("sent_at", "id"), descending=True),
        Sort("updated_at", _("last change"), ("updated_at", "id"), descending=True),
    )
    ready = (Ready(pgettext_lazy("reports", "Not read yet"), "to_me=unread", "to_me"),)
    form = (Section(pgettext_lazy("report", "Report"), ("member", "period", "first", "sentence")),)
    header = ("member", "period", "first", "sent_at", "late")
    defaults = {"period": "day"}
    rights = {
        "view": dict.fromkeys(EVERYBODY, "own") | {"sales_manager": "below"},
        "create": dict.fromkeys(EVERYBODY, "own"),
        "edit": dict.fromkeys(EVERYBODY, "own"),
        "delete": dict.fromkeys(EVERYBODY, "own"),
        "export": {"sales_manager": "below"},
        "import": {},
    }
    counted = ngettext_lazy("%(shown)s report", "%(shown)s reports", "n")
    bulk_fields = ("sentence",)
    actions = (
        Action(
            key="take_back",
            label=pgettext_lazy("report", "Take back"),
            service=services.take_back,
            verb="edit",
            icon="arrow-back-up",
            when=_can_take_back,
            said=pgettext_lazy("report", "%(what)s taken back"),
            order=5,
        ),
    )
    acts = {
        "create": _("sent a report"),
        "edit": _("changed the sentence of a report"),
        "take_back": _("took back a report"),
        "delete": _("deleted a report"),
        "import": _("imported reports"),
    }

    create = services.create_report
    create_many = services.create_reports
    edit = services.edit_report
    edit_many = services.edit_reports
    edit_each = services.edit_each
    remove_many = services.delete_reports

    @classmethod
    def words(cls) -> dict[str, Any]:
        return {
            "list_title": pgettext_lazy("place", "Reports"),
            "new_title": pgettext_lazy("report", "New report"),
            "empty_title": _("No reports yet"),
            "empty_text": _(
                "What was done on a day or in a week, written from what was recorded; its author adds a sentence and "
                "sends it."
            ),
        }
