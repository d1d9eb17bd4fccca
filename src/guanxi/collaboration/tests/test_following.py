"""The summary of every morning, the star, and the page of what one follows."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core import mail as outbox
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from guanxi.collaboration import jobs
from guanxi.collaboration.models import Pulse
from guanxi.collaboration.queries.following import is_following
from guanxi.collaboration.queries.news import Heard
from guanxi.collaboration.services.comments import add_comment
from guanxi.collaboration.services.following import follow, save_settings
from guanxi.collaboration.services.pulse import active, beat
from guanxi.customers.models import Customer
from guanxi.customers.services.customers import create_customer, edit_customer
from guanxi.foundation.accounts.models import Account, Member
from guanxi.foundation.jobs.models import Job
from guanxi.foundation.jobs.run import run_job
from guanxi.foundation.notices.models import Notice
from guanxi.foundation.notices.services import words
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.tenancy.scope import scope
from guanxi.resource import access
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope

ClientFor = Callable[[Member], Client]


def make(actor: Actor, **data: object) -> Customer:
    given = {"name": f"宁波港机有限公司{uuid4().hex[:6]}", "relations": "customer", **data}
    with in_scope(actor):
        return create_customer(actor, data=given, allow_duplicate=True)


def change(actor: Actor, customer: Customer, **data: object) -> None:
    with in_scope(actor):
        edit_customer(actor, customer.id, data=data, expected_version=None)


def nobody(member_id: UUID, day: date, what: Heard) -> None:
    """No mail is sent."""


def pulse(world: World, send: Any = nobody, *, now: datetime | None = None) -> int:
    with scope(world.tenant_id, door="job"):
        return beat(send, now=now or timezone.now())


def told(actor: Actor, language: str = "zh-hans") -> list[str]:
    with in_scope(actor), override(language):
        rows = Notice.objects.filter(member=actor.member_id or uuid4()).order_by("created_at", "id")
        return [words(one) for one in rows]


@pytest.fixture
def listening(world: World) -> World:
    """A company whose followers are told from now on."""
    pulse(world)
    return world


def follows(actor: Actor, *customers: Customer, on: bool = True) -> None:
    with in_scope(actor):
        follow(actor, resource="customers", ids=[one.id for one in customers], on=on)


# Every morning


def tomorrow() -> datetime:
    """The next morning where the company is, at whatever hour of the day this runs."""
    local = timezone.localtime(timezone.now(), ZoneInfo("Asia/Shanghai"))
    return (local + timedelta(days=1)).replace(hour=11)


def test_every_morning_there_is_one_summary_of_the_day_before(listening: World) -> None:
    customer, other = make(listening.seller), make(listening.seller)
    change(listening.manager, customer, grade="A")
    with in_scope(listening.manager):
        add_comment(listening.manager, resource="customers", record_id=other.id, text="一句")
    with in_scope(listening.seller):
        save_settings(listening.seller, telling="digest", mail=False, own=True)
        Notice.objects.all().delete()
    pulse(listening, now=tomorrow())
    (said,) = told(listening.seller)
    assert customer.name in said
    assert other.name in said
    assert pulse(listening, now=tomorrow()) == 0


def test_who_wants_to_hear_nothing_gets_no_summary(listening: World) -> None:
    customer = make(listening.seller)
    change(listening.manager, customer, grade="A")
    with in_scope(listening.seller):
        save_settings(listening.seller, telling="never", mail=True, own=True)
    assert pulse(listening, now=tomorrow()) == 0


def test_a_company_is_looked_at_when_something_happened_or_its_morning_has_come(listening: World) -> None:
    now = timezone.now()
    with in_scope(listening.system):
        Pulse.objects.update(told_until=timezone.now(), summed_up=now.date() + timedelta(days=2))
    assert listening.tenant_id not in active(now)
    make(listening.seller)
    assert listening.tenant_id in active(now)
    with in_scope(listening.system):
        Pulse.objects.update(told_until=timezone.now() + timedelta(minutes=1))
    assert listening.tenant_id not in active(now)
    assert listening.tenant_id in active(now + timedelta(days=5))


def mailed(world: World) -> list[Any]:
    with in_scope(world.system):
        waiting = list(Job.objects.filter(kind=jobs.MAIL, state="queued").values_list("id", flat=True))
    for job_id in waiting:
        run_job(world.tenant_id, job_id)
    with in_scope(world.system):
        assert not Job.objects.filter(kind=jobs.MAIL).exclude(state="done").exists()
    return list(outbox.outbox)


@pytest.fixture
def with_mail(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mail that stays here."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    monkeypatch.setattr(outbox, "outbox", [], raising=False)


@pytest.mark.usefixtures("with_mail")
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_summary_comes_by_mail_where_it_is_wanted_in_the_readers_language(
    listening: World, language: str
) -> None:
    customer = make(listening.seller)
    change(listening.manager, customer, grade="A")
    Account.objects.filter(id=listening.seller.account_id or uuid4()).update(language=language)
    with in_scope(listening.seller):
        save_settings(listening.seller, telling="digest", mail=True, own=True)
    pulse(listening, jobs.send, now=tomorrow())
    (message,) = mailed(listening)
    assert customer.name in message.body
    assert f"/customers/{customer.id}/" in message.body
    assert ("Hello" in message.body) == (language == "en")
    assert customer.name in message.alternatives[0][0]


@pytest.mark.usefixtures("with_mail")
def test_a_mail_tells_only_what_its_reader_may_see_when_it_leaves(listening: World) -> None:
    customer = make(listening.seller)
    change(listening.manager, customer, remarks="绝密")
    with in_scope(listening.seller):
        save_settings(listening.seller, telling="digest", mail=True, own=True)
    pulse(listening, jobs.send, now=tomorrow())
    change(listening.admin, customer, owner=str(listening.elsewhere.member_id))
    assert mailed(listening) == []


# On the screen


def test_the_star_follows_and_lets_go(world: World, client_for: ClientFor) -> None:
    customer = make(world.seller)
    client, part = client_for(world.members["manager"]), {"HX-Request": "true"}
    url = f"/following/customers/{customer.id}/"
    assert 'aria-pressed="true"' in client.post(url, {"on": "1"}, headers=part).content.decode()
    with in_scope(world.manager):
        record = access.get(world.manager, find("customers"), customer.id)
        assert is_following(world.manager, find("customers"), record)
    assert 'aria-pressed="false"' in client.post(url, {"on": "0"}, headers=part).content.decode()
    assert client_for(world.members["elsewhere"]).post(url, {"on": "1"}).status_code == 404


def test_the_page_shows_a_day_and_keeps_the_settings(world: World, client_for: ClientFor) -> None:
    customer = make(world.seller)
    change(world.manager, customer, grade="A")
    client = client_for(world.members["seller"])
    page = client.get("/following/").content.decode()
    assert customer.name in page
    assert client.get("/following/?day=2020-02-30").status_code == 404
    assert client.get("/following/?day=tomorrow").status_code == 404
    answer = client.post("/following/settings/", {"telling": "digest", "mail": "1"})
    assert answer.status_code == 302
    assert client.post("/following/settings/", {"telling": "x"}).status_code == 422


def test_the_page_shows_nothing_out_of_sight(world: World, client_for: ClientFor) -> None:
    customer = make(world.seller)
    follows(world.seller, customer)
    change(world.admin, customer, owner=str(world.elsewhere.member_id), grade="A")
    assert customer.name not in client_for(world.members["seller"]).get("/following/").content.decode()


def test_a_list_can_be_narrowed_to_what_one_follows(world: World, client_for: ClientFor) -> None:
    mine, other = make(world.seller), make(world.teammate)
    follows(world.manager, other)
    page = client_for(world.members["manager"]).get("/customers/?followed=1").content.decode()
    assert other.name in page
    assert mine.name not in page
    page = client_for(world.members["manager"]).get("/customers/?followed=0").content.decode()
    assert mine.name in page
    assert other.name not in page
