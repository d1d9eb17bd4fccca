"""Pages under bad input: whatever is typed or sent, the answer is clear and nothing is half done."""

import base64
import json
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from guanxi.customers.models import Customer
from guanxi.kernel.ids import new_id
from guanxi.testing.clients import client_for
from guanxi.testing.customers import make_customers
from guanxi.testing.worlds import World, in_scope, writing

# An id that no record bears; the same in every process, so that they agree on what the tests are called.
NOBODYS = "01900000-0000-7000-8000-000000000000"


@pytest.fixture
def browser(world: World) -> Client:
    client = client_for(world.members["seller"])
    client.raise_request_exception = False
    return client


def names(world: World) -> list[str]:
    with in_scope(world.system):
        return list(Customer.objects.order_by("id").values_list("name", flat=True))


def one_customer(world: World) -> Customer:
    with writing(world.seller):
        (customer,) = make_customers(1, owner_id=world.seller.member_id)
    return customer


@pytest.mark.parametrize(
    "query",
    [
        "after=x",
        "after=" + base64.urlsafe_b64encode(b'["name"').decode(),
        "filter={",
        "filter=" + quote('{"all":[1]}'),
        "grade=Z",
        "sort=nothing",
        "nothing=1",
        "created_at.since=x",
        "created_at.last=99999999999",
        "owner=nobody",
        "tenant_id=1",
        "parent=x",
        "shown=x",
        "shown=-1",
        "shown=9999999999999999999",
        "limit=x",
        "created_at.until=9999-12-31",
        "created_at.since=0001-01-01",
        "q=%00",
        "q=a%00b",
        "grade=%00",
        "credit_code=%00",
        "after=" + base64.urlsafe_b64encode(b"[" * 5000).decode(),
        "filter=" + "[" * 5000,
        "after=" + base64.urlsafe_b64encode(b'["-updated_at","\\u0000","x"]').decode(),
        "part=x",
        "page=x",
        "q=" + quote("好" * 1000),
        "q=%F0%A0%AE%B7",
    ],
)
def test_a_list_answers_any_query(browser: Client, query: str) -> None:
    for page in ("", "total/", "filter/", "sort/", "filter/grade/"):
        answer = browser.get(f"/customers/{page}?{query}")
        assert answer.status_code in (200, 400, 404, 422), (page, answer.status_code)


@pytest.mark.parametrize("address", ["not-a-uuid", "123", "%00", "%0A", "..%2f..", "𠮷", "0" * 200, NOBODYS])
def test_an_address_without_a_record_is_not_found(browser: Client, address: str) -> None:
    for page in ("", "preview/", "edit/", "history/", "field/name/"):
        assert browser.get(f"/customers/{address}/{page}").status_code == 404
    assert browser.post(f"/customers/{address}/delete/").status_code == 404


@pytest.mark.parametrize("name", ["𠮷野机械", "😀工厂", "شركة", "<b>x</b>", "=cmd()", "a" * 200])
def test_letters_of_every_kind_are_kept_and_drawn_harmlessly(
    world: World, browser: Client, name: str
) -> None:
    made = browser.post("/customers/new/", {"name": name, "relations": "customer"})
    assert made.status_code == 302, made.content[:500]
    assert names(world) == [name]
    page = browser.get(made["Location"]).content.decode()
    assert "<b>x</b>" not in page


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"name": ""},
        {"name": "\x00"},
        {"name": "\u202e\u200b"},
        {"name": "好" * 50_000},
        {"name": "好", "relations": "nothing"},
        {"name": "好", "credit_code": "x"},
        {"name": "好", "website": "javascript:alert(1)"},
        {"name": "好", "owner": "x"},
        {"name": "好", "parent": NOBODYS},
        {"name": "好", "remarks": "好" * 50_000},
        {"name": "好", "grade": "\x00"},
    ],
)
def test_what_cannot_be_kept_stands_beside_its_field_and_nothing_is_written(
    world: World, browser: Client, fields: dict[str, Any]
) -> None:
    answer = browser.post("/customers/new/", {"relations": "customer", **fields})
    assert answer.status_code in (403, 422) or (fields.get("grade") and answer.status_code == 302)
    if answer.status_code != 302:
        assert names(world) == []


def test_a_form_sent_twice_makes_one_record(world: World, browser: Client) -> None:
    form = {"name": "重复提交有限公司", "relations": "customer"}
    assert browser.post("/customers/new/", form).status_code == 302
    assert browser.post("/customers/new/", form).status_code == 409
    assert names(world) == ["重复提交有限公司"]


@pytest.mark.parametrize("version", ["", "0", "7", "x", "-1", "9" * 30, "\x00"])
def test_a_stale_form_overwrites_nothing_and_keeps_what_was_typed(
    world: World, browser: Client, version: str
) -> None:
    customer = one_customer(world)
    answer = browser.post(f"/customers/{customer.id}/edit/", {"name": "后来者有限公司", "version": version})
    assert answer.status_code == 409
    assert "后来者有限公司" in answer.content.decode()
    assert names(world) == [customer.name]


def test_a_second_delete_finds_nothing(world: World) -> None:
    with writing(world.manager):
        (customer,) = make_customers(1, owner_id=world.manager.member_id)
    browser = client_for(world.members["manager"])
    browser.raise_request_exception = False
    assert browser.post(f"/customers/{customer.id}/delete/").status_code == 302
    assert browser.post(f"/customers/{customer.id}/delete/").status_code == 404


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", json.dumps({"name": "x"})),
        ("text/plain", "name=x"),
        ("multipart/form-data", "nonsense"),
        ("multipart/form-data; boundary=x", "--y\r\n"),
        ("application/x-www-form-urlencoded", "name=%00&" + "a=b&" * 3000),
        ("application/x-www-form-urlencoded; charset=nothing", "name=x"),
        ("", "x"),
    ],
)
def test_bodies_that_are_no_form_of_ours_write_nothing(
    world: World, browser: Client, kind: str, body: str
) -> None:
    answer = browser.generic("POST", "/customers/new/", body, content_type=kind)
    assert 400 <= answer.status_code < 500, answer.status_code
    assert names(world) == []


def test_a_huge_body_is_refused(world: World, browser: Client) -> None:
    body = "name=" + "x" * 6_000_000
    answer = browser.generic(
        "POST", "/customers/new/", body, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code in (400, 413)
    assert names(world) == []


@pytest.mark.parametrize("ids", [["x"], ["\x00"], [NOBODYS], ["", "1", "'"], ["x" * 5000]])
def test_bulk_acts_leave_alone_what_is_not_ones_own(world: World, other_world: World, ids: list[str]) -> None:
    with writing(other_world.seller):
        (theirs,) = make_customers(1, owner_id=other_world.seller.member_id)
    browser = client_for(world.members["admin"])
    browser.raise_request_exception = False
    given = [*ids, str(theirs.id)]
    edited = browser.post(
        "/customers/bulk/edit/", {"ids": given, "field": "grade", "grade": "A", "save": "1"}
    )
    deleted = browser.post("/customers/bulk/delete/", {"ids": given})
    assert {edited.status_code, deleted.status_code} <= {200, 302, 404, 422}
    with in_scope(other_world.system):
        assert Customer.objects.get(id=theirs.id).grade == ""


@pytest.mark.parametrize("only", ["x", "\x00", NOBODYS])
def test_undo_takes_only_ids(browser: Client, only: str) -> None:
    assert browser.post(f"/undo/{new_id()}/", {"only": only}).status_code == 404
