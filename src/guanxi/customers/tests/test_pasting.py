"""A pasted text fills forms for confirmation, becomes customer and people in one act, and is kept nowhere."""

# Chinese in code: texts as people paste them

import logging
from typing import Any

import pytest
from django.db import connection

from guanxi.customers.models import Affiliation, BillingProfile, Customer, Person
from guanxi.customers.queries.pasted import customer_fields, person_fields, reading_of, with_switchboard
from guanxi.customers.reference.reading import region_of
from guanxi.customers.services.customers import create_customer
from guanxi.customers.services.together import create_together
from guanxi.foundation.ledger.models import Change, Operation
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.models import FieldRule
from guanxi.foundation.tenancy.postgresql.compiler import business_tables
from guanxi.integrations.api.tests.calling import program_of
from guanxi.kernel.errors import Invalid, Refused
from guanxi.kinds import Show
from guanxi.testing.clients import client_for
from guanxi.testing.worlds import World, in_scope, writing

CARD = """王建国 采购经理
苏州恒力机械有限公司
手机 13800138000  微信同号
地址：苏州市工业园区星湖街328号
税号 91320594102345675A
暗号乙丙丁
"""


def test_the_box_fills_the_customers_form_and_says_what_it_could_not_use(world: World) -> None:
    answer = client_for(world.members["seller"]).post("/customers/pasted/", {"pasted": CARD}).content.decode()
    for field in ("name", "credit_code", "address", "region"):
        assert f'data-gx-filled="{field}"' in answer
    assert "苏州恒力机械有限公司" in answer
    assert "暗号乙丙丁" in answer
    assert "王建国" in answer  # told, no field of a customer takes it


def test_the_box_of_a_person_finds_the_customer_that_is_there_already(world: World) -> None:
    with in_scope(world.seller):
        there = create_customer(world.seller, data={"name": "苏州恒力机械有限公司", "relations": "customer"})
    answer = client_for(world.members["seller"]).post("/people/pasted/", {"pasted": CARD}).content.decode()
    assert 'data-gx-filled="phone"' in answer
    assert str(there.pk) in answer
    hidden = client_for(world.members["elsewhere"]).post("/people/pasted/", {"pasted": CARD}).content.decode()
    assert str(there.pk) not in hidden


def test_fields_closed_to_somebody_are_not_filled(world: World) -> None:
    with writing(world.system):
        for field in ("credit_code", "address"):
            FieldRule(role=world.roles["salesperson"], resource="customers", field=field, mode="hide").save()
    answer = client_for(world.members["seller"]).post("/customers/pasted/", {"pasted": CARD}).content.decode()
    assert 'data-gx-filled="name"' in answer
    assert 'data-gx-filled="credit_code"' not in answer
    page = client_for(world.members["seller"]).post("/paste/", {"pasted": CARD}).content.decode()
    assert 'name="c-name"' in page
    assert 'name="c-address"' not in page
    told = program_of(world.seller).post("/readings", {"text": CARD}).json()
    assert {one["field"] for one in told["customer"]["fills"]}.isdisjoint({"credit_code", "address"})


def _confirmed(**more: str) -> dict[str, str]:
    return {
        "act": "create", "c-name": "苏州恒力机械有限公司", "c-address": "苏州市工业园区星湖街328号",
        "p0": "1", "p0-name": "王建国", "p0-post": "采购经理", "p0-phone": "138 0013 8000", **more,
    }  # fmt: skip


def test_what_was_confirmed_becomes_customer_person_and_position_in_one_operation(world: World) -> None:
    client = client_for(world.members["seller"])
    form = client.post("/paste/", {"pasted": CARD}).content.decode()
    assert 'value="王建国"' in form
    answer = client.post("/paste/", _confirmed())
    assert answer.status_code == 302
    with in_scope(world.seller):
        (customer,), (person,) = Customer.objects.all(), Person.objects.all()
        (position,) = Affiliation.objects.all()
        assert (person.name, person.customer_id, position.post) == ("王建国", customer.pk, "采购经理")
        (operation,) = Operation.objects.filter(verb="customers.customer.create")
        tables = Change.objects.filter(operation_id=operation.id).values_list("table_name", flat=True)
        assert {"customers_customer", "customers_person", "customers_affiliation"} <= set(tables)
        undo(world.seller, operation.id)
    with in_scope(world.seller):
        assert not Customer.objects.exists()
        assert not Person.objects.exists()
        assert not Affiliation.objects.exists()


def test_a_customer_that_is_there_is_taken_instead_of_made_again(world: World) -> None:
    client = client_for(world.members["seller"])
    with in_scope(world.seller):
        there = create_customer(world.seller, data={"name": "苏州恒力机械有限公司", "relations": "customer"})
    form = client.post("/paste/", {"pasted": CARD}).content.decode()
    assert f'name="existing" value="{there.pk}" checked' in form
    refused = client.post("/paste/", _confirmed())
    assert refused.status_code == 409
    assert 'name="allow_duplicate"' in refused.content.decode()
    assert client.post("/paste/", _confirmed(existing=str(there.pk))).status_code == 302
    with in_scope(world.seller):
        (person,) = Person.objects.all()
        assert person.customer_id == there.pk


def test_a_customer_of_somebody_else_can_neither_be_taken_nor_named(world: World) -> None:
    with in_scope(world.elsewhere):
        there = create_customer(
            world.elsewhere, data={"name": "苏州恒力机械有限公司", "relations": "customer", "phone": "0512-1"}
        )
    client = client_for(world.members["seller"])
    form = client.post("/paste/", {"pasted": CARD}).content.decode()
    assert str(there.pk) not in form
    assert client.post("/paste/", _confirmed(existing=str(there.pk))).status_code == 404


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_made(world: World) -> None:
    answer = client_for(world.members["seller"]).post(
        "/paste/", _confirmed(**{"p0-email": "nowhere", "c-credit_code": ""})
    )
    assert answer.status_code == 422
    assert 'id="id_p0-email_error"' in answer.content.decode()
    with in_scope(world.seller):
        assert not Customer.objects.exists()
        assert not Operation.objects.filter(verb="customers.customer.create").exists()


def test_a_person_who_cannot_be_made_takes_the_customer_back_too(world: World) -> None:
    with in_scope(world.seller):
        with pytest.raises(Invalid) as caught:
            create_together(
                world.seller,
                customer={"name": "甲公司", "relations": "customer"},
                people=[{"name": "王"}, {"name": ""}],
            )
        assert "people.1.name" in caught.value.fields
    with in_scope(world.seller):
        assert not Customer.objects.exists()
        people = [{"name": "王建国", "phone": "13800138000"}]
        create_together(world.seller, customer={"name": "甲公司", "relations": "customer"}, people=people)
        with pytest.raises(Refused):
            create_together(world.seller, customer={"name": "甲公司", "relations": "customer"}, people=people)


def test_the_api_answers_with_values_spans_and_what_to_send(world: World) -> None:
    told = program_of(world.seller).post("/readings", {"text": CARD}).json()
    (person,) = told["people"]
    values = {one["field"]: one for one in person["values"]}
    mobile = values["mobile"]
    assert (mobile["value"], CARD[mobile["start"] : mobile["end"]]) == ("+8613800138000", "13800138000")
    assert {"field": "region", "value": "320500"} in told["customer"]["fills"]
    assert [piece["text"] for piece in told["rest"]] == ["暗号乙丙丁"]
    assert program_of(world.seller).post("/readings", {"text": "x" * 20_001}).status_code == 422
    made = program_of(world.seller).post(
        "/customers", {one["field"]: one["value"] for one in told["customer"]["fills"]}
    )
    assert made.status_code == 201


def test_nothing_of_a_pasted_text_is_kept(world: World, caplog: pytest.LogCaptureFixture) -> None:
    secret = "王建国 13800138000 泄密句子九七五"
    caplog.set_level(logging.DEBUG)
    client = client_for(world.members["seller"])
    for path in ("/paste/", "/customers/pasted/", "/people/pasted/"):
        assert client.post(path, {"pasted": secret}).status_code == 200
    program_of(world.seller).post("/readings", {"text": secret})
    assert "泄密" not in caplog.text
    assert "13800138000" not in caplog.text
    with in_scope(world.system), connection.cursor() as cursor:
        for table in business_tables():
            cursor.execute(
                f"SELECT count(*) FROM {table} AS t WHERE t::text LIKE '%泄密%' OR t::text LIKE '%13800138000%'"
            )
            assert cursor.fetchone() == (0,), table


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("苏州市工业园区星湖街328号", "320500"),
        ("江苏省苏州市工业园区星湖街328号5栋", "320500"),
        ("No. 88 Xinghu Street, Suzhou, Jiangsu, China", "320500"),
        ("No. 32 Huanghai Road, Beilun District, Ningbo, Zhejiang 315800, China", "330200"),
        ("Industriestraße 45, 70565 Stuttgart, Germany", "DE"),
        ("台北市中山區中山北路三段22號", ""),
        ("星湖街328号", ""),
        ("", ""),
    ],
    ids=range(8),
)
def test_the_region_of_an_address(address: str, code: str) -> None:
    assert region_of(address) == code


def test_the_way_to_paste_is_in_the_menu_and_the_palette(world: World) -> None:
    page: Any = client_for(world.members["seller"]).get("/customers/")
    assert 'href="/paste/"' in page.content.decode()
    found = client_for(world.members["seller"]).get("/search/", {"q": "粘贴建档"}).content.decode()
    assert "/paste/" in found


INVOICE = """名称：苏州恒力机械有限公司
税号：91320594102345675A
地址、电话：苏州市工业园区星湖街328号 0512-67671234
开户行及账号：中国银行苏州工业园区支行 1610020109200123456
"""
PROFILE = {
    "title": "苏州恒力机械有限公司", "tax_number": "91320594102345675A", "bank": "中国银行苏州工业园区支行",
    "account": "1610020109200123456", "address": "苏州市工业园区星湖街328号", "phone": "0512-67671234",
}  # fmt: skip


def _billed(**more: str) -> dict[str, str]:
    return {
        "act": "create", "c-name": "苏州恒力机械有限公司", "b": "1",
        **{f"b-{name}": value for name, value in PROFILE.items()}, **more,
    }  # fmt: skip


def _kept(profile: BillingProfile) -> dict[str, str]:
    return {name: getattr(profile, name) for name in PROFILE if name != "phone"}


def test_pasted_invoice_details_propose_a_billing_profile(world: World) -> None:
    form = client_for(world.members["seller"]).post("/paste/", {"pasted": INVOICE}).content.decode()
    assert 'name="b" value="1" checked' in form
    for name, value in PROFILE.items():
        assert f'name="b-{name}"' in form
        assert f'value="{value}"' in form
    assert "没有字段可填" not in form  # bank and account are taken, none is left over
    plain = client_for(world.members["seller"]).post(
        "/paste/", {"pasted": "王建国 13800138000 苏州恒力机械有限公司"}
    )
    assert 'name="b-title"' not in plain.content.decode()


def test_a_confirmed_billing_profile_is_created_with_its_customer_and_undone_with_it(world: World) -> None:
    assert client_for(world.members["seller"]).post("/paste/", _billed()).status_code == 302
    with in_scope(world.seller):
        (customer,), (profile,) = Customer.objects.all(), BillingProfile.objects.all()
        assert (profile.customer_id, profile.main) == (customer.pk, True)
        assert _kept(profile) == {name: value for name, value in PROFILE.items() if name != "phone"}
        (operation,) = Operation.objects.filter(verb="customers.customer.create")
        tables = Change.objects.filter(operation_id=operation.id).values_list("table_name", flat=True)
        assert {"customers_customer", "customers_billingprofile"} <= set(tables)
        undo(world.seller, operation.id)
    with in_scope(world.seller):
        assert not Customer.objects.exists()
        assert not BillingProfile.objects.exists()


def test_a_billing_profile_is_added_to_the_customer_that_was_found_and_not_twice(world: World) -> None:
    client = client_for(world.members["seller"])
    with in_scope(world.seller):
        there = create_customer(world.seller, data={"name": "苏州恒力机械有限公司", "relations": "customer"})
    for _time in range(2):
        assert client.post("/paste/", _billed(existing=str(there.pk))).status_code == 302
    with in_scope(world.seller):
        (profile,) = BillingProfile.objects.all()
        assert profile.customer_id == there.pk
        assert Operation.objects.filter(verb="customers.billing_profile.create").exists()
    beside = client.post("/paste/beside/", _billed(existing=str(there.pk))).content.decode()
    assert "这个客户已有这份开票信息" in beside
    other = client.post("/paste/", _billed(**{"existing": str(there.pk), "b-account": "6222020200012345678"}))
    assert other.status_code == 302
    with in_scope(world.seller):
        assert BillingProfile.objects.filter(customer_id=there.pk).count() == 2


def test_a_billing_profile_that_is_not_wanted_is_not_created(world: World) -> None:
    data = _billed()
    del data["b"]
    assert client_for(world.members["seller"]).post("/paste/", data).status_code == 302
    with in_scope(world.seller):
        assert Customer.objects.exists()
        assert not BillingProfile.objects.exists()


def test_what_is_wrong_with_a_billing_profile_stands_beside_its_field_and_nothing_is_made(
    world: World,
) -> None:
    answer = client_for(world.members["seller"]).post("/paste/", _billed(**{"b-title": ""}))
    assert answer.status_code == 422
    assert 'id="id_b-title_error"' in answer.content.decode()
    with in_scope(world.seller):
        assert not Customer.objects.exists()


def test_closed_fields_of_billing_profiles_are_neither_proposed_nor_told(world: World) -> None:
    with writing(world.system):
        for field in ("account", "bank"):
            FieldRule(
                role=world.roles["salesperson"], resource="billing_profiles", field=field, mode="hide"
            ).save()
    form = client_for(world.members["seller"]).post("/paste/", {"pasted": INVOICE}).content.decode()
    assert 'name="b-title"' in form
    assert 'name="b-account"' not in form
    told = program_of(world.seller).post("/readings", {"text": INVOICE}).json()
    assert {one["field"] for one in told["billing"]["fills"]} == {"title", "tax_number", "address", "phone"}


def test_the_api_creates_what_it_read_in_one_operation(world: World) -> None:
    program = program_of(world.seller)
    told = program.post("/readings", {"text": INVOICE + "联系人：王建国 13800138000"}).json()
    given = {
        "customer": told["customer"]["fills"],
        "people": [{"fields": one["fills"]} for one in told["people"]],
        "billing": told["billing"]["fills"],
    }
    answer = program.post("/readings/records", given)
    assert answer.status_code == 201
    made = answer.json()
    with in_scope(world.seller):
        (profile,) = BillingProfile.objects.all()
        assert (str(profile.pk), str(profile.customer_id)) == (made["billing"], made["customer"])
        assert [str(one.pk) for one in Person.objects.all()] == made["people"]
        undo(world.seller, answer.headers["Operation-Id"])
    with in_scope(world.seller):
        assert not Customer.objects.exists()
        assert not BillingProfile.objects.exists()
    wrong = program.post("/readings/records", {**given, "billing": [{"field": "bank", "value": "中国银行"}]})
    assert wrong.status_code == 422
    assert "billing.title" in str(wrong.json())


def test_the_customers_form_leads_to_where_all_of_it_is_created(world: World) -> None:
    client = client_for(world.members["seller"])
    answer = client.post("/customers/pasted/", {"pasted": INVOICE}).content.decode()
    assert 'action="/paste/"' in answer
    assert "1610020109200123456" in answer.partition('action="/paste/"')[2]
    assert (
        'action="/paste/"'
        not in client.post("/customers/pasted/", {"pasted": "苏州恒力机械有限公司"}).content.decode()
    )


SIGNED = """莫秋婷 采购部经理
苏州恒立物资有限公司
手机 139 1400 8876 电话 0512-6688 2233-806 传真 0512-66882234
税号 91320594102345675B
"""


def test_the_mobile_is_the_persons_and_the_landline_beside_it_the_companys(world: World) -> None:
    page = client_for(world.members["seller"]).post("/paste/", {"pasted": SIGNED}).content.decode()
    assert "0512-66882233 转 806" in page
    fills = _fills(world)
    assert fills["customer"]["phone"] == "0512-66882233 转 806"
    assert fills["person"]["phone"] == "139 1400 8876"
    box = client_for(world.members["seller"]).post("/people/pasted/", {"pasted": SIGNED}).content.decode()
    assert "0512-66882233 转 806" in box  # told, for the person's field takes the mobile


def test_a_tax_number_with_a_wrong_check_digit_says_why_no_credit_code_is_filled(world: World) -> None:
    client = client_for(world.members["seller"])
    for answer in (
        client.post("/paste/", {"pasted": SIGNED}),
        client.post("/customers/pasted/", {"pasted": SIGNED}),
    ):
        assert "91320594102345675B：校验位不对" in answer.content.decode()


def test_a_chinese_number_is_offered_the_national_way_in_every_language(world: World) -> None:
    with in_scope(world.seller):
        for language, extension in (("zh-hans", "转"), ("en", "ext.")):
            show = Show(actor=world.seller, language=language)
            read = customer_fields(world.seller, with_switchboard(reading_of(SIGNED)).customer, show)
            assert {one.field: one.value for one in read.fields}["phone"] == f"0512-66882233 {extension} 806"


def _fills(world: World) -> dict[str, dict[str, str]]:
    with in_scope(world.seller):
        show = Show(actor=world.seller, language="zh-hans")
        reading = with_switchboard(reading_of(SIGNED))
        customer = customer_fields(world.seller, reading.customer, show)
        person = person_fields(world.seller, reading.people[0], show)
        return {
            "customer": {one.field: one.value for one in customer.fields},
            "person": {one.field: one.value for one in person.fields},
        }
