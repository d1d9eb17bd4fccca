from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kernel.figures import parse_figure
from guanxi.kernel.money import capital_figures, parse_amount
from guanxi.kernel.spelt import spelt_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("一百二十", "120"), ("三十万", "300000"), ("叁拾万元整", "300000"), ("十五", "15"), ("两千", "2000"),
        ("一千零五十", "1050"), ("一亿零三十万", "100300000"), ("叁佰元伍角", "300.5"), ("零", "0"), ("负三十", "-30"),
    ],
)  # fmt: skip
def test_chinese_figures_are_read(text: str, number: str) -> None:
    assert spelt_number(text) == Decimal(number)


@pytest.mark.parametrize(
    "text", ["一百二", "三万五", "一千二百三", "万", "百万", "一二三", "元", "", "50万", "十几万", "三十多万"]
)
def test_what_may_be_read_in_two_ways_is_no_number(text: str) -> None:
    assert spelt_number(text) is None


@given(st.integers(0, 10**17))
def test_an_amount_in_capitals_is_read_back(minor: int) -> None:
    assert parse_amount(capital_figures(minor)) == minor


def test_fields_take_them() -> None:
    assert parse_figure("一百二十") == 120
    assert parse_amount("三十万", exact=True) == 30_000_000
