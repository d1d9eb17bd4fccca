"""What people type into cells: taken where it is clear, left empty with the reason where it is not."""

# Chinese in code: what people type

from typing import Any

import pytest

from guanxi.customers.models import Customer
from guanxi.foundation.accounts.models import Account, Member
from guanxi.foundation.ledger.services import operation
from guanxi.integrations.imports.tests.conftest import Import
from guanxi.integrations.imports.values import meant
from guanxi.kinds import Choice, Date, Email, FieldProblem, Listed, Moment, Money, Number, PhoneNumber, Text
from guanxi.testing.worlds import World, in_scope

GRADES = Choice(name="grade", choices=Listed((("A", "A 重点"), ("B", "B 普通"), ("good", "优"))))
ORDINARY = {
    (PhoneNumber(name="phone"), "无"): "",
    (PhoneNumber(name="phone"), "１３８００１３８０００"): "13800138000",
    (PhoneNumber(name="phone"), "（０５３９）８３１６２２０"): "(0539)8316220",
    (Email(name="email"), "ｌｉ＠ｅｘａｍｐｌｅ．ｃｏｍ"): "li@example.com",
    (Text(name="number"), "ＡＢＣ－１２３（甲）"): "ABC-123(甲)",
    (Text(name="name"), "ＡＢＣ１２３科技（苏州）有限公司"): "ABC123科技（苏州）有限公司",
    (Number(name="n", places=2), "１，２００．５"): 120_050,
    (Number(name="n"), "一百二十"): 120,
    (Money(name="m"), "三十万"): 30_000_000,
    (Money(name="m"), "叁拾万元整"): 30_000_000,
    (GRADES, "B类"): "B",
    (GRADES, "Ｂ级"): "B",
    (GRADES, "A级客户"): "A",
    (GRADES, "优等"): "good",
}
UNCLEAR = {
    (PhoneNumber(name="phone"), "123"): "phone",
    (PhoneNumber(name="phone"), "00000000"): "phone",
    (PhoneNumber(name="phone"), "没有电话"): "phone",
    (Date(name="d"), "12月5日"): "no_year",
    (Date(name="d"), "12/5"): "no_year",
    (Date(name="d"), "2024年3月"): "no_day",
    (Date(name="d"), "2024-03"): "no_day",
    (Date(name="d"), "2024年"): "no_day",
    (Moment(name="at"), "12月5日 14:30"): "no_year",
    (Money(name="m"), "约50万"): "about",
    (Money(name="m"), "50万左右"): "about",
    (Money(name="m"), "50多万"): "about",
    (Money(name="m"), "50-80万"): "range",
    (Money(name="m"), "50万～80万"): "range",
    (Number(name="n"), "一百二"): "number",
    (GRADES, "C类"): "choice",
    (GRADES, "非B类"): "choice",
}  # fmt: skip


@pytest.mark.parametrize(("kind", "raw", "value"), [(*key, value) for key, value in ORDINARY.items()])
def test_what_is_clear_is_taken(world: World, kind: Any, raw: str, value: object) -> None:
    assert meant(kind, raw, world.admin) == value


@pytest.mark.parametrize(("kind", "raw", "code"), [(*key, code) for key, code in UNCLEAR.items()])
def test_what_is_not_clear_says_why(world: World, kind: Any, raw: str, code: str) -> None:
    with pytest.raises(FieldProblem) as found:
        meant(kind, raw, world.admin)
    assert found.value.message.code == code


def test_short_service_numbers_and_several_in_a_cell_are_phones(world: World) -> None:
    for text in ("95588", "10086", "0539-8316220/21", "13800138000 转 801", "+1 212 555 0100"):
        assert meant(PhoneNumber(name="phone"), text, world.admin) == text


def test_no_wrong_value_comes_in_and_each_is_listed(world: World, import_rows: Import) -> None:
    outcome = import_rows(
        world.admin,
        [
            ["客户名称", "电话", "级别", "注册资本"],
            ["甲有限公司", "123", "B类", "三百万"],
            ["乙有限公司", "０５１２－６８０８００００", "A级客户", "约50万"],
        ],
    )
    assert (outcome.created, outcome.warnings) == (2, 2)
    assert set(outcome.remarks) == {
        ("电话", "123"),
        ("注册资本", "约50万"),
    }
    with in_scope(world.admin):
        rows = Customer.objects.order_by("name").values_list("name", "phone", "grade", "capital")
        assert set(rows) == {
            ("甲有限公司", "", "B", 300_000_000),
            ("乙有限公司", "0512-68080000", "A", None),
        }


def test_who_answers_is_named_as_people_sign_in(world: World, import_rows: Import) -> None:
    seller = world.members["seller"]
    account = Account.objects.get(pk=seller.account_id)
    mobile = f"139{account.pk.int % 10**8:08}"
    account.email, account.phone = f"Seller-{account.pk}@example.com", f"+86{mobile}"
    account.save()
    with in_scope(world.system), operation(world.system, "accounts.member.edit"):
        Member.objects.filter(pk=seller.pk).update(phone="0512 6808 1111")
    said = [account.username.upper(), f"SELLER-{account.pk}@example.com", f"+86 {mobile}", "0512-68081111"]
    rows = [[f"{name}有限公司", who] for name, who in zip("甲乙丙丁", said, strict=True)]
    outcome = import_rows(world.admin, [["客户名称", "负责人"], *rows, ["戊有限公司", "nobody@example.com"]])
    assert list(outcome.remarks) == [("负责人", "nobody@example.com")]
    with in_scope(world.admin):
        owners = Customer.objects.filter(owner_id=seller.pk)
        assert set(owners.values_list("name", flat=True)) == {name for name, _who in rows}
