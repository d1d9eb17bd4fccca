"""Contact points out of a file: what names nobody is left out, and the rest comes in."""

# Chinese in code: heads and names of a spreadsheet

from pathlib import Path

import pytest

from guanxi.customers.models import ContactPoint
from guanxi.customers.services.customers import create_customer
from guanxi.customers.services.people import create_person
from guanxi.customers.services.ways import points
from guanxi.integrations.imports.mapping import map_columns
from guanxi.integrations.imports.reading import open_table
from guanxi.integrations.imports.services import Options, run_import
from guanxi.kernel.errors import Invalid
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope


def test_a_row_that_names_neither_or_both_is_rejected_with_the_reason(world: World, tmp_path: Path) -> None:
    actor = world.owner
    file = tmp_path / "points.csv"
    file.write_text(
        "客户,联系人,类型,号码\n"
        "号码机械有限公司,,手机,13900001111\n"
        ",,手机,13900002222\n"
        "号码机械有限公司,钱多多,手机,13900003333\n"
        ",钱多多,微信,qianduoduo\n",
        encoding="utf-8",
    )
    with in_scope(actor):
        create_customer(actor, data={"name": "号码机械有限公司", "relations": "customer"})
        create_person(actor, data={"name": "钱多多"})
        table, resource = open_table(file), find("contact_points")
        mapping = {"客户": "customer", "联系人": "person", "类型": "kind", "号码": "value"}
        columns = map_columns(actor, resource, table.headers, chosen=mapping)
        outcome = run_import(
            actor, resource=resource, table=table, columns=columns, options=Options(on_duplicate="skip")
        )
        assert (outcome.created, outcome.rejected) == (2, 2)
        assert set(ContactPoint.objects.values_list("value", flat=True)) == {"13900001111", "qianduoduo"}


def test_on_a_form_it_is_the_field_that_is_wrong(world: World) -> None:
    with in_scope(world.owner), pytest.raises(Invalid) as wrong:
        points.create(world.owner, data={"kind": "mobile", "value": "13900002222"})
    assert set(wrong.value.fields) == {"customer"}
