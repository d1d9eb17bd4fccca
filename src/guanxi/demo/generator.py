"""The demo company's customers: as many as asked, one after the other, always the same for the same seed.

Everything is invented. Domains end in .example; telephone numbers are valid in form and keep to exchanges full of
zeros (0539-8001234, 13800001234), which are rarely given out; of credit codes only the checksums are right.
"""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from guanxi.demo import naming, words
from guanxi.demo.abroad import draw_foreign
from guanxi.demo.company import member_index
from guanxi.demo.lexicon import (
    BUREAUS,
    GOVERNMENT,
    MAKERS,
    OTHER_SECTORS,
    Place,
    Sector,
    draw_place,
    sectors_in,
)
from guanxi.demo.names import person, surname
from guanxi.demo.remarks import write_english_remark, write_remark
from guanxi.demo.shares import (
    GRADE,
    HAS_REMARK,
    HAS_WEBSITE,
    IN_POOL,
    LARGE,
    NEARBY,
    OWNER_OF_RELATION,
    PINNED_OWNER,
    RELATION,
    SIZE,
    SOURCE,
    SOURCE_ABROAD,
    sellers,
)
from guanxi.kernel.codes import make_credit_code

__all__ = ["YEARS", "CustomerSeed", "generate"]

YEARS: Final = 6
GROWTH: Final = 0.22  # a year, of new customers
_SHANGHAI = ZoneInfo("Asia/Shanghai")
_SERIALS = 90_000_000  # of credit codes, above 10,000,000 so that none begins with zeros
_HOLDS_AT_MOST = 0.058  # of all customers, one salesperson: 116 of 2,000, and a few come with their group
_DISTINCT = 100_000  # names and trade names given, until which the latter stay apart
_PINNED_FROM = 200  # customers, below which the company's well-known ones would crowd out the rest


@dataclass(frozen=True, slots=True)
class CustomerSeed:
    """One customer to be created. `owner` is a place in `company.MEMBERS`, None for the public pool; `parent`
    the `index` of an earlier customer; empty text is unknown. `kind` is "organisation" or "individual".

    Codes: relations customer, distributor, supplier, partner, competitor, bank, government, internal; size
    under_20, 20_99, 100_499, 500_999, 1000_9999, 10000_up; grade A B C D; source exhibition, referral,
    search, advertisement, web_enquiry, phone, email, cold_call, walk_in, distributor, old_customer.
    """

    index: int
    kind: str
    name: str
    short_name: str
    relations: tuple[str, ...]
    credit_code: str
    region: str
    industry: str
    size: str
    grade: str
    source: str
    owner: int | None
    parent: int | None
    phone: str
    website: str
    address: str
    remarks: str
    language: str
    created: datetime


def generate(seed: int, today: date, count: int = 2000) -> Iterator[CustomerSeed]:
    """`count` customers in the order of their creation over the six years before `today`.

    The same arguments give the same customers. Names and credit codes are unique; a parent comes before its
    children. Memory grows by about 100 bytes a customer, for the names already given.
    """
    return _Run(seed, today, count).customers()


@dataclass(frozen=True, slots=True)
class _Group:
    index: int
    naming: naming.Named
    sector: Sector
    owner: int | None


class _Run:
    def __init__(self, seed: int, today: date, count: int) -> None:
        self.rng = Random(seed)  # noqa: S311 - no secret, a demo
        self.today = today
        self.count = count
        self.taken: set[int] = set()
        self.groups: list[_Group] = []
        self.held: Counter[int | None] = Counter()
        self.limit = max(5.0, _HOLDS_AT_MOST * count)
        # A walk over all serials that meets each once: the step has no factor in common with their number.
        self.serial = self.rng.randrange(_SERIALS)
        self.pinned_index: dict[str, int] = {}

    def customers(self) -> Iterator[CustomerSeed]:
        pinned = self.pinned()
        for index in range(self.count):
            customer = self.pin(index, pinned[index]) if index in pinned else self.draw(index)
            self.held[customer.owner] += 1
            yield customer

    def pinned(self) -> dict[int, list[str]]:
        if self.count < _PINNED_FROM:
            return {}
        rows = [line.split("\t") for line in words.text("pinned.tsv").splitlines()[1:]]
        step = 0.4 / len(rows)
        placed = {int(self.count * (0.5 + step * number)): row for number, row in enumerate(rows)}
        self.taken.update(hash(row[1]) for row in rows)
        return placed

    def pin(self, index: int, row: list[str]) -> CustomerSeed:
        short, name, relation, region, industry, size, grade, source, phone, address, remark, parent = row
        self.pinned_index[short] = index
        relations = tuple(relation.split())
        abroad = len(region) == 2
        owner = OWNER_OF_RELATION.get(relations[0], (PINNED_OWNER,))[0]
        return CustomerSeed(
            index=index,
            kind="organisation",
            name=name,
            short_name=short,
            relations=relations,
            credit_code="" if abroad else self.credit_code("9", "1", region),
            region=region,
            industry=industry,
            size=size,
            grade=grade,
            source=source,
            owner=member_index(owner),
            parent=self.pinned_index.get(parent),
            phone=phone,
            website="",
            address=address,
            remarks=remark,
            language="en" if abroad else "zh-hans",
            created=self.created(index),
        )

    def draw(self, index: int) -> CustomerSeed:
        rng = self.rng
        fate = rng.random()
        if fate < 0.045:
            abroad = self.abroad(index)
            if abroad is not None:
                return abroad
        elif fate < 0.062:
            single = self.individual(index)
            if single is not None:
                return single
        elif fate < 0.1 and self.groups:
            return self.subsidiary(index)
        relation = RELATION.draw(rng)
        nearby = rng.random() < NEARBY.get(relation, 0.0)
        place = draw_place(rng, rng.choice(("32", "32", "33", "31")) if nearby else "")
        if relation == "government":
            office = self.government(index, place)
            if office is not None:
                return office
            relation = "customer"
        return self.company(index, relation, place)

    def company(self, index: int, relation: str, place: Place) -> CustomerSeed:
        rng = self.rng
        sector = OTHER_SECTORS.get(relation) or sectors_in(place.province.code[:2]).draw(rng)
        size = SIZE.draw(rng)
        # Two of one trade name in a province look like a duplicate; with very many it cannot be helped.
        distinct = len(self.taken) < _DISTINCT
        named = naming.draw_company(rng, place, sector, size, self.free, distinct)
        buys = {"distributor": 0.3, "partner": 0.3, "supplier": 0.06}.get(relation, 0.0)
        relations = (relation, "customer") if rng.random() < buys else (relation,)
        made = self.organisation(index, relations, place, sector, size, named, None, None)
        if relation == "customer" and size in LARGE:
            self.groups.append(_Group(index, named, sector, made.owner))
            if len(self.groups) > 60:
                del self.groups[0]
        return made

    def subsidiary(self, index: int) -> CustomerSeed:
        rng = self.rng
        group = self.groups[int(rng.random() * len(self.groups))]
        for _ in range(6):
            place = draw_place(rng)
            named = naming.draw_child(rng, place, group.naming)
            if self.free(named.name):
                size = ("20_99", "100_499")[rng.random() < 0.5]
                owner = group.owner if rng.random() < 0.7 else -1
                return self.organisation(
                    index, ("customer",), place, group.sector, size, named, group.index, owner
                )
        return self.company(index, "customer", draw_place(rng))

    def organisation(
        self,
        index: int,
        relations: tuple[str, ...],
        place: Place,
        sector: Sector,
        size: str,
        named: naming.Named,
        parent: int | None,
        owner: int | None,
    ) -> CustomerSeed:
        """`owner` is the parent's where the same person looks after both, -1 where that is not so."""
        rng = self.rng
        relation = relations[0]
        selling = relation in ("customer", "distributor", "partner")
        grade = GRADE["large" if size in LARGE else size].draw(rng) if selling else ""
        if parent is None or owner == -1:
            owner = self.owner(relation, place.province.code[:2], grade)
        heading = relation
        if relation == "customer":
            heading = "pool" if owner is None and rng.random() < 0.45 else f"customer {grade}"
        remark = ""
        if rng.random() < HAS_REMARK[grade]:
            remark = write_remark(rng, heading, sector, place.region.short)
        return CustomerSeed(
            index=index,
            kind="organisation",
            name=named.name,
            short_name=named.short_name,
            relations=relations,
            credit_code=self.credit_code("9", "1", place.region.code) if rng.random() < 0.8 else "",
            region=place.region.code,
            industry=named.trade.industry if rng.random() < 0.95 else "",
            size=size,
            grade=grade,
            source=SOURCE.draw(rng) if selling else "",
            owner=owner,
            parent=parent,
            phone=naming.draw_phone(rng, place),
            website=naming.draw_website(rng, named, place) if rng.random() < HAS_WEBSITE[size] else "",
            address=naming.draw_address(rng, place) if rng.random() < 0.85 else "",
            remarks=remark,
            language="zh-hans",
            created=self.created(index),
        )

    def abroad(self, index: int) -> CustomerSeed | None:
        rng = self.rng
        found = draw_foreign(rng)
        if not self.free(found.name):
            return None
        distributor = found.industry == "51" or rng.random() < 0.1
        relation = "distributor" if distributor else "customer"
        grade = GRADE["20_99"].draw(rng)
        created = self.created(index)
        remark = ""
        if rng.random() < 0.85:
            heading = "abroad distributor" if distributor and rng.random() < 0.7 else "abroad"
            remark = write_english_remark(rng, heading, found.industry, found.person, created.year)
        return CustomerSeed(
            index=index,
            kind="organisation",
            name=found.name,
            short_name=found.short_name,
            relations=(relation,),
            credit_code="",
            region=found.country,
            industry=found.industry,
            size=SIZE.draw(rng),
            grade=grade,
            source=SOURCE_ABROAD.draw(rng),
            owner=None if not distributor and rng.random() < IN_POOL[grade] / 2 else sellers("*").draw(rng),
            parent=None,
            phone=found.phone if rng.random() < 0.9 else "",
            website=f"https://www.{found.host}" if rng.random() < 0.6 else "",
            address=found.address,
            remarks=remark,
            language="en",
            created=created,
        )

    def individual(self, index: int) -> CustomerSeed | None:
        rng = self.rng
        place = draw_place(rng)
        kind, code = "individual", ""
        district = rng.choice(place.districts) if place.districts else ""
        if rng.random() < 0.4:
            name = short = person(rng).full
        else:
            maker = rng.choice(MAKERS)
            short = f"老{surname(rng)[:1]}{maker}" if rng.random() < 0.6 else f"{person(rng).given}{maker}"
            name = f"{place.region.short}{district}{short}"
            kind, code = "organisation", self.credit_code("9", "2", place.region.code)
        if not self.free(name):
            return None
        grade = "D" if rng.random() < 0.5 else "C"
        owner = self.owner("customer", place.province.code[:2], grade)
        sector = sectors_in(place.province.code[:2]).draw(rng)
        return CustomerSeed(
            index=index,
            kind=kind,
            name=name,
            short_name=short,
            relations=("customer",),
            credit_code=code,
            region=place.region.code,
            industry="",
            size="" if kind == "individual" else "under_20",
            grade=grade,
            source=SOURCE.draw(rng),
            owner=owner,
            parent=None,
            phone=naming.draw_mobile(rng),
            website="",
            address=f"{place.region.zh}{district}",
            remarks=write_remark(rng, "individual", sector, place.region.short) if rng.random() < 0.7 else "",
            language="zh-hans",
            created=self.created(index),
        )

    def government(self, index: int, place: Place) -> CustomerSeed | None:
        rng = self.rng
        bureau = rng.choice(BUREAUS)
        name = place.region.zh + bureau
        if not self.free(name):
            return None
        remark = write_remark(rng, "government", GOVERNMENT, place.region.short)
        return CustomerSeed(
            index=index,
            kind="organisation",
            name=name,
            short_name=place.region.short + bureau,
            relations=("government",),
            credit_code=self.credit_code("1", "1", place.region.code),
            region=place.region.code,
            industry="92",
            size="",
            grade="",
            source="",
            owner=self.owner("government", "", ""),
            parent=None,
            phone=naming.draw_landline(rng, place),
            website="",
            address=f"{place.region.zh}行政中心",
            remarks=remark if rng.random() < 0.6 else "",
            language="zh-hans",
            created=self.created(index),
        )

    def free(self, name: str) -> bool:
        """Whether the name is new; it is taken from then on."""
        mark = hash(name)
        if mark in self.taken:
            return False
        self.taken.add(mark)
        return True

    def owner(self, relation: str, province: str, grade: str) -> int | None:
        fixed = OWNER_OF_RELATION.get(relation)
        if fixed:
            return member_index(fixed[int(self.rng.random() * len(fixed))])
        if relation == "customer" and self.rng.random() < IN_POOL[grade]:
            return None
        seller = sellers(province).draw(self.rng)
        for _ in range(8):  # somebody else has room: the limit is above a fair share
            if self.held[seller] < self.limit:
                break
            seller = sellers("").draw(self.rng)
        return seller

    def credit_code(self, department: str, kind: str, region: str) -> str:
        self.serial = (self.serial + 38_196_601) % _SERIALS
        return make_credit_code(10_000_000 + self.serial, region=region, department=department, kind=kind)

    def created(self, index: int) -> datetime:
        """Evenly over a business that grows by the rate `GROWTH`: later years hold more; on working days."""
        rng = self.rng
        share = (index + rng.random()) / self.count
        years = math.log1p(share * math.expm1(GROWTH * YEARS)) / GROWTH
        day = self.today - timedelta(days=1 + int((YEARS - years) * 365.25))
        if day.weekday() > 4 and rng.random() < 0.93:
            day -= timedelta(days=day.weekday() - 4)
        minute = 510 + int(rng.random() * 600)
        return datetime.combine(day, time(minute // 60, minute % 60, int(rng.random() * 60)), _SHANGHAI)
