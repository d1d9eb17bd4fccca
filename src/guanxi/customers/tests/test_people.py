"""People and their positions: who works where, who sees them, who is the same."""

# Chinese in code: names of people and customers

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import override

from guanxi.customers.models import Affiliation, Customer, Person
from guanxi.customers.resources.positions import _people_of, _positions_of
from guanxi.customers.rules.birthdays import kept_between, keys_of, next_birthday
from guanxi.customers.services.customers import create_customer, delete_customers
from guanxi.customers.services.people import create_person, edit_each, edit_person, positions
from guanxi.foundation.design.words import exact
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid, NotFound, Refused
from guanxi.kernel.lunar import LunarDay, lunar_of, solar_of
from guanxi.kinds import Show
from guanxi.resource import access, listing, viewing
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope


def _customer(actor: Actor, name: str) -> Customer:
    with in_scope(actor):
        return create_customer(actor, data={"name": name, "relations": "customer"})


def _person(actor: Actor, name: str, **data: Any) -> Person:
    with in_scope(actor):
        return create_person(actor, data={"name": name, **data})


def _held(actor: Actor, person: UUID) -> list[tuple[str, str, bool, date | None]]:
    with in_scope(actor):
        rows = Affiliation.objects.filter(person=person).select_related("customer").order_by("id")
        return [(one.customer.name, one.post, one.main, one.until) for one in rows]


def _works(actor: Actor, person: UUID) -> tuple[str, str]:
    with in_scope(actor):
        row = Person.objects.select_related("customer").get(pk=person)
        return row.customer.name if row.customer else "", row.post


def test_a_person_made_with_a_customer_has_a_position_there(world: World) -> None:
    there = _customer(world.seller, "苏州甲机械有限公司")
    person = _person(world.seller, "王小明", customer=str(there.pk), post="采购经理")
    assert _held(world.seller, person.pk) == [("苏州甲机械有限公司", "采购经理", True, None)]


def test_who_changes_jobs_keeps_the_story_and_both_customers_know(world: World) -> None:
    old, new = _customer(world.seller, "苏州甲机械有限公司"), _customer(world.seller, "无锡乙机械有限公司")
    person = _person(world.seller, "王小明", customer=str(old.pk), post="采购经理")
    with in_scope(world.seller):
        edit_person(
            world.seller, person.pk, data={"customer": str(new.pk), "post": "总经理"}, expected_version=None
        )
        operation = last_operation_id()
    today = timezone.localdate()
    assert _held(world.seller, person.pk) == [
        ("苏州甲机械有限公司", "采购经理", False, today),
        ("无锡乙机械有限公司", "总经理", True, None),
    ]
    assert operation is not None
    with in_scope(world.seller):
        undo(world.seller, operation)
    assert _held(world.seller, person.pk) == [("苏州甲机械有限公司", "采购经理", True, None)]
    assert _works(world.seller, person.pk) == ("苏州甲机械有限公司", "采购经理")


def test_a_new_post_at_the_same_customer_is_no_change_of_jobs(world: World) -> None:
    there = _customer(world.seller, "苏州甲机械有限公司")
    person = _person(world.seller, "王小明", customer=str(there.pk), post="采购员")
    with in_scope(world.seller):
        edit_person(world.seller, person.pk, data={"post": "采购经理"}, expected_version=None)
    assert _held(world.seller, person.pk) == [("苏州甲机械有限公司", "采购经理", True, None)]


def test_the_main_position_says_where_a_person_works_and_there_is_one(world: World) -> None:
    first, second = (
        _customer(world.seller, "苏州甲机械有限公司"),
        _customer(world.seller, "无锡乙机械有限公司"),
    )
    person = _person(world.seller, "王小明")
    with in_scope(world.seller):
        one = positions.create(
            world.seller, data={"person": str(person.pk), "customer": str(first.pk), "post": "董事"}
        )
        assert one.main
    with in_scope(world.seller):
        positions.create(
            world.seller,
            data={"person": str(person.pk), "customer": str(second.pk), "post": "总经理", "main": True},
        )
    assert [main for _name, _post, main, _until in _held(world.seller, person.pk)] == [False, True]
    assert _works(world.seller, person.pk) == ("无锡乙机械有限公司", "总经理")


@pytest.mark.parametrize("how", ["ended", "removed"])
def test_when_the_main_position_ends_another_takes_its_place(world: World, how: str) -> None:
    first, second = (
        _customer(world.seller, "苏州甲机械有限公司"),
        _customer(world.seller, "无锡乙机械有限公司"),
    )
    person = _person(world.seller, "王小明", customer=str(first.pk), post="厂长")
    with in_scope(world.seller):
        positions.create(
            world.seller, data={"person": str(person.pk), "customer": str(second.pk), "post": "顾问"}
        )
        main = Affiliation.objects.get(person=person.pk, main=True)
        assert main.customer_id == first.pk
        if how == "ended":
            gone = (timezone.localdate() - timedelta(days=1)).isoformat()
            positions.edit(world.seller, main.pk, data={"until": gone}, expected_version=None)
        else:
            positions.remove_many(world.seller, ids=[main.pk])
    assert _works(world.seller, person.pk) == ("无锡乙机械有限公司", "顾问")
    with in_scope(world.seller):
        rest = list(Affiliation.objects.filter(person=person.pk, main=True).values_list("pk", flat=True))
        positions.remove_many(world.seller, ids=rest)
    assert _works(world.seller, person.pk) == ("", "")


def test_a_colleague_sees_the_people_of_her_customers_whoever_brought_them(world: World) -> None:
    hers = _customer(world.teammate, "苏州甲机械有限公司")
    person = _person(world.seller, "王小明")
    with in_scope(world.teammate), pytest.raises(NotFound):
        access.get(world.teammate, find("people"), person.pk)
    with in_scope(world.owner):
        positions.create(
            world.owner, data={"person": str(person.pk), "customer": str(hers.pk), "post": "厂长"}
        )
    for actor in (world.teammate, world.seller, world.manager):
        with in_scope(actor):
            assert access.get(actor, find("people"), person.pk).name == "王小明"
            assert [hit.title for hit in access.search(actor, find("people"), "小明")] == ["王小明"]
            assert [hit.title for hit in access.search(actor, find("people"), "wxm")] == ["王小明"]
    with in_scope(world.elsewhere):
        assert access.search(world.elsewhere, find("people"), "小明") == []
        assert not access.visible(world.elsewhere, find("people")).exists()


def test_many_customers_of_ones_own_change_nothing_in_what_is_seen(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guanxi.resource.following._FEW", 1)
    seen = set()
    for number in range(3):
        there = _customer(world.seller, f"第{number}机械有限公司")
        with in_scope(world.owner):
            seen.add(create_person(world.owner, data={"name": f"王小{number}", "customer": str(there.pk)}).pk)
    hidden = _customer(world.elsewhere, "别处机械有限公司")
    with in_scope(world.owner):
        create_person(world.owner, data={"name": "李四", "customer": str(hidden.pk)})
    with in_scope(world.seller):
        assert set(access.visible(world.seller, find("people")).values_list("pk", flat=True)) == seen


def test_a_position_hangs_only_on_a_customer_one_may_edit(world: World) -> None:
    hidden = _customer(world.elsewhere, "别处机械有限公司")
    person = _person(world.seller, "王小明")
    with in_scope(world.seller), pytest.raises(Invalid) as refused:
        positions.create(world.seller, data={"person": str(person.pk), "customer": str(hidden.pk)})
    assert "customer" in refused.value.fields
    # A marketer sees every customer, and changes none but her own.
    marketer = world.actors.get("marketer")
    if marketer is not None:
        with in_scope(marketer), pytest.raises(Invalid):
            positions.create(marketer, data={"person": str(person.pk), "customer": str(hidden.pk)})


def test_a_deleted_customer_takes_its_positions_along_and_brings_them_back(world: World) -> None:
    there = _customer(world.seller, "苏州甲机械有限公司")
    person = _person(world.seller, "王小明", customer=str(there.pk), post="厂长")
    with in_scope(world.manager):
        delete_customers(world.manager, ids=[there.pk])
        operation = last_operation_id()
    assert _held(world.seller, person.pk) == []
    assert _works(world.seller, person.pk)[0] == ""
    with in_scope(world.manager):
        assert operation is not None
        undo(world.manager, operation)
    assert _held(world.seller, person.pk) == [("苏州甲机械有限公司", "厂长", True, None)]
    assert _works(world.seller, person.pk) == ("苏州甲机械有限公司", "厂长")


@pytest.mark.parametrize(
    ("known", "typed", "verdict"),
    [
        ({"phone": "138-0000-1234"}, {"phone": "13800001234"}, "certain"),
        ({"wechat": "Wang_XM"}, {"wechat": "wang_xm"}, "certain"),
        ({"number": "A-7"}, {"number": "A-7"}, "certain"),
        ({"born": "1980-05-01"}, {"born": "1980-05-01"}, "likely"),
        ({"phone": "13800001234"}, {"phone": "13900001234"}, None),
        ({"number": "A-7", "phone": "13800001234"}, {"number": "A-8", "phone": "13800001234"}, None),
    ],
    ids=["phone", "wechat", "number", "birthday", "namesake", "another number"],
)
def test_who_is_the_same_person(
    world: World, known: dict[str, str], typed: dict[str, str], verdict: str | None
) -> None:
    _person(world.seller, "王小明", **known)
    if verdict is None:
        assert _person(world.seller, "王小明", **typed).pk
        return
    with in_scope(world.seller), pytest.raises(Refused) as refused:
        create_person(world.seller, data={"name": "王 小明", **typed})
    found: Any = refused.value.params["duplicates"]
    assert [one.verdict for one in found] == [verdict]
    with in_scope(world.seller):
        if verdict == "likely":
            assert create_person(world.seller, data={"name": "王小明", **typed}, allow_duplicate=True).pk
        else:
            with pytest.raises(Refused):
                create_person(world.seller, data={"name": "王小明", **typed}, allow_duplicate=True)


def test_a_card_names_nobody_who_is_out_of_sight_and_no_hidden_post(world: World) -> None:
    there = _customer(world.seller, "苏州甲机械有限公司")
    person = _person(world.owner, "王小明", customer=str(there.pk), post="采购经理", phone="13800001234")
    show = Show(actor=world.owner, language="zh-hans")
    whole = world.owner
    # A right to customers alone: positions follow the customer, people do not.
    grants = {**whole.grants, "customers.customer.view": "all", "customers.person.view": "own"}
    stranger = replace(world.elsewhere, grants=grants)
    hidden = replace(whole, field_rules={("affiliations", "post"): "hide"})
    for actor, names, said in ((whole, ["王小明"], True), (stranger, [], False), (hidden, ["王小明"], False)):
        with in_scope(actor):
            rows = _people_of(actor, there, replace(show, actor=actor)).rows
            assert [row.title for row in rows] == names
            assert any("采购经理" in str(row.sub) for row in rows) is said
    with in_scope(hidden):
        (row,) = _positions_of(hidden, person, replace(show, actor=hidden)).rows
        assert "采购经理" not in str(row.sub)


def test_an_edit_takes_nobody_elses_number(world: World) -> None:
    _person(world.seller, "李四", number="A-7")
    person = _person(world.seller, "王小明", number="A-8")
    with in_scope(world.seller), pytest.raises(Refused):
        edit_person(world.seller, person.pk, data={"number": "A-7"}, expected_version=None)
    with in_scope(world.seller), pytest.raises(Refused):
        edit_each(world.seller, changes=[(person.pk, {"number": "A-7"})])
    with in_scope(world.seller):
        same = edit_person(
            world.seller, person.pk, data={"number": "A-8", "post": "厂长"}, expected_version=None
        )
        assert same.post == "厂长"


def test_coming_birthdays_are_found_by_the_calendar_that_each_keeps(world: World) -> None:
    today = timezone.localdate()
    soon = today + timedelta(days=5)
    solar = _person(world.seller, "王阳历", born=soon.replace(year=1990).isoformat())
    lunar_day = lunar_of(soon)
    assert lunar_day is not None
    born = solar_of(LunarDay(1990, lunar_day.month, min(lunar_day.day, 29)))
    assert born is not None
    lunar = _person(world.seller, "王农历", born=born.isoformat(), born_lunar="yes")
    later = _person(world.seller, "王以后", born=(today + timedelta(days=90)).replace(year=1985).isoformat())
    _person(world.seller, "王不详")
    kind = find("people").kind("born")
    with in_scope(world.seller):
        rows = access.visible(world.seller, find("people"))
        found = set(rows.filter(kind.condition("next", ["7"], world.seller)).values_list("pk", flat=True))
        assert found == {solar.pk, lunar.pk}
        found = set(rows.filter(kind.condition("next", ["366"], world.seller)).values_list("pk", flat=True))
        assert found == {solar.pk, lunar.pk, later.pk}
        said = kind.fact(lunar, Show(actor=world.seller, language="zh-hans"))
        assert lunar_day.said() in said or lunar_day.day == 30
        assert said.startswith(exact(born))
        with override("en"):
            english = kind.fact(lunar, Show(actor=world.seller, language="en"))
        assert f"lunar month {lunar_day.month} day" in english
        assert "/" not in english
        edit_person(world.seller, lunar.pk, data={"born": ""}, expected_version=None)
        lunar.refresh_from_db()
        assert (lunar.born_day, lunar.born_moon) == ("", "")


@pytest.mark.parametrize(
    ("born", "lunar", "today", "falls"),
    [
        (date(1980, 9, 24), True, date(2026, 9, 1), date(2026, 9, 26)),
        (date(1988, 2, 29), False, date(2026, 1, 1), date(2026, 2, 28)),
        (date(1988, 2, 29), False, date(2028, 1, 1), date(2028, 2, 29)),
        (date(1990, 5, 1), False, date(2026, 5, 2), date(2027, 5, 1)),
    ],
    ids=["lunar", "leap day", "leap year", "over"],
)
def test_the_next_birthday(born: date, lunar: bool, today: date, falls: date) -> None:
    assert next_birthday(born, lunar, today) == falls
    solar, moon = kept_between(falls, falls)
    assert keys_of(born)[int(lunar)] in (moon if lunar else solar)


def test_birthdays_that_come_soon_are_a_list_that_needs_no_saving(world: World) -> None:
    soon = timezone.localdate() + timedelta(days=9)
    _person(world.seller, "王将近", born=soon.replace(year=1990, day=min(soon.day, 28)).isoformat())
    _person(world.seller, "王以后", born=(soon + timedelta(days=120)).replace(year=1985, day=3).isoformat())

    def tabs(actor: Actor, query: str = "") -> dict[str, tuple[str, bool]]:
        found = viewing.opened(actor, find("people"), QueryDict(query)).tabs
        return {tab.label: (tab.url, tab.current) for tab in found}

    with in_scope(world.seller), override("zh-hans"):
        url, current = tabs(world.seller)["近期生日"]
        query = url.partition("?")[2]
        assert not current
        assert {label for label, (_url, now) in tabs(world.seller, query).items() if now} == {"近期生日"}
        rows = listing.read(world.seller, find("people"), QueryDict(query)).page().rows
        assert [one.name for one in rows] == ["王将近"]
        for mode in ("hide", "mask"):
            closed = replace(world.seller, field_rules={("people", "born"): mode})
            assert "近期生日" not in tabs(closed)
