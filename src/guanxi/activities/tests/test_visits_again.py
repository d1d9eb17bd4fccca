"""Visits in the field that are pressed twice, not left, called off or planned again."""

# Chinese in code: names of files in tests

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Event

import pytest
from django.db import connections
from django.utils import timezone

from guanxi.activities.models import Activity, CheckIn
from guanxi.activities.queries.effective import effective
from guanxi.activities.services.visits import Photo, check_in, check_out, position_of
from guanxi.activities.tests.test_visits import EAST, NEAR, PICTURE, customer, planned
from guanxi.foundation.files.models import Attachment
from guanxi.kernel.errors import Refused
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope


def _clock(days: int, hour: int) -> datetime:
    return (timezone.localtime() + timedelta(days=days)).replace(hour=hour, minute=0, second=0, microsecond=0)


def _put(world: World, activity: Activity, state: str) -> None:
    find("activities").edit(world.seller, activity.pk, data={"state": state}, expected_version=None)


def test_coming_the_next_morning_is_another_visit(world: World) -> None:
    seller = world.seller
    with in_scope(seller):
        visited = customer(seller)
        evening = check_in(seller, customer_id=visited.pk, at=_clock(-2, 18))
        assert check_in(seller, customer_id=visited.pk, at=_clock(-2, 20)).pk == evening.pk
        morning = check_in(seller, customer_id=visited.pk, at=_clock(-1, 9))
        assert (morning.at, Activity.objects.filter(customer=visited.pk).count()) == (_clock(-1, 9), 2)


def test_two_presses_at_once_are_one_visit(world: World) -> None:
    seller, come = world.seller, Event()
    with in_scope(seller):
        visited = customer(seller)

    def first() -> None:
        try:
            with in_scope(seller):
                check_in(seller, customer_id=visited.pk)
                come.set()
                Event().wait(0.5)
        finally:
            connections.close_all()

    def second() -> None:
        try:
            come.wait(10)
            with in_scope(seller):
                check_in(seller, customer_id=visited.pk)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(first), pool.submit(second)]:
            done.result(30)
    with in_scope(seller):
        assert Activity.objects.filter(customer=visited.pk).count() == 1


def test_a_visit_called_off_is_not_left(world: World) -> None:
    seller = world.seller
    with in_scope(seller):
        visited = customer(seller)
        plan = planned(seller, visited)
        check_in(seller, activity_id=plan.pk)
        _put(world, plan, "cancelled")
        with pytest.raises(Refused):
            check_out(seller, plan.pk, outcome="met")
        with pytest.raises(Refused):
            check_in(seller, activity_id=plan.pk)
        plan.refresh_from_db()
        assert (plan.state, plan.outcome) == ("cancelled", "")
        # Coming all the same is another visit.
        assert check_in(seller, customer_id=visited.pk).activity_id != plan.pk


def test_a_visit_planned_again_begins_anew(world: World) -> None:
    seller, now = world.seller, timezone.now().replace(microsecond=0)
    with in_scope(seller):
        plan = planned(seller, customer(seller))
        first = check_in(
            seller, activity_id=plan.pk, at=now - timedelta(hours=2), position=position_of(*EAST)
        )
        _put(world, plan, "planned")
        with pytest.raises(Refused):
            check_out(seller, plan.pk, outcome="met")
        again = check_in(
            seller, activity_id=plan.pk, at=now - timedelta(hours=1), position=position_of(*NEAR)
        )
        assert (again.pk, again.at, again.distance) == (first.pk, now - timedelta(hours=1), 95)
        plan.refresh_from_db()
        assert (plan.state, plan.at) == ("done", again.at)
        assert check_out(seller, plan.pk, at=now, outcome="met").minutes == 60


def test_what_is_known_when_pressed_again_is_not_lost(world: World) -> None:
    seller = world.seller

    def photo(name: str) -> Photo:
        def chunks() -> Iterator[bytes]:
            yield PICTURE

        return Photo(name, chunks())

    with in_scope(seller):
        plan = planned(seller, customer(seller))
        check_in(seller, activity_id=plan.pk)
        check_in(seller, activity_id=plan.pk, position=position_of(*NEAR, "20"), photo=photo("门头.png"))
        came = CheckIn.objects.get()
        assert (came.distance, came.accuracy) == (95, 20)
        assert came.photo_id == Attachment.objects.get().pk
        # Where one stood first stays; another photo is kept beside.
        check_in(seller, activity_id=plan.pk, position=position_of(*EAST), photo=photo("店内.png"))
        again = CheckIn.objects.get()
        assert (again.distance, again.photo_id) == (95, came.photo_id)
        assert Attachment.objects.filter(record_id=plan.pk).count() == 2


def test_coming_counts_once_one_has_left_or_said_how_it_went(world: World) -> None:
    seller = world.seller
    with in_scope(seller):
        visited = customer(seller)
        first = check_in(seller, customer_id=visited.pk, at=_clock(-2, 10))
        second = check_in(seller, customer_id=visited.pk, at=_clock(-1, 10))
        assert not effective().exists()
        check_out(seller, first.activity_id)
        find("activities").edit(seller, second.activity_id, data={"outcome": "met"}, expected_version=None)
        assert set(effective().values_list("pk", flat=True)) == {first.activity_id, second.activity_id}
