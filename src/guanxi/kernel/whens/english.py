"""The English ways to say a day or a time of it, also shortened as in notes."""

import re
from datetime import date, time, timedelta
from re import Match

from guanxi.kernel.whens import days
from guanxi.kernel.whens.said import Meaning, Reader

__all__ = ["AFTER", "BEFORE", "READERS"]

_DAY = timedelta(days=1)
_WEEKDAYS = "mon|tue|wed|thu|fri|sat|sun"
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_MONTH = (
    "(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b(?:\.(?=\s?[0-9]))?"
)
_YEAR = r"(?:,?\s(?P<year>20[0-9]{2}))?"
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "twelve": 12, "fourteen": 14, "couple": 2,
}  # fmt: skip
_WORDS = re.compile("[a-z]+|[0-9]+")
_FESTIVALS = {
    "christmas": "christmas", "xmas": "christmas", "new year": "new_year", "cny": "spring", "spring": "spring",
    "chinese": "spring", "lunar": "spring", "national": "national", "golden": "national",
}  # fmt: skip

BEFORE = re.compile(
    r"(?:\b(?:(?:no|not) later than|latest|by|before|until|till|til|on|at|within|in|due|not after|the)[\s:]\s?)+$",
    re.IGNORECASE,
)
AFTER = re.compile(r",?\s(?:at )?(?:the )?latest\b|\smax\b|\ssharp\b", re.IGNORECASE)


def _i(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _named(found: Match[str], today: date) -> Meaning:
    said = found.group().lower()
    ahead = 2 if said.startswith("day after") else 1 if said.startswith(("tom", "tmr", "tmw", "2mor")) else 0
    past = said.startswith(("yester", "last", "earlier"))
    return Meaning(
        today + ahead * _DAY,
        past=past,
        ends=said.startswith(("tonight", "later", "within", "this after", "this even")),
    )


def _weekday(found: Match[str], today: date) -> Meaning | None:
    named, which = found["day"].lower(), (found["which"] or "").lower()
    short = named in ("sat", "sun")
    if short and not (found["day"][0].isupper() or which):
        return None
    weekday = _WEEKDAYS.split("|").index(named[:3])
    if which in ("last", "past"):
        return Meaning(days.weekday_of_week(today, -1, weekday), past=True)
    if which in ("next", "following"):
        return Meaning(days.weekday_of_week(today, 1, weekday))
    day = days.weekday_of_week(today, 0, weekday)
    return Meaning(day if day >= today else day + 7 * _DAY)


def _period(found: Match[str], today: date) -> Meaning | None:
    edge, which = (found["edge"] or "").lower(), (found["which"] or "").lower()
    edge = edge or ("end" if found["end"] else "")
    if not edge and not which:
        return None
    steps = {"next": 1, "following": 1, "last": -1, "past": -1}.get(which, 0)
    first, last = _bounds(found["unit"].lower(), steps, today)
    past = steps < 0
    if edge.startswith(("begin", "start", "early")):
        return Meaning(min(first + (4 if (last - first).days > 7 else 1) * _DAY, last), past=past)
    if edge.startswith("mid"):
        return Meaning(first + (last - first) // 2, past=past)
    if edge:
        return Meaning(last, past=past)
    before = first - 3 * _DAY if found["unit"].lower() == "week" else first - _DAY
    return Meaning(last, before, kind="period", past=past)


def _bounds(unit: str, steps: int, today: date) -> tuple[date, date]:
    if unit == "week":
        return days.weekday_of_week(today, steps, 0), days.week_end(today, steps)
    if unit == "month":
        first = days.months_on(today.replace(day=1), steps)
        return first, days.month_end(first.year, first.month)
    if unit == "quarter":
        first = days.months_on(date(today.year, (today.month - 1) // 3 * 3 + 1, 1), 3 * steps)
        return first, days.months_on(first, 3) - _DAY
    return date(today.year + steps, 1, 1), date(today.year + steps, 12, 31)


def _ends(found: Match[str], today: date) -> Meaning:
    unit = {"w": "week", "m": "month", "q": "quarter", "y": "year"}[found["unit"][0].lower()]
    return Meaning(_bounds(unit, 0, today)[1], ends=True)


def _span(found: Match[str], today: date) -> Meaning | None:
    count = _NUMBERS.get(found["n"].lower().split()[-1]) or _count(found["n"])
    if not count:
        return Meaning(None)
    unit = found["unit"].lower()
    if found["tail"] and "ago" in found["tail"].lower():
        return Meaning(None, past=True)
    if not found["lead"] and not found["tail"]:
        return None
    if found["tail"] and re.search("later|after", found["tail"], re.IGNORECASE):
        return Meaning(None)
    ends = bool(found["lead"])
    if unit == "hour":
        return Meaning(today + count // 24 * _DAY, ends=ends)
    if found["work"]:
        return Meaning(days.after_workdays(today, count), ends=ends)
    if unit in ("month", "year"):
        return Meaning(days.months_on(today, count * (12 if unit == "year" else 1)), ends=ends)
    return Meaning(today + count * (7 if unit == "week" else 1) * _DAY, ends=ends)


def _count(text: str) -> int:
    numbers = [
        _NUMBERS.get(word) or (int(word) if word.isdigit() else 0) for word in _WORDS.findall(text.lower())
    ]
    return max(numbers, default=0)


def _number_of_month(said: str) -> int:
    return _MONTHS.split("|").index(said[:3].lower()) + 1


def _is_no_month(said: str) -> bool:
    """may and march in small letters are verbs."""
    return said in ("may", "mar", "march")


def _dated(found: Match[str], today: date) -> Meaning | None:
    if _is_no_month(found["month"]):
        return None
    month, number = _number_of_month(found["month"]), int(found["number"])
    return Meaning(
        date(int(found["year"]), month, number) if found["year"] else days.near(today, month, number)
    )


def _in_month(found: Match[str], today: date) -> Meaning | None:
    lead = found["lead"].lower()
    if _is_no_month(found["month"]):
        return None
    month = _number_of_month(found["month"])
    first = date(int(found["year"]), month, 1) if found["year"] else days.coming_month(today, month)
    if lead.startswith(("early", "begin", "start")):
        return Meaning(first.replace(day=5))
    if lead.startswith("mid"):
        return Meaning(first.replace(day=15))
    last = days.month_end(first.year, month)
    if lead.startswith(("late", "end")):
        return Meaning(last)
    return Meaning(last, first - _DAY, kind="period")


def _figures(found: Match[str], today: date) -> Meaning:
    first, second = int(found["first"]), int(found["second"])
    month, number = (second, first) if first > 12 else (first, second)
    if found["year"]:
        return Meaning(date(2000 + int(found["year"][-2:]), month, number))
    return Meaning(days.near(today, month, number))


def _numbered(found: Match[str], today: date) -> Meaning:
    return Meaning(days.coming_day_of_month(today, int(found["number"])))


def _quarter(found: Match[str], today: date) -> Meaning:
    quarter = int(found["quarter"])
    year = int(found["year"]) if found["year"] else today.year
    end = days.quarter_end(year, quarter)
    if end < today and not found["year"]:
        end = days.quarter_end(year + 1, quarter)
    return Meaning(
        end, days.months_on(end.replace(day=1), -2) - _DAY, kind="day" if found["edge"] else "period"
    )


def _week_of_year(found: Match[str], today: date) -> Meaning:
    day = date.fromisocalendar(today.year, int(found["number"]), 5)
    return Meaning(day if day >= today else date.fromisocalendar(today.year + 1, int(found["number"]), 5))


def _weekend(found: Match[str], today: date) -> Meaning:
    weeks = 1 if (found["which"] or "").lower() == "next" else 0
    return Meaning(days.weekday_of_week(today, weeks, 6), days.week_end(today, weeks), kind="period")


def _festival(found: Match[str], today: date) -> Meaning:
    return Meaning(days.before_festival(today, _FESTIVALS[found["name"].lower()]), ends=True)


def _vague(_found: Match[str], _today: date) -> Meaning:
    return Meaning(None)


def _part(found: Match[str], _today: date) -> Meaning:
    said = found.group().lower()
    noon = said in ("noon", "midday", "lunchtime")
    return Meaning(
        at=time(12) if noon else None,
        kind="part",
        ends=not said.endswith(("morning", "afternoon", "evening")),
        afternoon=said.endswith(("afternoon", "evening")),
    )


def _clock(found: Match[str], _today: date) -> Meaning | None:
    hour, minute = int(found["hour"] or found["hh"]), int(found["minute"] or found["mm"] or 0)
    half = (found["half"] or "").lower()[:1]
    if half in ("a", "p") and not 1 <= hour <= 12:
        return None
    if half == "p" and hour < 12:
        hour += 12
    elif half == "a" and hour == 12:
        hour = 0
    if hour > 23 or minute > 59:
        return None
    return Meaning(at=time(hour, minute), kind="sure clock" if half == "a" else "clock", needs=not half)


READERS: tuple[Reader, ...] = (
    (
        _i(
            r"\b(?:day after tomorrow|tomorrow|tomorow|tommorrow|tommorow|tmrw|tmr|tmw|2morrow|today|tonight|yesterday"
            r"|last night|later today|earlier today|(?:this|later this) (?:morning|afternoon|evening)"
            r"|within the (?:hour|day))\b"
        ),
        _named,
    ),
    (
        _i(
            r"(?<!every )(?<!each )\b(?:(?P<which>next|this|this coming|coming|last|past|following)\s)?"
            r"(?P<day>monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tues?|wed|thu(?:rs?)?|fri|sat|sun)\b"
        ),
        _weekday,
    ),
    (
        _i(
            r"\b(?:(?P<edge>end|beginning|start|middle|mid|early|late)(?:\s|-)?(?:of\s)?)?(?:(?:the|our|their)\s)?"
            r"(?:(?P<which>this|next|last|past|current|following|coming)\s)?(?:business\s)?(?P<unit>week|month|quarter|year)"
            r"(?:(?:'s)?[\s-](?P<end>end))?\b"
        ),
        _period,
    ),
    (_i(r"\bEO(?P<unit>[WMQY])\b"), _ends),
    (
        _i(
            r"\b(?P<lead>(?:within|in|inside|over)\s(?:the\s)?(?:next\s)?)?"
            r"(?P<n>[0-9]{1,3}|an?(?:\s(?:couple|few))?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|few"
            r"|couple|next few)(?:\sof)?[\s-](?P<work>(?:business|working|work)\s)?"
            r"(?P<unit>hour|day|week|month|year)s?'?\b"
            r"(?P<tail>\s(?:time|from now|from today|ago|later|after)\b)?"
        ),
        _span,
    ),
    (_i(rf"\b{_MONTH}\s?(?P<number>[0-9]{{1,2}})(?:st|nd|rd|th)?(?![0-9%:.][0-9]|[0-9%:]){_YEAR}"), _dated),
    (_i(rf"(?<![0-9.])(?P<number>[0-9]{{1,2}})(?:st|nd|rd|th)?\.?\s?(?:of\s)?{_MONTH}{_YEAR}"), _dated),
    (
        _i(
            r"\b(?P<lead>(?:early|mid|late|end|beginning|start)(?:\s|-)(?:of\s)?(?:in\s)?|in\s|by\s|before\s|until\s|till\s"
            rf"|during\s|for\s){_MONTH}{_YEAR}(?!\s?[0-9]{{1,2}}(?![0-9]))"
        ),
        _in_month,
    ),
    (
        _i(
            r"(?:\b(?:by|on|before|until|till|due|latest)\s|(?<=[,:(]\s))(?P<first>[0-9]{1,2})/(?P<second>[0-9]{1,2})"
            r"(?:/(?P<year>20[0-9]{2}|[0-9]{2}))?(?![0-9/%])"
        ),
        _figures,
    ),
    (
        _i(r"\b(?:by|on|before|until|till|due|latest)\s(?:the\s)?(?P<number>[0-9]{1,2})(?:st|nd|rd|th)\b"),
        _numbered,
    ),
    (_i(r"\b(?P<edge>end(?:\sof)?\s)?Q(?P<quarter>[1-4])\b(?:\s(?P<year>20[0-9]{2}))?"), _quarter),
    (re.compile(r"\b(?:CW|KW|WK|wk|cw)\.?\s?(?P<number>[0-9]{1,2})\b"), _week_of_year),
    (_i(r"\b(?:(?:the|over the)\s)?(?:(?P<which>this|next)\s)?weekend\b"), _weekend),
    (
        _i(
            r"\b(?:before|by|until)\s(?:the\s)?(?P<name>christmas|xmas|new year|cny|(?:chinese|lunar)(?= new year)"
            r"|spring(?= festival)|national(?= day)|golden(?= week))(?:'s)?(?:\s(?:new year|festival|day|week|eve))?\b"
        ),
        _festival,
    ),
    (
        _i(
            r"\b(?:before|after|by|over)\s(?:the\s)?(?:summer\s)?(?:holidays?|break|vacation)\b|\ba\.?s\.?a\.?p\b\.?"
            r"|\bas soon as possible\b|\bshortly\b|\bsoon\b|\b(?:right|straight) away\b"
            r"|\bimmediately\b|\bin due course\b"
        ),
        _vague,
    ),
    (_i(r"\b(?:EOD|COB|EOB|close of (?:business|play)|end of (?:the )?(?:business |working )?day)\b"), _part),
    (_i(r"\b(?:noon|midday|lunchtime|(?:in the )?(?:morning|afternoon|evening))\b"), _part),
    (
        _i(
            r"(?<![0-9:.,/$])(?:(?P<hour>[0-9]{1,2})(?::(?P<minute>[0-9]{2}))?\s?(?P<half>am|pm|a\.m\.|p\.m\.|o'clock)"
            r"|(?P<hh>[0-9]{1,2}):(?P<mm>[0-9]{2}))(?![0-9:%a-z])"
        ),
        _clock,
    ),
)
