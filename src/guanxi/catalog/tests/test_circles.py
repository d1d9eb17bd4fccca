"""Nothing is part of itself over others; and a company begins with the usual rates of tax."""

from typing import Any

import pytest

from guanxi.catalog.models import TaxRate
from guanxi.catalog.services.defaults import make_rates
from guanxi.kernel.errors import Invalid
from guanxi.resource.registry import find
from guanxi.testing.worlds import World, in_scope


def _make(world: World, key: str, **data: str) -> Any:
    return find(key).create(world.admin, data={**find(key).defaults, **data})


def _refused(field: str, act: Any, *args: Any, **more: Any) -> None:
    with pytest.raises(Invalid) as caught:
        act(*args, **more)
    assert [(name, one.code) for name, some in caught.value.fields.items() for one in some] == [
        (field, "circle")
    ]


def test_a_line_is_not_part_of_a_line_below_it(world: World) -> None:
    lines = find("product_lines")
    with in_scope(world.admin):
        top = _make(world, "product_lines", name="Machines")
        middle = _make(world, "product_lines", name="Packers", parent=str(top.pk))
        low = _make(world, "product_lines", name="Pouch packers", parent=str(middle.pk))
        for parent in (low, middle, top):
            edit = {"data": {"parent": str(parent.pk)}, "expected_version": None}
            _refused("parent", lines.edit, world.admin, top.pk, **edit)
        _refused("parent", lines.edit_many, world.admin, ids=[top.pk], data={"parent": str(low.pk)})
        top.refresh_from_db()
        assert top.parent_id is None
        assert (
            lines.edit(world.admin, low.pk, data={"parent": str(top.pk)}, expected_version=None).parent_id
            == top.pk
        )


def test_what_others_are_variants_of_is_no_variant(world: World) -> None:
    products = find("products")
    with in_scope(world.admin):
        cup = _make(world, "products", name="Cup")
        small = _make(world, "products", name="Cup, small", variant_of=str(cup.pk))
        other = _make(world, "products", name="Cup, tiny")
        edit = {"expected_version": None}
        _refused(
            "variant_of", products.edit, world.admin, other.pk, data={"variant_of": str(small.pk)}, **edit
        )
        _refused("variant_of", products.edit, world.admin, cup.pk, data={"variant_of": str(other.pk)}, **edit)
        _refused("variant_of", products.edit, world.admin, cup.pk, data={"variant_of": str(small.pk)}, **edit)
        products.edit(world.admin, other.pk, data={"variant_of": str(cup.pk)}, expected_version=None)


def test_a_bundle_does_not_contain_itself_over_another(world: World) -> None:
    with in_scope(world.admin):
        line, spares, kit = (
            _make(world, "products", name=name, kind="bundle") for name in ("Line", "Spares", "Kit")
        )
        knife = _make(world, "products", name="Knife")
        for bundle, part in ((line, spares), (spares, kit), (kit, knife), (line, knife)):
            _make(world, "bundle_parts", bundle=str(bundle.pk), product=str(part.pk), quantity="1")
        back = {"bundle": str(kit.pk), "product": str(line.pk), "quantity": "1"}
        _refused("product", find("bundle_parts").create, world.admin, data=back)


def test_a_company_begins_with_the_usual_rates_and_keeps_its_own(world: World) -> None:
    with in_scope(world.owner, door="setup"):
        make_rates()
        make_rates()
        found = dict(TaxRate.objects.values_list("code", "rate"))
        assert found == {"13": 1300, "9": 900, "6": 600, "3": 300, "0": 0}
