"""Who meets a record out of sight asks for it; what is said of those whose number or name is known in part."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from guanxi.customers.models import Customer
from guanxi.customers.queries.duplicates import duplicates_of, said, with_asked
from guanxi.customers.queries.taken import taken
from guanxi.customers.rules.alike import customer_of
from guanxi.customers.services import customers as services
from guanxi.customers.services.asking import ask_for
from guanxi.customers.services.people import create_person
from guanxi.foundation.notices.models import Notice
from guanxi.foundation.notices.services import words
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import NotFound
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope


def _make(actor: Actor, name: str, **more: Any) -> Customer:
    return services.create_customer(
        actor, data={"name": name, "relations": "customer", **more}, allow_duplicate=True
    )


def _masked(world: World, name: str) -> str:
    """What stands for a customer of somebody else's that the seller met."""
    (met,) = taken(world.seller, "customers", name)
    assert not met.visible
    return met.ask


def test_whoever_meets_a_record_out_of_sight_asks_its_owner_for_it_once(
    world: World, client_for: Any
) -> None:
    with in_scope(world.elsewhere):
        theirs = _make(world.elsewhere, "常州苏谷豆制品有限公司")
    page = client_for(world.members["seller"]).post("/taken/", {"text": "苏谷"})
    with in_scope(world.seller):
        token = _masked(world, "苏谷")
    assert "/taken/ask/" in page.content.decode()
    assert str(theirs.pk) not in page.content.decode()
    for told in (world.members["elsewhere"].name, "已经申请过"):
        answered = client_for(world.members["seller"]).post(
            "/taken/ask/", {"ask": token, "note": "老同学介绍"}
        )
        assert told in answered.content.decode()
    with in_scope(world.elsewhere):
        (notice,) = Notice.objects.filter(kind="customers.asked_for", member=world.members["elsewhere"])
        assert notice.url == f"/customers/{theirs.pk}/"
        assert "常州苏谷豆制品有限公司" in words(notice)
        assert "老同学介绍" in words(notice)


def test_what_stands_for_a_record_is_no_use_to_anybody_else(world: World) -> None:
    with in_scope(world.elsewhere):
        _make(world.elsewhere, "常州苏谷豆制品有限公司")
    with in_scope(world.seller):
        token = _masked(world, "苏谷")
    with in_scope(world.teammate):
        for wrong in (token, token + "x", ""):
            with pytest.raises(NotFound):
                ask_for(world.teammate, wrong)


def test_for_a_record_that_nobody_answers_for_those_are_asked_who_may_assign_it(world: World) -> None:
    with in_scope(world.system):
        services.create_customer(
            world.system, data={"name": "常州苏谷豆制品有限公司", "relations": "customer", "owner": None}
        )
    with in_scope(world.seller):
        asked = ask_for(world.seller, _masked(world, "苏谷"))
        assert world.members["admin"].name in asked
        assert world.seller.name not in asked


def test_who_may_not_know_the_owner_does_not_learn_it_by_asking(world: World) -> None:
    with in_scope(world.elsewhere):
        _make(world.elsewhere, "常州苏谷豆制品有限公司")
    hidden = replace(world.seller, field_rules={("customers", "owner"): "hide"})
    with in_scope(hidden):
        assert ask_for(hidden, _masked(world, "苏谷")) == []


def test_the_last_digits_find_whoever_is_in_sight_by_any_number_and_say_they_are_not_all(
    world: World, client_for: Any
) -> None:
    with in_scope(world.seller):
        customer = _make(world.seller, "温州欣荣电器有限公司", phone="0577-50001866 转 801")
        data = {"customer": str(customer.pk), "kind": "fax", "value": "0577-50009123"}
        find("contact_points").create(world.seller, data=data)
        person = {"name": "莫秋婷", "phone": "13914008876", "post": "出纳", "customer": str(customer.pk)}
        create_person(world.seller, data=person)
    client: Client = client_for(world.members["seller"])
    for text, name in (
        ("50001866", "温州欣荣电器有限公司"), ("1866", "温州欣荣电器有限公司"), ("9123", "温州欣荣电器有限公司"),
        ("8876", "莫秋婷"), ("008876", "莫秋婷"),
    ):  # fmt: skip
        page = client.post("/taken/", {"text": text}).content.decode()
        assert name in page, text
        assert "号码不完整" in page
    page = client.post("/taken/", {"text": "13914008876"}).content.decode()
    assert "温州欣荣电器有限公司 · 出纳" in page, "where somebody works stands beside the name"
    assert "号码不完整" not in page
    closed = replace(world.seller, field_rules={("people", "phone"): "mask"})
    with in_scope(closed):
        assert taken(closed, "people", "008876") == [], "who sees no numbers tries no digits"


def test_reasons_say_a_thing_once() -> None:
    with override("zh-hans"):
        assert said(["phone_and_core", "region"]) == "电话相同，字号和行业相同，地区写法不同"
        assert said(["phone_and_core", "trade"]) == said(["phone_and_core"])
        assert said(["phone", "phone_and_core"]) == said(["phone_and_core"])
        assert said(["trade", "other_region"]) == said(["other_region"])
        assert said(["code", "name", "trade"]) == said(["code", "name"])


def test_what_was_asked_for_says_so_wherever_it_is_met_again(world: World, client_for: Any) -> None:
    with in_scope(world.elsewhere):
        _make(world.elsewhere, "常州苏谷豆制品有限公司")
    client = client_for(world.members["seller"])
    doors = [("/taken/", {"text": "苏谷"}), ("/taken/", {"text": "常州苏谷豆制品有限公司"})]
    doors.append(("/customers/duplicates/", {"name": "常州苏谷豆制品有限公司"}))
    for url, data in doors:
        assert "/taken/ask/" in client.post(url, data).content.decode()
    with in_scope(world.seller):
        ask_for(world.seller, _masked(world, "苏谷"))
    for url, data in doors:
        page = client.post(url, data).content.decode()
        assert "已申请，等对方答复" in page
        assert "/taken/ask/" not in page
    with in_scope(world.teammate):
        (met,) = duplicates_of(world.teammate, customer_of({"name": "常州苏谷豆制品有限公司"}))
        assert (met.visible, met.asked) == (False, False)


def test_of_many_out_of_sight_one_query_says_which_were_asked_for(world: World) -> None:
    with in_scope(world.elsewhere):
        for name in ("常州苏谷豆制品有限公司", "常州苏谷豆制品有限公司武进分公司"):
            _make(world.elsewhere, name)
    with in_scope(world.seller):
        found = taken(world.seller, "customers", "苏谷豆制品")
        assert len(found) == 2
        ask_for(world.seller, found[0].ask)
        with CaptureQueriesContext(connection) as asked:
            told = {one.record.pk: one.asked for one in with_asked(world.seller, found)}
        assert len(asked) == 1
        assert told == {found[0].record.pk: True, found[1].record.pk: False}


def test_where_nobody_answers_for_a_record_it_is_said_who_is_asked(world: World, client_for: Any) -> None:
    with in_scope(world.system):
        services.create_customer(
            world.system, data={"name": "常州苏谷豆制品有限公司", "relations": "customer", "owner": None}
        )
    client = client_for(world.members["seller"])
    assert "会告知有权分配的人" in client.post("/taken/", {"text": "苏谷"}).content.decode()
    with in_scope(world.seller):
        ask_for(world.seller, _masked(world, "苏谷"))
    assert "等有权分配的人答复" in client.post("/taken/", {"text": "苏谷"}).content.decode()
