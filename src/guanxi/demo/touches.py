"""What the demo company's people did with their customers over two years, and what they plan next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from guanxi.demo.generator import CustomerSeed
from guanxi.kernel.workdays import is_workday

# Chinese in code: what salespeople write of a call or a visit

_SHANGHAI = ZoneInfo("Asia/Shanghai")
# Touches of a customer over two years, by grade, and how often something is planned. Of late there are more.
_DONE: Final = {"A": (16, 30), "B": (7, 14), "C": (3, 8), "D": (1, 4), "": (1, 4)}
_PLANNED: Final = {"A": 0.75, "B": 0.4, "C": 0.15, "D": 0.03, "": 0.05}
_BACK, _OF_LATE = 730, 1.4  # days; the power by which they gather near today
# How busy a month is: little around the spring festival, most before summer and before the year's end.
_SEASONS: Final = (0.7, 0.4, 1.0, 1.0, 0.95, 0.9, 0.7, 0.75, 1.0, 0.75, 1.0, 1.0)
_AWAY, _WEEKS = 0.03, 52  # the share of weeks in which somebody is ill or on leave
_CALLED_OFF, _LATE_WRITTEN = 0.04, 0.08  # shares: a visit that did not take place, a touch noted days after
_OVERDUE, _TODAY, _FAR = 0.1, 0.12, 14  # shares of what is planned; days ahead
_KINDS = (("call", 52), ("visit", 20), ("meeting", 6), ("note", 16), ("task", 6))
_NOT_REACHED = 0.22  # calls before which one was not answered
_ROUND, _LAST = (0, 10, 20, 30, 40, 50), 17  # minutes of the hour; the last hour of work
_WEEKEND = 5

_MACHINES = (
    "给袋式包装机", "立式包装机", "装箱机", "码垛机", "枕式包装机", "灌装线", "贴标机", "缠绕机",
    "自动开箱机", "封箱机",
)  # fmt: skip
_TEXTS: Final = {
    "call": (
        "确认{m}的交货时间，对方希望提前一周。",
        "谈{m}的报价，对方说比同行高一些，要我们列明配置差异。",
        "回访{m}使用情况，换型时间从 30 分钟降到 18 分钟，比较满意。",
        "问{m}的易损件库存，要两套刀片和一套加热管。",
        "{m}的技术协议已收到，下周组织评审。",
        "对方正在做明年的设备预算，{m}排在第二季度。",
        "催验收单，财务说本周内盖章寄出。",
        "约好下周去看车间，主要看{m}的安装位置。",
        "袋型改了，要重新确认{m}的成型器尺寸。",
        "问到同行也在谈，更看重售后响应时间。",
    ),
    "visit": (
        "看了包装车间，{m}的位置净宽 3.2 米够用，地面要做找平。",
        "带样袋做了现场测试，{m}节拍能到 55 袋每分钟，对方要求 60。",
        "和生产、设备两边一起谈，生产在意产能，设备在意维护方便。",
        "见了老板，明年要扩一条线，{m}和后段一起考虑。",
        "处理{m}计量偏差，重新标定后合格，顺便谈了保养合同。",
        "送样机参数和案例，对方技术部提了六条意见，已记下。",
    ),
    "meeting": (
        "视频会过了{m}的布局图，输送线转弯处要改。",
        "商务谈判，付款改为 3-5-1-1，价格再谈。",
        "和对方采购、财务开会，定了{m}的付款节点和验收标准。",
    ),
    "note": (
        "对方采购换了人，新人还不熟悉我们的设备。",
        "听说他们在隔壁市建新厂，年底封顶，可能要整线。",
        "竞品报价大约低 8%，但交期要 90 天。",
        "发票抬头和开户行已经更新，以新的为准。",
        "车间不让拍照，下次提前报备。",
    ),
    "task": (
        "整理{m}的同行业案例",
        "发{m}的参数表",
        "准备合同初稿",
        "寄样袋回厂试机",
        "请技术部核对{m}的配置",
    ),
}
_NEXT: Final = {
    "call": ("问{m}的评审结果", "跟进{m}报价", "确认付款时间", "回访{m}使用情况", "约见技术部"),
    "visit": ("看{m}安装位置", "现场测试{m}", "拜访老板谈扩线", "送合同并当面解释条款"),
    "meeting": ("{m}方案评审会", "商务谈判", "视频演示{m}"),
    "task": ("发{m}的参数表", "准备{m}报价", "整理案例给对方", "催技术协议回签"),
}
_TEXTS_EN: Final = {
    "call": (
        "Confirmed the delivery date; they would like it a week earlier.",
        "Went through the quotation line by line. They compare us with an Italian maker.",
        "Spare parts for the sealing unit are needed before the end of the month.",
        "The budget is planned for the second quarter.",
    ),
    "visit": ("Toured the packing hall; the layout has to change near the palletiser.",),
    "meeting": ("Video call on the layout: the infeed conveyor moves to the left.",),
    "note": ("A new purchasing manager starts next month.", "They pay by letter of credit only."),
    "task": ("Send the reference list", "Prepare the proforma invoice"),
}
_NEXT_EN: Final = {
    "call": ("Ask for the decision", "Follow up the quotation"),
    "visit": ("Visit the plant",),
    "meeting": ("Video demonstration",),
    "task": ("Send the updated drawings", "Prepare the proforma invoice"),
}
_OFF: Final = ("对方临时有检查，改天再约", "车间停产检修，不方便", "对方出差没回来", "我方设备还没调好，推迟")
_OFF_EN: Final = ("They had an audit that day.", "Our engineer was needed elsewhere.")


@dataclass(frozen=True, slots=True)
class TouchSeed:
    """One activity. `people` are places in the list of the customer's people; `with_superior`: one of ours came too."""

    kind: str
    state: str
    at: datetime
    minutes: int | None
    subject: str
    text: str
    outcome: str
    people: tuple[int, ...]
    with_superior: bool
    created: datetime
    remind_at: datetime | None


def touches_of(customer: CustomerSeed, people: int, seed: int, today: date) -> Iterator[TouchSeed]:
    """What was done with a customer that somebody answers for, and what is planned; `people` is how many are known.

    The same customer has the same activities whatever else is generated.
    """
    if customer.owner is None or "internal" in customer.relations:
        return
    rng = Random(f"{seed} touches {customer.index}")  # noqa: S311  a demo, not a secret
    english = not customer.region.isdigit()
    kinds = [kind for kind, _weight in _KINDS]
    weights = [weight for _kind, weight in _KINDS]
    least, most = _DONE[customer.grade]
    met = customer.created.astimezone(_SHANGHAI)
    for _ in range(rng.randint(least, most)):
        kind = rng.choices(kinds, weights=weights)[0]
        day = _spread(rng, today - timedelta(days=1 + int(rng.random() ** _OF_LATE * _BACK)))
        if rng.random() > _SEASONS[day.month - 1] or _away(customer.owner, day, seed):
            continue
        if datetime.combine(day, time(), _SHANGHAI) < met:
            continue
        if kind == "call" and rng.random() < _NOT_REACHED:
            before = _working(day - timedelta(days=rng.randint(1, 3)), -1)
            if datetime.combine(before, time(), _SHANGHAI) >= met:
                yield _not_reached(rng, _at(rng, before), people)
        yield _done(rng, kind, _at(rng, day), people, english, today)
    if rng.random() < _PLANNED[customer.grade]:
        yield _planned(rng, people, english, today)


def _spread(rng: Random, day: date) -> date:
    """The day, or where none works on it one of the week before."""
    if day.weekday() >= _WEEKEND:
        day -= timedelta(days=rng.randint(2, 5) + day.weekday() - _WEEKEND)
    return _working(day, -1)


def _away(owner: int, day: date, seed: int) -> bool:
    """Whether whoever answers for the customer was ill or on leave that week: all of his customers wait."""
    year, week, _weekday = day.isocalendar()
    rng = Random(f"{seed} away {owner} {year} {week % _WEEKS}")  # noqa: S311  a demo, not a secret
    return rng.random() < _AWAY


def _not_reached(rng: Random, at: datetime, people: int) -> TouchSeed:
    return TouchSeed(
        "call", "done", at, None, "", "", "not_answered", _some(rng, people, "call"), False, at, None
    )


def _called_off(rng: Random, kind: str, at: datetime, people: int, english: bool) -> TouchSeed:
    created = _at(rng, _working(at.date() - timedelta(days=rng.randint(2, 9)), -1))
    subject = _filled(rng, (_NEXT_EN if english else _NEXT)[kind])
    text = rng.choice(_OFF_EN if english else _OFF)
    return TouchSeed(
        kind, "cancelled", at, None, subject, text, "", _some(rng, people, kind), False, created, None
    )


def _done(rng: Random, kind: str, at: datetime, people: int, english: bool, today: date) -> TouchSeed:
    if kind in ("visit", "meeting") and rng.random() < _CALLED_OFF:
        return _called_off(rng, kind, at, people, english)
    text = _filled(rng, (_TEXTS_EN if english else _TEXTS)[kind])
    outcome, minutes = "", None
    if kind == "call":
        outcome, minutes = "answered", rng.randint(2, 24)
    elif kind in ("visit", "meeting"):
        outcome, minutes = "met", rng.choice((30, 60, 60, 90, 120, 150))
    subject = text if kind == "task" else ""
    written = at
    if rng.random() < _LATE_WRITTEN:
        written = min(at + timedelta(days=rng.randint(1, 5)), _at(rng, today - timedelta(days=1)))
    return TouchSeed(
        kind, "done", at, minutes, subject, "" if kind == "task" else text, outcome,
        _some(rng, people, kind), kind == "visit" and rng.random() < 0.25, max(at, written), None,
    )  # fmt: skip


def _planned(rng: Random, people: int, english: bool, today: date) -> TouchSeed:
    kind = rng.choices(("call", "visit", "meeting", "task"), weights=(50, 22, 8, 20))[0]
    if rng.random() < _OVERDUE:
        day = _working(today - timedelta(days=rng.randint(1, 6)), -1)
    else:
        day = (
            today if rng.random() < _TODAY else _working(today + timedelta(days=int(rng.random() * _FAR)), 1)
        )
    at = _at(rng, day)
    created = _at(rng, _working(min(day, today) - timedelta(days=rng.randint(2, 12)), -1))
    subject = _filled(rng, (_NEXT_EN if english else _NEXT)[kind])
    reminded = rng.random() < 0.6 and day > today
    return TouchSeed(
        kind, "planned", at, None, subject, "", "", _some(rng, people, kind), False, created,
        at - timedelta(minutes=15) if reminded else None,
    )  # fmt: skip


def _some(rng: Random, people: int, kind: str) -> tuple[int, ...]:
    if not people or kind in ("note", "task"):
        return ()
    count = min(people, rng.randint(1, 3) if kind in ("visit", "meeting") else 1)
    return tuple(sorted(rng.sample(range(people), count)))


def _filled(rng: Random, texts: Sequence[str]) -> str:
    return rng.choice(texts).replace("{m}", rng.choice(_MACHINES))


def _at(rng: Random, day: date) -> datetime:
    hour = rng.choice((9, 9, 10, 10, 11, 13, 14, 14, 15, 15, 16, _LAST))
    return datetime.combine(day, time(hour, rng.choice(_ROUND)), _SHANGHAI)


def _working(day: date, step: int) -> date:
    while day.weekday() >= _WEEKEND or not is_workday(day):
        day += timedelta(days=step)
    return day
