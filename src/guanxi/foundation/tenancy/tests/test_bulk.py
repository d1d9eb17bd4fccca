"""Many rows at once arrive as they were given, whatever stands in them, and only in the open company."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.customers.models import Customer
from guanxi.foundation.search.models import Entry
from guanxi.foundation.tenancy.bulk import array_literal, insert_rows, update_rows
from guanxi.foundation.tenancy.models import Tenant
from guanxi.kernel.errors import NoScope
from guanxi.kernel.ids import new_id
from guanxi.testing.worlds import World, writing

NASTY = ["a\tb", "a\nb\r\nc", "back\\slash \\N \\.", "引号\"'{},", "𠮷野家 😀", "\\", "NULL", "", " "]


def test_every_text_comes_back_as_it_was_given(world: World) -> None:
    now = datetime.now(UTC)
    rows = [
        {"id": new_id(), "name": text or "x", "remarks": text, "name_key": "k", "name_sort": "s",
         "created_at": now, "updated_at": now}
        for text in NASTY
    ]  # fmt: skip
    with writing(world.system):
        insert_rows(Customer, rows)
        found = {c.id: c.remarks for c in Customer.objects.filter(id__in=[row["id"] for row in rows])}
    assert found == {row["id"]: row["remarks"] for row in rows}


def test_arrays_json_nothing_and_defaults_come_back(world: World) -> None:
    record = new_id()
    with writing(world.system):
        entry = {"id": record, "created_at": datetime.now(UTC), "resource": "x", "title": "t", "text": "t"}
        insert_rows(Entry, [{**entry, "grams": NASTY}])
        found = Entry.objects.get(id=record)
    assert found.grams == NASTY
    assert found.owner_id is None
    assert found.detail == ""


@given(st.lists(st.one_of(st.none(), st.text(max_size=5), st.integers())))
def test_an_array_literal_is_never_cut_in_the_middle(values: list[Any]) -> None:
    literal = array_literal(values)
    assert literal.startswith("{")
    assert literal.endswith("}")
    bare = literal.replace("\\\\", "").replace('\\"', "")
    assert bare.count('"') % 2 == 0


def test_rows_are_updated_together_and_only_in_named_columns(world: World) -> None:
    now = datetime.now(UTC)
    row: dict[str, Any] = {"id": new_id(), "name": "甲", "phone": "1", "name_key": "k", "name_sort": "s",
           "created_at": now, "updated_at": now}  # fmt: skip
    with writing(world.system):
        insert_rows(Customer, [row])
    with writing(world.system):
        update_rows(Customer, [{**row, "name": "乙", "phone": "2"}], ["phone"])
        found = Customer.objects.get(id=row["id"])
    assert (found.name, found.phone, found.version) == ("甲", "2", 2)


def test_a_row_of_another_company_is_refused(world: World, other_company: Tenant) -> None:
    row = {"id": uuid4(), "tenant_id": other_company.id, "name": "甲"}
    with pytest.raises(NoScope), writing(world.system):
        insert_rows(Customer, [row])


def test_without_a_company_and_for_a_table_outside_the_wall_nothing_is_written(world: World) -> None:
    with pytest.raises(NoScope):
        insert_rows(Customer, [{"id": uuid4(), "name": "甲"}])
    with pytest.raises(NoScope), writing(world.system):
        insert_rows(Tenant, [{"name": "x"}])
