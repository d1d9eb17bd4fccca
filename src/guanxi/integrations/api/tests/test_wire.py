"""What goes over the wire: problems for every error, replays, and bodies nobody should send."""

import base64
import json
import threading
from typing import Any

import pytest
from django.db import OperationalError, connections

from guanxi.customers.models import Customer
from guanxi.integrations.api import replays
from guanxi.integrations.api.problems import KINDS
from guanxi.integrations.api.tests.calling import Program, program_of
from guanxi.kernel.ids import new_id
from guanxi.testing.customers import make_customers
from guanxi.testing.worlds import World, in_scope, writing


def is_problem(answer: Any, status: int) -> dict[str, Any]:
    """The problem's members, after its form was looked at."""
    assert answer.status_code == status, (answer.status_code, answer.content[:300])
    assert answer["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["status"] == status
    assert KINDS[body["code"]][0] == status
    assert body["title"]
    assert body["request_id"] == answer["X-Request-ID"]
    assert "Traceback" not in answer.content.decode()
    return body


def count(world: World) -> int:
    with in_scope(world.system):
        return Customer.objects.count()


def test_every_refusal_of_the_wire_is_a_problem(world: World) -> None:
    program = program_of(world.seller)
    is_problem(Program().get("/customers"), 401)
    is_problem(program.get("/nothing/here"), 404)
    is_problem(program.get("/customers/not-a-uuid"), 404)
    is_problem(program.get("/customers/%0A/history"), 404)
    is_problem(program.get(f"/customers/{new_id()}"), 404)
    refused = program.call("PUT", "/customers", {})
    is_problem(refused, 405)
    assert set(refused["Allow"].replace(" ", "").split(",")) == {"GET", "POST"}
    is_problem(program.get("/customers", headers={"Accept": "text/html"}), 406)
    is_problem(program.post("/customers", raw=b"name=x", headers={"Content-Type": "text/plain"}), 415)
    is_problem(
        program.post("/customers", raw=b"a=b", headers={"Content-Type": "multipart/form-data; boundary=x"}),
        415,
    )
    is_problem(program.post("/customers", raw=b'{"name": "' + b"x" * 6_000_000 + b'"}'), 413)
    assert count(world) == 0


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b"nonsense",
        b"\xff\xfe\x00",
        b'{"name": NaN}',
        b'{"name": "\\ud800"}',
        b"[" * 100_000,
        b'{"a":' * 500 + b"1" + b"}" * 500,
        b'{"name": ' + b"[" * 20 + b"]" * 20 + b"}",
    ],
)
def test_what_is_no_json_is_told_so(world: World, raw: bytes) -> None:
    is_problem(program_of(world.seller).post("/customers", raw=raw), 400)


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        "x",
        1,
        True,
        {"name": None},
        {"name": 1},
        {"name": []},
        {"name": {"a": 1}},
        {"name": "好", "grade": "Z"},
        {"name": "好", "relations": "customer"},
        {"name": "好", "relations": [1]},
        {"name": "好", "relations": ["x"]},
        {"name": "好", "owner": "nobody"},
        {"name": "好", "parent": str(new_id())},
        {"name": "\x00"},
        {"name": "\u202e\u200f"},
        {"name": "好" * 50_000},
        {"name": "好", "id": str(new_id())},
        {"name": "好", "tenant_id": str(new_id())},
        {"name": "好", "version": 9},
        {"name": "好", "website": "javascript:alert(1)"},
        {"name": "好", "credit_code": "123"},
        {"name": "好", "__proto__": {}},
        {"name": "好", "remarks": 1e308},
    ],
)
def test_values_that_cannot_be_kept_are_named_and_nothing_is_written(world: World, body: Any) -> None:
    problem = is_problem(
        program_of(world.seller).call("POST", "/customers", raw=json.dumps(body).encode()), 422
    )
    assert problem["errors"]
    assert count(world) == 0


@pytest.mark.parametrize(
    "name", ["𠮷野机械", "😀 工厂", "شركة", "Bär & Söhne", "=SUM(A1)", "<script>alert(1)</script>", "'; --"]
)
def test_letters_of_every_kind_are_kept_as_they_are(world: World, name: str) -> None:
    program = program_of(world.seller)
    made = program.post("/customers", {"name": name})
    assert made.status_code == 201, made.json()
    assert program.get(f"/customers/{made.json()['id']}").json()["name"] == name


def test_what_deceives_is_taken_out_of_texts(world: World) -> None:
    made = program_of(world.seller).post("/customers", {"name": " 杭州\u202e\x00\u200b 甲  乙 "}).json()
    assert made["name"] == "杭州 甲 乙"


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=201",
        "limit=x",
        "limit=-1",
        "limit=1e3",
        "limit=٣",
        "limit=" + "9" * 50,
        "sort=nothing",
        "after=x",
        "after=" + base64.urlsafe_b64encode(b"[" * 4000).decode(),
        "after=eyJhIjoxfQ",
        "after=WzFd",
        "filter={",
        "filter=[]",
        "filter=1",
        "filter=" + "[" * 3000,
        'filter={"all":[1]}',
        'filter={"field":"grade","op":{},"values":["A"]}',
        "grade=Z",
        "grade.since=x",
        "nothing=1",
        "tenant_id=1",
        "name_key=x",
        "owner.starts=x",
        "owner=nobody",
        "created_at.since=x",
        "created_at.last=99999999999",
        "fields=nothing",
        "fields=tenant_id",
        "total=x",
        ".=1",
        "grade.is.not=A",
        "parent=x",
        "total=1&grade=Z",
        "created_at.since=9999-99-99",
    ],
)
def test_a_query_that_means_nothing_is_told_so(world: World, query: str) -> None:
    answer = program_of(world.seller).get(f"/customers?{query}")
    assert answer.status_code in (400, 422)
    is_problem(answer, answer.status_code)


@pytest.mark.parametrize("text", ["%00", "a%00b", "%ED%A0%80", "%FF"])
def test_characters_no_address_holds_are_refused(world: World, text: str) -> None:
    program = program_of(world.seller)
    for query in (f"?q={text}", f"?grade={text}", f"?after={text}", f"?fields={text}", f"?sort={text}"):
        assert program.get(f"/customers{query}").status_code in (200, 400, 422), query
    assert program.get(f"/customers/{text}").status_code in (400, 404)


@pytest.mark.parametrize("text", ["𠮷", "😀", "\u202e", "好" * 2000, "%", "_", "\\", "''", "()", "a" * 7000])
def test_any_text_can_be_searched_for(world: World, text: str) -> None:
    from urllib.parse import quote

    answer = program_of(world.seller).get(f"/customers?q={quote(text)}&total=1")
    assert answer.status_code in (200, 400)


@pytest.mark.parametrize("tag", ["x", '"', '""', '"x"', 'W/"1"', '"99999999999999999999999"', "*, *", '"٣"'])
def test_a_strange_precondition_fails(world: World, tag: str) -> None:
    with writing(world.seller):
        (customer,) = make_customers(1, owner_id=world.seller.member_id)
    path = f"/customers/{customer.id}"
    is_problem(program_of(world.seller).patch(path, {"grade": "A"}, headers={"If-Match": tag}), 412)


def test_undo_takes_only_what_it_understands(world: World) -> None:
    program = program_of(world.seller)
    made = program.post("/customers", {"name": "撤销有限公司"})["Operation-Id"]
    bodies: list[Any] = [{"only": "x"}, {"only": ["x"]}, {"leave": [1]}, {"else": []}, []]
    for body in bodies:
        is_problem(program.post(f"/operations/{made}/undo", body), 422)
    is_problem(program.post(f"/operations/{new_id()}/undo", {}), 404)
    assert program.post(f"/operations/{made}/undo").status_code == 200
    is_problem(program.post(f"/operations/{made}/undo"), 409)


@pytest.mark.parametrize("items", [[], [{}], "x", None, [None], [[]], [{"name": "好"}] * 1001])
def test_bulk_bodies_of_the_wrong_size_or_shape_are_refused(world: World, items: Any) -> None:
    is_problem(program_of(world.seller).post("/customers/bulk", {"items": items}), 422)
    assert count(world) == 0


# Replays


def test_the_same_request_twice_is_carried_out_once(world: World) -> None:
    program = program_of(world.seller)
    headers = {"Idempotency-Key": "order-1"}
    first = program.post("/customers", {"name": "重试有限公司"}, headers=headers)
    second = program.post("/customers", {"name": "重试有限公司"}, headers=headers)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert second["Idempotent-Replayed"] == "true"
    assert [first[h] for h in ("ETag", "Location", "Operation-Id")] == [
        second[h] for h in ("ETag", "Location", "Operation-Id")
    ]
    assert count(world) == 1
    differs = is_problem(program.post("/customers", {"name": "别的有限公司"}, headers=headers), 422)
    assert differs["code"] == "replay_differs"
    assert (
        program_of(world.seller).post("/customers", {"name": "别的有限公司"}, headers=headers).status_code
        == 201
    )


def test_after_an_error_the_same_key_may_be_tried_again(world: World) -> None:
    program = program_of(world.seller)
    headers = {"Idempotency-Key": "try"}
    is_problem(program.post("/customers", {"name": ""}, headers=headers), 422)
    assert program.post("/customers", {"name": "再试有限公司"}, headers=headers).status_code == 201


def test_a_delete_can_be_sent_again(world: World) -> None:
    with writing(world.manager):
        (customer,) = make_customers(1, owner_id=world.manager.member_id)
    program = program_of(world.manager)
    answers = [
        program.delete(f"/customers/{customer.id}", headers={"Idempotency-Key": "d"}) for _ in range(2)
    ]
    assert [(a.status_code, a.content) for a in answers] == [(204, b""), (204, b"")]


def test_a_kept_answer_is_forgotten_after_a_day(world: World) -> None:
    program = program_of(world.seller)
    headers = {"Idempotency-Key": "old"}
    assert program.post("/customers", {"name": "昨日有限公司"}, headers=headers).status_code == 201
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "UPDATE integrations_keptanswer SET created_at = created_at - interval '25 hours' WHERE tenant_id = %s",
            [world.tenant_id],
        )
    is_problem(program.post("/customers", {"name": "昨日有限公司"}, headers=headers), 409)
    assert program.post("/customers", {"name": "今日有限公司"}, headers=headers).status_code == 201
    with in_scope(world.seller):
        assert replays.sweep() == 0


def test_of_two_at_once_one_is_carried_out_and_the_other_gets_its_answer(world: World) -> None:
    secret = program_of(world.seller).secret
    barrier = threading.Barrier(4)
    answers: list[Any] = []

    def send() -> None:
        barrier.wait()
        try:
            answers.append(
                Program(secret).post("/customers", {"name": "同时有限公司"}, headers={"Idempotency-Key": "k"})
            )
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert count(world) == 1


def test_while_the_first_still_runs_the_second_is_told_to_wait(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replays, "_WAIT", "50ms")
    secret = program_of(world.seller).secret
    program, other = Program(secret), Program(secret)
    headers = {"Idempotency-Key": "slow"}
    meanwhile: list[Any] = []
    keep = replays.keep

    def slowly(*arguments: Any) -> None:
        def send() -> None:
            try:
                meanwhile.append(other.post("/customers", {"name": "慢慢有限公司"}, headers=headers))
            finally:
                connections.close_all()

        thread = threading.Thread(target=send)
        thread.start()
        thread.join()
        keep(*arguments)

    monkeypatch.setattr(replays, "keep", slowly)
    first = program.post("/customers", {"name": "慢慢有限公司"}, headers=headers)
    told = is_problem(meanwhile[0], 409)
    assert told["code"] == "in_progress"
    assert int(meanwhile[0]["Retry-After"]) > 0
    assert first.status_code == 201
    monkeypatch.undo()
    assert other.post("/customers", {"name": "慢慢有限公司"}, headers=headers).json() == first.json()
    assert count(world) == 1


@pytest.mark.parametrize("key", ["键", "a" * 256, "a\tb"])
def test_a_key_that_is_none_is_refused(world: World, key: str) -> None:
    is_problem(
        program_of(world.seller).post("/customers", {"name": "好"}, headers={"Idempotency-Key": key}), 400
    )


# Faults


def test_a_fault_of_ours_tells_no_insides_and_changes_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from guanxi.integrations.api import endpoints

    def fail(*_arguments: Any, **_more: Any) -> Any:
        raise RuntimeError("secret insides")

    program = program_of(world.seller)
    monkeypatch.setattr(endpoints, "reply_record", fail)
    answer = program.post("/customers", {"name": "故障有限公司"})
    is_problem(answer, 500)
    assert "insides" not in answer.content.decode()
    assert count(world) == 0


def test_an_absent_database_is_told_with_when_to_come_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from guanxi.integrations.api import door

    def away(*_arguments: Any) -> Any:
        raise OperationalError("connection refused")

    program = program_of(world.seller)
    monkeypatch.setattr(door, "identify", away)
    answer = program.get("/customers")
    is_problem(answer, 503)
    assert int(answer["Retry-After"]) > 0


def test_what_goes_wrong_before_the_door_is_a_problem_too(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = program_of(world.seller)
    is_problem(program.get("/customers", headers={"Host": "somebody.else"}), 400)

    def away(*_arguments: Any, **_more: Any) -> Any:
        raise OperationalError("connection refused")

    monkeypatch.setattr("guanxi.project.middleware.translation.get_language_from_request", away)
    is_problem(program.get("/customers"), 503)


def test_problems_speak_the_language_asked_for(world: World) -> None:
    program = program_of(world.seller)
    english = program.get(f"/customers/{new_id()}").json()
    chinese = program.get(f"/customers/{new_id()}", headers={"Accept-Language": "zh-CN"}).json()
    assert english["code"] == chinese["code"]
    assert english["title"] == "Not found"
    assert chinese["title"] != english["title"]
