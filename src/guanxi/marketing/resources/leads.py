"""What leads look like on every door."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.translation import gettext, ngettext_lazy, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from guanxi.customers.choices import Hides, Source
from guanxi.customers.kinds import Industries, Regions
from guanxi.customers.queries.duplicates import Sameness
from guanxi.customers.queries.pooling import InPools, UntilClaimed
from guanxi.customers.services.marks import Marks
from guanxi.customers.services.scanning import put_to_review
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import listed
from guanxi.kernel.pinyin import sort_key
from guanxi.kinds import Choice, Coded, DateTime, Email, PhoneNumber, Show, Text, WeChat
from guanxi.marketing.choices import OPEN, DiscardReason, Standing, State
from guanxi.marketing.heads import LEAD_HEADS, SOURCES
from guanxi.marketing.kinds import NextStep, PoolLink, Speaks, Toned
from guanxi.marketing.models import Lead
from guanxi.marketing.queries.alike import COLUMNS, LEADS, alike, held_of
from guanxi.marketing.queries.pools import LYING
from guanxi.marketing.services import leads as services
from guanxi.marketing.services import pools
from guanxi.marketing.services.merging import merge_leads
from guanxi.resource import access, acting
from guanxi.resource.actions import Action
from guanxi.resource.contributions import Alert, contribute
from guanxi.resource.declaration import Ready, Resource, SearchText, Section, Sort
from guanxi.resource.links import MemberLink, RecordLink
from guanxi.resource.merging import merging
from guanxi.resource.reach import Either, Owned
from guanxi.resource.registry import register
from guanxi.resource.standard import assigning


def _is_open(record: Any) -> bool:
    return record.state in OPEN


def _is_new(record: Any) -> bool:
    return bool(record.state == State.NEW)


def _to_qualify(record: Any) -> bool:
    return record.state in (State.NEW, State.WORKING)


def _is_discarded(record: Any) -> bool:
    return bool(record.state == State.DISCARDED)


_NEED = Text(
    name="need",
    wide=True,
    multiline=True,
    aliases=LEAD_HEADS["need"],
    help=_("What they want, in their words."),
)
_BUDGET = Text(name="budget", aliases=LEAD_HEADS["budget"])
_DECIDER = Text(name="decider", aliases=LEAD_HEADS["decider"])
_TIMING = Text(name="timing", aliases=LEAD_HEADS["timing"])
_OURS = Owned("owner")


@register
class Leads(Resource):
    key, code, model = LEADS, "marketing.lead", Lead
    icon, title, owner = "target-arrow", "name", "owner"
    label = _("lead")
    label_plural = _("Leads")
    qualifies = _("Must be answered before it is converted")
    reach = Either(_OURS, InPools(LYING))
    listed = (_OURS, "pool")
    withheld = UntilClaimed(
        LEADS,
        LYING,
        {Hides.CONTACTS: ("person", "phone", "email", "wechat"), Hides.RECORDS: ("remarks",)},
    )

    kinds = (
        Text(name="name", required=True, aliases=LEAD_HEADS["name"]),
        Text(name="person", personal=True, aliases=LEAD_HEADS["person"]),
        Text(name="post", minor=True, aliases=LEAD_HEADS["post"]),
        PhoneNumber(name="phone", personal=True, aliases=LEAD_HEADS["phone"]),
        Email(name="email", personal=True, minor=True, aliases=LEAD_HEADS["email"]),
        WeChat(name="wechat", personal=True, minor=True, aliases=LEAD_HEADS["wechat"]),
        Coded(name="region", table=Regions(), aliases=LEAD_HEADS["region"]),
        Coded(name="industry", minor=True, table=Industries(), aliases=LEAD_HEADS["industry"]),
        RecordLink(name="line", to="product_lines", minor=True, aliases=LEAD_HEADS["line"]),
        _NEED,
        _BUDGET,
        _DECIDER,
        _TIMING,
        Choice(name="source", choices=Source, aliases=LEAD_HEADS["source"], synonyms=SOURCES),
        Text(name="source_detail", minor=True, aliases=LEAD_HEADS["source_detail"]),
        MemberLink(name="owner", aliases=LEAD_HEADS["owner"]),
        PoolLink(name="pool", minor=True, set_code="marketing.lead.assign", aliases=LEAD_HEADS["pool"]),
        Toned(name="state", choices=State, only_read=True),
        Speaks(name="standing", label=pgettext_lazy("lead", "Evidence"), choices=Standing),
        NextStep(name="next_step", label=pgettext_lazy("lead", "Next step")),
        Choice(name="discard_reason", choices=DiscardReason, only_read=True, minor=True),
        Text(name="discard_note", only_read=True, minor=True),
        RecordLink(name="twin", to="customers", only_read=True, minor=True),
        RecordLink(name="customer", to="customers", only_read=True, minor=True),
        RecordLink(name="contact", to="people", only_read=True, minor=True),
        DateTime(name="converted_at", only_read=True, minor=True),
        Text(
            name="number",
            minor=True,
            aliases=LEAD_HEADS["number"],
            help=_("Of another system, by which an import finds this lead again."),
        ),
        Text(name="remarks", wide=True, multiline=True, aliases=LEAD_HEADS["remarks"]),
        DateTime(name="created_at", label=_("Created"), minor=True),
        DateTime(name="updated_at", label=_("Last changed"), minor=True),
    )
    columns = ("name", "person", "standing", "need", "state", "source", "owner", "next_step", "created_at")
    phone = {"name": "title", "person": "meta", "standing": "end2", "created_at": "end"}
    filters = (
        "state", "owner", "pool", "source", "region", "line", "discard_reason", "created_at", "updated_at", "customer",
        "number", "standing", "next_step",
    )  # fmt: skip
    sorts = (
        Sort("created_at", _("created"), ("created_at", "id"), descending=True),
        Sort("name", _("name"), ("name_sort", "id")),
        Sort("updated_at", _("last change"), ("updated_at", "id"), descending=True),
    )
    ready = (
        Ready(
            pgettext_lazy("leads", "Most likely real"),
            "standing=ready,talked,asks&state=new,working,qualified",
            "standing",
        ),
        Ready(pgettext_lazy("leads", "Never touched"), "standing=untouched&state=new", "standing"),
        Ready(
            pgettext_lazy("leads", "Perhaps rubbish"),
            "standing=known,wrong,unreachable&state=new,working",
            "standing",
        ),
        Ready(
            pgettext_lazy("leads", "Without a next step"),
            "next_step.empty=1&state=working,qualified",
            "next_step",
        ),
        Ready(pgettext_lazy("leads", "To be claimed"), "owner.empty=1&pool.filled=1", "pool"),
    )
    form = (
        Section(
            pgettext_lazy("lead", "Who"),
            ("name", "person", "post", "phone", "wechat", "email", "region", "industry"),
        ),
        Section(pgettext_lazy("lead", "What they want"), ("need", "line", "budget", "decider", "timing")),
        Section(
            _("Where it came from"),
            ("source", "source_detail", "owner", "pool", "number", "remarks"),
        ),
        Section(
            pgettext_lazy("lead", "What became of it"),
            ("discard_reason", "discard_note", "twin", "customer", "contact", "converted_at"),
            minor=True,
        ),
    )
    header = ("state", "standing", "next_step", "owner", "source")
    rights = {
        "view": {"sales_manager": "below", "salesperson": "own", "marketer": "all"},
        "create": {"sales_manager": "all", "salesperson": "all", "marketer": "all", "service_agent": "all"},
        "edit": {"sales_manager": "below", "salesperson": "own", "marketer": "all"},
        "assign": {"sales_manager": "below", "marketer": "all"},
        "claim": {"sales_manager": "all", "salesperson": "all"},
        "release": {"sales_manager": "below", "salesperson": "own", "marketer": "all"},
        "merge": {"sales_manager": "below", "marketer": "all"},
        "delete": {"sales_manager": "below", "marketer": "all"},
        "export": {"sales_manager": "below", "marketer": "all"},
        "import": {"sales_manager": "all", "marketer": "all"},
    }
    counted = ngettext_lazy("%(shown)s lead", "%(shown)s leads", "n")
    search_fields = ("name", "person", "phone", "number", "need")
    bulk_fields = ("source", "source_detail", "line", "region", "industry", "owner")
    matching = Sameness(LEADS)
    kept = Marks(COLUMNS, held_of)
    actions = (
        assigning("leads", "owner"),
        merging("leads", merge_leads),
        *pools.CLAIMS.actions(order=4),
        Action(
            key="qualify", label=pgettext_lazy("lead", "Qualify"), service=services.qualify, verb="edit", form="row",
            inputs=(_NEED, _BUDGET, _DECIDER, _TIMING), icon="circle-check", when=_to_qualify,
            known=True, asks=True, said=pgettext_lazy("lead", "%(what)s qualified"), order=6,
        ),
        Action(
            key="take_up", label=pgettext_lazy("lead", "Start working on it"), service=services.take_up, verb="edit",
            icon="check", when=_is_new, said=pgettext_lazy("lead", "%(what)s is being worked on"), order=7,
        ),
        Action(
            key="discard", label=pgettext_lazy("lead", "Discard"), service=services.discard_leads, verb="edit",
            inputs=(
                Choice(name="why", label=pgettext_lazy("lead", "Reason"), choices=DiscardReason, required=True),
                Text(name="note", label=_("More about the reason")),
            ),
            icon="x", when=_is_open, said=pgettext_lazy("lead", "%(what)s discarded"), order=8,
        ),
        Action(
            key="revive", label=pgettext_lazy("lead", "Revive"), service=services.revive_leads, verb="edit",
            icon="arrow-back-up", when=_is_discarded, said=pgettext_lazy("lead", "%(what)s revived"), order=9,
        ),
    )  # fmt: skip

    acts = {
        "create": _("took down a lead"),
        "edit": _("changed a lead"),
        "assign": _("assigned a lead"),
        "claim": _("claimed a lead"),
        "release": _("released a lead"),
        "qualify": _("qualified a lead"),
        "take_up": _("began to work on a lead"),
        "discard": _("discarded a lead"),
        "revive": _("revived a lead"),
        "convert": _("converted a lead"),
        "merge": _("merged leads"),
        "delete": _("deleted a lead"),
        "import": _("imported leads"),
    }

    create = services.create_lead
    create_many = services.create_leads
    edit = services.edit_lead
    edit_many = services.edit_leads
    edit_each = services.edit_each
    remove_many = services.delete_leads
    update_imported = services.update_imported
    merge = merge_leads
    review = partial(put_to_review, resource=LEADS)

    @classmethod
    def derive(cls, values: dict[str, Any]) -> None:
        if "name" in values:
            values["name_sort"] = sort_key(values["name"])
        services.pooled(values)

    @classmethod
    def search_text(cls, record: Lead) -> SearchText:
        return SearchText(
            names=tuple(filter(None, (record.name, record.person))),
            phones=(record.phone,),
            codes=(record.number,),
            detail=record.need[:60],
        )

    @classmethod
    def subtitle(cls, record: Lead, show: Show) -> str:
        names = ("person", "post", "region", "line")
        said = [
            kind.text(record, show)
            for kind in access.readable(show.actor, cls, names)
            if access.is_open(show.actor, kind)
        ]
        return " · ".join(text for text in said if text)

    @classmethod
    def duplicates(cls, actor: Actor, values: dict[str, Any], *, beside: UUID | None = None) -> Sequence[Any]:
        return alike(actor, values, beside=beside)

    @classmethod
    def words(cls) -> dict[str, Any]:
        return {
            "list_title": _("Leads"),
            "new_title": _("New lead"),
            "compared": _("Compared with leads, customers and people by name, phone, e-mail and WeChat."),
            "empty_title": _("No leads yet"),
            "empty_text": _(
                "Names from fairs, enquiries and referrals stand here until they are customers or come to nothing."
            ),
        }


def _no_next_step(actor: Actor, record: Lead, show: Show) -> tuple[str, Any, str] | None:
    """At the head of a card: nothing is planned with a lead that is worked on."""
    if record.state not in (State.WORKING, State.QUALIFIED):
        return None
    kind = Leads.kind("next_step")
    kind.prefetch([record], show)
    if kind.value(record) is not None:
        return None
    return "warn", gettext("No next step is planned"), ""


def _to_be_asked(actor: Actor, record: Lead, show: Show) -> tuple[str, Any, str] | None:
    """At the head of the card of a lead that is open: which of the company's questions nobody has answered."""
    if record.state not in OPEN or not access.allows(actor, Leads, record, "edit"):
        return None
    asked = acting.questions(actor, Leads)
    open_ones = [kind for kind in asked if kind.is_blank(kind.value(record))]
    if not open_ones:
        return None
    needed = any(kind.own and kind.own.needed for kind in open_ones)
    said = gettext("%(done)s of %(all)s questions answered. Still to be asked: %(what)s")
    if needed:
        said = gettext(
            "%(done)s of %(all)s questions answered. Needed before conversion, among others: %(what)s"
        )
        open_ones = [kind for kind in open_ones if kind.own and kind.own.needed]
    words = {"done": len(asked) - len([k for k in asked if k.is_blank(k.value(record))]), "all": len(asked)}
    what = listed(str(kind.label) for kind in open_ones)
    url = (
        Leads.url("act", id=record.pk, key="qualify")
        if _to_qualify(record)
        else Leads.url("edit", id=record.pk)
    )
    return "warn" if needed else "", said % {**words, "what": what}, url


contribute(
    "leads", alerts=(Alert("questions", _to_be_asked, order=15), Alert("next_step", _no_next_step, order=20))
)
