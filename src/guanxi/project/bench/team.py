"""`bench team`: the night's work at pools, claims, Today and handovers, where two hundred share a million customers."""

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from guanxi.customers.models import Customer, Pool
from guanxi.customers.queries.falling import terms_of, would_fall
from guanxi.customers.queries.pools import places_of
from guanxi.customers.rules.pools import Term
from guanxi.customers.services.pools import release
from guanxi.customers.services.recycling import RECYCLE, recycle_pools
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor, system_actor
from guanxi.foundation.permissions.queries import load_actor
from guanxi.foundation.tenancy.scope import scope
from guanxi.integrations.api.tokens import create_token
from guanxi.project.bench import building, database
from guanxi.project.bench.cases import PEOPLE, Case, actor_of
from guanxi.project.bench.client import Ask, Client, Unexpected
from guanxi.project.bench.crowding import build_team
from guanxi.project.bench.foundation import Bench
from guanxi.project.bench.measuring import WARM
from guanxi.project.runtime.connection import Databases
from guanxi.project.runtime.home import Home
from guanxi.resource import guards
from guanxi.resource.declaration import Resource
from guanxi.team.rules import Plan
from guanxi.team.services.handover import hand_over

_TODAY, _CLAIM = 80, 40  # milliseconds at the 95th percentile
_AT_ONCE = 500  # who want the same customer
_GIVEN = 5000  # customers of whoever hands over, as nearly as somebody has
_NIGHTS = (3, 30)  # from now


class TeamBench(Bench):
    """Today, claims one by one and all at once; what a night recycles, what a rule would, a handover, their undo."""

    name = "team"

    def _database(self, home: Home) -> tuple[Databases, float | None]:
        recipe = self._recipe()
        databases, found = database.open_database(home, f"guanxi_bench_team_{self.customers}", recipe)
        if found:
            return databases, None
        self.say(f"Building {self.customers:,} customers of two hundred people; this is kept ...")
        started = time.perf_counter()
        build_team(self.customers, seed=building.SEED)
        database.settle(databases.owner)
        database.keep(databases.owner, recipe)
        return databases, round(time.perf_counter() - started, 1)

    def _recipe(self) -> dict[str, Any]:
        return building.recipe(self.customers, 0) | {"team": 1}

    def _through_the_web(
        self, resource: type[Resource], clients: dict[str, Client], databases: Databases
    ) -> None:
        for who, client in clients.items():
            if self.only in "today":
                case = Case("today", "the day's page", who, (Ask(reverse("today")),), most=_TODAY)
                self._measure(case, client, databases)
        if self.only in "claim":
            self._claims(resource, clients["seller"])
            self._at_once(resource, clients["seller"])

    def _claims(self, resource: type[Resource], client: Client) -> None:
        """Each press claims another customer; all lie in the pool again afterwards."""
        with self._company():
            actor = actor_of(PEOPLE["seller"])
            lying = _lying(actor, self.requests + WARM)
        asks = tuple(
            client.form(f"{resource.url('card', id=one)}act/claim/", {}, expects=204, htmx=True)
            for one in lying
        )
        self._measure(Case("claim", "by a press on the card", "seller", asks, most=_CLAIM), client, None)
        self._release(actor, lying)

    def _at_once(self, resource: type[Resource], client: Client) -> None:
        """So many want the same customer at the same moment, each on a connection of his own: one gets it."""
        with self._company():
            (one,) = _lying(actor_of(PEOPLE["seller"]), 1)
            pool = Customer.objects.values_list("pool_id", flat=True).get(pk=one)
            people = _claimants(pool)
        secrets = [_secret(actor) for actor in people]
        ends: list[bool] = []
        gate = threading.Barrier(_AT_ONCE)

        def attempt(number: int) -> None:
            headers = {
                "Authorization": f"Bearer {secrets[number % len(secrets)]}",
                "Content-Type": "application/json",
            }
            mine = Client(client.port)
            ask = Ask(f"/api/v1/{resource.key}/{one}/actions/claim", "POST", b'{"inputs": {}}', headers)
            gate.wait(60)
            try:
                mine.ask(ask)
                ends.append(True)
            except Unexpected as error:
                if ": 409" not in str(error):
                    raise
                ends.append(False)
            finally:
                mine.close()

        threads = [threading.Thread(target=attempt, args=(number,)) for number in range(_AT_ONCE)]
        started = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds = round(time.perf_counter() - started, 1)
        won = sum(ends)
        self.say(f"Of {len(ends)} who claimed one customer at once {won} got it, in {seconds} s")
        if len(ends) != _AT_ONCE or won != 1:
            self.failed.append(f"{_AT_ONCE} claims at once: {len(ends)} answers, {won} winners")
        self._release(_system(), [one])

    def _release(self, actor: Actor, ids: Sequence[UUID]) -> None:
        with self._company():
            release(actor, ids=[*ids], why="other")

    def _through_services(self, resource: type[Resource], databases: Databases) -> dict[str, Any]:
        figures: list[dict[str, Any]] = []
        for one in self._rates():
            self.say(f"{one['name']}: {one['value']:,} {one['unit']} ({one['limit']})")
            figures.append(one)
        database.settle(databases.owner)
        return {"figures": figures}

    def _rates(self) -> Iterator[dict[str, Any]]:
        if self.only in "recycle":
            yield from self._would_recycle()
            for days in _NIGHTS:
                yield from self._recycle(days)
        if self.only in "handover":
            yield from self._handover()

    def _would_recycle(self) -> Iterator[dict[str, Any]]:
        with self._company():
            actor = actor_of(PEOPLE["all"])
            for pool in Pool.objects.exclude(terms=[]).order_by("name"):
                for terms in (terms_of(pool), _stricter(terms_of(pool))):
                    started = time.perf_counter()
                    found = would_fall(actor, pool, terms)
                    yield _seconds(f"Would recycle {found['count']:,}", started, "at most 2 s")

    def _recycle(self, days: int) -> Iterator[dict[str, Any]]:
        """The night's work over all pools as if nobody had done anything for some days; kept, and taken back."""
        actor, began = _system(), timezone.now()
        started = time.perf_counter()
        with scope(actor.tenant_id, door="cli"):
            fell = recycle_pools(actor, timezone.localdate() + timedelta(days=days))
        yield _seconds(f"Night in {days} days: {fell:,} customers fall", started, "at most 60 s")
        with self._company():
            made = list(Operation.objects.filter(verb=RECYCLE, at__gte=began).values_list("id", flat=True))
        started = time.perf_counter()
        for one in reversed(made):
            with self._company():
                undo(actor, one)
        yield _seconds(f"Its undo, {len(made)} operations", started, "at most 60 s")

    def _handover(self) -> Iterator[dict[str, Any]]:
        with self._company():
            actor = _system()
            counted = (
                Customer.objects.filter(owner__isnull=False).values_list("owner_id").annotate(n=Count("*"))
            )
            by_nearness = sorted(counted, key=lambda one: abs(one[1] - _GIVEN))
            (member, count), (successor, _n) = by_nearness[0], by_nearness[1]
        started = time.perf_counter()
        with self._company(), guards.accepting([guards.EVERY_WARNING]):
            made = hand_over(actor, member, plan=Plan(successor), reason="bench")
        records = sum(made.counts.values())
        yield _seconds(f"Handover of {count:,} customers, {records:,} records", started, "at most 60 s")
        with self._company():
            operation = Operation.objects.filter(record_id=made.pk).latest("at").pk
        started = time.perf_counter()
        with self._company():
            undo(actor, operation)
        yield _seconds("Its undo", started, "at most 60 s")


def _seconds(name: str, started: float, limit: str) -> dict[str, Any]:
    return {"name": name, "value": round(time.perf_counter() - started, 2), "unit": "s", "limit": limit}


def _stricter(terms: Sequence[Term]) -> list[Term]:
    """Half as many days."""
    return [
        replace(
            one,
            days=one.days and one.days // 2,
            by_grade={grade: days and days // 2 for grade, days in one.by_grade.items()},
        )
        for one in terms
    ]


def _system() -> Actor:
    return system_actor(building.company().id)


def _lying(actor: Actor, number: int) -> list[UUID]:
    """Customers of nobody that the actor may claim; needs the company's scope."""
    rows = Customer.objects.filter(owner__isnull=True, pool__in=places_of([_me(actor)]).claims).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:number])


def _me(actor: Actor) -> UUID:
    if actor.member_id is None:
        raise RuntimeError("a member is needed")
    return actor.member_id


def _claimants(pool: UUID) -> list[Actor]:
    """Everybody who may claim from a pool; needs the company's scope."""
    members = Member.objects.filter(left_on__isnull=True).values_list("pk", flat=True)
    return [load_actor(one) for one in members if pool in places_of([one]).claims]


def _secret(actor: Actor) -> str:
    with scope(actor.tenant_id, actor_id=actor.member_id, door="cli"):
        return create_token(actor, name="bench", may_write=True, days=30)[1]
