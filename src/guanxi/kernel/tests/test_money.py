from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kernel.errors import Malformed
from guanxi.kernel.money import LARGEST, Money, capital_figures, format_amount, parse_amount

amounts = st.integers(-(10**15), 10**15)


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("1,234.50", 123_450),
        ("12万", 12_000_000),
        ("3.5亿", 35_000_000_000),
        ("￥８００", 80_000),
        ("(1,200)", -120_000),
        ("5k", 500_000),
        ("-3", -300),
        ("人民币12元", 1_200),
        ("１２万元整", 12_000_000),
        ("1 000", 100_000),
        ("¥-5", -500),
        ("1.005", 101),
        ("2千万", 2_000_000_000),
        ("0.01", 1),
        ("CNY 10", 1_000),
        (".5", 50),
    ],
)
def test_amounts_are_read_as_written(text: str, minor: int) -> None:
    assert parse_amount(text) == minor


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "amount.empty"),
        ("abc", "amount.unreadable"),
        ("1,23", "amount.grouping"),
        ("USD 5", "amount.currency"),
        ("1e5", "amount.unreadable"),
        ("9" * 30, "amount.too_large"),
        ("(5", "amount.unreadable"),
        ("--5", "amount.unreadable"),
        ("99999999999亿", "amount.too_large"),
        ("九百多", "amount.unreadable"),
        ("1" * 500, "amount.unreadable"),
    ],
)
def test_what_is_no_amount_says_why(text: str, code: str) -> None:
    with pytest.raises(Malformed) as caught:
        parse_amount(text)
    assert caught.value.code == code


def test_too_many_decimals_are_refused_where_exactness_is_asked() -> None:
    with pytest.raises(Malformed, match="precision"):
        parse_amount("1.005", exact=True)
    assert parse_amount("1.005", "KWD", exact=True) == 1_005
    assert parse_amount("1.5", "JPY") == 2


@pytest.mark.parametrize("odd", [Decimal("NaN"), Decimal("Infinity"), Decimal("1e400")])
def test_numbers_without_end_are_refused(odd: Decimal) -> None:
    with pytest.raises(Malformed):
        parse_amount(odd)


@given(st.text(max_size=20))
def test_any_text_gives_an_amount_or_a_reason(text: str) -> None:
    try:
        assert abs(parse_amount(text)) <= LARGEST
    except Malformed as said:
        if not said.code.startswith("amount."):
            raise


@given(amounts, st.sampled_from(["CNY", "USD", "JPY", "KWD"]), st.sampled_from(["zh-hans", "en"]))
def test_a_full_amount_read_back_is_itself(minor: int, currency: str, locale: str) -> None:
    shown = format_amount(minor, currency, locale, full=True)
    for symbol in ("JP¥", "¥", "$", "KWD "):
        shown = shown.replace(symbol, "")
    assert parse_amount(shown, currency) == minor


@pytest.mark.parametrize(
    ("minor", "chinese", "english"),
    [
        (0, "¥0", "¥0.00"),
        (980_050, "¥9,800.50", "¥9,800.50"),
        (1_000_000, "¥1万", "¥10,000.00"),
        (12_345_600, "¥12.35万", "¥123,456.00"),
        (35_000_000_000, "¥3.5亿", "¥350,000,000.00"),
        (-500, "-¥5", "-¥5.00"),
        (999_999_999_900, "¥100亿", "¥9,999,999,999.00"),
        (9_999_999_900, "¥1亿", "¥99,999,999.00"),
    ],
)
def test_amounts_are_shown_by_language(minor: int, chinese: str, english: str) -> None:
    assert format_amount(minor) == chinese
    assert format_amount(minor, locale="en") == english


@pytest.mark.parametrize(
    ("minor", "figures"),
    [
        (0, "零元整"),
        (1, "壹分"),
        (10, "壹角整"),
        (101, "壹元零壹分"),
        (110, "壹元壹角整"),
        (1_650, "壹拾陆元伍角整"),
        (100_000, "壹仟元整"),
        (1_234_500, "壹万贰仟叁佰肆拾伍元整"),
        (140_950, "壹仟肆佰零玖元伍角整"),
        (600_714, "陆仟零柒元壹角肆分"),
        (10_700_053, "壹拾万柒仟元零伍角叁分"),
        (1_640_902, "壹万陆仟肆佰零玖元零贰分"),
        (32_504, "叁佰贰拾伍元零肆分"),
        (10_000_000_000, "壹亿元整"),
        (1_000_000_100, "壹仟万零壹元整"),
        (10_000_000_100, "壹亿零壹元整"),
        (10**14, "壹万亿元整"),
        (10**14 + 10**6, "壹万亿零壹万元整"),
        (-500, "负伍元整"),
    ],
)
def test_capital_figures_follow_the_rules_of_the_people_s_bank(minor: int, figures: str) -> None:
    assert capital_figures(minor) == figures


def _value(figures: str) -> int:
    """Read capital figures back; independent of how they are written."""
    numbers = {c: n for n, c in enumerate("零壹贰叁肆伍陆柒捌玖")}
    places = {"拾": 10, "佰": 100, "仟": 1000}
    sign = -1 if figures.startswith("负") else 1
    total = group = figure = cents = 0
    for char in figures.removeprefix("负").removesuffix("整"):
        if char in numbers:
            figure = numbers[char]
        elif char in places:
            group, figure = group + figure * places[char], 0
        elif char == "万":
            total, group, figure = total + (group + figure) * 10_000, 0, 0
        elif char == "亿":
            total, group, figure = (total + group + figure) * 100_000_000, 0, 0
        elif char == "元":
            total, group, figure = total + group + figure, 0, 0
        else:
            cents, figure = cents + figure * (10 if char == "角" else 1), 0
    return sign * (total * 100 + cents)


@given(
    st.one_of(st.integers(-(10**18) + 1, 10**18 - 1), st.sampled_from([10**n for n in range(18)]), amounts)
)
def test_capital_figures_read_back_are_the_amount(minor: int) -> None:
    figures = capital_figures(minor)
    assert _value(figures) == minor
    assert "零零" not in figures


@given(amounts, amounts)
def test_money_adds_up(one: int, other: int) -> None:
    assert Money(one) + Money(other) - Money(other) == Money(one)
    assert (Money(one) < Money(other)) == (one < other)


@given(amounts, st.lists(st.integers(0, 1000), min_size=1, max_size=8).filter(any))
def test_shares_lose_nothing(minor: int, weights: list[int]) -> None:
    shares = Money(minor).split(weights)
    assert sum(share.minor for share in shares) == minor
    assert all(share.minor == 0 for share, weight in zip(shares, weights, strict=True) if weight == 0)


def test_two_currencies_are_never_reckoned_together() -> None:
    with pytest.raises(ValueError, match="USD"):
        Money(1) + Money(1, "USD")
    with pytest.raises(ValueError, match="USD"):
        Money(1) < Money(1, "USD")  # noqa: B015
    assert Money(1) != Money(1, "USD")
    assert Money(1_005) * Decimal("0.1") == Money(101)
    assert Money(12_345).decimal == Decimal("123.45")
