"""A sale led over the board: dragged, asked for what its stage needs, moved by keys and on a phone."""

# Chinese in code: what a person reads and types

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from guanxi.testing.served import SALESPERSON
from guanxi.testing.visitors import PHONE, Visitors

pytestmark = pytest.mark.browser


def _opened(page: Page) -> tuple[str, str]:
    """A new sale, found on the board: its name and its id."""
    name = f"给袋机{uuid4().hex[:6]}"
    page.goto("/opportunities/new/")
    page.locator("#id_name").fill(name)
    page.locator("#record-form .btn-primary").click()
    page.wait_for_url(re.compile(r"/opportunities/[0-9a-f-]{36}/"))
    found = re.search(r"/opportunities/([0-9a-f-]{36})/", page.url)
    assert found is not None
    page.goto("/opportunities/?look=board")
    return name, found[1]


def _lane(page: Page, place: int) -> Locator:
    return page.locator(".gx-lane").nth(place)


def _card(page: Page, pk: str) -> Locator:
    return page.locator(f'.gx-dc[data-id="{pk}"]')


def test_a_card_is_dragged_asked_and_goes_on_with_a_reason(visitors: Visitors) -> None:
    page = visitors.page(SALESPERSON)
    name, pk = _opened(page)
    expect(_lane(page, 0).locator(f'.gx-dc[data-id="{pk}"]')).to_be_visible()
    start = _card(page, pk).bounding_box()
    goal = _lane(page, 1).locator("[data-gx-lane]").bounding_box()
    assert start is not None
    assert goal is not None
    page.mouse.move(start["x"] + 60, start["y"] + 12)
    page.mouse.down()
    page.mouse.move(goal["x"] + 80, goal["y"] + 30, steps=12)
    page.mouse.move(goal["x"] + 84, goal["y"] + 34, steps=4)
    page.mouse.up()
    gate = page.locator("#gx-gate")
    expect(gate).to_contain_text("需求确认")
    expect(page.locator(".gx-ghost", has_text=name)).to_be_visible()
    gate.get_by_role("button", name="先放回初步接触").click()
    expect(_lane(page, 0).locator(f'.gx-dc[data-id="{pk}"]')).to_be_visible()
    expect(gate).to_be_empty()
    _by_menu(page, pk)
    gate.locator("[name=reason]").fill("客户要先看报价")
    gate.locator("button[type=submit]").click()
    expect(_lane(page, 1).locator(f'.gx-dc[data-id="{pk}"]')).to_be_visible()
    expect(page.locator(".gx-toast", has_text=name)).to_be_visible()
    page.reload()
    expect(_lane(page, 1).locator(f'.gx-dc[data-id="{pk}"]')).to_be_visible()


def _by_menu(page: Page, pk: str) -> None:
    card = _card(page, pk)
    card.hover()
    card.locator("summary").click()
    card.locator("[data-gx-place]").first.click()


def test_on_a_phone_a_card_is_moved_by_its_menu(visitors: Visitors) -> None:
    page = visitors.page(SALESPERSON, size=PHONE)
    _name, pk = _opened(page)
    _card(page, pk).scroll_into_view_if_needed()
    _by_menu(page, pk)
    gate = page.locator("#gx-gate")
    expect(gate).to_contain_text("需求确认")
    gate.locator("[name=reason]").fill("电话里确认过")
    gate.locator("button[type=submit]").click()
    expect(_lane(page, 1).locator(f'.gx-dc[data-id="{pk}"]')).to_have_count(1)
    expect(gate).to_be_empty()
