from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kernel.whens import find_whens, level

TUESDAY = date(2026, 11, 24)
SUNDAY = date(2026, 11, 29)
# Chinese in code: how people write days

PIECES_TEXT = """
周五 下周三 上周五 月底 下月初 12月5日 12.5前 5号 三天内 3个工作日内 国庆前 年前 Q1 下午三点 下班前 15:30 前 内 每 月
半 个 大 后天 今天 双十一 by before within next last end of the week month Friday Dec 5 12/5 noon EOD 3pm in two weeks
31号
99 2月30日 闰 一 十 days ago 2026-13-40 过两天 到 或 - ( ) , 的
"""
PIECES = PIECES_TEXT.split()


def _days(text: str, today: date = TUESDAY) -> list[date | None]:
    return [when.day for when in find_whens(level(text), today)]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("今天", (11, 24)),
        ("明天", (11, 25)),
        ("后天", (11, 26)),
        ("大后天", (11, 27)),
        ("周二", (11, 24)),
        ("周五", (11, 27)),
        ("星期一", (11, 30)),
        ("礼拜天", (11, 29)),
        ("这周五", (11, 27)),
        ("本周五", (11, 27)),
        ("下周三", (12, 2)),
        ("下个星期二", (12, 1)),
        ("下下周一", (12, 7)),
        ("本周内", (11, 27)),
        ("下周", (12, 4)),
        ("下周前", (11, 27)),
        ("周末前", (11, 27)),
        ("周末", (11, 29)),
        ("月底", (11, 30)),
        ("本月底前", (11, 30)),
        ("下月初", (12, 5)),
        ("下个月中旬", (12, 20)),
        ("月初", (12, 5)),
        ("12月5日", (12, 5)),
        ("十二月五号", (12, 5)),
        ("12.5前", (12, 5)),
        ("12/5交货", (12, 5)),
        ("5号", (12, 5)),
        ("下月5号", (12, 5)),
        ("5-8号", (12, 8)),
        ("12月", (12, 31)),
        ("12月前", (11, 30)),
        ("10月9日", (10, 9)),
        ("三天内", (11, 27)),
        ("3个工作日内", (11, 27)),
        ("两周内", (12, 8)),
        ("半个月内", (12, 9)),
        ("一个月内", (12, 24)),
        ("24小时内", (11, 25)),
        ("年底", (12, 31)),
        ("季度末", (12, 31)),
        ("周三或周四", (11, 26)),
        ("11月30日（周一）前", (11, 30)),
        ("周五２７号", (11, 27)),
        ("下週三", (12, 2)),
        ("today", (11, 24)),
        ("tomorrow", (11, 25)),
        ("tmrw", (11, 25)),
        ("by Friday", (11, 27)),
        ("on Monday", (11, 30)),
        ("next Tuesday", (12, 1)),
        ("this week", (11, 27)),
        ("before next week", (11, 27)),
        ("by end of the week", (11, 27)),
        ("end of month", (11, 30)),
        ("by the end of next month", (12, 31)),
        ("within 3 business days", (11, 27)),
        ("in two weeks", (12, 8)),
        ("Dec 5", (12, 5)),
        ("5 December", (12, 5)),
        ("by 12/5", (12, 5)),
        ("by 28/12", (12, 28)),
        ("by the 15th", (12, 15)),
        ("before Christmas", (12, 24)),
        ("by year end", (12, 31)),
        ("this weekend", (11, 29)),
        ("by CW 50", (12, 11)),
    ],
)
def test_a_day_is_read_as_it_is_said(text: str, day: tuple[int, int]) -> None:
    assert _days(text) == [date(2026, *day)]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("春节前", (2, 4)),
        ("年前", (2, 4)),
        ("元旦后", (1, 4)),
        ("五一前", (4, 30)),
        ("国庆前", (9, 30)),
        ("Q1", (3, 31)),
        ("一季度", (3, 31)),
        ("明年Q2", (6, 30)),
        ("3月底", (3, 31)),
        ("明年1月", (1, 31)),
        ("before CNY", (2, 4)),
        ("early January", (1, 5)),
    ],
)
def test_what_is_over_this_year_is_the_next_years(text: str, day: tuple[int, int]) -> None:
    assert _days(text) == [date(2027, *day)]


def test_a_day_that_the_calendar_lacks_is_none() -> None:
    assert _days("2月29日") == _days("2月30日发货") == _days("by Feb 30") == []


def test_a_weekday_that_is_over_is_next_weeks() -> None:
    assert _days("周五", SUNDAY) == [date(2026, 12, 4)]
    assert _days("by Friday", SUNDAY) == [date(2026, 12, 4)]
    assert _days("本周内", SUNDAY) == [SUNDAY]
    assert _days("下周一", SUNDAY) == [date(2026, 11, 30)]


def test_working_days_pass_over_the_holidays() -> None:
    assert _days("3个工作日内", date(2026, 9, 29)) == [date(2026, 10, 9)]


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("明天下午3点前", time(15)),
        ("周五三点半", time(15, 30)),
        ("周五上午10:15", time(10, 15)),
        ("明天15:30", time(15, 30)),
        ("明天中午", time(12)),
        ("明晚8点", time(20)),
        ("明天早上九点", time(9)),
        ("明天下班前", None),
        ("明天下午", None),
        ("by 5pm tomorrow", time(17)),
        ("Friday at 10:30", time(10, 30)),
        ("Friday noon", time(12)),
        ("9am on Monday", time(9)),
        ("by 6:45 am tomorrow", time(6, 45)),
        ("EOD Friday", None),
    ],
)
def test_a_time_is_read_where_one_is_named(text: str, at: time | None) -> None:
    [when] = find_whens(level(text), TUESDAY)
    assert (when.day != TUESDAY, when.at) == (True, at)


@pytest.mark.parametrize(
    "text", ["昨天", "上周五", "两天前", "三个月前", "last Friday", "3 days ago", "yesterday"]
)
def test_what_is_over_is_known_to_be(text: str) -> None:
    [when] = find_whens(level(text), TUESDAY)
    assert when.past


@pytest.mark.parametrize(
    "text", ["改天", "尽快", "每周五例会", "每月5号", "25号以后", "asap", "before the holidays"]
)
def test_what_names_no_day_has_none(text: str) -> None:
    assert _days(text) == [None]


@pytest.mark.parametrize(
    "text",
    [
        "一周三次",
        "12.5万",
        "2号机",
        "3点要求",
        "may",
        "12/5 of it",
        "三号线",
        "every Friday",
    ],
)
def test_what_only_looks_like_a_day_is_none(text: str) -> None:
    assert _days(text) == []


def test_a_time_stands_where_it_was_found() -> None:
    text = "王总，最迟周五下午3点前发，else by Monday noon"
    assert [text[when.start : when.end] for when in find_whens(level(text), TUESDAY)] == [
        "最迟周五下午3点前",
        "by Monday noon",
    ]


@given(
    st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=12).map("".join) | st.text(max_size=60),
    st.dates(date(1995, 1, 1), date(2095, 12, 31)),
)
def test_any_text_gives_times_in_their_order_and_near(text: str, today: date) -> None:
    plain = level(text)
    assert len(plain) == len(text)
    found = find_whens(plain, today)
    ends = [0, *(when.end for when in found)]
    for end, when in zip(ends, found, strict=False):
        assert end <= when.start < when.end <= len(text)
        assert when.day is None or -400 <= (when.day - today).days <= 730
