"""What creating, editing and deleting customers does, for whom, and what it must not do."""

import threading
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.customers.models import Customer
from guanxi.customers.services import customers as services
from guanxi.foundation.ledger.models import Change, Operation
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.tenancy.scope import scope
from guanxi.kernel.codes import make_credit_code
from guanxi.kernel.errors import Forbidden, Invalid, NotFound, Refused, Stale
from guanxi.kernel.ids import new_id
from guanxi.resource import access
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope


def make(actor: Actor, **data: object) -> Customer:
    given = {"name": "山东鲁味园食品股份有限公司", "relations": "customer", **data}
    with in_scope(actor):
        return services.create_customer(actor, data=given, allow_duplicate=True)


def test_who_creates_a_customer_answers_for_it(world: World) -> None:
    made = make(world.seller)
    assert made.owner_id == world.seller.member_id
    with in_scope(world.seller):
        operation = Operation.objects.get(record_id=None, verb="customers.customer.create")
    assert (operation.actor_id, operation.label) == (world.seller.member_id, made.name)


def test_a_salesperson_cannot_give_a_new_customer_to_somebody_else(world: World) -> None:
    with in_scope(world.seller), pytest.raises(Forbidden):
        services.create_customer(
            world.seller,
            data={"name": "甲", "relations": "customer", "owner": str(world.teammate.member_id)},
        )
    with in_scope(world.admin):
        assert not Customer.objects.exists()


def test_a_manager_may_give_it_to_his_people_and_to_nobody_else(world: World) -> None:
    made = make(world.manager, owner=str(world.seller.member_id))
    assert made.owner_id == world.seller.member_id
    with in_scope(world.manager), pytest.raises(Forbidden):
        services.edit_customer(
            world.manager, made.id, data={"owner": str(world.admin.member_id)}, expected_version=None
        )


@pytest.mark.parametrize("who", ["seller", "teammate", "elsewhere", "manager", "admin", "owner"])
def test_each_sees_what_the_role_reaches(world: World, who: str) -> None:
    make(world.seller, name="卖家的客户")
    make(world.elsewhere, name="别处的客户")
    actor: Actor = getattr(world, who)
    with in_scope(actor):
        seen = {c.name for c in access.visible(actor, find("customers"))}
    both = {"卖家的客户", "别处的客户"}
    expected: dict[str, set[str]] = {
        "seller": {"卖家的客户"},
        "teammate": set(),
        "elsewhere": {"别处的客户"},
        "manager": both,
        "admin": both,
        "owner": both,
    }
    assert seen == expected[who]


def test_an_invisible_customer_is_not_found_and_a_foreign_one_neither(world: World, stranger: Actor) -> None:
    made = make(world.seller)
    for actor in (world.teammate, stranger):
        with in_scope(actor), pytest.raises(NotFound):
            services.edit_customer(actor, made.id, data={"phone": "0539-1000001"}, expected_version=None)
    with in_scope(world.seller):
        made.refresh_from_db()
        assert made.phone == ""


def test_a_credit_code_is_taken_once(world: World) -> None:
    code = make_credit_code(12345678)
    make(world.seller, name="甲公司", credit_code=code)
    with in_scope(world.teammate), pytest.raises(Refused) as refused:
        services.create_customer(
            world.teammate,
            data={"name": "乙公司", "relations": "customer", "credit_code": code},
            allow_duplicate=True,
        )
    duplicates: Any = refused.value.params["duplicates"]
    (found,) = duplicates
    assert (found.verdict, found.visible) == ("certain", False)


def test_the_same_name_warns_and_a_person_may_insist(world: World) -> None:
    make(world.seller, name="上海北斗机械有限公司")
    data = {"name": "上海 北斗机械股份有限公司", "relations": "customer"}
    with in_scope(world.seller), pytest.raises(Refused):
        services.create_customer(world.seller, data=data)
    with in_scope(world.seller):
        services.create_customer(world.seller, data=data, allow_duplicate=True)


def test_of_two_who_create_the_same_customer_at_once_one_is_told(world: World) -> None:
    code = make_credit_code(87654321)
    outcomes: list[str] = []
    gate = threading.Barrier(2)

    def create(actor: Actor) -> None:
        from django.db import connections

        gate.wait()
        try:
            with scope(actor.tenant_id, actor_id=actor.member_id, door="api"):
                services.create_customer(
                    actor, data={"name": f"{actor.name}的公司", "relations": "customer", "credit_code": code}
                )
            outcomes.append("created")
        except Refused as error:
            outcomes.append(error.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=create, args=(a,)) for a in (world.seller, world.teammate)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["created", "duplicate"]


def test_an_edit_of_an_old_version_is_refused_and_changes_nothing(world: World) -> None:
    made = make(world.seller)
    with in_scope(world.seller):
        services.edit_customer(world.seller, made.id, data={"phone": "0539-8316220"}, expected_version=1)
    with in_scope(world.seller), pytest.raises(Stale):
        services.edit_customer(world.seller, made.id, data={"phone": "0539-8316221"}, expected_version=1)
    with in_scope(world.seller):
        made.refresh_from_db()
        assert (made.phone, made.version) == ("0539-8316220", 2)


def test_saving_what_is_there_writes_nothing(world: World) -> None:
    made = make(world.seller, grade="A")
    with in_scope(world.seller):
        services.edit_customer(world.seller, made.id, data={"grade": "A"}, expected_version=1)
        made.refresh_from_db()
        assert made.version == 1
        assert Change.objects.filter(row_id=made.id).count() == 1


def test_a_renamed_customer_is_found_by_its_new_name_and_after_undo_by_its_old(world: World) -> None:
    made = make(world.seller, name="临沂鲁味园食品厂")
    resource = find("customers")
    with in_scope(world.seller):
        services.edit_customer(world.seller, made.id, data={"name": "临沂北斗食品厂"}, expected_version=1)
        assert [hit.id for hit in access.search(world.seller, resource, "bdsp")] == [made.id]
        assert access.search(world.seller, resource, "鲁味园") == []
    with in_scope(world.seller):
        operation = Operation.objects.get(verb="customers.customer.edit")
        undo(world.seller, operation.id)
    with in_scope(world.seller):
        assert [hit.id for hit in access.search(world.seller, resource, "lwy")] == [made.id]
        assert access.search(world.seller, resource, "北斗") == []
        made.refresh_from_db()
        assert made.name == "临沂鲁味园食品厂"


def test_search_never_shows_what_the_list_would_not(world: World, stranger: Actor) -> None:
    make(world.seller, name="鲁味园")
    for actor in (world.teammate, stranger):
        with in_scope(actor):
            assert access.search(actor, find("customers"), "鲁味园") == []


def test_a_deleted_customer_comes_back_whole(world: World) -> None:
    made = make(world.manager, name="北斗", remarks="要求三家比价", grade="A")
    with in_scope(world.manager):
        before = dict[str, Any](Customer.objects.filter(id=made.id).values().get())
        services.delete_customers(world.manager, ids=[made.id])
        assert access.search(world.manager, find("customers"), "北斗") == []
        operation = Operation.objects.get(verb="customers.customer.delete")
        undo(world.manager, operation.id)
    with in_scope(world.manager):
        after = dict[str, Any](Customer.objects.filter(id=made.id).values().get())
        assert after.pop("version") > before.pop("version")
        assert after == before
        assert [hit.id for hit in access.search(world.manager, find("customers"), "北斗")] == [made.id]


def test_a_parent_with_subsidiaries_is_not_deleted(world: World) -> None:
    parent = make(world.manager, name="集团")
    make(world.manager, name="子公司", parent=str(parent.id))
    with in_scope(world.manager), pytest.raises(Refused) as refused:
        services.delete_customers(world.manager, ids=[parent.id])
    assert refused.value.code == "customers.has_subsidiaries"
    with in_scope(world.manager):
        assert Customer.objects.count() == 2


def test_no_company_belongs_to_itself_by_way_of_others(world: World) -> None:
    first = make(world.manager, name="甲")
    second = make(world.manager, name="乙", parent=str(first.id))
    with in_scope(world.manager), pytest.raises(Invalid) as wrong:
        services.edit_customer(
            world.manager, first.id, data={"parent": str(second.id)}, expected_version=None
        )
    assert wrong.value.fields["parent"][0].code == "circle"


def test_many_are_changed_in_one_operation_that_undoes_as_one(world: World) -> None:
    ids = [make(world.seller, name=f"客户{i}", grade="C").id for i in range(3)]
    foreign = make(world.elsewhere, name="别处", grade="C")
    with in_scope(world.seller):
        count = services.edit_customers(world.seller, ids=[*ids, foreign.id], data={"grade": "A"})
    assert count == 3
    with in_scope(world.admin):
        assert dict(Customer.objects.values_list("name", "grade"))["别处"] == "C"
        operation = Operation.objects.get(verb="customers.customer.edit")
    with in_scope(world.seller):
        undo(world.seller, operation.id)
    with in_scope(world.admin):
        assert set(Customer.objects.values_list("grade", flat=True)) == {"C"}


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("  公司\u0000名\u202e称  ", "公司名称"),
        ("𠮷野家（上海）有限公司", "𠮷野家（上海）有限公司"),
        ("👨‍👩‍👧 家庭农场", "👨‍👩‍👧 家庭农场"),
    ],
)
def test_outside_text_is_cleaned_and_rare_characters_are_kept(world: World, name: str, kept: str) -> None:
    assert make(world.seller, name=name).name == kept


def test_fifty_thousand_characters_are_refused_with_the_limit(world: World) -> None:
    with in_scope(world.seller), pytest.raises(Invalid) as wrong:
        services.create_customer(world.seller, data={"name": "长" * 50_000, "relations": "customer"})
    assert wrong.value.fields["name"][0].params["limit"] == 200


def test_names_sort_as_chinese_readers_expect(world: World) -> None:
    for name in ("重庆北斗", "阿里食品", "单县鲁味", "成都鲁味", "2050 食品", "Bosch", "长沙湘味"):
        make(world.seller, name=name)
    with in_scope(world.seller):
        names = list(Customer.objects.order_by("name_sort").values_list("name", flat=True))
    assert names == ["2050 食品", "Bosch", "阿里食品", "长沙湘味", "成都鲁味", "重庆北斗", "单县鲁味"]


def test_dates_of_a_generated_customer_survive(world: World) -> None:
    with in_scope(world.system):
        (made,) = services.create_customers(
            world.system,
            rows=[
                {
                    "name": "老客户",
                    "relations": "customer",
                    "owner_id": None,
                    "created_at": datetime(2020, 1, 2, 3, 4, tzinfo=UTC),
                }
            ],
        )
        assert Customer.objects.get(id=made).created_at.date() == date(2020, 1, 2)


def test_many_are_deleted_in_as_many_statements_as_few(world: World) -> None:
    def delete(count: int) -> int:
        rows = [
            {"name": f"甲{count}-{i}", "relations": "customer", "owner_id": world.seller.member_id}
            for i in range(count)
        ]
        with in_scope(world.manager):
            ids = services.create_customers(world.manager, rows=rows)
        with in_scope(world.manager), CaptureQueriesContext(connection) as asked:
            assert services.delete_customers(world.manager, ids=ids) == count
        return len(asked)

    assert delete(40) == delete(2)


def test_of_many_to_delete_one_unseen_is_not_found_one_seen_forbidden_and_all_stay(world: World) -> None:
    mine, theirs = make(world.seller, name="甲"), make(world.elsewhere, name="乙")
    with in_scope(world.seller), pytest.raises(NotFound):
        services.delete_customers(world.seller, ids=[mine.id, theirs.id])
    with in_scope(world.seller), pytest.raises(Forbidden):
        services.delete_customers(world.seller, ids=[mine.id])
    with in_scope(world.manager), pytest.raises(NotFound):
        services.delete_customers(world.manager, ids=[mine.id, new_id()])
    with in_scope(world.manager):
        assert Customer.objects.count() == 2
        assert services.delete_customers(world.manager, ids=[mine.id, theirs.id, mine.id]) == 2
