"""`bench selling`: board, move, list, card and forecast, where two hundred people sell to a million customers."""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.urls import reverse

from guanxi.catalog.models import Product
from guanxi.customers.models import Customer
from guanxi.demo.sales import add_sales
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import system_actor
from guanxi.foundation.tenancy.scope import scope
from guanxi.project.bench import building, database
from guanxi.project.bench.cases import PEOPLE, Case, actor_of
from guanxi.project.bench.client import Ask, Client
from guanxi.project.bench.crowding import build_team
from guanxi.project.bench.measuring import WARM
from guanxi.project.bench.multiplying import multiply
from guanxi.project.bench.team import TeamBench
from guanxi.project.runtime.connection import Databases
from guanxi.project.runtime.home import Home
from guanxi.resource import access
from guanxi.resource.declaration import Resource
from guanxi.resource.registry import find
from guanxi.sales.choices import State
from guanxi.sales.models import Line, Move, Opportunity
from guanxi.sales.queries.pipelines import ways

# Milliseconds at the 95th percentile, of the whole request.
_LIMITS = {"board": 120, "move": 60, "sale": 80, "forecast": 300}
_BOARD_OF_MANY = 200
_HERS = 500  # open sales of the seller who is measured
_WHOLE = 100_000  # customers of the largest company that is built one by one
_TIMES = 10
_PART = 1000
_BUILT = "bench.selling.build"


class SellingBench(TeamBench):
    """On the company of `bench team`, with as many sales of the last two years as there are customers by half (three
    tenths in a company of up to 100,000). A larger one is a tenth of it, multiplied (multiplying.py)."""

    name = "selling"

    def _database(self, home: Home) -> tuple[Databases, float | None]:
        started = time.perf_counter()
        if self.customers > _WHOLE:
            databases, there = self._multiplied(home)
        else:
            databases, _seconds = super()._database(home)
            there = database.holds(databases.owner, self._recipe() | {"sales": 1})
            if not there:
                self._build(self.customers * 3 // 10)
        if there:
            return databases, None
        _enough()
        database.settle(databases.owner)
        database.keep(databases.owner, self._recipe() | {"sales": 1})
        return databases, round(time.perf_counter() - started, 1)

    def _multiplied(self, home: Home) -> tuple[Databases, bool]:
        recipe = self._recipe() | {"sales": 1}
        databases, there = database.open_database(home, f"guanxi_bench_selling_{self.customers}", recipe)
        if not there:
            customers, begun = self.customers // _TIMES, database.begun(recipe)
            if not database.holds(databases.owner, begun):
                self.say(f"Building {customers:,} customers of two hundred people, to be multiplied ...")
                build_team(customers, seed=building.SEED)
                self._build(customers // 2)
                database.settle(databases.owner)
                database.keep(databases.owner, begun)
            company = building.company().pk
            multiply(database.above_all(home), databases.owner.name, company, _TIMES, self.say)
        return databases, there

    def _build(self, sales: int) -> None:
        self.say(f"Building {sales:,} sales ...")
        _build(sales, datetime.now(tz=UTC).date(), self.say)

    def _through_the_web(
        self, resource: type[Resource], clients: dict[str, Client], databases: Databases
    ) -> None:
        sales = find("opportunities")
        with self._company():
            self.say(f"{Opportunity.objects.count():,} sales, {Move.objects.count():,} changes of them")
            for who, username in PEOPLE.items():
                count = access.visible(actor_of(username), sales).filter(state=State.OPEN).count()
                self.say(f"{who}: {count:,} open sales")
            cases = [one for one in _cases(sales) if self.only in f"{one.group} {one.name}"]
            movable, stages = _movable()
        for case in cases:
            self._measure(case, clients[case.who], databases)
        if self.only in "move":
            asks = tuple(_moves(clients["seller"], movable, stages, self.requests + WARM))
            case = Case("move", "from a stage to the next and back", "seller", asks, most=_LIMITS["move"])
            self._measure(case, clients["seller"], None)

    def _through_services(self, resource: type[Resource], databases: Databases) -> dict[str, Any]:
        return {}


def _cases(sales: type[Resource]) -> Iterator[Case]:
    mine = access.visible(actor_of(PEOPLE["seller"]), sales).filter(state=State.OPEN)
    cards = tuple(
        Ask(sales.url("card", id=pk)) for pk in mine.order_by("-updated_at").values_list("pk", flat=True)[:50]
    )
    forecast = reverse("opportunities_forecast")
    for who in PEOPLE:
        most = _LIMITS["board"] if who == "seller" else _BOARD_OF_MANY
        yield Case("board", "the open sales by stage", who, (Ask(f"{sales.url()}?look=board"),), most=most)
        yield Case("list", "as a table", who, (Ask(f"{sales.url()}?look=list"),))
        for by in ("owner", "stage"):
            asks = (Ask(f"{forecast}?by={by}"),)
            yield Case("forecast", f"by {by} and month", who, asks, most=_LIMITS["forecast"])
    yield Case("sale", "a card's first response, 50 in turn", "seller", cards, most=_LIMITS["sale"])


def _movable() -> tuple[list[UUID], tuple[UUID, UUID]]:
    """Sales of the seller in the two last open stages, between which nothing is asked for, and these stages."""
    (pipeline, *_more) = ways().pipelines
    before, last = [one.pk for one in ways().of[pipeline.pk] if one.kind == State.OPEN][-2:]
    member = actor_of(PEOPLE["seller"]).member_id
    rows = Opportunity.objects.filter(owner=member, stage=before, person__isnull=False)
    rows = rows if rows.exists() else Opportunity.objects.filter(owner=member, stage=before)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:50]), (before, last)


def _moves(client: Client, sales: list[UUID], stages: tuple[UUID, UUID], count: int) -> Iterator[Ask]:
    """So many moves: each a stage on, then each back, and so forth."""
    for number in range(count):
        way = number // len(sales) % 2
        fields = {"from": str(stages[way]), "stage": str(stages[1 - way]), "reason": "bench"}
        yield client.form(
            reverse("board_move", args=[sales[number % len(sales)]]), fields, expects=200, htmx=True
        )


def _build(sales: int, today: date, say: Any) -> None:
    """Sales of two years for everybody who has customers, by how many; what an earlier call made is kept."""
    tenant = building.company()
    actor = system_actor(tenant.id)
    with scope(tenant.id, door="setup"):
        held = Customer.objects.filter(owner__isnull=False, relations__contains="customer")
        counted = dict(held.values_list("owner_id").annotate(n=Count("*")).order_by("owner_id"))
        made = dict(Opportunity.objects.values_list("owner_id").annotate(n=Count("*")))
        products = list(Product.objects.filter(state="active").order_by("code").values_list("pk", flat=True))
    whole = sum(counted.values())
    for number, (member, count) in enumerate(counted.items()):
        wanted = sales * count // whole - made.get(member, 0)
        with scope(tenant.id, door="setup"), operation(actor, _BUILT):
            if wanted > 0:
                add_sales(actor, [member], today, building.SEED + number, count=wanted)
        with scope(tenant.id, door="setup"):
            _lines(actor, member, products)
        if number % 20 == 0:
            say(f"{number + 1} of {len(counted)} sellers")


def _enough() -> None:
    """As many open sales of the seller who is measured as are wanted."""
    tenant = building.company()
    actor, today = system_actor(tenant.id), datetime.now(tz=UTC).date()
    with scope(tenant.id, door="setup"):
        seller = Member.objects.get(account__username=PEOPLE["seller"]).pk
        held = Opportunity.objects.filter(owner=seller)
        hers, all_of_her = held.filter(state=State.OPEN).count(), held.count()
        products = list(Product.objects.filter(state="active").order_by("code").values_list("pk", flat=True))
        if hers < _HERS:
            more = (_HERS - hers) * all_of_her // hers if hers else _HERS
            with operation(actor, _BUILT):
                add_sales(actor, [seller], today, building.SEED - 1, count=more)
            _lines(actor, seller, products)


def _lines(actor: Any, member: UUID, products: list[UUID]) -> None:
    """One product each, to the sales of a member that have none."""
    rows = Opportunity.objects.filter(owner=member).exclude(pk__in=Line.objects.values("opportunity"))
    found = list(rows.order_by("pk").values_list("pk", "amount"))
    for start in range(0, len(found), _PART):
        with operation(actor, _BUILT):
            find("sale_lines").create_many(
                actor,
                rows=[
                    {
                        "opportunity_id": pk,
                        "product_id": products[number % len(products)],
                        "quantity": 1000 * (1 + number % 3),
                        # Ten-thousandths of a yuan for one piece; the amount of the sale is in hundredths.
                        "price": (amount or 0) * 100 // (1 + number % 3),
                    }
                    for number, (pk, amount) in enumerate(found[start : start + _PART])
                ],
            )
