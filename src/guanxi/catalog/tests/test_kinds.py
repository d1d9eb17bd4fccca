"""Prices, quantities and percents as people write them, on every door."""

# Chinese in code: what people write

from types import SimpleNamespace

import pytest

from guanxi.foundation.permissions.actor import Actor
from guanxi.kinds import FieldProblem, Percent, Quantity, Show, UnitPrice
from guanxi.testing.worlds import World

PRICE, ABROAD = UnitPrice(name="price"), UnitPrice(name="price", currency_of="book.currency")
MANY, SHARE = Quantity(name="quantity", unit_of="product.unit"), Percent(name="discount")
for _kind in (PRICE, ABROAD, MANY, SHARE):
    _kind.column = _kind.name


@pytest.fixture
def actor(world: World) -> Actor:
    return world.seller


@pytest.mark.parametrize(
    ("text", "stored"), [("1.2万", 120_000_000), ("¥12.5", 125_000), ("0.0325", 325), (8.1, 81_000)]
)
def test_a_price_is_taken_as_written_and_given_back_whole(actor: Actor, text: str, stored: int) -> None:
    assert PRICE.clean(text, actor) == stored
    assert PRICE.clean(PRICE.plain(stored), actor) == stored
    assert PRICE.clean(PRICE.said(stored, "zh-hans"), actor) == stored
    show = Show(actor)
    assert PRICE.clean(PRICE.editor(stored, show).value, actor) == stored


@pytest.mark.parametrize("text", ["-1", "USD 5", "0.00001", "a lot", True])
def test_what_is_no_price_is_said_at_its_field(actor: Actor, text: object) -> None:
    with pytest.raises(FieldProblem):
        PRICE.clean(text, actor)


def test_a_row_says_what_its_price_is_in_and_its_quantity_is_of(actor: Actor) -> None:
    row = SimpleNamespace(
        price=125_000,
        quantity=1_500,
        book=SimpleNamespace(currency="USD"),
        product=SimpleNamespace(unit="台"),
    )
    show = Show(actor)
    assert ABROAD.text(row, show) == "$12.50"
    assert MANY.text(row, show) == "1.5 台"
    assert (ABROAD.lookups(), MANY.lookups()) == (("book",), ("product",))


def test_a_percent_lies_between_nothing_and_all(actor: Actor) -> None:
    assert SHARE.clean("12.5%", actor) == 1_250
    assert SHARE.said(1_250, "en") == "12.5%"
    for text in ("101", "-1"):
        with pytest.raises(FieldProblem):
            SHARE.clean(text, actor)
