"""Tokens: whose they are, what they may do, when they end; and the browser's session beside them."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from guanxi.customers.models import Customer
from guanxi.foundation.accounts.models import Account, Member
from guanxi.foundation.permissions.services import close_member, reopen_member
from guanxi.integrations.api import authentication
from guanxi.integrations.api.tests.calling import Program, program_of, secret_of
from guanxi.integrations.api.tokens import create_token
from guanxi.integrations.models import ApiToken, hash_of
from guanxi.kernel.errors import Forbidden, Invalid
from guanxi.testing.clients import client_for
from guanxi.testing.customers import make_customers
from guanxi.testing.worlds import World, in_scope, writing


def test_a_token_is_kept_as_its_hash_only(world: World) -> None:
    secret = secret_of(world.seller)
    assert secret.startswith("gx_")
    with in_scope(world.seller):
        token = ApiToken.objects.get(hash=hash_of(secret))
        assert secret not in str(token.__dict__)
        assert secret.startswith(token.mark)


@pytest.mark.parametrize(
    "given",
    [
        "",
        "Bearer",
        "Bearer gx_",
        "Bearer gx_" + "a" * 43,
        "Basic gx_abc",
        "Bearer x" * 50,
        "Bearer gx_\u00e9",
        "gx_a b",
    ],
)
def test_what_is_no_living_token_opens_nothing(database: None, given: str) -> None:
    answer = Program().get("/me", headers={"Authorization": given} if given else {})
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert answer["Content-Type"] == "application/problem+json"


def test_a_revoked_or_expired_token_is_dead(world: World) -> None:
    program = program_of(world.seller)
    assert program.get("/me").status_code == 200
    with in_scope(world.seller):
        ApiToken.objects.filter(hash=hash_of(program.secret)).update(
            expires_at=timezone.now() - timedelta(seconds=1)
        )
    assert program.get("/me").status_code == 401
    with in_scope(world.seller):
        ApiToken.objects.filter(hash=hash_of(program.secret)).update(
            expires_at=None, revoked_at=timezone.now()
        )
    assert program.get("/me").status_code == 401


def test_a_token_ends_when_its_member_leaves_and_does_not_come_back(world: World) -> None:
    program = program_of(world.seller)
    assert world.seller.member_id is not None
    with in_scope(world.admin):
        close_member(world.admin, world.seller.member_id)
    assert program.get("/me").status_code == 401
    with in_scope(world.admin):
        reopen_member(world.admin, world.seller.member_id)
    assert program.get("/me").status_code == 401
    assert program_of(world.seller).get("/me").status_code == 200


def test_a_token_is_dead_while_its_account_may_not_sign_in(world: World) -> None:
    program = program_of(world.seller)
    assert world.seller.account_id is not None
    account = Account.objects.filter(id=world.seller.account_id)
    for field, value in (("is_active", False), ("must_change_password", True)):
        account.update(**{field: value})
        assert program.get("/me").status_code == 401, field
        account.update(**{field: not value})
        assert program.get("/me").status_code == 200, field


def test_a_reading_token_changes_nothing(world: World) -> None:
    with writing(world.seller):
        (customer,) = make_customers(1, owner_id=world.seller.member_id)
    program = program_of(world.seller, may_write=False)
    assert program.get(f"/customers/{customer.id}").status_code == 200
    assert program.post("/customers", {"name": "不可有限公司"}).status_code == 403
    assert program.patch(f"/customers/{customer.id}", {"grade": "A"}).status_code == 403
    with in_scope(world.seller):
        assert Customer.objects.get(id=customer.id).grade == ""


def test_a_limited_token_has_only_the_rights_of_its_areas(world: World) -> None:
    reads = program_of(world.manager, scopes=["customers:read"])
    assert reads.get("/customers").status_code == 200
    assert reads.post("/customers", {"name": "无锡只读有限公司"}).status_code == 403
    assert reads.get("/operations").status_code == 403
    told = reads.get("/me").json()
    assert told["may_write"] is False
    assert set(told["permissions"]) == {"customers.customer.view", "customers.customer.export"}
    writes = program_of(world.manager, scopes=["customers:write"])
    assert writes.post("/customers", {"name": "无锡限定有限公司"}).status_code == 201
    assert all(code.startswith("customers.customer.") for code in writes.get("/me").json()["permissions"])
    looks = program_of(world.admin, scopes=["operations:read"])
    assert looks.get("/customers").status_code == 403
    assert looks.get("/operations").status_code == 200


@pytest.mark.parametrize(
    "wanted", [[], ["customers"], ["customers:all"], ["nothing:read"], ["accounts.member:read"]]
)
def test_a_token_is_limited_to_areas_there_are(world: World, wanted: list[str]) -> None:
    with in_scope(world.admin), pytest.raises(Invalid) as raised:
        create_token(world.admin, name="x", may_write=True, scopes=wanted)
    assert set(raised.value.fields) == {"scopes"}


def test_a_token_limited_to_single_rights_in_former_days_keeps_to_them(world: World) -> None:
    program = program_of(world.manager)
    with in_scope(world.manager):
        ApiToken.objects.filter(hash=hash_of(program.secret)).update(scopes="customers.customer.create")
    assert program.get("/me").json()["permissions"] == {"customers.customer.create": "all"}


def test_a_token_never_has_more_rights_than_its_member(world: World) -> None:
    program = program_of(world.seller, scopes=["customers:write", "operations:write"])
    assert program.get("/customers").status_code == 200
    assert "customers.customer.delete" not in program.get("/me").json()["permissions"]
    role = world.roles["salesperson"]
    with writing(world.system):
        from guanxi.foundation.permissions.models import Grant

        Grant.objects.filter(role=role, code="customers.customer.view").delete()
    assert program.get("/customers").status_code == 403


def test_who_may_not_make_tokens_cannot(world: World) -> None:
    from dataclasses import replace

    nobody = replace(world.seller, grants={})
    with in_scope(world.seller), pytest.raises(Forbidden):
        create_token(nobody, name="x", may_write=True)


def test_calls_of_one_token_are_limited_by_the_minute(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authentication, "PER_MINUTE", 3)
    program, other = program_of(world.seller), program_of(world.teammate)
    answers = [program.get("/me") for _ in range(8)]
    limited = [answer for answer in answers if answer.status_code == 429]
    assert limited, "eight calls, at most six of them in two minutes"
    assert 1 <= int(limited[0]["Retry-After"]) <= 60
    assert answers[0]["RateLimit-Limit"] == "3"
    assert other.get("/me").status_code == 200


def test_two_companies_alternating_see_their_own(world: World, other_world: World) -> None:
    for each in (world, other_world):
        with writing(each.seller):
            make_customers(3, owner_id=each.seller.member_id)
    programs = [program_of(world.owner), program_of(other_world.owner)]
    seen: list[set[str]] = [set(), set()]
    for _ in range(5):
        for number, program in enumerate(programs):
            seen[number] |= {row["id"] for row in program.get("/customers").json()["items"]}
    assert [len(ids) for ids in seen] == [3, 3]
    assert seen[0].isdisjoint(seen[1])


# The browser's session


def session_of(member: Member, *, strict: bool = False) -> Client:
    client = client_for(member)
    client.get("/account/")  # opens the company
    if strict:
        client.handler.enforce_csrf_checks = True
    return client


def test_a_session_reads_and_writes_only_with_the_pages_token(world: World) -> None:
    client = session_of(world.members["seller"], strict=True)
    assert client.get("/api/v1/me").json()["member"] == str(world.seller.member_id)
    body: dict[str, Any] = {"data": {"name": "台州会话有限公司"}, "content_type": "application/json"}
    forged = client.post("/api/v1/customers", **body)
    assert forged.status_code == 403
    assert forged.json()["code"] == "csrf"
    client.get("/account/")
    token = client.cookies["csrftoken"].value
    made = client.post("/api/v1/customers", **body, headers={"X-CSRFToken": token})
    assert made.status_code == 201, made.content


def test_through_borrowed_eyes_nothing_is_written(world: World) -> None:
    client = session_of(world.members["admin"])
    client.post(f"/account/see-as/{world.seller.member_id}/")
    assert client.get("/api/v1/me").json()["member"] == str(world.seller.member_id)
    refused = client.post("/api/v1/customers", data={"name": "偷看有限公司"}, content_type="application/json")
    assert refused.status_code == 403


def test_a_session_of_somebody_who_left_opens_nothing(world: World) -> None:
    client = session_of(world.members["seller"])
    assert world.seller.member_id is not None
    with in_scope(world.admin):
        close_member(world.admin, world.seller.member_id)
    assert client.get("/api/v1/me").status_code == 401


# The page


def test_a_token_made_on_the_page_is_shown_once_and_works(world: World) -> None:
    client = client_for(world.members["seller"])
    page = client.post("/account/tokens/new/", {"name": "报表程序", "may": "", "days": "30"})
    assert page.status_code == 200
    secret = page.context["secret"]
    assert secret in page.content.decode()
    assert page["Cache-Control"].find("no-store") >= 0
    listed = client.get("/account/tokens/")
    assert "报表程序" in listed.content.decode()
    assert secret not in listed.content.decode()
    program = Program(secret)
    assert program.get("/me").json()["may_write"] is False
    with in_scope(world.seller):
        token = ApiToken.objects.get(hash=hash_of(secret))
    stranger = client_for(world.members["teammate"])
    stranger.raise_request_exception = False
    assert stranger.post(f"/account/tokens/{token.id}/revoke/").status_code == 404
    assert program.get("/me").status_code == 200
    assert client.post(f"/account/tokens/{token.id}/revoke/").status_code == 302
    assert program.get("/me").status_code == 401


def test_a_token_without_a_purpose_is_refused_beside_the_field(world: World) -> None:
    client = client_for(world.members["seller"])
    for wrong in (
        {"name": " \u200b", "days": "30"},
        {"name": "x", "days": "30", "may": "some"},
        {"name": "x", "days": "30", "may": "some", "area.nothing": "read"},
        {"name": "x", "days": "soon"},
    ):
        page = client.post("/account/tokens/new/", wrong)
        assert page.status_code == 422, wrong
    with in_scope(world.seller):
        assert not ApiToken.objects.exists()


def test_areas_chosen_on_the_page_are_the_tokens(world: World) -> None:
    client = client_for(world.members["manager"])
    page = client.post(
        "/account/tokens/new/",
        {"name": "x", "days": "", "may": "some", "area.customers": "read", "area.operations": ""},
    )
    with in_scope(world.manager):
        token = ApiToken.objects.get(hash=hash_of(page.context["secret"]))
    assert (token.scopes, token.may_write, token.expires_at) == ("customers:read", False, None)


def test_the_documentation_names_every_operation(world: World) -> None:
    client = client_for(world.members["seller"])
    page = client.get("/api/docs/").content.decode()
    document = client.get("/api/v1/openapi.json").json()
    for methods in document["paths"].values():
        for operation in methods.values():
            assert f'id="{operation["operationId"]}"' in page
    assert Client().get("/api/docs/").status_code == 302


def test_the_documentation_shows_no_field_that_is_hidden_from_its_reader(world: World) -> None:
    with writing(world.system):
        from guanxi.foundation.permissions.models import FieldRule

        role = world.roles["salesperson"]
        FieldRule(role=role, resource="customers", field="website", mode="hide").save(force_insert=True)
    shown, whole = (
        next(
            one for one in client_for(reader).get("/api/docs/").context["chapters"] if one.key == "customers"
        )
        for reader in (world.members["seller"], world.members["admin"])
    )
    assert "website" not in {one.name for one in shown.properties}
    assert "website" in {one.name for one in whole.properties}
    assert "http://testserver/api/v1/customers" in str(whole.examples)
