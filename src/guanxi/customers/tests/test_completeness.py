"""How complete a card is, and what is worth asking for next."""

# Chinese in code: posts

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.customers.queries.completeness import customer_completeness, person_completeness
from guanxi.customers.rules.completeness import Point, asked_of_customer, completeness, decides
from guanxi.customers.services.customers import create_customer
from guanxi.customers.services.people import create_person
from guanxi.customers.services.ways import billing, business
from guanxi.integrations.api.tests.calling import program_of
from guanxi.testing.clients import client_for
from guanxi.testing.worlds import World, in_scope

_POINTS = st.lists(
    st.builds(Point, name=st.text(min_size=1, max_size=3), weight=st.integers(1, 20), there=st.booleans())
)


@given(_POINTS)
def test_what_is_missing_comes_by_weight_and_only_the_whole_is_a_hundred(points: list[Point]) -> None:
    percent, missing = completeness(points)
    assert 0 <= percent <= 100
    assert (percent == 100) == (not missing)
    weights = {id(point): point.weight for point in points if not point.there}
    assert sorted(missing) == sorted(point.name for point in points if not point.there)
    assert not missing or missing[0] in {
        point.name for point in points if point.weight == max(weights.values()) and not point.there
    }


@given(_POINTS, st.integers(0, 50))
def test_knowing_more_never_lowers_it(points: list[Point], at: int) -> None:
    if not points:
        return
    at %= len(points)
    more = [*points[:at], Point(points[at].name, points[at].weight, there=True), *points[at + 1 :]]
    assert completeness(more)[0] >= completeness(points)[0]


@pytest.mark.parametrize(
    ("post", "says"),
    [
        ("总经理", True), ("总经理助理", False), ("采购员", False), ("Managing Director", True),
        ("Assistant to the CEO", False), ("", False), ("设备主管", False), ("老板娘", True),
    ],
    ids=["manager", "assistant", "buyer", "director", "ceo-assistant", "none", "equipment", "boss"],
)  # fmt: skip
def test_who_decides_is_told_by_the_post(post: str, says: bool) -> None:
    assert decides(post) is says


def test_nobody_asks_a_person_for_a_credit_code_nor_a_bureau_for_its_billing_details() -> None:
    assert "credit_code" not in asked_of_customer("individual", ["customer"])
    assert "billing" not in asked_of_customer("organisation", ["government"])
    assert {"billing", "need", "decider"} <= asked_of_customer("organisation", ["customer"]).keys()


def test_a_customer_grows_complete_by_what_hangs_on_it(world: World) -> None:
    actor = world.admin
    with in_scope(actor):
        customer = create_customer(actor, data={"name": "临沂全知食品有限公司", "relations": "customer"})
        percent, missing = customer_completeness(actor, customer)
        ways = [way for _words, way in missing]
        assert ways[0] == f"/people/new/?customer={customer.pk}"
        assert "phone" in ways
        person = create_person(actor, data={"name": "钱多多", "customer": str(customer.pk), "post": "总经理"})
        billing.create(actor, data={"customer": str(customer.pk), "title": customer.name})
        business.create(actor, data={"customer": str(customer.pk), "kind": "need", "what": "收缩膜"})
        more, left = customer_completeness(actor, customer)
        assert more > percent
        assert not any(way.startswith("/") for _words, way in left)
        assert left[0][1] == "phone"
        assert person_completeness(actor, person)[1][0][1] == "phone"
        person.wechat = "qian888"
        assert person_completeness(actor, person)[1][0][1] != "phone"


def test_only_what_the_reader_sees_and_may_set_is_asked_for(world: World) -> None:
    actor = world.seller
    rules = {
        ("customers", "credit_code"): "hide",
        ("customers", "industry"): "read_only",
        ("customers", "phone"): "mask",
        ("billing_profiles", "title"): "hide",
    }
    with in_scope(actor):
        customer = create_customer(actor, data={"name": "不可见食品有限公司", "relations": "customer"})
        ways = {way for _words, way in customer_completeness(actor, customer)[1]}
        assert {"credit_code", "industry", "phone"} <= ways
        hidden = {
            way for _words, way in customer_completeness(replace(actor, field_rules=rules), customer)[1]
        }
        assert not {"credit_code", "industry", "phone"} & hidden
        assert not any(way.startswith("/billing") for way in hidden)


def test_the_card_leads_to_what_is_missing(world: World) -> None:
    actor = world.admin
    with in_scope(actor):
        customer = create_customer(actor, data={"name": "去补充食品有限公司", "relations": "customer"})
        create_person(actor, data={"name": "钱多多", "customer": str(customer.pk), "post": "总经理"})
    page = client_for(world.members["admin"]).get(f"/customers/{customer.pk}/").content.decode()
    assert 'data-gx-ask="fact-phone"' in page


def test_the_api_says_how_complete_a_record_is_and_what_to_ask_for_next(world: World) -> None:
    with in_scope(world.seller):
        made = create_customer(world.seller, data={"name": "苏州鼎盛食品有限公司", "relations": "customer"})
        percent, missing = customer_completeness(world.seller, made)
    program = program_of(world.seller)
    told = program.get(f"/customers/{made.pk}/completeness").json()
    assert told["percent"] == percent
    assert len(told["missing"]) == len(missing)
    fields = [one["field"] for one in told["missing"]]
    assert fields[0] == "", "a contact person is a record of its own"
    assert "phone" in fields
    assert all("/" not in field for field in fields)
    program.patch(f"/customers/{made.pk}", {"phone": "0512-65430000"})
    later = program.get(f"/customers/{made.pk}/completeness").json()
    assert later["percent"] > percent
    assert "phone" not in [one["field"] for one in later["missing"]]
    assert program_of(world.teammate).get(f"/customers/{made.pk}/completeness").status_code == 404
    with in_scope(world.seller):
        person = create_person(world.seller, data={"name": "王小明"})
    assert 0 < program.get(f"/people/{person.pk}/completeness").json()["percent"] < 100
