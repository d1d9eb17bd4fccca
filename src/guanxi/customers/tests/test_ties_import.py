"""Relationships out of a file: what cannot be is left out with its reason, and the rest comes in."""

# Chinese in code: heads and names of a spreadsheet

from pathlib import Path
from typing import Any

import pytest

from guanxi.customers.models import Relationship
from guanxi.customers.services.customers import create_customer
from guanxi.customers.services.people import create_person
from guanxi.customers.services.relationships import create_tie
from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.imports.mapping import map_columns
from guanxi.integrations.imports.reading import open_table
from guanxi.integrations.imports.services import Options, run_import
from guanxi.kernel.errors import Invalid
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope

_HEADS = {
    "甲": "from_person", "乙": "to_person", "客户甲": "from_customer", "客户乙": "to_customer", "关系": "kind",
}  # fmt: skip


def _import(actor: Actor, file: Path, text: str, rule: str = "skip") -> Any:
    file.write_text("甲,乙,客户甲,客户乙,关系\n" + text, encoding="utf-8")
    table, resource = open_table(file), find("relationships")
    columns = map_columns(actor, resource, table.headers, chosen=_HEADS)
    return run_import(
        actor, resource=resource, table=table, columns=columns, options=Options(on_duplicate=rule)
    )


@pytest.mark.parametrize("rule", ["skip", "create", "overwrite"])
def test_ends_that_do_not_fit_the_kind_reject_their_row_alone(
    world: World, tmp_path: Path, rule: str
) -> None:
    actor = world.owner
    with in_scope(actor):
        for name in ("苏州甲机械有限公司", "无锡乙食品有限公司"):
            create_customer(actor, data={"name": name, "relations": "customer"})
        for name in ("钱多多", "李文静"):
            create_person(actor, data={"name": name})
        outcome = _import(
            actor,
            tmp_path / "ties.csv",
            "钱多多,李文静,,,friend\n"
            "钱多多,,,无锡乙食品有限公司,friend\n"
            "钱多多,,,,friend\n"
            "钱多多,钱多多,,,classmate\n"
            ",,苏州甲机械有限公司,无锡乙食品有限公司,distributes\n"
            ",李文静,苏州甲机械有限公司,,competes\n"
            "李文静,钱多多,,,friend\n",
            rule,
        )
        twice = int(rule == "create")  # the last is the first one, said from the other side
        assert (outcome.created, outcome.rejected) == (2, 4 + twice)
        assert sorted(Relationship.objects.values_list("kind", flat=True)) == ["distributes", "friend"]


def test_of_two_that_are_only_seen_nothing_is_brought_in(world: World, tmp_path: Path) -> None:
    with in_scope(world.owner):
        mine = create_customer(world.owner, data={"name": "苏州甲机械有限公司", "relations": "customer"})
        other = create_customer(world.owner, data={"name": "无锡乙食品有限公司", "relations": "customer"})
        for customer in (mine, other):
            find("charges").create(
                world.owner,
                data={
                    "customer": str(customer.pk),
                    "member": str(world.manager.member_id),
                    "unit": "食品事业部",
                },
            )
    with in_scope(world.manager):
        create_customer(world.manager, data={"name": "常州丙包装有限公司", "relations": "customer"})
        outcome = _import(
            world.manager,
            tmp_path / "ties.csv",
            ",,苏州甲机械有限公司,无锡乙食品有限公司,competes\n"
            ",,苏州甲机械有限公司,常州丙包装有限公司,competes\n",
        )
        assert (outcome.created, outcome.rejected) == (1, 1)


def test_on_a_form_it_is_still_the_field_that_is_wrong(world: World) -> None:
    with in_scope(world.owner):
        person = create_person(world.owner, data={"name": "钱多多"})
        with pytest.raises(Invalid) as wrong:
            create_tie(world.owner, data={"kind": "friend", "from_person": str(person.pk)})
        assert set(wrong.value.fields) == {"to_person"}
