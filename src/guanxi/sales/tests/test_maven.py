"""The four files of a hardware seller move in: figures of screens, API and SQL are those of the files; undo takes
all of it out."""

import calendar
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from guanxi.catalog.models import Product, ProductLine
from guanxi.customers.models import Customer
from guanxi.foundation.accounts.models import Department, Member
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.ledger.undo import undo
from guanxi.integrations.api.tests.calling import Program, program_of
from guanxi.integrations.imports.mapping import match_table
from guanxi.integrations.imports.reading import open_table
from guanxi.integrations.imports.services import Options, run_import
from guanxi.integrations.moves.services import move_in
from guanxi.integrations.moves.sets import add_file, begin_set, welcome_all
from guanxi.resource.registry import find
from guanxi.sales.models import Line, Opportunity, Stage
from guanxi.sales.queries import review
from guanxi.sales.queries.forecasting import forecast
from guanxi.sales.services.defaults import make_defaults
from guanxi.sales.services.review import answer_customer, answer_text
from guanxi.sales.tests.maven import (
    ACCOUNTS,
    HERE,
    MEANT,
    PIPELINE,
    PRODUCTS,
    TEAMS,
    UNKNOWN,
    WHY_NOT,
    figures,
    rows,
)
from guanxi.testing.clients import client_for
from guanxi.testing.worlds import World, in_scope

pytestmark = [pytest.mark.shared_data, pytest.mark.skipif(not HERE.is_dir(), reason=WHY_NOT)]
STAGES = {
    "Prospecting": 0,
    "Engaging": 1,
    "Won": 5,
    "Lost": 6,
}  # places in the pipeline that a company begins with
_ENTITIES = (Opportunity, Line, Customer, Product, ProductLine, Member, Department)


def _moved_in(world: World) -> dict[str, Any]:
    with in_scope(world.admin):
        make_defaults(world.admin)
    with in_scope(world.admin):
        move = begin_set(world.admin, "en")
        for name in (PIPELINE, ACCOUNTS, TEAMS, PRODUCTS):
            move = add_file(world.admin, move, name=name, chunks=[(HERE / name).read_bytes()])
        assert {one.holds for one in move.files} == {"opportunities", "customers", "members", "products"}
        return move_in(world.admin, welcome_all(move), rehearse=False)


def _there() -> list[int]:
    return [model._default_manager.count() for model in _ENTITIES]


def test_the_four_files_move_in_with_every_figure_and_go_out_whole(world: World) -> None:
    said = figures()
    with in_scope(world.admin):
        before = _there()
    found = _moved_in(world)
    files = {one["name"]: one for one in found["files"]}
    assert [(files[name]["rows"], files[name]["created"], files[name]["rejected"]) for name in files] == [
        (7, 7, 0), (85, 85, 0), (8800, 8800, 0),
    ]  # fmt: skip
    assert (found["colleagues"], found["departments"], files[PIPELINE]["warnings"]) == (41, 3, 0)
    assert [one["there"] == one["here"] for one in files[PIPELINE]["sums"]] == [True]
    with in_scope(world.admin):
        stages = list(Stage.objects.order_by("position"))
        people = dict(Member.objects.values_list("name", "pk"))
        products = dict(Product.objects.values_list("name", "pk"))
        assert _there() == [a + b for a, b in zip(before, (8800, 8800, 85, 7, 3, 41, 3), strict=True)]
        _teams(people)
        _nothing_is_invented(said)
    _in_sql(world, said, stages, products)
    keys = {
        "stage": {name: str(stages[at].pk) for name, at in STAGES.items()},
        "seller": {name: str(people[name]) for name in said["seller"]},
        "product": {name: str(products[name]) for name in said["product"] if name != UNKNOWN},
    }
    _on_screens(world, said, keys)
    _in_the_api(program_of(world.admin), said, keys)
    _in_the_forecast(world, said)
    _reviewed(world, said, stages, products)
    with in_scope(world.admin):
        undo(world.admin, found["operation"])
    with in_scope(world.admin):
        assert _there() == before


def _teams(people: dict[str, Any]) -> None:
    for row in rows(TEAMS):
        one = Member.objects.select_related("department", "superior").get(pk=people[row["sales_agent"]])
        assert one.department is not None
        assert one.superior is not None
        assert (one.department.name, one.superior.name) == (row["regional_office"], row["manager"])
        assert one.account_id is None


def _nothing_is_invented(said: dict[str, Any]) -> None:
    assert Opportunity.objects.filter(customer=None).count() == said["accountless"] == 1425
    unknown = Line.objects.filter(product=None)
    assert unknown.count() == said["product"][UNKNOWN] == 1480
    assert set(unknown.values_list("text", "suggested__name")) == {(UNKNOWN, MEANT)}
    one, row = Opportunity.objects.get(external_number=rows(PIPELINE)[0]["opportunity_id"]), rows(PIPELINE)[0]
    assert one.name == f"{row['account']} · {row['product']}"
    assert (one.opened_on.isoformat(), str(one.closed_on)) == (row["engage_date"], row["close_date"])
    assert timezone.localdate(one.stage_since) == one.closed_on
    engaging = Opportunity.objects.filter(state="open", opened_on__lt="2018-01-01").first()
    assert engaging is not None
    assert timezone.localdate(engaging.stage_since) == engaging.opened_on


def _in_sql(world: World, said: dict[str, Any], stages: list[Stage], products: dict[str, Any]) -> None:
    def counted(sql: str) -> dict[Any, Any]:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return dict(cursor.fetchall())

    with in_scope(world.admin):
        by_stage = counted("SELECT stage_id, count(*) FROM sales_opportunity GROUP BY 1")
        assert {name: by_stage[stages[at].pk] for name, at in STAGES.items()} == said["stage"]
        by = "SELECT m.name, count(*) FROM sales_opportunity o JOIN accounts_member m ON m.id = o.owner_id GROUP BY 1"
        assert counted(by) == said["seller"]
        by = "SELECT coalesce(p.name, l.text), count(*) FROM sales_line l LEFT JOIN catalog_product p"
        assert counted(by + " ON p.id = l.product_id GROUP BY 1") == said["product"]
        month = "SELECT to_char(closed_on, 'YYYY-MM'), {} FROM sales_opportunity WHERE {} GROUP BY 1"
        assert counted(month.format("count(*)", "closed_on IS NOT NULL")) == said["month"]
        assert counted(month.format("sum(amount)::bigint", "state = 'won'")) == said["won_month"]
        of_won = "SELECT sum(amount)::bigint, sum(closed_on - opened_on) FROM sales_opportunity WHERE state = 'won'"
        assert counted(of_won) == {said["won"]: said["days"]}
        assert set(products) == {row["product"] for row in rows(PRODUCTS)}


def _asked(said: dict[str, Any], keys: dict[str, dict[str, str]]) -> list[tuple[str, str, int]]:
    """Lists by resource and filter, and how many each holds."""
    asked = [("opportunities", "", 8800), ("opportunities", "customer.empty=1", said["accountless"])]
    for by, field in (("stage", "stage"), ("seller", "owner")):
        asked += [("opportunities", f"{field}={key}", said[by][name]) for name, key in keys[by].items()]
    asked += [
        ("sale_lines", f"product={key}", said["product"][name]) for name, key in keys["product"].items()
    ]
    asked.append(("sale_lines", "suggested.filled=1", said["product"][UNKNOWN]))
    for month, count in said["month"].items():
        asked.append(("opportunities", "closed_on.between=" + ",".join(map(str, _days(month))), count))
    return asked


def _days(month: str) -> tuple[date, date]:
    first = date.fromisoformat(f"{month}-01")
    return first, first + timedelta(calendar.monthrange(first.year, first.month)[1] - 1)


def _reviewed(world: World, said: dict[str, Any], stages: list[Stage], products: dict[str, Any]) -> None:
    """Every question is answered at once, no figure changes by it, and what was answered is asked again after undo."""
    acts = []
    with in_scope(world.admin):
        assert review.totals(world.admin) == (said["accountless"], said["product"][UNKNOWN])
        (one,) = review.texts(world.admin, 9)
        assert (one.text, one.suggested, one.lines) == (UNKNOWN, products[MEANT], said["product"][UNKNOWN])
        assert (
            answer_text(world.admin, text=one.text, suggested=one.suggested, product=one.suggested)
            == one.lines
        )
        acts.append(last_operation_id())
    with in_scope(world.admin):
        ids = list(review.customerless(world.admin).values_list("pk", flat=True))
        assert answer_customer(world.admin, ids=ids, customer=None) == said["accountless"]
        acts.append(last_operation_id())
    after = {**said["product"], MEANT: said["product"].get(MEANT, 0) + said["product"][UNKNOWN]}
    del after[UNKNOWN]
    _in_sql(world, {**said, "product": after}, stages, products)
    with in_scope(world.admin):
        assert review.totals(world.admin) == (0, 0)
        assert Line.objects.filter(text=UNKNOWN).count() == said["product"][UNKNOWN]
    for act in reversed(acts):
        with in_scope(world.admin):
            assert act is not None
            undo(world.admin, act)
    with in_scope(world.admin):
        assert review.totals(world.admin) == (said["accountless"], said["product"][UNKNOWN])


def _on_screens(world: World, said: dict[str, Any], keys: dict[str, dict[str, str]]) -> None:
    client = client_for(world.members["admin"])
    for resource, query, count in _asked(said, keys):
        page = client.get(f"{find(resource).url('total')}?exact=1&{query}").content.decode()
        assert f"{count:,}" in page, (query, count)
    board = client.get("/opportunities/?look=board").content.decode()
    for name in ("Prospecting", "Engaging"):
        assert f"{said['stage'][name]:,}" in board


def _in_the_api(program: Program, said: dict[str, Any], keys: dict[str, dict[str, str]]) -> None:
    for resource, query, count in _asked(said, keys):
        body = program.get(f"/{resource}?total=exact&limit=1&{query}").json()
        assert body["total"] == {"count": count, "exact": True}, query
    won: Counter[str] = Counter()
    days, after = 0, ""
    while True:
        query = f"state=won&fields=amount,opened_on,closed_on&limit=200{after}"
        body = program.get(f"/opportunities?{query}").json()
        for one in body["items"]:
            won[one["closed_on"][:7]] += round(float(one["amount"]) * 100)
            days += (date.fromisoformat(one["closed_on"]) - date.fromisoformat(one["opened_on"])).days
        if not body.get("next"):
            break
        after = f"&after={body['next']}"
    assert (dict(won), sum(won.values()), days) == (said["won_month"], said["won"], said["days"])


def _in_the_forecast(world: World, said: dict[str, Any]) -> None:
    with in_scope(world.admin):
        found = forecast(world.admin, date(2017, 1, 1), date(2017, 12, 31), "owner")
    won: Counter[str] = Counter()
    for (_who, month), sums in found.items():
        won[f"{month:%Y-%m}"] += sums.won
    assert dict(won) == said["won_month"]


@pytest.mark.slow
def test_each_file_comes_in_by_its_own_import_too(world: World) -> None:
    said = figures()
    with in_scope(world.admin):
        make_defaults(world.admin)
    with in_scope(world.admin):
        team = add_file(
            world.admin, begin_set(world.admin, "en"), name=TEAMS, chunks=[(HERE / TEAMS).read_bytes()]
        )
        found = move_in(world.admin, welcome_all(team), rehearse=False)
        assert (found["files"], found["colleagues"], found["departments"]) == ([], 41, 3)
    for key, name, count in (
        ("products", PRODUCTS, 7),
        ("customers", ACCOUNTS, 85),
        ("opportunities", PIPELINE, 8800),
    ):
        with in_scope(world.admin):
            table = open_table(HERE / name)
            columns = match_table(world.admin, find(key), table)
            outcome = run_import(
                world.admin, resource=find(key), table=table, columns=columns, options=Options()
            )
            assert (outcome.created, outcome.rejected) == (count, 0)
    with in_scope(world.admin):
        stages = list(Stage.objects.order_by("position"))
        products = dict(Product.objects.values_list("name", "pk"))
        _nothing_is_invented(said)
    _in_sql(world, said, stages, products)
