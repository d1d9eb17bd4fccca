from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kernel.errors import Malformed
from guanxi.kernel.money import LARGEST, currency_digits
from guanxi.kernel.prices import format_price, half_up, line_total, parse_price


@pytest.mark.parametrize(
    ("text", "currency", "found"),
    [
        ("12.5", "CNY", 125_000),
        ("¥0.0325", "CNY", 325),
        ("1.2万", "CNY", 120_000_000),
        ("385,000元", "CNY", 3_850_000_000),
        ("USD 5k", "USD", 50_000_000),
        ("US$ 9.9", "", 99_000),
        (0.1, "CNY", 1_000),
        (550, "CNY", 5_500_000),
    ],
)
def test_prices_are_read_as_written(text: str | float, currency: str, found: int) -> None:
    assert parse_price(text, currency) == found


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "empty"), ("teuer", "unreadable"), ("0.00001", "precision"), ("9" * 30, "too_large"), ("USD 5", "currency"),
     (float("nan"), "unreadable"), ("1e5", "unreadable")],
)  # fmt: skip
def test_what_is_no_price_is_refused_with_its_reason(text: str | float, code: str) -> None:
    with pytest.raises(Malformed) as refused:
        parse_price(text)
    assert refused.value.code == f"amount.{code}"


@pytest.mark.parametrize(
    ("price", "currency", "said"),
    [
        (3_850_000_000, "CNY", "¥385,000"),
        (125_000, "CNY", "¥12.50"),
        (325, "USD", "$0.0325"),
        (15_000, "JPY", "JP¥1.5"),
        (-125_000, "CNY", "-¥12.50"),
        (12_500, "", "1.25"),
        (12_000, "CHF", "CHF 1.20"),
    ],
)
def test_prices_are_said_with_the_decimals_they_have(price: int, currency: str, said: str) -> None:
    assert format_price(price, currency) == said


@given(st.integers(0, LARGEST))
def test_what_is_shown_reads_back(price: int) -> None:
    assert parse_price(format_price(price)) == price


@given(
    st.integers(-(10**9), 10**9),
    st.integers(0, 10**10),
    st.integers(0, 10_000),
    st.sampled_from(["CNY", "JPY", "KWD"]),
)
def test_a_line_is_rounded_once_half_up(quantity: int, price: int, discount: int, currency: str) -> None:
    exact = Decimal(quantity) * price * (10_000 - discount) / 10**11
    wanted = exact.scaleb(currency_digits(currency)).quantize(Decimal(1), ROUND_HALF_UP)
    assert line_total(quantity, price, discount, currency) == wanted


def test_a_half_goes_away_from_zero_and_what_no_column_holds_is_refused() -> None:
    assert [half_up(5, 10), half_up(-5, 10), half_up(4, 10), half_up(15, 10)] == [1, -1, 0, 2]
    assert line_total(1_000, 50) == 1  # 0.005 yuan
    with pytest.raises(Malformed):
        line_total(LARGEST, LARGEST)
