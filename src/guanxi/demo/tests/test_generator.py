from collections import Counter
from datetime import date, timedelta
from itertools import islice
from typing import get_args

import phonenumbers
import pytest

from guanxi.customers.reference import industries, regions
from guanxi.demo.company import COMPANY, DEPARTMENTS, MEMBERS, Role, superior_of
from guanxi.demo.generator import YEARS, CustomerSeed, generate
from guanxi.demo.promises import promise_of
from guanxi.demo.remarks import PATTERNS
from guanxi.demo.touches import touches_of
from guanxi.kernel.codes import check_credit_code
from guanxi.kernel.workdays import is_workday

TODAY = date(2026, 3, 18)


@pytest.fixture(scope="module")
def customers() -> list[CustomerSeed]:
    return list(generate(20260318, TODAY, 2000))


def test_one_seed_gives_the_same_customers_and_another_seed_others(
    customers: list[CustomerSeed],
) -> None:
    assert list(islice(generate(20260318, TODAY, 2000), 300)) == customers[:300]
    others = {customer.name for customer in islice(generate(7, TODAY, 2000), 300)}
    assert len(others & {customer.name for customer in customers}) < 30


def test_the_company_moves_with_the_date_it_is_shown_on(customers: list[CustomerSeed]) -> None:
    later = list(islice(generate(20260318, TODAY + timedelta(days=364), 2000), 100))
    for before, after in zip(customers, later, strict=False):
        assert (before.name, before.owner) == (after.name, after.owner)
        assert 350 < (after.created - before.created).days < 378


def test_it_streams() -> None:
    first = next(generate(1, TODAY, 1_000_000))
    assert first.index == 0


@pytest.mark.parametrize("count", [0, 1, 199, 200])
def test_any_number_can_be_asked_for(count: int) -> None:
    assert [customer.index for customer in generate(3, TODAY, count)] == list(range(count))


def test_names_and_credit_codes_are_unique_in_many_thousands() -> None:
    many = list(generate(5, TODAY, 30_000))
    names = [customer.name for customer in many]
    codes = [customer.credit_code for customer in many if customer.credit_code]
    assert len(set(names)) == len(names)
    assert len(set(codes)) == len(codes)


def test_every_code_is_one_the_product_knows(customers: list[CustomerSeed]) -> None:
    for customer in customers:
        assert customer.region in regions.REGIONS
        assert not customer.industry or customer.industry in industries.DIVISIONS
        assert not customer.credit_code or check_credit_code(customer.credit_code).ok
        assert customer.credit_code[2:8] in ("", customer.region)
        assert customer.owner is None or 0 <= customer.owner < len(MEMBERS)
        assert customer.grade in ("A", "B", "C", "D", "")
        assert customer.relations


def test_telephone_numbers_are_valid_and_in_the_zero_ranges(customers: list[CustomerSeed]) -> None:
    for customer in customers:
        if customer.phone:
            number = phonenumbers.parse(customer.phone, "CN")
            assert phonenumbers.is_valid_number(number), customer
        if customer.phone.startswith("1"):
            assert customer.phone[3:7] == "0000"
        if customer.website:
            assert customer.website.endswith(".example")
            assert customer.website.isascii()


def test_texts_are_clean_and_slots_are_filled(customers: list[CustomerSeed]) -> None:
    for customer in customers:
        for text in (customer.name, customer.short_name, customer.address, customer.remarks, customer.phone):
            assert text == text.strip()
            assert not set(text) & set("{}|\n\t")


def test_shares_are_those_of_a_company_one_could_meet(customers: list[CustomerSeed]) -> None:
    relations = Counter(relation for customer in customers for relation in customer.relations)
    assert 0.8 < relations["customer"] / 2000 < 0.95
    assert relations["distributor"] > 60
    assert relations["supplier"] > 40
    assert set(relations) == {
        "customer", "distributor", "supplier", "partner", "competitor", "bank", "government", "internal",
    }  # fmt: skip
    grades = Counter(customer.grade for customer in customers)
    assert 0.05 < grades["A"] / 2000 < 0.12
    assert grades["A"] < grades["D"] < grades["C"]
    abroad = [customer for customer in customers if len(customer.region) == 2]
    assert 0.02 < len(abroad) / 2000 < 0.07
    assert {"VN", "DE", "EG"} <= {customer.region for customer in abroad}
    assert all(customer.language == "en" for customer in abroad)
    assert any(customer.kind == "individual" for customer in customers)


def test_salespeople_hold_between_20_and_120_and_the_pool_is_not_empty(customers: list[CustomerSeed]) -> None:
    held = Counter(customer.owner for customer in customers)
    for number, member in enumerate(MEMBERS):
        if "salesperson" in member.roles:
            assert 20 <= held[number] <= 120, member.name
    assert 0.12 < held[None] / 2000 < 0.3
    for customer in customers:
        if customer.owner is None:
            assert customer.relations == ("customer",)


def test_parents_come_first_and_lead_to_groups(customers: list[CustomerSeed]) -> None:
    children = [customer for customer in customers if customer.parent is not None]
    assert len(children) > 30
    for child in children:
        assert child.parent is not None
        assert child.parent < child.index
        assert customers[child.parent].parent is None


def test_the_business_has_grown_over_six_years(customers: list[CustomerSeed]) -> None:
    days = [(TODAY - customer.created.date()).days for customer in customers]
    assert min(days) >= 1
    assert max(days) <= YEARS * 366 + 3
    thirds = Counter(min(2, day * 3 // (YEARS * 366)) for day in days)
    assert thirds[0] > thirds[1] > thirds[2] > 100
    assert all(8 <= customer.created.hour <= 18 for customer in customers)


def test_remarks_are_many_and_various(customers: list[CustomerSeed]) -> None:
    chinese = (lines for heading, lines in PATTERNS.items() if not heading.startswith("abroad"))
    patterns = [line for lines in chinese for line in lines]
    assert len(set(patterns)) >= 60
    written = [customer.remarks for customer in customers if customer.remarks]
    assert len(written) > 1000
    assert len(set(written)) > 0.5 * len(written)


def test_forty_members_in_six_departments_with_every_role() -> None:
    assert len(MEMBERS) == 40
    assert len({member.key for member in MEMBERS}) == len({member.phone for member in MEMBERS}) == 40
    assert len([department for department in DEPARTMENTS if not department.parent]) == 6
    codes = {department.code for department in DEPARTMENTS}
    keys = {member.key for member in MEMBERS}
    assert {member.department for member in MEMBERS} <= codes
    for department in DEPARTMENTS:
        assert department.parent in codes | {""}
        assert department.head in keys
    assert {role for member in MEMBERS for role in member.roles} == set(get_args(Role))
    surnames = "".join(member.name[0] for member in MEMBERS)
    assert set("单曾解仇查") <= set(surnames)
    assert {member.name[:2] for member in MEMBERS} >= {"欧阳", "司徒"}
    assert COMPANY.domain.endswith(".example")
    for member in MEMBERS:
        assert phonenumbers.is_valid_number(phonenumbers.parse(member.phone, "CN"))


def test_everybody_but_the_general_manager_has_a_superior_and_nobody_is_his_own() -> None:
    by_key = {person.key: person for person in MEMBERS}
    for person in MEMBERS:
        chain, at = [person.key], superior_of(person)
        while at:
            assert at not in chain
            chain.append(at)
            at = superior_of(by_key[at])
        assert chain[-1] == "shan.zhiheng"
    assert superior_of(by_key["lin.xiaowen"]) == "chen.hao"
    assert superior_of(by_key["chen.hao"]) == "zhou.haitao"
    assert superior_of(by_key["zhou.haitao"]) == "zeng.qinghua"
    assert superior_of(by_key["zhao.ming"]) == "wan.lei"
    assert superior_of(by_key["wan.lei"]) == "peng.lijuan"


def test_a_customers_activities_are_the_same_each_time_and_none_before_it_was_met() -> None:
    today = date(2026, 11, 18)
    made = list(generate(7, today, 300))
    for customer in made:
        touches = list(touches_of(customer, 3, 7, today))
        assert touches == list(touches_of(customer, 3, 7, today))
        assert customer.owner is not None or touches == []
        for touch in touches:
            assert is_workday(touch.at.date()) or touch.state == "planned"
            assert all(place < 3 for place in touch.people)
            if touch.state == "done":
                assert customer.created.date() <= touch.at.date() < today
    assert any(touch.state == "planned" for one in made for touch in touches_of(one, 0, 7, today))


def test_promises_are_kept_put_off_and_broken_as_in_life(customers: list[CustomerSeed]) -> None:
    made = [
        promise
        for customer in customers
        for number, touch in enumerate(touches_of(customer, 3, 20260318, TODAY))
        if (promise := promise_of(touch, f"20260318 {customer.index} {number}", TODAY, False))
    ]
    states = Counter(promise.state for promise in made)
    assert len(made) > 500
    assert 0.6 < states["kept"] / len(made) < 0.9
    assert states["broken"] > 20
    late = [
        one for one in made if one.state == "kept" and one.settled_on is not None and one.settled_on > one.due
    ]
    assert 0.05 < len(late) / states["kept"] < 0.25
    overdue = [one for one in made if one.state == "open" and one.due < TODAY]
    assert 5 < len(overdue) < 60
    assert {one.side for one in made} == {"ours", "theirs"}
    for one in made:
        assert (one.settled_on is None) == (one.state == "open")
        assert one.settled_on is None or one.settled_on <= TODAY
        assert (one.due > one.first_due) == bool(one.moved)
