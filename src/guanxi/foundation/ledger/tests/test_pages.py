from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.foundation.accounts.models import Department, Member
from guanxi.foundation.ledger.models import Change, Operation
from guanxi.foundation.ledger.queries import deleted_rows
from guanxi.foundation.permissions.models import Grant, Role
from guanxi.foundation.permissions.services import (
    create_department,
    create_role,
    delete_department,
    delete_role,
    edit_member,
    set_grants,
)
from guanxi.testing.worlds import World, in_scope

Clients = Callable[[Member], Client]


def last(world: World, verb: str) -> Operation:
    with in_scope(world.system):
        return Operation.objects.filter(verb=verb).latest("at")


def page(client: Client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status
    return response.content.decode()


def rename(world: World, name: str, title: str = "") -> Operation:
    with in_scope(world.admin) as admin:
        edit_member(admin, world.members["seller"].id, name=name, title=title)
    return last(world, "accounts.member.edit")


def test_the_log_says_who_did_what_and_a_change_what_became_of_it(world: World, client_for: Clients) -> None:
    done = rename(world, "单晓梅", "大客户经理")
    admin = client_for(world.members["admin"])
    text = page(admin, reverse("audit"))
    assert reverse("operation", args=[done.id]) in text
    assert "修改人员" in text
    text = page(admin, reverse("operation", args=[done.id]))
    assert "大客户经理" in text
    assert "职务" in text
    assert reverse("undo", args=[done.id]) in text
    for hidden in ("version", "updated_at", "name_sort"):
        assert hidden not in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"act": "accounts.member.edit"}, True),
        ({"act": "accounts.member.close"}, False),
        ({"door": "web"}, True),
        ({"door": "api"}, False),
        ({"q": "晓"}, True),
        ({"q": "大"}, False),
        ({"since": "2000-01-01", "until": "9999-12-31"}, True),
        ({"until": "2000-01-01"}, False),
        ({"since": "31/31/31"}, True),
        ({"person": "system"}, False),
    ],
)
def test_the_log_is_narrowed(world: World, client_for: Clients, query: dict[str, str], found: bool) -> None:
    done = rename(world, "单晓")
    response = client_for(world.members["admin"]).get(reverse("audit"), query)
    assert (reverse("operation", args=[done.id]) in response.content.decode()) == found


def test_by_person_and_page_by_page(world: World, client_for: Clients) -> None:
    first = rename(world, "单一")
    for n in range(60):
        rename(world, f"单{n}号")
    admin = client_for(world.members["admin"])
    text = page(admin, reverse("audit") + f"?person={world.members['admin'].id}")
    assert reverse("operation", args=[first.id]) not in text
    after = text.split("after=")[1].split(chr(34))[0]
    text = page(admin, reverse("audit") + f"?person={world.members['admin'].id}&after={after}")
    assert reverse("operation", args=[first.id]) in text


def test_everybody_sees_the_log_within_his_reach(
    world: World, other_world: World, client_for: Clients
) -> None:
    done = rename(world, "单晓")
    url = reverse("operation", args=[done.id])
    for person in ("manager", "seller"):  # what the administrator did is beyond both
        client = client_for(world.members[person])
        assert url not in page(client, reverse("audit"))
        page(client, url, 404)
    stranger = client_for(other_world.members["admin"])
    assert url not in page(stranger, reverse("audit"))
    page(stranger, url, 404)
    assert stranger.post(reverse("undo", args=[done.id])).status_code == 404
    assert client_for(world.members["seller"]).post(reverse("undo", args=[done.id])).status_code == 404
    with in_scope(world.system):
        assert Member.objects.get(id=world.members["seller"].id).name == "单晓"
        assert Operation.objects.get(id=done.id).undone_by_id is None


def test_an_undo_is_undone(world: World, client_for: Clients) -> None:
    done = rename(world, "单晓")
    admin = client_for(world.members["admin"])
    assert admin.post(reverse("undo", args=[done.id])).status_code == 302
    undoing = last(world, "ledger.operation.undo")
    assert "撤销了：修改人员" in page(admin, reverse("audit"))
    assert reverse("operation", args=[undoing.id]) in page(admin, reverse("operation", args=[done.id]))
    assert admin.post(reverse("undo", args=[done.id])).status_code == 409
    assert admin.post(reverse("undo", args=[undoing.id])).status_code == 302
    with in_scope(world.system):
        assert Member.objects.get(id=world.members["seller"].id).name == "单晓"


def test_what_stands_in_the_way_is_shown_and_the_rest_can_be_undone(
    world: World, client_for: Clients
) -> None:
    role = world.roles["salesperson"]
    with in_scope(world.admin) as admin:
        before = dict(Grant.objects.filter(role=role).values_list("code", "reach"))
        set_grants(admin, role.id, {"accounts.member.view": "own", "jobs.job.manage": "all"})
    done = last(world, "permissions.role.grant")
    with in_scope(world.admin) as admin:
        set_grants(admin, role.id, {"accounts.member.view": "department"})
    client = client_for(world.members["admin"])
    response = client.post(reverse("undo", args=[done.id]))
    text = response.content.decode()
    assert response.status_code == 409
    assert "查看人员名单" in text
    leave = [part.split(chr(34))[0] for part in text.split('name="leave" value="')[1:]]
    assert len(leave) == 1
    assert client.post(reverse("undo", args=[done.id]), {"leave": leave}).status_code == 302
    with in_scope(world.system):
        now = dict(Grant.objects.filter(role=role).values_list("code", "reach"))
    assert now == {**before, "accounts.member.view": "department"}


def test_the_recycle_bin_is_searched_by_the_names_of_what_was_deleted(
    world: World, client_for: Clients
) -> None:
    with in_scope(world.admin) as admin:
        for name in ("临时组", "临时二组", "外贸处"):
            delete_department(admin, create_department(admin, name=name).id)
    client = client_for(world.members["admin"])
    found = page(client, reverse("recycle_bin") + "?q=临时")
    assert "临时组" in found
    assert "临时二组" in found
    assert "外贸处" not in found
    # What the image holds beside the name leads nobody to it.
    assert "没有删除过名称含" in page(client, reverse("recycle_bin") + f"?q={world.admin.tenant_id}")
    first, more = deleted_named(world, "临时", limit=1)
    second, end = deleted_named(world, "临时", limit=1, behind=more)
    assert [*first, *second] == ["临时二组", "临时组"]
    assert deleted_named(world, "临时", limit=1, behind=end)[0] == [] if end else True


def deleted_named(
    world: World, text: str, *, limit: int, behind: int | None = None
) -> tuple[list[str], int | None]:
    with in_scope(world.admin):
        rows, more = deleted_rows(world.admin, text=text, limit=limit, behind=behind)
        return [row.name for row in rows], more


def test_the_recycle_bin_gives_back_what_was_deleted_with_what_belonged_to_it(
    world: World, client_for: Clients
) -> None:
    with in_scope(world.admin) as admin:
        role = create_role(admin, name="外贸", grants={"accounts.member.view": "own"})
        department = create_department(admin, name="临时组")
        delete_role(admin, role.id)
        delete_department(admin, department.id)
    client = client_for(world.members["admin"])
    text = page(client, reverse("recycle_bin"))
    assert "外贸" in text
    assert "临时组" in text
    assert "临时组" not in page(client, reverse("recycle_bin") + "?kind=permissions_role")
    with in_scope(world.system):
        deletion = Change.objects.get(row_id=role.id, action=Change.DELETE)
    assert client.post(reverse("restore", args=[deletion.id])).status_code == 302
    with in_scope(world.system):
        assert list(Grant.objects.filter(role_id=role.id).values_list("code", flat=True)) == [
            "accounts.member.view"
        ]
    assert (
        "外贸"
        not in page(client, reverse("recycle_bin") + "?kind=permissions_role")
        .split("gx-toast")[0]
        .split("</nav>")[-1]
    )


def test_one_of_many_deleted_comes_back_alone(world: World, client_for: Clients) -> None:
    from guanxi.foundation.permissions.acts import act

    with in_scope(world.admin) as admin:
        made = [create_department(admin, name=name) for name in ("甲组", "乙组")]
        with act(admin, "tests.departments.delete"):
            for one in made:
                delete_department(admin, one.id)
    with in_scope(world.system):
        deletion = Change.objects.get(row_id=made[0].id, action=Change.DELETE)
    client = client_for(world.members["admin"])
    assert client.post(reverse("restore", args=[deletion.id])).status_code == 302
    with in_scope(world.system):
        names = set(Department.objects.values_list("name", flat=True))
    assert "甲组" in names
    assert "乙组" not in names
    assert "乙组" in page(client, reverse("recycle_bin"))


def test_the_bin_of_others_is_closed(world: World, other_world: World, client_for: Clients) -> None:
    with in_scope(world.admin) as admin:
        delete_role(admin, create_role(admin, name="外贸").id)
        deletion = Change.objects.filter(action=Change.DELETE, table_name="permissions_role").latest("id")
    for member in (world.members["seller"], world.members["manager"], other_world.members["admin"]):
        client = client_for(member)
        assert "外贸" not in page(client, reverse("recycle_bin"))
        assert client.post(reverse("restore", args=[deletion.id])).status_code == 404
    with in_scope(world.system):
        assert not Role.objects.filter(name="外贸").exists()


def test_what_is_not_an_id_is_not_there(world: World, client_for: Clients) -> None:
    admin = client_for(world.members["admin"])
    page(admin, reverse("operation", args=[uuid4()]), 404)
    assert admin.post(reverse("undo", args=[uuid4()])).status_code == 404
    assert admin.get(reverse("audit"), {"person": "x"}).status_code == 404
