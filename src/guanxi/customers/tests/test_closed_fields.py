"""A field that is masked or hidden for somebody cannot be got at: not found by, sorted by, filtered by, read from
history, the change log, the recycle bin, the undo, an export or an error."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest
from django.test import Client

from guanxi.customers.models import Customer
from guanxi.customers.resources.customers import Customers
from guanxi.customers.services import customers as services
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.services import last_operation_id, operation
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.models import FieldRule, Grant
from guanxi.foundation.permissions.queries import load_actor
from guanxi.foundation.permissions.services import set_field_rule
from guanxi.integrations.api.tokens import create_token
from guanxi.kernel.errors import Invalid, Refused
from guanxi.kinds import FieldProblem
from guanxi.resource import access, listing
from guanxi.testing.worlds import World, in_scope

ClientFor = Callable[[Member], Client]
PHONE, CODE, REGION = "13812345678", "91370300MA3C4XJ075", "370300"
SECRETS = (PHONE, "138 1234 5678", "12345678", CODE)


def rule(world: World, field: str, mode: str, role: str = "salesperson") -> None:
    with in_scope(world.admin), operation(world.system, "tests.rule.make"):
        FieldRule(role_id=world.roles[role].id, resource="customers", field=field, mode=mode).save(
            force_insert=True
        )


@pytest.fixture
def customer(world: World) -> Customer:
    with in_scope(world.seller):
        made = services.create_customer(
            world.seller,
            data={
                "name": "淄博鲁味园食品有限公司",
                "relations": "customer",
                "short_name": "鲁味园",
                "phone": PHONE,
                "credit_code": CODE,
                "region": REGION,
            },
        )
    with in_scope(world.seller):
        services.edit_customer(world.seller, made.id, data={"phone": "13912345678"}, expected_version=1)
    with in_scope(world.seller):
        return services.edit_customer(world.seller, made.id, data={"phone": PHONE}, expected_version=2)


@pytest.mark.parametrize("mode", ["mask", "hide"])
def test_a_closed_field_finds_nothing_by_any_part_of_it(world: World, customer: Customer, mode: str) -> None:
    rule(world, "phone", mode)
    rule(world, "credit_code", "hide")
    rule(world, "region", "hide")
    rule(world, "short_name", "hide")
    with in_scope(world.seller):
        actor = load_actor(world.members["seller"].id)
        for text in (PHONE, "138", "5678", "12345678", "+86 138-1234-5678", CODE, CODE.lower(), "9137"):
            assert access.search(actor, Customers, text) == [], text
            assert listing.read(actor, Customers, {"q": text}).page().rows == [], text
        (hit,) = access.search(actor, Customers, "鲁味园")
        assert hit.detail == "", "the region beside the name is hidden too"
        with pytest.raises(FieldProblem):
            Customers.kind("parent").clean(CODE, actor)
        assert Customers.kind("parent").clean("淄博鲁味园食品有限公司", actor) == customer.id
    with in_scope(world.manager):
        assert [hit.id for hit in access.search(world.manager, Customers, "5678")] == [customer.id]


@pytest.mark.parametrize(
    "query",
    [
        "credit_code=" + CODE,
        "credit_code.starts=9137",
        "credit_code.filled=1",
        "grade=A",
        "sort=grade",
        'filter={"any":[{"field":"credit_code","values":["' + CODE + '"]}]}',
    ],
)
def test_a_closed_field_neither_filters_nor_sorts(
    world: World, customer: Customer, client_for: ClientFor, query: str
) -> None:
    rule(world, "credit_code", "hide")
    rule(world, "grade", "hide")
    client = client_for(world.members["seller"])
    assert client.get(f"/customers/?{query}").status_code == 400
    assert client.get(f"/customers/total/?{query}").status_code == 422
    assert client.post("/customers/bulk/edit/", {"all": "1", "query": query}).status_code == 422
    assert client.get(f"/api/v1/customers?{query}").status_code == 422


@pytest.mark.parametrize("mode", ["mask", "hide"])
def test_a_closed_field_is_on_no_page_and_in_no_answer(
    world: World, customer: Customer, client_for: ClientFor, mode: str
) -> None:
    rule(world, "phone", mode)
    rule(world, "credit_code", "hide")
    with in_scope(world.admin), operation(world.system, "tests.right.give"):
        Grant(role_id=world.roles["salesperson"].id, code="customers.customer.export", reach="own").save(
            force_insert=True
        )
    client = client_for(world.members["seller"])
    card = f"/customers/{customer.id}/"
    log = client.get("/settings/audit/").content.decode()
    operations = re.findall(r'href="(/settings/audit/[0-9a-f-]{36}/)"', log)
    assert operations, "the person's own acts are in the log"
    addresses = [
        "/customers/",
        card,
        f"{card}preview/",
        f"{card}edit/",
        f"{card}history/",
        f"{card}history/?field=phone",
        f"{card}field/phone/value/",
        "/customers/export/?format=csv",
        f"/search/?q={PHONE}",
        f"/api/v1/customers/{customer.id}",
        f"/api/v1/customers/{customer.id}/history",
        f"/api/v1/customers/{customer.id}/history?field=phone",
        f"/api/v1/customers?q={PHONE}",
        *operations,
    ]
    for address in addresses:
        answer = client.get(address)
        body = re.sub("</?mark>", "", answer.getvalue().decode())
        for typed in (f"q={PHONE}", f'"{PHONE}"', f"“{PHONE}”"):  # what the reader asked for is said again
            body = body.replace(typed, "")
        found = [secret for secret in SECRETS if secret in body]
        assert not found, (address, found)


def test_a_closed_field_is_not_told_by_a_form_or_an_error(
    world: World, customer: Customer, client_for: ClientFor
) -> None:
    rule(world, "phone", "mask")
    client = client_for(world.members["seller"])
    with in_scope(world.seller):
        actor = load_actor(world.members["seller"].id)
        _token, secret = create_token(actor, name="t", may_write=True)
    header = {"authorization": f"Bearer {secret}"}
    stale = client.post(f"/customers/{customer.id}/edit/", {"version": "1", "remarks": "x"})
    assert stale.status_code == 409
    answers = [
        stale,
        client.post(f"/customers/{customer.id}/field/phone/", {"phone": "1"}, headers={"hx-request": "true"}),
        client.patch(
            f"/api/v1/customers/{customer.id}",
            json.dumps({"phone": PHONE}),
            content_type="application/json",
            headers=header,
        ),
        client.get("/api/v1/customers?phone=" + PHONE[:3], headers=header),
        client.get("/api/v1/customers?sort=phone", headers=header),
        client.get("/customers/options/phone/?q=138"),
    ]
    for answer in answers:
        assert answer.status_code in (400, 403, 404, 409, 422)
        assert "1381234" not in answer.content.decode().replace(" ", "")


def test_of_a_record_one_cannot_see_the_duplicates_tell_owner_and_since_and_a_masked_name(
    world: World, customer: Customer, client_for: ClientFor
) -> None:
    other = client_for(world.members["elsewhere"])
    said = other.post("/customers/duplicates/", {"name": "x", "credit_code": CODE}).content.decode()
    assert "单晓梅" in said
    assert "淄博**公司" in said
    for word in ("鲁味园", str(customer.id), "5678", "淄博市"):
        assert word not in said
    said = other.post("/customers/duplicates/", {"name": "x", "phone": PHONE}).content.decode()
    assert "单晓梅" in said, "a phone is compared, and tells no more than any other key"
    assert "电话相同" in said
    for word in ("鲁味园", str(customer.id), "5678", "淄博市"):
        assert word not in said
    answer = other.post(
        "/api/v1/customers",
        json.dumps({"name": "别的公司", "credit_code": CODE}),
        content_type="application/json",
    )
    (told,) = answer.json()["duplicates"]
    assert told == {"verdict": "certain", "reasons": ["code"], "branch": "", "visible": False}


def test_pickers_offer_what_one_can_see_only(
    world: World, customer: Customer, client_for: ClientFor, other_world: World
) -> None:
    mine = client_for(world.members["seller"]).get("/customers/options/parent/?q=鲁味园").content.decode()
    assert str(customer.id) in mine
    for person in (world.members["elsewhere"], other_world.members["admin"]):
        client = client_for(person)
        assert str(customer.id) not in client.get("/customers/options/parent/?q=鲁味园").content.decode()
        form = client.get(f"/customers/new/?parent={customer.id}").content.decode()
        assert "鲁味园" not in form
    people = client_for(other_world.members["seller"]).get("/customers/options/owner/?q=").content.decode()
    assert str(world.members["seller"].id) not in people


def test_a_token_of_few_rights_sees_no_more_by_undoing(world: World, customer: Customer) -> None:
    with in_scope(world.seller):
        services.edit_customer(world.seller, customer.id, data={"remarks": "alt"}, expected_version=3)
        done = last_operation_id()
    assert isinstance(done, UUID)
    narrow = replace(world.seller, grants={"customers.customer.view": "own"})
    with in_scope(narrow), pytest.raises(Refused):
        undo(narrow, done)


def test_what_a_customer_is_called_by_cannot_be_hidden(world: World) -> None:
    with in_scope(world.admin), pytest.raises(Invalid):
        set_field_rule(
            world.admin, world.roles["salesperson"].id, resource="customers", field="name", mode="hide"
        )
