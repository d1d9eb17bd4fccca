"""What hangs on the demo's customers and people: further numbers, addresses, billing, business, who else looks after
them; the same for the same seed. The better a customer's grade, the more is known."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any, Final

from guanxi.demo.field import point_of
from guanxi.demo.generator import CustomerSeed
from guanxi.demo.lexicon import Sector, sectors_in
from guanxi.demo.naming import draw_mobile
from guanxi.demo.people import PersonSeed

# Chinese in code: what stands on invoices, delivery notes and in a seller's notebook

Row = dict[str, Any]

_KNOWN: Final = {"A": 0.9, "B": 0.55, "C": 0.25, "D": 0.08, "": 0.12}
_BANKS: Final = ("工商银行", "农业银行", "建设银行", "中国银行", "交通银行", "招商银行")
_SITES: Final = (
    "工业园北厂区 3 号门",
    "物流园 2 号库",
    "二期厂房收货口",
    "开发区新厂西门",
    "中转仓 5 号月台",
)
_MACHINES: Final = ("给袋式包装机", "立式包装机", "装箱机", "码垛机", "枕式包装机", "贴标机")
_BRANDS: Final = ("北川机械", "鼎诚智能", "华瑞包装", "德国进口", "自制")
_SUPPLIES: Final = (("复合膜", "吨"), ("纸箱", "万只"), ("自立袋", "万只"), ("标签", "万张"))
_FILM_MAKERS: Final = ("永鑫软包", "鸿运塑业", "汇丰彩印", "新晨纸品")
_UNITS: Final = (("售后服务", "peng.lijuan"), ("备件", "dong.qian"), ("整线项目", "zhou.haitao"))
_NOTES: Final = {
    "theirs": "采购按去年实际用量报的",
    "seen": "参观车间时数的机器",
    "orders": "我们的订单除以他们的产量",
    "public": "年报里的产量",
    "guess": "",
}


@dataclass(frozen=True, slots=True)
class Details:
    """Rows by stored column without their links. `people` are contact points by the person's place among those of
    the customer; of `charges` the member is a key of `company.MEMBERS`."""

    points: list[Row] = field(default_factory=list)
    addresses: list[Row] = field(default_factory=list)
    billing: list[Row] = field(default_factory=list)
    business: list[Row] = field(default_factory=list)
    charges: list[tuple[str, Row]] = field(default_factory=list)
    people: list[tuple[int, Row]] = field(default_factory=list)


def details_of(customer: CustomerSeed, people: Sequence[PersonSeed], seed: int, today: date) -> Details:
    """What is known of a customer beyond its card; of our own units nothing."""
    found = Details()
    if "internal" in customer.relations:
        return found
    rng = Random(f"{seed} details {customer.index}")  # noqa: S311  a demo, not a secret
    known = _KNOWN[customer.grade]
    if rng.random() < known:
        found.points.extend(_points(rng, customer))
    if rng.random() < known and customer.address:
        found.addresses.extend(_addresses(rng, customer, seed))
    elif customer.address and customer.owner is not None:
        found.addresses.extend(_on_the_map(customer, seed))
    if "customer" in customer.relations and customer.kind == "organisation":
        if rng.random() < known:
            found.billing.append(_billing(rng, customer))
        if rng.random() < known:
            found.business.extend(_business(rng, customer, today))
        if rng.random() < known * 0.35:
            unit, member = rng.choice(_UNITS)
            since = today - timedelta(days=rng.randrange(60, 900))
            found.charges.append((member, {"unit": unit, "since": max(since, customer.created.date())}))
    for place, one in enumerate(people):
        if one.phone and rng.random() < known * 0.5:
            found.people.append((place, _private(rng)))
    return found


def _private(rng: Random) -> Row:
    if rng.random() < 0.6:
        return {"kind": "mobile", "value": draw_mobile(rng), "use": "private", "seen_by": "owner"}
    return {"kind": "qq", "value": str(rng.randrange(10**8, 10**9)), "use": "work"}


def _points(rng: Random, customer: CustomerSeed) -> Iterator[Row]:
    landline = re.fullmatch(r"(0\d{2,3}-\d{3,4})\d{4}", customer.phone)
    if landline:
        yield {"kind": "phone", "value": customer.phone, "use": "switchboard", "main": True}
        yield {"kind": "phone", "value": f"{landline[1]}{rng.randrange(1000, 9999)}", "use": "finance"}
        if rng.random() < 0.4:
            yield {"kind": "fax", "value": f"{landline[1]}{rng.randrange(1000, 9999)}"}
    domain = (
        customer.website.removeprefix("https://").removeprefix("http://").removeprefix("www.").split("/")[0]
    )
    if domain:
        yield {"kind": "email", "value": f"purchase@{domain}", "use": "purchasing"}


def _on_the_map(customer: CustomerSeed, seed: int) -> Iterator[Row]:
    if point := point_of(customer.region, customer.index, seed):
        yield {"street": customer.address, "region": customer.region, "use": "office", "main": True} | point


def _addresses(rng: Random, customer: CustomerSeed, seed: int) -> Iterator[Row]:
    office = {"street": customer.address, "region": customer.region, "use": "office", "main": True}
    yield office | point_of(customer.region, customer.index, seed)
    place = re.match(r"^.{2,10}?市.{1,6}?[区县市]", customer.address)
    if place:
        where = {"region": customer.region, "receiver": rng.choice(("仓库 李师傅", "收货组", "设备部 王工"))}
        yield {"street": f"{place[0]}{rng.choice(_SITES)}", "use": "delivery", **where}


def _billing(rng: Random, customer: CustomerSeed) -> Row:
    city = re.match(r"^(.{2,4}?)市", customer.address)
    return {
        "title": customer.name,
        "tax_number": customer.credit_code,
        "bank": f"{rng.choice(_BANKS)}{city[1] if city else ''}分行营业部" if customer.credit_code else "",
        "account": f"1100{rng.randrange(10**6):06d}000{rng.randrange(10**6):06d}"
        if customer.credit_code
        else "",
        "address": customer.address,
        "phone": customer.phone,
        "main": True,
    }


@cache
def _sectors() -> dict[str, Sector]:
    return {trade.industry: sector for sector in sectors_in("32") for trade in sector.trades}


def _business(rng: Random, customer: CustomerSeed, today: date) -> Iterator[Row]:
    as_of = today - timedelta(days=rng.randrange(10, 400))
    sector = _sectors().get(customer.industry)
    if sector is not None:
        for good in rng.sample(sector.goods, k=min(len(sector.goods), rng.choice((1, 2)))):
            amount = rng.randrange(3, 90) * 10_000
            yield {"kind": "makes", "what": good, "amount": amount, "unit": "吨", "as_of": as_of}
    supply, unit = rng.choice(_SUPPLIES)
    yield {
        "kind": "buys", "what": supply, "partner_name": rng.choice(_FILM_MAKERS),
        "amount": rng.randrange(2, 60) * 1_000, "unit": unit, "as_of": as_of,
    }  # fmt: skip
    machines = rng.sample(_MACHINES, k=3)
    yield {"kind": "competitor", "what": machines[0], "partner_name": rng.choice(_BRANDS),
           "amount": rng.randrange(1, 7) * 100, "unit": "台"}  # fmt: skip
    for machine in machines[: rng.choice((1, 2))]:
        basis = rng.choice(tuple(_NOTES))
        yield {
            "kind": "need", "what": machine, "amount": rng.randrange(1, 6) * 100, "unit": "台",
            "share": rng.choice((0, 200, 350, 500, 700, 1000)), "basis": basis, "basis_note": _NOTES[basis],
            "as_of": as_of,
        }  # fmt: skip
