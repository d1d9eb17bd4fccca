"""What files about customers say of what was done with them; activities as files that calendars read."""

# Chinese in code: heads of spreadsheets that say whose a field is

from django.utils.translation import gettext_lazy as _

from guanxi.activities.queries import calendar
from guanxi.integrations.exports.entries import Entries, leaves_as
from guanxi.integrations.imports.beside import Beside, comes_with, joins

_TOUCHES = Beside(
    key="activities",
    by="customer",
    anchors=("text",),
    called=("跟进", "拜访", "沟通", "activity", "last activity"),
    rather=("跟进记录", "跟进内容", "沟通记录", "拜访记录", "跟进时间", "跟进日期", "跟进方式", "跟进结果"),
)


def register() -> None:
    """Called once at start-up."""
    comes_with("customers", _TOUCHES)
    joins("participants", activity="activities", person="people")
    leaves_as(
        "activities",
        Entries(
            "ics", "ics", _("Calendar (ICS)"), "text/calendar; charset=utf-8", calendar.EVENT, calendar.exported_event,
            calendar.exported_head, calendar.FOOT,
        ),
    )  # fmt: skip
