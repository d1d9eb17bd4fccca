"""The pages every resource has, seen by a person: list, card, form, inline edit, bulk, undo, files."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from guanxi.customers.models import Customer
from guanxi.customers.services import customers as services
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.models import Change, Operation
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.models import FieldRule
from guanxi.testing.worlds import World, in_scope

ClientFor = Callable[[Member], Client]
HTMX = {"HX-Request": "true"}


def make(world: World, name: str = "山东鲁味园食品股份有限公司", **data: Any) -> Customer:
    with in_scope(world.seller):
        return services.create_customer(
            world.seller, data={"name": name, "relations": "customer", **data}, allow_duplicate=True
        )


@pytest.fixture
def seller(world: World, client_for: ClientFor) -> Client:
    return client_for(world.members["seller"])


@pytest.fixture
def manager(world: World, client_for: ClientFor) -> Client:
    return client_for(world.members["manager"])


def test_the_list_shows_mine_and_nobody_elses(world: World, seller: Client, client_for: ClientFor) -> None:
    make(world)
    assert "山东鲁味园" in seller.get("/customers/").content.decode()
    assert "山东鲁味园" not in client_for(world.members["teammate"]).get("/customers/").content.decode()


@pytest.mark.parametrize(
    "sort", ["name", "-name", "created_at", "-created_at", "updated_at", "grade", "-grade"]
)
def test_paging_shows_every_row_once_in_any_order(world: World, seller: Client, sort: str) -> None:
    with in_scope(world.seller):
        services.create_customers(
            world.seller,
            rows=[
                {
                    "name": f"客户{i:03}",
                    "relations": "customer",
                    "grade": "ABCD"[i % 4],
                    "owner_id": world.seller.member_id,
                }
                for i in range(120)
            ],
        )
    url, seen = f"/customers/?sort={sort}", []
    while url:
        page = seller.get(url).content.decode()
        seen += re.findall(r'<tr data-id="([^"]+)"', page)
        more = re.search(r'class="gx-lk gx-sp" href="([^"]+)"', page)
        url = more[1].replace("&amp;", "&") if more else ""
    assert len(seen) == len(set(seen)) == 120


def test_the_total_comes_in_a_second_request(world: World, seller: Client) -> None:
    make(world)
    assert "1" in seller.get("/customers/total/").content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "nonsense=1",
        "grade=Z",
        "sort=remarks",
        "sort=nonsense",
        "after=AAAA",
        "grade.since=1",
        "filter={",
        "created_at.last=x",
        'filter={"any":[{"field":"grade","op":"is","values":[1]}]}',
        "region=%00",
        "owner=不存在的人",
    ],
)
def test_a_list_that_cannot_be_read_says_so_and_shows_the_rest(
    world: World, seller: Client, query: str
) -> None:
    make(world)
    answer = seller.get(f"/customers/?{query}")
    assert answer.status_code == 400
    assert "山东鲁味园" in answer.content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("grade=A", True),
        ("grade=B,C", False),
        ("grade.not=A", False),
        ("region=370000", True),
        ("region=山东", True),
        ("region=320000", False),
        ("relations=customer", True),
        ("relations=bank", False),
        ("industry=14", True),
        ("created_at.last=7", True),
        ("created_at.until=2001-01-01", False),
        ("parent.empty=", True),
        ("owner=me", True),
        ("q=lwy", True),
        ("q=味园", True),
        ("q=6220", True),
        ("q=北斗", False),
        ("credit_code.starts=", True),
        (
            'filter={"any":[{"field":"grade","op":"is","values":["B"]},{"field":"region","op":"is","values":["371300"]}]}',
            True,
        ),
    ],
)
def test_filters_find_what_they_say(world: World, seller: Client, query: str, found: bool) -> None:
    make(world, grade="A", region="371300", industry="14", phone="0539-8316220")
    page = seller.get(f"/customers/?{query}").content.decode()
    assert ("gx-nm" in page and "山东鲁味园" in page) is found


def test_the_form_creates_and_offers_the_undo(world: World, seller: Client) -> None:
    answer = seller.post(
        "/customers/new/", {"name": "北斗", "relations": ["customer", "supplier"]}, follow=True
    )
    assert answer.status_code == 200
    with in_scope(world.seller):
        made = Customer.objects.get()
        undo = Operation.objects.get(verb="customers.customer.create")
    assert made.relations == "customer,supplier"
    assert f"/undo/{undo.id}/" in answer.content.decode()
    seller.post(f"/undo/{undo.id}/")
    with in_scope(world.seller):
        assert not Customer.objects.exists()


def test_errors_stand_beside_their_fields_and_nothing_typed_is_lost(world: World, seller: Client) -> None:
    answer = seller.post(
        "/customers/new/",
        {"name": "", "relations": ["customer"], "phone": "0539-1", "credit_code": "91371302MA3DX5K57O"},
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "0539-1" in page
    assert "91371302MA3DX5K57O" in page
    assert 'aria-invalid="true"' in page
    with in_scope(world.seller):
        assert not Customer.objects.exists()


def test_a_duplicate_is_put_to_the_person(world: World, seller: Client) -> None:
    make(world, "上海北斗机械有限公司")
    data = {"name": "上海北斗机械股份有限公司", "relations": ["customer"]}
    answer = seller.post("/customers/new/", data)
    assert answer.status_code == 409
    assert "allow_duplicate" in answer.content.decode()
    assert seller.post("/customers/new/", {**data, "allow_duplicate": "1"}).status_code == 302


def test_a_duplicate_one_cannot_see_is_masked(world: World, client_for: ClientFor) -> None:
    make(world, "上海北斗精密机械有限公司", phone="021-55556666")
    page = client_for(world.members["teammate"]).post(
        "/customers/duplicates/", {"name": "上海北斗精密机械有限公司"}
    )
    text = page.content.decode()
    assert "上海**公司" in text
    assert "单晓梅" in text
    assert "5555" not in text
    assert "精密" not in text


def test_two_people_save_one_record_and_the_second_keeps_his_text(world: World, seller: Client) -> None:
    made = make(world)
    url = f"/customers/{made.id}/edit/"
    first = {"name": made.name, "relations": ["customer"], "phone": "0539-1000001", "version": "1"}
    assert seller.post(url, first).status_code == 302
    answer = seller.post(url, {**first, "phone": "0539-1000002"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "0539-1000001" in page
    assert 'value="0539-1000002"' in page
    assert 'name="version" value="2"' in page


def test_one_field_is_edited_in_its_place(world: World, seller: Client) -> None:
    made = make(world)
    url = f"/customers/{made.id}/field/short_name/"
    assert "gx-fact-editor" in seller.get(url, headers=HTMX).content.decode()
    answer = seller.post(url, {"short_name": "鲁味园", "version": "1"}, headers=HTMX)
    assert "鲁味园" in answer.content.decode()
    assert "/undo/" in answer["HX-Trigger"]
    stale = seller.post(url, {"short_name": "别的", "version": "1"}, headers=HTMX)
    assert stale.status_code == 409
    assert "别的" in stale.content.decode()


def test_what_only_the_first_changed_is_not_overwritten_by_the_seconds_form(
    world: World, seller: Client
) -> None:
    made = make(world, remarks="旧备注", address="旧地址")
    with in_scope(world.seller):
        services.edit_customer(
            world.seller, made.id, data={"remarks": "甲的备注", "short_name": "甲"}, expected_version=1
        )
    form = {"name": made.name, "relations": ["customer"], "remarks": "旧备注"}
    answer = seller.post(
        f"/customers/{made.id}/edit/", form | {"short_name": "乙", "address": "乙的地址", "version": "1"}
    )
    assert answer.status_code == 409
    page = answer.content.decode()
    for kept in ('value="乙"', 'value="乙的地址"', "甲的备注"):
        assert kept in page
    assert "旧备注" not in page
    assert "旧地址" not in page  # only what the other changed is put to the second


def test_an_edit_in_place_asks_only_where_its_own_field_was_changed(world: World, seller: Client) -> None:
    made = make(world)
    for field, text in (("short_name", "甲"), ("address", "临沂")):
        answer = seller.post(
            f"/customers/{made.id}/field/{field}/", {field: text, "version": "1"}, headers=HTMX
        )
        assert answer.status_code == 200
    with in_scope(world.seller):
        made.refresh_from_db()
    assert (made.short_name, made.address) == ("甲", "临沂")


def test_an_edit_in_place_without_its_script_is_answered_by_whole_pages(world: World, seller: Client) -> None:
    made = make(world)
    url = f"/customers/{made.id}/field/credit_code/"
    wrong = seller.post(url, {"credit_code": "123", "version": "1"})
    assert wrong.status_code == 422
    assert 'value="123"' in wrong.content.decode()
    assert "<html" in wrong.content.decode()
    right = seller.post(url, {"credit_code": "91370300263308074Y", "version": "1"})
    assert right.status_code == 302
    assert right["Location"].startswith(f"/customers/{made.id}/")


def test_undo_leads_back_to_where_it_was_pressed_or_to_the_list_of_what_it_took_away(
    world: World, seller: Client
) -> None:
    made = make(world)
    card = f"/customers/{made.id}/"
    seller.post(card + "field/short_name/", {"short_name": "甲", "version": "1"}, headers=HTMX)
    with in_scope(world.seller):
        changed, created = Operation.objects.order_by("-id").values_list("id", flat=True)[:2]
    assert seller.post(f"/undo/{changed}/", {"next": card})["Location"] == card
    assert seller.post(f"/undo/{created}/", {"next": card + "?saved=1"})["Location"] == "/customers/"


@pytest.mark.parametrize("mode", ["hide", "mask", "read_only"])
def test_field_rules_hold_on_every_page(world: World, seller: Client, mode: str) -> None:
    made = make(world, phone="0539-1111111")
    with in_scope(world.seller):
        services.edit_customer(world.seller, made.id, data={"phone": "0539-8316220"}, expected_version=1)
    with in_scope(world.system), operation(world.system, "tests.rule.set"):
        FieldRule(role=world.roles["salesperson"], resource="customers", field="phone", mode=mode).save()
    for url in (
        "/customers/",
        f"/customers/{made.id}/",
        f"/customers/{made.id}/preview/",
        f"/customers/{made.id}/history/",
    ):
        assert ("8316220" in seller.get(url).content.decode()) is (mode == "read_only"), url
    answer = seller.post(
        f"/customers/{made.id}/field/phone/", {"phone": "0539-1111112", "version": "2"}, headers=HTMX
    )
    assert answer.status_code in (403, 404)
    form = seller.post(
        f"/customers/{made.id}/edit/",
        {"name": made.name, "relations": ["customer"], "phone": "0539-1111112", "version": "2"},
    )
    assert form.status_code == 302
    with in_scope(world.seller):
        made.refresh_from_db()
    assert made.phone == "0539-8316220"


def test_a_denied_deletion_changes_nothing(world: World, seller: Client) -> None:
    made = make(world)
    with in_scope(world.seller):
        before = Change.objects.count()
    assert seller.post(f"/customers/{made.id}/delete/").status_code == 403
    assert seller.post("/customers/bulk/delete/", {"ids": [str(made.id)]}).status_code == 403
    with in_scope(world.seller):
        assert Customer.objects.filter(id=made.id).exists()
        assert Change.objects.count() == before


def test_selected_rows_and_all_that_match_are_changed(world: World, manager: Client) -> None:
    for i in range(5):
        make(world, f"客户{i}", grade="B" if i else "C")
    answer = manager.post(
        "/customers/bulk/edit/", {"all": "1", "query": "grade=B", "field": "grade", "save": "1", "grade": "A"}
    )
    assert answer.status_code == 302
    with in_scope(world.manager):
        assert sorted(Customer.objects.values_list("grade", flat=True)) == ["A", "A", "A", "A", "C"]


def test_an_undo_in_conflict_shows_what_stands_in_the_way(world: World, seller: Client) -> None:
    made = make(world)
    with in_scope(world.seller):
        services.edit_customer(world.seller, made.id, data={"phone": "0539-1000001"}, expected_version=1)
        first = Operation.objects.get(verb="customers.customer.edit")
    with in_scope(world.manager):
        services.edit_customer(world.manager, made.id, data={"phone": "0539-1000002"}, expected_version=2)
    answer = seller.post(f"/undo/{first.id}/")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "李建华" in page
    assert "山东鲁味园" in page
    with in_scope(world.seller):
        made.refresh_from_db()
    assert made.phone == "0539-1000002"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_speak_one_language(world: World, seller: Client, language: str) -> None:
    made = make(world, "Bosch", region="DE", industry="14", grade="A")
    account = world.members["seller"].account
    assert account is not None
    account.language = language
    account.save()
    with translation.override(language):
        for url in (
            "/customers/",
            f"/customers/{made.id}/",
            "/customers/new/",
            f"/customers/{made.id}/history/",
        ):
            text = re.sub(r"(?s)<script.*?</script>|<[^>]+>", " ", seller.get(url).content.decode())
            if language == "en":
                text = re.sub("简体中文|单晓梅|关系|\\b单\\b", "", text)
                assert not re.findall(r"[\u4e00-\u9fff]+", text.replace(world.tenant.name, "")), url
            else:
                assert "客户" in text


def test_the_palette_finds_records_and_commands(world: World, seller: Client) -> None:
    make(world)
    options = seller.get("/search/?q=lwy", headers=HTMX).content.decode()
    assert "山东鲁味园" in options.replace("<mark>", "").replace("</mark>", "")
    commands = seller.get("/search/?q=新建", headers=HTMX).content.decode()
    assert "/customers/new/" in commands
