"""Leads of the demo company over the last months: from fairs, enquiries and referrals, in every state; some are
rubbish, some are customers already, some lie in a pool."""

# Chinese in code: what leads want and what is said to them

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from random import Random
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from guanxi.activities.services.activities import create_activities
from guanxi.customers.choices import Pooled
from guanxi.customers.models import Customer
from guanxi.customers.services.pool_settings import join_pool
from guanxi.demo.company import MEMBERS
from guanxi.demo.generator import CustomerSeed, generate
from guanxi.demo.people import people_of
from guanxi.foundation.accounts.models import Department
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.ids import new_id
from guanxi.marketing.services.leads import create_leads
from guanxi.resource.registry import find

COUNT: Final = 400
_SHANGHAI = ZoneInfo("Asia/Shanghai")
_POOL: Final = "线索池"
_DAYS: Final = 150
_TWINS: Final = 15
_WANTS: Final = (
    "想要枕包机", "要两台立式包装机，装坚果", "给袋式包装机多少钱", "灌装线改造", "码垛机器人，托盘 1.2 米",
    "整线集成，产能 60 包/分", "要样机视频和报价", "老线漏封，想换机", "出口用的真空包装机", "酱料灌装，带清洗",
)  # fmt: skip
_BUDGETS: Final = ("二十万以内", "五十万左右", "还没批", "按方案报", "一百万")
_DECIDERS: Final = ("老板", "设备部王部长", "采购总监", "厂长")
_TIMES: Final = ("春节前", "明年一季度", "新厂投产前", "越快越好", "今年没有计划")
_SOURCES: Final = (
    ("exhibition", "上海国际包装展"), ("exhibition", "广州食品机械展"), ("exhibition", "成都糖酒会"),
    ("web_enquiry", "官网留言"), ("web_enquiry", "1688 询盘"), ("referral", "老客户介绍"), ("search", "百度"),
    ("phone", "400 来电"), ("distributor", ""),
)  # fmt: skip
_RUBBISH: Final = ("你好", "代开发票，税点低", "求职：机械工程师", "网站优化推广", "测试", "asdf")
_SAID: Final = {
    "answered": ("聊了产能和袋型，要报价", "对方在比价，下周再谈", "要先看样机", "说要跟老板商量"),
    "not_answered": ("无人接听", "挂断了"),
    "wrong_number": ("打错了，不是这家公司",),
    "call_back": ("在开会，让晚点再打",),
}
# How far leads have come, of a hundred.
_STATES: Final = (("new", 22), ("working", 38), ("qualified", 16), ("discarded", 18), ("rubbish", 6))


def add_leads(actor: Actor, members: Sequence[UUID], today: date, seed: int) -> int:
    """Take them down, in the open scope, with what was done about them; returns how many. Who asks for the same seed
    and day gets the same."""
    rng = Random(f"{seed} leads")  # noqa: S311  a demo, not a secret
    pool = _make_pool(actor)
    states = [state for state, share in _STATES for _number in range(share)]
    rows, touches = list[dict[str, Any]](), list[dict[str, Any]]()
    for one in _firms(rng, today, seed):
        state = rng.choice(states)
        row = _row(rng, one, state, members, today, seed) | {"pool_id": pool}
        if row["owner_id"] is None:
            row["pooled_at"] = row["created_at"]
        rows.append(row)
        touches += _touches(rng, row, state, today)
    create_leads(actor, rows=rows)
    create_activities(actor, rows=touches)
    return len(rows)


def _make_pool(actor: Actor) -> UUID:
    resource = find("pools")
    made = resource.create(
        actor,
        data={
            **resource.defaults,
            "name": _POOL,
            "of": Pooled.LEADS.value,
            "claims_a_day": "10",
            "reclaim_days": "7",
        },
    )
    for department in Department.objects.filter(parent__isnull=True):
        join_pool(actor, made.pk, department=department.pk)
    return UUID(str(made.pk))


def _firms(rng: Random, today: date, seed: int) -> Iterator[CustomerSeed]:
    """Firms nobody knows yet, and some that are customers already."""
    known = list(Customer.objects.order_by("pk").values_list("name", "phone", "region")[: _TWINS * 9 : 9])
    for place, one in enumerate(islice(generate(seed + 1, today, COUNT), COUNT)):
        if place % 26 == 0 and place // 26 < len(known):
            name, phone, region = known[place // 26]
            one = replace(one, name=name, phone=phone, region=region)
        yield one


def _row(
    rng: Random, one: CustomerSeed, state: str, members: Sequence[UUID], today: date, seed: int
) -> dict[str, Any]:
    sellers = [at for at, each in enumerate(MEMBERS) if "salesperson" in each.roles and each.territory]
    mine = [at for at in sellers if one.region[:2] in MEMBERS[at].territory] or sellers
    owner = None if state == "new" and rng.random() < 0.4 else members[rng.choice(mine)]
    person = next(people_of(one, seed, today), None)
    source, detail = rng.choice(_SOURCES)
    # Yesterday at the latest: what comes later today is not there yet.
    made = _at(today - timedelta(days=1 + int(_DAYS * rng.random() ** 1.6)), rng)
    row: dict[str, Any] = {
        "id": new_id(),
        "name": one.name,
        "person": person.name if person else "",
        "post": person.post if person else "",
        "phone": (person.phone if person else "") or one.phone,
        "email": person.email if person and rng.random() < 0.5 else "",
        "region": one.region if one.region.isdigit() else "",
        "industry": one.industry,
        "need": rng.choice(_WANTS) if rng.random() < 0.8 else "",
        "source": source,
        "source_detail": detail,
        "owner_id": owner,
        "state": "discarded" if state == "rubbish" else state,
        "created_at": made,
        "updated_at": made,
    }
    if state == "qualified" or rng.random() < 0.2:
        row |= {
            "budget": rng.choice(_BUDGETS),
            "timing": rng.choice(_TIMES),
            "decider": rng.choice(_DECIDERS),
        }
    if state == "discarded":
        why = rng.choice(("no_need", "no_budget", "unreachable", "competitor", "not_ours"))
        row["discard_reason"] = why
    if state == "rubbish":
        row |= {"need": rng.choice(_RUBBISH), "discard_reason": "rubbish", "person": "", "email": ""}
    return row


def _touches(rng: Random, lead: dict[str, Any], state: str, today: date) -> Iterator[dict[str, Any]]:
    if state in ("new", "rubbish") or lead["owner_id"] is None:
        return
    at = lead["created_at"]
    for _number in range(rng.randint(1, 4)):
        at += timedelta(days=rng.randint(1, 12), hours=rng.randint(-2, 2))
        if at.date() >= today:
            break
        outcome = rng.choices(list(_SAID), weights=(6, 4, 1 if state == "discarded" else 0, 2))[0]
        text = rng.choice(_SAID[outcome])
        yield _touch(lead, at, "done", text) | {"outcome": outcome, "minutes": rng.randint(1, 15)}
    if state in ("working", "qualified") and rng.random() < 0.6:
        yield _touch(lead, _at(today + timedelta(days=rng.randint(0, 9)), rng), "planned", "再联系")


def _touch(lead: dict[str, Any], at: datetime, state: str, text: str) -> dict[str, Any]:
    return {
        "kind": "call",
        "state": state,
        "at": at,
        "text": text,
        "owner_id": lead["owner_id"],
        "about_id": lead["id"],
        "created_at": lead["created_at"],
        "updated_at": lead["created_at"],
    }


def _at(day: date, rng: Random) -> datetime:
    return datetime.combine(day, time(rng.randint(8, 17), rng.randint(0, 59)), _SHANGHAI)
