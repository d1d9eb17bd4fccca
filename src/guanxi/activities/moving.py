"""What files about customers say of what was done with them, what files of activities hold beside; activities as
events."""

# Chinese in code: heads of spreadsheets that say whose a field is

import re
from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from guanxi.activities.heads import ENDS, LASTED, SECONDS
from guanxi.activities.queries import calendar
from guanxi.integrations.exports.entries import Entries, leaves_as
from guanxi.integrations.imports.beside import Beside, comes_with, joins
from guanxi.integrations.imports.composing import Composition, Piece, composes
from guanxi.integrations.imports.placeless import has_no_place
from guanxi.kernel.errors import Malformed
from guanxi.kernel.moments import parse_moment

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

_DAY = re.compile(r"\s+\S*\d[:\uff1a点时].*$")  # what stands behind the day
_CLOCK = re.compile(r"\d\s*[:\uff1a点时]")
_LONGEST = 7 * 86_400  # seconds of an activity


def lasted(pieces: Mapping[str, str]) -> dict[str, str]:
    """Minutes of a duration in seconds, in words (1小时20分, 00:04:21) or from its beginning to its end; as it stands
    where it says no unit."""
    if counted := pieces.get("seconds"):
        return {"minutes": _minutes(int(counted)) if counted.isdecimal() else counted}
    if "text" not in pieces:
        return {"minutes": _between(pieces.get("at", ""), pieces["end"])}
    text = pieces["text"].strip()
    found = _LASTED.fullmatch(text)
    if found is None or text.isdecimal():
        return {"minutes": text + " ?"}  # minutes or seconds: not for us to say
    hours, minutes, seconds = (int(found[name] or 0) for name in ("hours", "minutes", "seconds"))
    if text.count(":") == 1:  # 04:21
        hours, minutes = 0, hours
    return {"minutes": _minutes(hours * 3600 + minutes * 60 + seconds)}


def _between(start: str, end: str) -> str:
    """Minutes from one time to another, which may leave out the day; the end with a mark where that is not clear."""
    begins, ends = _moment(start), _moment(end) or _moment(f"{_DAY.sub('', start)} {end}")
    if begins is None and (day := _DAY.sub("", start)) and end.startswith(day):
        # Which figure is the month is open, and does not matter: both are times of one day.
        begins, ends = _moment(f"2000-01-01 {start[len(day) :]}"), _moment(f"2000-01-01 {end[len(day) :]}")
    if not start or (begins == ends and begins is not None):
        return ""
    if (
        not _CLOCK.search(start)
        or begins is None
        or ends is None
        or (begins.tzinfo is None) != (ends.tzinfo is None)
    ):
        return f"{end} ?"
    seconds = int((ends - begins).total_seconds())
    return _minutes(seconds) if 0 < seconds <= _LONGEST else f"{end} ?"


def _moment(text: str) -> datetime | None:
    try:
        return parse_moment(text.strip())
    except Malformed:
        return None


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
                "end": Piece(_("End, for the duration"), ENDS),
            },
            looks_at=("at",),
        )
    )
    joins("participants", activity="activities", person="people")
    has_no_place(
        "activities",
        ("priority", "task priority", "is_high_priority", "property_hs_task_priority", "优先级", "优先程度"),
        _("activities have no priority here; a new field can keep it"),
    )
    leaves_as(
        "activities",
        Entries(
            "ics", "ics", _("Calendar (ICS)"), "text/calendar; charset=utf-8", calendar.EVENT, calendar.exported_event,
            calendar.exported_head, calendar.FOOT,
        ),
    )  # fmt: skip
