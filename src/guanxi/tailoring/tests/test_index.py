"""The narrow index: filled at once or by a job, kept up, unique by the database, behind the walls."""

import threading
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guanxi.customers.models import Customer
from guanxi.customers.services import customers
from guanxi.foundation.jobs.models import Job
from guanxi.foundation.jobs.run import run_job
from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.tenancy.scope import scope
from guanxi.kernel.errors import Conflict, Invalid
from guanxi.tailoring.models import OwnField, OwnIndex, OwnValue
from guanxi.tailoring.queries import wishes
from guanxi.tailoring.services import fields
from guanxi.tailoring.tests.making import add, edit, held, listed, make, resource
from guanxi.testing.worlds import World, in_scope


def tick(world: World, name: str, **data: Any) -> OwnField:
    return fields.edit_field(world.admin, resource="customers", name=name, data=data)


def entries(row: OwnField) -> list[tuple[Any, ...]]:
    rows = OwnValue.objects.filter(field_id=row.id).values_list("text", "number", "moment", "sole")
    return sorted(rows, key=str)


def test_values_follow_their_records(world: World) -> None:
    with in_scope(world.admin):
        number = add(world.admin, "number", "人数", indexed=True, places="1")
        colours = add(world.admin, "choices", "颜色", indexed=True)
        record = make(world.admin, "甲", **{number.name: "1.5", colours.name: "红、绿"})
        assert entries(number) == [(None, 15, None, None)]
        assert [one[0] for one in entries(colours)] == ["green", "red"]
        edit(world.admin, record.id, **{colours.name: "蓝"})
        assert [one[0] for one in entries(colours)] == ["blue"]
        customers.delete_customers(world.admin, ids=[record.id])
        assert entries(number) == entries(colours) == []


def test_few_records_are_brought_in_at_once_and_taken_out_again(world: World) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "date", "到期日")
        make(world.admin, "甲", **{row.name: "2024-03-05"})
        tick(world, row.name, indexed=True)
        assert entries(row) == [("2024-03-05", None, None, None)]
        tick(world, row.name, indexed=False)
        assert entries(row) == []
        assert not OwnIndex.objects.exists()
        assert listed(world.admin, **{row.name: "2024-03-05"}) == ["甲"]


def test_many_records_are_brought_in_by_a_job_that_tells_its_progress(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guanxi.tailoring.services.indexes.FILL_AT_ONCE", 1)
    with in_scope(world.admin):
        row = add(world.admin, "text", "编号")
        for name in ("甲", "乙", "丙"):
            make(world.admin, name, **{row.name: f"K-{name}"})
        tick(world, row.name, indexed=True)
        own = resource().kind(row.name).own
        assert own is not None
        assert own.narrow is None
        assert listed(world.admin, **{row.name: "K-甲"}) == ["甲"]
        make(world.admin, "丁", **{row.name: "K-丁"})  # written while the job waits
        job = Job.objects.get(kind="tailoring.fill")
    run_job(world.tenant_id, job.id)
    with in_scope(world.admin):
        job.refresh_from_db()
        assert (job.state, job.done, job.result["total"]) == ("done", 4, 4)
        own = resource().kind(row.name).own
        assert own is not None
        assert own.narrow is not None
        assert [one[0] for one in entries(row)] == ["K-丁", "K-丙", "K-乙", "K-甲"]
        assert listed(world.admin, **{row.name: "K-甲,K-丁"}) == sorted(["甲", "丁"])


def test_a_filter_on_an_indexed_field_reads_the_narrow_table(world: World) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "number", "人数", indexed=True)
        make(world.admin, "甲", **{row.name: "5"})
        with CaptureQueriesContext(connection) as asked:
            assert listed(world.admin, **{f"{row.name}.least": "5"}) == ["甲"]
        wanted = [one["sql"] for one in asked.captured_queries if "customers_customer" in one["sql"]]
        assert len(wanted) == 1
        assert "tailoring_ownvalue" in wanted[0]


# Unique


def test_a_value_that_may_stand_once_is_refused_beside_the_field(world: World) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "text", "客户编号", unique=True)
        make(world.admin, "甲", **{row.name: "K-1"})
        other = make(world.admin, "乙")
        make(world.admin, "丙")  # nothing stands as often as it likes
        with pytest.raises(Invalid) as refused:
            make(world.admin, "丁", **{row.name: "K-1"})
        assert [m.code for m in refused.value.fields[row.name]] == ["taken"]
        with pytest.raises(Invalid):
            edit(world.admin, other.id, **{row.name: "K-1"})
        assert held(other.id) == {}
        assert not Customer.objects.filter(name="丁").exists()
        edit(world.admin, other.id, **{row.name: "K-2"})


def test_two_records_exchange_their_values_in_one_go(world: World) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "number", "编号", unique=True)
        one, two = (
            make(world.admin, name, **{row.name: value}) for name, value in (("甲", "1"), ("乙", "2"))
        )
        changes = [(one.id, {row.name: 2}), (two.id, {row.name: 1})]
        assert customers.update_imported(world.admin, changes=changes) == 2
        assert (held(one.id), held(two.id)) == ({row.name: 2}, {row.name: 1})
        with pytest.raises(Invalid):
            customers.update_imported(world.admin, changes=[(one.id, {row.name: 7}), (two.id, {row.name: 7})])


def test_many_records_cannot_get_the_same_value(world: World) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "text", "编号", unique=True)
        ids = [make(world.admin, name).id for name in ("甲", "乙")]
        assert row.name not in resource().settable_in_bulk()
        with pytest.raises(Invalid):
            customers.edit_customers(world.admin, ids=ids, data={row.name: "K"})
        assert [held(one) for one in ids] == [{}, {}]


def test_a_field_with_doubles_does_not_become_unique_and_says_which(world: World) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "text", "编号")
        one, _two = (make(world.admin, name, **{row.name: "K-7"}) for name in ("甲", "乙"))
        with pytest.raises(Invalid) as refused:
            tick(world, row.name, unique=True)
        assert "K-7" in str(refused.value.fields["unique"][0])
        edit(world.admin, one.id, **{row.name: "K-8"})
        assert tick(world, row.name, unique=True).unique
        with pytest.raises(Invalid):
            edit(world.admin, one.id, **{row.name: "K-7"})


def test_a_double_entered_before_the_job_began_takes_uniqueness_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guanxi.tailoring.services.indexes.FILL_AT_ONCE", 0)
    with in_scope(world.admin):
        row = add(world.admin, "text", "编号")
        make(world.admin, "甲", **{row.name: "K-1"})
        tick(world, row.name, unique=True)
        make(world.admin, "乙", **{row.name: "K-1"})
        job = Job.objects.get(kind="tailoring.fill")
    run_job(world.tenant_id, job.id)
    with in_scope(world.admin):
        job.refresh_from_db()
        row.refresh_from_db()
        assert job.state == "done"
        assert job.result["twice"] == ["K-1"]
        assert not row.unique
        assert not OwnIndex.objects.exists()
        assert entries(row) == []
        make(world.admin, "丙", **{row.name: "K-1"})


def test_of_two_who_enter_the_same_value_at_once_one_is_told(world: World) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "text", "编号", unique=True)
    ready, told = threading.Barrier(2, timeout=20), []

    def enter(name: str) -> None:
        try:
            with scope(world.tenant_id, actor_id=world.admin.member_id, door="web"):
                Customer.objects.count()  # the transaction has begun
                ready.wait()
                make(world.admin, name, **{row.name: "K-1"})
        except Invalid as error:
            told.append(list(error.fields))
        finally:
            connection.close()

    threads = [threading.Thread(target=enter, args=(name,)) for name in ("甲", "乙")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == [[row.name]]
    with in_scope(world.admin):
        assert len(listed(world.admin, **{row.name: "K-1"})) == 1


def test_an_undo_that_would_bring_a_value_back_twice_is_refused(world: World) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "text", "编号", unique=True)
        first = make(world.admin, "甲", **{row.name: "K-1"})
        edit(world.admin, first.id, **{row.name: "K-2"})
        mine = Operation.objects.get(verb="customers.customer.edit")
        make(world.admin, "乙", **{row.name: "K-1"})
        with pytest.raises(Conflict) as refused:
            undo(world.admin, mine.id)
        (conflict,) = refused.value.conflicts
        assert (conflict.kind, conflict.row_id, conflict.columns) == ("taken", first.id, (row.name,))  # type: ignore[attr-defined]
        assert held(first.id) == {row.name: "K-2"}


def test_a_value_is_free_again_once_its_record_was_uncreated(world: World) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "text", "编号", unique=True)
        make(world.admin, "甲", **{row.name: "K-1"})
        undo(world.admin, Operation.objects.get(verb="customers.customer.create").id)
        make(world.admin, "乙", **{row.name: "K-1"})


def test_uniqueness_holds_within_a_company(world: World, other_world: World) -> None:
    names = []
    for one in (world, other_world):
        with in_scope(one.admin):
            row = add(one.admin, "text", "编号", unique=True)
            make(one.admin, "甲", **{row.name: "K-1"})
            names.append(row.name)
            assert OwnValue.objects.count() == 1
    assert names[0] == names[1]


def test_an_undone_tick_takes_the_index_away(world: World) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "text", "编号")
        make(world.admin, "甲", **{row.name: "K-1"})
        tick(world, row.name, indexed=True)
        done = Operation.objects.get(verb="tailoring.field.edit")
        again = undo(world.admin, done.id)
        assert not OwnIndex.objects.exists()
        assert entries(row) == []
        undo(world.admin, again.id)
        assert len(entries(row)) == 1


# Walls and queries


def test_fields_are_asked_for_once_a_request_however_many_there_are(world: World) -> None:
    with in_scope(world.admin):
        for number in range(5):
            add(world.admin, "text", f"字段{number}")
        resource().fields()
    with in_scope(world.admin):
        with CaptureQueriesContext(connection) as asked:
            for _ in range(20):
                resource().fields()
                resource().sections()
        assert len(asked.captured_queries) == 1


def test_another_process_learns_of_a_change(world: World) -> None:
    """What is kept is kept by a mark that every change renews."""
    with in_scope(world.admin):
        row = add(world.admin, "text", "编号")
        assert row.name in resource().fields()
    with in_scope(world.admin):
        held_here = dict(wishes._kept)
        fields.set_state(world.admin, resource="customers", name=row.name, state="retired")
        wishes._kept.clear()
        wishes._kept.update(held_here)
    with in_scope(world.admin):
        assert row.name not in resource().fields()


def test_an_edit_of_a_declared_field_asks_nothing_of_the_index(world: World) -> None:
    with in_scope(world.admin):
        add(world.admin, "text", "编号", indexed=True)
        record = make(world.admin, "甲")
        with CaptureQueriesContext(connection) as asked:
            edit(world.admin, record.id, phone="0539 8888888")
        assert not [one for one in asked.captured_queries if "ownvalue" in one["sql"]]
