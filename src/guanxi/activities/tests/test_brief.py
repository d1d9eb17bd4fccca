"""The brief says on one sheet what the card says on several, and no more than its reader may know."""

import re
from typing import Any

from django.utils import timezone

from guanxi.activities.services.activities import log_activity, plan_activity
from guanxi.customers.services.customers import create_customer
from guanxi.customers.services.people import create_person
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.models import FieldRule
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope


def test_the_brief_has_people_what_is_to_come_and_the_last_touches(world: World, client_for: Any) -> None:
    with in_scope(world.seller):
        customer = create_customer(
            world.seller, data={"name": "苏州华东机械", "relations": "customer", "phone": "0512-66778899"}
        )
        create_person(world.seller, data={"name": "王小明", "customer": str(customer.pk), "post": "厂长"})
        for number in range(7):
            log_activity(
                world.seller,
                data={"kind": "call", "customer": str(customer.pk), "text": f"第{number}次通话"},
            )
        plan_activity(
            world.seller,
            data={
                "kind": "visit",
                "subject": "去看产线",
                "customer": str(customer.pk),
                "at": "2027-01-05 10:00",
            },
        )
    client = client_for(world.members["seller"])
    page = client.get(f"/brief/customers/{customer.pk}/").content.decode()
    for word in ("苏州华东机械", "王小明", "厂长", "去看产线", "66778899", "第6次通话", "第2次通话"):
        assert word in page, word
    assert "第1次通话" not in page, "the last five"
    assert f"/brief/customers/{customer.pk}/" in client.get(f"/customers/{customer.pk}/").content.decode()
    with in_scope(world.admin), operation(world.system, "tests.rule.make"):
        rule = {"resource": "customers", "field": "phone", "mode": "hide"}
        FieldRule(role_id=world.roles["salesperson"].id, **rule).save(force_insert=True)
    assert "66778899" not in client.get(f"/brief/customers/{customer.pk}/").content.decode()
    stranger = client_for(world.members["elsewhere"])
    assert stranger.get(f"/brief/customers/{customer.pk}/").status_code == 404


def test_the_brief_leaves_out_who_has_left_and_says_how_many(world: World, client_for: Any) -> None:
    with in_scope(world.seller):
        customer = create_customer(world.seller, data={"name": "苏州华东机械", "relations": "customer"})
        for name, until in (
            ("王在职", ""),
            ("李离职", "2025-03-31"),
            ("赵早走", "2024-01-31"),
            ("周将走", "2099-01-01"),
        ):
            person = create_person(world.seller, data={"name": name})
            data = {"person": str(person.pk), "customer": str(customer.pk), "post": "厂长", "until": until}
            find("affiliations").create(world.seller, data=data)
    client = client_for(world.members["seller"])
    page = client.get(f"/brief/customers/{customer.pk}/").content.decode()
    for word in ("王在职", "周将走", "已离职 2 人", '<span class="gx-c">2</span>'):
        assert word in page, word
    assert "李离职" not in page
    assert "赵早走" not in page
    card = client.get(f"/customers/{customer.pk}/panel/people/").content.decode()
    assert card.index("周将走") < card.index("李离职"), "on the card they stand at the end"
    assert "已离职 2 人" in card
    with in_scope(world.admin), operation(world.system, "tests.rule.make"):
        rule = {"resource": "affiliations", "field": "until", "mode": "hide"}
        FieldRule(role_id=world.roles["salesperson"].id, **rule).save(force_insert=True)
    assert "已离职" not in client.get(f"/brief/customers/{customer.pk}/").content.decode()


def test_the_brief_is_paper_with_full_dates_all_contact_points_and_the_addresses(
    world: World, client_for: Any
) -> None:
    with in_scope(world.seller):
        customer = create_customer(
            world.seller, data={"name": "苏州华东机械", "relations": "customer", "phone": "0512-66778899"}
        )
        log_activity(world.seller, data={"kind": "call", "customer": str(customer.pk), "text": "谈了交期"})
        for value, more in (
            ("0512-66770001", {"use": "finance"}),
            ("0512-66770002", {"until": "2024-01-31"}),
        ):
            data = {"customer": str(customer.pk), "kind": "phone", "value": value, **more}
            find("contact_points").create(world.seller, data=data)
        address = {
            "customer": str(customer.pk),
            "street": "星湖街328号仓库",
            "use": "delivery",
            "receiver": "老周",
        }
        find("addresses").create(world.seller, data=address)
    client = client_for(world.members["seller"])
    page = client.get(f"/brief/customers/{customer.pk}/").content.decode()
    for word in ("0512-66770001", "财务", "星湖街328号仓库", "老周"):
        assert word in page, word
    assert "66770002" not in page, "no longer in use"
    body = page[page.index('class="gx-brief"') :]
    for word in ("今天", "昨天", "天前"):
        assert word not in body, word
    today = timezone.localdate()
    assert f"{today.year} 年 {today.month} 月 {today.day} 日" in body
    assert "今天" in client.get(f"/customers/{customer.pk}/").content.decode(), (
        "on a card days are as people say them"
    )
    with in_scope(world.admin), operation(world.system, "tests.rule.make"):
        rule = {"resource": "contact_points", "field": "value", "mode": "hide"}
        FieldRule(role_id=world.roles["salesperson"].id, **rule).save(force_insert=True)
    assert "66770001" not in client.get(f"/brief/customers/{customer.pk}/").content.decode()


def test_a_phone_finds_the_brief_in_the_menu_of_the_card(world: World, client_for: Any) -> None:
    with in_scope(world.seller):
        customer = create_customer(
            world.seller, data={"name": "常州苏谷豆制品有限公司", "relations": "customer"}
        )
    page = client_for(world.members["seller"]).get(f"/customers/{customer.pk}/").content.decode()
    menu = page[page.index("gx-card-head") : page.index("gx-attrs")]
    assert re.search(rf'<a class="gx-item gx-only-s" href="/brief/customers/{customer.pk}/">', menu)
