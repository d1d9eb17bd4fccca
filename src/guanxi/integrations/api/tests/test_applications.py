"""Tokens of programs: made by an administrator, acting as a member within areas; and the log of every token."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from guanxi.foundation.accounts.models import Account, Member
from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.permissions.models import Role
from guanxi.foundation.permissions.services import create_member, give_role
from guanxi.integrations.api.calls import forget_calls
from guanxi.integrations.api.tests.calling import Program, program_of
from guanxi.integrations.api.tokens import create_application, find_token, revoke_token, tokens_of
from guanxi.integrations.models import ApiRequest, ApiToken, hash_of
from guanxi.kernel.errors import Forbidden, Invalid, NotFound, Refused
from guanxi.testing.clients import client_for
from guanxi.testing.customers import make_customers
from guanxi.testing.worlds import World, in_scope, writing

WRITES = ("customers:write",)


def robot(world: World, *roles: str) -> Member:
    """A person without a sign-in, for a program to act as."""
    with in_scope(world.admin):
        member = create_member(world.admin, name="ERP 接口")
        for role in roles:
            give_role(world.admin, member.id, Role.objects.get(code=role).id)
    return member


def application_of(world: World, member: Member, scopes: Any = WRITES, **more: Any) -> Program:
    with in_scope(world.admin):
        return Program(
            create_application(world.admin, name="ERP", member_id=member.id, scopes=scopes, **more)[1]
        )


def test_a_program_acts_as_a_member_without_a_sign_in(world: World) -> None:
    member = robot(world, "salesperson")
    program = application_of(world, member)
    made = program.post("/customers", {"name": "湖州接口机械有限公司"})
    assert made.status_code == 201, made.json()
    assert made.json()["owner"] == str(member.id)
    with in_scope(world.admin):
        operation = Operation.objects.get(id=made["Operation-Id"])
    assert (operation.actor_id, operation.door) == (member.id, "api")
    assert program.get("/me").json()["name"] == "ERP 接口"


def test_a_programs_token_ends_with_whoever_it_acts_as_and_not_with_its_maker(world: World) -> None:
    member = robot(world, "salesperson")
    program = application_of(world, member)
    with writing(world.system):
        Member.objects.filter(id=world.members["admin"].id).update(left_on=timezone.localdate())
    assert program.get("/me").status_code == 200
    for left_on in (timezone.localdate(), None):
        with writing(world.system):
            Member.objects.filter(id=member.id).update(left_on=left_on)
        assert program.get("/me").status_code == 401


def test_another_sign_in_ends_personal_tokens_only(world: World) -> None:
    personal, program = program_of(world.seller), application_of(world, world.members["seller"])
    other = Account.objects.create(username=f"other.{world.tenant.slug}", name="另一个")
    with writing(world.system):
        Member.objects.filter(id=world.members["seller"].id).update(account=other)
    assert personal.get("/me").status_code == 401
    assert program.get("/me").status_code == 200
    Account.objects.filter(id=other.id).update(is_active=False)
    assert program.get("/me").status_code == 401


def test_nobody_gives_a_program_what_he_does_not_hold(world: World) -> None:
    from dataclasses import replace

    helper = replace(world.seller, grants={**world.seller.grants, "integrations.token.manage": "all"})
    assert world.manager.member_id is not None
    with in_scope(helper):
        with pytest.raises(Refused):
            create_application(helper, name="x", member_id=world.manager.member_id, scopes=WRITES)
        create_application(helper, name="x", member_id=helper.member_id, scopes=WRITES)
    with in_scope(world.seller), pytest.raises(Forbidden):
        create_application(world.seller, name="x", member_id=world.seller.member_id, scopes=WRITES)


@pytest.mark.parametrize(
    "more", [{"scopes": []}, {"scopes": ["x:read"]}, {"member_id": None}, {"name": ""}, {"days": 0}]
)
def test_a_program_needs_a_name_a_person_and_an_area(world: World, more: dict[str, Any]) -> None:
    given = {"name": "x", "member_id": world.seller.member_id, "scopes": WRITES, **more}
    with in_scope(world.admin), pytest.raises(Invalid) as raised:
        create_application(world.admin, **given)
    assert set(raised.value.fields) == {next(iter(more)).removesuffix("_id")}


def test_another_companys_person_is_nobody(world: World, other_world: World) -> None:
    with in_scope(world.admin), pytest.raises(Invalid):
        create_application(world.admin, name="x", member_id=other_world.seller.member_id, scopes=WRITES)


def test_a_programs_token_is_seen_by_whom_it_acts_as_and_ended_by_who_manages(world: World) -> None:
    program = application_of(world, world.members["seller"])
    with in_scope(world.seller):
        (token,) = tokens_of(world.seller)
        with pytest.raises(Forbidden):
            revoke_token(world.seller, token.id)
    with in_scope(world.teammate), pytest.raises(NotFound):
        find_token(world.teammate, token.id)
    with in_scope(world.admin):
        revoke_token(world.admin, token.id)
    assert program.get("/me").status_code == 401


def test_an_administrator_makes_and_ends_tokens_on_the_page(world: World) -> None:
    mine = program_of(world.seller)
    client = client_for(world.members["admin"])
    page = client.post(
        "/settings/api/new/",
        {"name": "官网", "member": str(world.seller.member_id), "area.customers": "read", "days": "365"},
    )
    assert page.status_code == 200
    program = Program(page.context["secret"])
    assert program.get("/customers").status_code == 200
    assert program.post("/customers", {"name": "x"}).status_code == 403
    listed = client.get("/settings/api/")
    assert [token.name for token in listed.context["applications"]] == ["官网"]
    assert program.secret not in listed.content.decode()
    for token in (*listed.context["applications"], *listed.context["personal"]):
        assert (
            client.post(f"/account/tokens/{token.id}/revoke/", {"from": "all"})["Location"]
            == "/settings/api/"
        )
    assert (mine.get("/me").status_code, program.get("/me").status_code) == (401, 401)
    wrong = client.post("/settings/api/new/", {"name": "", "member": ""})
    assert wrong.status_code == 422
    assert [field.name for field in wrong.context["fields"] if field.errors] == ["name", "member"]
    assert wrong.context["areas_errors"]


# The log of requests


def calls(world: World, secret: str) -> list[tuple[str, str, int]]:
    with in_scope(world.admin):
        token = ApiToken.objects.get(hash=hash_of(secret))
        rows = ApiRequest.objects.filter(token_id=token.id).order_by("created_at", "id")
        return [(row.method, row.path, row.status) for row in rows]


def test_every_call_of_a_token_is_noted_also_one_that_failed(world: World) -> None:
    program = program_of(world.seller)
    program.get("/customers?q=secret&fields=name")
    program.post("/customers", {"name": ""})
    made = program.post("/customers", {"name": "记录有限公司"}, headers={"Idempotency-Key": "k"})
    program.post("/customers", {"name": "记录有限公司"}, headers={"Idempotency-Key": "k"})
    program.delete(f"/customers/{made.json()['id']}")
    program.get("/nothing")
    assert calls(world, program.secret) == [
        ("GET", "/api/v1/customers", 200),
        ("POST", "/api/v1/customers", 422),
        ("POST", "/api/v1/customers", 201),
        ("POST", "/api/v1/customers", 201),
        ("DELETE", f"/api/v1/customers/{made.json()['id']}", 403),
    ]
    with in_scope(world.admin):
        row = ApiRequest.objects.filter(status=422).get()
        assert row.request_id
        assert row.ip == "127.0.0.1"


def test_a_session_is_not_noted_and_a_token_of_nobody_neither(world: World) -> None:
    client = client_for(world.members["seller"])
    client.get("/account/")
    assert client.get("/api/v1/me").status_code == 200
    Program("gx_" + "a" * 43).get("/me")
    with in_scope(world.admin):
        assert not ApiRequest.objects.exists()


def test_the_calls_of_a_token_are_shown_to_whose_it_is(world: World) -> None:
    program = program_of(world.seller)
    with writing(world.seller):
        (customer,) = make_customers(1, owner_id=world.seller.member_id)
    program.get(f"/customers/{customer.id}")
    program.get("/customers?nothing=1")
    with in_scope(world.seller):
        token = ApiToken.objects.get(hash=hash_of(program.secret))
    url = f"/account/tokens/{token.id}/"
    page = client_for(world.members["seller"]).get(url)
    assert [row.status for row in page.context["rows"]] == [422, 200]
    failed = client_for(world.members["admin"]).get(f"{url}?show=failed")
    assert [row.status for row in failed.context["rows"]] == [422]
    stranger = client_for(world.members["teammate"])
    stranger.raise_request_exception = False
    assert stranger.get(url).status_code == 404


def test_older_calls_follow_page_by_page(world: World) -> None:
    program = program_of(world.seller)
    with in_scope(world.seller):
        token = ApiToken.objects.get(hash=hash_of(program.secret))
        now = timezone.now()
        rows = [ApiRequest(token=token, method="GET", path=f"/{i}", status=200, ms=1) for i in range(150)]
        ApiRequest.objects.bulk_create(rows)
        ApiRequest.objects.filter(token=token).update(created_at=now)
    client = client_for(world.members["seller"])
    first = client.get(f"/account/tokens/{token.id}/")
    second = client.get(f"/account/tokens/{token.id}/{first.context['more_url']}")
    paths = [row.path for page in (first, second) for row in page.context["rows"]]
    assert len(paths) == len(set(paths)) == 150
    assert second.context["more_url"] == ""


def test_calls_are_forgotten_after_a_month(world: World) -> None:
    program = program_of(world.seller)
    program.get("/me")
    program.get("/customers")
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "UPDATE integrations_apirequest SET created_at = created_at - interval '31 days'"
            " WHERE tenant_id = %s AND path = '/api/v1/me'",
            [world.tenant_id],
        )
    forget_calls(timezone.now() - timedelta(days=2))
    assert len(calls(world, program.secret)) == 2
    forget_calls(timezone.now())
    assert [path for _method, path, _status in calls(world, program.secret)] == ["/api/v1/customers"]
