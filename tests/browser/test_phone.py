"""On a phone: rows are chosen by touch, columns and density from a sheet below, one way to "new", a card's bar."""

# Chinese in code: what a person reads and types

import re
from typing import Any
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from guanxi.testing.served import MANAGER
from guanxi.testing.visitors import PHONE, Visitors

pytestmark = pytest.mark.browser


def box(page: Page, selector: str) -> Any:
    found = page.locator(selector).first.bounding_box()
    assert found is not None
    return found


def serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['html'][:120]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def test_rows_are_chosen_by_touch_and_then_all_that_match(visitors: Visitors) -> None:
    page = visitors.page(MANAGER, size=PHONE)
    page.goto("/customers/?view=all&sort=name")
    rows = page.locator("#list-rows tr")
    expect(page.locator("#gx-found")).to_have_attribute("data-gx-total", re.compile(r"\d"))
    page.get_by_role("button", name="选择", exact=True).click()
    rows.nth(1).click(position={"x": 150, "y": 20})
    rows.nth(3).click(position={"x": 150, "y": 20})
    assert "sort=name" in page.url
    expect(page.locator("[data-gx-count]")).to_have_text("已选 2 个")
    rows.nth(3).click(position={"x": 330, "y": 40})
    expect(page.locator("[data-gx-count]")).to_have_text("已选 1 个")
    page.get_by_text("选择本页").click()
    page.locator("[data-gx-everything]").click()
    total = page.locator("#gx-found").get_attribute("data-gx-total")
    expect(page.locator("[data-gx-count]")).to_have_text(f"已选全部 {total} 个")
    bar, tabs = box(page, ".gx-bulk"), box(page, ".gx-tabbar")
    assert bar["y"] + bar["height"] <= tabs["y"]
    assert serious(page) == []
    page.get_by_role("button", name="完成").click()
    expect(page.locator(".gx-bulk")).to_be_hidden()
    rows.nth(1).click(position={"x": 150, "y": 20})
    page.wait_for_url(re.compile(r"/customers/[0-9a-f-]{36}/"))


def test_some_rows_are_acted_on_as_at_a_desk(visitors: Visitors) -> None:
    page = visitors.page(MANAGER, size=PHONE)
    page.goto("/customers/?view=all&sort=-name")
    page.get_by_role("button", name="选择", exact=True).click()
    for place in (0, 1):
        page.locator("#list-rows tr").nth(place).click(position={"x": 150, "y": 20})
    page.get_by_role("button", name="批量修改").click()
    expect(page.locator("main h1")).to_contain_text("2 个客户")


def test_columns_and_density_are_chosen_from_below(visitors: Visitors) -> None:
    page = visitors.page(MANAGER, size=PHONE)
    page.goto("/customers/?view=all")
    tall = box(page, "#list-rows tr")["height"]
    page.locator("#list-columns").click()
    sheet = page.locator(".gx-pop:visible")
    expect(sheet.locator("#gx-columns")).to_be_visible()
    place = sheet.bounding_box()
    assert place is not None
    assert place["x"] == 0
    assert place["y"] + place["height"] == pytest.approx(PHONE[1], abs=1)
    assert serious(page) == []
    sheet.get_by_text("最近修改").click()
    sheet.get_by_text("紧凑").click()
    sheet.get_by_role("button", name="应用").click()
    page.wait_for_url("**density=compact**")
    assert "updated_at" not in page.url
    assert box(page, "#list-rows tr")["height"] < tall
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_there_is_one_way_to_new_and_a_row_shows_its_date(visitors: Visitors) -> None:
    page = visitors.page(MANAGER, size=PHONE)
    page.goto("/customers/?view=all&columns=name,grade,relations,owner,created_at,updated_at")
    ways = page.locator("a[href='/customers/new/']:visible, header summary:has-text('新建'):visible")
    expect(ways).to_have_count(1)
    row = page.locator("#list-rows tr").first
    first, second = row.locator(".gx-at-end"), row.locator(".gx-at-end2")
    expect(first.locator("time")).to_be_visible()
    expect(second.locator("time")).to_be_visible()
    expect(row.locator(".gx-meta")).to_be_visible()


def test_the_bar_of_a_card_calls_navigates_and_leads_to_the_composer(visitors: Visitors) -> None:
    page = visitors.page(MANAGER, size=PHONE)
    page.goto("/customers/new/")
    page.locator("#id_name").fill(f"电话{uuid4().hex[:8]}集团有限公司")
    page.locator("#id_phone").fill("0539-8316220 转 8001")
    page.locator("#id_address").fill("山东省临沂市兰山区义堂镇工业二路18号")
    page.locator("#record-form .btn-primary").click()
    page.wait_for_url(re.compile(r"/customers/[0-9a-f-]{36}/"))
    bar = page.get_by_role("navigation", name="快捷操作")
    expect(bar.get_by_role("link", name="打电话")).to_have_attribute("href", "tel:+865398316220,8001")
    way = bar.get_by_role("link", name="导航")
    expect(way).to_have_attribute("href", re.compile(r"^https://uri\.amap\.com/search\?keyword=%E5%B1%B1"))
    expect(way).to_have_attribute("rel", "noopener noreferrer")
    bar.get_by_role("link", name="记一笔").click()
    expect(page.locator("#timeline-text")).to_be_focused()
    foot, tabs = box(page, "#card-quick"), box(page, ".gx-tabbar")
    assert foot["y"] + foot["height"] == pytest.approx(tabs["y"], abs=1)
    assert serious(page) == []
    # What is edited in its place is there at once, and its toast stands above the bar.
    page.locator("#fact-phone .gx-fact-pencil").click()
    page.locator("#fact-phone input[type=tel]").fill("0539-8316221/8316233")
    page.locator("#fact-phone .btn-primary").click()
    expect(page.locator(".gx-toast")).to_be_visible()
    toast = box(page, ".gx-toasts")
    assert toast["y"] + toast["height"] <= box(page, "#card-quick")["y"]
    bar.locator("summary", has_text="打电话").click()
    expect(bar.get_by_role("link", name="0539-8316233")).to_have_attribute("href", "tel:+865398316233")
    assert box(page, "#card-quick .gx-pop")["y"] > PHONE[1] / 3


def test_the_bar_is_a_phones_and_holds_only_what_there_is(visitors: Visitors) -> None:
    page = visitors.page(MANAGER)
    page.goto("/customers/new/")
    page.locator("#id_name").fill(f"电话{uuid4().hex[:8]}集团有限公司")
    page.locator("#record-form .btn-primary").click()
    page.wait_for_url(re.compile(r"/customers/[0-9a-f-]{36}/"))
    bar = page.locator("#card-quick")
    expect(bar).to_be_hidden()
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    expect(bar.get_by_role("link")).to_have_text(["记一笔"])


def test_a_changed_list_keeps_its_tabs_and_says_where_its_sentence_goes_on(visitors: Visitors) -> None:
    page = visitors.page(MANAGER, size=PHONE)
    page.goto("/customers/?view=all&grade=A,B,C&region.filled=&created_at.last=9000")
    tabs, saving = box(page, ".gx-views > .gx-tabs"), box(page, "[data-gx-view-new]")
    assert tabs["width"] > 280
    assert saving["y"] >= tabs["y"] + tabs["height"] - 1
    assert saving["y"] + saving["height"] <= box(page, "#gx-filters")["y"] + 1
    sentence = page.locator("#gx-filters")
    expect(sentence).to_have_class(re.compile("gx-more-right"))
    expect(sentence).not_to_have_class(re.compile("gx-more-left"))
    # How many match is asked for by itself, and makes the line longer.
    page.wait_for_load_state("networkidle")
    sentence.evaluate("line => { line.scrollLeft = line.scrollWidth; }")
    expect(sentence).to_have_class(re.compile("gx-more-left"))
    expect(sentence).not_to_have_class(re.compile("gx-more-right"))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert serious(page) == []
