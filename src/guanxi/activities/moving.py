"""What files about customers say of what was done with them, what files of activities hold beside; activities as
events."""

# Chinese in code: heads of spreadsheets that say whose a field is

import re
from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from guanxi.activities.heads import LASTED, SECONDS
from guanxi.activities.queries import calendar
from guanxi.integrations.exports.entries import Entries, leaves_as
from guanxi.integrations.imports.beside import Beside, comes_with, joins
from guanxi.integrations.imports.composing import Composition, Piece, composes

_TOUCHES = Beside(
    key="activities",
    by="customer",
    anchors=("text",),
    called=("跟进", "拜访", "沟通", "activity", "last activity"),
    rather=("跟进记录", "跟进内容", "沟通记录", "拜访记录", "跟进时间", "跟进日期", "跟进方式", "跟进结果"),
)


_COMPANIES = Beside(
    key="customers",
    by="customer",
    anchors=("name", "number"),
    called=("公司", "客户", "company", "account"),
    above=True,
    named=True,
    shared_by=("phone", "website"),
)
_WHO = Beside(
    key="participants",
    by="activity",
    anchors=("person",),
    rather=("who_id", "contact id", "联系人id", "联系人编号", "name", "姓名"),
    shared=False,
)
_LASTED = re.compile(
    r"(?:(?P<hours>\d+)\s*(?:小时|时|h|hrs?|hours?|:))?\s*(?:(?P<minutes>\d+)\s*(?:分钟|分|m|mins?|minutes?|:))?"
    r"\s*(?:(?P<seconds>\d+)\s*(?:秒|s|secs?|seconds?)?)?",
    re.IGNORECASE,
)


def lasted(pieces: Mapping[str, str]) -> dict[str, str]:
    """Minutes of a duration in seconds or in words (1小时20分, 00:04:21); as it stands where it says no unit."""
    if counted := pieces.get("seconds"):
        return {"minutes": _minutes(int(counted)) if counted.isdecimal() else counted}
    text = pieces["text"].strip()
    found = _LASTED.fullmatch(text)
    if found is None or text.isdecimal():
        return {"minutes": text + " ?"}  # minutes or seconds: not for us to say
    hours, minutes, seconds = (int(found[name] or 0) for name in ("hours", "minutes", "seconds"))
    if text.count(":") == 1:  # 04:21
        hours, minutes = 0, hours
    return {"minutes": _minutes(hours * 3600 + minutes * 60 + seconds)}


def _minutes(seconds: int) -> str:
    return str(max(1, (seconds + 30) // 60)) if seconds else ""


def register() -> None:
    """Called once at start-up."""
    comes_with("customers", _TOUCHES)
    comes_with("activities", _COMPANIES)
    comes_with("activities", _WHO)
    composes(
        Composition(
            resource="activities",
            key="lasted",
            fields=("minutes",),
            compose=lasted,
            least=1,
            pieces={
                "seconds": Piece(_("Duration (seconds)"), SECONDS),
                "text": Piece(_("Duration in words"), LASTED),
            },
        )
    )
    joins("participants", activity="activities", person="people")
    leaves_as(
        "activities",
        Entries(
            "ics", "ics", _("Calendar (ICS)"), "text/calendar; charset=utf-8", calendar.EVENT, calendar.exported_event,
            calendar.exported_head, calendar.FOOT,
        ),
    )  # fmt: skip
