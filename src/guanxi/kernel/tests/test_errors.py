import pytest

from guanxi.kernel.errors import (
    Conflict,
    Forbidden,
    GuanxiError,
    Invalid,
    Malformed,
    Message,
    NotFound,
    Stale,
)


def test_a_message_fills_its_words_or_falls_back_on_its_code() -> None:
    assert str(Message("too_long", "at most %(limit)s", {"limit": 5})) == "at most 5"
    assert str(Message("too_long")) == "too_long"
    assert str(Message("plain", "100 % sure")) == "100 % sure"


def test_invalid_collects_messages_and_is_false_while_empty() -> None:
    found = Invalid()
    assert not found
    found.add("name", Message("required"))
    found.add("", Message("closed"))
    assert found
    assert [m.code for m in found.fields["name"]] == ["required"]
    assert [m.code for m in found.messages] == ["closed"]


def test_every_error_carries_code_and_params() -> None:
    assert NotFound().code == "not_found"
    assert Forbidden("customers.customer.edit").params == {"permission": "customers.customer.edit"}
    assert Stale(3, 2).params == {"current": 3, "expected": 2}
    assert Conflict(["a", "b"]).params["count"] == 2


def test_malformed_is_a_value_error_too() -> None:
    with pytest.raises(ValueError, match="date"):
        raise Malformed("date.unreadable")
    assert issubclass(Malformed, GuanxiError)
