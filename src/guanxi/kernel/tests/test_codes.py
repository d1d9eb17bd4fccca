import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from guanxi.kernel.codes import check_credit_code, check_tax_number, make_credit_code

codes = st.builds(
    make_credit_code,
    st.integers(0, 99_999_999),
    region=st.sampled_from(["371300", "110000", "440300"]),
    department=st.sampled_from(["9", "1", "5"]),
    kind=st.sampled_from(["1", "2", "3"]),
)


@pytest.mark.parametrize(
    "code",
    [
        "91110000802100433B",
        "91350211M000100Y46",
        "９１１１００００８０２１００４３３ｂ",
        " 9111 0000 8021 0043-3b ",
    ],
)
def test_right_codes_pass_as_people_type_them(code: str) -> None:
    assert check_credit_code(code).ok


@pytest.mark.parametrize(
    ("code", "problem", "position"),
    [
        ("", "empty", 0),
        ("91110000802100433", "length", 0),
        ("9111000080210O433B", "alphabet", 14),
        ("91110000802100433C", "checksum", 18),
        ("9111000A802100433B", "region", 8),
        ("91110000802100433*", "alphabet", 18),
    ],
)
def test_a_wrong_code_says_what_is_wrong_and_where(code: str, problem: str, position: int) -> None:
    found = check_credit_code(code)
    assert (found.ok, found.problem, found.position) == (False, problem, position)


@given(codes)
def test_made_codes_are_right_by_our_check_and_by_another(code: str) -> None:
    assert check_credit_code(code).ok
    assert uscc.is_valid(code)


@given(codes, st.data())
def test_one_wrong_character_is_always_noticed(code: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, 17))
    other = data.draw(st.sampled_from([c for c in "0123456789ABCDEFGHJKLMNPQRTUWXY" if c != code[place]]))
    assert not check_credit_code(code[:place] + other + code[place + 1 :]).ok


@given(codes)
def test_letters_the_alphabet_lacks_are_repaired(code: str) -> None:
    mistyped = code.replace("0", "O").replace("1", "I").replace("5", "S").replace("2", "Z")
    assert check_credit_code(mistyped).suggestion in ("", code)
    if mistyped != code:
        assert check_credit_code(mistyped).suggestion == code


@given(codes)
def test_a_suggestion_is_itself_right(code: str) -> None:
    found = check_credit_code(code.replace("8", "B", 1))
    assert not found.suggestion or check_credit_code(found.suggestion).ok


@pytest.mark.parametrize(
    "bad", [{"serial": -1}, {"serial": 10**8}, {"serial": 1, "region": "37"}, {"serial": 1, "kind": "I"}]
)
def test_impossible_parts_are_refused(bad: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        make_credit_code(**bad)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        ("91110000802100433B", ""),
        ("110108802100433", ""),
        ("11010880210043312345", ""),
        ("11010519491231002X", ""),
        ("1101088021004", "length"),
        ("110108802100-3客", "length"),
        ("11010880210043客", "alphabet"),
        ("", "empty"),
    ],
)
def test_tax_numbers_of_three_lengths(number: str, problem: str) -> None:
    assert check_tax_number(number).problem == problem
