import pytest

from guanxi.customers.reference import industries


def test_the_table_is_the_standards_twenty_sections_and_ninety_seven_divisions() -> None:
    assert list(industries.SECTIONS) == list("ABCDEFGHIJKLMNOPQRST")
    assert list(industries.DIVISIONS) == [f"{number:02d}" for number in range(1, 98)]
    assert {division.year for division in industries.DIVISIONS.values()} == {2017}


def test_sections_follow_one_another_without_a_gap() -> None:
    order = [division.section for division in industries.DIVISIONS.values()]
    assert order == sorted(order)
    assert set(order) == set(industries.SECTIONS)


def test_every_name_has_both_languages_and_finds_its_own_division() -> None:
    for division in industries.DIVISIONS.values():
        assert industries.find(division.zh) == [division]
        assert industries.find(division.full_code) == [division]
        assert division in industries.find(division.en)
        assert division.en.isascii()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("14", "14"),
        ("C14", "14"),
        ("Ｃ１４", "14"),
        ("1432", "14"),
        ("食品制造业", "14"),
        (" 食品 制造 ", "14"),
        ("食品", "14"),
        ("日化", "26"),
        ("Wholesale Trade", "51"),
        ("rubber & plastic products", "29"),
        ("广播、电视、电影和影视录音制作业", "87"),
    ],
)
def test_one_answer_for_what_is_certain(text: str, code: str) -> None:
    assert [division.code for division in industries.find(text)] == [code]


@pytest.mark.parametrize("text", ["", "  ", "99", "D14", "业", "哈哈哈", "technolgy"])
def test_no_answer_for_what_is_not_an_industry(text: str) -> None:
    assert industries.find(text) == []


def test_a_section_answers_with_its_divisions() -> None:
    assert [division.code for division in industries.find("金融业")] == ["66", "67", "68", "69"]


def test_labels_follow_the_language() -> None:
    assert industries.label("35", "zh-hans") == "专用设备制造业"
    assert industries.label("35", "en") == "Special-purpose machinery"
    assert industries.label("00", "zh-hans") == ""
