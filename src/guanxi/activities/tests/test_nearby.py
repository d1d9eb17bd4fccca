"""Who is near: by distance, narrowed, as far as one sees; what a pool hides stays hidden."""

# Chinese in code: names of customers in tests

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from guanxi.activities.queries.nearby import Around, nearby
from guanxi.activities.services.activities import log_activity
from guanxi.activities.tests.test_visits import EAST, HERE, NEAR, customer
from guanxi.customers.services.customers import create_customer
from guanxi.customers.tests.test_pools import make_pool, put
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.api.tests.calling import program_of
from guanxi.kernel.distances import Point
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope

ClientFor = Callable[[Member], Client]
HERE_POINT = Point(31_230_400, 121_473_700)


def _around(actor: Actor, **more: Any) -> list[tuple[str, int]]:
    asked = {"place": HERE_POINT, "metres": 10_000, "mine": False, **more}
    return [(one.customer.name, one.metres) for one in nearby(actor, Around(**asked))]


def test_the_nearest_stands_first_and_each_once_by_its_nearest_address(world: World) -> None:
    seller = world.seller
    with in_scope(seller):
        customer(seller, name="远", point=("31.330400", "121.473700"))
        both = customer(seller, name="两处", point=EAST)
        nearer = {"customer": str(both.pk), "street": "近处", "latitude": NEAR[0], "longitude": NEAR[1]}
        find("addresses").create(seller, data=nearer)
        customer(seller, name="无点", point=None)
        customer(seller, name="原地")
        assert _around(seller) == [("原地", 0), ("两处", 95)]
        assert _around(seller, metres=12_000) == [("原地", 0), ("两处", 95), ("远", 11_120)]
        assert _around(seller, metres=12_000, limit=1) == [("原地", 0)]


def test_it_is_narrowed_by_grade_and_by_how_long_nobody_met_them(world: World) -> None:
    seller = world.seller
    with in_scope(seller):
        met, silent = customer(seller, name="见过"), customer(seller, name="久别", point=NEAR)
        find("customers").edit(seller, silent.pk, data={"grade": "A"}, expected_version=None)
        for one, days in ((met, 2), (silent, 40)):
            at = (timezone.now() - timedelta(days=days)).isoformat()
            log_activity(
                seller, data={"kind": "visit", "customer": one.pk, "at": at, "outcome": "met", "text": "x"}
            )
        assert [name for name, _far in _around(seller)] == ["见过", "久别"]
        assert [name for name, _far in _around(seller, silent=30)] == ["久别"]
        assert [name for name, _far in _around(seller, silent=60)] == []
        assert [name for name, _far in _around(seller, grades=("A",))] == ["久别"]
        (found, _other) = nearby(seller, Around(place=HERE_POINT, metres=1000))
        assert found.last == timezone.localdate(timezone.now() - timedelta(days=2))


def test_what_lies_beyond_the_date_line_is_near_all_the_same(world: World) -> None:
    seller = world.seller
    with in_scope(seller):
        customer(seller, name="西", point=("-17.000000", "-179.990000"))
        customer(seller, name="东", point=("-17.000000", "179.995000"))
        found = _around(seller, place=Point(-17_000_000, 179_999_000), metres=5000)
        assert [name for name, _far in found] == ["东", "西"]
        found = _around(seller, place=Point(-17_000_000, -179_999_000), metres=5000)
        assert [name for name, _far in found] == ["东", "西"]


def test_one_sees_ones_own_and_what_ones_right_reaches(world: World) -> None:
    for name in ("seller", "teammate", "elsewhere"):
        actor = getattr(world, name)
        with in_scope(actor):
            customer(actor, name=f"{name} 的")
    for name, mine, seen in (
        ("seller", {"seller 的"}, {"seller 的"}),
        ("teammate", {"teammate 的"}, {"teammate 的"}),
        ("manager", set(), {"seller 的", "teammate 的", "elsewhere 的"}),
    ):
        actor = getattr(world, name)
        with in_scope(actor):
            assert {one for one, _far in _around(actor, mine=True)} == mine, name
            assert {one for one, _far in _around(actor)} == seen, name


def test_addresses_that_a_pool_hides_lie_nowhere(world: World) -> None:
    open_pool = make_pool(world, world.seller)
    closed = make_pool(world, world.seller, name="藏", hides="addresses,records")
    for name, pool in (("公开", open_pool), ("隐藏", closed)):
        with in_scope(world.elsewhere):
            one = customer(world.elsewhere, name=name)
        put(world.elsewhere, pool, one)
    with in_scope(world.seller):
        assert [name for name, _far in _around(world.seller)] == ["公开"]


def test_touches_that_a_pool_hides_have_no_day(world: World) -> None:
    pools = {"公开": "", "隐藏": "records"}
    for name, hides in pools.items():
        pool = make_pool(world, world.seller, name=name, hides=hides)
        with in_scope(world.elsewhere):
            one = customer(world.elsewhere, name=name)
            data = {"kind": "visit", "customer": one.pk, "outcome": "met", "text": "x"}
            log_activity(world.elsewhere, data=data)
        put(world.elsewhere, pool, one)
    with in_scope(world.seller):
        found = nearby(world.seller, Around(place=HERE_POINT, metres=1000, mine=False))
        assert {one.customer.name: one.last for one in found} == {"公开": timezone.localdate(), "隐藏": None}
        # Who may not know when it was does not learn it by asking for the silent ones.
        assert [name for name, _far in _around(world.seller, silent=30)] == ["隐藏"]


def test_the_page_asks_from_where_and_then_lists_and_draws(world: World, client_for: ClientFor) -> None:
    with in_scope(world.seller):
        here, other = (
            customer(world.seller, name="原地食品"),
            customer(world.seller, name="隔壁饮料", point=NEAR),
        )
        nowhere = create_customer(world.seller, data={"name": "无处", "relations": "customer"})
    browser = client_for(world.members["seller"])
    empty = browser.get(reverse("nearby")).content.decode()
    assert "gx-plot" not in empty
    page = browser.get(reverse("nearby"), {"latitude": HERE[0], "longitude": HERE[1]}).content.decode()
    listed = page[page.index('class="gx-spots"') :]
    assert listed.index("原地食品") < listed.index("隔壁饮料")
    assert page.count('class="gx-plot-spot"') == 2
    assert reverse("visit_customer", args=[other.pk]) in page
    page = browser.get(reverse("nearby"), {"from": str(here.pk), "radius": "1"}).content.decode()
    assert "隔壁饮料" in page
    assert "没有定位" in browser.get(reverse("nearby"), {"from": str(nowhere.pk)}).content.decode()
    # A position that the phone refused, or that is none, is said so.
    assert browser.get(reverse("nearby"), {"latitude": "", "longitude": ""}).status_code == 200
    assert browser.get(reverse("nearby"), {"latitude": "x", "longitude": "1"}).status_code == 200
    stranger = client_for(world.members["elsewhere"])
    assert stranger.get(reverse("nearby"), {"from": str(here.pk)}).status_code == 404


def test_the_api_comes_leaves_plans_and_looks_around(world: World) -> None:
    with in_scope(world.seller):
        one, nowhere = customer(world.seller), customer(world.seller, name="无处", point=None)
    program = program_of(world.seller)
    near = program.get("/nearby?latitude=31.2304&longitude=121.4747&kilometres=1").json()["items"]
    assert [(found["customer"], found["metres"]) for found in near] == [(str(one.pk), 95)]
    assert program.get("/nearby?latitude=131&longitude=0").status_code == 422
    assert program.get("/nearby?longitude=0").status_code == 422
    day = (timezone.localdate() + timedelta(days=1)).isoformat()
    made = program.post("/visits", {"day": day, "customers": [str(one.pk), str(nowhere.pk)]}).json()["items"]
    ids = [found["id"] for found in made]
    assert program.post("/visits/order", {"day": day, "activities": ids[::-1]}).status_code == 204
    assert [found["id"] for found in program.get(f"/visits?day={day}").json()["items"]] == ids[::-1]
    assert program.get("/visits?day=soon").status_code == 422
    for never in ("9999-12-31", "0001-01-01"):
        assert program.get(f"/visits?day={never}").status_code == 422
        assert program.post("/visits/order", {"day": never, "activities": ids}).status_code == 422
        assert program.post("/visits", {"day": never, "customers": [str(one.pk)]}).status_code == 422
    came = program.post(
        "/visits/check-in", {"activity": ids[1], "latitude": 31.2304, "longitude": 121.4737, "accuracy": 9.6}
    ).json()
    assert (came["accuracy"], came["distance"], came["far"], came["state"]) == (10, None, False, "done")
    placed = program.post(f"/visits/{ids[1]}/point").json()
    assert (placed["latitude"], placed["longitude"]) == (31.2304, 121.4737)
    left = program.post(f"/visits/{ids[1]}/check-out", {"outcome": "met", "text": "x"}).json()
    assert left["left"] is not None
    assert left["minutes"] == 1
    assert program.post(f"/visits/{ids[0]}/check-out", {}).status_code == 409
