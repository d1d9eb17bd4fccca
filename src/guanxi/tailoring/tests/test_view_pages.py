"""Saved views on the page of their list, on their own pages and through the API; what is gone is left out."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guanxi.customers.services import customers
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.models import FieldRule
from guanxi.integrations.api.tests.calling import program_of
from guanxi.tailoring.models import SavedView, ViewShare
from guanxi.tailoring.services import fields
from guanxi.tailoring.services import views as services
from guanxi.tailoring.tests.making import add, make
from guanxi.tailoring.tests.test_views import opened, save
from guanxi.testing.worlds import World, in_scope

ClientFor = Callable[[Member], Client]


def test_a_changed_view_says_so_and_is_saved_or_given_up(world: World, client_for: ClientFor) -> None:
    seller = client_for(world.members["seller"])
    with in_scope(world.seller):
        make(world.seller, "鲁味园", grade="A")
        view = save(world.seller, query="grade=A")
    page = seller.get(f"/customers/?view={view.pk}").content.decode()
    assert "鲁味园" in page
    assert "已改动，未保存" not in page
    changed = seller.get(f"/customers/?from={view.pk}&grade=A&size=20").content.decode()
    assert "已改动，未保存" in changed
    assert f'href="/customers/?view={view.pk}"' in changed
    back = seller.get(f"/customers/?from={view.pk}&grade=A").content.decode()
    assert "已改动，未保存" not in back
    answer = seller.post(f"/views/{view.pk}/save/", {"query": f"grade=A&size=20&from={view.pk}"})
    assert answer["Location"] == f"/customers/?view={view.pk}"
    with in_scope(world.seller):
        view.refresh_from_db()
        assert view.query == "grade=A&size=20"


def test_links_of_the_page_lead_on_from_the_view(world: World, client_for: ClientFor) -> None:
    with in_scope(world.seller):
        view = save(world.seller, query="grade=A")
    page = client_for(world.members["seller"]).get(f"/customers/?view={view.pk}").content.decode()
    asked = re.findall(
        r'(?:href|hx-get|data-gx-load)="(/customers/(?:filter/|sort/|columns/|total/)?\?[^"]*)"', page
    )
    within = [url for url in asked if "view=" not in url and "owner=me" not in url]
    assert within
    assert all(f"from={view.pk}" in url for url in within)


# What is gone, or not for this viewer


def test_a_retired_field_is_left_out_of_a_view_with_a_quiet_word(world: World, client_for: ClientFor) -> None:
    with in_scope(world.admin):
        field = add(world.admin, "number", "机台数")
        name = field.name
    with in_scope(world.seller):
        make(world.seller, "甲公司", grade="A", **{name: 3})
        make(world.seller, "乙公司", grade="B", **{name: 3})
        view = save(world.seller, query=f"grade=A&{name}.least=2&sort=-{name}&columns=name,{name},grade")
        assert view.query == f"grade=A&{name}.least=2&sort=-{name}&columns=name,{name},grade"
    client = client_for(world.members["seller"])
    page = client.get(f"/customers/?view={view.pk}").content.decode()
    assert "机台数" in page
    with in_scope(world.admin):
        fields.set_state(world.admin, resource="customers", name=name, state="retired")
    answer = client.get(f"/customers/?view={view.pk}")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "此视图有一部分未显示" in page
    assert "机台数" not in page
    assert name not in page
    assert "甲公司" in page
    assert "乙公司" not in page
    with in_scope(world.admin):
        fields.set_state(world.admin, resource="customers", name=name, state="active")
    assert "机台数" in client.get(f"/customers/?view={view.pk}").content.decode()


def test_a_shared_view_shows_nobody_a_column_that_is_closed_to_him(
    world: World, client_for: ClientFor
) -> None:
    with in_scope(world.manager):
        make(world.seller, "甲公司", grade="A")
        make(world.seller, "乙公司", grade="B")
        view = save(world.manager, query="grade=A&sort=grade&columns=name,grade,size")
        services.share_view(world.manager, view.pk, everyone=True)
    with in_scope(world.admin), operation(world.admin, "permissions.role.restrict"):
        FieldRule(role=world.roles["salesperson"], resource="customers", field="grade", mode="hide").save(
            force_insert=True
        )
    answer = client_for(world.members["seller"]).get(f"/customers/?view={view.pk}")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "此视图有一部分未显示" in page
    assert "级别" not in page
    assert "grade" not in re.sub(r"view=[^\"]*", "", page)
    assert "乙公司" in page
    # The owner's own view is as it was.
    manager = client_for(world.members["manager"]).get(f"/customers/?view={view.pk}").content.decode()
    assert "未显示" not in manager
    assert "乙公司" not in manager


def test_a_record_that_is_gone_takes_its_condition_out_of_the_view(
    world: World, client_for: ClientFor
) -> None:
    with in_scope(world.manager):
        parent = make(world.manager, "集团")
        make(world.manager, "甲公司")
        view = save(world.manager, query=f"parent={parent.pk}")
        customers.delete_customers(world.manager, ids=[parent.pk])
    page = client_for(world.members["manager"]).get(f"/customers/?view={view.pk}").content.decode()
    assert "此视图有一部分未显示" in page
    assert "甲公司" in page


@pytest.mark.parametrize("query", ["view=nonsense", "view=01a2015e-dd0c-755e-914e-8e7cfde8125a", "view=%00"])
def test_a_view_that_is_not_there_is_not_found(world: World, client_for: ClientFor, query: str) -> None:
    assert client_for(world.members["seller"]).get(f"/customers/?{query}").status_code == 404


def test_the_list_asks_as_often_with_many_views_as_with_one(world: World, client_for: ClientFor) -> None:
    client = client_for(world.members["seller"])

    def statements(query: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(f"/customers/?{query}").status_code == 200
        return len(caught)

    with in_scope(world.seller):
        view = save(world.seller, query="grade=A&owner=me")
    statements(f"view={view.pk}")
    few = statements(f"view={view.pk}")
    with in_scope(world.manager):
        for number in range(12):
            more = save(world.manager, f"视图 {number}")
            services.share_view(world.manager, more.pk, roles=[world.roles["salesperson"].id])
    assert statements(f"view={view.pk}") == few


# Pages and API


def test_a_view_is_saved_shared_and_deleted_on_its_pages(world: World, client_for: ClientFor) -> None:
    manager = client_for(world.members["manager"])
    answer = manager.post(
        "/views/new/", {"resource": "customers", "name": "重点", "query": "grade=A"}, follow=True
    )
    page = answer.content.decode()
    assert "视图“重点”已保存" in page
    with in_scope(world.manager):
        view = SavedView.objects.get()
    role = str(world.roles["salesperson"].id)
    assert manager.get(f"/views/{view.pk}/").status_code == 200
    manager.post(
        f"/views/{view.pk}/",
        {
            "name": "重点客户",
            "who": "some",
            "roles": [role],
            "people": [str(world.members["admin"].id)],
            "start": "1",
            "version": "1",
        },
    )
    seller = client_for(world.members["seller"])
    assert "重点客户" in seller.get("/customers/").content.decode()
    assert "由李建华共享" in seller.get("/views/of/customers/").content.decode()
    page = seller.get(f"/views/{view.pk}/").content.decode()
    assert "视图名称" not in page
    seller.post(f"/views/{view.pk}/", {"start": "1", "name": "抢走", "who": "nobody"})
    with in_scope(world.manager):
        view.refresh_from_db()
        assert (view.name, ViewShare.objects.count()) == ("重点客户", 2)
        assert opened(world.seller).context["view"] == view
        assert opened(world.manager).context["view"] == view
    assert "没有可" not in manager.get("/views/of/customers/").content.decode()
    assert manager.post(f"/views/{view.pk}/delete/").status_code == 302
    assert "重点客户</a>" not in seller.get("/customers/").content.decode()


def test_a_wrong_name_is_told_beside_its_field_and_nothing_is_lost(
    world: World, client_for: ClientFor
) -> None:
    answer = client_for(world.members["seller"]).post(
        "/views/new/", {"resource": "customers", "name": "", "query": "grade=A&sort=name"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请填写视图名称" in page
    assert 'value="grade=A&amp;sort=name"' in page


def test_tabs_are_ordered_and_begun_with_on_the_page_of_views(world: World, client_for: ClientFor) -> None:
    with in_scope(world.seller):
        one, two = save(world.seller, "甲"), save(world.seller, "乙")
    client = client_for(world.members["seller"])
    client.post("/views/of/customers/", {"down": str(one.pk)})
    client.post("/views/of/customers/", {"start": str(two.pk)})
    client.post("/views/of/customers/", {"up": "nonsense"})
    with in_scope(world.seller):
        found = opened(world.seller)
        assert found.context["view"] == two
        assert [tab.label for tab in found.tabs][2:] in (["乙", "甲"], ["甲", "乙"])


def test_views_through_the_api(world: World) -> None:
    program, seller = program_of(world.manager), program_of(world.seller)
    made = program.call("POST", "/views", {"resource": "customers", "name": "重点", "query": "grade=A&x=1"})
    assert made.status_code == 201
    view = made.json()
    assert (view["query"], view["may_change"], view["everyone"]) == ("grade=A", True, False)
    path = f"/views/{view['id']}"
    assert seller.call("GET", path).status_code == 404
    assert program.call("PATCH", path, {"name": "二"}, headers={"If-Match": '"9"'}).status_code == 412
    assert program.call("PATCH", path, {"name": "二"}, headers={"If-Match": '"1"'}).json()["name"] == "二"
    role = str(world.roles["salesperson"].id)
    shared = program.call("POST", f"{path}/share", {"roles": [role]}).json()
    assert shared["roles"] == [role]
    seen = seller.call("GET", "/views?resource=customers").json()["items"]
    assert [(one["name"], one["roles"], one["may_change"]) for one in seen] == [("二", [], False)]
    assert seller.call("PATCH", path, {"name": "三"}).status_code == 403
    assert seller.call("DELETE", path).status_code == 403
    chosen = seller.call("POST", "/view_choices", {"resource": "customers", "start": view["id"]}).json()
    assert chosen["start"] == view["id"]
    assert (
        seller.call("POST", "/view_choices", {"resource": "customers", "start": "nonsense"}).status_code
        == 404
    )
    assert seller.call("GET", "/views?resource=nonsense").status_code == 404
    assert program.call("DELETE", path).status_code == 204
    assert seller.call("GET", "/views").json()["items"] == []


def test_who_may_not_share_is_not_promised_it_and_is_told_why(world: World, client_for: ClientFor) -> None:
    for who, shares in (("seller", False), ("manager", True)):
        actor = getattr(world, who)
        with in_scope(actor):
            view = services.create_view(actor, resource="customers", name="我的视图", query="grade=A")
        client = client_for(world.members[who])
        listed = client.get(f"/customers/?view={view.pk}").content.decode()
        page = client.get(f"/views/{view.pk}/").content.decode()
        assert ("改名、共享" in listed) is shares
        assert ('name="who"' in page) is shares
        assert ("不能共享视图" in page) is not shares
