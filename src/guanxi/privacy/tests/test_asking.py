"""Exporting and erasing are jobs: asked for on the page and the API, all of it or nothing, wherever they end."""

# Chinese in code: names of customers and people in tests

import os
import zipfile
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.customers.services.people import create_person, edit_person
from guanxi.foundation.jobs.models import Job
from guanxi.foundation.jobs.run import run_job
from guanxi.foundation.jobs.work import Interrupted, stopping
from guanxi.integrations.api.tokens import create_token
from guanxi.kernel.errors import NotFound
from guanxi.privacy.jobs import ask_erasure, ask_export
from guanxi.privacy.services.archives import find_archive, forget_old_archives
from guanxi.privacy.services.erasing import erase_person, steps_of_erasing
from guanxi.privacy.tests.test_erasing import MOBILE, NAME, SECOND, SECRET, everywhere
from guanxi.resource.registry import find
from guanxi.testing.clients import client_for
from guanxi.testing.worlds import World, in_scope


def test_the_page_shows_exports_and_erases(world: World) -> None:
    with in_scope(world.admin):
        pk = create_person(world.admin, data={"name": NAME, "phone": MOBILE}).pk
    browser = client_for(world.members["admin"])
    address = reverse("personal_data", args=[pk])
    assert address in browser.get(find("people").url("card", id=pk)).content.decode()
    assert browser.post(address, {"act": "show"}).status_code == 422
    assert MOBILE[-4:] in browser.post(address, {"act": "show", "ground": "request"}).content.decode()
    export = _asked(world, browser.post(address, {"act": "export", "ground": "request"}))
    file = reverse("personal_data_file", args=[export.pk])
    assert file in browser.get(reverse("job", args=[export.pk])).content.decode()
    with zipfile.ZipFile(BytesIO(b"".join(browser.get(file).streaming_content))) as book:  # type: ignore[attr-defined]
        assert NAME in book.read("person.json").decode()
    assert client_for(world.members["seller"]).get(file).status_code == 403
    assert browser.post(address, {"act": "erase", "ground": "request", "confirm": ""}).status_code == 422
    given = {"act": "erase", "ground": "request", "confirm": NAME, "note": f"{NAME}来电要求"}
    answered = browser.post(address, given)
    with in_scope(world.admin):
        waiting = Job.objects.get(kind="privacy.erase")
        assert NAME not in str(waiting.args) + waiting.label, "a job that waits names nobody"
    erasure = _asked(world, answered)
    assert (erasure.state, erasure.done) == ("done", erasure.total)
    page = browser.get(reverse("job", args=[erasure.pk])).content.decode()
    assert "已删除" in page
    assert "/undo/" not in page, "there is no way back"
    assert browser.get(address).status_code == 404
    assert browser.get(file).status_code == 404, "what was packed goes with the person"
    assert everywhere(world) == []


def _asked(world: World, answer: Any) -> Job:
    """The job that an answer leads to, carried out."""
    assert answer.status_code == 302
    job_id = UUID(answer["Location"].strip("/").split("/")[-1])
    run_job(world.tenant_id, job_id)
    with in_scope(world.admin):
        found = Job.objects.get(pk=job_id)
    assert found.state == "done", found.error
    return found


def test_the_api_answers_packs_and_erases(world: World) -> None:
    with in_scope(world.admin):
        pk = create_person(world.admin, data={"name": NAME, "phone": MOBILE}).pk
        key = {"Authorization": f"Bearer {create_token(world.admin, name='x', may_write=True)[1]}"}

    def post(path: str, **body: Any) -> Any:
        return Client().post(f"/api/v1/{path}", body, content_type="application/json", headers=key)

    def get(path: str) -> Any:
        return Client().get(f"/api/v1/{path}", headers=key)

    told = post(f"personal-data/{pk}/answer", ground="request")
    assert NAME in told.json()["document"]
    asked = post(f"personal-data/{pk}/export", ground="request")
    assert asked.status_code == 202
    job = asked.json()["job"]
    assert get(f"personal-data/{job}/archive").status_code == 404, "not packed yet"
    run_job(world.tenant_id, UUID(job))
    packed = get(f"personal-data/{job}/archive")
    assert packed["Content-Type"] == "application/zip"
    assert b"".join(packed.streaming_content).startswith(b"PK")
    assert post(f"personal-data/{pk}/erase", ground="request", confirm="x").status_code == 422
    asked = post(f"personal-data/{pk}/erase", ground="request", confirm=NAME)
    assert asked.status_code == 202
    run_job(world.tenant_id, UUID(asked.json()["job"]))
    done = get(f"jobs/{asked.json()['job']}").json()
    assert (done["state"], done["result"]["rows"] >= 1) == ("done", True)
    assert get(f"personal-data/{job}/archive").status_code == 404
    assert everywhere(world) == []


@pytest.mark.parametrize("after", [0, 0.3, 0.7, 1])
def test_an_erasure_that_ends_anywhere_before_its_end_has_changed_nothing(world: World, after: float) -> None:
    with in_scope(world.admin):
        pk = create_person(world.admin, data={"name": NAME, "phone": MOBILE, "remarks": SECRET}).pk
        edit_person(world.admin, pk, data={"phone": SECOND}, expected_version=None)
    before = everywhere(world)
    left = 1 + int(after * (steps_of_erasing() - 1))

    def step() -> None:
        nonlocal left
        left -= 1
        if not left:
            raise Interrupted

    with pytest.raises(Interrupted), in_scope(world.admin):
        erase_person(world.admin, pk, ground="request", step=step)
    assert everywhere(world) == before
    with in_scope(world.admin):
        job = ask_erasure(world.admin, pk, ground="request", note="", confirm=NAME)
    stopping.set()
    try:
        run_job(world.tenant_id, job.pk)
    finally:
        stopping.clear()
    assert everywhere(world) == before
    run_job(world.tenant_id, job.pk)
    assert everywhere(world) == []


def test_it_tells_every_step_and_no_more(world: World) -> None:
    told: list[int] = []
    with in_scope(world.admin):
        pk = create_person(world.admin, data={"name": NAME}).pk
        erase_person(world.admin, pk, ground="request", step=lambda: told.append(1))
    assert len(told) == steps_of_erasing()


def test_what_was_packed_goes_after_a_week(world: World) -> None:
    with in_scope(world.admin):
        pk = create_person(world.admin, data={"name": NAME}).pk
        job = ask_export(world.admin, pk, ground="request")
    run_job(world.tenant_id, job.pk)
    with in_scope(world.admin):
        path = find_archive(world.admin, job.pk)
        forget_old_archives(world.tenant_id)
        assert path.is_file()
        os.utime(path, (0, 0))
        forget_old_archives(world.tenant_id)
        with pytest.raises(NotFound):
            find_archive(world.admin, job.pk)
