"""An e-mail that nobody answered in time becomes a promise, whoever received it; an answer keeps it."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from guanxi.activities.models import Activity, Commitment, Letter
from guanxi.activities.services.answering import change_answering, companies_waiting, promise_answers
from guanxi.activities.services.mailing import record_mail
from guanxi.channels.models import Mention, Message
from guanxi.channels.services.storing import Arrival
from guanxi.customers.services.customers import create_customer
from guanxi.kernel.errors import Invalid
from guanxi.kernel.ids import new_id
from guanxi.kernel.worktime import OFFICIAL
from guanxi.testing.worlds import World, in_scope

ZONE = ZoneInfo("Asia/Shanghai")
BUYER = "buyer@theirs.test"


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("came", "hours", "due"),
    [
        ("2026-11-23 10:00", 4, "2026-11-23 15:00"),
        ("2026-11-23 16:00", 4, "2026-11-24 11:00"),
        ("2026-11-23 23:30", 1, "2026-11-24 10:00"),
        ("2026-11-27 17:00", 2, "2026-11-30 10:00"),  # a Friday
        ("2026-11-28 12:00", 8, "2026-11-30 18:00"),  # a Saturday
        ("2026-09-30 17:00", 2, "2026-10-08 10:00"),  # before the National Day's week
    ],
)
def test_working_hours_pass_on_working_days(came: str, hours: int, due: str) -> None:
    assert OFFICIAL.after(_at(came), timedelta(hours=hours)) == _at(due)


def _mail(
    world: World, customer: UUID, direction: str, at: datetime, thread: str, who: str = "seller"
) -> Message:
    ours = f"{who}@ours.test"
    message = Message(
        member_id=world.members[who].pk,
        ref=f"{new_id()}@x",
        thread=thread,
        direction=direction,
        sender=BUYER if direction == "in" else ours,
        recipients=[{"name": "", "mail": ours if direction == "in" else BUYER, "as": "to"}],
        subject="Please call",
        at=at,
        text="x",
    )
    message.save(force_insert=True)
    known = [("customers", customer)]
    Mention.objects.create(message_id=message.pk, address=BUYER, resource="customers", record_id=customer)
    record_mail(getattr(world, who), [Arrival(message, None, {BUYER: known})])
    return message


@pytest.fixture
def customer(world: World) -> UUID:
    with in_scope(world.seller):
        made = create_customer(world.seller, data={"name": "Dinghsheng Foods", "relations": "customer"})
        return UUID(str(made.pk))


def test_what_nobody_answered_is_promised_once_and_kept_by_whoever_answers(
    world: World, customer: UUID
) -> None:
    long_ago = timezone.now() - timedelta(days=30)
    with in_scope(world.teammate):
        # A colleague received it; the customer's owner answers for it.
        _mail(world, customer, "in", long_ago, "t1", who="teammate")
    assert world.tenant_id in companies_waiting(timezone.now())
    with in_scope(world.seller, door="job"):
        assert promise_answers(timezone.now()) == 1
        assert promise_answers(timezone.now()) == 0
        promise = Commitment.objects.get()
        assert (promise.owner_id, promise.state, promise.side) == (world.seller.member_id, "open", "ours")
        assert "Please call" in promise.what
        assert promise.activity_id == Activity.objects.get().pk
    assert world.tenant_id not in companies_waiting(timezone.now())
    with in_scope(world.manager):
        _mail(world, customer, "out", timezone.now(), "t1", who="manager")
        promise.refresh_from_db()
        assert promise.state == "kept"


def test_an_answer_in_time_leaves_no_promise_also_where_it_is_read_first(
    world: World, customer: UUID
) -> None:
    long_ago = timezone.now() - timedelta(days=30)
    with in_scope(world.seller):
        _mail(world, customer, "out", long_ago + timedelta(hours=1), "t1")
        _mail(world, customer, "in", long_ago, "t1")
        # To the same person, in a thread of its own.
        _mail(world, customer, "in", long_ago + timedelta(hours=2), "t2")
        _mail(world, customer, "out", long_ago + timedelta(hours=3), "t3")
        assert not Letter.objects.filter(answer_by__isnull=False, answered_at=None).exists()
    with in_scope(world.seller, door="job"):
        assert promise_answers(timezone.now()) == 0


def test_the_company_says_how_long_and_whether(world: World, customer: UUID) -> None:
    with in_scope(world.admin):
        for hours in (-1, 201, None):
            with pytest.raises(Invalid):
                change_answering(world.admin, hours)
        change_answering(world.admin, 0)
    with in_scope(world.seller):
        _mail(world, customer, "in", timezone.now() - timedelta(days=30), "t1")
        assert not Letter.objects.filter(answer_by__isnull=False).exists()
