"""Days in figures are read by what the file itself says of their order, and never by a guess."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.integrations.imports.days import order_of, orders_of, plain_day, readings
from guanxi.integrations.imports.reading import open_table
from guanxi.kinds import FieldProblem

_FORMS = {"dmy": "{d}/{m}/{y:02}", "mdy": "{m}/{d}/{y:02}", "ymd": "{y:02}-{m}-{d}"}


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["3/5/24", "25/5/24"], "dmy"), (["3/5/24", "5/25/24"], "mdy"), (["24-3-5", "24-12-31"], "ymd"),
        (["3/5/2024", "13/5/2024"], "dmy"), (["3/5/24", "4/6/24"], ""), (["13/5/2024", "5/13/2024"], ""),
        (["2024-03-05", "5 May 2024", ""], ""), ([], ""),
    ],
)  # fmt: skip
def test_one_value_that_can_be_read_one_way_only_settles_a_column(texts: list[str], order: str) -> None:
    assert order_of(texts) == order


@pytest.mark.parametrize(
    ("raw", "order", "plain"),
    [
        ("3/5/24", "dmy", "2024-05-03"), ("3/5/24", "mdy", "2024-03-05"), ("3/5/24 14:30", "mdy", "2024-03-05 14:30"),
        ("13/5/2024", "", "2024-05-13"), ("5.5.2024", "", "2024-05-05"), ("2024/3/5", "mdy", "2024/3/5"),
        ("2024年3月5日", "", "2024年3月5日"), ("45000", "", "45000"), ("3/5/89", "dmy", "1989-05-03"),
    ],
)  # fmt: skip
def test_a_day_is_written_out_by_the_order_of_its_column(raw: str, order: str, plain: str) -> None:
    assert plain_day(raw, order) == plain


@pytest.mark.parametrize("raw", ["3/5/2024", "3/5/24", "03.04.05"])
def test_what_is_not_clear_is_not_taken(raw: str) -> None:
    with pytest.raises(FieldProblem):
        plain_day(raw, "")


@given(
    st.sampled_from(sorted(_FORMS)),
    st.lists(st.dates(date(2000, 1, 1), date(2026, 12, 31)), min_size=1, max_size=40),
)
def test_a_column_that_is_clear_says_the_days_that_were_written(order: str, days: list[date]) -> None:
    texts = [_FORMS[order].format(d=day.day, m=day.month, y=day.year % 100) for day in days]
    found = order_of(texts)
    assert found in ("", order)
    if found:
        assert [plain_day(text, found) for text in texts] == [day.isoformat() for day in days]


@given(st.text(alphabet="0123456789-/. :年月", max_size=14))
def test_no_text_breaks_the_reading_of_days(text: str) -> None:
    for found in readings(text).values():
        assert abs(found - date(2000, 1, 1)) < timedelta(days=3_000_000)


def test_the_order_is_each_columns_own(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text("a,b,c\n3/5/24,3/5/24,3/5/24\n25/5/24,5/25/24,\n", encoding="utf-8")
    table = open_table(path)
    assert orders_of(table, {0: "x", 1: "y", 2: "z"}) == {0: "dmy", 1: "mdy", 2: ""}
    assert orders_of(table, {0: "x"}, "ymd") == {0: "ymd"}


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("24年3月5日", "2024-03-05"), ("89年12月1日", "1989-12-01"), ("二〇二四年三月五日", "2024-03-05"),
        ("二零二四年十二月三十一日", "2024-12-31"), ("二〇二四年十月二十日", "2024-10-20"),
        ("24年13月5日", "24年13月5日"),
        ("2024年3月5日", "2024年3月5日"),
    ],
)  # fmt: skip
def test_days_in_chinese_signs_and_short_years_are_read(raw: str, plain: str) -> None:
    assert plain_day(raw, "") == plain
