import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kernel.tests.strategies import anything, full_width
from guanxi.kernel.text import TextTooLong, bare, clean_text, fold, formula_safe, formula_unsafe_restore


@pytest.mark.parametrize(
    ("given_text", "cleaned"),
    [
        (None, ""),
        ("  临沂\u3000 鑫旺\t食品 ", "临沂 鑫旺 食品"),
        ("a\x00b\x1ac\x7fd\x85e", "abcd e"),
        ("abc\u202etxt.exe\u2066\u200f", "abctxt.exe"),
        ("pay\u200bpal\ufeff\u00ad", "paypal"),
        ("𠮷野家🍜", "𠮷野家🍜"),
        ("👩\u200d💻 a\u200db", "👩\u200d💻 ab"),
        (
            "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
            "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
        ),
        ("x\U000e0061", "x"),
        ("e\u0301", "é"),
        ("①Ａ㎡", "①Ａ㎡"),
        ("one\r\ntwo", "one two"),
        ("\ud800x", "x"),
        ("ㅤ", ""),
    ],
)
def test_a_single_line_is_cleaned(given_text: str | None, cleaned: str) -> None:
    assert clean_text(given_text) == cleaned


def test_several_lines_keep_line_ends_and_tabs() -> None:
    assert clean_text("a \r\nb\tc\rd\x00\n\n", multiline=True) == "a\nb\tc\nd"


def test_a_text_too_long_says_how_long_it_is() -> None:
    assert clean_text("𠮷" * 5, max_length=5) == "𠮷" * 5
    with pytest.raises(TextTooLong) as caught:
        clean_text("客" * 50_000, max_length=200)
    assert caught.value.params == {"length": 50_000, "limit": 200}


@given(anything, st.booleans())
def test_cleaning_twice_changes_nothing_and_can_be_stored(text: str, multiline: bool) -> None:
    once = clean_text(text, multiline=multiline)
    assert clean_text(once, multiline=multiline) == once
    assert b"\x00" not in once.encode()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("臨沂鑫旺食品（集團）", "临沂鑫旺食品集团"),
        ("ＡＢＣ　Ｃｏ．，Ｌｔｄ．", "abc co ltd"),
        ("海尔™", "海爾®"),
        ("Straße", "STRASSE"),
        ("龍騰·科技", "龙腾科技"),
        ("A-B_C/D", "abcd"),
    ],
)
def test_what_reads_alike_folds_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_folding_keeps_what_tells_names_apart() -> None:
    assert fold("C++科技") != fold("C科技")
    assert fold("𠮷野家") != fold("吉野家")
    assert fold("，。 ") == ""


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Müller", "muller"),
        ("Société Générale", "societegenerale"),
        ("Łódź", "lodz"),
        ("Straße", "strasse"),
        ("Søren Ærø", "sorenaero"),
        ("Nguyễn Đình", "nguyendinh"),
        ("İstanbul ılgaz", "istanbulilgaz"),
        ("x\u030cy", "xy"),
        ("Ёлкий", "елкии"),
    ],
)
def test_letters_are_bared_of_their_accents(written: str, typed: str) -> None:
    assert bare(written) == typed


def test_accents_still_tell_apart_what_is_compared() -> None:
    assert fold("Müller") != fold("Muller")


def test_marks_that_make_another_letter_stay() -> None:
    assert bare("がギ") == "がギ"
    assert bare("각하") == "각하"
    assert bare("鲁味園") == "鲁味园"


@given(anything)
def test_baring_twice_changes_nothing(text: str) -> None:
    assert bare(bare(text)) == bare(text) == bare(fold(text))


@given(anything)
def test_folding_is_idempotent_and_blind_to_width_and_spaces(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    plain = "".join(c for c in text if c.isascii())
    assert fold(full_width(plain)) == fold(plain)
    assert fold(f" {text}\u3000") == fold(text)


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+8613800138000", "-1+cmd", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", " =1", "'=1", "-", "\n@x"],
)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert formula_safe(text) == "'" + text


@pytest.mark.parametrize("text", ["-12.5", "-1,234.50", "12", "临沂", "'tis", "a=b", "-5%", ""])
def test_harmless_cells_stay_as_they_are(text: str) -> None:
    assert formula_safe(text) == text


@given(st.one_of(anything, st.text("'=+-@\t ＝a1", max_size=6)))
def test_export_and_import_give_the_same_text(text: str) -> None:
    assert formula_unsafe_restore(formula_safe(text)) == text
