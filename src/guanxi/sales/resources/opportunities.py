"""What opportunities look like on every door."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from guanxi.customers.choices import Currency, Source
from guanxi.foundation.permissions.actor import Actor
from guanxi.kinds import Bounded, Choice, Date, DateTime, Show, Text
from guanxi.resource import access
from guanxi.resource.actions import Action
from guanxi.resource.contributions import contribute
from guanxi.resource.declaration import Ready, Resource, SearchText, Section, Sort
from guanxi.resource.following import Follows, Named
from guanxi.resource.links import MemberLink, RecordLink
from guanxi.resource.reach import Either, Owned
from guanxi.resource.registry import register
from guanxi.resource.related import Related
from guanxi.resource.standard import assigning
from guanxi.sales.choices import AmountBy, Category, State
from guanxi.sales.heads import HEADS
from guanxi.sales.kinds import Amount, Few, OwnMoney, Since, Times
from guanxi.sales.models import Opportunity
from guanxi.sales.queries.sameness import OpportunityMatching
from guanxi.sales.services import moving
from guanxi.sales.services import opportunities as services
from guanxi.sales.services.standing import settle


def _is_open(record: Any) -> bool:
    return bool(record.state == State.OPEN)


def _is_closed(record: Any) -> bool:
    return not _is_open(record)


# What a sale ought to say of itself; how it ended is asked where it ends.
_WANTED = ("customer", "person", "amount", "expected_on", "source")
_WHY = Text(name="reason", label=_("Why, if something is missing"), max_length=300)
_CLOSED = Date(name="closed_on", label=pgettext_lazy("opportunity", "Closed on"), help=_("Empty: today."))


@register
class Opportunities(Resource):
    key, code, model = "opportunities", "sales.opportunity", Opportunity
    icon, title, owner = "coin-yuan", "name", "owner"
    label = _("opportunity")
    label_plural = _("Opportunities")
    # Its owner's and theirs whose the customer is; where nobody knows the customer, its owner's. Who has a share in it
    # reads it.
    reach = Either(
        Owned("owner"),
        Follows("customer", "customers", probes=True),
        Named("shares", "opportunity", "member"),
    )

    kinds = (
        Text(name="name", required=True, wide=True, aliases=HEADS["name"]),
        RecordLink(name="customer", to="customers", aliases=HEADS["customer"]),
        RecordLink(name="person", to="people", minor=True, aliases=HEADS["person"]),
        Few(name="pipeline", to="pipelines", minor=True, aliases=HEADS["pipeline"]),
        Few(name="stage", to="stages", aliases=HEADS["stage"]),
        Choice(name="state", choices=State, only_read=True),
        Since(name="stage_since", minor=True, aliases=HEADS["stage_since"]),
        Amount(name="amount", aliases=HEADS["amount"]),
        Choice(name="currency", choices=Currency, minor=True, aliases=HEADS["currency"]),
        OwnMoney(name="own_amount", only_read=True, minor=True),
        Choice(name="amount_by", choices=AmountBy, only_read=True, minor=True),
        Bounded(
            name="probability",
            places=2,
            unit="%",
            most=100,
            minor=True,
            aliases=HEADS["probability"],
            help=_("Empty: as the stage has it."),
        ),
        Bounded(
            name="chance", places=2, unit="%", most=100, only_read=True, label=_("Probability that holds")
        ),
        OwnMoney(name="weighted", only_read=True, minor=True),
        Choice(name="category", choices=Category, minor=True, aliases=HEADS["category"]),
        Date(name="expected_on", aliases=HEADS["expected_on"]),
        Times(name="date_moves", only_read=True, minor=True),
        Date(name="opened_on", minor=True, aliases=HEADS["opened_on"]),
        Date(
            name="closed_on",
            label=pgettext_lazy("opportunity", "Closed on"),
            minor=True,
            aliases=HEADS["closed_on"],
        ),
        MemberLink(name="owner", aliases=HEADS["owner"]),
        Choice(name="source", choices=Source, minor=True, aliases=HEADS["source"]),
        Few(name="lost_reason", to="lost_reasons", minor=True, aliases=HEADS["lost_reason"]),
        Text(name="lost_to", minor=True, aliases=HEADS["lost_to"]),
        Text(name="lost_remark", wide=True, multiline=True, minor=True, aliases=HEADS["lost_remark"]),
        Times(name="reopened", only_read=True, minor=True),
        Text(name="number", label=pgettext_lazy("opportunity", "Number"), only_read=True, minor=True),
        Text(name="external_number", minor=True, aliases=HEADS["external_number"]),
        Text(name="remarks", wide=True, multiline=True, minor=True, aliases=HEADS["remarks"]),
        DateTime(name="created_at", label=_("Entered"), minor=True),
        DateTime(name="updated_at", label=_("Last changed"), minor=True),
    )
    columns = ("name", "customer", "stage", "amount", "chance", "expected_on", "owner", "updated_at")
    phone = {"name": "title", "customer": "meta", "amount": "end", "stage": "end2"}
    filters = (
        "state", "pipeline", "stage", "owner", "customer", "person", "expected_on", "closed_on", "own_amount",
        "external_number", "created_at", "updated_at",
    )  # fmt: skip
    sorts = (
        Sort("updated_at", _("last change"), ("updated_at", "id"), descending=True),
        Sort("created_at", _("day of entering"), ("created_at", "id"), descending=True),
        Sort("expected_on", _("expected date"), ("expected_on", "id")),
        Sort("own_amount", _("amount"), ("own_amount", "id"), descending=True),
        Sort("stage_since", _("day of entering its stage"), ("stage_since", "id")),
    )
    ready = (
        Ready(pgettext_lazy("opportunities", "Open"), "state=open", "state"),
        Ready(
            pgettext_lazy("opportunities", "Expected this month"),
            "state=open&expected_on.within=this_month",
            "expected_on",
        ),
        Ready(pgettext_lazy("opportunities", "Without a customer"), "customer.empty=1", "customer"),
    )
    form = (
        Section(
            _("Opportunity"),
            ("name", "customer", "person", "stage", "amount", "currency", "expected_on", "owner"),
        ),
        Section(
            _("Forecast"),
            ("chance", "probability", "category", "weighted", "own_amount", "amount_by"),
            minor=True,
        ),
        Section(
            pgettext_lazy("opportunity", "Outcome"),
            ("closed_on", "lost_reason", "lost_to", "lost_remark", "reopened"),
            minor=True,
        ),
        Section(
            pgettext_lazy("opportunity", "More"),
            ("pipeline", "source", "opened_on", "date_moves", "number", "external_number", "remarks"),
            minor=True,
        ),
    )
    header = ("stage", "amount", "expected_on", "owner")
    defaults = {"currency": "CNY"}
    rights = {
        "view": {"sales_manager": "below", "salesperson": "own"},
        "create": {"sales_manager": "all", "salesperson": "all"},
        "edit": {"sales_manager": "below", "salesperson": "own"},
        "move": {"sales_manager": "below", "salesperson": "own"},
        "close": {"sales_manager": "below", "salesperson": "own"},
        "reopen": {"sales_manager": "below", "salesperson": "own"},
        "assign": {"sales_manager": "below"},
        "delete": {"sales_manager": "below"},
        "export": {"sales_manager": "below"},
        "import": {"sales_manager": "all"},
    }
    counted = ngettext_lazy("%(shown)s opportunity", "%(shown)s opportunities", "n")
    search_fields = ("name", "number", "external_number")
    bulk_fields = ("expected_on", "category", "source", "probability")
    matching = OpportunityMatching()
    actions = (
        assigning("opportunities", "owner"),
        Action(
            key="move", label=_("Move to a stage"), service=moving.move_opportunity, verb="move", form="row",
            inputs=(Few(name="stage", to="stages", label=_("Stage"), required=True), _WHY), icon="arrow-right",
            when=_is_open, said=pgettext_lazy("opportunity", "%(what)s moved"), order=5,
        ),
        Action(
            key="win", label=pgettext_lazy("opportunity", "Mark as won"), service=moving.win_opportunity, verb="close",
            form="row", inputs=(_CLOSED, _WHY), icon="circle-check", when=_is_open,
            said=pgettext_lazy("opportunity", "%(what)s won"), order=6,
        ),
        Action(
            key="lose", label=pgettext_lazy("opportunity", "Mark as lost"), service=moving.lose_opportunity,
            verb="close", form="row",
            inputs=(
                Few(name="lost_reason", to="lost_reasons", label=_("Lost because of"), required=True),
                Text(name="lost_to", label=_("Lost to"), max_length=200),
                Text(name="lost_remark", label=pgettext_lazy("lost", "Remark"), multiline=True, max_length=1000),
                _CLOSED,
            ),
            icon="x", when=_is_open, said=pgettext_lazy("opportunity", "%(what)s lost"), order=7,
        ),
        Action(
            key="reopen", label=pgettext_lazy("opportunity", "Open again"), service=moving.reopen_opportunity,
            verb="reopen", form="row",
            inputs=(
                Text(name="reason", label=pgettext_lazy("opportunity", "Why"), required=True, max_length=300),
                Few(name="stage", to="stages", label=_("Stage"), help=_("Empty: where it was before.")),
            ),
            icon="refresh", when=_is_closed, said=pgettext_lazy("opportunity", "%(what)s opened again"), order=8,
        ),
    )  # fmt: skip
    acts = {
        "create": _("opened an opportunity"),
        "edit": _("changed an opportunity"),
        "move": _("moved an opportunity"),
        "win": _("won an opportunity"),
        "lose": _("lost an opportunity"),
        "close": _("closed an opportunity"),
        "reopen": _("opened an opportunity again"),
        "assign": _("gave an opportunity to somebody"),
        "delete": _("deleted an opportunity"),
        "import": _("imported opportunities"),
    }

    create = services.open_opportunity
    create_many = services.open_opportunities
    edit = services.edit_opportunity
    edit_many = services.edit_opportunities
    edit_each = services.edit_each
    remove_many = services.delete_opportunities
    update_imported = services.update_imported

    @classmethod
    def exact(cls, text: str, closed: Any = ()) -> Q:
        found = Q() if "name" in closed else Q(name=text)
        for name in ("number", "external_number"):
            if name not in closed:
                found |= Q(**{name: text})
        return found

    @classmethod
    def unsaid(cls, values: Mapping[str, Any]) -> Mapping[str, Any]:
        # Told by the days it has (`services.standing`), not taken to be now.
        return {} if "stage_since" in values else {"stage_since": None}

    @classmethod
    def called(cls, said: Mapping[str, str]) -> str:
        what = said.get("sale_lines.product") or said.get("sale_lines.text", "")
        return " · ".join(filter(None, (said.get("customer"), what))) or said.get("external_number", "")

    @classmethod
    def search_text(cls, record: Opportunity) -> SearchText:
        return SearchText(names=(record.name,), codes=(record.number, record.external_number))

    @classmethod
    def subtitle(cls, record: Opportunity, show: Show) -> str:
        said = [
            kind.text(record, show)
            for kind in access.readable(show.actor, cls, ("number", "customer"))
            if access.is_open(show.actor, kind)
        ]
        return " · ".join(text for text in said if text)

    @classmethod
    def completeness(cls, actor: Actor, record: Opportunity) -> tuple[int, Sequence[tuple[str, str]]]:
        names = (*_WANTED, *(("lost_reason",) if record.state == State.LOST else ()))
        kinds = [kind for kind in access.readable(actor, cls, names) if access.is_open(actor, kind)]
        lacking = [kind for kind in kinds if kind.is_blank(kind.value(record))]
        may = access.allows(actor, cls, record, "edit")
        mine = {kind.name for kind in access.writable(actor, cls)} if may else set()
        percent = round(100 * (len(kinds) - len(lacking)) / len(kinds)) if kinds else 100
        return percent, [(str(kind.label), kind.name if kind.name in mine else "") for kind in lacking]

    @classmethod
    def settle(cls, values: dict[str, Any], record: Any = None) -> None:
        settle(values, record.currency if record is not None else "")

    @classmethod
    def words(cls) -> dict[str, Any]:
        return {
            "list_title": _("Opportunities"),
            "new_title": _("New opportunity"),
            "empty_title": _("No opportunities yet"),
            "empty_text": _(
                "Every possible sale stands here: how far it is, what comes next, what it may bring."
            ),
        }


_SALES = {"to": "opportunities", "sub": ("stage", "owner"), "end": "amount", "end_sub": "expected_on"}
contribute(
    "customers",
    panels=(
        Related(
            key="opportunities",
            title=_("Opportunities"),
            by="customer",
            order=14,
            empty=_("No opportunity here yet."),
            **_SALES,  # type: ignore[arg-type]
        ),
    ),
)
contribute(
    "people",
    panels=(
        Related(
            key="opportunities",
            title=_("Opportunities"),
            by="person",
            order=34,
            empty=_("Main contact of no opportunity yet."),
            **_SALES,  # type: ignore[arg-type]
        ),
    ),
)
