"""The demo company's sales of two years: how each went through its stages, what it came to, and why."""

# Chinese in code: what is sold, and why it was lost

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from guanxi.activities.services.activities import create_activities
from guanxi.customers.models import Affiliation, Customer
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.ids import new_id
from guanxi.kernel.workdays import is_workday, next_workday
from guanxi.sales.choices import StageKind
from guanxi.sales.models import LostReason
from guanxi.sales.queries.pipelines import ways
from guanxi.sales.services.histories import Stood, entered, tell_histories
from guanxi.sales.services.opportunities import open_opportunities

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_BACK: Final = 730  # days
# What is sold: of a product line, its price in ten thousand yuan from and to, how often it is asked for.
_GOODS: Final = (
    ("给袋式包装机", "给袋式包装机", 38, 96, 16), ("立式包装机", "立式包装机", 22, 60, 14),
    ("枕式包装机", "枕式包装机", 15, 36, 14), ("灌装线", "灌装线", 80, 260, 8), ("装箱机", "后段设备", 30, 72, 10),
    ("码垛机器人", "后段设备", 45, 92, 8), ("开箱封箱线", "后段设备", 12, 28, 6), ("贴标机", "后段设备", 8, 22, 5),
    ("整线集成", "整线集成", 200, 680, 5), ("备件年度框架", "备件与服务", 5, 30, 8),
    ("维保合同", "备件与服务", 6, 26, 6),
)  # fmt: skip
_SERVICE: Final = "备件与服务"
_NAMES: Final = (
    "{m}", "{m}", "{m} 2 台", "{m}升级", "新厂{m}", "二期{m}", "{m}替换旧机", "{m}（带自动上料）", "出口线{m}",
    "车间改造：{m}",
)  # fmt: skip
# Of the open stages in their order: days in one, as a middle, and the share that is lost out of it.
_DAYS: Final = (13, 19, 24, 19, 11)
_LOST: Final = (0.25, 0.19, 0.2, 0.2, 0.05)
_SPREAD, _STUCK, _STUCK_BY = 0.55, 0.08, 3.2  # of the days; how many stand still, and how much longer
_SLIPS, _PRICED, _BACK_A_STEP = (
    0.3,
    0.35,
    0.05,
)  # shares a stage: the day put off, the amount changed, a step back
_REASONS: Final = (
    ("价格", 32), ("产品不合适", 14), ("竞争对手关系更深", 14), ("交期", 10), ("项目推迟或取消", 20),
    ("没有预算", 6), ("客户不再回应", 6),
)  # fmt: skip
_RIVALS: Final = ("佛山松川", "上海迈威", "青岛艾讯", "瑞安华联", "进口品牌", "本地小厂")
_TO_A_RIVAL: Final = ("价格", "产品不合适", "竞争对手关系更深", "交期")
_REMARKS: Final = (
    "对方老板最后定了报价低 8% 的一家。", "项目推到明年下半年再议。",
    "采购说参数差不多，交期我们晚三周。", "新来的设备部长用惯了另一家。",
    "集团统一招标，分厂没有决定权。", "", "",
)  # fmt: skip
_SEASONS: Final = (0.7, 0.4, 1.1, 1.1, 1.0, 0.9, 0.7, 0.8, 1.1, 0.8, 1.1, 1.0)


@dataclass(frozen=True, slots=True)
class Buyer:
    """Somebody a sale can be made to: `at` is its place in what was given, `owner` that of its owner among the members,
    `weight` how often it buys."""

    at: int
    owner: int
    weight: float


@dataclass(frozen=True, slots=True)
class Step:
    """How a sale stood from this moment on: its place among the open stages, None where it has ended; its amount in
    minor units, and the day it is expected."""

    at: datetime
    stage: int | None
    amount: int | None
    expected_on: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SaleSeed:
    """A sale with what became of it; `state` is open, won or lost."""

    buyer: int
    owner: int
    name: str
    line: str
    product: str
    state: str
    steps: tuple[Step, ...]
    reason: str = ""
    rival: str = ""
    remark: str = ""


def sales_of(
    buyers: Sequence[Buyer], seed: int, today: date, *, count: int, back: int = _BACK
) -> Iterator[SaleSeed]:
    """`count` sales of the days before `today`. The same arguments give the same sales."""
    rng = Random(f"{seed} sales")  # noqa: S311  a demo, not a secret
    weights = [one.weight for one in buyers]
    for buyer in rng.choices(buyers, weights=weights, k=count) if buyers else ():
        yield _sale(rng, buyer, _opened(rng, today, back), today)


def _opened(rng: Random, today: date, back: int) -> date:
    while True:
        day = today - timedelta(days=rng.randint(1, back))
        if rng.random() < _SEASONS[day.month - 1] and is_workday(day):
            return day


def _sale(rng: Random, buyer: Buyer, opened: date, today: date) -> SaleSeed:
    product, line, low, high, _often = rng.choices(_GOODS, weights=[one[-1] for one in _GOODS])[0]
    name = product if line == _SERVICE else rng.choice(_NAMES).format(m=product)
    amount = round(rng.uniform(low, high) * (2 if "2 台" in name else 1), 1 if high < 100 else 0)
    days = [max(1, round(middle * rng.lognormvariate(0, _SPREAD))) for middle in _DAYS]
    if rng.random() < _STUCK:
        place = rng.randrange(len(days))
        days[place] = round(days[place] * _STUCK_BY)
    expected = next_workday(opened + timedelta(days=round(sum(_DAYS) * rng.uniform(0.7, 1.1))))
    # The first stage knows no amount yet, half of the time.
    said: int | None = None if rng.random() < 0.5 else _minor(amount * rng.uniform(0.8, 1.2))
    day, state, steps = opened, "open", []
    for stage, (length, lost) in enumerate(zip(days, _LOST, strict=True)):
        if stage:
            said = _minor(amount) if said is None or rng.random() < _PRICED else said
        steps.append(Step(_moment(rng, day), stage, said, expected))
        if rng.random() < _SLIPS:
            put_off = day + timedelta(days=max(1, length // 2))
            if put_off < today:
                expected = next_workday(expected + timedelta(days=rng.randint(7, 45)))
                steps.append(Step(_moment(rng, put_off), stage, said, expected))
        day += timedelta(days=length)
        if stage and stage < len(days) - 1 and rng.random() < _BACK_A_STEP and day < today:
            steps.append(Step(_moment(rng, day), stage - 1, said, expected, "需求变了，重新确认"))
            day += timedelta(days=max(2, length // 2))
        if day >= today:
            break
        if rng.random() < lost:
            state = "lost"
            break
        if stage == len(days) - 1:
            state = "won"
    if state != "open":
        amount = round(amount * rng.uniform(0.9, 1.0), 1) if state == "won" else amount
        steps.append(Step(_moment(rng, day), None, _minor(amount), day))
    reason = rng.choices([one for one, _n in _REASONS], weights=[n for _one, n in _REASONS])[0]
    lost_to = rng.choice(_RIVALS) if reason in _TO_A_RIVAL else ""
    remark = rng.choice(_REMARKS)
    ended = state == "lost"
    return SaleSeed(
        buyer=buyer.at,
        owner=buyer.owner,
        name=name,
        line=line,
        product=product,
        state=state,
        steps=tuple(steps),
        reason=reason if ended else "",
        rival=lost_to if ended else "",
        remark=remark if ended else "",
    )


def _minor(amount: float) -> int:
    """Ten thousand yuan in fen, to the hundred yuan."""
    return round(amount * 100) * 100 * 100


def _moment(rng: Random, day: date) -> datetime:
    return datetime.combine(
        day, time(rng.randint(9, 17), rng.choice((0, 10, 20, 30, 40, 50))), tzinfo=_SHANGHAI
    )


def add_sales(actor: Actor, members: Sequence[UUID], today: date, seed: int, *, count: int) -> int:
    """Open them with their histories, in the open scope; returns how many. Who asks for the same seed and day gets the
    same."""
    found = Customer.objects.filter(owner_id__in=list(members), relations__contains="customer").order_by("pk")
    rows = list(found.values_list("pk", "owner_id", "grade", "source"))
    places = {member: at for at, member in enumerate(members)}
    buyers = [
        Buyer(at, places[owner], _WEIGHTS.get(grade, 1))
        for at, (_pk, owner, grade, _source) in enumerate(rows)
    ]
    people = _met(actor, [row[0] for row in rows])
    pipeline = ways().pipelines[0]
    stages = [one for one in ways().of[pipeline.pk] if one.kind == StageKind.OPEN]
    ends = {kind: ways().end(pipeline.pk, kind) for kind in (StageKind.WON, StageKind.LOST)}
    reasons = dict(LostReason.objects.values_list("name", "pk"))
    written, histories = [], {}
    for number, sale in enumerate(sales_of(buyers, seed, today, count=count)):
        pk, owner, _grade, source = rows[sale.buyer]
        made, last = new_id(), sale.steps[-1]
        stage = ends[StageKind(sale.state)] if last.stage is None else stages[last.stage]
        theirs = people.get(pk, ())
        histories[made] = [
            Stood(
                at=step.at,
                stage=(stage if step.stage is None else stages[step.stage]).pk,
                amount=step.amount,
                expected_on=step.expected_on,
                owner=owner,
                by=owner,
                reason=step.reason,
            )
            for step in sale.steps
        ]
        written.append(
            {
                "id": made,
                "name": sale.name,
                "customer_id": pk,
                "person_id": theirs[number % len(theirs)] if theirs else None,
                "owner_id": owner,
                "pipeline_id": pipeline.pk,
                "stage_id": stage.pk,
                "amount": last.amount,
                "expected_on": last.expected_on,
                "opened_on": sale.steps[0].at.date(),
                "closed_on": last.at.date() if last.stage is None else None,
                "source": source,
                "lost_reason_id": reasons[sale.reason] if sale.reason else None,
                "lost_to": sale.rival,
                "lost_remark": sale.remark,
                "stage_since": entered(histories[made]),
                "created_at": sale.steps[0].at,
                "updated_at": last.at,
            }
        )
    open_opportunities(actor, rows=written)
    tell_histories(actor, histories=histories)
    create_activities(actor, rows=list(_next_steps(Random(f"{seed} steps"), written, today)))  # noqa: S311  a demo
    return len(written)


def _next_steps(rng: Random, sales: Sequence[Mapping[str, Any]], today: date) -> Iterator[dict[str, Any]]:
    """What is planned next with most of the sales that are open: nobody has planned something for all of them."""
    for sale in sales:
        if sale["closed_on"] is not None or rng.random() < _UNPLANNED:
            continue
        kind, subject = rng.choice(_STEPS)
        yield {
            "kind": kind,
            "state": "planned",
            "at": _moment(rng, next_workday(today + timedelta(days=rng.randint(1, 12)))),
            "subject": subject,
            "owner_id": sale["owner_id"],
            "about_id": sale["id"],
            "created_at": sale["updated_at"],
            "updated_at": sale["updated_at"],
        }


_UNPLANNED: Final = 0.3  # share of the open sales
_STEPS: Final = (
    ("call", "确认参数和交期"), ("call", "跟进报价"), ("call", "约老板见面"), ("visit", "现场看线"),
    ("visit", "带样品上门"), ("meeting", "技术交流"), ("meeting", "商务谈判"), ("task", "出方案书"),
)  # fmt: skip


_WEIGHTS: Final = {"A": 6.0, "B": 3.0, "C": 1.0, "D": 0.3}


def _met(actor: Actor, customers: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """Their people, by customer."""
    found: dict[UUID, list[UUID]] = {}
    rows = Affiliation.objects.filter(customer_id__in=customers, until__isnull=True).order_by("pk")
    for customer, person in rows.values_list("customer_id", "person_id"):
        found.setdefault(customer, []).append(person)
    return found
