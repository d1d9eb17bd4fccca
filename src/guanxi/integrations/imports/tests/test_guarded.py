"""Guards of upper contexts speak while a file is read: what they speak against is rejected with their reason."""

# Chinese in code: names of customers and reasons in tests

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import pytest

from guanxi.customers.models import Customer
from guanxi.integrations.imports.tests.conftest import Import
from guanxi.resource import guards
from guanxi.resource.guards import Attempt, Verdict
from guanxi.testing.guarding import guarding
from guanxi.testing.worlds import World, in_scope

BLOCK, WARNING = (
    guards.block("orders.blocked", "不再合作。"),
    guards.warn("service.complaint", "有未关闭的投诉。"),
)


def against(verdict: Verdict, name: str) -> guards.Guard:
    def speak(attempt: Attempt, records: Sequence[Any]) -> Mapping[UUID, Verdict]:
        return {record.pk: verdict for record in records if record.name == name}

    return speak


@pytest.mark.parametrize("verdict", [BLOCK, WARNING], ids=["block", "warning"])
@pytest.mark.parametrize("dry_run", [True, False], ids=["check", "import"])
def test_a_row_that_is_spoken_against_is_rejected_and_the_others_come(
    world: World, import_rows: Import, verdict: Verdict, dry_run: bool
) -> None:
    with guarding("create", against(verdict, "乙公司")):
        outcome = import_rows(
            world.admin,
            [
                ["客户名称", "上级公司"],
                ["甲公司", ""],
                ["乙公司", ""],
                ["丙公司", "乙公司"],
                ["丁公司", "甲公司"],
            ],
            dry=dry_run,
        )
    assert (outcome.created, outcome.rejected) == (3, 1)
    with in_scope(world.admin):
        found = dict(Customer.objects.values_list("name", "parent__name"))
    assert found == ({} if dry_run else {"甲公司": None, "丙公司": None, "丁公司": "甲公司"})


def test_an_update_that_is_spoken_against_changes_nothing(world: World, import_rows: Import) -> None:
    import_rows(world.admin, [["客户名称", "级别"], ["甲公司", "C"], ["乙公司", "C"]])
    with guarding("edit", against(BLOCK, "乙公司")):
        outcome = import_rows(
            world.admin, [["客户名称", "级别"], ["甲公司", "A"], ["乙公司", "A"]], rule="overwrite"
        )
    assert (outcome.updated, outcome.rejected) == (1, 1)
    with in_scope(world.admin):
        assert dict(Customer.objects.values_list("name", "grade")) == {"甲公司": "A", "乙公司": "C"}
