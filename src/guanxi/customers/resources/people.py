"""What people and their positions look like on every door."""

# Chinese in code: the heads that spreadsheets give these columns

from collections.abc import Collection, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from guanxi.customers.choices import Channel, Language, Sex
from guanxi.customers.heads import PEOPLE_HEADS
from guanxi.customers.kinds import Born
from guanxi.customers.models import Person
from guanxi.customers.queries.beside import PersonLines
from guanxi.customers.queries.completeness import person_completeness
from guanxi.customers.queries.duplicates import PERSON_COLUMNS, Sameness, duplicates_of
from guanxi.customers.queries.people import name_key
from guanxi.customers.rules import birthdays
from guanxi.customers.rules.alike import PEOPLE, person_of
from guanxi.customers.services import people as services
from guanxi.customers.services.marks import Marks, of_person
from guanxi.customers.services.merging import merge_people
from guanxi.customers.services.scanning import put_to_review
from guanxi.foundation.permissions import codes
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.pinyin import person_sort_key
from guanxi.kinds import Choice, DateTime, Email, PhoneNumber, Show, Text, WeChat, YesNo
from guanxi.resource import access
from guanxi.resource.declaration import Ready, Resource, SearchText, Section, Sort
from guanxi.resource.following import Through
from guanxi.resource.links import MemberLink, RecordLink
from guanxi.resource.merging import merging
from guanxi.resource.reach import Either, Owned
from guanxi.resource.registry import register
from guanxi.resource.standard import assigning

_RIGHTS = {
    "view": {
        "sales_manager": "below", "salesperson": "own", "marketer": "all", "service_agent": "all",
        "dispatcher": "all", "technician": "all", "finance": "all",
    },
    "create": {"sales_manager": "all", "salesperson": "all", "marketer": "all", "service_agent": "all"},
    "edit": {"sales_manager": "below", "salesperson": "own", "marketer": "own", "service_agent": "all"},
    "assign": {"sales_manager": "below"},
    "delete": {"sales_manager": "below"},
    "merge": {"sales_manager": "below"},
    "export": {"sales_manager": "below"},
    "import": {"sales_manager": "all", "marketer": "all"},
}  # fmt: skip


@register
class People(Resource):
    key, code, model = "people", "customers.person", Person
    icon = "users"
    label = pgettext_lazy("contact", "person")
    label_plural = pgettext_lazy("contact", "People")
    owner = "owner"
    reach = Either(Owned("owner"), Through("affiliations", "person"))

    kinds = (
        Text(
            name="name",
            required=True,
            aliases=PEOPLE_HEADS["name"],
        ),
        RecordLink(
            name="customer",
            to="customers",
            aliases=PEOPLE_HEADS["customer"],
        ),
        Text(name="department", aliases=("部门", "所在部门")),
        Text(
            name="post",
            aliases=PEOPLE_HEADS["post"],
        ),
        PhoneNumber(
            name="phone",
            aliases=PEOPLE_HEADS["phone"],
        ),
        Email(
            name="email",
            aliases=PEOPLE_HEADS["email"],
        ),
        WeChat(name="wechat", aliases=("微信号", "weixin")),
        Choice(name="sex", choices=Sex, minor=True, aliases=("男女", "gender")),
        Born(name="born", personal=True, aliases=("生日", "birthday", "date of birth")),
        YesNo(name="born_lunar", minor=True, aliases=("农历", "农历生日", "lunar birthday")),
        Choice(name="language", choices=Language, minor=True),
        Choice(name="channel", choices=Channel, minor=True),
        Text(
            name="other_names",
            minor=True,
            aliases=("英文名", "别名", "曾用名", "昵称", "english name", "alias", "nickname"),
        ),
        Text(
            name="number",
            minor=True,
            aliases=(
                "external id",
                "contact id",
                "客户联系人编号",
                "联系人编号",
                "联系人id",
                "id",
                "record id",
            ),
            help=_("Of another system, by which an import finds this person again."),
        ),
        MemberLink(name="owner", aliases=("销售", "业务员")),
        Text(
            name="remarks",
            wide=True,
            aliases=("备注", "说明", "note", "notes", "description", "background", "comments"),
        ),
        DateTime(name="created_at", label=_("Created"), minor=True),
        DateTime(name="updated_at", label=_("Last changed"), minor=True),
    )
    columns = ("name", "customer", "post", "phone", "owner", "updated_at")
    phone = {"name": "title", "customer": "meta", "post": "end2", "updated_at": "end"}
    filters = ("customer", "owner", "born", "number", "created_at", "updated_at")
    sorts = (
        Sort("updated_at", _("last change"), ("updated_at", "id"), descending=True),
        Sort("name", _("name"), ("name_sort", "id")),
        Sort("created_at", _("created"), ("created_at", "id"), descending=True),
    )
    ready = (Ready(_("Birthdays soon"), "born.next=30&columns=name,born,customer,post,phone,owner", "born"),)
    form = (
        Section(pgettext_lazy("contact", "Person"), ("name", "customer", "department", "post")),
        Section(_("How to reach them"), ("phone", "wechat", "email", "channel", "language")),
        Section(
            _("More about them"), ("sex", "born", "born_lunar", "other_names", "number", "owner", "remarks")
        ),
    )
    header = ("owner", "created_at")
    rights = _RIGHTS
    counted = ngettext_lazy("%(shown)s person", "%(shown)s people", "n")
    actions = (assigning("people", "owner"), merging("people", merge_people))
    search_fields = ("name", "other_names", "phone", "email", "wechat", "number", "post")
    beside = PersonLines()
    bulk_fields = ("channel", "language", "owner")

    acts = {
        "create": pgettext_lazy("contact", "created a person"),
        "edit": pgettext_lazy("contact", "changed a person"),
        "assign": pgettext_lazy("contact", "assigned a person"),
        "delete": pgettext_lazy("contact", "deleted a person"),
        "import": pgettext_lazy("contact", "imported people"),
    }

    create = services.create_person
    create_many = services.create_people
    edit = services.edit_person
    edit_many = services.edit_people
    edit_each = services.edit_each
    remove_many = services.delete_people
    update_imported = services.update_imported
    merge = merge_people
    matching = Sameness(PEOPLE)
    review = partial(put_to_review, resource=PEOPLE)
    kept = Marks(PERSON_COLUMNS, of_person)

    @classmethod
    def exact(cls, text: str, closed: Collection[str] = ()) -> Q:
        if not text:
            return Q(pk__in=[])
        named = Q(name_key=name_key(text))
        return named if "number" in closed else named | Q(number=text)

    @classmethod
    def exact_many(
        cls, rows: QuerySet[Any], texts: Collection[str], closed: Collection[str] = ()
    ) -> dict[str, list[UUID]]:
        found: dict[str, list[UUID]] = {text: [] for text in texts}
        if "number" not in closed:
            numbered = rows.filter(~Q(number=""), number__in=[text for text in texts if text])
            for person, number in numbered.order_by("pk").values_list("pk", "number"):
                found[number].append(person)
        # Who is meant by number is not looked for by name: a namesake would make it two.
        names = {text: name_key(text) for text, people in found.items() if not people}
        by_name: dict[str, list[UUID]] = {}
        named = rows.filter(name_key__in={name for name in names.values() if name})
        for person, name in named.order_by("pk").values_list("pk", "name_key"):
            by_name.setdefault(name, []).append(person)
        for text, name in names.items():
            found[text] = by_name.get(name, [])
        return {text: people[:2] for text, people in found.items()}

    @classmethod
    def derive(cls, values: dict[str, Any]) -> None:
        if "name" in values:
            values["name_key"] = name_key(values["name"])
            values["name_sort"] = person_sort_key(values["name"])
        if "born" in values:
            values["born_day"], values["born_moon"] = birthdays.keys_of(values["born"])

    @classmethod
    def search_text(cls, record: Person) -> SearchText:
        return SearchText(
            names=(record.name, record.other_names),
            phones=(record.phone,),
            codes=(record.email, record.wechat, record.number),
            detail=record.post,
            person=True,
        )

    @classmethod
    def told_apart(cls, record: Person, show: Show) -> str:
        open_kinds = [
            kind
            for kind in access.readable(show.actor, cls, ("customer", "post"))
            if access.is_open(show.actor, kind)
        ]
        return " · ".join(text for kind in open_kinds if (text := kind.text(record, show)))

    @classmethod
    def subtitle(cls, record: Person, show: Show) -> str:
        names = ("post", "department", "customer")
        kinds = [kind for kind in access.readable(show.actor, cls, names) if access.is_open(show.actor, kind)]
        return " · ".join(text for kind in kinds if (text := kind.text(record, show)))

    @classmethod
    def completeness(cls, actor: Actor, record: Any) -> tuple[int, Sequence[tuple[str, str]]]:
        return person_completeness(actor, record)

    @classmethod
    def words(cls) -> dict[str, Any]:
        return {
            "list_title": pgettext_lazy("contact", "People"),
            "new_title": pgettext_lazy("contact", "New person"),
            "compared": _(
                "Compared are the name with phone, e-mail, WeChat, birthday and customer; and the number."
            ),
            "empty_title": pgettext_lazy("contact", "No people yet"),
            "empty_text": _(
                "The people in your customers stand here, each once, wherever they work. "
                "Add the first one, or bring in a spreadsheet."
            ),
        }

    @classmethod
    def duplicates(cls, actor: Actor, values: dict[str, Any], *, beside: UUID | None = None) -> Sequence[Any]:
        return duplicates_of(actor, person_of(values), beside=beside)


codes.register(
    services.DESPITE,
    _("Create one that certainly exists, with a reason"),
    group=People.label_plural,
    reach=False,
    defaults={"sales_manager": "all"},
)
