"""Who is near is found through the index of points, as the application role, beside many customers."""

from functools import lru_cache

import pytest
from django.db import connection, connections

from guanxi.activities.queries.nearby import Around, nearby
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.tenancy.scope import scope
from guanxi.kernel.distances import Point
from guanxi.testing.planning import Plan, explain, nodes, statements
from guanxi.testing.worlds import World, in_scope, make_world

pytestmark = pytest.mark.slow

ROWS = 40_000
# A country of forty towns; the first lies here.
TOWN = Point(25_000_000, 100_000_000)

_CUSTOMERS = """
INSERT INTO customers_customer
  (tenant_id, id, version, created_at, updated_at, name, short_name, relations, credit_code, region, industry,
   size, grade, source, owner_id, phone, website, address, remarks, own, name_key, name_sort)
SELECT %(tenant)s, gen_random_uuid(), 1, now(), now(), 'C' || n, '', 'customer', '', '', '', '',
       (ARRAY['A', 'B', 'C', ''])[1 + n %% 4], '',
       CASE WHEN n %% 200 = 0 THEN %(seller)s WHEN n %% 20 < 9 THEN %(elsewhere)s ELSE %(teammate)s END::uuid,
       '', '', '', '', '{}', 'c' || n, 'c' || n
  FROM generate_series(1, %(rows)s) AS n
"""
_ADDRESSES = """
INSERT INTO customers_address
  (tenant_id, id, version, created_at, updated_at, customer_id, use, street, region, postcode, receiver, phone, main,
   own, latitude, longitude)
SELECT tenant_id, gen_random_uuid(), 1, now(), now(), id, '', 'S', '', '', '', '', true, '{}',
       25000000 + 500000 * (town / 8) + 60000 * (random() + random() - 1),
       100000000 + 1500000 * (town % 8) + 60000 * (random() + random() - 1)
  FROM (SELECT tenant_id, id, substr(name, 2)::int / 7 % 40 AS town FROM customers_customer) AS c
"""


@lru_cache(maxsize=1)
def filled(rows: int = ROWS) -> World:
    """A company with so many customers, each with a point."""
    world = make_world()
    people = {name: world.members[name].id for name in ("seller", "elsewhere", "teammate")}
    with (
        scope(world.tenant_id, door="cli"),
        operation(world.system, "customers.customer.import"),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(_CUSTOMERS, {"tenant": world.tenant_id, "rows": rows, **people})
        cursor.execute(_ADDRESSES)
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE customers_customer, customers_address")
    return world


@pytest.fixture
def large(database: None) -> World:
    return filled()


def _read(actor: Actor, around: Around) -> list[Plan]:
    """The nodes of every statement about addresses, with what they really did."""
    with in_scope(actor):
        with statements("customers_address") as asked:
            assert nearby(actor, around)
        return [node for sql, params in asked for node in nodes(explain(sql, params, carried_out=True))]


@pytest.mark.parametrize(
    ("who", "mine"), [("seller", True), ("seller", False), ("manager", False), ("owner", False)]
)
def test_the_nearest_are_found_without_reading_the_country(large: World, who: str, mine: bool) -> None:
    steps = _read(getattr(large, who), Around(place=TOWN, metres=50_000, mine=mine))
    whole = [one for one in steps if "Seq Scan" in one["Node Type"] and "customers_" in one["Relation Name"]]
    assert whole == []
    touched = [one["Actual Rows"] * one["Actual Loops"] for one in steps if one.get("Relation Name")]
    # The town, and what lies in the larger rings around it; a small part of all.
    assert max(touched) <= ROWS / 20


def test_a_larger_company_uses_the_index_of_points(large: World) -> None:
    steps = _read(large.owner, Around(place=TOWN, metres=5000, mine=False))
    assert "address_point" in {one.get("Index Name") for one in steps}
