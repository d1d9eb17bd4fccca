"""What commitments look like on every door."""

# Chinese in code: the heads that spreadsheets give these columns

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from guanxi.activities.choices import Promised, Side
from guanxi.activities.heads import PROMISED, PROMISES, SIDES
from guanxi.activities.kinds import SubjectKind, SubjectLink, TimeOfDay
from guanxi.activities.models import Commitment
from guanxi.activities.queries.reaches import EVERYBODY
from guanxi.activities.queries.subjects import AboutSubject
from guanxi.activities.services import commitments as services
from guanxi.customers.queries.hanging import RowMatching
from guanxi.kinds import Bounded, Choice, Date, DateTime, Show, Text
from guanxi.resource import access
from guanxi.resource.actions import Action
from guanxi.resource.declaration import Ready, Resource, Section, Sort
from guanxi.resource.following import Follows
from guanxi.resource.links import MemberLink, RecordLink
from guanxi.resource.reach import Either, Owned
from guanxi.resource.registry import register
from guanxi.resource.standard import assigning


def _is_open(record: Any) -> bool:
    return bool(record.state == Promised.OPEN)


_WHY = Text(name="why", label=pgettext_lazy("promise", "Remark"))


@register
class Commitments(Resource):
    key, code, model = "commitments", "activities.commitment", Commitment
    icon, title, owner = "heart-handshake", "what", "owner"
    label = _("commitment")
    label_plural = _("Commitments")
    # Everybody who sees the customer, or the record it is about, sees what was promised to it, by whomever;
    # whoever answers for it changes it.
    reach = Either(Owned("owner"), Follows("customer", "customers"), AboutSubject())
    changed_by = Owned("owner")

    kinds = (
        Text(name="what", required=True, wide=True, aliases=PROMISES["what"]),
        Choice(name="side", choices=Side, required=True, aliases=PROMISES["side"], synonyms=SIDES),
        RecordLink(name="customer", to="customers", aliases=PROMISES["customer"]),
        SubjectKind(name="about", minor=True),
        SubjectLink(name="about_id", minor=True),
        RecordLink(name="person", to="people", aliases=PROMISES["person"]),
        MemberLink(name="owner", aliases=PROMISES["owner"]),
        Date(name="due", required=True, aliases=PROMISES["due"]),
        TimeOfDay(name="due_time", minor=True),
        Choice(name="state", choices=Promised, required=True, aliases=PROMISES["state"], synonyms=PROMISED),
        Bounded(name="moved", most=9_999, only_read=True, minor=True),
        Date(name="first_due", only_read=True, minor=True),
        Date(name="settled_on", only_read=True, minor=True),
        Text(name="why", wide=True, minor=True, aliases=("备注", "原因", "remarks", "reason")),
        RecordLink(name="activity", to="activities", minor=True),
        DateTime(name="created_at", label=_("Created"), minor=True),
        DateTime(name="updated_at", label=_("Last changed"), minor=True),
    )
    columns = ("what", "side", "customer", "person", "due", "state", "owner")
    phone = {"what": "title", "customer": "meta", "state": "end2", "due": "end"}
    filters = ("state", "side", "due", "customer", "about_id", "person", "owner", "activity", "updated_at")
    sorts = (
        Sort("due", pgettext_lazy("promise", "due day"), ("due", "id"), descending=True),
        Sort("updated_at", _("last change"), ("updated_at", "id"), descending=True),
    )
    ready = (Ready(pgettext_lazy("promises", "Open"), "state=open&sort=due", "state"),)
    form = (
        Section(
            pgettext_lazy("promise", "Promise"),
            ("side", "what", "customer", "about_id", "person", "owner", "due", "due_time"),
        ),
        Section(pgettext_lazy("promise", "What became of it"), ("state", "why", "activity")),
    )
    header = ("side", "state", "due", "owner")
    defaults = {"side": "ours", "state": "open"}
    one_of = ("customer", "about_id")
    rights = {
        "view": dict.fromkeys(EVERYBODY, "all") | {"sales_manager": "below", "salesperson": "own"},
        "create": dict.fromkeys(EVERYBODY, "all"),
        "edit": dict.fromkeys(EVERYBODY, "own") | {"sales_manager": "below"},
        "assign": {"sales_manager": "below"},
        "delete": {"sales_manager": "below"},
        "export": {"sales_manager": "below"},
        "import": {"sales_manager": "all"},
    }
    counted = ngettext_lazy("%(shown)s commitment", "%(shown)s commitments", "n")
    search_fields = ("what",)
    bulk_fields = ("owner", "side")
    matching = RowMatching("commitments", ("customer_id", "about_id"), "what", exact=("side", "due"))
    actions = (
        Action(
            key="keep", label=pgettext_lazy("promise", "Mark as kept"), service=services.keep, verb="edit",
            icon="check", when=_is_open, said=pgettext_lazy("promise", "%(what)s kept"), order=5,
        ),
        Action(
            key="put_off", label=pgettext_lazy("promise", "Put off"), service=services.put_off, verb="edit",
            inputs=(Date(name="until", label=_("Until"), required=True), _WHY),
            icon="calendar-event", when=_is_open, said=pgettext_lazy("promise", "%(what)s put off"), order=6,
        ),
        Action(
            key="break", label=pgettext_lazy("promise", "Mark as broken"), service=services.break_, verb="edit",
            inputs=(_WHY,), icon="alert-circle", when=_is_open, said=pgettext_lazy("promise", "%(what)s broken"),
            order=7,
        ),
        Action(
            key="withdraw", label=pgettext_lazy("promise", "Withdraw"), service=services.withdraw, verb="edit",
            inputs=(_WHY,), icon="x", when=_is_open, said=pgettext_lazy("promise", "%(what)s withdrawn"), order=8,
        ),
        assigning("commitments", "owner"),
    )  # fmt: skip

    acts = {
        "create": _("wrote down a commitment"),
        "edit": _("changed a commitment"),
        "keep": _("kept a commitment"),
        "put_off": _("put off a commitment"),
        "break": _("marked a commitment as broken"),
        "withdraw": _("withdrew a commitment"),
        "assign": _("gave a commitment to somebody"),
        "delete": _("deleted a commitment"),
        "import": _("imported commitments"),
    }

    create = services.create_commitment
    create_many = services.create_commitments
    edit = services.edit_commitment
    edit_many = services.edit_commitments
    edit_each = services.edit_each
    remove_many = services.delete_commitments
    update_imported = services.update_imported

    @classmethod
    def derive(cls, values: dict[str, Any]) -> None:
        if "state" in values and "settled_on" not in values:
            values["settled_on"] = None if values["state"] == Promised.OPEN else timezone.localdate()

    @classmethod
    def subtitle(cls, record: Commitment, show: Show) -> str:
        names = ("side", "customer", "about_id", "person")
        said = [
            kind.text(record, show)
            for kind in access.readable(show.actor, cls, names)
            if access.is_open(show.actor, kind)
        ]
        return " · ".join(text for text in said if text)

    @classmethod
    def words(cls) -> dict[str, Any]:
        return {
            "list_title": _("Commitments"),
            "new_title": _("New commitment"),
            "empty_title": _("No commitments yet"),
            "empty_text": _(
                "Who promised whom what by when, in both directions. Write one down with what was said on a "
                "customer’s card, or here."
            ),
        }
