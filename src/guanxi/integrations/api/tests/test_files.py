"""Files of a record through the API: added as they are, listed, downloaded, removed, brought back."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from guanxi.customers.models import Customer
from guanxi.foundation.files.models import Attachment
from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.api.tests.calling import Program, program_of
from guanxi.testing.customers import make_customer
from guanxi.testing.worlds import World, in_scope, writing

BYTES = {"Content-Type": "application/octet-stream"}
CONTENT = "合同\x00正文".encode() * 1000


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path / "files"


def customer_of(actor: Actor) -> Customer:
    with writing(actor):
        return make_customer(owner_id=actor.member_id)


def add(
    program: Program, customer: Customer, name: str = "合同.pdf", raw: bytes = CONTENT, key: str = ""
) -> Any:
    headers = {**BYTES, "Idempotency-Key": key} if key else BYTES
    return program.post(f"/customers/{customer.id}/files?name={name}", raw=raw, headers=headers)


def content(answer: Any) -> bytes:
    found = b"".join(answer)
    answer.close()
    return found


def count(world: World) -> int:
    with in_scope(world.system):
        return Attachment.objects.count()


def test_a_file_goes_in_and_comes_out_as_it_was(world: World) -> None:
    customer, program = customer_of(world.seller), program_of(world.seller)
    added = add(program, customer)
    assert added.status_code == 201, added.content
    body = added.json()
    assert (body["name"], body["size"], body["media_type"]) == ("合同.pdf", len(CONTENT), "application/pdf")
    assert (body["added_by"], body["removable"]) == (str(world.seller.member_id), True)
    assert program.get(f"/customers/{customer.id}/files").json() == {"items": [body]}
    assert program.get(f"/customers/{customer.id}/files?kind=other").json() == {"items": [body]}
    assert program.get(f"/customers/{customer.id}/files?kind=contract").json() == {"items": []}
    assert program.get(f"/customers/{customer.id}/files?kind=nonsense").status_code == 422
    found = program.get(added["Location"].removeprefix("/api/v1"), headers={"Accept": "application/pdf"})
    assert content(found) == CONTENT
    assert found["Content-Type"] == "application/pdf"
    assert found["Content-Disposition"].startswith("attachment;")
    assert (found["X-Content-Type-Options"], found["Content-Length"]) == ("nosniff", str(len(CONTENT)))


def test_what_was_added_or_removed_is_undone(world: World) -> None:
    customer, program = customer_of(world.seller), program_of(world.seller)
    added = add(program, customer)
    address = added["Location"].removeprefix("/api/v1")
    removed = program.delete(address)
    assert removed.status_code == 204
    assert program.get(address).status_code == 404
    assert program.post(f"/operations/{removed['Operation-Id']}/undo").status_code == 200
    assert content(program.get(address)) == CONTENT
    other = add(program, customer, "b.txt")
    assert program.post(f"/operations/{other['Operation-Id']}/undo").status_code == 200
    assert [one["name"] for one in program.get(f"/customers/{customer.id}/files").json()["items"]] == [
        "合同.pdf"
    ]


def test_the_same_request_sent_again_adds_nothing_and_another_file_is_another_request(world: World) -> None:
    customer, program = customer_of(world.seller), program_of(world.seller)
    first, again = (add(program, customer, key="k1") for _ in range(2))
    assert again.content == first.content
    assert again["Idempotent-Replayed"] == "true"
    other = add(program, customer, raw=CONTENT[::-1], key="k1")
    assert (other.status_code, other.json()["code"]) == (422, "replay_differs")
    assert count(world) == 1


def test_what_is_no_file_or_too_much_of_one_leaves_nothing(world: World, settings: Any) -> None:
    customer, program = customer_of(world.seller), program_of(world.seller)
    settings.ATTACHMENT_LIMIT = 10
    for answer, status, field in (
        (add(program, customer, raw=b""), 422, "file"),
        (add(program, customer, name="", raw=b"x"), 422, "name"),
        (add(program, customer, name="run.exe", raw=b"x"), 422, "file"),
        (add(program, customer), 413, ""),
        (program.post(f"/customers/{customer.id}/files?name=a", {"a": 1}), 415, ""),
    ):
        assert answer.status_code == status, answer.content
        assert [one["field"] for one in answer.json().get("errors", ())] == ([field] if field else [])
    assert add(program, customer, raw=b"0123456789").status_code == 201
    assert count(world) == 1


def test_a_body_larger_than_json_may_be_is_taken(world: World) -> None:
    large = b"\x89" * 6_000_000
    added = add(program_of(world.seller), customer_of(world.seller), raw=large, key="k")
    assert (added.status_code, added.json()["size"]) == (201, len(large))


def test_files_follow_the_record(world: World, other_world: World) -> None:
    customer = customer_of(world.seller)
    address = add(program_of(world.seller), customer)["Location"].removeprefix("/api/v1")
    for stranger in (world.elsewhere, other_world.admin):
        program = program_of(stranger)
        assert program.get(address).status_code == 404
        assert program.get(f"/customers/{customer.id}/files").status_code == 404
        assert program.delete(address).status_code == 404
        assert add(program, customer).status_code == 404
    looking = program_of(world.seller, may_write=False)
    assert content(looking.get(address)) == CONTENT
    assert looking.delete(address).status_code == 403
    assert add(looking, customer).status_code == 403
    # Of another record of one's own it is not found either.
    mine = customer_of(world.seller)
    file_id = UUID(address.rpartition("/")[2])
    assert program_of(world.seller).get(f"/customers/{mine.id}/files/{file_id}").status_code == 404
    assert count(world) == 1
