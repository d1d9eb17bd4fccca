"""Days and hours as people write them: lists, the yearly notice, calendar files, in both languages."""

# Chinese in code: lists of days as they are pasted

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.foundation.worktime.rules import Day, hours_in, hours_text, read_days
from guanxi.kernel.worktime import DAY

NOTICE = """各省、自治区、直辖市人民政府：
现将2027年元旦、春节等节假日放假调休日期的具体安排通知如下。
一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（农历除夕、周五）至11日（周四）放假调休，共7天。1月31日（周日）、2月14日（周日）上班。
三、清明节：4月3日至5日放假，与周末连休。
"""


def _span(first: str, days: int) -> list[date]:
    return [date.fromisoformat(first) + timedelta(days=n) for n in range(days)]


def test_the_yearly_notice_is_read_as_it_is_published() -> None:
    reading = read_days(NOTICE, 2027)
    off = [one.day for one in reading.days if not one.works]
    assert off == [*_span("2027-01-01", 3), *_span("2027-02-05", 7), *_span("2027-04-03", 3)]
    assert [one.day for one in reading.days if one.works] == [date(2027, 1, 31), date(2027, 2, 14)]
    assert {one.day: one.name for one in reading.days}[date(2027, 2, 14)] == "春节"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("2027-02-05 春节 放假", Day(date(2027, 2, 5), False, "春节")),
        ("2027/1/31\tworking\tSpring Festival", Day(date(2027, 1, 31), True, "Spring Festival")),
        ('"2027-10-09","班","国庆节"', Day(date(2027, 10, 9), True, "国庆节")),
        ("20270101,休,元旦", Day(date(2027, 1, 1), False, "元旦")),
        ("Feb 6, 2027 Spring Festival off", Day(date(2027, 2, 6), False, "Spring Festival")),
        ("6 February Stocktaking, work", Day(date(2027, 2, 6), True, "Stocktaking")),
        ("１２月３１日 盘点 上班", Day(date(2027, 12, 31), True, "盘点")),
        ("12月31日不上班", Day(date(2027, 12, 31), False, "")),
    ],
)
def test_a_line_names_a_day(line: str, expected: Day) -> None:
    assert read_days(line, 2027).days == (expected,)


def test_a_line_names_a_span_of_days() -> None:
    for line in ("2027-02-05 至 2027-02-07 春节", "2月5日-7日 春节", "Feb 5, 2027 to Feb 7, 2027 春节"):
        assert [one.day for one in read_days(line, 2027).days] == _span("2027-02-05", 3), line
    assert [one.day for one in read_days("12月30日至1月2日", 2027).days] == _span("2027-12-30", 4)


def test_two_columns_are_a_span_where_their_head_says_so() -> None:
    text = "开始,结束,名称\n2027-02-05,2027-02-07,春节\n"
    assert [one.day for one in read_days(text, 2027).days] == _span("2027-02-05", 3)


def test_a_calendar_file_ends_its_events_on_the_day_before() -> None:
    text = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20261101T000000Z\r\n"
        "DTSTART;VALUE=DATE:20270205\r\nDTEND;VALUE=DATE:20270207\r\nSUMMARY:春节（休）\r\nEND:VEVENT\r\n"
        "BEGIN:VEVENT\r\nUID:2\r\nDTSTAMP:20261101T000000Z\r\nDTSTART;VALUE=DATE:20270131\r\n"
        "SUMMARY:春节（班）\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    assert [(one.day, one.works) for one in read_days(text, 2027).days] == [
        (date(2027, 1, 31), True),
        (date(2027, 2, 5), False),
        (date(2027, 2, 6), False),
    ]


def test_what_is_no_day_is_said_and_nothing_is_made_of_it() -> None:
    reading = read_days("2027-02-30 off\nhello\n2027-02-05", 2027)
    assert [one.day for one in reading.days] == [date(2027, 2, 5)]
    assert reading.unread == ("2027-02-30 off", "hello")


@given(st.text(max_size=300), st.integers(2000, 2100))
def test_no_text_breaks_the_reading(text: str, year: int) -> None:
    for one in read_days(text, year).days:
        assert 2000 <= one.day.year <= 2101
    read_days(f"BEGIN:VCALENDAR\n{text}", year)


@given(st.lists(st.integers(0, DAY), unique=True, max_size=8))
def test_hours_are_read_as_they_are_written(minutes: list[int]) -> None:
    ordered = sorted(minutes)
    spans = tuple(zip(ordered[::2], ordered[1::2], strict=False))
    assert hours_in(hours_text(spans)) == spans


@pytest.mark.parametrize(
    "text", ["9-12 11-13", "25:00-26:00", "morning", "9:00", "12-9", "9:75-12:00", "9-12 x"]
)
def test_hours_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        hours_in(text)


def test_hours_in_chinese_signs() -> None:
    assert hours_in("９：００～12：00、13:30至18:00") == ((540, 720), (810, 1080))
