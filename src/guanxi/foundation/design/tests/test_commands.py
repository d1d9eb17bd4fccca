"""Commands: how close a name is to what was typed, and in which order they come."""

from collections.abc import Iterator

import pytest
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.design import commands as registry
from guanxi.foundation.design.commands import Asked, Command, closeness, commands, in_each_language


@pytest.fixture(autouse=True)
def _only_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_offers", {})


@pytest.mark.parametrize(
    ("typed", "far"),
    [
        ("新建", 0), ("客户", 2), ("xjkh", 3), ("xinjian", 3), ("new", 0), ("customer", 1), ("new customer", 1),
        ("新建 供应商", None), ("quote", None),
    ],
)  # fmt: skip
def test_a_name_is_near_or_far(typed: str, far: int | None) -> None:
    assert closeness(Command(label="新建客户", words=("New customer",)), typed) == far


def test_the_closest_come_first_and_what_was_made_of_the_text_last() -> None:
    @registry.register_command
    def offer(asked: Asked) -> Iterator[Command]:
        yield Command(label=f"新建“{asked.text}”", offered=True)
        yield Command(label="我的客户")
        yield Command(label="客户")
        yield Command(label="设置")

    asked = Asked(request=HttpRequest(), text="客户")
    assert [one.label for one in commands(asked)] == ["客户", "我的客户", "新建“客户”"]
    assert [one.label for one in commands(Asked(request=HttpRequest()))] == ["我的客户", "客户", "设置"]


def test_an_offer_registered_twice_offers_once() -> None:
    def offer(asked: Asked) -> Iterator[Command]:
        yield Command(label="设置")

    registry.register_command(registry.register_command(offer))
    assert len(commands(Asked(request=HttpRequest()))) == 1


def test_what_is_to_stand_higher_up_does() -> None:
    registry.register_command(lambda asked: [Command(label="通知")])
    registry.register_command(lambda asked: [Command(label="新建客户")], order=10)
    assert [one.label for one in commands(Asked(request=HttpRequest()))] == ["新建客户", "通知"]


def test_a_text_is_known_in_every_language_once() -> None:
    assert set(in_each_language(_("Close"))) == {"Close", "关闭"}
    assert in_each_language("x") == ("x",)
