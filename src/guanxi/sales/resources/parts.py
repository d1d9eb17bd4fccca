"""What hangs on a sale, on every door: lines, competitors, shares, proofs."""

# Chinese in code: the heads that spreadsheets give these columns

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from guanxi.customers.queries.hanging import RowMatching
from guanxi.kinds import Choice, Date, DateTime, Percent, Quantity, Text, UnitPrice
from guanxi.resource.actions import Action
from guanxi.resource.contributions import contribute
from guanxi.resource.declaration import Resource, Section, Sort
from guanxi.resource.following import Follows
from guanxi.resource.links import MemberLink, RecordLink
from guanxi.resource.registry import register
from guanxi.resource.related import Related
from guanxi.sales.choices import Rank
from guanxi.sales.kinds import PartAmount
from guanxi.sales.models import Line, Proof, Rival, Share
from guanxi.sales.services import parts, proofs

_CHANGED = DateTime(name="updated_at", label=_("Last changed"), minor=True)
_SORTS = (Sort("updated_at", _("last change"), ("updated_at", "id"), descending=True),)
_SALE = ("商机", "商机名称", "商机编号", "opportunity", "opportunity id", "opportunity_id", "deal")


def _sale() -> RecordLink:
    return RecordLink(name="opportunity", to="opportunities", required=True, aliases=_SALE)


def _sounds_known(record: Any) -> bool:
    return record.suggested_id is not None


@register
class SaleLines(Resource):
    key, code, model = "sale_lines", "sales.line", Line
    icon = "package"
    label = pgettext_lazy("sale", "line")
    label_plural = _("Lines of opportunities")
    title = "text"
    asks, part_of = "sales.opportunity", "opportunity"
    reach = Follows("opportunity", "opportunities")

    kinds = (
        _sale(),
        RecordLink(
            name="product",
            to="products",
            otherwise="text",
            aliases=("产品", "产品名称", "product", "product code", "sku"),
        ),
        Text(
            name="text",
            aliases=("品名", "需求", "描述", "item", "description"),
            help=_("Where it is no product of the catalog."),
        ),
        RecordLink(name="suggested", to="products", only_read=True, minor=True),
        Quantity(name="quantity", unit_of="product.unit", aliases=("数量", "quantity", "qty")),
        UnitPrice(
            name="price", currency_of="opportunity.currency", aliases=("单价", "价格", "unit price", "price")
        ),
        Percent(name="discount", aliases=("折扣", "discount")),
        PartAmount(name="amount", only_read=True),
        _CHANGED,
    )
    columns = ("text", "opportunity", "product", "quantity", "price", "discount", "amount")
    phone = {"text": "title", "product": "meta", "amount": "end", "quantity": "end2"}
    filters = ("opportunity", "product", "suggested", "updated_at")
    sorts = _SORTS
    form = (
        Section(
            pgettext_lazy("sale", "Line"),
            ("opportunity", "product", "text", "suggested", "quantity", "price", "discount", "amount"),
        ),
    )
    defaults = {"quantity": "1"}
    bulk_fields = ("discount",)
    counted = ngettext_lazy("%(shown)s line", "%(shown)s lines", "n")
    acts = {
        "create": _("added a line to an opportunity"),
        "edit": _("changed a line of an opportunity"),
        "delete": _("removed a line of an opportunity"),
        "import": _("imported lines of opportunities"),
    }
    create, create_many, edit, edit_many, edit_each, _remove, update_imported = parts.lines
    remove_many = parts.delete_lines
    matching = RowMatching("sale_lines", ("opportunity_id",), "text", exact=("product_id",), blank=True)
    actions = (
        Action(
            key="take", label=_("Take the suggested product"), service=parts.take_suggested, verb="edit", icon="check",
            when=_sounds_known, said=_("%(what)s set"), order=5,
        ),
    )  # fmt: skip

    @classmethod
    def derive(cls, values: dict[str, Any]) -> None:
        for name, usual in (("quantity", 1_000), ("discount", 0)):
            if name in values and values[name] is None:
                values[name] = usual

    @classmethod
    def exact(cls, text: str, closed: Any = ()) -> Q:
        return Q(text=text)

    @classmethod
    def words(cls) -> dict[str, Any]:
        return {
            "list_title": _("Lines of opportunities"),
            "new_title": _("New line"),
            "empty_title": _("No lines yet"),
            "empty_text": _("Which products are wanted, how many, for how much."),
        }


@register
class Rivals(Resource):
    key, code, model = "rivals", "sales.rival", Rival
    icon = "affiliate"
    label = _("competitor for a sale")
    label_plural = _("Competitors for sales")
    title = "name"
    asks, part_of = "sales.opportunity", "opportunity"
    reach = Follows("opportunity", "opportunities")

    kinds = (
        _sale(),
        Text(name="name", required=True, aliases=("竞争对手", "竞品", "competitor")),
        RecordLink(name="customer", to="customers", minor=True),
        Choice(name="standing", choices=Rank, aliases=("竞争态势", "态势", "standing")),
        UnitPrice(
            name="price", currency_of="opportunity.currency", aliases=("对手报价", "报价", "their price")
        ),
        Text(name="remark", wide=True, minor=True, aliases=("备注", "优势劣势", "remark")),
        _CHANGED,
    )
    columns = ("name", "opportunity", "standing", "price", "remark")
    phone = {"name": "title", "standing": "end"}
    filters = ("opportunity", "customer", "updated_at")
    sorts = _SORTS
    form = (Section(_("Competitor"), ("opportunity", "name", "customer", "standing", "price", "remark")),)
    bulk_fields = ("standing",)
    counted = ngettext_lazy("%(shown)s competitor", "%(shown)s competitors", "n")
    acts = {
        "create": _("added a competitor to an opportunity"),
        "edit": _("changed a competitor of an opportunity"),
        "delete": _("removed a competitor of an opportunity"),
        "import": _("imported competitors of opportunities"),
    }
    (create, create_many, edit, edit_many, edit_each, remove_many, update_imported) = parts.rivals
    matching = RowMatching("rivals", ("opportunity_id",), "name")

    @classmethod
    def words(cls) -> dict[str, Any]:
        return {
            "list_title": _("Competitors for sales"),
            "new_title": _("New competitor"),
            "empty_title": _("No competitors yet"),
            "empty_text": _("Who else wants this sale, how they stand, what they offer it for."),
        }


@register
class Shares(Resource):
    key, code, model = "shares", "sales.share", Share
    icon = "users"
    label = pgettext_lazy("credit", "share")
    label_plural = _("Shares in sales")
    title = "remark"
    asks, part_of = "sales.opportunity", "opportunity"
    reach = Follows("opportunity", "opportunities")

    kinds = (
        _sale(),
        MemberLink(name="member", required=True, aliases=("同事", "协作人", "成员", "colleague", "member")),
        Percent(name="part", required=True, aliases=("业绩占比", "分成比例", "占比", "share")),
        Text(name="remark", wide=True, aliases=("说明", "备注", "for")),
        _CHANGED,
    )
    columns = ("remark", "opportunity", "member", "part")
    phone = {"remark": "title", "member": "meta", "part": "end"}
    filters = ("opportunity", "member", "updated_at")
    sorts = _SORTS
    form = (Section(pgettext_lazy("credit", "Share"), ("opportunity", "member", "part", "remark")),)
    bulk_fields = ("remark",)
    counted = ngettext_lazy("%(shown)s share", "%(shown)s shares", "n")
    acts = {
        "create": _("gave somebody a share in a sale"),
        "edit": _("changed a share in a sale"),
        "delete": _("took back a share in a sale"),
        "import": _("imported shares in sales"),
    }
    (create, create_many, edit, edit_many, edit_each, remove_many, update_imported) = parts.shares
    matching = RowMatching("shares", ("opportunity_id",), "remark", exact=("member_id",), blank=True)

    @classmethod
    def words(cls) -> dict[str, Any]:
        return {
            "list_title": _("Shares in sales"),
            "new_title": _("Share the credit"),
            "empty_title": _("No shares yet"),
            "empty_text": _("Who of us has how much of the credit; the rest is the owner's."),
        }


@register
class Proofs(Resource):
    key, code, model = "proofs", "sales.proof", Proof
    icon = "circle-check"
    label = _("proof")
    label_plural = _("Proofs")
    title = "note"
    asks, part_of = "sales.opportunity", "opportunity"
    reach = Follows("opportunity", "opportunities")

    kinds = (
        _sale(),
        RecordLink(name="evidence", to="evidence", required=True, aliases=("证据",)),
        Date(name="on"),
        RecordLink(name="activity", to="activities"),
        Text(name="note", wide=True, aliases=("说明",)),
        MemberLink(name="by", only_read=True, minor=True),
        _CHANGED,
    )
    columns = ("note", "opportunity", "evidence", "on", "by")
    phone = {"note": "title", "evidence": "meta", "on": "end"}
    filters = ("opportunity", "evidence", "updated_at")
    sorts = _SORTS
    form = (Section(_("Proof"), ("opportunity", "evidence", "on", "activity", "note")),)
    bulk_fields = ("note",)
    counted = ngettext_lazy("%(shown)s proof", "%(shown)s proofs", "n")
    acts = {
        "create": _("said that evidence is there"),
        "edit": _("changed what shows evidence"),
        "delete": _("took back that evidence is there"),
        "import": _("imported proofs"),
    }
    (create, create_many, edit, edit_many, edit_each, remove_many, update_imported) = proofs.proofs
    matching = RowMatching("proofs", ("opportunity_id",), "note", exact=("evidence_id",), blank=True)

    @classmethod
    def derive(cls, values: dict[str, Any]) -> None:
        if "on" in values and values["on"] is None:
            del values["on"]


contribute(
    "opportunities",
    panels=(
        Related(
            key="lines", title=pgettext_lazy("sale", "Lines"), to="sale_lines", by="opportunity", order=12,
            sub=("quantity",), end="amount", empty=_("Which products are wanted, how many, for how much."),
        ),
        Related(
            key="rivals", title=_("Competitors"), to="rivals", by="opportunity", order=16, sub=("remark",),
            end="standing", end_sub="price", empty=_("Who else wants this sale."),
        ),
        Related(
            key="shares", title=_("Shared credit"), to="shares", by="opportunity", order=20, sub=("member",),
            end="part", empty=_("The credit is the owner's."),
        ),
    ),
)  # fmt: skip
