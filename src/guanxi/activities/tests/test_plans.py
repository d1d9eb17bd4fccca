"""What the pages of activities ask is served by indexes, as the application role, beside a hundred thousand rows."""

from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache, partial
from typing import Any

import pytest
from django.db import connection, connections
from django.utils import timezone

from guanxi.activities.models import Activity
from guanxi.activities.queries import timeline
from guanxi.activities.queries.attention import cooling, unheard
from guanxi.activities.queries.calendar import agenda
from guanxi.activities.queries.commitments import due_soon
from guanxi.activities.queries.timeline import Asked
from guanxi.activities.queries.today import day_of, due_count, without_next_step
from guanxi.activities.queries.touches import planned_with
from guanxi.customers.models import Customer, Person
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.tenancy.scope import scope
from guanxi.kinds import Show
from guanxi.resource.registry import find
from guanxi.testing.planning import explain, large_tables, nodes, read_whole, statements
from guanxi.testing.worlds import World, in_scope, make_world

pytestmark = pytest.mark.slow

CUSTOMERS, ROWS, LARGE = 5_000, 100_000, 10_000

_CUSTOMERS = """
INSERT INTO customers_customer
  (tenant_id, id, version, created_at, updated_at, name, short_name, relations, credit_code, region, industry,
   size, grade, source, owner_id, phone, website, address, remarks, own, name_key, name_sort)
SELECT %(tenant)s, gen_random_uuid(), 1, now(), now(), 'C' || n, '', 'customer', '', '', '', '',
       (ARRAY['A', 'B', 'C', ''])[1 + n %% 4], '',
       CASE WHEN n %% 20 = 0 THEN %(seller)s WHEN n %% 20 < 9 THEN %(elsewhere)s ELSE %(teammate)s END::uuid,
       '', '', '', '', '{}', 'c' || n, 'c' || n
  FROM generate_series(1, %(rows)s) AS n
"""
_PEOPLE = """
INSERT INTO customers_person
  (tenant_id, id, version, created_at, updated_at, name, customer_id, department, post, phone, email, wechat, sex,
   language, channel, other_names, number, owner_id, remarks, own, name_key, name_sort)
SELECT tenant_id, gen_random_uuid(), 1, now(), now(), 'P' || name, id, '', '', '', '', '', '', '', '', '', '',
       owner_id, '', '{}', 'p' || name, 'p' || name
  FROM customers_customer
"""
_ACTIVITIES = """
INSERT INTO activities_activity
  (tenant_id, id, version, created_at, updated_at, kind, state, at, customer_id, owner_id, subject, text, own)
SELECT c.tenant_id, gen_random_uuid(), 1, now(), now(), (ARRAY['call', 'call', 'visit', 'note', 'task'])[1 + n %% 5],
       CASE WHEN n = 1 AND c.grade = 'A' THEN 'planned' ELSE 'done' END,
       now() + CASE WHEN n = 1 THEN interval '1 day' ELSE -n * interval '9 days' - random() * interval '9 days' END,
       c.id, c.owner_id, 'S' || n, 'x', '{}'
  FROM customers_customer c CROSS JOIN generate_series(1, %(each)s) AS n
"""
_PARTICIPANTS = """
INSERT INTO activities_participant (tenant_id, id, version, created_at, updated_at, activity_id, person_id, own)
SELECT a.tenant_id, gen_random_uuid(), 1, now(), now(), a.id, p.id, '{}'
  FROM activities_activity a JOIN customers_person p ON p.customer_id = a.customer_id AND p.tenant_id = a.tenant_id
"""


@lru_cache(maxsize=1)
def _filled() -> World:
    world = make_world()
    people = {name: world.members[name].id for name in ("seller", "elsewhere", "teammate")}
    with (
        scope(world.tenant_id, door="cli"),
        operation(world.system, "activities.activity.import"),
        connection.cursor() as cursor,
    ):
        # At COMMIT each reference is looked up, by a plan made while the tables were still empty.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(_CUSTOMERS, {"tenant": world.tenant_id, "rows": CUSTOMERS, **people})
        cursor.execute(_PEOPLE)
        cursor.execute(_ACTIVITIES, {"each": ROWS // CUSTOMERS})
        cursor.execute(_PARTICIPANTS)
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "ANALYZE customers_customer, customers_person, activities_activity, activities_participant"
        )
    return world


@pytest.fixture
def large(database: None) -> World:
    return _filled()


def _faults(actor: Actor, ask: Callable[[Actor], Any]) -> list[str]:
    """Tables of many rows that are read whole."""
    with in_scope(actor):
        with statements("activities_") as asked:
            ask(actor)
        assert asked
        large = large_tables(LARGE)
        return [
            f"{table} read whole: {sql}"
            for sql, params in asked
            for table in read_whole(explain(sql, params), large)
        ]


def _page(key: str, record: Any, **more: Any) -> Callable[[Actor], Any]:
    def ask(actor: Actor) -> None:
        asked = Asked(
            actor=actor, resource=find(key), record=record, show=Show(actor=actor, language="en"), **more
        )
        found, _end, _chips = timeline.page(asked)
        assert found
        planned_with(actor, find(key), record)

    return ask


@pytest.mark.parametrize("who", ["seller", "manager", "owner"])
def test_a_timeline_is_read_through_its_indexes(large: World, who: str) -> None:
    actor: Actor = getattr(large, who)
    with in_scope(large.system):
        customer = Customer.objects.filter(owner_id=large.members["seller"].pk).order_by("id")[0]
        person = Person.objects.get(customer_id=customer.pk)
    assert _faults(actor, _page("customers", customer)) == []
    assert _faults(actor, _page("customers", customer, kind="call")) == []
    assert _faults(actor, _page("customers", customer, person=person.pk)) == []
    assert _faults(actor, _page("people", person)) == []


@pytest.mark.parametrize("who", ["seller", "manager", "owner"])
def test_the_day_is_read_through_its_indexes(large: World, who: str) -> None:
    actor: Actor = getattr(large, who)
    mine = {large.members[who].pk}
    now = timezone.now()
    assert _faults(actor, lambda one: day_of(one, mine, Show(actor=one, language="en"))) == []
    assert _faults(actor, due_count) == []
    assert _faults(actor, lambda one: agenda(one, large.members[who].pk, now, now + timedelta(days=31))) == []
    assert _faults(large.seller, without_next_step) == []
    within = actor.members_within("activities.activity.view")
    assert _faults(actor, lambda one: day_of(one, within, Show(actor=one, language="en"))) == []


@pytest.mark.parametrize("who", ["seller", "manager", "owner"])
def test_who_wants_attention_is_found_through_the_indexes(large: World, who: str) -> None:
    actor: Actor = getattr(large, who)
    within = actor.members_within("activities.activity.view")
    for members in ({large.members[who].pk}, within):
        asked = (
            partial(unheard, members=members),
            partial(cooling, members=members),
            partial(due_soon, members=members, show=Show(actor=actor, language="en")),
        )
        for ask in asked:
            assert _faults(actor, ask) == []


def test_a_page_of_the_timeline_is_found_without_walking_the_table(large: World) -> None:
    """By the rows that are really touched: a customer's, not a company's."""
    with in_scope(large.system):
        customer = Customer.objects.filter(owner_id=large.members["seller"].pk).order_by("id")[0]
    with in_scope(large.seller):
        with statements("activities_") as asked:
            _page("customers", customer)(large.seller)
        for sql, params in asked:
            plan = explain(sql, params, carried_out=True)
            touched = max(
                (
                    node["Actual Rows"] * node["Actual Loops"]
                    for node in nodes(plan)
                    if node.get("Relation Name") in (Activity._meta.db_table, "activities_participant")
                ),
                default=0,  # what was promised stands in a table of its own
            )
            assert touched <= 10 * ROWS // CUSTOMERS, sql
