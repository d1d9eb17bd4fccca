"""What people and their positions look like on every door."""

# Chinese in code: the heads that spreadsheets give these columns

from collections.abc import Collection, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Case, Count, F, Q, QuerySet, When
from django.utils import timezone
from django.utils.translation import gettext, ngettext, ngettext_lazy, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from guanxi.customers.choices import Channel, Language, Sex
from guanxi.customers.kinds import Born
from guanxi.customers.models import Affiliation, Person
from guanxi.customers.queries.beside import PersonLines
from guanxi.customers.queries.completeness import person_completeness
from guanxi.customers.queries.duplicates import PERSON_COLUMNS, Sameness, duplicates_of
from guanxi.customers.queries.people import AffiliationMatching, name_key
from guanxi.customers.queries.ties import Acquaintance, acquainted
from guanxi.customers.rules import birthdays
from guanxi.customers.rules.alike import PEOPLE, person_of
from guanxi.customers.services import people as services
from guanxi.customers.services.marks import Marks, of_person
from guanxi.customers.services.merging import merge_people
from guanxi.foundation.design.shapes import PanelRow
from guanxi.foundation.design.words import exact
from guanxi.foundation.permissions import codes
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.pinyin import person_sort_key
from guanxi.kinds import Choice, Date, DateTime, Email, PhoneNumber, Show, Text, WeChat, YesNo
from guanxi.resource import access
from guanxi.resource.contributions import Content, Panel, contribute
from guanxi.resource.declaration import Ready, Resource, SearchText, Section, Sort
from guanxi.resource.following import Follows, Through
from guanxi.resource.links import MemberLink, RecordLink
from guanxi.resource.merging import merging
from guanxi.resource.reach import Either, Owned
from guanxi.resource.registry import find, register
from guanxi.resource.standard import assigning

SHOWN = 5  # of a panel
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
            aliases=(
                "联系人",
                "联系人姓名",
                "客户联系人",
                "姓名",
                "full name",
                "contact",
                "contact name",
                "display name",
                "file as",
            ),
        ),
        RecordLink(
            name="customer",
            to="customers",
            aliases=(
                "公司",
                "公司名称",
                "单位",
                "单位名称",
                "客户",
                "客户名称",
                "工作单位",
                "所属公司",
                "所属客户",
                "company",
                "account",
                "account name",
                "company name",
                "organization",
                "organization name",
                "organization 1 - name",
                "associated company",
                "employer",
            ),
        ),
        Text(name="department", aliases=("部门", "所在部门")),
        Text(
            name="post",
            aliases=(
                "职务",
                "职位",
                "岗位",
                "职称",
                "title",
                "job title",
                "position",
                "organization 1 - title",
                "organization title",
            ),
        ),
        PhoneNumber(
            name="phone",
            aliases=(
                "手机",
                "手机号",
                "手机号码",
                "联系电话",
                "mobile",
                "mobile phone",
                "mobile number",
                "mobile phone number",
                "cell phone",
                "tel",
                "cell",
                "phone number",
                "phone 1 - value",
                "primary phone",
            ),
        ),
        Email(
            name="email",
            aliases=(
                "邮箱",
                "电子邮件",
                "电子邮箱",
                "邮箱地址",
                "mail",
                "e-mail address",
                "email address",
                "primary email",
                "e-mail 1 - value",
                "work e-mail",
                "email_work",
                "email 1",
            ),
        ),
        WeChat(name="wechat", aliases=("微信号", "weixin")),
        Choice(name="sex", choices=Sex, minor=True, aliases=("男女", "gender")),
        Born(name="born", personal=True, aliases=("生日", "birthday", "date of birth")),
        YesNo(name="born_lunar", minor=True, aliases=("农历", "农历生日", "lunar birthday")),
        Choice(name="language", choices=Language, minor=True),
        Choice(name="channel", choices=Channel, minor=True),
        Text(name="other_names", minor=True, aliases=("英文名", "别名", "曾用名", "english name", "alias")),
        Text(
            name="number",
            minor=True,
            aliases=("external id", "contact id", "客户联系人编号", "联系人编号"),
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
        .order_by("past", *first, "-main", "person__name_sort", "pk")[:SHOWN]
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
        add=People.words()["new_title"],
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

codes.register(
    services.DESPITE,
    _("Create one that certainly exists, with a reason"),
    group=People.label_plural,
    reach=False,
    defaults={"sales_manager": "all"},
)
