import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.kernel.phones import (
    format_phone,
    mask_email,
    mask_phone,
    mask_text,
    parse_phone,
    phone_tail,
    split_phones,
)
from guanxi.kernel.tests.strategies import anything, full_width


@pytest.mark.parametrize(
    ("text", "e164", "extension", "kind"),
    [
        ("13800138000", "+8613800138000", "", "mobile"),
        ("138-0013-8000", "+8613800138000", "", "mobile"),
        ("8613800138000", "+8613800138000", "", "mobile"),
        ("0086 138 0013 8000", "+8613800138000", "", "mobile"),
        ("手机：１３８００１３８０００", "+8613800138000", "", "mobile"),
        ("0539-8316220转801", "+865398316220", "801", "landline"),
        ("0539-8316220-801", "+865398316220", "801", "landline"),
        ("（0539）8316220", "+865398316220", "", "landline"),
        ("+86 (0)539 8316220 ext. 12", "+865398316220", "12", "landline"),
        ("010-62345678", "+861062345678", "", "landline"),
        ("400-820-8820", "+864008208820", "", "service"),
        ("8008208820", "+868008208820", "", "service"),
        ("95588", "+8695588", "", "service"),
        ("+1 650 253 0000", "+16502530000", "", "landline"),
    ],
)
def test_numbers_are_read_as_written_in_china(text: str, e164: str, extension: str, kind: str) -> None:
    phone = parse_phone(text)
    assert (phone.e164, phone.extension, phone.kind, phone.valid) == (e164, extension, kind, True)


def test_a_local_number_needs_its_area_code() -> None:
    assert not parse_phone("8316220").valid
    assert parse_phone("8316220", area="0539").e164 == "+865398316220"


@pytest.mark.parametrize("text", ["", "abc", "无", "1" * 500, "138001380001"])
def test_what_is_no_number_is_not_valid(text: str) -> None:
    assert not parse_phone(text).valid


@given(anything)
def test_any_text_is_read_split_and_masked_without_error(text: str) -> None:
    parse_phone(text)
    split_phones(text)
    mask_phone(text)
    mask_email(text)
    mask_text(text)


@given(st.integers(13_000_000_000, 19_999_999_999))
def test_a_number_read_from_its_own_form_is_itself(number: int) -> None:
    phone = parse_phone(str(number))
    assert parse_phone(full_width(str(number))) == phone
    if phone.valid:
        for locale in ("zh-hans", "en"):
            assert parse_phone(format_phone(phone.e164, locale)).e164 == phone.e164


@pytest.mark.parametrize(
    ("cell", "numbers"),
    [
        ("13800138000/13900139000", ["13800138000", "13900139000"]),
        ("13800138000 13900139000", ["13800138000", "13900139000"]),
        ("0539-8316220/21", ["0539-8316220", "0539-8316221"]),
        ("0539-8316220、8316233", ["0539-8316220", "0539-8316233"]),
        ("0539-8316220，转801；13800138000", ["0539-8316220 转801", "13800138000"]),
        ("+86 138 0013 8000，010-62345678", ["+86 138 0013 8000", "010-62345678"]),
        ("138 0013 8000", ["138 0013 8000"]),
        ("", []),
    ],
)
def test_several_numbers_in_one_cell_are_parted(cell: str, numbers: list[str]) -> None:
    assert split_phones(cell) == numbers


@given(st.from_regex(r"(\+86)?1[0-9]{10}|0[0-9]{2,3}-[0-9]{7,8}", fullmatch=True))
def test_a_chinese_number_is_what_the_library_says_it_is(text: str) -> None:
    parsed = phonenumbers.parse(text, "CN")
    kinds = phonenumbers.PhoneNumberType
    kind = {kinds.MOBILE: "mobile", kinds.FIXED_LINE: "landline"}.get(phonenumbers.number_type(parsed))
    phone = parse_phone(text)
    assert phone.e164 == phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    assert (phone.kind if phone.valid and phone.kind in ("mobile", "landline") else None) == kind
    assert kind is None or "".join(filter(str.isdigit, phone.national)).endswith(str(parsed.national_number))


def test_numbers_are_shown_by_language() -> None:
    assert format_phone("+865398316220", extension="801") == "0539-8316220 转 801"
    assert format_phone("+865398316220", "en", extension="801") == "+86 539 831 6220 ext. 801"
    assert format_phone("no number") == "no number"
    assert phone_tail("+8613800138000") == "8000"
    assert phone_tail("12") == ""


@pytest.mark.parametrize(
    ("value", "masked"),
    [
        ("+8613800138000", "138 **** 8000"),
        ("0539-8316220", "0539-****220"),
        ("0539-8316220转801", "0539-****220"),
        ("010-62345678", "010-*****678"),
        ("12345", "*****"),
        ("", ""),
    ],
)
def test_masked_phones_can_be_recognised_but_not_called(value: str, masked: str) -> None:
    assert mask_phone(value) == masked


@given(st.from_regex(r"\+?[0-9]{7,15}", fullmatch=True))
def test_a_mask_always_hides_four_digits(value: str) -> None:
    assert mask_phone(value).count("*") >= 4


def test_mail_and_text_are_masked() -> None:
    assert mask_email("zhang@foo.com") == "z***@foo.com"
    assert mask_email("z@foo.com") == "***@foo.com"
    assert mask_text("张三") == "张***"
    assert mask_text("张") == "***"
    assert mask_text("") == ""
