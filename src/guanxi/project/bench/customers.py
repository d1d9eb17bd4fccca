"""`bench customers`: customers with their people and what was done with them; duplicates, merging, the timeline."""

# Chinese in code: what the bench types

import time
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.db.models import Count
from django.urls import reverse

from guanxi.activities.models import Activity
from guanxi.customers.models import Affiliation, Customer, Person
from guanxi.customers.services import scanning
from guanxi.customers.services.customers import create_customers
from guanxi.customers.services.merging import merge_customers
from guanxi.customers.services.people import create_people
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor, system_actor
from guanxi.foundation.tenancy.scope import scope
from guanxi.project.bench import building, database
from guanxi.project.bench.cases import LIMITS, PEOPLE, Case, actor_of
from guanxi.project.bench.client import Ask, Client
from guanxi.project.bench.foundation import Bench
from guanxi.project.runtime.connection import Databases
from guanxi.project.runtime.home import Home
from guanxi.resource.declaration import Resource
from guanxi.resource.registry import find

_LIMITS = {"card": 80, "timeline": 40, "search": LIMITS["search"]}
_CHILDREN = 1000  # of each of the two that are merged
_SCANNED = 20_000  # records of which the scan's speed is taken


class CustomersBench(Bench):
    """Card, timeline, search by many ways, duplicate check; a merge of two large customers; the scan."""

    name = "customers"

    def _database(self, home: Home) -> tuple[Databases, float | None]:
        recipe = building.recipe(self.customers, self.others) | {"people": True}
        databases, found = database.open_database(home, f"guanxi_bench_people_{self.customers}", recipe)
        if found:
            return databases, None
        self.say(
            f"Building {self.customers:,} customers with their people; this is kept for the next run ..."
        )
        seconds = building.build_slowly(
            self.customers,
            self.others,
            say=self.say,
            begun=lambda: database.keep(databases.owner, database.begun(recipe)),
        )
        database.settle(databases.owner)
        database.keep(databases.owner, recipe)
        return databases, round(seconds, 1)

    def _through_the_web(
        self, resource: type[Resource], clients: dict[str, Client], databases: Databases
    ) -> None:
        with self._company():
            _seller, _everything, records = self._seller_with_records(resource)
            busiest = Activity.objects.filter(customer_id__in=records).values("customer_id")
            busy = list(busiest.annotate(n=Count("id")).order_by("-n").values_list("customer_id", flat=True))
            people = list(Person.objects.filter(customer_id__in=records)[:50])
            names = list(Customer.objects.filter(pk__in=records).values_list("name", "phone"))
            told = f"{Customer.objects.count():,} customers, {Person.objects.count():,} people, "
            self.say(told + f"{Activity.objects.count():,} activities")
        for case in self._cases(resource, records, busy, people, names):
            if self.only in f"{case.group} {case.name}":
                self._measure(case, clients[case.who], databases)

    def _cases(
        self,
        resource: type[Resource],
        records: list[UUID],
        busy: list[UUID],
        people: list[Person],
        names: list[tuple[str, str]],
    ) -> list[Case]:
        cards = tuple(Ask(resource.url("card", id=one)) for one in records)
        found = [_case("card", "a customer's first response", cards)]
        cards = tuple(Ask(find("people").url("card", id=one.pk)) for one in people)
        found.append(_case("card", "a person's first response", cards))
        lines = tuple(Ask(reverse("timeline", args=["customers", one])) for one in busy or records)
        found.append(_case("timeline", "first page", lines))
        typed = {
            "a person's name": [one.name for one in people],
            "a phone's last digits": [one.phone[-4:] for one in people if one.phone],
            "a company's core name": [name[2:5] for name, _phone in names],
        }
        for name, texts in typed.items():
            asks = tuple(Ask(f"{reverse('search')}?q={quote(text)}") for text in texts)
            found += [Case("search", name, who, asks) for who in ("seller", "all") if asks]
        return found

    def _through_services(self, resource: type[Resource], databases: Databases) -> dict[str, Any]:
        with self._company():
            actor = actor_of(PEOPLE["all"])
        figures = []
        if self.only in "check":
            figures += self._checks(actor)
        if self.only in "merge":
            figures += _merge(actor)
        if self.only in "scan":
            figures += [_scan(actor.tenant_id, self.customers)]
        for one in figures:
            self.say(f"{one['name']}: {one['value']:,} {one['unit']} ({one['limit']})")
        return {"figures": figures}

    def _checks(self, actor: Actor) -> list[dict[str, Any]]:
        """The check as form, API and "is it taken?" call it, without the web around it."""
        with scope(actor.tenant_id, actor_id=actor.member_id, door="cli"):
            names = list(
                Customer.objects.order_by("id").values("name", "phone", "credit_code")[: self.requests]
            )
            taken = []
            for values in names:
                started = time.perf_counter()
                resource = find("customers")
                resource.duplicates(actor, {**values, "name": values["name"][1:]})
                taken.append((time.perf_counter() - started) * 1000)
        taken.sort()
        at = {"p50": taken[len(taken) // 2], "p95": taken[int(len(taken) * 0.95)]}
        return [
            {
                "name": f"Duplicate check, {which}",
                "value": round(value, 1),
                "unit": "ms",
                "limit": "at most 20",
            }
            for which, value in at.items()
        ]


def _case(group: str, name: str, asks: tuple[Ask, ...]) -> Case:
    return Case(group, name, "seller", asks, most=_LIMITS[group])


def _merge(actor: Actor) -> list[dict[str, Any]]:
    """Two customers with a thousand people each made one, and undone; both are deleted again."""

    def inside() -> AbstractContextManager[Any]:
        return scope(actor.tenant_id, actor_id=actor.member_id, door="cli")

    with inside():
        rows = [
            {"name": f"合并计时样本{n}", "owner_id": actor.member_id, "relations": "customer"} for n in "甲乙"
        ]
        ids = create_customers(actor, rows=rows)
        people = []
        for one in ids:
            rows = [
                {"name": f"样本{n:04d}", "customer_id": one, "owner_id": actor.member_id}
                for n in range(_CHILDREN)
            ]
            people += create_people(actor, rows=rows)
    started = time.perf_counter()
    with inside():
        merge_customers(actor, ids=ids)
        done = last_operation_id()
    merged = time.perf_counter() - started
    started = time.perf_counter()
    with inside():
        assert done is not None  # noqa: S101 - it has just been done
        undo(actor, done)
    undone = time.perf_counter() - started
    with inside():
        Affiliation.objects.filter(person_id__in=people).count()
        find("people").remove_many(actor, ids=people)
        find("customers").remove_many(actor, ids=ids)
    return [
        {"name": "Merge of two customers with 1,000 people each", "value": round(merged * 1000), "unit": "ms",
         "limit": "at most 1,000"},
        {"name": "Its undo", "value": round(undone * 1000), "unit": "ms", "limit": "without a limit"},
    ]  # fmt: skip


def _scan(tenant_id: UUID, customers: int) -> dict[str, Any]:
    """How many customers a scan looks through a second; what it found is undone."""
    actor = system_actor(tenant_id)
    scanning.SLICE = min(_SCANNED, customers)
    started = time.perf_counter()
    with scope(tenant_id, door="cli"):
        looked, _found, _onward = scanning.scan(actor, "customers")
        done = last_operation_id()
    seconds = time.perf_counter() - started
    if done is not None:
        with scope(tenant_id, door="cli"):
            undo(actor, done)
    return {"name": f"Scan for duplicates, {looked:,} customers", "value": round(looked / seconds),
            "unit": "records/s", "limit": "at least 1,111: a million in 15 minutes"}  # fmt: skip
