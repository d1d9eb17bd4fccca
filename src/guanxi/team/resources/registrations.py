"""What registrations look like on every door."""

# Chinese in code: the heads that spreadsheets give these columns

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from guanxi.customers.kinds import Regions
from guanxi.customers.queries.hanging import RowMatching
from guanxi.kinds import Coded, Date, DateTime, Show, Text
from guanxi.kinds.kind import Computed
from guanxi.resource import access
from guanxi.resource.actions import Action
from guanxi.resource.contributions import Alert, Button, Panel, contribute
from guanxi.resource.declaration import Ready, Resource, SearchText, Section, Sort
from guanxi.resource.links import MemberLink, RecordLink
from guanxi.resource.reach import Owned
from guanxi.resource.registry import register
from guanxi.resource.related import Related
from guanxi.resource.standard import assigning
from guanxi.team.choices import REVIEW, State
from guanxi.team.models import Registration
from guanxi.team.queries.registrations import keeps_out, line_key, project_key, region_stem
from guanxi.team.resources.rivals import at_customer, collides, collision, decision_buttons, ending, others_of
from guanxi.team.resources.standing import Collides, Standing, Times, read_collisions
from guanxi.team.rules.registration import EXTENSIONS
from guanxi.team.services import deciding
from guanxi.team.services import registrations as services


def _waits(record: Any) -> bool:
    return bool(record.state == State.SUBMITTED)


def _may_be_extended(record: Any) -> bool:
    return keeps_out(record) and record.extensions < EXTENSIONS


def _may_be_won(record: Any) -> bool:
    return bool(record.state == State.IN_FORCE)


def _may_be_withdrawn(record: Any) -> bool:
    return record.state in (State.SUBMITTED, State.IN_FORCE)


_WHY = Text(name="why", label=pgettext_lazy("registration", "Reason"), required=True, max_length=300)
_WHY_NOT = Text(name="why", label=pgettext_lazy("registration", "Reason"), max_length=300)
_PROOF = Text(name="proof", label=_("What has moved since"), required=True, multiline=True, max_length=1000)


@register
class Registrations(Resource):
    key, code, model = "registrations", "team.registration", Registration
    icon, title, owner = "target-arrow", "line", "owner"
    label = _("deal registration")
    label_plural = _("Deal registrations")
    # Of another's for the same one learns on one's own, and no more than who and since when.
    reach = Owned("owner")

    kinds = (
        RecordLink(name="customer", to="customers", required=True, aliases=("客户名称", "公司", "account")),
        Text(name="line", required=True, aliases=("产品", "产品线", "品类", "product", "product line")),
        Coded(name="region", table=Regions(), aliases=("省市", "区域", "报备区域", "territory")),
        Text(
            name="project",
            aliases=("项目名称", "工程名称", "project name"),
            help=_("Empty: whatever they buy of this line."),
        ),
        MemberLink(name="owner", aliases=("报备人", "销售", "registered by", "salesperson")),
        Text(
            name="evidence",
            wide=True,
            multiline=True,
            minor=True,
            aliases=("依据", "报备依据", "证明"),
            help=_("What shows that the deal is real: a visit, an enquiry, a drawing."),
        ),
        Standing(name="state", choices=State, only_read=True),
        Collides(name="collides", label=_("Collision"), computed=Computed(read=read_collisions), minor=True),
        Date(name="until", only_read=True),
        Times(name="extensions", most=99, only_read=True, minor=True),
        Text(name="progress", wide=True, multiline=True, only_read=True, minor=True),
        MemberLink(name="reviewed_by", only_read=True, minor=True),
        DateTime(name="reviewed_at", only_read=True, minor=True),
        Text(name="reason", wide=True, only_read=True, minor=True),
        DateTime(name="created_at", label=pgettext_lazy("registration", "Registered"), minor=True),
        DateTime(name="updated_at", label=_("Last changed"), minor=True),
    )
    columns = ("line", "customer", "region", "project", "state", "collides", "until", "owner", "created_at")
    phone = {"line": "title", "customer": "meta", "state": "end", "until": "end2"}
    filters = ("state", "collides", "customer", "owner", "until", "region", "created_at", "updated_at")
    sorts = (
        Sort(
            "created_at",
            pgettext_lazy("registration", "day of registering"),
            ("created_at", "id"),
            descending=True,
        ),
        Sort("updated_at", _("last change"), ("updated_at", "id"), descending=True),
    )
    ready = (
        Ready(pgettext_lazy("registrations", "To decide"), "state=submitted", "state"),
        Ready(pgettext_lazy("registrations", "Collisions"), "collides=yes", "collides"),
        Ready(pgettext_lazy("registrations", "Running out"), "state=in_force&until.next=15", "until"),
    )
    form = (
        Section(
            pgettext_lazy("registration", "The deal"),
            ("customer", "line", "region", "project", "owner", "evidence"),
        ),
        Section(
            pgettext_lazy("registration", "Decision"),
            ("reviewed_by", "reviewed_at", "reason", "extensions", "progress"),
            minor=True,
        ),
    )
    header = ("state", "until", "owner")
    rights = {
        "view": {"sales_manager": "below", "salesperson": "own"},
        "create": {"sales_manager": "all", "salesperson": "all"},
        "edit": {"sales_manager": "below", "salesperson": "own"},
        "review": {"sales_manager": "below"},
        "assign": {"sales_manager": "below"},
        "delete": {"sales_manager": "below"},
        "export": {"sales_manager": "below"},
        "import": {"sales_manager": "all"},
    }
    counted = ngettext_lazy("%(shown)s registration", "%(shown)s registrations", "n")
    search_fields = ("line", "project")
    bulk_fields = ("region", "evidence")
    matching = RowMatching("registrations", ("customer_id",), "line", exact=("region", "project", "owner_id"))
    panels = (Panel("others", _("Who registered the same"), draw=others_of, order=5),)
    actions = (
        Action(
            key="accept", label=pgettext_lazy("registration", "Accept"), service=deciding.accept, verb="review",
            icon="check", when=_waits, said=pgettext_lazy("registration", "%(what)s in force"), order=5,
        ),
        Action(
            key="refuse", label=pgettext_lazy("registration", "Refuse"), service=deciding.refuse, verb="review",
            inputs=(_WHY,), icon="x", when=_waits, said=pgettext_lazy("registration", "%(what)s refused"), order=6,
        ),
        Action(
            key="settle", label=_("Award to this one"), service=deciding.settle, verb="review", form="row",
            inputs=(_WHY,), icon="arrows-split", when=collides,
            said=pgettext_lazy("registration", "%(what)s in force, the others refused"), order=7,
        ),
        Action(
            key="extend", label=pgettext_lazy("registration", "Extend"), service=deciding.extend, verb="edit",
            inputs=(_PROOF,), icon="calendar-event", when=_may_be_extended,
            said=pgettext_lazy("registration", "%(what)s extended"), order=8,
        ),
        Action(
            key="win", label=pgettext_lazy("registration", "Mark as won"), service=deciding.win, verb="edit",
            icon="circle-check", when=_may_be_won, said=pgettext_lazy("registration", "%(what)s won"), order=9,
        ),
        Action(
            key="withdraw", label=pgettext_lazy("registration", "Withdraw"), service=deciding.withdraw, verb="edit",
            inputs=(_WHY_NOT,), icon="arrow-back-up", when=_may_be_withdrawn,
            said=pgettext_lazy("registration", "%(what)s withdrawn"), order=10,
        ),
        assigning("registrations", "owner"),
    )  # fmt: skip

    acts = {
        "create": _("registered a deal"),
        "edit": _("changed a registration"),
        "review": _("decided on a registration"),
        "accept": _("accepted a registration"),
        "refuse": _("refused a registration"),
        "settle": _("settled a collision"),
        "extend": _("extended a registration"),
        "withdraw": _("withdrew a registration"),
        "win": _("marked a registration as won"),
        "assign": _("gave a registration to somebody"),
        "delete": _("deleted a registration"),
        "import": _("imported registrations"),
    }

    create = services.register_deal
    create_many = services.register_deals
    edit = services.edit_registration
    edit_many = services.edit_registrations
    edit_each = services.edit_each
    remove_many = services.delete_registrations
    update_imported = services.update_imported

    @classmethod
    def derive(cls, values: dict[str, Any]) -> None:
        if "line" in values:
            values["line_key"] = line_key(values["line"])
        if "region" in values:
            values["region_stem"] = region_stem(values["region"])
        if "project" in values:
            values["project_key"] = project_key(values["project"])

    @classmethod
    def search_text(cls, record: Registration) -> SearchText:
        return SearchText(names=(record.line, record.project))

    @classmethod
    def subtitle(cls, record: Registration, show: Show) -> str:
        said = [
            kind.text(record, show)
            for kind in access.readable(show.actor, cls, ("customer", "region", "project"))
            if access.is_open(show.actor, kind)
        ]
        return " · ".join(text for text in said if text)

    @classmethod
    def words(cls) -> dict[str, Any]:
        return {
            "list_title": _("Deal registrations"),
            "new_title": _("Register a deal"),
            "empty_title": _("No deals registered yet"),
            "empty_text": _(
                "Who registers a deal first is protected once it was accepted. Whoever registers the same is "
                "told, and a manager decides."
            ),
        }


contribute(
    "registrations",
    alerts=(Alert("collision", collision, order=5), Alert("ending", ending, order=10)),
    buttons=(Button("deciding", decision_buttons, order=5, code=REVIEW),),
)
contribute(
    "customers",
    alerts=(Alert("registrations", at_customer, order=15),),
    panels=(
        Related(
            key="registrations",
            title=_("Deal registrations"),
            to="registrations",
            by="customer",
            order=45,
            sub=("project", "region", "owner"),
            end="state",
            end_sub="until",
            empty=_("Nobody registered a deal here."),
        ),
    ),
)
