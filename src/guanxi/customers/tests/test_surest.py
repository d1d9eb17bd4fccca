"""What an import asks of thousands at once is what the check says of each."""

# Chinese in code: names that are alike in many ways

from collections.abc import Mapping
from itertools import product
from typing import Any, cast

import pytest

from guanxi.customers.models import Mark, Sign
from guanxi.customers.queries.duplicates import READ, alike_of, read_customer, surest_of
from guanxi.customers.rules.alike import Known
from guanxi.customers.services import scanning
from guanxi.customers.services.customers import create_customers
from guanxi.kernel.codes import make_credit_code
from guanxi.testing.worlds import World, in_scope

PLACES = ("", "苏州", "江苏苏州", "无锡", "山东")
NAMES = ("恒捷食品有限公司", "恒捷食品厂", "恒捷机械有限公司", "恒捷食品有限公司昆山分公司")
CODES = ("", make_credit_code(11111111), make_credit_code(22222222), "91320500MA1XXXXX0A")
PHONES = ("", "0512-62881234", "13900006120")


def _row(place: str, name: str, code: str, phone: str, **more: Any) -> dict[str, Any]:
    return {"name": place + name, "credit_code": code, "phone": phone, "relations": "customer"} | more


def test_the_surest_of_many_is_the_first_that_the_check_finds_certain_or_likely(world: World) -> None:
    there = [_row(*parts) for parts in product(PLACES, NAMES, CODES[:3], PHONES[:2])]
    there.append(_row("", "鲁味圆", "", "", former_names="恒捷食品有限公司", number="K-1"))
    there.append(_row("大连", "恒捷包装有限公司", make_credit_code(33333333), ""))
    with in_scope(world.admin):
        create_customers(world.admin, rows=[row | {"owner_id": world.admin.member_id} for row in there])
    asked = [read_customer(_row(*parts)) for parts in product(PLACES, NAMES, CODES, PHONES)]
    asked.append(read_customer(_row("", "别的", "", "", number="K-1")))
    asked.append(read_customer(_row("大连", "恒捷包装有限公司", make_credit_code(44444444), "")))
    with in_scope(world.admin):
        told = surest_of(asked)
        wanted = [
            (alike[0][0].pk, alike[0][1])
            if alike and alike[0][1].certainty in ("certain", "likely")
            else None
            for alike in alike_of(asked, strong=True)
        ]
    assert told == wanted
    assert {found[1].certainty for found in told if found} == {"certain", "likely"}
    assert told[-1] is None  # two right codes are two


def test_what_was_marked_before_there_were_signs_is_found_and_gets_them_by_the_scan(world: World) -> None:
    there = [_row(*parts) for parts in product(PLACES, NAMES[:2], CODES[:2], PHONES[:1])]
    asked = [read_customer(_row(*parts)) for parts in product(PLACES, NAMES, CODES[:2], PHONES[:2])]
    with in_scope(world.admin):
        create_customers(world.admin, rows=[row | {"owner_id": world.admin.member_id} for row in there])
        told, signs = surest_of(asked), _signs()
        assert any(told)
        for mark in Mark.objects.all():
            here = Sign.objects.filter(row=mark.pk).values_list("key", flat=True)
            Mark.objects.filter(pk=mark.pk).update(keys=sorted([*mark.keys, *here]), edition=2)
        Sign.objects.all().delete()
        assert scanning.outdated("customers")
        assert surest_of(asked) == told
        scanning.scan(world.admin, "customers")
        assert not scanning.outdated("customers")
        assert _signs() == signs
        assert surest_of(asked) == told


def _signs() -> set[tuple[Any, ...]]:
    return set(Sign.objects.values_list("row", "key", "record", "places", "code"))


def test_of_one_trade_name_only_those_are_read_that_may_be_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = make_credit_code(11111111)
    there = [
        _row("苏州", "恒捷食品有限公司", "", ""),
        _row("", "恒捷食品厂", "", ""),
        _row("大连", "恒捷食品有限公司", "", ""),
        _row("无锡", "恒捷食品有限公司", right, ""),
        _row("江苏", "恒捷食品有限公司", right[:-1] + "?", ""),
    ]
    read: list[str] = []

    def noted(values: Mapping[str, Any]) -> Known:
        read.append(values["name"])
        return read_customer(values)

    monkeypatch.setitem(cast("dict[str, Any]", READ), "customers", noted)
    with in_scope(world.admin):
        create_customers(world.admin, rows=[row | {"owner_id": world.admin.member_id} for row in there])
        surest_of([read_customer(_row("苏州", "恒捷食品", "", ""))])
        assert sorted(read) == ["恒捷食品厂", "江苏恒捷食品有限公司", "苏州恒捷食品有限公司"]
        read.clear()
        surest_of([read_customer(_row("", "恒捷食品", make_credit_code(22222222), ""))])
        assert "无锡恒捷食品有限公司" not in read
        assert len(read) == 4
