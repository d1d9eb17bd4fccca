"""A customer's business in rows, and who of us looks after which business unit."""

# Chinese in code: the heads that spreadsheets give these columns

from typing import Any

from django.db.models import F
from django.utils.translation import gettext, ngettext_lazy, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from guanxi.customers.choices import BusinessKind, Currency, Power, ShareBasis
from guanxi.customers.kinds import Percent
from guanxi.customers.models import Business, Charge
from guanxi.customers.queries.hanging import RowMatching
from guanxi.customers.resources.rows import Hanging, hanging, shown
from guanxi.customers.rules.rows import Need, need_of
from guanxi.customers.services import ways as services
from guanxi.customers.services.parts import answers_for
from guanxi.foundation.design.shapes import PanelRow
from guanxi.foundation.design.words import month
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.figures import format_figure
from guanxi.kinds import Choice, Date, DateTime, Number, Show, Text
from guanxi.resource import access
from guanxi.resource.contributions import Content, contribute
from guanxi.resource.declaration import Resource, Section, Sort
from guanxi.resource.following import Follows
from guanxi.resource.links import MemberLink, RecordLink, look_up
from guanxi.resource.registry import find, register

_CHANGED = DateTime(name="updated_at", label=_("Last changed"), minor=True)
_SORTS = (Sort("updated_at", _("last change"), ("updated_at", "id"), descending=True),)
_CUSTOMER = ("公司", "公司名称", "单位", "客户名称", "company", "account")
_SHOWN = 40  # rows of a customer's business on the card


@register
class CustomerBusiness(Resource):
    key, code, model = "business", "customers.business", Business
    icon = "package"
    label = pgettext_lazy("of a customer", "business")
    label_plural = pgettext_lazy("of a customer", "Business")
    title = "what"
    asks = "customers.customer"
    reach = Follows("customer", "customers")

    kinds = (
        RecordLink(name="customer", to="customers", required=True, aliases=_CUSTOMER),
        Choice(name="kind", choices=BusinessKind, required=True, aliases=("类型", "业务类型", "type")),
        Text(name="what", required=True, aliases=("产品", "设备", "品名", "内容", "product", "item")),
        RecordLink(name="partner", to="customers", aliases=("供应商", "竞争对手", "supplier", "competitor")),
        Text(name="partner_name", minor=True, aliases=("供应商名称", "品牌", "brand", "supplier name")),
        Number(
            name="amount", places=2, aliases=("年用量", "年采购量", "年需求", "数量", "volume", "quantity")
        ),
        Text(name="unit", minor=True, aliases=("计量单位", "uom")),
        Choice(name="currency", choices=Currency, minor=True),
        Percent(name="share", aliases=("钱包份额", "我方占比", "占比", "share of wallet")),
        Choice(name="basis", choices=ShareBasis, minor=True, aliases=("估算依据",)),
        Text(name="basis_note", wide=True, minor=True, aliases=("估算说明",)),
        Date(name="as_of", minor=True, aliases=("统计日期", "截至", "date")),
        _CHANGED,
    )
    columns = ("what", "kind", "customer", "partner", "amount", "share", "as_of")
    filters = ("customer", "partner", "updated_at")
    sorts = _SORTS
    form = (
        Section(_("What it is"), ("customer", "kind", "what", "partner", "partner_name")),
        Section(_("How much"), ("amount", "unit", "currency", "share", "basis", "as_of", "basis_note")),
    )
    bulk_fields = ("as_of", "kind")
    counted = ngettext_lazy("%(shown)s row of business", "%(shown)s rows of business", "n")
    acts = {
        "create": _("added to a customer's business"),
        "edit": _("changed a customer's business"),
        "delete": _("removed from a customer's business"),
        "import": _("imported customers' business"),
    }
    (create, create_many, edit, edit_many, edit_each, remove_many, update_imported) = services.business
    matching = RowMatching("business", ("customer_id",), "what", exact=("kind", "partner_id", "partner_name"))

    @classmethod
    def words(cls) -> dict[str, Any]:
        return {
            "list_title": _("Customers' business"),
            "new_title": _("New row of business"),
            "empty_title": _("Nothing of their business yet"),
            "empty_text": _(
                "What customers make, on which machines, from whom they buy and how much they need."
            ),
        }


class Part(Text):
    """What a collaborator answers for; without one it is the whole customer."""

    def text(self, record: Any, show: Show) -> str:
        return super().text(record, show) or gettext("the whole customer")

    def cell(self, record: Any, show: Show) -> Any:
        return self.value(record)


@register
class Charges(Resource):
    key, code, model = "charges", "customers.charge", Charge
    icon = "user-cog"
    label = _("collaborator")
    label_plural = _("Collaborators")
    title = "unit"
    asks = "customers.customer"
    reach = Follows("customer", "customers")

    kinds = (
        RecordLink(name="customer", to="customers", required=True, aliases=_CUSTOMER),
        MemberLink(
            name="member",
            required=True,
            aliases=("负责人", "协作人", "同事", "responsible"),
            help=_("Sees the customer and what hangs on it until the last day; it stays its owner's."),
        ),
        Part(
            name="unit",
            aliases=("事业部", "业务单元", "产品线", "部门", "department", "product line", "business unit"),
            help=_("What this colleague answers for. Empty: the whole customer."),
        ),
        Choice(name="power", choices=Power, aliases=("权限", "power", "access")),
        Date(
            name="since",
            label=pgettext_lazy("collaborator", "From"),
            minor=True,
            aliases=("开始", "任职自", "from"),
        ),
        Date(
            name="until",
            label=pgettext_lazy("collaborator", "Until"),
            minor=True,
            aliases=("结束", "任职至", "to"),
        ),
        Text(name="reason", minor=True, wide=True, aliases=("原因", "reason")),
        _CHANGED,
    )
    columns = ("unit", "customer", "member", "power", "since", "until")
    filters = ("customer", "member", "updated_at")
    sorts = _SORTS
    form = (Section(_("Collaborator"), ("customer", "member", "power", "unit", "since", "until", "reason")),)
    defaults = {"power": "read"}
    bulk_fields = ("power", "since", "until")
    counted = ngettext_lazy("%(shown)s collaborator", "%(shown)s collaborators", "n")
    acts = {
        "create": _("let somebody work on a customer"),
        "edit": _("changed what a collaborator may"),
        "delete": _("ended a colleague's part in a customer"),
        "import": _("imported collaborators"),
    }
    (create, create_many, edit, edit_many, edit_each, remove_many, update_imported) = services.charges

    matching = RowMatching("charges", ("customer_id",), "unit", exact=("member_id",), blank=True)

    @classmethod
    def derive(cls, values: dict[str, Any]) -> None:
        if "power" in values:
            values["power"] = values["power"] or Power.READ.value

    @classmethod
    def words(cls) -> dict[str, Any]:
        return {
            "list_title": _("Collaborators"),
            "new_title": _("New collaborator"),
            "empty_title": _("No collaborators yet"),
            "empty_text": _("Who of us works on a customer beside its owner, and for which part of it."),
        }


def _business_of(actor: Actor, record: Any, show: Show) -> Content:
    """The rows by kind; what is needed in a year, and our share of it, where the measures agree."""
    target = find("business")
    found = access.visible(actor, target).filter(customer=record.pk)
    rows = list(found.order_by("kind", F("amount").desc(nulls_last=True), "what", "pk")[: _SHOWN + 1])
    count = len(rows) if len(rows) <= _SHOWN else found.count()
    kinds = {kind.name: kind for kind in access.readable(actor, target)}
    look_up(kinds.values(), rows, show)
    is_open = {name for name, kind in kinds.items() if access.is_open(actor, kind)}
    groups = []
    for choice in BusinessKind if "kind" in is_open else ("",):
        mine = [row for row in rows[:_SHOWN] if not choice or row.kind == choice]
        if mine:
            note = (
                _need(mine)
                if choice == BusinessKind.NEED and {"amount", "share", "unit", "currency"} <= is_open
                else ""
            )
            drawn = [_line(target, kinds, row, show) for row in mine]
            groups.append((BusinessKind(choice).label if choice else "", note, drawn))
    linked = f"?customer={record.pk}"
    may_add = access.allows(actor, find("customers"), record, "edit")
    return Content(
        count=count,
        url=target.url() + linked if rows else "",
        add_url=target.url("new") + linked if may_add else "",
        add=CustomerBusiness.words()["new_title"],
        empty=_("What they make, on which machines, from whom they buy, and how much they need."),
        template="customers/rows.html" if groups else "",
        context={"groups": groups},
    )


def _line(target: Any, kinds: dict[str, Any], row: Any, show: Show) -> PanelRow:
    def said(name: str) -> str:
        return shown(kinds[name], row, show) if name in kinds else ""

    # When it was so is told by the month: there is little room.
    as_of = (
        month(row.as_of) if row.as_of and said("as_of") and access.is_open(show.actor, kinds["as_of"]) else ""
    )
    amount, share = " ".join(filter(None, (said("amount"), said("unit") or said("currency")))), said("share")
    return PanelRow(
        title=said("what") or "—",
        url=target.url("card", id=row.pk),
        sub=" · ".join(filter(None, (said("partner") or said("partner_name"), said("basis"), as_of))),
        end=amount,
        end_sub=gettext("our share %(share)s") % {"share": share} if share else "",
    )


def _need(rows: list[Business]) -> str:
    """ "1,200 吨 in all, our share 35%"."""
    needs = [Need(row.amount, row.unit or row.get_currency_display(), row.share) for row in rows]
    texts = []
    for measure, amount, share in need_of(needs):
        total = format_figure(amount, places=2).removesuffix(".00")
        words = {"total": f"{total} {measure}".strip(), "share": "" if share is None else f"{share / 10:g}%"}
        text = (
            gettext("%(total)s in all, our share %(share)s")
            if share is not None
            else gettext("%(total)s in all")
        )
        texts.append(text % words)
    return gettext("; ").join(texts)


contribute(
    "customers",
    panels=(
        Hanging(key="business", title=_("Their business"), draw=_business_of, order=12, to="business", link="customer"),
        hanging("charges", "customer", _("Collaborators"), order=26, head="member",
                adds=answers_for, sub=("unit", "power", "until"), by=(F("until").desc(nulls_first=True), "unit", "pk"),
                empty=_("Who works on it beside its owner, and for which part.")),
    ),
)  # fmt: skip
