"""Visits in the field: coming with a position and without, leaving, who may and who sees it."""

# Chinese in code: names of customers in tests

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from guanxi.activities.models import Activity, CheckIn
from guanxi.activities.queries.timeline import Asked
from guanxi.activities.queries.touches import read
from guanxi.activities.services.activities import plan_activity
from guanxi.activities.services.visits import check_in, check_out, position_of, set_point
from guanxi.customers.models import Address, Charge, Customer
from guanxi.customers.services.customers import create_customer
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.files.models import Attachment
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.services import close_member
from guanxi.kernel.errors import Forbidden, Invalid, NotFound, Refused
from guanxi.kinds import Show
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope

ClientFor = Callable[[Member], Client]
# People's Square in Shanghai; the second lies 951 metres east of it, the third some 95.
HERE, EAST, NEAR = ("31.230400", "121.473700"), ("31.230400", "121.483700"), ("31.230400", "121.474700")
PICTURE = b"\x89PNG\r\n\x1a\n" + b"0" * 64


def customer(
    actor: Actor, *, point: tuple[str, str] | None = HERE, name: str = "人民广场食品有限公司"
) -> Customer:
    made: Customer = create_customer(actor, data={"name": name, "relations": "customer"})
    if point is not None:
        data = {
            "customer": str(made.pk),
            "street": "人民大道 1 号",
            "latitude": point[0],
            "longitude": point[1],
        }
        find("addresses").create(actor, data=data)
    return made


def planned(actor: Actor, at: Customer, days: int = 0, **more: Any) -> Activity:
    when = (timezone.localtime() + timedelta(days=days)).replace(hour=23, minute=0)
    return plan_activity(actor, data={"kind": "visit", "customer": at.pk, "at": when.isoformat(), **more})


def test_a_planned_visit_of_the_day_is_started_and_says_how_far_it_was(world: World) -> None:
    seller = world.seller
    with in_scope(seller):
        visited = customer(seller)
        plan = planned(seller, visited, subject="看样机")
        came = check_in(seller, customer_id=visited.pk, position=position_of(*NEAR, "20"))
        assert (came.activity_id, came.distance, came.accuracy, came.far) == (plan.pk, 95, 20, False)
        plan.refresh_from_db()
        assert (plan.state, plan.at) == ("done", came.at)
        # Pressed again, it is the same.
        assert check_in(seller, customer_id=visited.pk, position=position_of(*EAST)).pk == came.pk
        assert check_in(seller, activity_id=plan.pk).pk == came.pk
        assert Activity.objects.filter(customer=visited.pk).count() == 1


def test_too_far_is_flagged_and_not_refused_and_a_blurred_position_is_given_the_benefit(world: World) -> None:
    seller = world.seller
    with in_scope(seller):
        sharp = check_in(
            seller, customer_id=customer(seller, name="甲").pk, position=position_of(*EAST, "30")
        )
        blurred = check_in(
            seller, customer_id=customer(seller, name="乙").pk, position=position_of(*EAST, "600")
        )
        assert (sharp.distance, sharp.far) == (951, True)
        assert (blurred.distance, blurred.far) == (951, False)


def test_a_visit_nobody_planned_is_made_and_one_without_a_position_too(world: World) -> None:
    seller = world.seller
    with in_scope(seller):
        visited = customer(seller)
        came = check_in(seller, customer_id=visited.pk)
        made = Activity.objects.get(pk=came.activity_id)
        assert (made.kind, made.state, made.owner_id, came.latitude) == (
            "visit",
            "done",
            seller.member_id,
            None,
        )
        check_out(seller, made.pk, outcome="met")
        # After leaving, coming is another visit.
        assert check_in(seller, customer_id=visited.pk).activity_id != made.pk


def test_leaving_says_how_long_it_took_and_plans_the_next_and_is_undone_as_one(world: World) -> None:
    seller = world.seller
    with in_scope(seller):
        visited = customer(seller)
        now = timezone.now()
        came = check_in(seller, customer_id=visited.pk, at=now - timedelta(minutes=75))
        left = now - timedelta(minutes=5)
        next_one = {"kind": "call", "at": (now + timedelta(days=7)).isoformat()}
        done = check_out(seller, came.activity_id, at=left, outcome="met", text="谈妥", next_one=next_one)
        operation = last_operation_id()
        assert (done.minutes, done.outcome, done.text) == (70, "met", "谈妥")
        assert Activity.objects.filter(follows=done.pk, kind="call").count() == 1
        # The same again changes nothing; another one is refused.
        assert check_out(seller, done.pk, at=left, outcome="met", text="谈妥").pk == done.pk
        with pytest.raises(Refused):
            check_out(seller, done.pk, at=now, outcome="not_met")
        done.refresh_from_db()
        assert (done.minutes, done.text) == (70, "谈妥")
    with in_scope(seller):
        assert operation is not None
        undo(seller, operation)
        done.refresh_from_db()
        assert (done.minutes, done.outcome) == (None, "")
        assert not Activity.objects.filter(follows=done.pk).exists()
        assert CheckIn.objects.get(activity=done.pk).left_at is None


def test_undone_the_visit_is_planned_again(world: World) -> None:
    seller = world.seller
    with in_scope(seller):
        plan = planned(seller, customer(seller))
        was = plan.at
        check_in(seller, activity_id=plan.pk, position=position_of(*HERE))
        operation = last_operation_id()
        assert operation is not None
        undo(seller, operation)
        plan.refresh_from_db()
        assert (plan.state, plan.at, CheckIn.objects.count()) == ("planned", was, 0)


def test_what_was_done_without_network_stands_at_its_time_and_nothing_in_the_future(world: World) -> None:
    seller, now = world.seller, timezone.now()
    with in_scope(seller):
        visited = customer(seller)
        earlier = check_in(seller, customer_id=visited.pk, at=now - timedelta(days=2))
        assert abs(earlier.at - (now - timedelta(days=2))) < timedelta(seconds=2)
        later = check_in(seller, customer_id=visited.pk, at=now + timedelta(hours=3))
        assert later.pk != earlier.pk
        assert later.at <= timezone.now()
        with pytest.raises(Invalid):
            check_in(seller, customer_id=visited.pk, at=now - timedelta(days=8))


@pytest.mark.parametrize(
    "wrong", [("91", "0"), ("0", "181"), ("nan", "0"), ("here", "there"), ("1", ""), ("inf", "1")]
)
def test_what_is_no_position_is_said_so(wrong: tuple[str, str]) -> None:
    with pytest.raises(Invalid):
        position_of(*wrong)


def test_a_customer_without_a_point_is_put_where_one_stands_once(world: World) -> None:
    seller = world.seller
    with in_scope(seller):
        visited = customer(seller, point=None)
        came = check_in(seller, customer_id=visited.pk, position=position_of(*HERE, "10"))
        assert (came.distance, came.far) == (None, False)
        address = set_point(seller, came.activity_id)
        assert (address.latitude, address.longitude) == (31_230_400, 121_473_700)
        operation = last_operation_id()
        with pytest.raises(Refused):
            set_point(seller, came.activity_id)
        assert operation is not None
        undo(seller, operation)
        assert not Address.objects.filter(customer=visited.pk).exists()


def test_only_whoever_makes_the_visit_comes_to_it(world: World) -> None:
    with in_scope(world.seller):
        plan = planned(world.seller, customer(world.seller))
    with in_scope(world.manager), pytest.raises(Refused):
        check_in(world.manager, activity_id=plan.pk)
    for name in ("teammate", "elsewhere"):
        actor = getattr(world, name)
        with in_scope(actor), pytest.raises(NotFound):
            check_in(actor, activity_id=plan.pk)
    with in_scope(world.seller):
        check_in(world.seller, activity_id=plan.pk)
        assert CheckIn.objects.count() == 1
    with in_scope(world.manager), pytest.raises(Refused):
        check_out(world.manager, plan.pk, outcome="met")


def test_a_collaborator_sees_it_and_leaves_it_alone(world: World) -> None:
    with in_scope(world.seller):
        visited = customer(world.seller)
        came = check_in(world.seller, customer_id=visited.pk, position=position_of(*EAST, "10"))
        charge = {"customer": str(visited.pk), "member": str(world.teammate.member_id), "power": "read"}
        find("charges").create(world.seller, data=charge)
        assert Charge.objects.count() == 1
    for name, sees in (("seller", True), ("teammate", True), ("manager", True), ("elsewhere", False)):
        actor = getattr(world, name)
        with in_scope(actor):
            asked = Asked(
                actor=actor, resource=find("customers"), record=visited, show=Show(actor=actor, language="en")
            )
            entries = [one for one in read(asked) if one.context["came"]]
            assert [one.context["came"].far for one in entries] == ([True] if sees else []), name
    with in_scope(world.teammate), pytest.raises(Forbidden):
        check_out(world.teammate, came.activity_id, outcome="met")


def test_of_whoever_left_it_stays_with_the_customer(world: World) -> None:
    with in_scope(world.seller):
        visited = customer(world.seller)
        check_in(world.seller, customer_id=visited.pk, position=position_of(*NEAR, "10"))
    with in_scope(world.admin):
        find("customers").edit(
            world.admin, visited.pk, data={"owner": str(world.teammate.member_id)}, expected_version=None
        )
        close_member(world.admin, world.members["seller"].id)
    for name, sees in (("teammate", 1), ("manager", 1), ("elsewhere", 0)):
        actor = getattr(world, name)
        with in_scope(actor):
            asked = Asked(
                actor=actor, resource=find("customers"), record=visited, show=Show(actor=actor, language="en")
            )
            assert len([one for one in read(asked) if one.context["came"]]) == sees, name
    with in_scope(world.admin):
        assert CheckIn.objects.get().member_id == world.members["seller"].id


# The pages


def test_one_comes_and_leaves_on_the_page_without_script(world: World, client_for: ClientFor) -> None:
    with in_scope(world.seller):
        visited = customer(world.seller)
    browser = client_for(world.members["seller"])
    page = browser.get(reverse("visit_customer", args=[visited.pk])).content.decode()
    assert "data-gx-queue=" in page
    answer = browser.post(
        reverse("visit_customer", args=[visited.pk]),
        {
            "done_at": timezone.now().isoformat(),
            "latitude": EAST[0],
            "longitude": EAST[1],
            "accuracy": "12.4",
            "photo": SimpleUploadedFile("门头.png", PICTURE, "image/png"),
        },
    )
    with in_scope(world.seller):
        came = CheckIn.objects.get()
        photo = Attachment.objects.get()
        assert came.photo_id == photo.pk
        assert (photo.resource, photo.record_id) == ("activities", came.activity_id)
    assert answer["Location"] == reverse("visit", args=[came.activity_id])
    page = browser.get(answer["Location"]).content.decode()
    assert "离客户较远" in page
    assert str(photo.pk) in page
    out = reverse("visit_out", args=[came.activity_id])
    assert out in page
    browser.post(out, {"outcome": "met", "text": "谈妥"})
    timeline = browser.get(reverse("timeline", args=["customers", visited.pk])).content.decode()
    assert "谈妥" in timeline
    assert "离客户较远" in timeline
    assert str(photo.pk) in timeline


def test_what_is_no_picture_is_said_so_and_nothing_is_written(world: World, client_for: ClientFor) -> None:
    with in_scope(world.seller):
        plan = planned(world.seller, customer(world.seller))
    answer = client_for(world.members["seller"]).post(
        reverse("visit_in", args=[plan.pk]),
        {"photo": SimpleUploadedFile("a.pdf", b"%PDF", "application/pdf")},
    )
    assert answer.status_code == 422
    with in_scope(world.seller):
        assert not CheckIn.objects.exists()


def test_the_point_is_offered_where_it_is_missing_and_set_by_its_own_press(
    world: World, client_for: ClientFor
) -> None:
    with in_scope(world.seller):
        visited = customer(world.seller, point=None)
        came = check_in(world.seller, customer_id=visited.pk, position=position_of(*HERE))
    browser = client_for(world.members["seller"])
    url = reverse("visit_point", args=[came.activity_id])
    assert url in browser.get(reverse("visit", args=[came.activity_id])).content.decode()
    assert browser.post(url).status_code == 302
    assert browser.post(url).status_code == 409
    with in_scope(world.seller):
        assert Address.objects.get(customer=visited.pk).latitude == 31_230_400
    # A manager sees the visit, and nothing to press.
    page = (
        client_for(world.members["manager"]).get(reverse("visit", args=[came.activity_id])).content.decode()
    )
    assert url not in page
    assert reverse("visit_out", args=[came.activity_id]) not in page
