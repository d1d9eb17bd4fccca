import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kernel.errors import Malformed
from guanxi.kernel.figures import LARGEST, format_figure, parse_figure, plain_figure

scaled = st.integers(-LARGEST, LARGEST)


@pytest.mark.parametrize(
    ("text", "places", "unit", "found"),
    [
        ("1,234.5", 1, "", 12_345),
        ("1.2万", 0, "", 12_000),
        ("3亿", 0, "", 300_000_000),
        ("－８００", 0, "", -800),
        ("85 %", 0, "%", 85),
        ("１２吨", 2, "吨", 1_200),
        ("1.50e3", 0, "", 1_500),
        (".5", 1, "", 5),
        ("(300)", 0, "", -300),
        ("（1,200.5）", 1, "", -12_005),
        ("5k", 0, "", 5_000),
        (12.5, 1, "", 125),
        (0.1, 6, "", 100_000),
    ],
)
def test_figures_are_read_as_written(text: str | float, places: int, unit: str, found: int) -> None:
    assert parse_figure(text, places=places, unit=unit) == found


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "empty"), ("viel", "unreadable"), ("12,34", "unreadable"), ("1.5", "precision"), ("9" * 30, "too_large"),
     ("USD 5", "unreadable"), ("(300", "unreadable"), ("(-3)", "unreadable"),
     (float("nan"), "unreadable"), (float("inf"), "unreadable"), ("1e99", "too_large")],
)  # fmt: skip
def test_what_is_no_figure_is_refused_with_its_reason(text: str | float, code: str) -> None:
    with pytest.raises(Malformed) as refused:
        parse_figure(text)
    assert refused.value.code == f"figure.{code}"


@pytest.mark.parametrize("places", [0, 2, 6])
@given(value=scaled)
def test_what_is_shown_reads_back(places: int, value: int) -> None:
    for text in (plain_figure(value, places=places), format_figure(value, places=places)):
        assert parse_figure(text, places=places) == value
