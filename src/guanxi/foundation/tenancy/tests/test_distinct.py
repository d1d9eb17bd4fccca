import pytest

from guanxi.customers.models import Customer
from guanxi.foundation.tenancy.plans import distinct_texts
from guanxi.testing.customers import make_customer
from guanxi.testing.worlds import World, in_scope, writing


def test_the_values_of_a_column_are_found_in_order_and_of_this_company_only(
    world: World, other_world: World
) -> None:
    with writing(world.system):
        for relations in ("supplier", "customer", "bank,customer", "customer"):
            make_customer(relations=relations)
    with writing(other_world.system):
        make_customer(relations="competitor")
    with in_scope(world.system):
        assert distinct_texts(Customer, "relations") == ["bank,customer", "customer", "supplier"]


def test_an_empty_company_has_none(world: World) -> None:
    with in_scope(world.system):
        assert distinct_texts(Customer, "relations") == []


def test_a_column_without_an_index_is_refused(world: World) -> None:
    with in_scope(world.system), pytest.raises(ValueError, match="no index"):
        distinct_texts(Customer, "remarks")
