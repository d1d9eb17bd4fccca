"""What own fields keep: every stored value goes into JSON and comes back, and what is shown reads back."""

import json
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from guanxi.foundation.permissions.actor import system_actor
from guanxi.kinds import FieldProblem, Kind, Show
from guanxi.tailoring.models import OwnField, OwnOption
from guanxi.tailoring.queries.making import kind_of
from guanxi.tailoring.rules import name_for, slug
from guanxi.tailoring.tests.making import resource

COLOURS = [OwnOption(code=code, label_zh=zh, label_en=en) for code, zh, en in
           (("red", "红", "Red"), ("green", "绿", "Green"), ("blue", "蓝", "Blue"))]  # fmt: skip
BIG = st.integers(-(2**63) + 1, 2**63 - 1)
# Before 1901 the clocks of China were not set to whole minutes.
moments = st.datetimes(datetime(1901, 1, 2), datetime(2200, 1, 1), timezones=st.just(UTC)).map(
    lambda moment: moment.replace(second=0, microsecond=0)
)
ANYTHING: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=30),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)
STORED: dict[str, st.SearchStrategy[Any]] = {
    "text": st.text(st.characters(categories=("L", "N", "P")), min_size=1, max_size=40),
    "number": BIG,
    "money": BIG,
    "date": st.dates(date(1900, 1, 1), date(9999, 12, 30)),
    "moment": moments,
    "yes_no": st.booleans(),
    "choice": st.sampled_from(["red", "green", "blue"]),
    "choices": st.sets(st.sampled_from(["red", "green", "blue"]), min_size=1).map(
        lambda s: ",".join(sorted(s))
    ),
    "member": st.builds(uuid4),
    "record": st.builds(uuid4),
}


def kind(name: str, **settings: Any) -> Kind:
    row = OwnField(resource="customers", name="x_one", kind=name, label_zh="字段", settings=settings)
    made = kind_of(row, COLOURS)
    made.bind_own(resource())
    return made


def show() -> Show:
    return Show(system_actor(UUID(int=1)))


@pytest.mark.parametrize("name", sorted(STORED))
@given(data=st.data())
def test_every_value_survives_json(name: str, data: st.DataObject) -> None:
    one, value = kind(name, to="customers"), data.draw(STORED[name])
    packed = json.loads(json.dumps(one.pack(value)))
    assert one.unpack(packed) == value
    assert one.value(SimpleNamespace(own={"x_one": packed})) == value
    assert one.is_blank(one.value(SimpleNamespace(own={})))


@pytest.mark.parametrize("name", sorted(STORED.keys() - {"text", "member", "record"}))
@pytest.mark.parametrize("language", ["zh-hans", "en"])
@given(data=st.data())
def test_what_is_exported_reads_back(name: str, language: str, data: st.DataObject) -> None:
    one, value = kind(name, places=2), data.draw(STORED[name])
    record = SimpleNamespace(own={"x_one": one.pack(value)})
    with override(language):
        for text in (one.cell(record, show()), one.json(record, show())):
            assert one.clean(text, show().actor) == value


@pytest.mark.parametrize("places", [0, 2, 6])
@given(value=BIG)
def test_a_number_is_read_as_it_is_said(places: int, value: int) -> None:
    one = kind("number", places=places, unit="吨")
    for language in ("zh-hans", "en"):
        assert one.clean(one.said(value, language), show().actor) == value


@pytest.mark.parametrize("name", sorted(STORED))
@given(raw=ANYTHING)
def test_whatever_comes_is_kept_or_refused_in_words(name: str, raw: Any) -> None:
    if name in ("member", "record"):
        return  # these ask the database
    one = kind(name)
    said: object = None
    value: Any = None
    try:
        value = one.checked(raw, show().actor)
    except FieldProblem as problem:
        said = problem.message
    if said is None:
        assert one.is_blank(value) or one.unpack(json.loads(json.dumps(one.pack(value)))) == value
    else:
        assert str(said)


@given(moments)
def test_moments_sort_as_their_texts_do(moment: datetime) -> None:
    one, later = kind("moment"), moment + timedelta(minutes=1)
    assert one.pack(moment) < one.pack(later)
    assert one.pack(moment.astimezone(timezone.get_default_timezone())) == one.pack(moment)


@given(st.text(max_size=40), st.text(max_size=40), st.sets(st.text(max_size=10), max_size=5))
def test_a_name_is_free_and_such_as_an_address_can_hold(zh: str, en: str, taken: set[str]) -> None:
    first = name_for(zh, en, taken)
    second = name_for(zh, en, taken | {first})
    for name in (first, second):
        assert name.startswith("x_")
        assert name not in taken
        assert len(name) <= 40
        assert name.isascii()
        assert name.replace("_", "").isalnum()
        assert "__" not in name
    assert first != second


def test_names_are_made_of_words_and_sounds() -> None:
    assert slug("Customer level (A/B)") == "customer_level_a_b"
    assert slug("客户级别") == "kehujibie"
    assert slug("！？") == ""
