from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.foundation.accounts.models import Account, Department, Member
from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.permissions.models import Assignment, Grant, Role
from guanxi.foundation.permissions.queries import load_actor
from guanxi.testing.worlds import World, in_scope

PASSWORD = "correct horse battery"
Clients = Callable[[Member], Client]


@pytest.fixture
def admin(world: World, client_for: Clients) -> Client:
    return client_for(world.members["admin"])


@pytest.fixture
def manager(world: World, client_for: Clients) -> Client:
    return client_for(world.members["manager"])


@pytest.fixture
def seller(world: World, client_for: Clients) -> Client:
    return client_for(world.members["seller"])


@pytest.fixture
def stranger(other_world: World, client_for: Clients) -> Client:
    return client_for(other_world.members["admin"])


def rows_of(world: World) -> list[list[Any]]:
    """Everything these pages can change."""
    with in_scope(world.system):
        return [
            list(model._default_manager.order_by("id").values())
            for model in (Member, Department, Role, Grant, Assignment)
        ]


def page(client: Client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def version_of(world: World, model: type[Member] | type[Department] | type[Role], key: UUID) -> int:
    with in_scope(world.system):
        return int(model.objects.get(id=key).version)


def person_form(**fields: object) -> dict[str, object]:
    empty = dict.fromkeys(("name", "title", "number", "email", "phone", "department_id", "superior_id"), "")
    return {**empty, **fields}


# ---------------------------------------------------------------- who may open what

PAGES = ("settings", "people", "person_new", "roles", "role_new", "company_settings")


@pytest.mark.parametrize("name", PAGES)
def test_an_administrator_opens_every_page(admin: Client, name: str) -> None:
    page(admin, reverse(name), 302 if name == "roles" else 200)


@pytest.mark.parametrize("name", PAGES)
def test_a_seller_opens_the_index_with_what_is_his_and_nothing_else(seller: Client, name: str) -> None:
    text = page(seller, reverse(name), 200 if name == "settings" else 403)
    if name == "settings":
        assert reverse("audit") in text
        assert reverse("people") not in text


def test_a_manager_sees_his_people_and_may_not_change_them(world: World, manager: Client) -> None:
    text = page(manager, reverse("people"))
    assert world.seller.name in text
    assert world.admin.name not in text
    assert reverse("person_new") not in text
    page(manager, reverse("person", args=[world.members["seller"].id]))
    page(manager, reverse("person", args=[world.members["admin"].id]), 404)


def posts(world: World) -> dict[str, dict[str, object]]:
    """Every post of these pages, aimed at this world."""
    mate, sales, role = world.members["teammate"], world.departments["sales"], world.roles["salesperson"]
    return {
        reverse("person_new"): person_form(name="甲"),
        reverse("person", args=[mate.id]): person_form(name="乙"),
        reverse("person_roles", args=[mate.id]): {"role_ids": str(world.roles["administrator"].id)},
        reverse("person_sign_in", args=[mate.id]): {"password": PASSWORD},
        reverse("person_close", args=[mate.id]): {},
        reverse("person_reopen", args=[mate.id]): {},
        reverse("department_new"): {"name": "甲", "parent_id": str(sales.id), "head_id": ""},
        reverse("department", args=[sales.id]): {"name": "甲", "parent_id": "", "head_id": ""},
        reverse("department_place", args=[sales.id]): {"to": "up"},
        reverse("department_delete", args=[sales.id]): {},
        reverse("role_new"): {"name": "甲"},
        reverse("role", args=[role.id]): {"grant.permissions.role.manage": "all"},
        reverse("role_fields", args=[role.id]): {"rule.customers.phone": "hide"},
        reverse("role_edit", args=[role.id]): {"name": "甲"},
        reverse("role_copy", args=[role.id]): {"name": "甲"},
        reverse("role_delete", args=[role.id]): {},
        reverse("company_settings"): {
            "name": "甲",
            "language": "en",
            "time_zone": "Asia/Tokyo",
            "months": "",
        },
    }


@pytest.mark.parametrize("who", ["seller", "manager"])
def test_who_has_no_right_posts_in_vain(world: World, client_for: Clients, who: str) -> None:
    client = client_for(world.members[who])
    before = rows_of(world)
    for url, data in posts(world).items():
        status = client.post(url, data).status_code
        # A seller may not even see people: for him they are forbidden as a whole.
        assert status == 403, url
    assert rows_of(world) == before


def test_another_companys_administrator_finds_none_of_it(world: World, stranger: Client) -> None:
    before = rows_of(world)
    for url, data in posts(world).items():
        if str(world.members["teammate"].id) in url or str(world.departments["sales"].id) in url:
            assert stranger.post(url, data).status_code == 404, url
    for name, key in (("person", "members"), ("role", "roles")):
        row = next(iter(getattr(world, key).values()))
        page(stranger, reverse(name, args=[row.id]), 404)
    page(stranger, reverse("people") + f"?department={world.departments['east'].id}", 404)
    assert str(world.members["seller"].id) not in page(stranger, reverse("people"))
    assert rows_of(world) == before


def test_pages_answer_only_the_methods_they_are_for(world: World, admin: Client) -> None:
    for name in ("person_close", "person_reopen", "person_roles", "person_sign_in"):
        page(admin, reverse(name, args=[world.members["seller"].id]), 405)
    assert admin.post(reverse("people")).status_code == 405


# ---------------------------------------------------------------- people


def test_a_person_is_added_with_role_and_sign_in(world: World, admin: Client) -> None:
    username = f"liu.{uuid4().hex[:10]}"
    response = admin.post(
        reverse("person_new"),
        {
            **person_form(name="刘洋", department_id=str(world.departments["east"].id)),
            "role_ids": [str(world.roles["salesperson"].id)],
            "username": username,
            "password": PASSWORD,
        },
    )
    with in_scope(world.system):
        made = Member.objects.get(name="刘洋")
        assert load_actor(made.id).roles == ("salesperson",)
    assert response.headers["Location"] == reverse("person", args=[made.id])
    assert Account.objects.get(username=username).must_change_password


def test_a_wrong_form_keeps_what_was_typed(world: World, admin: Client) -> None:
    response = admin.post(
        reverse("person_new"), {**person_form(name="刘洋", email="nowhere"), "username": "", "password": ""}
    )
    text = response.content.decode()
    assert response.status_code == 422
    assert 'value="刘洋"' in text
    assert 'value="nowhere"' in text
    assert "is-invalid" in text


def test_the_second_of_two_editors_sees_what_the_first_saved_and_keeps_his_text(
    world: World, admin: Client
) -> None:
    seller = world.members["seller"]
    url = reverse("person", args=[seller.id])
    old = version_of(world, Member, seller.id)
    form = person_form(name=seller.name, department_id=str(seller.department_id), version=old)
    assert admin.post(url, {**form, "title": "主任"}).status_code == 302
    response = admin.post(url, {**form, "title": "经理"})
    text = response.content.decode()
    assert response.status_code == 409
    assert "主任" in text
    assert 'value="经理"' in text
    assert (
        admin.post(
            url, {**form, "title": "经理", "version": version_of(world, Member, seller.id)}
        ).status_code
        == 302
    )


def test_people_are_found_by_part_of_name_number_and_phone(world: World, admin: Client) -> None:
    assert world.seller.name in page(admin, reverse("people") + "?q=晓梅")
    text = page(admin, reverse("people") + "?q=nobody-like-this")
    assert world.seller.name not in text


def test_a_department_shows_those_beneath_it_too(world: World, admin: Client) -> None:
    text = page(admin, reverse("people") + f"?department={world.departments['sales'].id}")
    assert world.seller.name in text
    assert reverse("person", args=[world.members["admin"].id]) not in text


def test_a_closed_person_moves_to_the_other_tab_and_comes_back(world: World, admin: Client) -> None:
    seller = world.members["seller"]
    url = reverse("person", args=[seller.id])
    assert admin.post(reverse("person_close", args=[seller.id])).status_code == 302
    assert url not in page(admin, reverse("people"))
    assert url in page(admin, reverse("people") + "?left=1")
    assert admin.post(reverse("person_reopen", args=[seller.id])).status_code == 302
    assert url in page(admin, reverse("people"))


def test_a_closed_person_is_out_at_the_next_click(world: World, admin: Client, seller: Client) -> None:
    page(seller, reverse("settings"))
    admin.post(reverse("person_close", args=[world.members["seller"].id]))
    assert seller.get(reverse("settings")).status_code in (302, 403)


def test_the_last_administrator_is_told_why_not(world: World, admin: Client) -> None:
    response = admin.post(reverse("person_roles", args=[world.members["admin"].id]), {"role_ids": []})
    assert response.status_code == 422
    with in_scope(world.system):
        assert load_actor(world.members["admin"].id).roles == ("administrator",)


def test_what_a_form_did_is_undone_from_the_toast(world: World, admin: Client) -> None:
    seller = world.members["seller"]
    admin.post(
        reverse("person_roles", args=[seller.id]), {"role_ids": [str(world.roles["sales_manager"].id)]}
    )
    with in_scope(world.system):
        done = Operation.objects.get(verb="accounts.member.set_roles")
    assert reverse("undo", args=[done.id]) in page(admin, reverse("person", args=[seller.id]))
    admin.post(reverse("undo", args=[done.id]))
    with in_scope(world.system):
        assert load_actor(seller.id).roles == ("salesperson",)


def test_the_button_to_see_as_somebody_is_only_there_for_who_may(
    world: World, admin: Client, manager: Client
) -> None:
    seller = world.members["seller"].id
    assert reverse("see_as", args=[seller]) in page(admin, reverse("person", args=[seller]))
    assert reverse("see_as", args=[seller]) not in page(manager, reverse("person", args=[seller]))
    assert reverse("see_as", args=[world.members["admin"].id]) not in page(
        admin, reverse("person", args=[world.members["admin"].id])
    )


# ---------------------------------------------------------------- departments


def test_departments_are_added_changed_ordered_and_deleted_on_the_page(world: World, admin: Client) -> None:
    sales, north = world.departments["sales"], world.departments["north"]
    assert (
        admin.post(
            reverse("department_new"), {"name": "外贸组", "parent_id": str(sales.id), "head_id": ""}
        ).status_code
        == 302
    )
    with in_scope(world.system):
        made = Department.objects.get(name="外贸组")
    admin.post(reverse("department_place", args=[made.id]), {"to": "up"})
    with in_scope(world.system):
        order = list(
            Department.objects.filter(parent_id=sales.id).order_by("position").values_list("name", flat=True)
        )
    assert order == ["华东组", "外贸组", "华北组"]
    version = version_of(world, Department, made.id)
    admin.post(
        reverse("department", args=[made.id]),
        {
            "name": "国际组",
            "parent_id": str(north.id),
            "head_id": str(world.members["seller"].id),
            "version": version,
        },
    )
    with in_scope(world.system):
        made.refresh_from_db()
        assert (made.name, made.parent_id, made.head_id) == ("国际组", north.id, world.members["seller"].id)
        assert Operation.objects.filter(verb="accounts.department.move").count() == 1
        assert not Operation.objects.filter(verb="accounts.department.edit").exists()
    assert admin.post(reverse("department_delete", args=[made.id])).status_code == 302
    response = admin.post(reverse("department_delete", args=[sales.id]))
    assert response.status_code == 409
    with in_scope(world.system):
        assert Department.objects.count() == len(world.departments)


def test_a_wrong_department_stays_open_with_its_error(world: World, admin: Client) -> None:
    response = admin.post(
        reverse("department", args=[world.departments["sales"].id]),
        {"name": "销售部", "parent_id": str(world.departments["east"].id), "head_id": ""},
    )
    assert response.status_code == 422
    assert "is-invalid" in response.content.decode()


# ---------------------------------------------------------------- roles


def test_the_matrix_shows_and_saves_reach(world: World, admin: Client) -> None:
    role = world.roles["salesperson"]
    url = reverse("role", args=[role.id])
    assert 'name="grant.accounts.member.view"' in page(admin, url)
    version = version_of(world, Role, role.id)
    data = {"version": version, "grant.accounts.member.view": "department", "grant.jobs.job.manage": "all"}
    assert admin.post(url, data).status_code == 302
    with in_scope(world.system):
        actor = load_actor(world.members["seller"].id)
        assert (actor.reach("accounts.member.view"), actor.reach("jobs.job.manage")) == ("department", "all")
    assert (
        admin.post(url, {**data, "grant.accounts.member.view": ""}).status_code == 422
    )  # over an older version
    with in_scope(world.system):
        assert load_actor(world.members["seller"].id).reach("accounts.member.view") == "department"


def test_the_administrators_role_cannot_be_saved_over(world: World, admin: Client) -> None:
    role = world.roles["administrator"]
    before = rows_of(world)
    assert (
        admin.post(reverse("role", args=[role.id]), {"grant.permissions.role.manage": ""}).status_code == 422
    )
    assert rows_of(world) == before


def test_roles_are_made_copied_and_deleted(world: World, admin: Client) -> None:
    admin.post(reverse("role_new"), {"name": "外贸", "note": "出口"})
    admin.post(reverse("role_copy", args=[world.roles["salesperson"].id]), {"name": "外贸主管"})
    with in_scope(world.system):
        made, copied = Role.objects.get(name="外贸"), Role.objects.get(name="外贸主管")
        assert not Grant.objects.filter(role=made).exists()
        assert Grant.objects.filter(role=copied).count() == len(world.seller.grants)
    response = admin.post(reverse("role_new"), {"name": "外贸", "note": ""})
    assert response.status_code == 422
    assert admin.post(reverse("role_delete", args=[made.id])).status_code == 302
    assert admin.post(reverse("role_delete", args=[world.roles["salesperson"].id])).status_code == 409


def test_who_has_a_role_is_listed(world: World, admin: Client) -> None:
    text = page(admin, reverse("role_people", args=[world.roles["salesperson"].id]))
    assert world.seller.name in text
    assert world.manager.name not in text


# ---------------------------------------------------------------- company


def test_company_details_are_changed(world: World, admin: Client) -> None:
    url = reverse("company_settings")
    data = {"name": "恒捷包装", "language": "zh-hans", "time_zone": "Asia/Hong_Kong", "months": "36"}
    assert admin.post(url, data).status_code == 302
    world.tenant.refresh_from_db()
    assert (world.tenant.name, world.tenant.time_zone) == ("恒捷包装", "Asia/Hong_Kong")
    for wrong in ({"months": "soon"}, {"months": "2"}, {"time_zone": "Mars/Olympus"}, {"name": " "}):
        assert admin.post(url, {**data, **wrong}).status_code == 422
    world.tenant.refresh_from_db()
    assert world.tenant.name == "恒捷包装"
