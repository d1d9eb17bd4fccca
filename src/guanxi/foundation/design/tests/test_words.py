"""Dates and money as people say them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from guanxi.foundation.design import words
from guanxi.kernel.money import Money

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("days", "english"),
    [(0, "Today"), (-1, "Yesterday"), (1, "Tomorrow"), (-8, "8 days ago"), (3, "in 3 days"), (-40, "12 Oct")],
)
def test_a_day_is_named_as_people_name_it(days: int, english: str) -> None:
    with translation.override("en"):
        assert words.relative(TODAY + timedelta(days=days), TODAY) == english


def test_a_day_of_another_year_says_the_year() -> None:
    with translation.override("en"):
        assert words.relative(date(2025, 3, 14), TODAY) == "14 Mar 2025"


def test_a_due_day_in_the_past_is_overdue_and_one_ahead_is_not() -> None:
    with translation.override("en"):
        assert words.relative(date(2026, 11, 19), TODAY, "due") == "2 days overdue"
        assert words.relative(date(2026, 11, 20), TODAY, "due") == "1 day overdue"
        assert words.relative(TODAY, TODAY, "due") == "Today"


def test_a_moment_says_its_time_in_the_readers_zone() -> None:
    from django.utils import timezone

    with translation.override("en"), timezone.override("Asia/Shanghai"):
        assert words.relative(datetime(2026, 11, 20, 8, 20, tzinfo=UTC), TODAY) == "Yesterday 16:20"
        assert words.exact(datetime(2026, 11, 20, 17, 0, tzinfo=UTC)) == "21 Nov 2026 01:00"


@pytest.mark.parametrize(
    ("first", "last", "english", "chinese"),
    [
        (date(2026, 11, 23), date(2026, 11, 29), "23 – 29 November", "11 月 23 日至 29 日"),
        (date(2026, 11, 23), date(2026, 12, 22), "23 Nov – 22 Dec", "11 月 23 日至 12 月 22 日"),
        (
            date(2025, 11, 3),
            date(2025, 11, 9),
            "3 Nov 2025 – 9 Nov 2025",
            "2025 年 11 月 3 日至 2025 年 11 月 9 日",
        ),
    ],
    ids=["one month", "two months", "another year"],
)
def test_from_one_day_to_another_says_month_and_year_where_they_are_needed(
    first: date, last: date, english: str, chinese: str
) -> None:
    with translation.override("en"):
        assert words.days_between(first, last, TODAY) == english
    with translation.override("zh-hans"):
        assert words.days_between(first, last, TODAY) == chinese


def test_a_weekday_and_a_month_are_written_in_the_order_of_the_language() -> None:
    with translation.override("en"):
        assert words.weekday(date(2026, 11, 23)) == "Monday, 23 November"
        assert words.month(date(2026, 11, 1)) == "Nov 2026"
        assert words.month_day(date(2026, 11, 23)) == "23 November"
    with translation.override("zh-hans"):
        assert words.weekday(date(2026, 11, 23)) == "11 月 23 日星期一"
        assert words.month(date(2026, 11, 1)) == "2026 年 11 月"


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_any_two_days_have_words(day: date, today: date) -> None:
    assert words.relative(day, today)
    assert words.relative(day, today, "due")


@pytest.mark.parametrize(
    ("amount", "chinese", "english"),
    [
        (Money(386_000_000), "386.00万", "¥3,860,000"),
        (Money(430_000), "4,300元", "¥4,300"),
        (Money(125_050, "USD"), "USD 1,250.50", "$1,250.50"),
        (Decimal(125000000), "1.25亿", "¥125,000,000"),
        (Decimal(-20000), "−2.00万", "−¥20,000"),
    ],
)
def test_money_reads_in_wan_in_chinese_and_in_thousands_in_english(
    amount: Money | Decimal, chinese: str, english: str
) -> None:
    with translation.override("zh-hans"):
        assert words.money(amount) == chinese
    with translation.override("en"):
        assert words.money(amount) == english


@pytest.mark.parametrize(
    ("name", "shown"), [("林晓雯", "林"), ("Lin Xiaowen", "LX"), ("欧阳 修", "欧"), ("", "?"), ("minh", "M")]
)
def test_an_avatar_shows_the_initials(name: str, shown: str) -> None:
    assert words.initials(name) == shown
