"""People, departments, roles and field rules through the API: as the pages of the settings, no further."""

from typing import Any
from uuid import UUID

import pytest

from guanxi.customers.models import Customer
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.permissions.models import Assignment, Role
from guanxi.integrations.api.tests.calling import Program, program_of
from guanxi.kernel.ids import new_id
from guanxi.testing.customers import make_customer
from guanxi.testing.worlds import World, in_scope, writing


@pytest.fixture
def admin(world: World) -> Program:
    return program_of(world.admin)


def made(answer: Any) -> dict[str, Any]:
    assert answer.status_code in (200, 201), answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_a_person_is_added_changed_moved_closed_and_taken_back(world: World, admin: Program) -> None:
    east = str(world.departments["east"].id)
    role = str(world.roles["salesperson"].id)
    answer = admin.post("/staff", {"name": "赵云", "department": east, "roles": [role], "number": "A1"})
    person = made(answer)
    assert (person["department"], person["roles"], person["signs_in"]) == (east, [role], False)
    one = f"/staff/{person['id']}"
    assert admin.get(one).json() == person
    headers = {"If-Match": f'"{person["version"]}"'}
    assert made(admin.patch(one, {"title": "销售"}, headers=headers))["title"] == "销售"
    assert admin.patch(one, {"title": "x"}, headers=headers).status_code == 412
    superior = str(world.manager.member_id)
    moved = made(admin.post(f"{one}/place", {"department": None, "superior": superior}))
    assert (moved["department"], moved["superior"], moved["title"]) == (None, superior, "销售")
    assert made(admin.post(f"{one}/roles", {"roles": []}))["roles"] == []
    assert made(admin.post(f"{one}/close"))["left_on"]
    assert admin.post(f"{one}/close").status_code == 409
    assert made(admin.post(f"{one}/reopen"))["left_on"] is None
    again = admin.post("/staff", {"name": "马超", "number": "A1"})
    assert (again.status_code, again.json()["errors"][0]["field"]) == (422, "number")
    nowhere = admin.post("/staff", {"name": "马超", "department": str(new_id())})
    assert (nowhere.status_code, nowhere.json()["errors"][0]["field"]) == (422, "department")
    assert admin.post(f"/operations/{answer['Operation-Id']}/undo").status_code in (200, 409)


def test_people_are_listed_as_far_as_one_sees_them(world: World, admin: Program, other_world: World) -> None:
    everybody = admin.get("/staff").json()["items"]
    assert len(everybody) == len(world.members)
    seen: list[str] = []
    after = ""
    while True:
        body = made(admin.get(f"/staff?limit=2{after}"))
        seen += [one["id"] for one in body["items"]]
        if not body["next"]:
            break
        after = f"&after={body['next']}"
    assert seen == [one["id"] for one in everybody]
    below = admin.get(f"/staff?department={world.departments['sales'].id}").json()["items"]
    assert {one["name"] for one in below} == {
        world.members[n].name for n in ("manager", "seller", "teammate", "elsewhere")
    }
    assert [one["name"] for one in admin.get(f"/staff?q={world.seller.name}").json()["items"]] == [
        world.seller.name
    ]
    assert admin.get("/staff?left=1").json()["items"] == []
    for query in ("after=x", "limit=0", "department=x"):
        assert admin.get(f"/staff?{query}").status_code == 422
    assert admin.get(f"/staff/{other_world.seller.member_id}").status_code == 404


def test_who_may_not_does_nothing_and_nobody_raises_himself(world: World, admin: Program) -> None:
    seller = program_of(world.seller)
    person = f"/staff/{world.members['teammate'].id}"
    role = f"/roles/{world.roles['salesperson'].id}"
    for answer in (
        seller.post("/staff", {"name": "x"}),
        seller.post(f"{person}/close"),
        seller.get("/roles"),
        seller.post(f"{role}/grants", {"grants": {"customers.customer.delete": "all"}}),
        seller.post("/departments", {"name": "x"}),
        program_of(world.admin, scopes=frozenset(("customers:write",))).get("/staff"),
        program_of(world.admin, scopes=frozenset(("customers:write",))).post("/roles", {"name": "x"}),
        program_of(world.admin, may_write=False).post("/staff", {"name": "x"}),
    ):
        assert answer.status_code in (403, 404), answer.content
    assert admin.post(f"/staff/{world.admin.member_id}/close").status_code == 409
    fixed = f"/roles/{world.roles['administrator'].id}/grants"
    assert admin.post(fixed, {"grants": {"customers.customer.view": ""}}).status_code == 409
    with in_scope(world.system):
        assert Member.objects.count() == len(world.members)
        assert Assignment.objects.filter(member_id=world.members["seller"].id).count() == 1


def test_departments_are_a_tree_that_is_kept(world: World, admin: Program) -> None:
    sales, east, north = (str(world.departments[name].id) for name in ("sales", "east", "north"))
    south = made(admin.post("/departments", {"name": "华南组", "parent": sales}))
    assert (south["parent"], south["position"]) == (
        sales,
        max(d["position"] for d in admin.get("/departments").json()["items"] if d["parent"] == sales),
    )
    one = f"/departments/{south['id']}"
    assert made(admin.patch(one, {"name": "华中组"}))["name"] == "华中组"
    head = str(world.seller.member_id)
    assert made(admin.post(f"{one}/head", {"head": head}))["head"] == head
    assert made(admin.post(f"{one}/head", {"head": None}))["head"] is None
    assert made(admin.post(f"{one}/move", {"parent": None}))["parent"] is None
    circle = admin.post(f"/departments/{sales}/move", {"parent": east})
    assert (circle.status_code, circle.json()["errors"][0]["field"]) == (422, "parent")
    assert admin.post("/department_order", {"departments": [north, east]}).status_code == 204
    places = {d["id"]: d["position"] for d in admin.get("/departments").json()["items"]}
    assert places[north] < places[east]
    mixed = admin.post("/department_order", {"departments": [north, sales]})
    assert (mixed.status_code, mixed.json()["errors"][0]["field"]) == (422, "departments")
    assert admin.delete(f"/departments/{east}").status_code == 409
    assert admin.delete(one).status_code == 204
    assert admin.delete(one).status_code == 404


def test_a_role_is_made_granted_restricted_copied_and_deleted(world: World, admin: Program) -> None:
    role = made(admin.post("/roles", {"name": "实习生", "grants": {"customers.customer.view": "own"}}))
    one = f"/roles/{role['id']}"
    headers = {"If-Match": f'"{role["version"]}"'}
    granted = made(
        admin.post(f"{one}/grants", {"grants": {"customers.customer.view": "below"}}, headers=headers)
    )
    assert granted["grants"] == {"customers.customer.view": "below"}
    assert admin.post(f"{one}/grants", {"grants": {}}, headers=headers).status_code == 412
    rule = {"resource": "customers", "field": "phone", "mode": "mask"}
    assert made(admin.post(f"{one}/fields", {"fields": [rule]}))["fields"] == [rule]
    for wrong in ({**rule, "mode": "x"}, {**rule, "field": "x"}, {**rule, "resource": "x"}):
        assert admin.post(f"{one}/fields", {"fields": [wrong]}).status_code == 422
    assert admin.post(f"{one}/grants", {"grants": {"a.b.c": "all"}}).status_code == 422
    assert made(admin.patch(one, {"note": "三个月"}))["note"] == "三个月"
    copy = made(admin.post(f"{one}/copy", {"name": "实习生二"}))
    assert (copy["grants"], copy["fields"]) == (granted["grants"], [rule])
    listed = {item["id"]: item for item in admin.get("/roles").json()["items"]}
    assert listed[role["id"]] == admin.get(one).json()
    assert listed[str(world.roles["salesperson"].id)]["people"] == 3
    assert admin.delete(f"/roles/{world.roles['salesperson'].id}").status_code == 409
    assert admin.delete(one).status_code == 204
    with in_scope(world.system):
        assert not Role.objects.filter(id=UUID(role["id"])).exists()


def test_a_rule_that_was_set_here_holds_here(world: World, admin: Program) -> None:
    with writing(world.seller):
        customer: Customer = make_customer(owner_id=world.seller.member_id, phone="0512-66660000")
    seller = program_of(world.seller)
    assert seller.get(f"/customers/{customer.id}").json()["phone"]
    rule = {"resource": "customers", "field": "phone", "mode": "hide"}
    made(admin.post(f"/roles/{world.roles['salesperson'].id}/fields", {"fields": [rule]}))
    assert "phone" not in seller.get(f"/customers/{customer.id}").json()
