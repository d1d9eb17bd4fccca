"""A list as somebody works with it: a view made, changed and saved, brackets, columns, a cell edited in its place."""

# Chinese in code: what a person reads and types

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from guanxi.testing.served import MANAGER
from guanxi.testing.visitors import Visitors

pytestmark = pytest.mark.browser


def choose_values(page: Page, field: str, *values: str) -> None:
    """Add a condition by keys alone: f, the field's name, the values."""
    page.keyboard.press("f")
    expect(page.locator("#gx-find-field")).to_be_focused()
    page.keyboard.type(field)
    page.keyboard.press("Enter")
    expect(page.locator("#gx-op")).to_be_focused()
    for value in values:
        page.get_by_role("checkbox", name=value).focus()
        page.keyboard.press("Space")
    page.keyboard.press("Enter")


def test_a_view_is_made_changed_and_saved_without_a_mouse(visitors: Visitors) -> None:
    page = visitors.page(MANAGER)
    page.goto("/customers/?view=all")
    choose_values(page, "级别", "A 重点", "B 普通")
    page.wait_for_url("**grade=A,B**")
    expect(page.locator("#gx-clause-new")).to_be_focused()
    name = f"走查 {uuid4().hex[:6]}"
    page.get_by_text("存为视图").focus()
    page.keyboard.press("Enter")
    page.locator("#gx-view-name").fill(name)
    page.keyboard.press("Enter")
    page.wait_for_url("**view=**")
    tab = page.locator(".gx-tabs a", has_text=name)
    expect(tab).to_have_attribute("aria-current", "page")

    choose_values(page, "规模", "20–99 人")
    expect(page.get_by_text("已改动，未保存")).to_be_visible()
    page.locator(".gx-joint").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".gx-joint")).to_have_text("或")
    page.locator(".gx-views form").get_by_role("button", name="保存").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/customers/?view=**")
    expect(page.locator(".gx-joint")).to_have_text("或")
    expect(page.get_by_text("已改动，未保存")).to_have_count(0)
    page.goto("/customers/?view=all")
    page.locator(".gx-tabs a", has_text=name).click()
    expect(page.locator("#gx-filters")).to_contain_text("20–99 人")


def test_brackets_are_made_and_left_again(visitors: Visitors) -> None:
    page = visitors.page(MANAGER)
    page.goto("/customers/?grade=A&size=20&sort=name")
    page.locator("#gx-clause-1").click()
    page.get_by_role("link", name="或另一个条件（加括号）").click()
    page.get_by_role("link", name="关系", exact=True).click()
    page.get_by_role("checkbox", name="经销商").check()
    page.get_by_role("button", name="应用").click()
    expect(page.locator("#gx-filters")).to_contain_text("（")
    expect(page.locator(".gx-joint")).to_have_text(["且", "或"])
    page.locator("#gx-clause-11").click()
    page.get_by_role("link", name="移出括号").click()
    expect(page.locator(".gx-joint")).to_have_text(["且", "且"])
    assert "sort=name" in page.url


def test_columns_are_chosen_and_ordered_by_keys_and_made_wider_by_the_pointer(visitors: Visitors) -> None:
    page = visitors.page(MANAGER)
    page.goto("/customers/?view=all")
    page.keyboard.press("v")
    expect(page.locator("#gx-find-column")).to_be_focused()
    page.keyboard.type("地区")
    page.keyboard.press("Enter")
    page.locator("#gx-find-column").fill("")
    grip = page.locator("[data-gx-line]", has=page.locator("input[value=region]")).locator("[data-gx-grip]")
    grip.focus()
    for _step in range(12):
        page.keyboard.press("ArrowUp")
    page.get_by_role("button", name="应用").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**columns=name,region,grade,**")
    head = page.locator("th[data-key=region]")
    expect(head).to_be_visible()
    before = head.bounding_box()
    assert before is not None
    head.hover()
    edge = before["x"] + before["width"] - 4
    page.mouse.move(edge, before["y"] + 10)
    page.mouse.down()
    page.mouse.move(edge + 80, before["y"] + 10, steps=4)
    page.mouse.up()
    page.wait_for_url(re.compile("widths=[^&]*region:"))
    after = page.locator("th[data-key=region]").bounding_box()
    assert after is not None
    assert after["width"] > before["width"] + 40


def edge_of(page: Page, column: str) -> tuple[float, float]:
    """Where the line between a head and the next one is taken hold of."""
    cell = page.locator(f"th[data-key={column}]")
    cell.scroll_into_view_if_needed()  # a table wider than its place scrolls
    head = cell.bounding_box()
    assert head is not None
    return head["x"] + head["width"] - 4, head["y"] + 10


def test_an_edge_pressed_twice_gives_the_column_its_automatic_width_back(visitors: Visitors) -> None:
    page = visitors.page(MANAGER)
    page.goto("/customers/?view=all&widths=phone:300,owner:140")
    x, y = edge_of(page, "phone")
    page.mouse.dblclick(x, y)
    page.wait_for_url(re.compile(r"widths=owner:140$"))
    x, y = edge_of(page, "phone")
    page.mouse.click(x, y)  # one press alone is nothing
    page.wait_for_timeout(400)
    x, y = edge_of(page, "owner")
    page.mouse.dblclick(x, y)
    page.wait_for_url(re.compile(r"^[^&]*/customers/\?view=all$"))
    expect(page.locator("table.gx-tb-fixed")).to_have_count(0)


def test_shadows_say_that_there_is_more_at_an_edge(visitors: Visitors) -> None:
    page = visitors.page(MANAGER)
    columns = "name,grade,relations,region,industry,size,source,owner,parent,phone,website,address,created_at"
    page.goto(f"/customers/?view=all&columns={columns}")
    frame, scroller = page.locator(".gx-tb-frame"), page.locator(".gx-tb-scroll")
    expect(frame).to_have_class(re.compile("gx-more-right"))
    expect(frame).not_to_have_class(re.compile("gx-more-left"))
    scroller.evaluate("box => box.scrollTo(200, 0)")
    expect(frame).to_have_class(re.compile("gx-more-left"))
    scroller.evaluate("box => box.scrollTo(9999, 0)")
    expect(frame).not_to_have_class(re.compile("gx-more-right"))
    page.keyboard.press("v")
    frame = page.locator(".gx-column-frame")
    expect(frame).to_have_class(re.compile("gx-more-down"))
    page.locator("#gx-columns").evaluate("box => box.scrollTo(0, 9999)")
    expect(frame).to_have_class(re.compile("gx-more-up"))
    expect(frame).not_to_have_class(re.compile("gx-more-down"))
    page.locator("#gx-find-column").fill("负责人")
    expect(frame).to_have_class("gx-column-frame")


def test_a_cell_is_edited_by_keys_keeps_its_row_and_can_be_undone(visitors: Visitors) -> None:
    page = visitors.page(MANAGER)
    page.goto("/customers/?view=all&sort=name&columns=name,grade,phone")
    row = page.locator("#list-rows tr").nth(3)
    shown = row.get_attribute("data-id")
    row.locator("a.gx-nm").focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    expect(row.locator("td").nth(3)).to_be_focused()
    page.keyboard.press("F2")
    field = page.locator("[data-gx-cell] input[type=tel]")
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(row.locator("td").nth(3)).to_be_focused()
    page.keyboard.press("Enter")
    number = f"0512-{uuid4().int % 10**8:08}"
    field.fill(number)
    page.keyboard.press("Enter")
    again = page.locator("#list-rows tr").nth(3)
    expect(again).to_contain_text(number)
    expect(again).to_have_attribute("data-id", shown or "")
    expect(again.locator("td").nth(3)).to_be_focused()
    page.locator(".gx-toast").get_by_role("button", name="撤销").click()
    expect(page.locator("#list-rows tr").nth(3)).not_to_contain_text(number)


def test_on_a_phone_a_list_has_its_views_and_its_sentence(visitors: Visitors) -> None:
    page = visitors.page(MANAGER, size=(375, 812))
    page.goto("/customers/?view=all&grade=A&columns=name,region,source,phone,website,created_at")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.locator("#list-rows tr").first).to_be_visible()
    page.locator("#gx-clause-0").click()
    expect(page.get_by_role("checkbox", name="B 普通")).to_be_visible()


def test_a_press_on_the_text_or_the_edge_of_a_popover_leaves_it_open(visitors: Visitors) -> None:
    page = visitors.page(MANAGER)
    page.goto("/customers/?view=all")
    page.locator("#list-columns").click()
    page.get_by_text("紧凑").click()
    expect(page.get_by_role("radio", name="紧凑")).to_be_checked()
    page.locator(".gx-pop:visible").click(position={"x": 3, "y": 3})
    expect(page.get_by_role("radio", name="紧凑")).to_be_visible()
    page.locator("h1").click()
    expect(page.get_by_role("radio", name="紧凑")).to_be_hidden()
    page.locator("#gx-clause-new").click()
    page.locator(".gx-pop:visible").get_by_role("link", name="级别", exact=True).click()
    page.locator(".gx-pop:visible").get_by_text("A 重点").click()
    expect(page.get_by_role("checkbox", name="A 重点")).to_be_checked()


def test_days_are_written_year_first_whatever_the_browser_speaks(visitors: Visitors) -> None:
    page = visitors.page(MANAGER)
    page.goto("/customers/?view=all&created_at.between=2024-01-05,2030-03-01")
    page.locator("#gx-clause-0").click()
    low, high = page.locator("#gx-low"), page.locator("#gx-high")
    expect(low).to_have_value("2024-01-05")
    form = page.locator(".gx-pop-body:visible")
    assert form.evaluate("form => form.scrollWidth <= form.clientWidth")
    high.fill("20261x")
    high.press("Enter")
    expect(form.locator(".gx-err")).to_have_text("日期看不懂，请写成 2026-11-21。")
    high.fill("2029年12月1日")
    high.press("Enter")
    expect(page.locator("#gx-clause-0")).to_have_text("2024-01-05 至 2029-12-01")


def test_a_calendar_stands_behind_a_written_day_and_the_words_below_it(visitors: Visitors) -> None:
    page = visitors.page(MANAGER)
    page.goto("/customers/new/")
    # Those of a folded section are not to be pressed.
    dated = page.locator(".gx-dated:visible").first
    day, words = dated.locator("input").first, page.locator(".gx-dated:visible + .gx-day-words").first
    day.fill("2026/12/3")
    day.press("Tab")
    expect(day).to_have_value("2026-12-03")
    expect(words).to_have_text("2026年12月3日周四")
    expect(dated.get_by_role("button", name="在日历中选择")).to_be_focused()
    calendar = dated.locator(".gx-dated-calendar")
    calendar.evaluate("field => { field.value = '2027-01-09'; field.dispatchEvent(new Event('change')); }")
    expect(day).to_have_value("2027-01-09")
    expect(words).to_have_text("2027年1月9日周六")
