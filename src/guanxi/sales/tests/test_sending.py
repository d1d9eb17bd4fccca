"""Whom to send: who won of the like and knows them stands first, with reasons; small numbers are said to be small."""

from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from guanxi.catalog.models import Product
from guanxi.customers.choices import Size
from guanxi.customers.services.customers import create_customer
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Forbidden
from guanxi.resource.registry import find
from guanxi.sales.models import Opportunity
from guanxi.sales.queries.sending import candidates
from guanxi.sales.rules.sending import WEIGHTS, Facts, Share, ranked, score
from guanxi.sales.services.moving import win_opportunity
from guanxi.sales.tests.selling import opened
from guanxi.testing.worlds import World, in_scope

SIZE = str(Size.values[1])
SHARES = st.none() | st.integers(0, 40).flatmap(
    lambda closed: st.builds(Share, won=st.integers(0, closed), closed=st.just(closed))
)
FACTS = st.builds(
    Facts,
    member=st.builds(uuid4),
    size=SHARES,
    industry=SHARES,
    region=SHARES,
    product=SHARES,
    touches=st.integers(0, 30),
    ties=st.integers(0, 10),
    open=st.integers(0, 60),
    planned=st.integers(0, 20),
    has_customer=st.booleans(),
)


@given(FACTS)
def test_points_lie_between_nothing_and_the_sum_of_the_weights(one: Facts) -> None:
    assert 0 <= score(one) <= sum(WEIGHTS.values()) == 100


@given(FACTS)
def test_more_that_speaks_for_somebody_never_takes_points(one: Facts) -> None:
    assert score(replace(one, touches=one.touches + 1)) >= score(one)
    assert score(replace(one, ties=one.ties + 1)) >= score(one)
    assert score(replace(one, open=one.open + 1)) <= score(one)
    if one.industry is not None:
        better = Share(one.industry.won + 1, one.industry.closed + 1)
        assert score(replace(one, industry=better)) >= score(one)


@given(st.lists(FACTS, max_size=10))
def test_the_order_is_that_of_the_points(facts: list[Facts]) -> None:
    points = [found for _one, found in ranked(facts)]
    assert points == sorted(points, reverse=True)


def test_who_won_of_the_like_comes_first(world: World, client_for: Callable[[Member], Client]) -> None:
    with in_scope(world.teammate):
        theirs = create_customer(world.teammate, data={"name": "Like", "relations": "customer", "size": SIZE})
        for _number in range(2):
            sold = opened(world.teammate, customer=str(theirs.pk))
            win_opportunity(world.teammate, sold.pk, reason="The order came")
    with in_scope(world.seller):
        ours = create_customer(world.seller, data={"name": "Another", "relations": "customer", "size": SIZE})
        sale = opened(world.seller, customer=str(ours.pk))
    with in_scope(world.manager):
        found = candidates(world.manager, sale)
        assert found[0][0].pk == world.teammate.member_id
        assert found[0][1].size == Share(2, 2)
        assert found[0][3] is False
    with in_scope(world.seller), pytest.raises(Forbidden):
        candidates(world.seller, sale)
    client = client_for(world.members["manager"])
    page = client.get(f"/opportunities/{sale.pk}/send/")
    assert page.status_code == 200
    assert world.members["teammate"].name in page.content.decode()
    assert (
        client.post(f"/opportunities/{sale.pk}/send/", {"owner": str(world.teammate.member_id)}).status_code
        == 302
    )
    with in_scope(world.manager):
        sale.refresh_from_db()
        assert sale.owner_id == world.teammate.member_id


def test_who_won_with_these_products_and_others_of_their_line_counts(world: World) -> None:
    with in_scope(world.admin):
        line = find("product_lines").create(world.admin, data={"name": "Lasers"})
        first, second, other = (
            find("products").create(
                world.admin, data={"name": name, "kind": "goods", "state": "active", "line": of}
            )
            for name, of in (("L100", str(line.pk)), ("L200", str(line.pk)), ("Rag", ""))
        )
    with in_scope(world.teammate):
        for number, product in enumerate((first, second, other)):
            sold = opened(world.teammate, customer="", name=f"Sold {number}")
            _line(world.teammate, sold, product)
            win_opportunity(world.teammate, sold.pk, reason="The order came")
    with in_scope(world.seller):
        sale = opened(world.seller, customer="")
        _line(world.seller, sale, first)
        _line(world.seller, sale, first)
    with in_scope(world.manager):
        facts = {member.pk: one for member, one, _points, _sees in candidates(world.manager, sale)}
        assert facts[world.teammate.member_id].product == Share(2, 2)
        assert facts[world.seller.member_id].product == Share(0, 0)
        assert facts[world.seller.member_id].open == 1
        assert facts[world.teammate.member_id].size is None
        for closed, wanted in (
            ({("sale_lines", "product"): "hide"}, None),
            ({("products", "line"): "hide"}, Share(1, 1)),
        ):
            blind = replace(world.manager, field_rules=closed)
            told = {member.pk: one.product for member, one, _points, _sees in candidates(blind, sale)}
            assert told.get(world.teammate.member_id) == wanted, closed


def _line(actor: Actor, sale: Opportunity, product: Product) -> None:
    find("sale_lines").create(actor, data={"opportunity": str(sale.pk), "product": str(product.pk)})
