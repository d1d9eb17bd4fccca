import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kernel.alike.distances import distance, jaro_winkler, slipped
from guanxi.kernel.alike.person import Address, Person, person, person_keys
from guanxi.kernel.alike.scoring import compare_persons, levels
from guanxi.kernel.alike.verdicts import Verdict
from guanxi.kernel.tests.strategies import anything, full_width, han

HOME = Address("6", "Tullaroop Street", "Willaroo", "St James", "4011", "WA")


def check(left: Person, right: Person, **more: frozenset[str]) -> Verdict:
    """The verdict, which is the same from both sides, and candidates that find each other."""
    verdict = compare_persons(left, right, **more)
    assert verdict == compare_persons(right, left, **more)
    if verdict.certainty != "none":
        assert person_keys(left) & person_keys(right), "no common key"
    return verdict


def test_a_name_alone_is_possible_and_no_more() -> None:
    for name in ("张伟", "欧阳小明", "John Smith"):
        assert check(person(name), person(name)).certainty == "possible"


def test_a_name_and_a_town_are_many_peoples() -> None:
    here = Address(city="北京", region="北京")
    assert check(person("张伟", address=here), person("张伟", address=here)).certainty == "possible"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (person("王小明"), person("Xiaoming Wang")),
        (person("王小明"), person("Wang, Xiaoming")),
        (person("王小明"), person("王晓明")),
        (person("王小明 先生"), person("王 小明")),
        (person("Catherine Jones"), person("Jones Catherine")),
        (person("José Müller"), person("JOSÉ MÜLLER")),
    ],
)
def test_a_name_is_recognised_in_order_sound_and_script(left: Person, right: Person) -> None:
    assert check(left, right).certainty == "possible"


@pytest.mark.parametrize(("left", "right"), [("王小明", "王小红"), ("张伟", "张薇薇"), ("李雷", "韩梅梅")])
def test_another_character_is_another_name(left: str, right: str) -> None:
    assert check(person(left), person(right)).certainty == "none"


def test_name_and_phone_are_certain_but_a_switchboard_is_not() -> None:
    one, other = person("张伟", phones=["13800138000"]), person("张伟", phones=["138 0013 8000"])
    assert check(one, other).certainty == "certain"
    assert check(one, other).reasons[0] == "phone"
    assert check(one, other, shared_phones=frozenset({"+8613800138000"})).certainty == "possible"
    assert check(one, person("李强", phones=["13800138000"])).certainty == "possible"


def test_one_identity_number_is_one_person_also_with_a_slip_in_the_name() -> None:
    one = person(given="Lachlan", surname="Berry", identity="7364009")
    assert check(one, person(given="Lahclan", surname="Berry", identity="7364009")).certainty == "certain"
    assert check(one, person(given="Mia", surname="Purdon", identity="7364009")).certainty != "certain"


@pytest.mark.parametrize(
    "born",
    ["19081209", "1908-12-09", dt.date(1908, 12, 9), "1908年12月9日", "19081219", "19080912", "1908-09-12"],
)
def test_name_and_birth_date_are_likely_also_with_a_digit_off_or_day_and_month_swapped(
    born: str | dt.date,
) -> None:
    one = person(given="Jamilla", surname="Waller", born="1908-12-09", address=HOME)
    assert (
        check(one, person(given="Jamilla", surname="Wallner", born=born, address=HOME)).certainty == "likely"
    )


def test_one_household_is_not_one_person() -> None:
    father = person(given="Jacob", surname="Waller", born="1950-01-03", address=HOME)
    son = person(given="Mitchell", surname="Waller", born="1981-07-22", address=HOME)
    assert check(father, son).certainty == "possible"


def test_who_works_at_the_same_customer_under_the_same_name_is_likely_the_same() -> None:
    one, other = person("张小明", employers=["a"]), person("张小明", employers=["a", "b"])
    assert check(one, other).certainty == "likely"


def test_fields_that_stand_in_each_others_place_are_recognised() -> None:
    one = person(given="Anthony", surname="Beazley", address=HOME)
    other = person(
        given="Beazley",
        surname="Anthony",
        address=Address("6", "Willaroo", "Tullaroop Street", "St James", "4011"),
    )
    assert levels(one, other)["order"] == "apart"
    assert levels(one, other)["street"] == levels(one, other)["locality"] == "exact"
    assert check(one, other).certainty == "likely"


names = st.one_of(han, anything, st.from_regex(r"[A-Z][a-z]{1,8} [A-Z][a-z]{2,9}", fullmatch=True))
dates = st.one_of(st.dates().map(str), anything)


@given(names, names, dates, dates, anything)
def test_the_verdict_is_the_same_from_both_sides_and_nothing_raises(
    left: str, right: str, born: str, other_born: str, text: str
) -> None:
    address = Address(*[text] * 6)
    one = person(left, born=born, address=address, identity=text, phones=[text], emails=[text])
    two = person(right, born=other_born, address=address, wechats=[text], employers=[text])
    assert compare_persons(one, two) == compare_persons(two, one)
    assert all(key.text and len(key.text) <= 80 for key in person_keys(one))


@given(names, st.booleans())
def test_width_and_case_change_nothing(name: str, wide: bool) -> None:
    plain = person(name, address=Address(street=name))
    ascii_name = name.isascii()
    changed = person(
        full_width(name) if wide and ascii_name else name,
        address=Address(street=name.swapcase() if ascii_name else name),
    )
    assert changed == plain


@given(st.text("abc", max_size=8), st.text("abc", max_size=8))
def test_a_slip_is_a_distance_of_one(left: str, right: str) -> None:
    assert slipped(left, right) == (distance(left, right) == 1)
    assert slipped(left, right) == slipped(right, left)
    assert distance(left, right) == distance(right, left)
    assert jaro_winkler(left, right) == jaro_winkler(right, left)
    assert 0 <= jaro_winkler(left, right) <= 1
    assert (jaro_winkler(left, right) == 1) == (left == right != "")
