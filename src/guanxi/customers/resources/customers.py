"""What customers look like on every door."""

# Chinese in code: the heads that spreadsheets give these columns

from collections.abc import Collection, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from guanxi.customers.choices import Grade, Relation, Size, Source
from guanxi.customers.heads import CUSTOMER_HEADS, RELATIONS
from guanxi.customers.kinds import CreditCodeText, Industries, Regions
from guanxi.customers.models import Customer
from guanxi.customers.queries.beside import CustomerLines
from guanxi.customers.queries.completeness import customer_completeness
from guanxi.customers.queries.customers import name_key, named_exactly
from guanxi.customers.queries.duplicates import CUSTOMER_COLUMNS, Sameness, duplicates_of, read_customer
from guanxi.customers.queries.pooling import InPools
from guanxi.customers.reference import regions
from guanxi.customers.resources.customer_fields import DETAILS, SECTIONS, credit_action
from guanxi.customers.resources.locking import LOCK_ACTIONS
from guanxi.customers.resources.parts import PARTS
from guanxi.customers.resources.pooling import POOL_ACTIONS, UNTIL_CLAIMED
from guanxi.customers.rules import former_names
from guanxi.customers.rules.alike import CUSTOMERS
from guanxi.customers.services import credit
from guanxi.customers.services import customers as services
from guanxi.customers.services.marks import Marks, of_customer
from guanxi.customers.services.merging import merge_customers
from guanxi.customers.services.pools import pooled
from guanxi.customers.services.scanning import put_to_review
from guanxi.foundation.design import marks
from guanxi.foundation.permissions import codes
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.pinyin import sort_key
from guanxi.kinds import (
    Address,
    Choice,
    Choices,
    Coded,
    DateTime,
    PhoneNumber,
    Show,
    Text,
    WebAddress,
)
from guanxi.resource import access
from guanxi.resource.declaration import Resource, SearchText, Section, Sort
from guanxi.resource.links import MemberLink, RecordLink
from guanxi.resource.merging import merging
from guanxi.resource.reach import Either, Owned
from guanxi.resource.registry import register
from guanxi.resource.related import Related
from guanxi.resource.standard import assigning

# Whose it is, or who looks after a part of it; to change it stays with who answers for it.
_OURS = Either(Owned("owner"), PARTS)


@register
class Customers(Resource):
    key = "customers"
    code = "customers.customer"
    model = Customer
    icon = "building-skyscraper"
    label = _("customer")
    label_plural = _("Customers")
    owner = "owner"
    reach = Either(_OURS, InPools())
    listed = (_OURS, "pool")
    withheld = UNTIL_CLAIMED
    told = True

    kinds = (
        Text(
            name="name",
            required=True,
            wide=True,
            aliases=CUSTOMER_HEADS["name"],
        ),
        Text(name="short_name", aliases=("客户简称", "公司简称", "short form")),
        Text(
            name="number",
            minor=True,
            aliases=CUSTOMER_HEADS["number"],
            help=_("Of another system, by which an import finds this customer again."),
        ),
        Choices(
            name="relations",
            choices=Relation,
            required=True,
            wide=True,
            aliases=("type", "account type"),
            synonyms=RELATIONS,
        ),
        CreditCodeText(
            name="credit_code", aliases=("统一社会信用代码", "税号", "纳税人识别号", "tax number")
        ),
        Coded(
            name="region",
            table=Regions(),
            aliases=(
                "省市",
                "城市",
                "所在城市",
                "所在地",
                "所在地区",
                "所属地区",
                "office_location",
                "location",
                "country",
            ),
        ),
        Coded(
            name="industry",
            minor=True,
            table=Industries(),
            aliases=("sector", "所属行业", "行业分类", "行业类别"),
        ),
        Choice(name="size", choices=Size, aliases=("公司规模", "人数")),
        Choice(name="grade", choices=Grade, mark=marks.grade, aliases=("客户级别", "客户等级", "等级")),
        Choice(name="source", choices=Source, aliases=("客户来源",)),
        MemberLink(
            name="owner",
            aliases=CUSTOMER_HEADS["owner"],
        ),
        RecordLink(
            name="pool",
            to="pools",
            minor=True,
            set_code="customers.customer.move",
            aliases=("公海", "所属公海"),
        ),
        RecordLink(
            name="parent",
            to="customers",
            aliases=CUSTOMER_HEADS["parent"],
        ),
        PhoneNumber(
            name="phone",
            aliases=CUSTOMER_HEADS["phone"],
        ),
        WebAddress(
            name="website",
            minor=True,
            aliases=CUSTOMER_HEADS["website"],
        ),
        Address(
            name="address",
            wide=True,
            aliases=CUSTOMER_HEADS["address"],
        ),
        *DETAILS,
        Text(
            name="remarks",
            wide=True,
            aliases=("说明", "描述", "备注信息", "note", "notes", "description", "comments"),
        ),
        DateTime(name="created_at", label=_("Created"), minor=True),
        DateTime(name="updated_at", label=_("Last changed"), minor=True),
    )
    columns = ("name", "grade", "relations", "industry", "owner", "phone", "updated_at")
    phone = {"name": "title", "grade": "mark", "industry": "meta", "owner": "end2", "updated_at": "end"}
    filters = (
        "owner", "pool", "grade", "relations", "region", "industry", "size", "source", "parent", "credit_code",
        "number", "category", "credit_rating", "created_at", "updated_at",
    )  # fmt: skip
    sorts = (
        Sort("updated_at", _("last change"), ("updated_at", "id"), descending=True),
        Sort("name", _("name"), ("name_sort", "id")),
        Sort("created_at", _("created"), ("created_at", "id"), descending=True),
        Sort("grade", _("grade"), ("grade_order", "name_sort", "id")),
    )
    form = (
        Section(
            _("Company"),
            (
                "name",
                "relations",
                "short_name",
                "kind",
                "category",
                "credit_code",
                "number",
                "industry",
                "region",
                "size",
                "parent",
            ),
        ),
        Section(_("Contact details"), ("phone", "website", "address")),
        Section(_("How we follow up"), ("source", "grade", "owner", "remarks")),
        *SECTIONS,
    )
    header = ("grade", "owner", "source", "created_at")
    defaults = {"relations": "customer"}
    rights = {
        "view": {
            "sales_manager": "below", "salesperson": "own", "marketer": "all", "service_agent": "all",
            "dispatcher": "all", "technician": "all", "finance": "all",
        },
        "create": {"sales_manager": "all", "salesperson": "all", "marketer": "all", "service_agent": "all"},
        "edit": {"sales_manager": "below", "salesperson": "own", "marketer": "own", "service_agent": "own"},
        "assign": {"sales_manager": "below"},
        "claim": {"sales_manager": "all", "salesperson": "all"},
        "release": {"sales_manager": "below", "salesperson": "own"},
        "move": {"sales_manager": "below"},
        "lock": {"sales_manager": "below", "salesperson": "own"},
        "unlock": {"sales_manager": "below", "salesperson": "own"},
        "credit": {"finance": "all"},
        "delete": {"sales_manager": "below"},
        "merge": {"sales_manager": "below"},
        "export": {"sales_manager": "below"},
        "import": {"sales_manager": "all", "marketer": "all"},
    }  # fmt: skip

    panels = (
        Related(
            title=_("Subsidiaries"),
            to="customers",
            by="parent",
            sub=("region",),
            end="grade",
            empty=_("Companies that belong to this one."),
        ),
    )
    counted = ngettext_lazy("%(shown)s customer", "%(shown)s customers", "n")
    actions = (
        assigning("customers", "owner"),
        *POOL_ACTIONS,
        *LOCK_ACTIONS,
        merging("customers", merge_customers),
        credit_action(credit.set_credit),
    )
    search_fields = ("name", "short_name", "former_names", "phone", "credit_code", "number", "region")
    beside = CustomerLines()
    bulk_fields = (
        "relations", "region", "industry", "size", "grade", "source", "owner", "kind", "category", "settlement",
        "payment_method",
    )  # fmt: skip

    acts = {
        "create": _("created a customer"),
        "edit": _("changed a customer"),
        "assign": _("assigned a customer"),
        "claim": _("claimed a customer"),
        "release": _("released a customer"),
        "move": _("moved a customer into a pool"),
        "recycle": _("let a customer fall to its pool"),
        "lock": _("locked a customer"),
        "unlock": _("unlocked a customer"),
        "credit": _("set a customer's credit"),
        "delete": _("deleted a customer"),
        "import": _("imported customers"),
    }

    create = services.create_customer
    create_many = services.create_customers
    edit = services.edit_customer
    edit_many = services.edit_customers
    edit_each = services.edit_each
    remove_many = services.delete_customers
    update_imported = services.update_imported
    merge = merge_customers
    matching = Sameness(CUSTOMERS)
    review = partial(put_to_review, resource=CUSTOMERS)
    kept = Marks(CUSTOMER_COLUMNS, of_customer)

    @classmethod
    def exact(cls, text: str, closed: Collection[str] = ()) -> Q:
        if not text:
            return Q(pk__in=[])
        meant = Q(name_key=name_key(text)) | Q(former_key=name_key(text))
        for name in {"credit_code", "number"} - set(closed):
            meant |= Q(**{name: text})
        return meant

    @classmethod
    def exact_many(
        cls, rows: QuerySet[Any], texts: Collection[str], closed: Collection[str] = ()
    ) -> dict[str, list[UUID]]:
        return named_exactly(rows, texts, closed=closed)

    @classmethod
    def derive(cls, values: dict[str, Any]) -> None:
        if "name" in values:
            values["name_key"] = name_key(values["name"])
            values["name_sort"] = sort_key(values["name"])
        if "former_names" in values:
            values["former_key"] = name_key(former_names(values["former_names"])[0])
        pooled(values)

    @classmethod
    def search_text(cls, record: Customer) -> SearchText:
        return SearchText(
            names=(record.name, record.short_name, *filter(None, former_names(record.former_names))),
            phones=(record.phone,),
            codes=(record.credit_code, record.number),
            detail=regions.label(record.region, "zh") if record.region else "",
        )

    @classmethod
    def beside_title(cls, record: Customer, show: Show) -> str:
        if not record.region or show.actor.field_mode(cls.key, "region") is not None:
            return ""
        return regions.label(record.region, show.language)

    @classmethod
    def subtitle(cls, record: Customer, show: Show) -> str:
        names = ("relations", "region", "industry")
        said = [
            kind.text(record, show)
            for kind in access.readable(show.actor, cls, names)
            if access.is_open(show.actor, kind)
        ]
        return " · ".join(text for text in said if text)

    @classmethod
    def completeness(cls, actor: Actor, record: Any) -> tuple[int, Sequence[tuple[str, str]]]:
        return customer_completeness(actor, record)

    @classmethod
    def words(cls) -> dict[str, Any]:
        return {
            "list_title": _("Customers"),
            "new_title": _("New customer"),
            "compared": _("Name, credit code, phones, website and external number are compared."),
            "empty_title": _("No customers yet"),
            "empty_text": _(
                "Everyone you deal with stands here: customers, distributors, suppliers. "
                "Create the first one, or bring in a spreadsheet."
            ),
        }

    @classmethod
    def duplicates(cls, actor: Actor, values: dict[str, Any], *, beside: UUID | None = None) -> Sequence[Any]:
        return duplicates_of(actor, read_customer(values), beside=beside)


codes.register(
    services.DESPITE,
    _("Create one that certainly exists, with a reason"),
    group=Customers.label_plural,
    reach=False,
    defaults={"sales_manager": "all"},
)
