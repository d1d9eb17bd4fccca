"""Who stands around a record: the graph, the list that says the same, the form and the API, each through one reach."""

# Chinese in code: names of customers and people

import json
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from guanxi.customers.models import Customer, Person, Relationship
from guanxi.customers.queries.graph import MOST, around
from guanxi.customers.queries.ties import acquainted
from guanxi.customers.resources.positions import _people_of
from guanxi.customers.resources.relationships import _somebody_known, _ties_of
from guanxi.customers.services.customers import create_customer, edit_customer
from guanxi.customers.services.people import create_person, edit_person, positions
from guanxi.customers.services.relationships import create_tie, create_ties
from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.api.tokens import create_token
from guanxi.kinds import Show
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope

ODD = "<img src=x onerror=alert(1)>"


def _customer(actor: Actor, name: str, **data: Any) -> Customer:
    with in_scope(actor):
        return create_customer(
            actor, data={"name": name, "relations": "customer", **data}, allow_duplicate=True
        )


def _person(actor: Actor, name: str, **data: Any) -> Person:
    with in_scope(actor):
        return create_person(actor, data={"name": name, **data}, allow_duplicate=True)


def _tie(actor: Actor, kind: str, **data: Any) -> Relationship:
    with in_scope(actor):
        return create_tie(actor, data={"kind": kind, **{name: str(value) for name, value in data.items()}})


def _show(actor: Actor) -> Show:
    return Show(actor=actor, language="zh-hans")


def _hub(actor: Actor, number: int) -> Customer:
    hub = _customer(actor, "苏州恒力机械有限公司")
    with in_scope(actor):
        made = find("customers").create_many(
            actor,
            rows=[
                {"name": f"无锡第{n}机械有限公司", "relations": "customer", "owner_id": actor.member_id}
                for n in range(number)
            ],
        )
        create_ties(
            actor,
            rows=[
                {"kind": "sells_to", "from_customer_id": hub.pk, "to_customer_id": one, "strength": n % 101}
                for n, one in enumerate(made)
            ],
        )
    return hub


def test_a_hub_is_cut_and_what_is_left_out_is_counted(world: World) -> None:
    hub = _hub(world.seller, 130)
    with in_scope(world.seller):
        found = around(world.seller, "customers", hub, _show(world.seller))
        assert (len(found.nodes), found.more) == (MOST, 80)
        assert min(edge.strength or 0 for edge in found.edges) >= 29, "the strongest are shown"


def test_the_graph_asks_the_same_number_of_questions_however_many_there_are(world: World) -> None:
    small, large = _hub(world.seller, 2), _hub(world.seller, 60)
    asked = []
    for hub in (large, small, large):
        person = _person(world.seller, "王建国", customer=str(hub.pk))
        _tie(world.seller, "knows", from_member=world.seller.member_id, to_person=person.pk)
        with in_scope(world.seller), CaptureQueriesContext(connection) as said:
            around(world.seller, "customers", hub, _show(world.seller))
            asked.append(len(said.captured_queries))
    assert asked[1] == asked[2] <= 18


def test_around_a_customer_stand_its_people_those_of_us_who_know_them_and_its_family(world: World) -> None:
    parent = _customer(world.seller, "恒力集团有限公司")
    customer = _customer(world.seller, "苏州恒力机械有限公司", parent=str(parent.pk))
    chief = _person(world.seller, "王建国", customer=str(customer.pk), post="总经理")
    clerk = _person(world.seller, "李敏", customer=str(customer.pk), post="采购")
    _tie(world.seller, "reports_to", from_person=clerk.pk, to_person=chief.pk)
    _tie(world.seller, "knows", from_member=world.manager.member_id, to_person=chief.pk, strength="90")
    with in_scope(world.seller):
        found = around(world.seller, "customers", customer, _show(world.seller))
    assert {one.name for one in found.nodes} == {
        parent.name,
        "王建国",
        "李敏",
        world.members["manager"].name,
    }
    assert {(edge.kind, edge.words) for edge in found.edges} >= {("works", "总经理"), ("works", "采购")}
    assert {edge.kind for edge in found.edges} == {"works", "parent", "reports_to", "knows"}


def test_the_page_and_its_data_say_the_same_through_the_same_reach(world: World, client_for: Any) -> None:
    mine, theirs = _customer(world.seller, "苏州恒力机械有限公司"), _customer(world.elsewhere, "外地机械厂")
    odd = _customer(world.seller, ODD)
    _tie(world.admin, "sells_to", from_customer=mine.pk, to_customer=theirs.pk)
    _tie(world.seller, "competes", from_customer=mine.pk, to_customer=odd.pk)
    browser: Client = client_for(world.members["seller"])
    page = browser.get(reverse("ties", args=["customers", mine.pk]))
    data = browser.get(reverse("ties_around", args=["customers", mine.pk]))
    assert page.status_code == data.status_code == 200
    text = page.content.decode()
    assert ODD not in text
    assert "&lt;img src=x" in text
    assert theirs.name not in text + data.content.decode()
    drawn = json.loads(data.content)
    assert [one["name"] for one in drawn["nodes"]] == [ODD]
    assert drawn["more"] == ""
    assert browser.get(reverse("ties", args=["customers", theirs.pk])).status_code == 404
    assert browser.get(reverse("ties_around", args=["members", mine.pk])).status_code == 404


def test_a_closed_field_is_not_in_the_graph(world: World) -> None:
    from dataclasses import replace

    one, two = _person(world.seller, "王建国"), _person(world.seller, "李敏")
    _tie(world.seller, "friend", from_person=one.pk, to_person=two.pk, strength="77")
    for name, left in (("strength", ("friend", None)), ("kind", ("", 77))):
        reader = replace(world.seller, field_rules={("relationships", name): "hide"})
        with in_scope(reader):
            (edge,) = around(reader, "people", one, _show(reader)).edges
            assert (edge.kind, edge.strength) == left
            assert "friend" not in edge.words or name != "kind"
    for rule in (("relationships", "to_person"), ("people", "name")):
        reader = replace(world.seller, field_rules={rule: "hide"})
        with in_scope(reader):
            assert around(reader, "people", one, _show(reader)).nodes == []


def test_the_form_on_the_card_says_it_from_the_cards_side(world: World, client_for: Any) -> None:
    clerk, chief = _person(world.seller, "李敏"), _person(world.seller, "王建国")
    browser: Client = client_for(world.members["seller"])
    url = reverse("tie_new", args=["people", chief.pk])
    assert browser.get(url).status_code == 200
    assert browser.post(url, {"how": "sells_to:first", "other": str(clerk.pk)}).status_code == 422
    assert browser.post(url, {"how": "reports_to:second", "other": ""}).status_code == 422
    sent = {"how": "reports_to:second", "other": str(clerk.pk), "strength": "80"}
    assert browser.post(url, sent).status_code == 302
    assert browser.post(url, sent).status_code == 422, "there already"
    known = {"how": "knows:second", "member": str(world.manager.member_id), "strength": "", "other": ""}
    assert browser.post(url, known).status_code == 302
    with in_scope(world.seller):
        made = {(one.kind, one.from_person_id, one.to_person_id) for one in Relationship.objects.all()}
        assert made == {("reports_to", clerk.pk, chief.pk), ("knows", None, chief.pk)}


def test_at_a_new_employer_it_is_said_whom_we_know(world: World) -> None:
    before = _customer(world.seller, "常州苏谷豆制品有限公司")
    now = _customer(world.seller, "苏州恒力机械有限公司")
    person = _person(world.seller, "王建国", customer=str(before.pk), post="采购经理")
    stranger = _person(world.seller, "李敏", customer=str(now.pk))
    with in_scope(world.seller):
        edit_person(world.seller, person.pk, data={"customer": str(now.pk)}, expected_version=None)
    _tie(world.seller, "knows", from_member=world.manager.member_id, to_person=person.pk)
    with in_scope(world.seller), override("zh-hans"):
        known = acquainted(world.seller, [person.pk, stranger.pk], now.pk)
        assert set(known) == {person.pk}
        rows = {row.title: row.more for row in _people_of(world.seller, now, _show(world.seller)).rows}
    assert f"曾在 {before.name} 任职" in rows["王建国"]
    assert f"{world.members['manager'].name} 认识" in rows["王建国"]
    assert "曾在" not in rows["李敏"]


def test_the_head_of_a_new_employers_card_says_whom_we_know_there(world: World, client_for: Any) -> None:
    before = _customer(world.seller, "常州苏谷豆制品有限公司")
    now = _customer(world.seller, "苏州恒力机械有限公司")
    said = f"这里有我们认识的人：王建国（曾在{before.name}任职）。"
    person = _person(world.seller, "王建国", customer=str(before.pk), post="采购经理")
    _person(world.seller, "李敏", customer=str(now.pk))
    with in_scope(world.seller), override("zh-hans"):
        show = _show(world.seller)
        with CaptureQueriesContext(connection) as asked:
            assert _somebody_known(world.seller, now, show) is None
        assert len(asked) == 3, (
            "of what hangs on the reader's customers, what he has a part in, and his pools"
        )
        edit_person(world.seller, person.pk, data={"customer": str(now.pk)}, expected_version=None)
        alert = _somebody_known(world.seller, now, show)
        assert alert == ("good", said, find("people").url("card", id=person.pk))
        assert _somebody_known(world.seller, before, show) is None
        for rule in (("affiliations", "until"), ("customers", "name"), ("people", "name")):
            closed = replace(world.seller, field_rules={rule: "hide"})
            assert _somebody_known(closed, now, show) is None, rule
    page = client_for(world.members["seller"]).get(find("customers").url("card", id=now.pk)).content.decode()
    assert "王建国" in page.partition("gx-strip")[2]
    # Whoever does not see where he was, is told nothing of it.
    with in_scope(world.owner):
        edit_customer(
            world.owner, before.pk, data={"owner": str(world.elsewhere.member_id)}, expected_version=None
        )
    with in_scope(world.seller):
        assert _somebody_known(world.seller, now, show) is None
    # After a year it is no news.
    with in_scope(world.owner):
        old = find("affiliations").model._default_manager.get(person=person.pk, customer=before.pk)
        positions.edit(world.owner, old.pk, data={"until": "2020-01-01"}, expected_version=None)
        assert _somebody_known(world.owner, now, show) is None


def test_the_family_of_a_customer_stands_among_its_relationships(world: World) -> None:
    above = _customer(world.seller, "恒力集团有限公司")
    here = _customer(world.seller, "苏州恒力机械有限公司", parent=str(above.pk))
    for number in range(5):
        _customer(world.seller, f"恒力第{number}分厂", parent=str(here.pk), region="320500")
    hidden = _customer(world.elsewhere, "别处恒力有限公司")
    with in_scope(world.owner):
        edit_customer(world.owner, hidden.pk, data={"parent": str(here.pk)}, expected_version=None)
    other = _customer(world.seller, "无锡对手机械有限公司")
    _tie(world.seller, "competes", from_customer=here.pk, to_customer=other.pk)

    def panel(actor: Actor) -> tuple[Any, dict[str, list[str]]]:
        with in_scope(actor), override("zh-hans"):
            found = _ties_of(actor, here, _show(actor))
        groups = found.context.get("groups", ())
        return found.count, {str(title): [row.title for row in rows] for title, _note, rows in groups}

    count, groups = panel(world.seller)
    assert groups["上级公司"] == [above.name]
    assert groups["下级公司"] == [f"恒力第{number}分厂" for number in range(3)]
    assert groups["竞争对手"] == [other.name]
    assert count == 7, "the hidden one is not counted"
    closed = replace(world.seller, field_rules={("customers", "parent"): "mask"})
    assert panel(closed) == (1, {"竞争对手": [other.name]})


def test_the_api_answers_with_the_ties_of_a_record(world: World) -> None:
    one, two = _person(world.seller, "王建国"), _person(world.seller, "李敏")
    _tie(world.seller, "friend", from_person=one.pk, to_person=two.pk)
    with in_scope(world.seller):
        secret = create_token(world.seller, name="t", may_write=False)[1]
    with in_scope(world.elsewhere):
        stranger = create_token(world.elsewhere, name="t", may_write=False)[1]

    def asked(path: str, token: str) -> Any:
        return Client().get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {token}"})

    answer = asked(f"people/{one.pk}/ties", secret)
    assert answer.status_code == 200
    assert [node["name"] for node in answer.json()["nodes"]] == ["李敏"]
    assert asked(f"people/{one.pk}/ties", stranger).status_code == 404
    assert asked(f"customers/{UUID(int=1)}/ties", secret).status_code == 404
