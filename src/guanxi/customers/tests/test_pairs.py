"""Pairs are put to who is to decide, kept, and never asked twice; and anybody may ask whether a company is taken."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from guanxi.customers.models import Customer, Mark, Pair, Person, Sign
from guanxi.customers.queries.duplicates import duplicates_of
from guanxi.customers.queries.pairs import asked_of, pairs_for
from guanxi.customers.queries.taken import taken, typed_fields
from guanxi.customers.rules.alike import customer_of
from guanxi.customers.services import customers as services
from guanxi.customers.services import scanning
from guanxi.customers.services.pairs import answer_pair, ask_owners
from guanxi.customers.services.people import create_people
from guanxi.foundation.ledger.services import last_operation_id, operation
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.notices.models import Notice
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.models import FieldRule
from guanxi.integrations.api.tests.calling import program_of
from guanxi.kernel.errors import NotFound, Refused
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope


def _make(actor: Actor, name: str, **more: Any) -> Customer:
    return services.create_customer(
        actor, data={"name": name, "relations": "customer", **more}, allow_duplicate=True
    )


def _apart(world: World) -> Pair:
    """Two that may be one, of two sellers who do not see each other's."""
    with in_scope(world.elsewhere):
        _make(world.elsewhere, "常州苏谷豆制品有限公司", phone="0519-88001234")
    with in_scope(world.seller):
        _make(world.seller, "常州市苏谷豆制品")
        return Pair.objects.get()


def test_a_pair_is_put_to_both_owners_and_the_other_ones_record_stays_masked(
    world: World, client_for: Any
) -> None:
    pair = _apart(world)
    for actor, beyond in ((world.seller, "常州苏谷"), (world.elsewhere, "常州市苏谷")):
        with in_scope(actor):
            (asked,) = asked_of(actor, list(pairs_for(actor, "customers")))
            assert asked.pair.pk == pair.pk
            assert [side.visible for side in asked.sides].count(False) == 1
        page = client_for(world.members[_who(world, actor)]).get("/duplicates/")
        assert page.status_code == 200
        assert beyond not in page.content.decode()
        assert "88001234" not in page.content.decode() or actor is world.elsewhere
    with in_scope(world.teammate):
        assert not pairs_for(world.teammate, "customers").exists()
        with pytest.raises(NotFound):
            answer_pair(world.teammate, pair.pk, answer="different")


def _who(world: World, actor: Actor) -> str:
    return next(name for name, member in world.members.items() if member.pk == actor.member_id)


def test_an_answer_is_kept_undone_and_not_asked_again_by_a_scan(world: World) -> None:
    pair = _apart(world)
    with in_scope(world.seller):
        assert ask_owners(world.seller, pair.pk) == [world.elsewhere.name]
        assert Notice.objects.get().member_id == world.elsewhere.member_id
    with in_scope(world.elsewhere):
        answer_pair(world.elsewhere, pair.pk, answer="different", said="两家")
        done = last_operation_id()
        pair.refresh_from_db()
        assert (pair.answer, pair.answered_by_id) == ("different", world.elsewhere.member_id)
        with pytest.raises(Refused):
            answer_pair(world.elsewhere, pair.pk, answer="different")
    with in_scope(world.system):
        _looked, found, _onward = scanning.scan(world.system, "customers")
        assert (found, Pair.objects.count()) == (0, 1)
    with in_scope(world.elsewhere):
        assert done is not None
        undo(world.elsewhere, done)
        pair.refresh_from_db()
        assert pair.answer == "open"


def test_a_branch_is_linked_as_a_part_by_one_click(world: World) -> None:
    with in_scope(world.admin):
        parent = _make(world.admin, "苏州华东机械有限公司")
        child = _make(world.admin, "苏州华东机械有限公司昆山分公司")
        scanning.scan(world.admin, "customers")
        pair = Pair.objects.get()
        assert (pair.verdict, pair.branch) == ("possible", "branch")
        answer_pair(world.admin, pair.pk, answer="branch", child=child.pk)
        child.refresh_from_db()
        assert child.parent_id == parent.pk


def test_a_scan_finds_what_an_import_brought_slice_by_slice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "SLICE", 2)
    owner = world.seller.member_id
    names = [
        "临沂鑫旺食品有限公司",
        "临沂新旺食品有限公司",
        "别的机械厂",
        "山东临沂鑫旺食品有限公司",
        "海纳川包装",
    ]
    with in_scope(world.seller):
        services.create_customers(
            world.seller, rows=[{"name": name, "owner_id": owner, "relations": "customer"} for name in names]
        )
        people = [{"name": "王小明", "phone": "13812345678"}, {"name": "王晓明", "phone": "13812345678"}]
        create_people(world.seller, rows=[one | {"owner_id": owner} for one in people])
    with in_scope(world.system):
        after, slices, found = None, 0, 0
        while slices == 0 or after is not None:
            looked, new, after = scanning.scan(world.system, "customers", after=after)
            slices, found = slices + 1, found + new
            assert looked <= 2
        assert (slices, found) == (3, 3)
        assert {pair.verdict for pair in Pair.objects.all()} == {"likely", "possible"}
        scanning.scan(world.system, "people")
        assert Pair.objects.filter(resource="people").count() == 1
        assert scanning.scan(world.system, "customers")[1] == 0, "found before"


def test_a_scan_counts_a_number_that_stands_beside_the_record(world: World) -> None:
    with in_scope(world.admin):
        first = _make(world.admin, "临沂鑫旺食品有限公司", phone="0539-8316220")
        second = _make(world.admin, "苏州华东机械有限公司")
        data = {"customer": str(second.pk), "kind": "phone", "value": "0539-8316220"}
        find("contact_points").create(world.admin, data=data)
        Pair.objects.all().delete()
        scanning.scan(world.admin, "customers")
        pair = Pair.objects.get()
        assert {pair.first, pair.second} == {first.pk, second.pk}
        assert "phone" in pair.reasons


def test_what_was_there_before_the_marks_gets_them_by_the_scan(world: World) -> None:
    with in_scope(world.admin):
        _make(world.admin, "老字号酿造有限公司")
        Mark.objects.all().delete()
        Sign.objects.all().delete()
        assert duplicates_of(world.admin, customer_of({"name": "老字号酿造"})) == []
        scanning.scan(world.admin, "customers")
        assert len(duplicates_of(world.admin, customer_of({"name": "老字号酿造"}))) == 1


def test_who_asks_whether_a_company_is_taken_learns_whose_it_is_and_no_more(
    world: World, client_for: Any
) -> None:
    with in_scope(world.elsewhere):
        _make(world.elsewhere, "青岛海纳川包装有限公司", phone="0532-66778899", remarks="机密")
    client: Client = client_for(world.members["seller"])
    for text in ("海纳川包装", "0532 6677 8899"):
        page = client.post("/taken/", {"text": text}).content.decode()
        assert world.elsewhere.name in page
        assert "青岛**公司" in page
        for word in ("海纳川包装有限", "机密"):
            assert word not in page
    # A part of the name, in pinyin too, and with a word beside it that is not it; not by what else is known of it.
    for text in ("海纳川", "纳川包", "hainachuan", "海纳川 李经理"):
        page = client.post("/taken/", {"text": text}).content.decode()
        assert "青岛**公司" in page, text
        assert world.elsewhere.name in page
        assert "海纳川包装有限" not in page
    # A landline without its area code says as much as the whole one; of the last digits there are too few to tell.
    for text in ("66778899", "6677-8899", "电话：66778899"):
        page = client.post("/taken/", {"text": text}).content.decode()
        assert "青岛**公司" in page, text
        assert "海纳川包装有限" not in page
    for text in ("8899", "778899", "99887766"):
        page = client.post("/taken/", {"text": text}).content.decode()
        assert "号码不完整" in page
        assert "还没有人在跟" not in page
    for text in ("机密", "8899", "778899"):
        assert "青岛**公司" not in client.post("/taken/", {"text": text}).content.decode(), text
    with in_scope(world.seller):
        assert [one.reasons for one in taken(world.seller, "customers", "纳川包")] == [("held",)]
        closed = replace(world.seller, field_rules={("customers", "name"): "hide"})
    with in_scope(closed):
        assert taken(closed, "customers", "纳川包") == [], (
            "who may not know names asks for none by a part of it"
        )
    page = client.post("/taken/", {"text": "没有这家"}).content.decode()
    assert "还没有人在跟" in page
    assert "/customers/new/?name=" in page


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("江苏亿昌 13812345678", {"name": "江苏亿昌", "phone": "13812345678"}),
        ("江苏亿昌食品，电话：0512-6688 1234", {"name": "江苏亿昌食品", "phone": "0512-6688 1234"}),
        ("13812345678 王建国", {"name": "王建国", "phone": "13812345678"}),
        ("0532 6677 8899", {"phone": "0532 6677 8899"}),
        ("三六五食品", {"name": "三六五食品"}),
        ("青岛 2006 酒业", {"name": "青岛 2006 酒业"}),
        ("www.yichang.example.com", {"website": "www.yichang.example.com"}),
    ],
    ids=["after", "labelled", "before", "alone", "none", "a year", "website"],
)
def test_what_is_typed_goes_to_the_fields_it_is_for(text: str, fields: dict[str, str]) -> None:
    assert typed_fields(text) == fields


def test_who_was_asked_is_told_and_not_asked_again(world: World, client_for: Any) -> None:
    pair = _apart(world)
    client: Client = client_for(world.members["seller"])
    assert 'value="ask"' in client.get("/duplicates/").content.decode()
    client.post(f"/duplicates/{pair.pk}/answer/", {"answer": "ask"})
    page = client.get("/duplicates/").content.decode()
    assert f"已请{world.elsewhere.name}判断" in page
    assert 'value="ask"' not in page
    with in_scope(world.seller):
        with pytest.raises(Refused):
            ask_owners(world.seller, pair.pk)
        assert Notice.objects.count() == 1
    # Who was asked may still ask back.
    assert 'value="ask"' in client_for(world.members["elsewhere"]).get("/duplicates/").content.decode()


def test_of_two_that_are_related_the_link_is_offered_first(world: World, client_for: Any) -> None:
    with in_scope(world.admin):
        _make(world.admin, "苏州华东机械有限公司")
        child = _make(world.admin, "苏州华东机械有限公司昆山分公司")
        scanning.scan(world.admin, "customers")
    page = client_for(world.members["admin"]).get("/duplicates/").content.decode()
    first = page.index("btn-primary", page.index('class="gx-pair"'))
    assert f'value="{child.pk}"' in page[first : page.index("</button>", first)]
    assert page.count("btn-primary", page.index('class="gx-pair"'), page.index("</section>")) == 1
    assert '<span class="gx-n">1</span>' in page


def test_the_same_through_the_api(world: World) -> None:
    pair = _apart(world)
    program = program_of(world.seller)

    def send(path: str, data: dict[str, Any]) -> Any:
        return program.post(f"/{path}", data)

    (told,) = send("duplicates/check", {"text": "常州苏谷豆制品厂"}).json()["items"][:1]
    assert told["resource"] == "customers"
    answer = send("duplicates/check", {"name": "常州苏谷豆制品", "phone": "0519-88001234"}).json()["items"]
    assert {one["visible"] for one in answer} == {True, False}
    assert all(one["id"] is None for one in answer if not one["visible"])
    listed = program.get("/duplicates").json()["items"]
    assert [one["id"] for one in listed] == [str(pair.pk)]
    assert send(f"duplicates/{pair.pk}/answer", {"answer": "different"}).json()["answer"] == "different"
    assert program.get("/duplicates").json()["items"] == []
    assert send("merges", {"ids": [str(pair.first), str(pair.second)]}).status_code == 403


def test_merging_through_the_api(world: World) -> None:
    with in_scope(world.admin):
        one, two = _make(world.admin, "甲机械", grade="A"), _make(world.admin, "乙食品", grade="B")
    body = {
        "ids": [str(one.pk), str(two.pk)], "keep": str(two.pk),
        "choices": [{"field": "grade", "record": str(one.pk)}],
    }  # fmt: skip
    answer = program_of(world.admin).post("/merges", body)
    assert (answer.status_code, answer.json()["id"]) == (201, str(two.pk))
    with in_scope(world.admin):
        kept = Customer.objects.get()
        assert (kept.grade, kept.name, kept.former_names) == ("A", "乙食品", "甲机械")
        assert not Person.objects.exists()


def test_only_who_reaches_everything_looks_through_everything(world: World, client_for: Any) -> None:
    # How many there are, and how many of them twice, would be told to whoever may merge his own team's.
    manager, admin = client_for(world.members["manager"]), client_for(world.members["admin"])
    assert manager.post("/duplicates/look/", {"of": "customers"}).status_code == 403
    assert "/duplicates/look/" not in manager.get("/duplicates/").content.decode()
    assert admin.post("/duplicates/look/", {"of": "customers"}).status_code == 302


def test_a_hidden_name_stays_hidden_in_answers_about_duplicates(world: World, client_for: Any) -> None:
    with in_scope(world.seller):
        _make(world.seller, "青岛海纳川包装有限公司", phone="0532-66778899")
    with in_scope(world.admin), operation(world.system, "tests.rule.make"):
        rule = {"resource": "customers", "field": "name", "mode": "hide"}
        FieldRule(role_id=world.roles["salesperson"].id, **rule).save(force_insert=True)
    client: Client = client_for(world.members["seller"])
    for url, data in (
        ("/taken/", {"text": "0532 6677 8899"}),
        ("/customers/duplicates/", {"phone": "0532 6677 8899"}),
    ):
        page = client.post(url, data).content.decode()
        assert "海纳川" not in page
        assert "青岛**公司" in page
