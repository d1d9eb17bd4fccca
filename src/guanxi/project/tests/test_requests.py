import json
import logging
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.test import Client, override_settings
from django.urls import reverse

from guanxi.foundation.accounts.models import Account, Department, Member
from guanxi.foundation.accounts.services import set_password
from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.permissions.models import Assignment, Grant, Role
from guanxi.project.tests.faults import ERRORS
from guanxi.testing.worlds import World, in_scope, writing

PASSWORD = "ein-langer-satz-hilft"
ClientFor = Callable[[Member], Client]


@pytest.fixture(autouse=True)
def with_faults() -> Iterator[None]:
    with override_settings(ROOT_URLCONF="guanxi.project.tests.faults"):
        yield


@pytest.fixture
def seller(world: World, client_for: ClientFor) -> Client:
    client = client_for(world.members["seller"])
    client.raise_request_exception = False
    return client


@pytest.fixture
def admin(world: World, client_for: ClientFor) -> Client:
    return client_for(world.members["admin"])


def _departments(world: World) -> set[str]:
    with in_scope(world.system):
        return set(Department.objects.values_list("name", flat=True))


# The company


def test_a_request_runs_in_the_company_of_its_account(world: World, seller: Client) -> None:
    said = seller.get("/tests/who/").content.decode().split(" ", 4)
    assert said == [str(world.tenant_id), str(world.tenant_id), "web", "off", world.seller.name]


def test_a_public_page_runs_in_none(seller: Client) -> None:
    assert seller.get("/tests/outside/").content == b"None"


def test_two_companies_alternate_on_one_connection_without_a_trace(
    world: World, other_world: World, client_for: ClientFor
) -> None:
    clients = [(one, client_for(one.members["seller"])) for one in (world, other_world)] * 3
    for one, client in clients:
        assert str(one.tenant_id) in client.get("/tests/who/").content.decode()
        assert client.get("/tests/outside/").content == b"None"


def test_a_company_chosen_in_the_session_is_proven_at_every_request(
    world: World, other_world: World, seller: Client
) -> None:
    seller.get("/tests/who/")
    session = seller.session
    session["gx_company"] = [str(other_world.tenant_id), str(other_world.members["seller"].id)]
    session.save()
    assert str(world.tenant_id) in seller.get("/tests/who/").content.decode(), "back in the own one"


def test_who_belongs_to_two_companies_switches_between_them_and_to_no_third(
    world: World, other_world: World, seller: Client
) -> None:
    assert str(world.tenant_id) in seller.get("/tests/who/").content.decode()
    with writing(other_world.system):
        Member(name="单晓梅", account_id=world.seller.account_id).save(force_insert=True)
    assert str(world.tenant_id) in seller.get("/tests/who/").content.decode(), "the open one stays open"
    assert seller.post(f"/account/company/{other_world.tenant_id}/").status_code == 302
    assert str(other_world.tenant_id) in seller.get("/tests/who/").content.decode()
    page = seller.get("/account/").content.decode()
    assert world.tenant.name in page
    assert other_world.tenant.name in page
    assert seller.post(f"/account/company/{world.tenant_id}/").status_code == 302
    unknown = reverse("company", args=["01a20093-6a86-77d3-b012-7868494b51b7"])
    assert seller.post(unknown).status_code == 404
    assert seller.get(unknown).status_code == 405


def test_another_companys_door_stays_shut(world: World, other_world: World, seller: Client) -> None:
    assert seller.post(f"/account/company/{other_world.tenant_id}/").status_code == 404
    assert str(world.tenant_id) in seller.get("/tests/who/").content.decode()


# Errors


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("NotFound", 404),
        ("Forbidden", 403),
        ("Refused", 409),
        ("Conflict", 409),
        ("Stale", 409),
        ("Invalid", 422),
        ("Unavailable", 503),
        ("OperationalError", 503),
        ("InterfaceError", 503),
        ("ValueError", 500),
    ],
)
def test_every_error_has_its_status_an_id_to_quote_and_leaves_nothing(
    kind: str, status: int, world: World, seller: Client
) -> None:
    answer = seller.get(f"/tests/raise/{kind}/", headers={"accept-language": "en"})
    assert answer.status_code == status
    page = answer.content.decode()
    assert answer.headers["X-Request-ID"] in page
    assert "Traceback" not in page
    assert "fault of ours" not in page
    assert kind not in _departments(world)
    assert seller.get("/tests/who/").status_code == 200, "the connection serves the next request"
    assert set(ERRORS) >= {kind}


def test_a_refusal_says_why_and_to_htmx_as_a_toast(seller: Client) -> None:
    assert "Not while the contract runs." in seller.get("/tests/raise/Refused/").content.decode()
    answer = seller.post("/tests/raise/Refused/", headers={"hx-request": "true"})
    said = json.loads(answer.headers["HX-Trigger"])
    assert said["gx:toast"]["text"] == "Not while the contract runs."
    assert answer.headers["HX-Reswap"] == "none"
    assert answer.content == b""


@pytest.mark.parametrize(("kind", "seconds"), [("Unavailable", "7"), ("OperationalError", "5")])
def test_an_absent_part_asks_to_come_again(kind: str, seconds: str, seller: Client) -> None:
    for headers in ({}, {"hx-request": "true"}):
        answer = seller.get(f"/tests/raise/{kind}/", headers=headers)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, seconds)


def test_a_form_that_met_no_database_stands_in_the_answer_to_be_sent_again(seller: Client) -> None:
    typed = {
        "name": "青岛<海尔>",
        "remarks": "第一行\n第二行",
        "password": "geheim",
        "csrfmiddlewaretoken": "t0ken",
    }
    answer = seller.post("/tests/raise/OperationalError/", typed)
    page = answer.content.decode()
    assert answer.status_code == 503
    assert "青岛&lt;海尔&gt;" in page
    assert "第一行\n第二行" in page
    assert 'value="t0ken"' in page
    assert "geheim" not in page


def test_an_answer_of_500_is_rolled_back_and_one_of_200_or_422_is_kept(world: World, seller: Client) -> None:
    for status in (200, 422, 500, 503):
        assert seller.get(f"/tests/answer/{status}/").status_code == status
    assert _departments(world) & {"200", "422", "500", "503"} == {"200", "422"}


def test_a_view_that_forgets_its_service_writes_nothing(world: World, seller: Client) -> None:
    assert seller.get("/tests/forget/").status_code == 500
    assert "forgotten" not in _departments(world)


# Headers and the line in the log


def test_a_page_may_load_and_do_only_what_it_needs(seller: Client) -> None:
    for address in ("/account/", "/tests/raise/NotFound/", "/tests/raise/ValueError/", "/nowhere/"):
        answer = seller.get(address)
        policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
        nonce = re.search(r"<script nonce=\"([^\"]+)\"", answer.content.decode())
        assert nonce is not None, address
        assert policy["script-src"] == f"'self' 'nonce-{nonce[1]}'"
        assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "camera=(self)" in answer.headers["Permissions-Policy"]
        assert "private" in answer.headers["Cache-Control"]
        assert {"Cookie", "HX-Request"} <= set(answer.headers["Vary"].split(", "))


@pytest.mark.parametrize(
    ("given", "kept"), [("proxy-4711-abc", True), ("short", False), ("x" * 65, False), ("bad id\t;--", False)]
)
def test_a_proxys_request_id_is_kept_where_it_is_sound(given: str, kept: bool, seller: Client) -> None:
    answer = seller.get("/tests/who/", headers={"x-request-id": given})
    assert (answer.headers["X-Request-ID"] == given) is kept


def test_every_request_leaves_one_line_without_what_was_asked_for(
    world: World, seller: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="guanxi.request"):
        seller.get("/tests/who/?q=13800138000")
    (line,) = (record for record in caplog.records if record.name == "guanxi.request")
    found: dict[str, Any] = line.__dict__
    assert (found["method"], found["path"], found["status"]) == ("GET", "/tests/who/", 200)
    assert found["company"] == str(world.tenant_id)
    assert found["member"] == str(world.seller.member_id)
    assert found["queries"] > 3
    assert found["ms"] >= found["sql_ms"] > 0
    assert "13800138000" not in line.getMessage()


# Signed out


def test_who_is_not_signed_in_is_led_to_the_sign_in_and_back(database: None) -> None:
    answer = Client().get("/tests/who/?a=1")
    assert answer.headers["Location"] == "/account/sign-in/?next=%2Ftests%2Fwho%2F%3Fa%3D1"


def test_an_htmx_part_asks_for_signing_in_without_leaving_the_page(database: None) -> None:
    for method in ("get", "post"):
        answer = getattr(Client(), method)("/tests/who/", headers={"hx-request": "true"})
        assert answer.status_code == 401
        assert answer.headers["HX-Trigger"] == "gx:signin"
        assert answer.content == b""


def test_a_form_sent_after_the_session_ended_is_kept_and_can_be_sent_again(world: World) -> None:
    cache.clear()
    assert world.seller.account_id is not None
    account = set_password(world.seller.account_id, PASSWORD)
    client = Client()
    typed = {"name": "青岛<海尔>", "remarks": "两行\n文字 𠮷", "password": "geheim", "tags": ["a", "b"]}
    away = client.post("/tests/answer/200/", typed, headers={"referer": "http://testserver/tests/who/"})
    assert away.headers["Location"] == "/account/sign-in/?next=%2Faccount%2Fheld%2F"
    signed = client.post(
        "/account/sign-in/", {"login": account.username, "password": PASSWORD, "next": "/account/held/"}
    )
    assert signed.headers["Location"] == "/account/held/"
    page = client.get("/account/held/").content.decode()
    assert 'action="/tests/answer/200/"' in page
    assert "青岛&lt;海尔&gt;" in page
    assert "两行\n文字 𠮷" in page
    assert page.count('name="tags"') == 2
    assert "geheim" not in page
    assert client.get("/account/held/").headers["Location"] == "/", "shown once"


def test_a_form_grown_old_in_our_own_page_is_kept_and_a_forged_one_is_not(
    world: World, client_for: ClientFor
) -> None:
    account = Account.objects.get(id=world.members["seller"].account_id or "")
    client = Client(enforce_csrf_checks=True)
    client.force_login(account)
    ours = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}
    answer = client.post("/tests/answer/200/", {"name": "x"}, headers=ours)
    assert answer.headers["Location"] == "/account/held/"
    for forged in ({"origin": "https://evil.example", "sec-fetch-site": "cross-site"}, {}):
        answer = client.post("/tests/answer/200/", {"name": "forged"}, headers=forged)
        assert answer.status_code == 403
    assert "200" not in _departments(world)
    assert "forged" not in client.get("/account/held/").content.decode()


def test_what_a_page_asks_by_the_way_never_takes_the_place_of_a_kept_form(world: World) -> None:
    cache.clear()
    account = Account.objects.get(id=world.members["seller"].account_id or "")
    client = Client(enforce_csrf_checks=True)
    ours = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}
    asked = {**ours, "hx-request": "true"}
    client.post("/tests/answer/200/", {"name": "的草稿"}, headers=ours)
    answer = client.post("/tests/answer/201/", {"name": "x"}, headers=asked)
    assert (answer.status_code, answer.headers["HX-Trigger"]) == (401, "gx:signin")
    kept = client.session["gx_held"]
    assert kept["url"] == "/tests/answer/200/"
    client.force_login(account)
    answer = client.post("/tests/answer/201/", {"name": "x"}, headers=asked)
    assert answer.status_code == 403
    assert "Location" not in answer.headers


# Seeing as somebody else


@pytest.fixture
def allowed(world: World) -> None:
    """The administrator may see as others."""
    with writing(world.system):
        role = Role.objects.get(code="administrator")
        if not Grant.objects.filter(role=role, code="accounts.member.see_as").exists():
            Grant(role=role, code="accounts.member.see_as", reach="all").save(force_insert=True)


def test_an_administrator_sees_as_a_seller_and_can_change_nothing(
    allowed: None, world: World, admin: Client
) -> None:
    address = reverse("see_as", args=[world.seller.member_id])
    assert admin.get(address).status_code == 405
    assert admin.post(address).status_code == 302
    said = admin.get("/tests/who/").content.decode()
    assert said.endswith(f"on {world.seller.name}")
    assert admin.post("/tests/answer/200/").status_code == 409
    assert admin.get("/account/").status_code == 409
    with pytest.raises(Exception, match="read-only transaction"):
        admin.get("/tests/sneak/")
    assert "200" not in _departments(world)
    page = admin.get("/nowhere/")
    assert page.status_code == 404
    assert admin.post("/account/see-as/stop/").status_code == 302
    assert admin.get("/tests/who/").content.decode().endswith(f"off {world.admin.name}")
    with in_scope(world.system):
        seen = Operation.objects.get(verb="accounts.member.see_as")
    assert (seen.actor_id, seen.record_id) == (world.admin.member_id, world.seller.member_id)


def test_a_seller_cannot_see_as_anybody(world: World, seller: Client) -> None:
    assert seller.post(reverse("see_as", args=[world.teammate.member_id])).status_code == 403
    assert seller.get("/tests/who/").content.decode().endswith(world.seller.name)


def test_nobody_sees_as_a_person_of_another_company(allowed: None, other_world: World, admin: Client) -> None:
    assert admin.post(reverse("see_as", args=[other_world.seller.member_id])).status_code == 404


def test_seeing_ends_when_the_right_is_taken_away(allowed: None, world: World, admin: Client) -> None:
    admin.post(reverse("see_as", args=[world.seller.member_id]))
    with writing(world.system):
        Assignment.objects.filter(member_id=world.members["admin"].id).delete()
    assert admin.get("/tests/who/").content.decode().endswith(f"off {world.admin.name}")


# The first visit


def test_where_a_company_lives_there_is_no_first_visit(world: World) -> None:
    for answer in (
        Client().get("/setup/"),
        Client().get("/setup/?token=x"),
        Client().post("/setup/", {"token": "x"}),
    ):
        assert answer.status_code == 404


def test_an_ended_session_leaves_no_data(world: World, seller: Client) -> None:
    seller.get("/tests/who/")
    key = seller.session.session_key
    assert key is not None
    seller.post("/account/sign-out/")
    assert not SessionStore().exists(key)
    assert seller.get("/tests/who/").status_code == 302
