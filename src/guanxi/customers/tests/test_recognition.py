"""What is recognised as the same, by which key, at every door; and that undo keeps the marks true."""

from typing import Any

import pytest
from django.test import Client

from guanxi.customers.models import Customer, Mark, Pair, Sign
from guanxi.customers.queries.duplicates import duplicates_of
from guanxi.customers.rules.alike import customer_of, person_of
from guanxi.customers.services import customers as services
from guanxi.customers.services.people import create_person, edit_person
from guanxi.foundation.ledger.services import last_operation_id, operation
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.models import FieldRule
from guanxi.kernel.codes import make_credit_code
from guanxi.kernel.errors import Refused
from guanxi.testing.worlds import World, in_scope

CODE = make_credit_code(55556666)


def _make(actor: Actor, name: str, **more: Any) -> Customer:
    return services.create_customer(actor, data={"name": name, "relations": "customer", **more})


def _verdicts(actor: Actor, name: str, **more: Any) -> list[tuple[str, str, str]]:
    found = duplicates_of(actor, customer_of({"name": name, **more}))
    return [(one.verdict, one.reasons[0], one.branch) for one in found]


@pytest.mark.parametrize(
    ("there", "typed", "expected"),
    [
        ({"name": "常州苏谷豆制品有限公司"}, {"name": "常州市苏谷豆制品"}, ("likely", "name", "")),
        ({"name": "山东鲁露饮品有限公司"}, {"name": "鲁露饮品"}, ("likely", "region", "")),
        ({"name": "临沂鑫旺食品有限公司"}, {"name": "临沂新旺食品有限公司"}, ("possible", "homophone", "")),
        ({"name": "苏州华东机械"}, {"name": "苏州华东机械有限公司昆山分公司"}, ("possible", "branch", "branch")),
        ({"name": "苏州明达机械有限公司"}, {"name": "无锡明达机械有限公司"}, ("possible", "other_region", "region")),
        (
            {"name": "启元信息技术集团有限公司", "region": "321000"},
            {"name": "哈尔滨启元信息技术有限公司"},
            ("possible", "other_region", "region"),
        ),
        ({"name": "甲乙丙", "credit_code": CODE}, {"name": "别的名字", "credit_code": CODE}, ("certain", "code", "")),
        (
            {"name": "鲁味园食品", "phone": "0539-8316220"},
            {"name": "鲁味园", "phone": "(0539) 831 6220 转 8"},
            ("certain", "phone_and_core", ""),
        ),
        (
            {"name": "环宇科技", "website": "https://www.huanyu-tech.cn/about"},
            {"name": "环宇智能科技", "website": "huanyu-tech.cn"},
            ("likely", "domain", ""),
        ),
    ],
    ids=["city", "province", "sound", "branch", "elsewhere", "place", "code", "phone", "domain"],
)  # fmt: skip
def test_a_customer_is_recognised_by_each_key(
    world: World, there: dict[str, str], typed: dict[str, str], expected: tuple[str, str, str]
) -> None:
    with in_scope(world.seller):
        _make(world.seller, **there)
        assert _verdicts(world.seller, **typed)[:1] == [expected]


def test_a_phone_of_three_codes_is_an_agencys_and_says_nothing_without_a_name(world: World) -> None:
    with in_scope(world.seller):
        for number, name in enumerate(("泰和贸易", "宏图科技", "金鼎建材")):
            code = make_credit_code(70000000 + number)
            _make(world.seller, name, credit_code=code, phone="0512-66778899")
        assert _verdicts(world.seller, "银河餐饮", phone="0512-66778899") == []
        first, *_rest = _verdicts(world.seller, "泰和贸易有限公司", phone="0512-66778899")
        assert first[:2] == ("likely", "shared_phone")


def test_a_customer_is_recognised_by_the_phone_of_somebody_who_works_there(world: World) -> None:
    with in_scope(world.seller):
        known = _make(world.seller, "青岛海纳川包装有限公司")
        data = {"name": "刘洋", "customer": str(known.pk), "phone": "13900006120"}
        create_person(world.seller, data=data)
        (found,) = duplicates_of(world.seller, customer_of({"name": "海纳川", "phone": "139 0000 6120"}))
    assert (found.record.pk, found.verdict) == (known.pk, "certain")


def test_marks_follow_the_row_through_edit_undo_and_deletion(world: World) -> None:
    with in_scope(world.seller):
        known = _make(world.seller, "老字号酿造有限公司")
        services.edit_customer(world.seller, known.pk, data={"name": "新纪元物流"}, expected_version=None)
        renamed = last_operation_id()
        assert _verdicts(world.seller, "老字号酿造") == []
        assert _verdicts(world.seller, "新纪元物流有限公司") != []
    with in_scope(world.admin):
        assert renamed is not None
        undo(world.admin, renamed)
        assert _verdicts(world.admin, "老字号酿造") != []
        assert _verdicts(world.admin, "新纪元物流有限公司") == []
        services.delete_customers(world.admin, ids=[known.pk])
        gone = last_operation_id()
        assert _verdicts(world.admin, "老字号酿造") == []
        assert not Mark.objects.filter(record=known.pk).exists()
        assert not Sign.objects.filter(record=known.pk).exists()
        assert gone is not None
        undo(world.admin, gone)
        assert _verdicts(world.admin, "老字号酿造") != []


def test_undoing_an_import_takes_the_marks_away_and_doing_it_again_brings_them(world: World) -> None:
    rows = [{"name": f"第{n}号测试机械厂", "owner_id": world.seller.member_id} for n in range(60)]
    with in_scope(world.seller):
        services.create_customers(world.seller, rows=rows)
        done = last_operation_id()
        assert done is not None
        assert Mark.objects.filter(resource="customers").count() == 60
        undo(world.seller, done)
        assert not Mark.objects.exists()
        assert not Sign.objects.exists()
        again = last_operation_id()
        assert again is not None
        undo(world.seller, again)
        assert Mark.objects.filter(resource="customers").count() == 60


def test_what_is_created_all_the_same_stands_on_the_list_with_the_verdict(world: World) -> None:
    with in_scope(world.seller):
        first = _make(world.seller, "常州苏谷豆制品有限公司")
        with pytest.raises(Refused):
            _make(world.seller, "常州市苏谷豆制品")
        data = {"name": "常州市苏谷豆制品", "relations": "customer"}
        second = services.create_customer(world.seller, data=data, allow_duplicate=True)
        (pair,) = Pair.objects.all()
        assert {pair.first, pair.second} == {first.pk, second.pk}
        assert (pair.verdict, pair.answer, pair.answered_by_id) == (
            "likely",
            "different",
            world.seller.member_id,
        )


def test_of_one_out_of_sight_the_pair_waits_for_its_owner(world: World) -> None:
    with in_scope(world.elsewhere):
        _make(world.elsewhere, "常州苏谷豆制品有限公司")
    with in_scope(world.seller):
        data = {"name": "常州市苏谷豆制品", "relations": "customer"}
        services.create_customer(world.seller, data=data, allow_duplicate=True)
        assert Pair.objects.get().answer == "open"


def test_who_becomes_likely_the_same_by_an_edit_is_put_on_the_list_once(world: World) -> None:
    with in_scope(world.seller):
        create_person(world.seller, data={"name": "王小明", "phone": "13812345678"})
        other = create_person(world.seller, data={"name": "李建国"})
        edit_person(
            world.seller, other.pk, data={"name": "王小明", "phone": "13812345678"}, expected_version=None
        )
        (pair,) = Pair.objects.all()
        assert (pair.resource, pair.verdict, pair.answer) == ("people", "certain", "open")
        edit_person(world.seller, other.pk, data={"post": "经理"}, expected_version=None)
        assert Pair.objects.count() == 1


def test_a_key_too_many_have_finds_nobody(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guanxi.customers.queries.marks.MOST_HOLDERS", 3)
    with in_scope(world.seller):
        for n in range(4):
            create_person(world.seller, data={"name": "王伟", "remarks": str(n)}, allow_duplicate=True)
        assert duplicates_of(world.seller, person_of({"name": "王伟"})) == []


def test_reasons_tell_nothing_of_fields_that_are_closed(world: World, client_for: Any) -> None:
    with in_scope(world.admin):
        _make(world.admin, "甲乙丙机械有限公司", phone="0512-66778899")
        with operation(world.system, "tests.rule.make"):
            rule = {"resource": "customers", "field": "phone", "mode": "hide"}
            FieldRule(role_id=world.roles["salesperson"].id, **rule).save(force_insert=True)
    client: Client = client_for(world.members["seller"])
    said = client.post("/customers/duplicates/", {"name": "甲乙丙机械"}).content.decode()
    assert "名称相同" in said
    assert "电话" not in said.split("比对")[0]
