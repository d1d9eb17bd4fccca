"""System checks: what is declared or contributed and does not fit stops the start."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Any

import pytest
from django.utils.translation import gettext_lazy as _

from guanxi.customers.resources.customers import Customers
from guanxi.kinds import Text
from guanxi.resource.act_checks import check_acts
from guanxi.resource.actions import Action
from guanxi.resource.declaration import SearchText
from guanxi.testing.contributing import contributing
from guanxi.testing.guarding import guarding

GOOD = Action(key="note", label=_("Remarks"), service=lambda *args, **kwargs: None, verb="edit")


def ids() -> set[str | None]:
    return {one.id for one in check_acts()}


def test_what_is_there_is_in_order() -> None:
    assert check_acts() == []
    with contributing("customers", actions=(GOOD,)):
        assert check_acts() == []


WRONG = {
    "a key that is taken": (replace(GOOD, key="assign"), "resource.E012"),
    "a key of the engine's own": (replace(GOOD, key="delete"), "resource.E012"),
    "a permission nobody has registered": (replace(GOOD, verb="fly"), "resource.E014"),
    "a whole code nobody has registered": (replace(GOOD, verb="orders.order.fly"), "resource.E014"),
    "a label that cannot be translated": (replace(GOOD, label="Note"), "resource.E013"),
    "an input without a name": (replace(GOOD, inputs=(Text(name="why"),)), "resource.E013"),
    "no question before what cannot be undone": (replace(GOOD, undo="none"), "resource.E015"),
    "a question before what can": (replace(GOOD, confirm=_("Remarks")), "resource.E015"),
    "a reversal that is not named": (replace(GOOD, undo="reversal"), "resource.E015"),
    "a key that is no name": (replace(GOOD, key="a b"), "resource.E015"),
}


@pytest.mark.parametrize("what", WRONG)
def test_an_action_that_does_not_fit_is_found(what: str) -> None:
    action, number = WRONG[what]
    with contributing("customers", actions=(action,)):
        assert ids() == {number}


def _nothing(*args: Any) -> dict[Any, Any]:
    return {}


@contextmanager
def _searched(*names: str) -> Iterator[None]:
    before = Customers.search_fields
    Customers.search_fields = names  # type: ignore[assignment]
    try:
        yield
    finally:
        Customers.search_fields = before


@pytest.mark.parametrize(
    ("wrong", "number"),
    [
        pytest.param(lambda: guarding("edit", _nothing, key="nothings"), "resource.E011", id="no-resource"),
        pytest.param(lambda: guarding("fly", _nothing), "resource.E011", id="no-verb"),
        pytest.param(lambda: _searched("name"), "resource.E016", id="searched-by-more"),
        pytest.param(lambda: _searched("name", "nothing"), "resource.E002", id="searched-by-nothing"),
    ],
)
def test_a_guard_of_nothing_and_a_search_by_more_than_is_said_are_found(
    wrong: Callable[[], AbstractContextManager[None]], number: str
) -> None:
    with wrong():
        assert number in ids()


def test_a_search_text_that_looks_elsewhere_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A field that is read only where another is filled is read by the check all the same."""

    def remarks_too(record: Any) -> SearchText:
        return SearchText(names=(record.name, record.remarks) if record.grade == "x" else (record.name,))

    monkeypatch.setattr(Customers, "search_text", remarks_too)
    assert ids() == {"resource.E016"}
