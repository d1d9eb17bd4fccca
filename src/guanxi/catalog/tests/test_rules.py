"""Which book, which price, what it comes to: properties that hold whatever the numbers are."""

from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from guanxi.catalog.rules.books import (
    Book,
    Break,
    Buyer,
    holds,
    in_order,
    is_below_floor,
    next_break,
    price_for_quantity,
)
from guanxi.catalog.rules.sums import (
    Choice,
    Group,
    bundle_sum,
    configured,
    from_own,
    in_force,
    rate_on,
    to_own,
    with_tax,
    without_tax,
)

DAY = date(2026, 6, 1)
ids = st.integers(1, 40).map(lambda number: UUID(int=number))
days = st.integers(-400, 400).map(lambda n: DAY + timedelta(days=n))
maybe_day = st.none() | days
prices = st.integers(0, 10**12)
quantities = st.integers(0, 10**9)
books = st.builds(
    Book,
    id=ids,
    currency=st.sampled_from(["CNY", "USD"]),
    region=st.sampled_from(["", "320000", "320500"]),
    grade=st.sampled_from(["", "A"]),
    relation=st.sampled_from(["", "distributor"]),
    since=maybe_day,
    until=maybe_day,
    position=st.integers(0, 3),
)
buyers = st.builds(
    Buyer,
    regions=st.sampled_from([frozenset[str](), frozenset({"320000"}), frozenset({"320000", "320500"})]),
    grade=st.sampled_from(["", "A", "B"]),
    relations=st.sampled_from([frozenset[str](), frozenset({"distributor", "customer"})]),
)
breaks = st.lists(
    st.builds(Break, from_quantity=quantities, price=prices, floor=st.none() | prices),
    unique_by=lambda one: one.from_quantity,
)


@given(st.lists(books, max_size=8, unique_by=lambda one: one.id), buyers, st.sampled_from(["", "CNY", "USD"]))
def test_only_books_that_hold_are_asked_each_once_and_always_in_the_same_order(
    some: list[Book], buyer: Buyer, currency: str
) -> None:
    found = in_order(some, buyer, DAY, currency)
    assert {one.id for one in found} == {one.id for one in some if holds(one, buyer, DAY, currency)}
    assert found == in_order(reversed(some), buyer, DAY, currency)
    assert [one.position for one in found] == sorted(one.position for one in found)
    for first, second in pairwise(found):
        if (first.position, first.currency) == (second.position, second.currency):
            assert first.conditions >= second.conditions


def test_what_is_meant_for_fewer_goes_first_and_the_position_people_gave_before_all() -> None:
    home, abroad = Book(UUID(int=1)), Book(UUID(int=2), currency="USD")
    dealers, city = Book(UUID(int=3), relation="distributor"), Book(UUID(int=4), region="320500")
    province = Book(UUID(int=5), region="320000")
    buyer = Buyer(frozenset({"320000", "320500"}), "", frozenset({"distributor"}))
    order = [one.id.int for one in in_order([home, abroad, dealers, city, province], buyer, DAY)]
    assert order == [4, 5, 3, 1, 2]
    last = Book(UUID(int=6), region="320500", position=1)
    assert in_order([last, home], buyer, DAY) == [home, last]
    assert in_order([dealers, city], Buyer(), DAY) == []


@given(breaks, quantities)
def test_a_quantity_gets_the_highest_break_it_reaches(some: list[Break], quantity: int) -> None:
    found, above = price_for_quantity(some, quantity), next_break(some, quantity)
    if found is None:
        assert all(one.from_quantity > quantity for one in some)
    else:
        assert found.from_quantity <= quantity
        assert not any(found.from_quantity < one.from_quantity <= quantity for one in some)
    if above is not None:
        assert price_for_quantity(some, above.from_quantity) == above


@given(prices, st.none() | prices)
def test_below_the_floor_is_only_what_is_less(price: int, floor: int | None) -> None:
    assert is_below_floor(price, floor) == (floor is not None and price < floor)
    assert not is_below_floor(price, price)


@given(prices, st.integers(0, 10_000))
def test_tax_put_on_and_taken_off_again_leaves_the_price(price: int, rate: int) -> None:
    assert without_tax(with_tax(price, rate), rate) == price
    assert with_tax(price, 0) == price


@given(st.lists(st.tuples(maybe_day, maybe_day, st.integers())), days)
def test_what_is_in_force_began_last(rows: list[tuple[date | None, date | None, int]], day: date) -> None:
    held = [row for row in rows if (row[0] or date.min) <= day <= (row[1] or date.max)]
    found = in_force(rows, day)
    assert (found is None) == (not held)
    if held:
        last = max(row[0] or date.min for row in held)
        assert found in [row[2] for row in held if (row[0] or date.min) == last]


@given(st.dictionaries(days, st.integers(1, 10**11)), days)
def test_a_rate_is_the_last_on_or_before_the_day_and_never_made_up(rates: dict[date, int], day: date) -> None:
    found = rate_on(rates.items(), day)
    before = [one for one in rates if one <= day]
    assert found == (rates[max(before)] if before else None)


@given(st.integers(0, 10**15), st.integers(10**6, 10**11))
def test_an_amount_brought_over_and_back_differs_by_less_than_the_rate_of_one_unit(
    amount: int, rate: int
) -> None:
    assert abs(from_own(to_own(amount, rate), rate) - amount) <= 10**8 // rate + 1


@given(st.lists(st.tuples(quantities, prices)))
def test_a_bundle_comes_to_its_parts_and_to_nothing_where_one_is_unknown(
    parts: list[tuple[int, int]],
) -> None:
    found = bundle_sum(parts)
    assert found is not None
    assert abs(found * 1000 - sum(quantity * price for quantity, price in parts)) <= 500
    assert bundle_sum([*parts, (1000, None)]) is None


VOLTAGE, EXTRAS = UUID(int=100), UUID(int=101)
LOW, HIGH, PRINTER, SCALE = (
    Choice(UUID(int=1), VOLTAGE, 0, 0),
    Choice(UUID(int=2), VOLTAGE, 50_000, 20_000),
    Choice(UUID(int=3), EXTRAS, 300_000, None, excludes=UUID(int=4)),
    Choice(UUID(int=4), EXTRAS, 200_000, 90_000, needs=UUID(int=2)),
)
GROUPS = (Group(VOLTAGE, required=True), Group(EXTRAS, several=True))
OPTIONS = {one.id: one for one in (LOW, HIGH, PRINTER, SCALE)}


def test_a_machine_costs_itself_and_its_options() -> None:
    found = configured(1_000_000, 600_000, GROUPS, OPTIONS, [HIGH.id, SCALE.id])
    assert (found.price, found.cost, found.can_be_built) == (1_250_000, 710_000, True)


def test_what_is_wrong_with_a_choice_is_said() -> None:
    assert configured(0, 0, GROUPS, OPTIONS, []).missing == (VOLTAGE,)
    assert configured(0, 0, GROUPS, OPTIONS, [LOW.id, HIGH.id]).crowded == (VOLTAGE,)
    assert configured(0, 0, GROUPS, OPTIONS, [HIGH.id, SCALE.id, PRINTER.id]).clashing == (
        (PRINTER.id, SCALE.id),
    )
    assert configured(0, 0, GROUPS, OPTIONS, [LOW.id, SCALE.id]).lacking == (SCALE.id,)
    assert configured(0, 0, GROUPS, OPTIONS, [LOW.id, UUID(int=9)]).unknown == (UUID(int=9),)
    # A cost with an unknown part would look complete.
    assert configured(0, 0, GROUPS, OPTIONS, [LOW.id, PRINTER.id]).cost is None


@given(st.lists(st.sampled_from(sorted(OPTIONS, key=lambda one: one.int))))
def test_an_option_counts_once_and_in_any_order(chosen: list[UUID]) -> None:
    found = configured(1_000, 1_000, GROUPS, OPTIONS, chosen)
    again = configured(1_000, 1_000, GROUPS, OPTIONS, [*reversed(chosen), *chosen])
    assert (found.price, found.can_be_built) == (again.price, again.can_be_built)
    assert found.price == 1_000 + sum(OPTIONS[one].price for one in set(chosen))
