"""What those who take part in an activity look like on every door."""

# Chinese in code: the heads that spreadsheets give these columns

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from guanxi.activities.models import Participant
from guanxi.activities.queries.reaches import OfOwnActivity
from guanxi.activities.services import participants as services
from guanxi.customers.queries.hanging import RowMatching
from guanxi.kinds import DateTime, Text
from guanxi.resource.declaration import Resource, Section, Sort
from guanxi.resource.following import Follows
from guanxi.resource.links import MemberLink, RecordLink
from guanxi.resource.registry import register


@register
class Participants(Resource):
    key, code, model = "participants", "activities.participant", Participant
    icon, title = "users", "part"
    label = _("participant")
    label_plural = _("Participants")
    asks = "activities.activity"
    reach = Follows("activity", "activities")
    changed_by = OfOwnActivity()

    kinds = (
        RecordLink(name="activity", to="activities", required=True),
        RecordLink(
            name="person",
            to="people",
            aliases=(
                "联系人",
                "客户联系人",
                "contact",
                "contact name",
                "联系人id",
                "联系人编号",
                "who_id",
                "contact id",
                "name",
                "姓名",
            ),
        ),
        MemberLink(name="member", aliases=("同事", "我方人员", "colleague")),
        Text(name="part", aliases=("角色", "作用", "role")),
        DateTime(name="updated_at", label=_("Last changed"), minor=True),
    )
    columns = ("part", "activity", "person", "member")
    filters = ("activity", "person", "member", "updated_at")
    sorts = (Sort("updated_at", _("last change"), ("updated_at", "id"), descending=True),)
    form = (Section(_("Participant"), ("activity", "person", "member", "part")),)
    bulk_fields = ("part", "member")
    counted = ngettext_lazy("%(shown)s participant", "%(shown)s participants", "n")

    acts = {
        "create": _("added a participant"),
        "edit": _("changed a participant"),
        "delete": _("removed a participant"),
        "import": _("imported participants"),
    }

    create = services.create_participant
    create_many = services.create_participants
    edit = services.edit_participant
    edit_many = services.edit_participants
    edit_each = services.edit_each
    remove_many = services.delete_participants
    update_imported = services.update_imported
    matching = RowMatching("participants", ("activity_id",), "person_id", exact=("member_id",), alike=str)

    @classmethod
    def words(cls) -> dict[str, Any]:
        return {
            "list_title": _("Participants"),
            "new_title": _("New participant"),
            "empty_title": _("No participants yet"),
            "empty_text": _("Who took part in which activity."),
        }
