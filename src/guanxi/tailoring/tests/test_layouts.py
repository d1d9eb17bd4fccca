"""The order of card and form: what moves, what is left out, what must stay, what comes later."""

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.ledger.undo import undo
from guanxi.kernel.errors import Forbidden, Invalid, Stale
from guanxi.resource.declaration import Section
from guanxi.tailoring.models import Layout
from guanxi.tailoring.queries.arranging import whole
from guanxi.tailoring.queries.wishes import Arrangement
from guanxi.tailoring.services import fields
from guanxi.tailoring.services.layouts import reset_layout, set_layout
from guanxi.tailoring.tests.making import add, resource
from guanxi.testing.worlds import World, in_scope


def stands(place: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(str(section.title), section.fields) for section in resource().sections(place)]


def names(place: str) -> list[str]:
    return [name for _title, held in stands(place) for name in held]


def test_without_a_layout_own_fields_stand_in_a_section_of_their_own_at_the_end(world: World) -> None:
    with in_scope(world.admin):
        before = names("form")
        row = add(world.admin, "text", "编号")
        assert names("form") == names("card") == [*before, row.name]
        assert stands("form")[-1] == ("更多", (row.name,))


def test_fields_move_sections_are_renamed_and_left_out(world: World) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "text", "编号")
        set_layout(
            world.admin,
            resource="customers",
            sections=[
                {"key": "source", "zh": "怎么来的", "fields": ["grade", row.name, "source"]},
                {"key": "+mine", "zh": "我们的", "en": "Ours", "fields": ["address"]},
                {"key": "name", "fields": ["relations", "name"]},
            ],
            off_card=["address"],
            off_form=["phone"],
        )
        form = dict(stands("form"))
        assert form["怎么来的"][:3] == ("grade", row.name, "source")
        assert form["我们的"] == ("address",)
        assert form["公司"][:2] == ("relations", "name")
        assert "phone" not in names("form")
        assert "phone" in names("card")
        assert "我们的" not in dict(stands("card"))  # nothing in it is shown there
        later = add(world.admin, "text", "后来的")
        assert names("form")[-1] == later.name


def test_what_must_be_filled_in_stays_in_the_form(world: World) -> None:
    with in_scope(world.admin):
        row = add(world.admin, "text", "编号")
        for name in ("name", "relations"):
            with pytest.raises(Invalid) as refused:
                set_layout(world.admin, resource="customers", sections=[], off_form=[name])
            assert "off_form" in refused.value.fields
        set_layout(world.admin, resource="customers", sections=[], off_form=[row.name])
        assert row.name not in names("form")
        fields.edit_field(world.admin, resource="customers", name=row.name, data={"required": True})
        assert row.name in names("form")


@pytest.mark.parametrize(
    "sections",
    [[{"key": "nothing"}], [{"key": "name"}, {"key": "name"}], [{"key": "+x", "fields": ["phone"]}],
     [{"key": "name", "zh": "长" * 41}]],
)  # fmt: skip
def test_what_cannot_be_is_refused(world: World, sections: list[dict[str, Any]]) -> None:
    with in_scope(world.admin):
        with pytest.raises(Invalid):
            set_layout(world.admin, resource="customers", sections=sections)
        assert not Layout.objects.exists()


def test_only_who_manages_fields_arranges_and_nobody_writes_over_another(world: World) -> None:
    with in_scope(world.manager), pytest.raises(Forbidden):
        set_layout(world.manager, resource="customers", sections=[])
    with in_scope(world.admin):
        set_layout(world.admin, resource="customers", sections=[], expected_version=0)
        with pytest.raises(Stale):
            set_layout(world.admin, resource="customers", sections=[], off_card=["phone"], expected_version=0)


def test_an_arrangement_is_undone_and_put_back_as_delivered(world: World, other_world: World) -> None:
    with in_scope(world.admin):
        delivered = stands("form")
        set_layout(
            world.admin, resource="customers", sections=[{"key": "phone", "zh": "怎么找", "fields": []}]
        )
        arranged = stands("form")
        assert arranged != delivered
        done = Operation.objects.get(verb="tailoring.layout.edit")
        again = undo(world.admin, done.id)
        assert stands("form") == delivered
        undo(world.admin, again.id)
        assert stands("form") == arranged
        reset_layout(world.admin, resource="customers")
        assert stands("form") == delivered
    with in_scope(other_world.admin):
        assert stands("form") == delivered


NAMES = [f"f{number}" for number in range(12)]
DELIVERED = [Section("A", ("f0", "f1", "f2")), Section("B", ("f3", "f4")), Section("C", ("f5",))]
sections = st.lists(
    st.fixed_dictionaries(
        {
            "key": st.sampled_from(["f0", "f3", "f5", "own", "gone", "+1", "+2", ""]),
            "zh": st.sampled_from(["", "甲"]),
            "en": st.just(""),
            "fields": st.lists(st.sampled_from([*NAMES, "nothing"]), max_size=6),
        }
    ),
    max_size=6,
)


def each(found: Iterable[Section]) -> list[str]:
    return [name for section in found for name in section.fields]


@given(sections, st.lists(st.sampled_from(NAMES[6:]), unique=True))
def test_whatever_is_stored_every_field_stands_exactly_once(
    stored: list[dict[str, Any]], own: list[str]
) -> None:
    """Also where fields and sections of a stored layout are gone, and others came later."""
    mine: dict[str, Any] = dict.fromkeys(own)
    found = whole(DELIVERED, mine, Arrangement(stored))
    assert sorted(each(found)) == sorted([*NAMES[:6], *own])
    assert len({section.key for section in found}) == len(found)
    again = [{"key": one.key, "zh": str(one.title), "en": "", "fields": list(one.fields)} for one in found]
    assert each(whole(DELIVERED, mine, Arrangement(again))) == each(found)
