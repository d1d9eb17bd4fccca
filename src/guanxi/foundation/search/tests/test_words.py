"""Several words are found in any order, in any of the texts of a record; the whole text comes before its words."""

# Chinese in code: names

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.search.grams import leads_of, lines_of, place_in, turned, words_of
from guanxi.resource import access, listing
from guanxi.resource.registry import find
from guanxi.testing.factories import sample
from guanxi.testing.worlds import World, in_scope


def _make(world: World, name: str, key: str = "customers", **more: Any) -> str:
    resource = find(key)
    with in_scope(world.seller):
        resource.create(world.seller, data=sample(resource, name) | more, allow_duplicate=True)
    return name


def _found(actor: Actor, typed: str, key: str = "customers") -> list[str]:
    with in_scope(actor):
        return [hit.title for hit in access.search(actor, find(key), typed)]


@pytest.mark.parametrize(
    "typed",
    [
        "恒捷 苏州",
        "苏州 机械",
        "机械 恒捷",
        "恒捷、苏州",
        "恒捷 6655",
        "0186 恒捷",
        "苏州 sf",
        "suzhou 顺丰",
        "sf hengjie",
        "shunfeng hengjie",
        "机 恒捷",
        "恒捷 KH-1234-99",
        "KH-1234-99 hengjie",
        "ACME 恒捷",
        "acme suzhou",
        "恒捷 恒捷",
    ],
)
def test_every_word_is_found_somewhere(world: World, typed: str) -> None:
    wanted = _make(
        world,
        "苏州恒捷精密机械有限公司",
        short_name="顺丰",
        former_names="Acme Trading",
        phone="0512-66550186",
        number="KH-1234-99",
    )
    _make(world, "苏州恒通食品有限公司", phone="0512-77778888")
    _make(world, "上海捷达有限公司")
    assert _found(world.seller, typed) == [wanted]


@pytest.mark.parametrize("typed", ["恒捷 上海", "恒捷 9999", "机械 食品", "恒捷 acmex", "suzhou wuxi"])
def test_what_lacks_one_of_the_words_is_not_found(world: World, typed: str) -> None:
    _make(world, "苏州恒捷精密机械有限公司", phone="0512-66550186", former_names="Acme Trading")
    _make(world, "苏州恒通食品有限公司", phone="0512-77778888")
    assert _found(world.seller, typed) == []


def test_the_whole_text_comes_before_its_words(world: World) -> None:
    words = _make(world, "Shanghai Acme")
    within = _make(world, "Greater Acme Shanghai Holding")
    begins = _make(world, "Acme Shanghai Trading")
    assert _found(world.seller, "acme shanghai") == [begins, within, words]


@pytest.mark.parametrize(
    "typed", ["王 1234", "wang 1234", "1234 wxm", "wxm 1234", "王小明 1234", "xiaoming wang", "ming 王"]
)
def test_a_person_is_found_by_a_name_and_the_end_of_a_number(world: World, typed: str) -> None:
    wanted = _make(world, "王小明", "people", phone="13861821234")
    _make(world, "王大力", "people", phone="13861825678")
    _make(world, "李小明", "people", phone="13861829999")
    assert _found(world.seller, typed, "people") == [wanted]


def test_short_words_alone_are_found_by_the_beginning_of_a_name(world: World) -> None:
    wanted = _make(world, "王李食品")
    _make(world, "王记食品")
    assert _found(world.seller, "李 王") == [wanted]


def test_words_find_nothing_beyond_ones_reach(world: World) -> None:
    wanted = _make(world, "苏州恒捷精密机械有限公司")
    assert _found(world.elsewhere, "恒捷 苏州") == []
    assert _found(world.manager, "恒捷 苏州") == [wanted]


def test_a_word_that_stands_in_a_closed_field_finds_nothing(world: World) -> None:
    wanted = _make(world, "苏州恒捷精密机械有限公司", phone="0512-66550186")
    shut = replace(world.seller, field_rules={("customers", "phone"): "mask"})
    assert _found(shut, "恒捷 0186") == []
    assert _found(shut, "恒捷 苏州") == [wanted]


def test_of_others_records_is_told_by_words_of_their_name_alone(world: World) -> None:
    _make(world, "苏州恒捷精密机械有限公司", short_name="顺丰", phone="0512-66550186")

    def told(typed: str) -> int:
        with in_scope(world.elsewhere):
            return len(access.told(world.elsewhere, find("customers"), typed))

    assert told("恒捷 苏州") == 1
    assert [told(typed) for typed in ("恒捷 顺丰", "恒捷 0186", "恒捷 机", "苏 州")] == [0, 0, 0, 0]


def test_a_list_is_narrowed_by_words(world: World) -> None:
    wanted = _make(world, "苏州恒捷精密机械有限公司")
    with in_scope(world.seller):
        found = listing.read(world.seller, find("customers"), {"q": "机械 苏州"})
        assert [str(row) for row in found.page().rows] == [wanted]


def test_one_word_is_no_words() -> None:
    assert words_of("恒捷") == words_of(" 恒捷 ") == words_of("恒捷 - ") == ()
    assert words_of("恒捷 苏州，恒捷") == ("恒捷", "苏州")
    assert turned(("wei", "zhang")) == "zhangwei"
    assert turned(("wei", "1234")) == turned(("wei",)) == ""


@given(st.lists(st.text("王恒捷苏州abz019 ", min_size=1, max_size=6), min_size=1, max_size=4))
def test_where_words_lead_there_are_lines_that_hold_them(names: list[str]) -> None:
    """Whatever stands in names as it is typed is led to, for the grams of its words are among the lines' own."""
    lines = lines_of(names=names)
    words = words_of(" ".join(names))
    if not words or any(len(word) < 2 or (word.isascii() and len(word) < 3) for word in words):
        return
    assert place_in(lines.text, " ".join(names)) is not None
    assert any(set(lead) <= set(lines.grams) for lead in leads_of(words))
