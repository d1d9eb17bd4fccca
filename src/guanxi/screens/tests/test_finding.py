"""The palette: what is found, in which order, what is told of the rest, and what can be done by typing."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guanxi.customers.models import Customer
from guanxi.customers.services import customers as services
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.models import FieldRule
from guanxi.foundation.search.models import Opened
from guanxi.foundation.search.queries import opened_by
from guanxi.foundation.search.services import REMEMBERED, note_opened
from guanxi.kernel.codes import make_credit_code
from guanxi.testing.worlds import World, in_scope

ClientFor = Callable[[Member], Client]
CODE = make_credit_code(12345678)
HTMX = {"HX-Request": "true"}


def make(world: World, name: str, **data: Any) -> Customer:
    with in_scope(world.seller):
        return services.create_customer(
            world.seller, data={"name": name, "relations": "customer", **data}, allow_duplicate=True
        )


def ask(client: Client, text: str = "", **more: str) -> str:
    answer = client.get("/search/", {"q": text, **more}, headers=HTMX)
    assert answer.status_code == 200
    return str(answer.content.decode())


def titles(page: str) -> list[str]:
    """What the options say, without marks, keys and what stands beside."""
    found = re.findall(r'<span class="gx-fill gx-cut"><span[^>]*>(.*?)</span>', page)
    return [re.sub(r"</?mark>", "", one) for one in found]


@pytest.fixture
def seller(world: World, client_for: ClientFor) -> Client:
    return client_for(world.members["seller"])


@pytest.fixture
def teammate(world: World, client_for: ClientFor) -> Client:
    return client_for(world.members["teammate"])


def open_card(client: Client, customer: Customer) -> int:
    return client.post(f"/customers/{customer.pk}/opened/").status_code


def test_of_the_equally_close_what_was_opened_lately_comes_first(world: World, seller: Client) -> None:
    short, long = make(world, "北斗机械"), make(world, "北斗机械设备制造有限公司")
    assert titles(ask(seller, "北斗"))[:2] == [short.name, long.name]
    assert open_card(seller, long) == 204
    assert titles(ask(seller, "北斗"))[:2] == [long.name, short.name]


def test_a_beginning_comes_before_what_was_opened(world: World, seller: Client) -> None:
    begins, holds = make(world, "北斗机械"), make(world, "上海北斗")
    open_card(seller, holds)
    assert titles(ask(seller, "北斗"))[:2] == [begins.name, holds.name]


def test_what_was_opened_is_found_among_more_hits_than_are_fetched(world: World, seller: Client) -> None:
    with in_scope(world.seller):
        services.create_customers(
            world.seller,
            rows=[
                {"name": f"众合{n:03}", "relations": "customer", "owner_id": world.seller.member_id}
                for n in range(230)
            ],
        )
    for name in ("众合229", "众合228"):
        with in_scope(world.seller):
            customer = Customer.objects.get(name=name)
        open_card(seller, customer)
        assert titles(ask(seller, "众合"))[0] == name


def test_with_nothing_typed_the_last_opened_stand_first_then_commands(world: World, seller: Client) -> None:
    first, second = make(world, "甲方机械"), make(world, "乙方食品")
    for customer in (first, second, first):
        open_card(seller, customer)
    page = ask(seller)
    assert titles(page)[:2] == ["甲方机械", "乙方食品"]
    assert page.index("最近打开") < page.index("命令")
    assert "新建客户" in page


def test_what_somebody_opened_and_may_see_no_more_is_not_shown(
    world: World, seller: Client, teammate: Client
) -> None:
    customer = make(world, "丙方药业")
    open_card(seller, customer)
    with in_scope(world.manager):
        services.edit_customer(
            world.manager, customer.pk, data={"owner": str(world.teammate.member_id)}, expected_version=1
        )
    assert "丙方药业" not in ask(seller)
    assert open_card(seller, customer) == 404
    assert "丙方药业" not in ask(teammate)  # his own now, but it was another who opened it


def test_a_hundred_are_remembered(world: World) -> None:
    records = [uuid4() for _ in range(REMEMBERED + 5)]
    with in_scope(world.seller):
        for record in records:
            note_opened(world.seller, resource="customers", record_id=record)
        assert [record for _key, record in opened_by(world.seller.member_id)] == records[:4:-1]
        assert Opened.objects.filter(member=world.members["seller"]).count() == REMEMBERED


def test_opening_again_writes_no_second_row(world: World) -> None:
    record = uuid4()
    with in_scope(world.seller):
        for _ in range(3):
            note_opened(world.seller, resource="customers", record_id=record)
        assert opened_by(world.seller.member_id) == [("customers", record)]


def test_what_one_may_not_see_is_told_of_under_a_mask(world: World, teammate: Client) -> None:
    make(world, "山东鲁味园食品股份有限公司", phone="0539-8006220")
    page = ask(teammate, "鲁味园")
    assert "山东**公司" in page
    assert "&lt;" not in page
    assert "鲁味园" not in page.replace("“鲁味园”", "").replace("<mark>鲁味园</mark>", "")
    assert "单晓梅" in page  # who answers for it
    assert "/customers/0" not in page  # and no way to it
    for typed in ("0539", "8006220", "lwy", "luweiyuan", "鲁"):  # not by what only those who see it know
        assert "**" not in ask(teammate, typed), typed


def test_who_finds_enough_of_his_own_is_told_of_no_others(world: World, teammate: Client) -> None:
    make(world, "众合食品")
    with in_scope(world.teammate):
        rows = [
            {"name": f"众合{n}厂", "relations": "customer", "owner_id": world.teammate.member_id}
            for n in range(8)
        ]
        services.create_customers(world.teammate, rows=rows)
    assert "**" not in ask(teammate, "众合")


def test_a_hidden_owner_is_not_told_of(world: World, teammate: Client) -> None:
    make(world, "山东鲁味园食品股份有限公司")
    with in_scope(world.system), operation(world.system, "permissions.role.edit"):
        FieldRule.objects.create(
            role=world.roles["salesperson"], resource="customers", field="owner", mode="hide"
        )
    page = ask(teammate, "鲁味园")
    assert "山东**公司" in page
    assert "单晓梅" not in page


def test_who_sees_everything_is_told_of_nothing_twice(world: World, client_for: ClientFor) -> None:
    make(world, "山东鲁味园食品股份有限公司")
    page = ask(client_for(world.members["admin"]), "鲁味园")
    assert "**" not in page
    assert titles(page)[0] == "山东鲁味园食品股份有限公司"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("新建客户 海尔食品", "海尔食品"),
        ("新建客户：海尔食品", "海尔食品"),
        ("新建 海尔食品", "海尔食品"),
        ("new customer named Haier Foods", "Haier Foods"),
        ("海尔食品", "海尔食品"),
    ],
)
def test_a_new_customer_is_made_by_the_name_typed(seller: Client, typed: str, name: str) -> None:
    page = ask(seller, typed)
    assert f"新建客户“{name}”" in re.sub(r"</?mark>", "", page)
    url = re.search(r'href="(/customers/new/\?name=[^"]+)"', page)
    assert url is not None
    assert f'value="{name}"' in seller.get(url[1]).content.decode()


@pytest.mark.parametrize("typed", ["8006220", "a", "-- ,"])
def test_a_number_or_a_letter_is_no_name(seller: Client, typed: str) -> None:
    assert "?name=" not in ask(seller, typed)


@pytest.mark.parametrize("typed", ["xjkh", "新建客户", "new customer", ">新建", "＞xinjian"])
def test_a_command_is_found_by_its_name_its_sound_and_in_either_language(seller: Client, typed: str) -> None:
    assert 'href="/customers/new/"' in ask(seller, typed)


def test_who_may_not_create_is_not_offered_to(world: World, client_for: ClientFor) -> None:
    with in_scope(world.system), operation(world.system, "permissions.role.edit"):
        role = world.roles["salesperson"]
        role.grants.filter(code="customers.customer.create").delete()
    page = ask(client_for(world.members["seller"]), "新建客户 海尔")
    assert "/customers/new/" not in page


def test_the_pages_of_administration_are_offered_to_who_may_open_them(
    seller: Client, world: World, client_for: ClientFor
) -> None:
    assert "/settings/roles/" in ask(client_for(world.members["admin"]), "角色")
    assert "/settings/roles/" not in ask(seller, "角色")


def test_the_card_the_palette_was_opened_on_offers_what_can_be_done(world: World, seller: Client) -> None:
    customer = make(world, "丁方包装")
    open_card(seller, customer)
    page = ask(seller, "", record=f"customers/{customer.pk}")
    assert "最近打开" not in page  # where one is already
    assert f"/customers/{customer.pk}/edit/" in page
    assert f"/customers/{customer.pk}/history/" in page


@pytest.mark.parametrize(
    "record",
    ["customers/x", "nothing/x", "customers/", "/", "customers/0190d1c2-0000-7000-8000-000000000000"],
)
def test_a_record_that_is_none_offers_nothing(seller: Client, record: str) -> None:
    assert "/edit/" not in ask(seller, "", record=record)


def test_theme_language_and_sign_out_press_what_the_page_has(seller: Client) -> None:
    assert "data-press=" in ask(seller, "深色")
    assert "value=&quot;en&quot;" in ask(seller, "english")
    assert "data-gx-signout" in ask(seller, "退出")


def test_without_scripts_it_is_a_page_of_links(world: World, seller: Client) -> None:
    make(world, "戊方纸业")
    page = seller.get("/search/?q=戊方").content.decode()
    assert "戊方" in page
    assert "data-press" not in page


def subs(page: str) -> list[str]:
    """The grey words beside the options, with their marks."""
    return re.findall(r'<span class="gx-t2 gx-s12">(.*?)</span>', page)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("8006220", "电话：0539-<mark>8006220</mark>"),
        ("05398006220", "电话：<mark>0539-8006220</mark>"),
        ("luwei", "简称：<mark>鲁味</mark>"),
        (CODE, f"<mark>{CODE}</mark>"),
    ],
    ids=["end of a phone", "phone without signs", "short name by sound", "code"],
)
def test_a_hit_says_which_value_was_meant_where_its_name_does_not(
    world: World, seller: Client, typed: str, why: str
) -> None:
    make(world, "山东临沂老字号食品厂", phone="0539-8006220", short_name="鲁味", credit_code=CODE)
    assert any(why in one for one in subs(ask(seller, typed))), subs(ask(seller, typed))


def test_a_value_that_is_closed_to_somebody_neither_finds_nor_is_told(world: World, seller: Client) -> None:
    make(world, "山东鲁味园食品", phone="0539-8006220")
    with in_scope(world.system), operation(world.system, "permissions.role.edit"):
        FieldRule.objects.create(
            role=world.roles["salesperson"], resource="customers", field="phone", mode="mask"
        )
    assert "0539" not in ask(seller, "8006220")
    assert "0539" not in ask(seller, "鲁味园")


def test_a_name_that_matches_says_enough(world: World, seller: Client) -> None:
    make(world, "8006220 食品", phone="0539-8006220")
    assert not any("电话" in one for one in subs(ask(seller, "8006220")))


def test_what_finds_nothing_is_looked_for_elsewhere_or_made(
    world: World, seller: Client, client_for: ClientFor
) -> None:
    page = ask(client_for(world.members["admin"]), "查无此厂")
    assert "/settings/recycle-bin/?q=" in page
    assert "新建客户“查无此厂”" in re.sub(r"</?mark>", "", page)
    with in_scope(world.system), operation(world.system, "permissions.role.edit"):
        world.roles["salesperson"].grants.filter(code="ledger.operation.view").delete()
    assert "recycle-bin" not in ask(seller, "查无此厂")  # not for him to see
    make(world, "查有此厂")
    assert "recycle-bin" not in ask(client_for(world.members["admin"]), "查有此厂")
    asked = ask(client_for(world.members["admin"]), "新建客户 查无此厂")
    assert "recycle-bin" not in asked
    assert titles(asked)[0] == "新建客户“查无此厂”"


@pytest.mark.parametrize("typed", ["新键客户", "notcies", "neww custmer"])
def test_a_command_typed_nearly_right_is_offered_where_nothing_else_is(seller: Client, typed: str) -> None:
    assert {"新建客户", "通知"} & set(titles(ask(seller, typed)))


def test_a_list_offers_its_export_and_its_view(world: World, seller: Client, client_for: ClientFor) -> None:
    manager = client_for(world.members["manager"])
    page = ask(manager, "导出", list="customers")
    assert "data-gx-tool" in page
    assert "data-gx-view-new" in ask(manager, "视图", list="customers")
    assert "data-gx-tool" not in ask(manager, "导出")  # no list, nothing to export
    assert "data-gx-tool" not in ask(seller, "导出", list="nothing")


def test_a_search_asks_the_database_little(world: World, seller: Client) -> None:
    customer = make(world, "山东鲁味园食品股份有限公司")
    open_card(seller, customer)
    ask(seller, "鲁味园")
    with CaptureQueriesContext(connection) as asked:
        ask(seller, "鲁味园")
    searching = [one["sql"] for one in asked if "search_" in one["sql"] or "customers_customer" in one["sql"]]
    # Of people it is asked first at which customers in sight they work, once to look and once to name.
    assert len(searching) <= 8, searching


def test_where_there_are_more_than_are_shown_the_last_row_leads_to_all(world: World, seller: Client) -> None:
    for n in range(7):
        make(world, f"常州苏谷豆制品{n}厂")
    assert "全部结果" not in ask(seller, "苏谷")
    make(world, "常州苏谷豆制品8厂")
    make(world, "常州苏谷豆制品9厂")
    page = ask(seller, "苏谷")
    assert titles(page)[-1] == "全部结果"
    assert 'href="/search/?q=%E8%8B%8F%E8%B0%B7"' in page
    assert "全部结果" not in seller.get("/search/", {"q": "苏谷"}).content.decode()
    assert "全部结果" not in ask(seller)
