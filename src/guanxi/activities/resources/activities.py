"""What activities look like on every door."""

# Chinese in code: the heads that spreadsheets give these columns

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from guanxi.activities.choices import Outcome, State, What
from guanxi.activities.heads import HEADS, KINDS, OUTCOMES, STATES
from guanxi.activities.kinds import Attendance, SubjectKind, SubjectLink, When
from guanxi.activities.models import Activity
from guanxi.activities.queries.reaches import EVERYBODY, TakesPart
from guanxi.activities.queries.sameness import SameTouch
from guanxi.activities.queries.subjects import AboutSubject
from guanxi.activities.services import activities as services
from guanxi.kinds import Bounded, Choice, DateTime, Moment, Show, Text
from guanxi.resource import access
from guanxi.resource.actions import Action
from guanxi.resource.declaration import Resource, Section, Sort
from guanxi.resource.following import Follows
from guanxi.resource.links import MemberLink, RecordLink
from guanxi.resource.reach import Either, Owned
from guanxi.resource.registry import register
from guanxi.resource.related import Related
from guanxi.resource.standard import assigning


def _is_planned(record: Any) -> bool:
    return bool(record.state == State.PLANNED)


@register
class Activities(Resource):
    key, code, model = "activities", "activities.activity", Activity
    icon, title, owner = "list-check", "subject", "owner"
    label = pgettext_lazy("touch", "activity")
    label_plural = pgettext_lazy("touch", "Activities")
    # Whoever sees the customer, or the record it is about, sees what was done with it;
    # only whoever did it, and those above, change it.
    reach = Either(Owned("owner"), Follows("customer", "customers"), TakesPart(), AboutSubject())
    changed_by = Owned("owner")

    kinds = (
        Text(name="subject", wide=True, aliases=HEADS["subject"]),
        Choice(name="kind", choices=What, required=True, aliases=HEADS["kind"], synonyms=KINDS),
        Choice(name="state", choices=State, required=True, aliases=HEADS["state"], synonyms=STATES),
        When(name="at", aliases=HEADS["at"]),
        Bounded(name="minutes", most=60 * 24 * 31, minor=True, aliases=HEADS["minutes"]),
        RecordLink(name="customer", to="customers", aliases=HEADS["customer"]),
        SubjectKind(name="about", minor=True),
        SubjectLink(name="about_id", minor=True),
        Text(name="text", wide=True, aliases=HEADS["text"]),
        Choice(name="outcome", choices=Outcome, aliases=HEADS["outcome"], synonyms=OUTCOMES),
        Text(name="place", minor=True, aliases=("地点", "地址", "location")),
        MemberLink(name="owner", aliases=HEADS["owner"]),
        Text(
            name="number",
            minor=True,
            aliases=HEADS["number"],
            help=_("Of another system, by which an import finds this activity again."),
        ),
        Moment(name="remind_at", minor=True, aliases=("提醒", "提醒时间", "reminder")),
        RecordLink(name="follows", to="activities", minor=True),
        Attendance(name="people", label=_("Who took part"), minor=True),
        DateTime(name="created_at", label=_("Created"), minor=True),
        DateTime(name="updated_at", label=_("Last changed"), minor=True),
    )  # fmt: skip
    columns = ("subject", "kind", "customer", "at", "state", "outcome", "owner", "people")
    phone = {"subject": "title", "customer": "meta", "kind": "end2", "at": "end"}
    filters = ("kind", "state", "at", "customer", "about_id", "owner", "follows", "updated_at")
    sorts = (
        Sort("at", pgettext_lazy("activity", "when"), ("at", "id"), descending=True),
        Sort("updated_at", _("last change"), ("updated_at", "id"), descending=True),
    )
    form = (
        Section(
            pgettext_lazy("touch", "Activity"),
            ("kind", "state", "subject", "customer", "about_id", "at", "minutes"),
        ),
        Section(_("What was said"), ("text", "outcome", "place")),
        Section(_("Who and when"), ("owner", "remind_at", "follows", "number")),
    )
    header = ("state", "at", "outcome", "owner", "people")
    defaults = {"kind": "note", "state": "done"}
    rights = {
        "view": dict.fromkeys(EVERYBODY, "all") | {"sales_manager": "below", "salesperson": "own"},
        "create": dict.fromkeys(EVERYBODY, "all"),
        "edit": dict.fromkeys(EVERYBODY, "own") | {"sales_manager": "below"},
        "assign": {"sales_manager": "below"},
        "delete": dict.fromkeys(EVERYBODY, "own") | {"sales_manager": "below"},
        "export": {"sales_manager": "below"},
        "import": {"sales_manager": "all", "marketer": "all"},
    }
    counted = ngettext_lazy("%(shown)s activity", "%(shown)s activities", "n")
    search_fields = ("subject", "kind")
    bulk_fields = ("kind", "outcome", "owner")
    matching = SameTouch()
    panels = (
        Related(
            title=_("Who took part"),
            to="participants",
            by="activity",
            sub=("part",),
            empty=_("The customer's people and colleagues who took part."),
            order=10,
        ),
        Related(
            title=_("What follows"),
            to="activities",
            by="follows",
            sub=("kind", "owner"),
            end="at",
            empty=_("The next step that was agreed on here."),
            order=20,
        ),
    )
    actions = (
        assigning("activities", "owner"),
        Action(
            key="complete",
            label=_("Done"),
            service=services.complete_activity,
            verb="edit",
            form="row",
            inputs=(
                Choice(name="outcome", label=_("Outcome"), choices=Outcome),
                Text(name="text", label=_("What was said"), wide=True),
            ),
            icon="check",
            when=_is_planned,
            said=_("%(what)s done"),
            order=5,
        ),
        Action(
            key="move",
            label=_("Move"),
            service=services.move_activities,
            verb="edit",
            inputs=(Moment(name="at", label=pgettext_lazy("activity", "When"), required=True),),
            icon="calendar-event",
            when=_is_planned,
            said=_("%(what)s moved"),
            order=6,
        ),
        Action(
            key="cancel",
            label=pgettext_lazy("activity", "Does not take place"),
            service=services.cancel_activities,
            verb="edit",
            icon="x",
            when=_is_planned,
            said=_("%(what)s cancelled"),
            order=7,
        ),
    )

    acts = {
        "create": _("logged an activity"),
        "edit": _("changed an activity"),
        "complete": _("completed an activity"),
        "move": _("moved an activity"),
        "check_in": _("checked in at a visit"),
        "check_out": _("checked out of a visit"),
        "plan_visits": _("planned visits"),
        "cancel": _("cancelled an activity"),
        "assign": _("gave an activity to somebody"),
        "delete": _("deleted an activity"),
        "import": _("imported activities"),
    }

    create = services.create_activity
    create_many = services.create_activities
    edit = services.edit_activity
    edit_many = services.edit_activities
    edit_each = services.edit_each
    remove_many = services.delete_activities
    update_imported = services.update_imported

    @classmethod
    def unsaid(cls, values: Mapping[str, Any]) -> Mapping[str, Any]:
        # To the minute, as forms say it: one that is saved unchanged stays undated.
        now = timezone.now().replace(second=0, microsecond=0)
        return {} if "at" in values else {"undated": True, "at": now}

    @classmethod
    def derive(cls, values: dict[str, Any]) -> None:
        # Somebody says when it was.
        if "at" in values and "undated" not in values:
            values["undated"] = False
        # Only what they wrote is a reply: of an e-mail nobody says that of, we are taken to have written it.
        if values.get("kind") == What.EMAIL and not values.get("outcome"):
            values["outcome"] = Outcome.SENT.value

    @classmethod
    def exact_many(
        cls, rows: QuerySet[Any], texts: Collection[str], closed: Collection[str] = ()
    ) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = {text: [] for text in texts}
        named = rows.filter(~Q(subject=""), subject__in=[text for text in texts if text]).order_by("pk")
        for activity, subject in named.values_list("pk", "subject"):
            found[subject] = [*found[subject], activity][:2]
        return found

    @classmethod
    def subtitle(cls, record: Activity, show: Show) -> str:
        names = ("kind", "customer", "about_id", "place")
        said = [
            kind.text(record, show)
            for kind in access.readable(show.actor, cls, names)
            if access.is_open(show.actor, kind)
        ]
        return " · ".join(text for text in said if text)

    @classmethod
    def words(cls) -> dict[str, Any]:
        return {
            "list_title": pgettext_lazy("touch", "Activities"),
            "new_title": pgettext_lazy("touch", "New activity"),
            "empty_title": pgettext_lazy("touch", "No activities yet"),
            "empty_text": _(
                "Calls, visits, meetings, notes and tasks stand here, planned and done. Log the first one."
            ),
        }
