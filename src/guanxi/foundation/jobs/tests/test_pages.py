from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext, override

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.design.languages import later
from guanxi.foundation.jobs.models import Job
from guanxi.foundation.jobs.registry import job as kind_of_job
from guanxi.foundation.jobs.services import enqueue
from guanxi.testing.worlds import World, in_scope

Clients = Callable[[Member], Client]


@kind_of_job("tests.pages", "Count the stars")
def count_stars(run: Any) -> None:
    """Never run here: these tests look at the pages."""


def a_job(world: World, person: str, state: str, **fields: Any) -> Job:
    with in_scope(world.system):
        row = Job(
            kind="tests.pages", label="数星星", actor_id=world.members[person].id, state=state, **fields
        )
        row.save(force_insert=True)
        return row


def state_of(world: World, row: Job) -> str:
    with in_scope(world.system):
        return Job.objects.get(id=row.id).state


def test_a_running_job_is_polled_and_a_finished_one_is_not(world: World, client_for: Clients) -> None:
    client = client_for(world.members["seller"])
    running = a_job(world, "seller", "running", done=17, total=28)
    text = client.get(reverse("job_progress", args=[running.id])).content.decode()
    assert "17 / 28" in text
    assert 'hx-trigger="every 1s"' in text
    done = a_job(world, "seller", "done", result={"created": 2611, "rejected": 44})
    text = client.get(reverse("job", args=[done.id])).content.decode()
    assert "2,611" in text
    assert reverse("job_progress", args=[done.id]) not in text


def test_a_failed_job_starts_again_and_its_trace_is_for_the_administrator(
    world: World, client_for: Clients
) -> None:
    row = a_job(world, "seller", "failed", error="Traceback: secret detail")
    seller, admin = client_for(world.members["seller"]), client_for(world.members["admin"])
    assert "secret detail" not in seller.get(reverse("job", args=[row.id])).content.decode()
    assert "secret detail" in admin.get(reverse("job", args=[row.id])).content.decode()
    assert seller.post(reverse("job_restart", args=[row.id])).status_code == 302
    assert state_of(world, row) == "queued"
    assert seller.post(reverse("job_restart", args=[row.id])).status_code == 409


def test_a_waiting_job_is_stopped(world: World, client_for: Clients) -> None:
    row = a_job(world, "seller", "queued")
    client = client_for(world.members["seller"])
    assert client.post(reverse("job_stop", args=[row.id])).status_code == 302
    assert state_of(world, row) == "cancelled"
    assert client.post(reverse("job_stop", args=[row.id])).status_code == 409


def test_ones_own_list_holds_ones_own(world: World, client_for: Clients) -> None:
    mine, other = a_job(world, "seller", "done"), a_job(world, "manager", "done")
    text = client_for(world.members["seller"]).get(reverse("jobs")).content.decode()
    assert reverse("job", args=[mine.id]) in text
    assert reverse("job", args=[other.id]) not in text


@pytest.mark.parametrize("show", ["", "running", "failed", "quiet", "nonsense"])
def test_the_administrator_sees_all_and_a_seller_may_not(
    world: World, client_for: Clients, show: str
) -> None:
    row = a_job(world, "seller", "failed")
    response = client_for(world.members["admin"]).get(reverse("jobs_admin"), {"show": show})
    assert (reverse("job", args=[row.id]) in response.content.decode()) == (show not in ("running", "quiet"))
    assert client_for(world.members["seller"]).get(reverse("jobs_admin")).status_code == 403


def test_somebody_elses_job_is_not_there(world: World, other_world: World, client_for: Clients) -> None:
    row = a_job(world, "seller", "failed")
    for member in (world.members["teammate"], world.members["manager"], other_world.members["admin"]):
        client = client_for(member)
        for name in ("job", "job_progress"):
            assert client.get(reverse(name, args=[row.id])).status_code == 404
        for name in ("job_stop", "job_restart"):
            assert client.post(reverse(name, args=[row.id])).status_code == 404
    assert state_of(world, row) == "failed"


def test_a_job_is_called_by_our_words_in_the_readers_language_and_by_somebodys_own_as_they_are(
    world: World, client_for: Clients
) -> None:
    with in_scope(world.seller), override("zh-hans"):
        ours = enqueue(world.seller, "tests.pages", label=later(lambda: gettext("Change log")))
        own = enqueue(world.seller, "tests.pages", label="客户名单.xlsx")
    with in_scope(world.seller):
        rows = {row.id: row for row in Job.objects.filter(id__in=[ours.id, own.id])}
        for language, words in (("zh-hans", "操作记录"), ("en", "Change log")):
            with override(language):
                assert rows[ours.id].shown_label == words
                assert rows[own.id].shown_label == "客户名单.xlsx"
        assert (rows[ours.id].label, rows[own.id].said) == ("操作记录", None)
    # A row from before there were such labels reads as it was written.
    old = a_job(world, "seller", "done")
    page = client_for(world.members["seller"]).get("/jobs/").content.decode()
    assert all(said in page for said in ("操作记录", "客户名单.xlsx", old.label))
