"""The card and its forms in a browser: panels come by themselves, what is missing is made without leaving."""

# Chinese in code: what a person types

import re
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from guanxi.testing.served import MANAGER
from guanxi.testing.visitors import DESK, PHONE, Visitors

pytestmark = pytest.mark.browser


def new_name() -> str:
    return f"卡片{uuid4().hex[:8]}集团有限公司"


def serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['html'][:120]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def first_card(page: Page) -> str:
    page.goto("/customers/")
    return str(page.locator(".gx-nm").first.get_attribute("href"))


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["at a desk", "on a phone"])
def test_panels_come_by_themselves_as_they_are_neared(visitors: Visitors, size: tuple[int, int]) -> None:
    page = visitors.page(MANAGER, size=size)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/panel/" in request.url else None)
    page.goto(first_card(page))
    page.wait_for_function("() => (scrollBy(0, 500), !document.querySelector('[data-gx-near]'))", polling=200)
    expect(page.locator("#panel-files").get_by_text("添加附件")).to_be_visible()
    assert asked
    assert len(asked) == len(set(asked))
    assert serious(page) == []


def test_files_are_attached_without_leaving_the_card(visitors: Visitors) -> None:
    page = visitors.page(MANAGER)
    page.goto(first_card(page))
    files = page.locator("#panel-files")
    files.evaluate(
        "panel => panel.scrollIntoView()"
    )  # what hangs on a card is asked for where it comes into sight
    files.locator("input[type=file]").set_input_files(
        {"name": "装箱单.txt", "mimeType": "text/plain", "buffer": b"1"}
    )
    expect(files.get_by_text("装箱单.txt")).to_be_visible()
    expect(page.locator(".gx-toasts")).to_contain_text("装箱单.txt")


def test_a_missing_parent_is_made_by_keyboard_and_nothing_typed_is_lost(visitors: Visitors) -> None:
    page, parent = visitors.page(MANAGER), new_name()
    page.goto("/customers/new/")
    page.locator("#id_name").fill(new_name())
    page.locator("#id_parent").focus()
    page.keyboard.type(parent)
    expect(page.locator(".gx-o-new")).to_be_visible()
    page.keyboard.press("Enter")
    over = page.locator("dialog.gx-over")
    expect(over.locator("#id_spot_name")).to_have_value(parent)
    assert serious(page) == []
    over.locator("#id_spot_name").fill("")
    page.keyboard.press("Enter")
    expect(over.locator("#id_spot_name_error")).to_be_visible()
    over.locator("#id_spot_name").fill(parent)
    page.keyboard.press("Enter")
    expect(over).to_have_count(0)
    expect(page.locator("#id_parent")).to_have_value(parent)
    expect(page.locator("#id_parent")).to_be_focused()
    assert page.locator("#id_name").input_value().startswith("卡片")
    # The browser writes down a refusal that was meant.
    visitors.complaints = [one for one in visitors.complaints if "422" not in one]


def test_the_one_that_exists_is_chosen_instead(visitors: Visitors) -> None:
    page = visitors.page(MANAGER)
    page.goto("/customers/")
    name = page.locator(".gx-nm").first.inner_text()
    page.goto("/customers/new/")
    page.locator("#id_parent").focus()
    page.keyboard.type("没有这一家的名字")
    page.locator(".gx-o-new").click()
    over = page.locator("dialog.gx-over")
    over.locator("#id_spot_name").fill(name)
    over.locator("[data-gx-use]").click()
    expect(page.locator("#id_parent")).to_have_value(name)


def test_what_a_field_was_before_is_shown_over_the_card(visitors: Visitors) -> None:
    page = visitors.page(MANAGER)
    page.goto(first_card(page))
    page.locator(".gx-facts dt a").first.click()
    over = page.locator("dialog.gx-over")
    expect(over.get_by_role("heading")).to_be_visible()
    assert serious(page) == []
    page.keyboard.press("Escape")
    expect(over).to_have_count(0)


def test_the_position_beside_a_card_counts_all_that_match(visitors: Visitors) -> None:
    page = visitors.page(MANAGER)
    page.goto("/customers/?view=all&sort=name")
    expect(page.locator("#gx-found")).to_have_attribute("data-gx-total", re.compile(r"\d"))
    total = page.locator("#gx-found").get_attribute("data-gx-total")
    page.locator(".gx-nm").nth(2).click()
    expect(page.locator("[data-gx-at]")).to_have_text(f"3 / {total}")


def test_paper_says_dates_in_full(visitors: Visitors) -> None:
    page = visitors.page(MANAGER)
    page.goto(first_card(page))
    page.emulate_media(media="print")
    stamp = page.locator("#card-dates time").first
    assert stamp.evaluate("node => getComputedStyle(node).fontSize") == "0px"
    said = stamp.evaluate("node => getComputedStyle(node, '::after').content")
    assert re.search(r"\d{4} ?年", said), said


def test_a_figure_is_grouped_until_it_is_typed(visitors: Visitors) -> None:
    page = visitors.page(MANAGER)
    page.goto("/customers/new/")
    field = page.locator(".gx-measured", has_text="万件").locator("input[data-gx-figure]")
    field.fill("1234567")
    field.blur()
    expect(field).to_have_value("1,234,567")
    field.focus()
    expect(field).to_have_value("1234567")
    field.fill("1.2万")
    field.blur()
    expect(field).to_have_value("1.2万")
