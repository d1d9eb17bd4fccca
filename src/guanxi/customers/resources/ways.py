"""What addresses, contact points and billing profiles look like on every door, and on the cards of their records."""

# Chinese in code: the heads that spreadsheets give these columns

from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from guanxi.customers.choices import AddressUse, PointKind, PointUse, SeenBy
from guanxi.customers.kinds import Degrees, Regions, TaxNumber, Usually
from guanxi.customers.models import Address, BillingProfile, ContactPoint
from guanxi.customers.queries.hanging import RowMatching
from guanxi.customers.queries.sight import AddressesInSight, PointsInSight
from guanxi.customers.resources.rows import hanging, reached_by
from guanxi.customers.rules.rows import address_key, point_key
from guanxi.customers.services import ways as services
from guanxi.customers.services.marks import HangingMarks, of_billing, of_point
from guanxi.kinds import Address as Street
from guanxi.kinds import Choice, Coded, Date, DateTime, PhoneNumber, Text, YesNo
from guanxi.resource.contributions import contribute
from guanxi.resource.declaration import Resource, Section, Sort
from guanxi.resource.following import Follows
from guanxi.resource.links import RecordLink
from guanxi.resource.reach import Either
from guanxi.resource.registry import register

_CHANGED = DateTime(name="updated_at", label=_("Last changed"), minor=True)
_SORTS = (Sort("updated_at", _("last change"), ("updated_at", "id"), descending=True),)
_CUSTOMER = ("公司", "公司名称", "单位", "客户名称", "company", "account")


@register
class ContactPoints(Resource):
    key, code, model = "contact_points", "customers.contact_point", ContactPoint
    icon = "phone"
    label = _("contact point")
    label_plural = _("Contact points")
    title = "value"
    asks = "customers.customer"
    reach = Either(Follows("customer", "customers"), Follows("person", "people"))
    discretion = PointsInSight()

    kinds = (
        RecordLink(name="customer", to="customers", aliases=_CUSTOMER),
        RecordLink(name="person", to="people", aliases=("联系人", "姓名", "name")),
        Choice(name="kind", choices=PointKind, required=True, aliases=("方式", "联系方式类型", "type")),
        Text(name="value", required=True, personal=True, aliases=("号码", "联系方式", "number", "address")),
        Choice(name="use", choices=PointUse, aliases=("用途", "purpose")),
        Date(name="since", minor=True, aliases=("启用", "from")),
        Date(name="until", minor=True, aliases=("停用", "to")),
        Usually(name="seen_by", choices=SeenBy, usual="all", aliases=("谁可见", "可见范围", "visible to")),
        YesNo(name="main", aliases=("默认", "primary")),
        _CHANGED,
    )
    columns = ("value", "kind", "use", "customer", "person", "main", "until")
    filters = ("customer", "person", "updated_at")
    sorts = _SORTS
    form = (
        Section(
            _("Contact point"),
            ("customer", "person", "kind", "value", "use", "main", "seen_by", "since", "until"),
        ),
    )
    bulk_fields = ("use", "until", "seen_by")
    counted = ngettext_lazy("%(shown)s contact point", "%(shown)s contact points", "n")
    acts = {
        "create": _("added a contact point"),
        "edit": _("changed a contact point"),
        "delete": _("removed a contact point"),
        "import": _("imported contact points"),
    }
    (create, create_many, edit, edit_many, edit_each, remove_many, update_imported) = services.points
    kept = HangingMarks(("customer_id", "person_id", "kind", "value", "seen_by"), of_point)
    matching = RowMatching(
        "contact_points", ("customer_id", "person_id"), "value", exact=("kind",), alike=point_key
    )

    @classmethod
    def derive(cls, values: dict[str, Any]) -> None:
        if "value" in values:
            values["key"] = point_key(values["value"])[:200]

    @classmethod
    def words(cls) -> dict[str, Any]:
        return {
            "list_title": _("Contact points"),
            "new_title": _("New contact point"),
            "empty_title": _("No contact points yet"),
            "empty_text": _(
                "Further phones, e-mails and WeChat IDs of customers and people, and who may see them."
            ),
        }


@register
class Addresses(Resource):
    key, code, model = "addresses", "customers.address", Address
    icon = "map-pin"
    label = _("address")
    label_plural = _("Addresses")
    title = "street"
    asks = "customers.customer"
    reach = Follows("customer", "customers")
    discretion = AddressesInSight()

    kinds = (
        RecordLink(name="customer", to="customers", required=True, aliases=_CUSTOMER),
        Street(name="street", required=True, wide=True, aliases=("详细地址", "街道", "address line")),
        Choice(name="use", choices=AddressUse, aliases=("用途", "地址类型", "type")),
        Coded(name="region", table=Regions(), aliases=("省市", "城市", "city")),
        Text(name="postcode", minor=True, aliases=("邮编", "zip", "postal code")),
        Text(name="receiver", personal=True, aliases=("联系人", "收件人", "consignee", "attention")),
        PhoneNumber(name="phone", aliases=("收货电话", "tel")),
        Degrees(name="latitude", minor=True, most=90, aliases=("lat",)),
        Degrees(name="longitude", minor=True, most=180, aliases=("lon", "lng")),
        YesNo(name="main", aliases=("默认", "primary")),
        _CHANGED,
    )
    columns = ("street", "use", "customer", "region", "receiver", "phone", "main")
    filters = ("customer", "updated_at")
    sorts = _SORTS
    form = (
        Section(_("Address"), ("customer", "street", "use", "region", "postcode", "main")),
        Section(_("Receiver"), ("receiver", "phone")),
        Section(_("On the map"), ("latitude", "longitude"), minor=True),
    )
    bulk_fields = ("use", "region")
    counted = ngettext_lazy("%(shown)s address", "%(shown)s addresses", "n")
    acts = {
        "create": _("added an address"),
        "edit": _("changed an address"),
        "delete": _("removed an address"),
        "import": _("imported addresses"),
    }
    (create, create_many, edit, edit_many, edit_each, remove_many, update_imported) = services.addresses
    matching = RowMatching("addresses", ("customer_id",), "street", exact=("use",), alike=address_key)

    @classmethod
    def words(cls) -> dict[str, Any]:
        return {
            "list_title": _("Addresses"),
            "new_title": _("New address"),
            "empty_title": _("No addresses yet"),
            "empty_text": _("Where customers are registered, sit, receive goods and invoices."),
        }


@register
class BillingProfiles(Resource):
    key, code, model = "billing_profiles", "customers.billing_profile", BillingProfile
    icon = "building-bank"
    label = _("billing profile")
    label_plural = _("Billing profiles")
    title = "title"
    asks = "customers.customer"
    reach = Follows("customer", "customers")

    kinds = (
        RecordLink(name="customer", to="customers", required=True, aliases=_CUSTOMER),
        Text(name="title", required=True, wide=True, aliases=("抬头", "开票名称", "购方名称", "invoice to")),
        TaxNumber(name="tax_number", aliases=("税号", "纳税人识别号", "统一社会信用代码", "vat number")),
        Text(name="bank", aliases=("开户行", "开户银行", "bank name")),
        Text(name="account", aliases=("账号", "银行账号", "iban", "bank account")),
        Street(name="address", wide=True, aliases=("注册地址", "开票地址", "billing address")),
        PhoneNumber(name="phone", aliases=("开票电话", "tel")),
        YesNo(name="main", aliases=("默认", "primary")),
        _CHANGED,
    )
    columns = ("title", "customer", "tax_number", "bank", "main")
    filters = ("customer", "tax_number", "updated_at")
    sorts = _SORTS
    form = (
        Section(_("Invoice title"), ("customer", "title", "tax_number", "main"), key="title"),
        Section(_("Bank and address"), ("bank", "account", "address", "phone")),
    )
    bulk_fields = ("bank", "address")
    counted = ngettext_lazy("%(shown)s billing profile", "%(shown)s billing profiles", "n")
    acts = {
        "create": _("added a billing profile"),
        "edit": _("changed a billing profile"),
        "delete": _("removed a billing profile"),
        "import": _("imported billing profiles"),
    }
    (create, create_many, edit, edit_many, edit_each, remove_many, update_imported) = services.billing
    kept = HangingMarks(("customer_id", "tax_number", "phone"), of_billing)
    matching = RowMatching("billing_profiles", ("customer_id",), "title", exact=("tax_number",))

    @classmethod
    def words(cls) -> dict[str, Any]:
        return {
            "list_title": _("Billing profiles"),
            "new_title": _("New billing profile"),
            "empty_title": _("No billing profiles yet"),
            "empty_text": _("Title, tax number, bank and account that an invoice is made out to."),
        }


_OPEN_FIRST = (F("until").desc(nulls_first=True), "-main", "kind", "pk")


contribute(
    "customers",
    panels=(
        hanging("contact_points", "customer", _("Contact points"), order=20, sub=("kind", "use", "until"),
                end=reached_by, by=_OPEN_FIRST, empty=_("Further phones and addresses by which they are reached.")),
        hanging("addresses", "customer", _("Addresses"), order=22, sub=("use", "region", "receiver", "phone"),
                by=("-main", "use", "pk"), empty=_("Where goods, invoices and letters go.")),
        hanging("billing_profiles", "customer", _("Billing profiles"), order=24, sub=("tax_number", "bank", "account"),
                by=("-main", "title", "pk"), empty=_("What an invoice needs: title and tax number.")),
    ),
)  # fmt: skip
contribute(
    "people",
    panels=(
        hanging("contact_points", "person", _("Contact points"), order=20, sub=("kind", "use", "until"),
                end=reached_by, by=_OPEN_FIRST, empty=_("Further phones and addresses by which they are reached.")),
    ),
)  # fmt: skip
