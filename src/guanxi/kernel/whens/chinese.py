"""The Chinese ways to say a day or a time of it. Simplified characters, half width."""

# Chinese in code: the words for days

import re
from datetime import date, time, timedelta
from re import Match

from guanxi.kernel.spelt import spelt_number
from guanxi.kernel.whens import days
from guanxi.kernel.whens.said import Meaning, Reader

__all__ = ["AFTER", "BEFORE", "LATER", "READERS"]

_N = "(?:[0-9]{1,3}|[一二两三四五六七八九十]{1,3})"
_WEEK = "(?:周|星期|礼拜)"
_WHICH = {
    "上上": -2,
    "上": -1,
    "上一": -1,
    "本": 0,
    "这": 0,
    "这一": 0,
    "当": 0,
    "下": 1,
    "下一": 1,
    "次": 1,
    "下下": 2,
}
_ONE = "(?P<which>上上|上一?|本|这一?|下下|下一?)"
_PART = "(?P<part>底|末|初|上旬|中旬|下旬|中|之内|以内|内|里)?"
_DAY = timedelta(days=1)
_NAMED = {"今": 0, "明": 1, "后": 2, "大后": 3, "昨": -1, "前": -2, "大前": -3}
_FESTIVALS = {
    "双十一": "singles", "双11": "singles",
    "国庆": "national", "十一": "national", "元旦": "new_year",
    "春节": "spring", "过年": "spring", "年": "spring",
    "五一": "labour", "劳动节": "labour", "端午": "dragon", "中秋": "autumn", "清明": "clear", "圣诞": "christmas",
    "节": "", "放假": "", "假期": "",
}  # fmt: skip

# What stands before and behind a time and belongs to it.
BEFORE = re.compile(r"(?:最[迟晚]|不[晚迟]于|截止到?|截至|赶在|限)?\s?(?:[在于到至])?\s?$")
# After a day there is no day by which.
LATER = re.compile(r"\s?(?:以后|之后|后(?![天来续面期勤台道备]))")
AFTER = re.compile(
    r"\s?(?P<before>之前|以前|前(?!提[^供交出前]|[台期面往道后处段景端来天]))|(?:之内|以内|内(?![容部衬径胆膜外销贸包置控])|为止|左右)"
)


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    number = spelt_number(text)
    if number is None:
        raise ValueError(text)
    return int(number)


def _named(found: Match[str], today: date) -> Meaning:
    ahead = _NAMED[found["day"]]
    evening = "晚" in found.group()
    return Meaning(today + ahead * _DAY, past=ahead < 0, ends=ahead == 0 and evening, afternoon=evening)


def _weekday(found: Match[str], today: date) -> Meaning:
    which, named = found["which"], found["day"]
    if named == "末":
        weeks = _WHICH[which] if which else 0
        return Meaning(
            days.weekday_of_week(today, weeks, 6), days.week_end(today, weeks), kind="period", past=weeks < 0
        )
    weekday = 6 if named in "日天" else "一二三四五六".index(named)
    if which:
        day = days.weekday_of_week(today, _WHICH[which], weekday)
        return Meaning(day, past=day < today)
    day = days.weekday_of_week(today, 0, weekday)
    return Meaning(day if day >= today else day + 7 * _DAY)


def _week(found: Match[str], today: date) -> Meaning:
    weeks = _WHICH[found["which"]]
    if found["part"] == "初":
        return Meaning(days.weekday_of_week(today, weeks, 1), past=weeks < 0)
    return Meaning(
        days.week_end(today, weeks),
        days.weekday_of_week(today, weeks - 1, 4),
        kind="period",
        past=weeks < 0,
        ends=found["part"] is not None,
    )


def _part_of_month(first: date, part: str | None, *, past: bool = False) -> Meaning:
    last = days.month_end(first.year, first.month)
    number = {"初": 5, "上旬": 10, "中": 15, "中旬": 20}.get(part or "")
    if number:
        return Meaning(first.replace(day=number), past=past)
    whole = part is None or part.endswith(("内", "里"))
    return Meaning(last, first - _DAY if whole else None, kind="period" if whole else "day", past=past)


def _month(found: Match[str], today: date) -> Meaning:
    months = _WHICH[found["which"]]
    if found["number"]:
        day = days.day_of_month(today, months, _number(found["number"]))
        return Meaning(day, past=months < 0)
    return _part_of_month(days.months_on(today.replace(day=1), months), found["part"], past=months < 0)


def _edge_of_month(found: Match[str], today: date) -> Meaning:
    means = _part_of_month(today.replace(day=1), found["part"])
    if means.day is not None and means.day < today:
        return _part_of_month(days.months_on(today.replace(day=1), 1), found["part"])
    return means


def _numbered_month(found: Match[str], today: date) -> Meaning | None:
    month, year = _number(found["month"]), found["year"]
    if not 1 <= month <= 12:
        return None
    past = year == "去年"
    years = {"今年": today.year, "明年": today.year + 1, "去年": today.year - 1, "后年": today.year + 2}
    of = None if not year else years.get(year) or (2000 + int(year[-3:-1]))
    if found["number"]:
        number = _number(found["number"])
        return Meaning(date(of, month, number) if of else days.near(today, month, number), past=past)
    first = date(of, month, 1) if of else days.coming_month(today, month)
    return _part_of_month(first, found["part"], past=past)


def _figures(found: Match[str], today: date) -> Meaning:
    return Meaning(days.near(today, int(found["month"]), int(found["number"])))


def _full(found: Match[str], _today: date) -> Meaning:
    return Meaning(date(int(found[1]), int(found[2]), int(found[3])))


def _number_of_month(found: Match[str], today: date) -> Meaning:
    return Meaning(days.coming_day_of_month(today, _number(found["number"])))


def _span(found: Match[str], today: date) -> Meaning:
    halves = 1 if found["n"] == "半" else 2 * _number(found["n"])
    halves += found["of"] == "个半"
    unit, ends = found["unit"], not found["side"].endswith("后")
    if found["side"].endswith("前"):
        return Meaning(None, past=True)
    if unit in ("小时", "钟头"):
        return Meaning(today + (halves // 48) * _DAY, ends=ends)
    if unit == "工作日":
        return Meaning(days.after_workdays(today, halves // 2), ends=ends)
    months = {"月": 1, "季度": 3, "年": 12}.get(unit)
    if months:
        whole, half = divmod(halves * months, 2)
        return Meaning(days.months_on(today, whole) + 15 * half * _DAY, ends=ends)
    return Meaning(today + ((1 if unit in "天日" else 7) * halves + 1) // 2 * _DAY, ends=ends)


def _festival(found: Match[str], today: date) -> Meaning | None:
    name = _FESTIVALS[found["name"]]
    if found["side"].endswith("前"):
        return Meaning(days.before_festival(today, name), ends=True)
    return Meaning(days.after_festival(today, name))


def _year(found: Match[str], today: date) -> Meaning:
    year = today.year + (found["which"] in ("明", "来"))
    match found["part"]:
        case "初":
            return Meaning(date(year, 1, 31) if year > today.year else date(year + 1, 1, 31))
        case "中":
            return Meaning(date(year, 6, 30) if date(year, 6, 30) >= today else date(year + 1, 6, 30))
    return Meaning(date(year, 12, 31))


def _next_year(_found: Match[str], today: date) -> Meaning:
    return Meaning(date(today.year + 1, 12, 31), date(today.year, 12, 31), kind="period")


def _half_year(found: Match[str], today: date) -> Meaning:
    year = today.year + (found["year"] == "明年")
    end = date(year, 6, 30) if found["half"] == "上" else date(year, 12, 31)
    return Meaning(end if end >= today else end.replace(year=year + 1))


def _quarter(found: Match[str], today: date) -> Meaning:
    number = found["cn"] or found["latin"]
    if number:
        quarter = int(number) if number.isdigit() else "一二三四".index(number) + 1
        year = today.year + (found["year"] == "明年")
        if days.quarter_end(year, quarter) < today:
            year += 1
    else:
        year, quarter = today.year, (today.month + 2) // 3 + (found["which"] == "下")
    end = days.quarter_end(year, quarter)
    whole = found["part"] is None
    before = days.months_on(end.replace(day=1), -2) - _DAY
    return Meaning(end, before if whole else None, kind="period" if whole else "day")


def _vague(found: Match[str], today: date) -> Meaning:
    return Meaning(today + 2 * _DAY if "两天" in found.group() else None)


def _part(found: Match[str], _today: date) -> Meaning:
    said = found.group()
    at = time(12) if said in ("中午", "正午") else None
    afternoon = said in ("下午", "晚上", "傍晚", "晚间", "午后", "中午")
    return Meaning(at=at, kind="part", ends=said.startswith(("下班", "晚")), afternoon=afternoon)


def _clock(found: Match[str], _today: date) -> Meaning | None:
    hour = _number(found["hour"] or found["hh"])
    quarters = {"半": 30, "一刻": 15, "三刻": 45}
    minute = quarters.get(found["half"] or "", 0) or _number(found["minute"] or found["mm"] or "0")
    if hour > 23 or minute > 59:
        return None
    sure = bool(found["half"] or found["hh"])
    return Meaning(at=time(hour, minute), kind="clock", needs=not sure)


READERS: tuple[Reader, ...] = (
    (re.compile("(?P<day>大后|后|明|今|昨|大前|(?<![提以之目])前)(?:天|日(?=[^期本]|$))"), _named),
    (re.compile("(?P<day>今|明|昨|后)(?:儿|早|晚)(?:上)?"), _named),
    (
        re.compile(
            f"(?<![每逢])(?<!(?<![周期拜])[一二两三四五六七八九十几0-9]){_ONE}?个?{_WEEK}(?P<day>[一二三四五六日天末])"
            "(?![期个])"
        ),
        _weekday,
    ),
    (re.compile(f"{_ONE}个?{_WEEK}(?P<part>之内|以内|内|里|初|底|末|中)?(?![一二三四五六日天末])"), _week),
    (
        re.compile(
            f"(?P<which>上上|上一?|本|这|下下|下一?|次)个?月(?:份)?(?:(?P<number>{_N})[日号]|{_PART})"
        ),
        _month,
    ),
    (
        re.compile(
            "(?<![每0-9一二三四五六七八九十两个本下上这])月(?P<part>底|末|初|中旬|中(?!间)|下旬|上旬|内)"
        ),
        _edge_of_month,
    ),
    (
        re.compile(
            f"(?<![每0-9])(?P<year>今年|明年|后年|去年|20[0-9]{{2}}年|2[0-9]年)?(?P<month>{_N})月份?"
            f"(?:(?P<number>{_N})(?:[日号]|(?=\\s?(?:前|之前|以前|上午|下午)))|{_PART})"
        ),
        _numbered_month,
    ),
    (
        re.compile(
            r"(?<![0-9.\-/¥$#A-Za-z])(?P<month>[0-9]{1,2})[./](?P<number>[0-9]{1,2})"
            r"(?:[日号]|(?=\s?(?:前|之前|以前|上午|下午|晚上|中午|[发交寄给付提送出安回签打报做派])))"
        ),
        _figures,
    ),
    (re.compile(r"(20[0-9]{2})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})(?![0-9])[日号]?"), _full),
    (
        re.compile(
            r"(?<![0-9.月第A-Za-z#一二三四五六七八九十])(?:[0-9]{1,2}\s?[-~到至]\s?)?(?P<number>[0-9]{1,2}|[一二三十]{1,3})"
            r"(?:号(?![楼线机门车厂样模柜仓库罐炉泵店馆码召称段院位展订钢电产公设工])|日(?=之?前|以前|上午|下午|[发交寄给付]))"
        ),
        _number_of_month,
    ),
    (
        re.compile(
            f"(?<![0-9.])(?P<n>{_N}|半)(?P<of>个半|个)?(?P<unit>工作日|天|日|周|星期|礼拜|(?<=个)月|(?<=半)月|季度|年|小时|钟头)"
            "(?:的?时间)?(?P<side>之内|以内|内|之后|以后|后(?!天)|之前|以前|前)"
        ),
        _span,
    ),
    (
        re.compile(
            "(?P<name>双十一|双11|国庆|(?<!双)十一|元旦|春节|过年|五一|劳动节|端午|中秋|清明|圣诞|放假|假期"
            "|(?<![0-9一二两三四五六七八九十半今明去后多几每往全当整上下前来])年|(?<![环季细情调时枝关])节)"
            "节?(?:长?假期?|放假)?过?(?P<side>之前|以前|前(?!提[^供交出前]|[台期面往道后])|之后|以后|后(?![续期面来]))"
        ),
        _festival,
    ),
    (re.compile("(?P<which>今|明|来|本)?年(?P<part>底|末|终|初|中|内)"), _year),
    (re.compile("[明来]年"), _next_year),
    (re.compile("(?P<year>今年|明年)?(?P<half>[上下])半年"), _half_year),
    (
        re.compile(
            "(?P<year>今年|明年)?(?:第?(?P<cn>[一二三四1-4])季度|[Qq](?P<latin>[1-4])(?![0-9])"
            "|(?P<which>本|这|下)个?季度?|季度?(?=[末底内]))(?P<part>末|底|内|初)?"
        ),
        _quarter,
    ),
    (
        re.compile(
            "每(?:个|隔)?(?:周|星期|礼拜|月|天|日|年|季度)[一二三四五六日天末底初]?(?:[0-9]{1,2}[号日])?|[这过]两天(?:之?内)?|[这过]几天|近期|最近|改天|回头|尽快|尽早|马上|立刻|立即|第一时间|稍后|晚点|晚些时候|晚一点|迟点|等会儿?|待会儿?|一会儿?|过段时间"
        ),
        _vague,
    ),
    (
        re.compile("上午|下午|中午|正午|晚上|早上|早晨|傍晚|晚间|一早|下班(?:之前|以前|前)|[上下]班[前后]?"),
        _part,
    ),
    (
        re.compile(
            r"(?<![0-9:.周期拜])(?<!(?<![周期拜])[一二三四五六七八九十])(?:(?P<hour>[0-9]{1,2}|[一二两三四五六七八九十]{1,3})点"
            r"(?P<half>半|一刻|三刻|钟|整)?(?:(?P<minute>[0-9]{1,2}|[二三四五]?十[一二三四五六七八九]?)分?)?"
            r"(?![0-9个儿要建意问说多])|(?P<hh>[0-9]{1,2}):(?P<mm>[0-9]{2})(?![0-9:]))"
        ),
        _clock,
    ),
)
