"""A list leaves by itself, again and again, with the rights its owner has at that time."""

# Chinese in code: names of what is exported

import os
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.jobs.models import Job
from guanxi.foundation.jobs.run import run_job
from guanxi.foundation.notices.models import Notice
from guanxi.foundation.permissions.models import Assignment
from guanxi.integrations.exports.regular import jobs, services
from guanxi.integrations.exports.regular.days import next_due
from guanxi.integrations.models import ExportPlan
from guanxi.kernel.errors import Forbidden, Invalid
from guanxi.resource.registry import find
from guanxi.tailoring.services.views import change_view, create_view
from guanxi.testing.customers import make_customer
from guanxi.testing.worlds import World, in_scope, writing

SHANGHAI = ZoneInfo("Asia/Shanghai")
GIVEN = {
    "name": "每周客户",
    "format": "csv",
    "every": "week",
    "day": "1",
    "hour": "7",
    "keep_days": "14",
    "query": "",
}
SENT = {"name": "每周客户", "format": "csv", "when": "week:1", "hour": "7", "keep_days": "14", "query": ""}
CUSTOMERS: Any = find("customers")


def plan_for(world: World, who: str = "manager", **changes: str) -> ExportPlan:
    actor = world.actors[who]
    with in_scope(actor):
        return services.make_plan(actor, CUSTOMERS, GIVEN | changes)


def run_due(world: World, plan: ExportPlan) -> list[Job]:
    """What starts when a plan is due, run to its end."""
    jobs.start(plan.due_at + timedelta(minutes=1))
    with in_scope(world.system):
        asked = list(Job.objects.filter(kind=services.KIND, state="queued").values_list("pk", flat=True))
    for one in asked:
        run_job(world.tenant_id, one)
    with in_scope(world.system):
        plan.refresh_from_db()
        return list(Job.objects.filter(pk__in=asked))


@pytest.mark.parametrize(
    ("every", "day", "after", "expected"),
    [
        ("day", 1, "2026-03-05 06:59", "2026-03-05 07:00"),
        ("day", 1, "2026-03-05 07:00", "2026-03-06 07:00"),
        ("week", 1, "2026-03-05 06:59", "2026-03-09 07:00"),
        ("week", 4, "2026-03-05 06:59", "2026-03-05 07:00"),
        ("month", 31, "2026-02-10 12:00", "2026-02-28 07:00"),
        ("month", 31, "2026-02-28 07:00", "2026-03-31 07:00"),
        ("month", 29, "2024-02-28 12:00", "2024-02-29 07:00"),
    ],
)
def test_when_it_is_due_next(every: str, day: int, after: str, expected: str) -> None:
    def moment(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)

    assert next_due(every, day, 7, SHANGHAI, moment(after)) == moment(expected)


def test_the_hour_is_the_clock_s_where_clocks_change() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    winter = next_due("day", 1, 7, berlin, datetime(2026, 3, 28, 12, tzinfo=UTC) - timedelta(days=1))
    summer = next_due("day", 1, 7, berlin, datetime(2026, 3, 29, 12, tzinfo=UTC))
    assert (winter.hour, summer.hour) == (6, 5)


def test_what_is_due_becomes_a_file_with_a_notice_once(world: World, client_for: Any) -> None:
    with writing(world.system):
        make_customer(name="我的", owner=world.members["seller"], grade="A")
        make_customer(name="别人的", owner=world.members["admin"], grade="A")
    plan = plan_for(world, query="grade=A")
    before = plan.due_at
    assert jobs.start(before - timedelta(minutes=1)) == 0
    (row,) = run_due(world, plan)
    assert plan.due_at > before
    assert run_due(world, plan)  # the next time
    with in_scope(world.system):
        told = Notice.objects.filter(kind=services.READY)
        assert set(told.values_list("member_id", flat=True)) == {world.members["manager"].pk}
    manager: Client = client_for(world.members["manager"])
    address = f"/exports/files/{row.pk}/"
    assert address in manager.get("/exports/").content.decode()
    text = b"".join(manager.get(address).streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert "我的" in text
    assert "别人的" not in text  # beyond the manager's reach
    assert client_for(world.members["admin"]).get(address).status_code == 404
    assert address in manager.get(f"/jobs/{row.pk}/").content.decode()


def test_whoever_may_no_more_gets_a_reason_and_nothing_else(world: World) -> None:
    plan = plan_for(world)
    with writing(world.system):
        Assignment.objects.filter(member_id=world.members["manager"].pk).delete()
    (row,) = run_due(world, plan)
    assert row.result.keys() == {"refused"}
    assert plan.stopped
    with in_scope(world.system):
        (told,) = Notice.objects.filter(kind=services.STOPPED)
        assert told.params["reason"] == plan.stopped
    assert run_due(world, plan) == []
    with in_scope(world.system), pytest.raises(Forbidden):
        services.pause(world_actor(world), plan.pk, paused=False)


def world_actor(world: World) -> Any:
    from guanxi.foundation.permissions.queries import load_actor

    return load_actor(world.members["manager"].pk)


def test_whoever_has_left_exports_nothing(world: World) -> None:
    plan = plan_for(world)
    with writing(world.system):
        Member.objects.filter(pk=plan.owner_id).update(left_on=timezone.localdate())
    assert run_due(world, plan) == []
    assert plan.stopped


def test_a_saved_view_is_followed_and_a_deleted_one_stops_it(world: World) -> None:
    with writing(world.system):
        make_customer(name="甲", owner=world.members["seller"], grade="A")
        make_customer(name="乙", owner=world.members["seller"], grade="B")
    with in_scope(world.manager):
        view = create_view(world.manager, resource="customers", name="重点", query="grade=A")
    plan = plan_for(world, query=f"view={view.pk}")
    (row,) = run_due(world, plan)
    assert row.result["rows"] == 1
    with in_scope(world.manager):
        change_view(world.manager, view.pk, query="grade=A,B")
    (row,) = run_due(world, plan)
    assert row.result["rows"] == 2
    with in_scope(world.manager):
        from guanxi.tailoring.services.views import delete_view

        delete_view(world.manager, view.pk)
    (row,) = run_due(world, plan)
    assert plan.stopped == row.result["refused"]


def test_a_plan_is_made_paused_and_deleted_by_its_pages(world: World, client_for: Any) -> None:
    manager: Client = client_for(world.members["manager"])
    page = manager.get("/customers/").content.decode()
    assert "/customers/export/regularly/" in page
    form = manager.get("/customers/export/regularly/?grade=A&sort=name").content.decode()
    assert "grade=A" in form
    wrong = manager.post("/customers/export/regularly/", SENT | {"hour": "25", "name": "", "when": "year:9"})
    assert wrong.status_code == 422
    assert wrong.content.decode().count("is-invalid") == 3
    assert manager.post("/customers/export/regularly/", SENT | {"query": "grade=A"}).status_code == 302
    with in_scope(world.system):
        plan = ExportPlan.objects.get()
        assert (plan.query, plan.owner_id) == ("grade=A", world.members["manager"].pk)
    address = f"/exports/{plan.pk}/"
    other: Client = client_for(world.members["admin"])
    assert other.post(address, {"act": "delete"}).status_code == 404
    assert other.get(address).status_code == 404
    assert 'value="week:1" selected' in manager.get(address).content.decode()
    assert manager.post(address, SENT | {"when": "month:31", "query": "grade=B"}).status_code == 302
    assert "每月最后一天" in manager.get("/exports/").content.decode()
    with in_scope(world.system):
        plan.refresh_from_db()
        assert (plan.query, plan.every, plan.day) == ("grade=A", "month", 31)
    manager.post(address, {"act": "pause"})
    assert run_due(world, plan) == []
    manager.post(address, {"act": "go_on"})
    assert len(run_due(world, plan)) == 1
    manager.post(address, {"act": "delete"})
    with in_scope(world.system):
        assert not ExportPlan.objects.exists()
    seller: Client = client_for(world.members["seller"])
    assert seller.get("/customers/export/regularly/").status_code == 403
    assert seller.post("/customers/export/regularly/", SENT).status_code == 403


def test_a_list_that_cannot_be_read_is_not_promised(world: World) -> None:
    with pytest.raises(Invalid):
        plan_for(world, query="nonsense=1")
    with pytest.raises(Forbidden):
        plan_for(world, "seller")


def test_files_go_after_their_days(world: World) -> None:
    plan = plan_for(world, keep_days="1")
    (row,) = run_due(world, plan)
    path = services.file_path(world.tenant_id, row.pk, "csv")
    services.forget_files(world.tenant_id)
    assert path.is_file()
    past = path.stat().st_mtime - 86_400 - 60
    os.utime(path, (past, past))
    services.forget_files(world.tenant_id)
    assert not path.exists()
