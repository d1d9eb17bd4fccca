"""Rows become customers: all or none, judged before, undone and redone after."""

import csv
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from guanxi.customers.models import Customer, Pair
from guanxi.customers.queries.pairs import pairs_for
from guanxi.foundation.ledger.models import Change, Operation
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.search.models import Entry
from guanxi.integrations.imports import services
from guanxi.integrations.imports.mapping import map_columns
from guanxi.integrations.imports.outcomes import Outcome
from guanxi.integrations.imports.reading import open_table
from guanxi.integrations.imports.services import Options, run_import
from guanxi.integrations.imports.tests.conftest import Import
from guanxi.kernel.codes import make_credit_code
from guanxi.kernel.errors import Forbidden, Invalid, Refused
from guanxi.resource import access
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope

HEAD = ["客户名称", "信用代码", "地区", "级别", "电话", "上级公司", "负责人"]
CODE, OTHER = make_credit_code(12345678), make_credit_code(87654321)


def rows_of(actor: Actor) -> dict[str, dict[str, Any]]:
    """Every customer of the company by name, without what is different each time."""
    left_out = ("id", "tenant_id", "version", "created_at", "updated_at", "name_key", "name_sort")
    with in_scope(actor):
        return {
            c["name"]: {k: v for k, v in c.items() if k not in left_out} for c in Customer.objects.values()
        }


def snapshot(actor: Actor) -> dict[Any, dict[str, Any]]:
    """Every customer by its key, all business columns."""
    with in_scope(actor):
        rows: list[Any] = list(Customer.objects.values())
    return {row["id"]: {k: v for k, v in row.items() if k not in ("version", "updated_at")} for row in rows}


def sums_up(outcome: Outcome) -> bool:
    counts = outcome.counts()
    return bool(
        counts["rows"] == sum(counts[k] for k in ("created", "updated", "skipped", "rejected", "review"))
    )


def test_a_row_becomes_a_customer_that_is_found_owned_and_in_the_ledger(
    world: World, import_rows: Import
) -> None:
    outcome = import_rows(
        world.admin, [HEAD, ["苏州恒捷食品有限公司", CODE, "苏州", "A", "0512-62881234", "", "单晓梅"]]
    )
    assert outcome.counts() | {"seconds": 0, "operation": ""} == {
        "rows": 1, "created": 1, "updated": 0, "skipped": 0, "rejected": 0, "review": 0,
        "warnings": 0, "duplicates": 0, "beside": {}, "seconds": 0, "operation": "",
    }  # fmt: skip
    with in_scope(world.admin):
        customer = Customer.objects.get()
        assert (customer.credit_code, customer.region, customer.grade) == (CODE, "320500", "A")
        assert customer.owner_id == world.members["seller"].id
        assert customer.relations == "customer"
        assert [hit.id for hit in access.search(world.admin, find("customers"), "szhj")] == [customer.id]
        operation: Any = Operation.objects.get(id=str(outcome.operation_id))
        assert (operation.verb, operation.label) == ("customers.customer.import", "customers.csv")
        assert Change.objects.filter(operation_id=operation.id, action="I").count() == 1


def test_who_imports_answers_for_what_names_nobody(world: World, import_rows: Import) -> None:
    import_rows(world.manager, [["客户名称"], ["甲公司"]])
    import_rows(world.manager, [["客户名称", "负责人"], ["乙公司", ""]])
    found = rows_of(world.admin)
    assert found["甲公司"]["owner_id"] == world.members["manager"].id
    assert found["乙公司"]["owner_id"] is None


def test_an_owner_beyond_the_right_to_assign_is_a_warning(world: World, import_rows: Import) -> None:
    outcome = import_rows(world.manager, [["客户名称", "负责人"], ["甲公司", "周敏"], ["乙公司", "单晓梅"]])
    assert outcome.warnings == 1
    found = rows_of(world.admin)
    assert found["甲公司"]["owner_id"] == world.members["manager"].id
    assert found["乙公司"]["owner_id"] == world.members["seller"].id


def test_what_cannot_be_read_is_left_empty_and_listed_and_what_must_be_there_rejects(
    world: World, import_rows: Import, tmp_path: Path
) -> None:
    outcome = import_rows(
        world.admin,
        [
            HEAD,
            ["甲公司", "123", "不知道", "Z", "", "", ""],
            ["", "", "苏州", "", "", "", ""],
            ["x" * 201, "", "", "", "", "", ""],
        ],
    )
    assert (outcome.created, outcome.rejected, outcome.warnings) == (1, 2, 3)
    assert sums_up(outcome)
    kept = rows_of(world.admin)["甲公司"]
    assert (kept["credit_code"], kept["region"], kept["grade"]) == ("", "", "")
    with (tmp_path / "rejected.csv").open(encoding="utf-8-sig") as file:
        rejected = list(csv.reader(file))
    assert rejected[0][: len(HEAD)] == HEAD
    assert [row[len(HEAD)] for row in rejected[1:]] == ["3", "4"]
    with (tmp_path / "warnings.csv").open(encoding="utf-8-sig") as file:
        head, line = csv.reader(file)
    assert (head[: len(HEAD)], line[: len(HEAD)]) == (HEAD, ["甲公司", "123", "不知道", "Z", "", "", ""])
    assert line[len(HEAD)] == "2"
    assert all(name in line[-1] for name in HEAD[1:4])


def test_what_says_nothing_is_left_empty_without_a_word(world: World, import_rows: Import) -> None:
    outcome = import_rows(
        world.admin, [HEAD, ["甲公司", "-", "未知", "N/A", "无", "/", "暂无"], ["--", *[""] * 6]]
    )
    assert (outcome.created, outcome.rejected, outcome.warnings) == (1, 1, 0)
    kept = rows_of(world.admin)["甲公司"]
    assert (kept["credit_code"], kept["region"], kept["grade"], kept["phone"]) == ("", "", "", "")


def test_rows_with_values_left_empty_can_be_mended_and_sent_again(
    world: World, import_rows: Import, tmp_path: Path
) -> None:
    import_rows(world.admin, [HEAD, ["甲公司", "", "不知道", "A", "", "", ""]])
    text = (tmp_path / "warnings.csv").read_text(encoding="utf-8-sig")
    mended = tmp_path / "mended.csv"
    mended.write_text(text.replace("不知道", "苏州", 1), encoding="utf-8-sig")
    outcome = import_rows(world.admin, mended, rule="fill")
    assert (outcome.created, outcome.updated, outcome.rejected) == (0, 1, 0)
    assert rows_of(world.admin)["甲公司"]["region"] == "320500"


def test_the_file_of_rejected_rows_is_harmless_and_can_be_mended_and_imported(
    world: World, import_rows: Import, tmp_path: Path
) -> None:
    import_rows(world.admin, [["客户名称", "备注"], ["", '=HYPERLINK("http://x")']])
    text = (tmp_path / "rejected.csv").read_text(encoding="utf-8-sig")
    assert "'=HYPERLINK" in text
    mended = tmp_path / "mended.csv"
    mended.write_text(text.replace("\n,", "\n甲公司,", 1), encoding="utf-8-sig")
    assert import_rows(world.admin, mended).created == 1
    assert rows_of(world.admin)["甲公司"]["remarks"] == '=HYPERLINK("http://x")'


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("skip", {"skipped": 2, "created": 1}),
        ("fill", {"updated": 1, "skipped": 1, "created": 1}),
        ("overwrite", {"updated": 2, "created": 1}),
        ("create", {"created": 2, "rejected": 1}),
    ],
)
def test_each_way_to_treat_what_exists(
    world: World, import_rows: Import, rule: str, expected: dict[str, int]
) -> None:
    import_rows(
        world.admin,
        [HEAD, ["甲有限公司", CODE, "苏州", "A", "", "", ""], ["乙有限公司", "", "", "B", "1", "", ""]],
    )
    again = [
        HEAD,
        ["甲（新名）有限公司", CODE, "", "", "0512-62881234", "", ""],  # the same by its code
        ["乙", "", "", "C", "1", "", ""],  # the same by its normalised name
        ["丙有限公司", "", "", "", "", "", ""],
    ]
    dry = import_rows(world.admin, again, rule=rule, dry=True)
    outcome = import_rows(world.admin, again, rule=rule)
    assert {k: v for k, v in outcome.counts().items() if k in expected} == expected
    assert sums_up(outcome)
    assert outcome.duplicates == 2
    assert dry.operation_id is None
    for figure in ("rows", "created", "updated", "skipped", "rejected", "duplicates", "warnings"):
        assert dry.counts()[figure] == outcome.counts()[figure]
    found = rows_of(world.admin)
    if rule == "fill":
        assert (found["甲有限公司"]["phone"], found["甲有限公司"]["region"]) == ("0512-62881234", "320500")
        assert found["乙有限公司"]["grade"] == "B"
    if rule == "overwrite":
        assert found["甲（新名）有限公司"]["region"] == "320500"  # an empty cell takes nothing away
        assert found["乙有限公司"]["grade"] == "C"  # likely the same only: it keeps its name


def test_what_is_doubtful_comes_in_and_is_put_to_who_decides(world: World, import_rows: Import) -> None:
    rows = [["客户名称", "电话"], ["苏州晨光精密机械有限公司", "0512-66001234"]]
    import_rows(world.admin, rows)
    doubtful = ["苏州辰光精密机械有限公司", "0512-66001234"]
    tried = import_rows(world.admin, [*rows, doubtful], rule="review", dry=True)
    outcome = import_rows(world.admin, [*rows, doubtful], rule="review")
    assert (tried.created, tried.review, tried.skipped) == (0, 1, 1)
    assert (outcome.created, outcome.review, outcome.skipped) == (0, 1, 1)
    with in_scope(world.admin):
        assert outcome.operation_id is not None
        assert pairs_for(world.admin, "customers").count() == 1
        undo(world.admin, outcome.operation_id)
        assert (Customer.objects.count(), Pair.objects.count()) == (1, 0)


def test_what_nobody_decides_is_refused(world: World, make_csv: Any) -> None:
    addresses, table = find("addresses"), open_table(make_csv([["地址", "客户"], ["东吴北路 1 号", "甲"]]))
    with in_scope(world.admin):
        columns = map_columns(world.admin, addresses, table.headers)
        with pytest.raises(Refused) as caught:
            run_import(
                world.admin, resource=addresses, table=table, columns=columns, options=Options("review")
            )
    assert str(caught.value.reason)


@pytest.mark.parametrize("rule", ["fill", "overwrite"])
def test_rows_of_one_file_about_the_same_customer_come_together(
    world: World, import_rows: Import, monkeypatch: pytest.MonkeyPatch, rule: str
) -> None:
    rows = [HEAD, ["甲有限公司", "", "", "A", "", "", ""], ["甲", "", "苏州", "B", "68080000", "", ""]]
    for batch in (5000, 1):
        monkeypatch.setattr(services, "BATCH", batch)
        outcome = import_rows(world.admin, rows, rule=rule)
        assert (outcome.created, outcome.updated) == (1, 1)
        (kept,) = rows_of(world.admin).values()
        assert (kept["region"], kept["phone"]) == ("320500", "68080000")
        assert kept["grade"] == ("A" if rule == "fill" else "B")
        with in_scope(world.admin):
            assert outcome.operation_id is not None
            undo(world.admin, outcome.operation_id)
        assert rows_of(world.admin) == {}


def test_the_same_name_with_two_codes_is_two_customers(world: World, import_rows: Import) -> None:
    outcome = import_rows(world.admin, [HEAD, ["甲公司", CODE, *[""] * 5], ["甲公司", OTHER, *[""] * 5]])
    assert (outcome.created, outcome.duplicates) == (2, 0)


@pytest.mark.parametrize("batch", [5000, 2, 1])
def test_parents_are_linked_in_any_order(
    world: World, import_rows: Import, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr(services, "BATCH", batch)
    head = ["客户名称", "上级公司"]
    outcome = import_rows(
        world.admin,
        [
            head,
            ["孙公司", "子公司"],
            ["子公司", "母公司"],
            ["母公司", ""],
            ["另一子公司", "母公司"],
            ["孤儿", "没有的公司"],
        ],
    )
    assert (outcome.created, outcome.warnings) == (5, 1)
    with in_scope(world.admin):
        pairs = dict(Customer.objects.values_list("name", "parent__name"))
    assert pairs == {
        "孙公司": "子公司",
        "子公司": "母公司",
        "母公司": None,
        "另一子公司": "母公司",
        "孤儿": None,
    }
    with in_scope(world.admin):
        assert outcome.operation_id is not None
        undone = undo(world.admin, outcome.operation_id)
        assert (Customer.objects.count(), Entry.objects.count()) == (0, 0)
        undo(world.admin, undone.id)
        assert dict(Customer.objects.values_list("name", "parent__name")) == pairs
        assert Entry.objects.count() == 5


@pytest.mark.parametrize("batch", [5000, 1])
def test_a_circle_is_never_closed(
    world: World, import_rows: Import, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr(services, "BATCH", batch)
    outcome = import_rows(
        world.admin, [["客户名称", "上级公司"], ["甲", "乙"], ["乙", "丙"], ["丙", "甲"], ["丁", "丁"]]
    )
    assert (outcome.created, outcome.warnings) == (4, 2)
    with in_scope(world.admin):
        above: dict[str, Any] = dict(Customer.objects.values_list("name", "parent__name"))
    assert above["丁"] is None
    assert sum(1 for name in ("甲", "乙", "丙") if above[name] is None) == 1


def test_a_circle_through_what_exists_is_refused_too(world: World, import_rows: Import) -> None:
    head = ["客户名称", "上级公司"]
    import_rows(world.admin, [head, ["子", "母"], ["母", ""]])
    outcome = import_rows(world.admin, [head, ["母", "子"]], rule="overwrite")
    assert outcome.warnings == 0 or outcome.updated == 0
    with in_scope(world.admin):
        assert Customer.objects.get(name="母").parent_id is None


def test_a_dry_run_writes_nothing_at_all(world: World, import_rows: Import) -> None:
    with in_scope(world.admin):
        before = Operation.objects.count()
    outcome = import_rows(world.admin, [["客户名称"], ["甲"], ["乙"]], dry=True)
    assert (outcome.created, outcome.operation_id) == (2, None)
    assert rows_of(world.admin) == {}
    with in_scope(world.admin):
        assert Operation.objects.count() == before


def test_all_or_nothing(world: World, import_rows: Import, monkeypatch: pytest.MonkeyPatch) -> None:
    """The third of four batches fails; of the first two nothing is left."""
    monkeypatch.setattr(services, "BATCH", 2)
    names = [["客户名称"], *[[f"公司{i}"] for i in range(8)]]
    with override_settings(IMPORT_MAX_ROWS=5), pytest.raises(Refused):
        import_rows(world.admin, names)
    assert rows_of(world.admin) == {}


def test_rights_are_asked_before_a_row_is_read(world: World, import_rows: Import) -> None:
    with pytest.raises(Forbidden):
        import_rows(world.seller, [["客户名称"], ["甲"]])
    with pytest.raises(Invalid):
        import_rows(world.admin, [["电话"], ["1"]])


def test_a_record_that_may_not_be_changed_rejects_the_row(world: World, import_rows: Import) -> None:
    import_rows(world.admin, [HEAD, ["甲公司", "", "", "A", "", "", "周敏"]])
    outcome = import_rows(world.manager, [["客户名称", "级别"], ["甲公司", "C"]], rule="overwrite")
    assert (outcome.rejected, outcome.updated) == (1, 0)
    assert rows_of(world.admin)["甲公司"]["grade"] == "A"


def test_the_same_value_for_every_row_that_has_none(world: World, import_rows: Import) -> None:
    import_rows(world.admin, [["客户名称", "级别"], ["甲", "A"], ["乙", ""]], grade="C", source="exhibition")
    found = rows_of(world.admin)
    assert (found["甲"]["grade"], found["乙"]["grade"], found["乙"]["source"]) == ("A", "C", "exhibition")
    with pytest.raises(Invalid):
        import_rows(world.admin, [["客户名称"], ["丙"]], grade="没有")


def test_another_company_is_never_compared_with(
    world: World, other_world: World, import_rows: Import
) -> None:
    import_rows(other_world.admin, [HEAD, ["甲公司", CODE, *[""] * 5]])
    outcome = import_rows(world.admin, [HEAD, ["甲公司", CODE, "", "", "", "", "单晓梅"]])
    assert (outcome.created, outcome.duplicates) == (1, 0)


CELL = st.sampled_from(["", "甲", "乙有限公司", "丙", "甲公司", "丁", " 甲 ", "乙"])


@given(
    first=st.lists(st.tuples(CELL, CELL), max_size=6),
    second=st.lists(st.tuples(CELL, CELL), min_size=1, max_size=6),
    rule=st.sampled_from(["skip", "fill", "overwrite", "create"]),
    batch=st.sampled_from([1, 2, 5000]),
)
@example(first=[("甲", "乙")], second=[("甲", "丙"), ("甲", "乙")], rule="overwrite", batch=1)
@example(first=[("乙", ""), ("甲", "乙")], second=[("甲", "乙"), ("乙", "")], rule="overwrite", batch=1)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_import_adds_up_and_its_undo_leaves_everything_as_it_was(
    world: World,
    import_rows: Import,
    first: list[tuple[str, str]],
    second: list[tuple[str, str]],
    rule: str,
    batch: int,
) -> None:
    head, before_size = ["客户名称", "上级公司", "级别"], services.BATCH
    services.BATCH = batch
    outcome, before = None, snapshot(world.admin)
    try:
        for rows in (first, second):
            before = snapshot(world.admin)
            outcome = import_rows(
                world.admin, [head, *([*row, "A"] for row in rows), ["", "", "B"]], rule=rule
            )
            assert sums_up(outcome)
        assert outcome is not None
        assert (outcome.operation_id is not None) == (snapshot(world.admin) != before)
        with in_scope(world.admin):
            if outcome.operation_id is not None:
                undo(world.admin, outcome.operation_id)
            assert Entry.objects.count() == Customer.objects.count()
        assert snapshot(world.admin) == before
    finally:
        services.BATCH = before_size


def test_an_import_that_changes_nothing_leaves_no_operation(world: World, import_rows: Import) -> None:
    rows = [["客户名称", "信用代码", "级别"], ["甲有限公司", CODE, "A"]]
    assert import_rows(world.admin, rows).operation_id is not None
    for again in (rows, [["客户名称", "地区"], ["", "苏州"]]):
        for rule in ("skip", "fill"):
            outcome = import_rows(world.admin, again, rule=rule)
            assert (outcome.operation_id, outcome.created, outcome.updated, outcome.rows) == (None, 0, 0, 1)
    with in_scope(world.system):
        assert Operation.objects.filter(verb="customers.customer.import").count() == 1
