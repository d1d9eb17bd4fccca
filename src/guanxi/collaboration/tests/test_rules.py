"""How a comment's text is read."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.collaboration.rules import LONGEST, day_bounds, digest_day, excerpt, find_mentions, pieces

WANG, WANG_TOO, WANGHAI, LI = uuid4(), uuid4(), uuid4(), uuid4()
PEOPLE = {"王伟": [WANG, WANG_TOO], "王海燕": [WANGHAI], "王海": [uuid4()], "Li Jianhua": [LI]}


def test_the_longest_name_behind_the_sign_is_meant() -> None:
    assert find_mentions("请@王海燕看一下", PEOPLE) == {WANGHAI: "王海燕"}
    assert find_mentions("＠Li Jianhua, look", PEOPLE) == {LI: "Li Jianhua"}


def test_of_two_people_with_one_name_the_chosen_one_is_meant_and_without_a_choice_nobody() -> None:
    assert find_mentions("@王伟 你好", PEOPLE) == {}
    assert find_mentions("@王伟 你好", PEOPLE, [WANG_TOO]) == {WANG_TOO: "王伟"}


def test_who_was_chosen_and_is_no_longer_named_is_not_meant() -> None:
    assert find_mentions("没有人", PEOPLE, [WANG, LI]) == {}


def test_an_address_of_mail_mentions_nobody() -> None:
    assert find_mentions("wang@王海燕", PEOPLE) == {}


@pytest.mark.parametrize(
    ("text", "link", "href"),
    [
        pytest.param(
            "看 https://example.com/a?b=1。好",
            "https://example.com/a?b=1",
            "https://example.com/a?b=1",
            id="stop",
        ),
        pytest.param("(www.example.com)", "www.example.com", "https://www.example.com", id="brackets"),
        pytest.param(
            "见https://example.com/关于", "https://example.com/", "https://example.com/", id="chinese"
        ),
        pytest.param(
            "https://example.com/a_(b)", "https://example.com/a_(b)", "https://example.com/a_(b)", id="own"
        ),
    ],
)
def test_addresses_are_links_without_the_end_of_their_sentence(text: str, link: str, href: str) -> None:
    found = [one for one in pieces(text) if one.href]
    assert [(one.text, one.href.rstrip("/")) for one in found] == [(link, href.rstrip("/"))]


@pytest.mark.parametrize(
    "text", ["javascript:alert(1)", "https://a@evil.example/", "http://", "ftp://example.com"]
)
def test_what_must_not_be_a_link_is_none(text: str) -> None:
    assert not [one for one in pieces(text) if one.href]


@given(st.text(max_size=300))
def test_the_pieces_are_the_text(text: str) -> None:
    named = {"王海燕": "1", "a": "2"}
    assert "".join(one.text for one in pieces(text, named)).replace("＠", "@") == text.replace("＠", "@")


@given(st.text(max_size=500))
def test_an_excerpt_is_one_line_and_short(text: str) -> None:
    found = excerpt(text)
    assert len(found) <= 80
    assert "\n" not in found


def test_a_day_is_summed_up_from_eight_in_the_morning_of_the_next() -> None:
    before = datetime(2026, 11, 21, 23, 59, tzinfo=UTC)  # 07:59 in Shanghai
    assert digest_day(before, "Asia/Shanghai") == date(2026, 11, 20)
    assert digest_day(datetime(2026, 11, 22, 0, 0, tzinfo=UTC), "Asia/Shanghai") == date(2026, 11, 21)


def test_a_day_has_its_own_length_where_clocks_change() -> None:
    start, end = day_bounds(date(2026, 3, 29), "Europe/Berlin")
    assert (end.astimezone(UTC) - start.astimezone(UTC)).total_seconds() == 23 * 3600


def test_the_limit_is_in_characters() -> None:
    assert LONGEST == 20_000
    assert isinstance(WANG, UUID)
