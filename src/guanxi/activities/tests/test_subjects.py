"""Touches and promises about records of upper contexts: said by start-up, seen by whoever sees the record."""

# Chinese in code: names and texts in tests

from typing import Any

import pytest
from django.utils import timezone

from guanxi.activities.kinds import SubjectLink
from guanxi.activities.models import Activity, Commitment
from guanxi.activities.queries import subjects, timeline
from guanxi.activities.queries.commitments import promise_lines, promises_with
from guanxi.activities.queries.subjects import Subject, carry
from guanxi.activities.queries.timeline import Asked
from guanxi.activities.queries.touches import SOURCE, planned_with
from guanxi.activities.services.activities import edit_activity, log_activity
from guanxi.activities.services.commitments import create_commitment, edit_commitment
from guanxi.customers.services.customers import create_customer
from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid
from guanxi.kinds import Show
from guanxi.resource import access
from guanxi.resource.registry import find
from guanxi.testing.factories import sample
from guanxi.testing.worlds import World, in_scope


@pytest.fixture(autouse=True)
def cars_are_subjects(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subjects, "_subjects", {})
    monkeypatch.setattr(timeline, "_sources", {**timeline._sources, "vehicles": [SOURCE]})
    carry(Subject("vehicles", "stands_at"))


def _car(actor: Actor, **more: Any) -> Any:
    cars = find("vehicles")
    return cars.create(actor, data={**sample(cars), "driver": str(actor.member_id), **more})


def _said(actor: Actor, record: Any, key: str) -> list[timeline.Entry]:
    show = Show(actor=actor, language="en")
    return timeline.entries(Asked(actor=actor, resource=find(key), record=record, show=show))[0]


def test_what_is_logged_about_a_record_stands_in_its_timeline_and_in_its_customers(world: World) -> None:
    with in_scope(world.seller):
        customer = create_customer(
            world.seller, data={"name": "苏州鼎盛食品有限公司", "relations": "customer"}
        )
        car = _car(world.seller, stands_at=str(customer.pk))
        made = log_activity(
            world.seller,
            data={"kind": "call", "text": "问了样品", "about_id": car.pk},
            next_one={"kind": "call", "at": timezone.now().isoformat()},
            promises=[{"side": "ours", "what": "寄样品", "due": "2027-01-04"}],
        )
        assert (made.about, made.customer_id) == ("vehicles", customer.pk)
        (promise,) = Commitment.objects.filter(activity=made)
        assert (promise.about_id, promise.customer_id) == (car.pk, customer.pk)
        assert [one.about_id for one in planned_with(world.seller, find("vehicles"), car)] == [car.pk]
        (there,) = [one for one in _said(world.seller, car, "vehicles") if one.source == "activities"]
        assert there.text == "问了样品"
        assert str(car) not in there.note
        (line,) = [one for one in _said(world.seller, customer, "customers") if one.source == "activities"]
        assert str(car) in line.note
        assert list(promises_with(world.seller, find("vehicles"), car)) == [promise]
        (said,) = promise_lines([promise], Show(actor=world.seller))
        assert (said.about, said.customer) == (str(car), str(customer))


def test_whoever_sees_the_record_sees_the_touch_and_nobody_else(world: World) -> None:
    with in_scope(world.seller):
        car = _car(world.seller)
    # By somebody who is nobody's subordinate: what is left is the way over the record.
    with in_scope(world.owner):
        log_activity(world.owner, data={"kind": "note", "text": "只关于车", "about_id": car.pk})
        create_commitment(
            world.owner,
            data={"side": "ours", "what": "送车", "due": "2027-01-04", "about_id": car.pk},
        )
    for actor, seen in ((world.seller, 1), (world.manager, 1), (world.teammate, 0)):
        with in_scope(actor):
            for key in ("activities", "commitments"):
                rows = access.visible(actor, find(key)).filter(about_id=car.pk)
                assert rows.count() == seen, (actor, key)


def test_a_promise_to_a_customer_alone_says_its_customer(world: World) -> None:
    with in_scope(world.seller):
        customer = create_customer(
            world.seller, data={"name": "苏州鼎盛食品有限公司", "relations": "customer"}
        )
        data = {"side": "ours", "what": "寄样品", "due": "2027-01-04", "customer": str(customer.pk)}
        promise = create_commitment(world.seller, data=data)
        (said,) = promise_lines([promise], Show(actor=world.seller))
        assert (said.customer, said.about) == (str(customer), "")


def test_a_promise_is_made_to_a_customer_or_about_a_record(world: World) -> None:
    data = {"side": "ours", "what": "送车", "due": "2027-01-04"}
    with in_scope(world.seller):
        with pytest.raises(Invalid) as said:
            create_commitment(world.seller, data=data)
        assert set(said.value.fields) == {"customer"}
        car = _car(world.seller)
        made = create_commitment(world.seller, data={**data, "about_id": car.pk})
        with pytest.raises(Invalid):
            edit_commitment(world.seller, made.pk, data={"about_id": ""}, expected_version=None)


def test_a_record_out_of_sight_is_none_that_a_touch_can_be_about(world: World) -> None:
    with in_scope(world.elsewhere):
        car = _car(world.elsewhere)
    with in_scope(world.seller), pytest.raises(Invalid):
        log_activity(world.seller, data={"kind": "note", "text": "别人的车", "about_id": car.pk})


def test_what_a_touch_is_about_can_be_changed_and_that_undone(world: World) -> None:
    with in_scope(world.seller):
        first, second = _car(world.seller), _car(world.seller)
        made = log_activity(world.seller, data={"kind": "note", "text": "车", "about_id": first.pk})
        edit_activity(world.seller, made.pk, data={"about_id": second.pk}, expected_version=made.version)
        operation = Operation.objects.latest("id")
        edit_activity(world.seller, made.pk, data={"about_id": ""}, expected_version=None)
        cleared = Activity.objects.get(pk=made.pk)
        assert (cleared.about, cleared.about_id) == ("", None)
        undo(world.seller, Operation.objects.latest("id").pk)
        undo(world.seller, operation.pk)
        assert Activity.objects.get(pk=made.pk).about_id == first.pk


def test_a_cell_names_a_record_of_any_kind_by_what_it_is_called(world: World) -> None:
    with in_scope(world.seller):
        car = _car(world.seller)
        kind = find("activities").kind("about_id")
        assert isinstance(kind, SubjectLink)
        assert kind.clean(str(car), world.seller) == car.pk
        assert kind.name_of(car.pk, Show(actor=world.seller)) == str(car)
