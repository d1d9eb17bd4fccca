"""Jobs, notices and the recycle bin through the API."""

from typing import Any

from guanxi.customers.models import Customer
from guanxi.foundation.jobs.models import Job
from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.notices.models import Notice
from guanxi.foundation.notices.services import notify
from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.api.tests.calling import Program, program_of
from guanxi.testing.customers import make_customers
from guanxi.testing.worlds import World, in_scope, writing


def job_of(actor: Actor, state: str = "failed", **more: Any) -> Job:
    with in_scope(actor):
        job = Job(kind="events.handle", actor_id=actor.member_id, state=state, label="导入", **more)
        job.save(force_insert=True)
        return job


def ids(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [one["id"] for one in answer.json()["items"]]


def paged(program: Program, path: str) -> list[str]:
    found: list[str] = []
    after = ""
    while True:
        body = program.get(f"{path}?limit=1{after}").json()
        found += [one["id"] for one in body["items"]]
        if not body["next"]:
            return found
        after = f"&after={body['next']}"


def test_ones_own_jobs_are_listed_newest_first_and_everybodys_to_who_manages_them(world: World) -> None:
    first, second = job_of(world.seller), job_of(world.seller, "done")
    unseen, other = job_of(world.seller, shown=False), job_of(world.manager)
    seller, admin = program_of(world.seller), program_of(world.admin)
    assert ids(seller.get("/jobs")) == paged(seller, "/jobs") == [str(second.id), str(first.id)]
    assert ids(seller.get("/jobs?state=failed")) == [str(first.id)]
    assert ids(seller.get("/jobs?background=1")) == [str(unseen.id)]
    assert seller.get("/jobs?whose=all").status_code == 403
    assert ids(admin.get("/jobs")) == []
    assert {str(first.id), str(second.id), str(other.id)} == set(ids(admin.get("/jobs?whose=all")))
    for query in ("whose=x", "state=x", "background=2", "after=x", "limit=0"):
        assert seller.get(f"/jobs?{query}").status_code == 422, query


def test_a_failed_job_starts_again_and_no_other(world: World, other_world: World) -> None:
    failed, done = job_of(world.seller), job_of(world.seller, "done")
    seller = program_of(world.seller)
    assert program_of(world.elsewhere).post(f"/jobs/{failed.id}/restart").status_code == 404
    assert program_of(other_world.admin).post(f"/jobs/{failed.id}/restart").status_code == 404
    answer = seller.post(f"/jobs/{failed.id}/restart")
    assert (answer.status_code, answer.json()["state"]) == (200, "queued")
    for job in (failed, done):
        answer = seller.post(f"/jobs/{job.id}/restart")
        assert answer.status_code == 409
        assert answer.json()["detail"] == "Only a failed or stopped job can be started again."
    assert seller.post(f"/jobs/{done.id}/stop").json()["detail"] == "This job is over already."


def test_a_token_of_some_areas_reaches_neither_notices_nor_jobs(world: World) -> None:
    job = job_of(world.seller)
    limited = program_of(world.seller, scopes=frozenset(("customers:write",)))
    for answer in (
        limited.get("/jobs"),
        limited.post(f"/jobs/{job.id}/restart"),
        limited.get("/notices"),
        limited.post("/notices/read", {}),
        limited.get("/recycle_bin"),
    ):
        assert answer.status_code == 403
    with in_scope(world.seller):
        assert Job.objects.get(id=job.id).state == "failed"


def test_ones_own_notices_are_listed_and_marked_read(world: World) -> None:
    with in_scope(world.seller):
        for _ in range(3):
            notify([world.members["seller"].id], "tests.notice", url="/customers/")
        notify([world.members["manager"].id], "tests.notice")
    seller = program_of(world.seller)
    body = seller.get("/notices").json()
    assert (len(body["items"]), body["unread"]) == (3, 3)
    assert [one["id"] for one in body["items"]] == paged(seller, "/notices")
    first = body["items"][0]
    assert (first["kind"], first["url"], first["read_at"]) == ("tests.notice", "/customers/", None)
    with in_scope(world.manager):
        foreign = str(Notice.objects.get(member_id=world.members["manager"].id).id)
    assert seller.post("/notices/read", {"ids": [first["id"], foreign]}).json() == {"marked": 1}
    assert seller.get("/notices?unread=1").json()["unread"] == 2
    assert len(ids(seller.get("/notices?unread=1"))) == 2
    assert seller.post("/notices/read").json() == {"marked": 2}
    assert program_of(world.manager).get("/notices").json()["unread"] == 1
    wrongs: tuple[dict[str, Any], ...] = ({"ids": []}, {"ids": ["x"]}, {"other": 1})
    for wrong in wrongs:
        assert seller.post("/notices/read", wrong).status_code == 422


def test_what_was_deleted_is_listed_and_restored(world: World, other_world: World) -> None:
    with writing(world.seller):
        customers = make_customers(3, owner_id=world.seller.member_id)
    manager = program_of(world.manager)
    gone = manager.post("/customers/bulk/delete", {"items": [{"id": str(one.id)} for one in customers[:2]]})
    assert gone.status_code == 200, gone.content
    (kind,) = [one for one in manager.get("/recycle_bin/kinds").json()["items"] if "customer" in one["value"]]
    rows = manager.get(f"/recycle_bin?kind={kind['value']}").json()["items"]
    assert {row["record"] for row in rows} == {str(one.id) for one in customers[:2]}
    assert {(row["kind"], row["actor"], row["restorable"]) for row in rows} == {
        (kind["label"], str(world.manager.member_id), True)
    }
    assert paged(manager, "/recycle_bin") == [row["id"] for row in rows]
    assert manager.get("/recycle_bin?kind=accounts_account").status_code == 422
    assert program_of(other_world.admin).get("/recycle_bin").json()["items"] == []
    assert program_of(other_world.admin).post(f"/recycle_bin/{rows[0]['id']}/restore").status_code == 404
    back = manager.post(f"/recycle_bin/{rows[0]['id']}/restore")
    assert back.status_code == 200, back.content
    assert back["Operation-Id"] == back.json()["id"]
    assert len(manager.get("/recycle_bin").json()["items"]) == 1
    assert manager.post(f"/recycle_bin/{rows[0]['id']}/restore").status_code == 409
    with in_scope(world.manager):
        assert Customer.objects.filter(pk=rows[0]["record"]).exists()
        assert not Customer.objects.filter(pk=rows[1]["record"]).exists()
    assert manager.post(f"/recycle_bin/{2**70}/restore").status_code == 404


def test_the_companys_settings_are_read_and_changed_one_by_one(world: World) -> None:
    admin = program_of(world.admin)
    held = admin.get("/company").json()
    assert held["time_zone"] == "Asia/Shanghai"
    changed = admin.patch("/company", {"name": "鑫北斗", "ledger_months": 24})
    assert changed.json() == held | {"name": "鑫北斗", "ledger_months": 24}
    assert admin.patch("/company", {"ledger_months": 0}).json() == held | {
        "name": "鑫北斗",
        "ledger_months": 0,
    }
    with in_scope(world.admin):
        assert Operation.objects.filter(verb="settings.company.edit", door="api").count() == 2
    for wrong in ({"ledger_months": 3}, {"time_zone": "Moon/Sea"}, {"language": "tlh"}, {"name": " "}):
        answer = admin.patch("/company", wrong)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, *wrong)
    assert admin.get("/company").json()["name"] == "鑫北斗"


def test_the_companys_settings_are_nobody_elses(world: World) -> None:
    for actor in (world.seller, world.manager):
        assert program_of(actor).get("/company").status_code == 403
        assert program_of(actor).patch("/company", {"name": "x"}).status_code == 403
