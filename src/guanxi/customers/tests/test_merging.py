"""Several records become one with all that hangs on them; undo brings every row back, also weeks later."""

import re
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from guanxi.collaboration.models import Comment, Tagging
from guanxi.collaboration.services.comments import add_comment
from guanxi.collaboration.services.tags import create_tag, set_tags
from guanxi.customers.models import Address, Affiliation, BillingProfile, Customer, Mark, Pair, Person, Sign
from guanxi.customers.services import customers as services
from guanxi.customers.services.merging import merge_customers, merge_people
from guanxi.customers.services.people import create_person, edit_person
from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from guanxi.kinds import Show
from guanxi.resource import guards
from guanxi.resource.history import history_of
from guanxi.resource.models import Merger
from guanxi.resource.registry import find
from guanxi.resource.splitting import split
from guanxi.testing.worlds import World, in_scope

TABLES = (Customer, Person, Affiliation, Comment, Tagging, Pair)


def _make(actor: Actor, name: str, **more: Any) -> Customer:
    return services.create_customer(
        actor, data={"name": name, "relations": "customer", **more}, allow_duplicate=True
    )


def _everything() -> dict[str, Any]:
    """Every row as it stands, but for versions and times, and the marks."""
    beside = ("version", "updated_at", "tenant_id")
    rows = {
        model.__name__: sorted(
            (tuple((k, v) for k, v in row.items() if k not in beside) for row in model.objects.values()),
            key=repr,
        )
        for model in TABLES
    }
    marks = {(one.record, tuple(one.keys)) for one in Mark.objects.all()}
    signs = {(one.row, one.record, one.key, one.places, one.code) for one in Sign.objects.all()}
    return {**rows, "marks": marks, "signs": signs}


def _family(world: World) -> list[Customer]:
    """Three records of one company, with children of every kind."""
    actor = world.admin
    with in_scope(actor):
        kept = _make(actor, "常州苏谷豆制品有限公司", grade="A", remarks="老客户")
        two = _make(actor, "常州市苏谷豆制品", phone="0519-88001234", remarks="展会认识")
        three = _make(actor, "苏谷豆制品", website="sugu.example.cn", grade="B")
        child = _make(actor, "苏谷豆制品溧阳工厂", parent=str(two.pk))
        services.edit_customer(actor, kept.pk, data={"parent": str(child.pk)}, expected_version=None)
        for customer, name in ((kept, "王小明"), (two, "李建国"), (two, "赵敏"), (three, "王小明")):
            data = {"name": name, "customer": str(customer.pk), "post": "经理"}
            create_person(actor, data=data, allow_duplicate=True)
        tag = create_tag(actor, name="大豆")
        for customer in (kept, two):
            set_tags(actor, resource="customers", record_id=customer.pk, tags=[tag.pk])
        add_comment(actor, resource="customers", record_id=three.pk, text="样品已寄")
    return [kept, two, three]


def test_three_become_one_with_everything_and_undo_is_the_identity(world: World) -> None:
    kept, two, three = _family(world)
    with in_scope(world.admin):
        before = _everything()
        merged = merge_customers(
            world.admin, ids=[two.pk, three.pk], keep=kept.pk, choices={"grade": three.pk}
        )
        done = last_operation_id()
        assert merged.pk == kept.pk
        assert (merged.grade, merged.phone, merged.website) == (
            "B",
            "0519-88001234",
            "https://sugu.example.cn",
        )
        assert merged.remarks == "老客户\n展会认识"
        assert not Customer.objects.filter(pk__in=[two.pk, three.pk]).exists()
        assert Affiliation.objects.filter(customer_id=kept.pk).count() == 4
        assert set(Person.objects.values_list("customer_id", flat=True)) == {kept.pk}
        assert Comment.objects.get().record_id == kept.pk
        assert Tagging.objects.filter(record_id=kept.pk).count() == Tagging.objects.count() == 1
        child = Customer.objects.get(name="苏谷豆制品溧阳工厂")
        assert (child.parent_id, merged.parent_id) == (kept.pk, None), "no circle"
        assert done is not None
        undo(world.admin, done)
        assert _everything() == before
        again = last_operation_id()
        assert again is not None
        undo(world.admin, again)
        assert Customer.objects.filter(pk__in=[two.pk, three.pk]).count() == 0
        assert Merger.objects.count() == 2


def test_the_history_of_what_was_merged_is_the_kept_ones_and_old_links_lead_to_it(
    world: World, client_for: Any
) -> None:
    kept, two, three = _family(world)
    with in_scope(world.admin):
        services.edit_customer(world.admin, two.pk, data={"grade": "C"}, expected_version=None)
        merge_customers(world.admin, ids=[kept.pk, two.pk, three.pk], keep=kept.pk)
        record = Customer.objects.get(pk=kept.pk)
        entries, _more = history_of(world.admin, find("customers"), record, Show(world.admin), limit=50)
    assert {"常州市苏谷豆制品", "苏谷豆制品", ""} == {entry.of for entry in entries}
    assert any(entry.of == "常州市苏谷豆制品" and entry.fields for entry in entries)
    client: Client = client_for(world.members["admin"])
    answer = client.get(f"/customers/{two.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/customers/{kept.pk}/")
    assert client.get(f"/customers/{UUID(int=7)}/").status_code == 404


def test_a_person_twice_becomes_one_with_all_positions_and_one_main_one(world: World) -> None:
    with in_scope(world.admin):
        first, second = _make(world.admin, "甲机械"), _make(world.admin, "乙食品")
        one = create_person(world.admin, data={"name": "王小明", "customer": str(first.pk), "post": "厂长"})
        other = create_person(
            world.admin, data={"name": "王小明", "customer": str(second.pk), "phone": "13900001111"}
        )
        before = _everything()
        merged = merge_people(world.admin, ids=[one.pk, other.pk], choices={"customer": other.pk})
        done = last_operation_id()
        assert (merged.pk, merged.customer_id, merged.phone) == (one.pk, second.pk, "13900001111")
        rows = Affiliation.objects.filter(person_id=one.pk)
        assert {(row.customer_id, row.main) for row in rows} == {(first.pk, False), (second.pk, True)}
        assert done is not None
        undo(world.admin, done)
        assert _everything() == before


def test_undone_weeks_later_what_has_changed_since_is_said_and_the_rest_comes_back(world: World) -> None:
    kept, two, three = _family(world)
    with in_scope(world.admin):
        merge_customers(world.admin, ids=[two.pk, three.pk], keep=kept.pk)
        done = last_operation_id()
        services.edit_customer(world.admin, kept.pk, data={"industry": "C14"}, expected_version=None)
        services.edit_customer(world.admin, kept.pk, data={"phone": "0519-1111222"}, expected_version=None)
        assert done is not None
        with pytest.raises(Conflict) as conflict:
            undo(world.admin, done)
        assert [getattr(one, "columns", ()) for one in conflict.value.conflicts] == [("phone",)]
        undo(world.admin, done, leave=[kept.pk])
        assert Customer.objects.filter(pk__in=[two.pk, three.pk]).count() == 2
        assert Customer.objects.get(pk=kept.pk).phone == "0519-1111222"


def test_split_gives_what_came_since_to_whom_it_belongs(world: World) -> None:
    kept, two, three = _family(world)
    with in_scope(world.admin):
        merge_customers(world.admin, ids=[two.pk, three.pk], keep=kept.pk)
        made = create_person(world.admin, data={"name": "钱多多", "customer": str(kept.pk)})
        position = Affiliation.objects.get(person_id=made.pk)
        merger = Merger.objects.get(gone=two.pk)
        split(world.admin, find("customers"), merger.pk, take=[position.pk])
        position.refresh_from_db()
        assert position.customer_id == two.pk
        assert set(Customer.objects.filter(pk__in=[kept.pk, two.pk, three.pk])) == {kept, two}
        assert [one.gone for one in Merger.objects.all()] == [three.pk], "the other stays part of it"
        assert "两" not in Customer.objects.get(pk=kept.pk).former_names


def test_an_address_keeps_its_region_and_no_credit_code_is_lost(world: World) -> None:
    with in_scope(world.admin):
        first = _make(world.admin, "鲁味园食品", region="371300", credit_code="91371300MA3C0F2X1X")
        data = {"region": "371400", "address": "陵城区迎宾街 8 号", "credit_code": "91371400MA3C0F2X8Q"}
        second = _make(world.admin, "鲁味园食品（德州）", **data)
        lost = second.credit_code
        before = _everything()
        with guards.accepting(["customers.two_codes"]):
            merged = merge_customers(world.admin, ids=[second.pk], keep=first.pk)
        done = last_operation_id()
        assert (merged.region, merged.address) == ("371300", "陵城区迎宾街 8 号")
        (address,) = Address.objects.filter(customer_id=first.pk)
        assert (address.region, address.street) == ("371400", "陵城区迎宾街 8 号")
        (title,) = BillingProfile.objects.filter(customer_id=first.pk)
        assert (title.title, title.tax_number) == ("鲁味园食品（德州）", lost)
        assert done is not None
        undo(world.admin, done)
        assert _everything() == before
        assert not Address.objects.filter(customer_id=first.pk).exists()


def test_what_is_taken_out_takes_its_own_along_and_leaves_the_rest(world: World) -> None:
    kept, two, three = _family(world)
    with in_scope(world.admin):
        before = _everything()
    with in_scope(world.admin):
        merge_customers(world.admin, ids=[two.pk, three.pk], keep=kept.pk)
    with in_scope(world.admin):
        split(world.admin, find("customers"), Merger.objects.get(gone=three.pk).pk)
        one = Customer.objects.get(pk=kept.pk)
        assert (one.grade, one.phone, one.website) == ("A", "0519-88001234", "")
        assert "常州市苏谷豆制品" in one.former_names
        assert Comment.objects.get().record_id == three.pk
        assert Affiliation.objects.filter(customer_id=kept.pk).count() == 3
    with in_scope(world.admin):
        split(world.admin, find("customers"), Merger.objects.get(gone=two.pk).pk)
        assert _everything() == before


def test_who_may_not_does_not(world: World) -> None:
    with in_scope(world.seller):
        mine = [_make(world.seller, "甲机械厂"), _make(world.seller, "乙食品厂")]
        with pytest.raises(Forbidden):
            merge_customers(world.seller, ids=[one.pk for one in mine])
    with in_scope(world.admin):
        beyond = _make(world.admin, "丙")
    with in_scope(world.manager):
        with pytest.raises(NotFound):
            merge_customers(world.manager, ids=[mine[0].pk, beyond.pk])
        with pytest.raises(Refused):
            merge_customers(world.manager, ids=[mine[0].pk])
        with pytest.raises(Invalid):
            merge_customers(
                world.manager, ids=[one.pk for one in mine], choices={"name": UUID(int=5), "no": mine[0].pk}
            )
        assert merge_customers(world.manager, ids=[one.pk for one in mine]).name == "甲机械厂"


def test_a_splitting_is_undone_to_the_last_column_and_done_again(world: World) -> None:
    kept, two, three = _family(world)
    with in_scope(world.admin):
        merge_customers(world.admin, ids=[two.pk, three.pk], keep=kept.pk)
        merged = _everything()
    with in_scope(world.admin):
        done = split(world.admin, find("customers"), Merger.objects.get(gone=two.pk).pk)
        apart = _everything()
        assert last_operation_id() == done.pk
    with in_scope(world.admin):
        undone = undo(world.admin, done.pk)
        assert _everything() == merged
    with in_scope(world.admin):
        undo(world.admin, undone.pk)
        assert _everything() == apart
    with in_scope(world.admin):
        undo(world.admin, Operation.objects.get(undoes_id=undone.pk).pk)
        again = split(world.admin, find("customers"), Merger.objects.get(gone=two.pk).pk)
        assert _everything() == apart
        assert again.pk != done.pk


@pytest.mark.parametrize("out", [["two"], ["three"], ["two", "three"]])
def test_a_merging_of_which_some_were_taken_out_is_undone_whole_without_a_question(
    world: World, out: list[str]
) -> None:
    kept, two, three = _family(world)
    by_name = {"two": two.pk, "three": three.pk}
    with in_scope(world.admin):
        before = _everything()
        merge_customers(world.admin, ids=[two.pk, three.pk], keep=kept.pk)
        merging = last_operation_id()
        merged = apart = _everything()
    for one in out:
        with in_scope(world.admin):
            split(world.admin, find("customers"), Merger.objects.get(gone=by_name[one]).pk)
            apart = _everything()
    assert merging is not None
    with in_scope(world.admin):
        if len(out) == 2:
            assert apart == before
            return
        undone = undo(world.admin, merging)
        assert _everything() == before
    with in_scope(world.admin):
        undo(world.admin, undone.pk)
        assert _everything() == apart
    with in_scope(world.admin):
        undo(world.admin, Operation.objects.get(undoes_id=merging, undone_by_id__isnull=True).pk)
        assert _everything() == merged


def test_nobody_splits_who_may_not_merge_the_record_that_stayed(world: World) -> None:
    with in_scope(world.seller):
        mine = [_make(world.seller, "甲机械厂"), _make(world.seller, "乙食品厂")]
    with in_scope(world.admin):
        kept = merge_customers(world.admin, ids=[one.pk for one in mine])
        merger = Merger.objects.get(record_id=kept.pk)
    with in_scope(world.seller), pytest.raises(Forbidden):
        split(world.seller, find("customers"), merger.pk)
    with in_scope(world.admin):
        services.edit_customer(
            world.admin, kept.pk, data={"owner": str(world.admin.member_id)}, expected_version=None
        )
    # The manager has the right, but the record is no longer within his reach.
    with in_scope(world.manager), pytest.raises(NotFound):
        split(world.manager, find("customers"), merger.pk)
    with in_scope(world.admin):
        assert Customer.objects.count() == 1


def test_pairs_of_what_was_merged_are_answered_and_those_with_others_move(world: World) -> None:
    with in_scope(world.admin):
        people = [create_person(world.admin, data={"name": "王小明", "phone": "13812345678"})]
        for _n in range(2):
            other = create_person(world.admin, data={"name": "李四"})
            data = {"name": "王小明", "phone": "13812345678"}
            edit_person(world.admin, other.pk, data=data, expected_version=None)
            people.append(other)
        assert Pair.objects.filter(answer="open").count() == 3
        merge_people(world.admin, ids=[people[0].pk, people[1].pk])
        found = {(one.first, one.second): one.answer for one in Pair.objects.all()}
        assert sorted(found.values()) == ["merged", "open"]
        left = sorted((people[0].pk, people[2].pk))
        assert found[(left[0], left[1])] == "open"


def test_the_page_shows_them_side_by_side_and_merges(world: World, client_for: Any) -> None:
    kept, two, three = _family(world)
    client: Client = client_for(world.members["admin"])
    url = f"/customers/merge/?ids={kept.pk}&ids={two.pk}&ids={three.pk}"
    page = client.get(url).content.decode()
    assert "0519" in page
    assert "sugu.example.cn" in page
    # Names, grades and remarks differ (the parent too); what one alone has is no difference.
    differing = page[page.index("不一致的字段") : page.index("只有一方有值")]
    assert "0519" not in differing
    assert "苏谷豆制品" in differing
    assert "opened" not in page
    assert " 个标签" in page
    data = {
        "ids": [str(kept.pk), str(two.pk), str(three.pk)],
        "keep": str(two.pk),
        "choice_grade": str(three.pk),
    }
    answer = client.post("/customers/merge/", data)
    assert (answer.status_code, answer["Location"]) == (302, f"/customers/{two.pk}/")
    with in_scope(world.admin):
        assert Customer.objects.get(pk=two.pk).grade == "B"
    page = client.get(f"/customers/{two.pk}/history/").content.decode()
    assert f"/customers/{two.pk}/split/" in page
    with in_scope(world.admin):
        merged = Operation.objects.get(verb="customers.customer.merge")
    page = client.get(f"/settings/audit/{merged.pk}/").content.decode()
    for raw in ("answered at", "record id", ">gone<", ">key<", ">first<", ">score<"):
        assert raw not in page, raw
    pairs = page[page.index("疑似重复") :]
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-[^<>]*</", pairs)
    assert "苏谷豆制品" in client.get(f"/customers/{two.pk}/split/").content.decode()
    # The one that was clicked comes first, and the page leaves by one way.
    assert f"/customers/{two.pk}/split/?of=" in client.get(f"/customers/{two.pk}/history/").content.decode()
    for gone in (kept, three):
        page = client.get(f"/customers/{two.pk}/split/?of={gone.pk}").content.decode()
        with in_scope(world.admin):
            merger = Merger.objects.get(gone=gone.pk)
        assert re.findall(r'name="merger" value="([^"]+)"', page)[0] == str(merger.pk)
        assert page.count("gx-apart-meant") == 1
        assert page.index("gx-apart-meant") < page.index(str(merger.pk))
        assert page.count(f'href="/customers/{two.pk}/"') == 1
