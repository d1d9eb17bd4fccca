"""Every declared sort and filter of customers is served by an index, as the application role, at 100,000 rows.

Row-level security uses no index for operators that may leak, so a plan seen as the owner proves nothing. The
exception is search, whose function runs as the owner: its statements are planned as the owner, from its source.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

import pytest
from django.db import connection, connections
from django.http import QueryDict

from guanxi.customers.models import Customer, Pool
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.search.grams import leads_of, queries_of, tag, words_of
from guanxi.foundation.tenancy.scope import scope
from guanxi.kinds import DateTime
from guanxi.resource import listing
from guanxi.resource.registry import find
from guanxi.tailoring.services.fields import add_field
from guanxi.tailoring.services.indexes import fill
from guanxi.testing.factories import make
from guanxi.testing.planning import Plan, explain, large_tables, nodes, read_whole, statements
from guanxi.testing.worlds import World, in_scope, make_world

pytestmark = pytest.mark.slow

ROWS, OTHER_ROWS = 100_000, 20_000
LARGE = 10_000  # rows from which a table must not be read whole

# Names of four characters and phones, spread so that every column has frequent and rare values. Half of all is
# nobody's or the manager's, a twentieth the seller's.
_FILL = """
INSERT INTO customers_customer
  (tenant_id, id, version, created_at, updated_at, name, short_name, relations, credit_code, region, industry,
   size, grade, source, owner_id, parent_id, phone, website, address, remarks, own, name_key, name_sort)
SELECT %(tenant)s, gen_random_uuid(), 1, moment, moment, name, '',
       (ARRAY['customer', 'customer', 'customer', 'customer,distributor', 'supplier', 'bank'])[1 + n %% 6],
       CASE WHEN n %% 3 = 0 THEN '' ELSE lpad(n::text, 18, '9') END,
       (ARRAY['320500', '320500', '310000', '440300', 'DE', ''])[1 + n * 7 %% 6] , lpad((n * 13 %% 60)::text, 2, '0'),
       (ARRAY['1', '20', '20', '100', '500', ''])[1 + n * 11 %% 6], (ARRAY['A', 'B', 'C', 'C', 'D', ''])[1 + n %% 6],
       (ARRAY['referral', 'search', 'phone', ''])[1 + n * 5 %% 4],
       CASE WHEN n %% 20 = 0 THEN %(seller)s WHEN n %% 20 < 5 THEN %(elsewhere)s WHEN n %% 20 < 9 THEN %(teammate)s
            WHEN n %% 20 < 12 THEN %(manager)s END::uuid,
       NULL, '0512-' || lpad((n * 7919 %% 100000000)::text, 8, '0'), '', '', '',
       jsonb_build_object('x_number', n %% 20000, 'x_code', 'K' || n %% 30000)
           || CASE WHEN n %% 3 = 0 THEN '{"x_colours": ["blue"]}'
                   WHEN n %% 999 = 1 THEN '{"x_colours": ["blue", "red"]}' ELSE '{}' END::jsonb, name, name
  FROM (SELECT n, now() - n * interval '31 minutes' AS moment,
               chr(19968 + n * 37 %% 900) || chr(19968 + n * 61 %% 900) || chr(19968 + n * 17 %% 700) || n AS name
          FROM generate_series(1, %(rows)s) AS n) AS numbers
"""
_INDEX = """
INSERT INTO search_entry (tenant_id, id, created_at, resource, owner_id, title, detail, text, grams)
SELECT tenant_id, id, now(), 'customers', owner_id, name, '', name || E'\n' || digits,
       ARRAY[%(tag)s || '^' || left(name, 1), %(tag)s || '^' || left(name, 2), %(tag)s || left(name, 2),
             %(tag)s || substr(name, 2, 2), %(tag)s || '^' || left(digits, 2), %(tag)s || right(digits, 3),
             %(tag)s || substr(digits, 9, 3), %(tag)s || substr(digits, 8, 3)]
  FROM (SELECT *, replace(phone, '-', '') AS digits FROM customers_customer) AS c
"""


def _fill(world: World, rows: int) -> None:
    people = {name: world.members[name].id for name in ("seller", "elsewhere", "teammate", "manager")}
    with (
        scope(world.tenant_id, door="cli"),
        operation(world.system, "customers.customer.import"),
        connection.cursor() as cursor,
    ):
        cursor.execute(_FILL, {"tenant": world.tenant_id, "rows": rows, **people})
        cursor.execute(_INDEX, {"tag": tag(world.tenant_id)})


def _index_own_fields(world: World) -> None:
    colours = [{"en": "blue"}, {"en": "red"}]
    with in_scope(world.admin):
        for kind, label in (("number", "number"), ("text", "code"), ("choices", "colours")):
            data = {"label_en": label, "indexed": True, "options": colours}
            row = add_field(world.admin, resource="customers", kind=kind, data=data)
            assert row.name == f"x_{label}"
            fill(world.admin, row)


@lru_cache(maxsize=1)
def _filled() -> World:
    world, other = make_world(), make_world()
    _fill(world, ROWS)
    _fill(other, OTHER_ROWS)
    _index_own_fields(world)
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE customers_customer, search_entry, accounts_member, tailoring_ownvalue")
    return world


@pytest.fixture
def large(database: None) -> World:
    """A company with 100,000 customers beside another; made once for this file."""
    return _filled()


# Reading plans


def _faults(plan: Plan, *, in_order: bool = False) -> list[str]:
    """What is wrong with a plan: a large table read whole; with `in_order`, rows sorted that an index has sorted."""
    found = [f"{table} read whole" for table in read_whole(plan, large_tables(LARGE))]
    if in_order:
        found += [f"Sort by {node['Sort Key']}" for node in nodes(plan) if node["Node Type"] == "Sort"]
    return found


def _list_faults(actor: Actor, query: str, *, in_order: bool = False) -> dict[str, list[str]]:
    """Faults of the first page and of the one behind it, by what was asked."""
    resource = find("customers")
    found: dict[str, list[str]] = {}
    with in_scope(actor):
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user, row_security_active('customers_customer')")
            assert cursor.fetchone() == (connection.settings_dict["USER"], True)
        wanted = listing.read(actor, resource, QueryDict(query))
        after = ""
        for page in ("first page", "next page"):
            with statements(Customer._meta.db_table) as asked:
                after = wanted.page(resource.columns, after=after).after or ""
            if not asked:  # a choice that no row has: nothing is asked at all
                assert after == ""
            for sql, params in asked:
                faults = _faults(explain(sql, params), in_order=in_order)
                if faults:
                    found[f"{query or 'all'}, {page}"] = faults
            if not after:
                break
    return found


def _values(world: World, name: str) -> list[str]:
    """A frequent and a rare value of a field."""
    if name == "owner":
        return [str(world.members["elsewhere"].id), str(world.members["seller"].id)]
    if name == "parent":
        with in_scope(world.system):
            return [str(Customer.objects.order_by("name_sort").values_list("id", flat=True)[0])]
    if name == "pool":
        with in_scope(world.admin):
            return [str((Pool.objects.first() or make(world.admin, find("pools"))).pk)]
    return {
        "grade": ["C", "A", "A,B"],
        "relations": ["customer", "bank", "competitor"],
        "region": ["320500", "320000", "DE", "CN"],
        "industry": ["34", "13"],
        "size": ["20", "500", "1000"],
        "source": ["referral", "walk_in"],
        "credit_code": ["91320594MA1MBR0Y5N"],
        "category": ["trader", "oem"],
        "credit_rating": ["AAA", "D"],
        "number": ["K-7"],
    }[name]


def _every_filter(world: World) -> Iterator[str]:
    """A query string for every declared filter and every operator it knows."""
    resource = find("customers")
    for name in resource.filters:
        kind = resource.kind(name)
        for operator in kind.operators:
            key = name if operator == "is" else f"{name}.{operator}"
            if operator == "contains":  # no index serves it: it has a limit of time instead
                continue
            if operator in ("empty", "filled"):
                yield f"{key}="
            elif isinstance(kind, DateTime):
                days = {
                    "within": ["today", "this_month", "last_year"],
                    "between": ["2026-11-01,2026-11-09", "2001-01-01,2026-01-01"],
                    "last": ["1", "365"],
                    "next": ["1", "365"],
                    "since": ["2026-11-01", "2001-01-01"],
                    "until": ["2026-11-01", "2001-01-01"],
                }
                yield from (f"{key}={value}" for value in days[operator])
            elif operator == "starts":
                yield f"{key}={_values(world, name)[0]}"
            else:
                yield from (f"{key}={value}" for value in _values(world, name))


def test_the_check_itself_sees_a_table_that_is_read_whole_and_sorted(large: World) -> None:
    with in_scope(large.seller):
        with statements(Customer._meta.db_table) as asked:
            list(Customer.objects.order_by("address")[:51])
        (statement,) = asked
        # Beside few rows of other companies the company's own index may serve: then nothing would be seen here.
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_indexscan = off; SET LOCAL enable_bitmapscan = off")
        faults = _faults(explain(*statement), in_order=True)
    assert any("read whole" in fault for fault in faults)
    assert any(fault.startswith("Sort") for fault in faults)


@pytest.mark.parametrize("who", ["seller", "owner"])
def test_every_sort_is_read_from_an_index_in_its_order(large: World, who: str) -> None:
    found: dict[str, list[str]] = {}
    for sort in find("customers").sorts:
        for sign in ("", "-"):
            found |= _list_faults(getattr(large, who), f"sort={sign}{sort.key}", in_order=True)
    assert found == {}


@pytest.mark.parametrize("who", ["seller", "owner"])
def test_no_filter_reads_the_whole_table(large: World, who: str) -> None:
    found: dict[str, list[str]] = {}
    for query in _every_filter(large):
        found |= _list_faults(getattr(large, who), query)
    assert found == {}


@pytest.mark.parametrize("who", ["seller", "owner"])
def test_own_fields_with_an_index_are_filtered_through_it(large: World, who: str) -> None:
    found: dict[str, list[str]] = {}
    for query in (
        "x_number=7", "x_number.between=100,120", "x_number.least=19990", "x_number.most=15000", "x_number.filled=",
        "x_number.not=7", "x_number.outside=5,19990",
        "x_number.empty=", "x_code=K7,K29999", "x_code.not=K7", "x_code.starts=K2999", "x_colours=blue",
        "x_colours=red", "x_colours.not=blue", "x_colours.empty=", "x_number.most=50&x_colours=blue",
        "x_code=K7&sort=name",
    ):  # fmt: skip
        found |= _list_faults(getattr(large, who), query)
        with in_scope(large.owner):
            assert listing.read(large.owner, find("customers"), QueryDict(query)).promised, query
    assert found == {}


@pytest.mark.parametrize("who", ["seller", "owner"])
def test_filters_with_every_sort_do_not_read_the_whole_table(large: World, who: str) -> None:
    found: dict[str, list[str]] = {}
    for sort in find("customers").sorts:
        for query in ("grade=A", "relations=bank", "region=320000", "source=referral&grade=B", "industry=13"):
            found |= _list_faults(getattr(large, who), f"{query}&sort={sort.key}")
    assert found == {}


@pytest.mark.parametrize("who", ["seller", "owner"])
def test_what_an_index_serves_is_told_apart_from_what_has_a_limit_of_time(large: World, who: str) -> None:
    actor: Actor = getattr(large, who)
    with in_scope(actor):
        for query in ("", "sort=-grade", "grade=A&region=320000", "created_at.within=this_month", "q=丁七"):
            assert listing.read(actor, find("customers"), QueryDict(query)).promised, query
        for query in ("sort=grade,-updated_at", "name.contains=丁", "phone=1", "grade=A&remarks.filled="):
            assert not listing.read(actor, find("customers"), QueryDict(query)).promised, query


def test_a_team_of_several_reads_no_whole_table(large: World) -> None:
    found: dict[str, list[str]] = {}
    for sort in find("customers").sorts:
        found |= _list_faults(large.manager, f"sort={sort.key}")
    assert found == {}


def test_who_has_a_part_in_others_customers_reads_no_whole_table(large: World) -> None:
    member = large.members["admin"].id
    actor = replace(large.seller, member_id=member)  # who owns nothing
    with in_scope(large.system):
        some = list(
            Customer.objects.filter(owner_id=large.seller.member_id).values_list("pk", flat=True)[:300]
        )
        find("charges").create_many(
            large.system, rows=[{"customer_id": one, "member_id": member, "unit": "东区"} for one in some]
        )
    found: dict[str, list[str]] = {}
    for sort in find("customers").sorts:
        for query in ("", "grade=A&"):
            found |= _list_faults(actor, f"{query}sort={sort.key}")
    assert found == {}


_PARAMETERS = ("of_resource", "owners", "anchored", "grams", "needle", "words", "looked", "most", "company")


def _search_statements(function: str = "guanxi_search") -> list[str]:
    """The statements inside a search function, their parameters as psycopg names them."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = %s", [function])
        (source,) = cursor.fetchone()
    found = []
    for text in re.findall(r"RETURN QUERY\s+(SELECT.*?);", source, re.DOTALL):
        text = text.replace("%", "%%").replace(f"{function}.grams", "<grams>")
        for name in _PARAMETERS:
            if name != "grams":
                text = re.sub(rf"(?<![.\w]){name}\b", f"<{name}>", text)
        found.append(re.sub(r"<(\w+)>", r"%(\1)s", text))
    assert found
    return found


@pytest.mark.parametrize("who", ["seller", "owner"])
@pytest.mark.parametrize("typed", ["一丁", "一丁七", "丁七", "0512", "7919", "zzz", "鑫鑫"])
def test_search_uses_the_index_of_grams_for_every_piece(large: World, who: str, typed: str) -> None:
    actor: Actor = getattr(large, who)
    within = actor.members_within("customers.customer.view")
    types = {"owners": "uuid[]", "anchored": "text[]", "grams": "text[]"}
    for query in queries_of(typed):
        mark = tag(large.tenant_id)
        values = {
            "company": large.tenant_id,
            "of_resource": "customers",
            "owners": sorted(within) if within is not None else None,
            "anchored": [mark + gram for gram in query.anchored],
            "grams": [mark + gram for gram in query.anywhere],
            "needle": query.needle,
            "most": 200,
        }
        for sql in _search_statements():
            if "%(anchored)s" in sql and not query.anchored:
                continue  # the end of a phone has no beginning to look for
            for name, kind in types.items():
                sql = sql.replace(f"%({name})s", f"%({name})s::{kind}")
            plan = explain(sql, values, using="owner")
            assert _faults(plan) == []
            assert any(node.get("Index Name") == "search_entry_grams" for node in nodes(plan)), plan


@pytest.mark.parametrize("who", ["seller", "owner"])
@pytest.mark.parametrize(
    "typed", ["一丁 七", "丁七 公司", "一丁 0512", "yiding 七鑫", "zz 12", "鑫鑫 有限公司 机械"]
)
def test_words_use_the_index_of_grams_wherever_they_lead(large: World, who: str, typed: str) -> None:
    actor: Actor = getattr(large, who)
    within = actor.members_within("customers.customer.view")
    words = words_of(typed)
    leads = leads_of(words)
    assert leads
    (sql,) = _search_statements("guanxi_search_words")
    for name in ("owners", "grams", "words"):
        sql = sql.replace(f"%({name})s", f"%({name})s::{'uuid[]' if name == 'owners' else 'text[]'}")
    for lead in leads:
        values = {
            "company": large.tenant_id,
            "of_resource": "customers",
            "owners": sorted(within) if within is not None else None,
            "grams": [tag(large.tenant_id) + gram for gram in lead],
            "words": [f"%{word}%" for word in words],
            "looked": 3000,
            "most": 200,
        }
        plan = explain(sql, values, using="owner")
        assert _faults(plan) == []
        assert any(node.get("Index Name") == "search_entry_grams" for node in nodes(plan)), plan
