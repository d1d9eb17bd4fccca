"""In the field, on a phone that says where it is: plan, go there, check in, check out, go on."""

# Chinese in code: what a person reads and types

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from guanxi.testing.served import SALESPERSON
from guanxi.testing.visitors import PHONE, Visitors

pytestmark = pytest.mark.browser
SUZHOU = {"latitude": 31.30, "longitude": 120.59, "accuracy": 15}


def serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['html'][:120]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def test_a_day_in_the_field(visitors: Visitors) -> None:
    page = visitors.page(SALESPERSON, size=PHONE)
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation(SUZHOU)
    # Who is near, from where one stands; the first two are planned for today.
    page.goto("/nearby/?radius=100&whose=all")
    page.get_by_role("button", name="我附近").click()
    page.wait_for_url(re.compile("latitude=31.3"))
    spots = page.locator(".gx-spot")
    expect(page.locator(".gx-plot-spot").first).to_be_visible()
    assert spots.count() >= 2
    assert serious(page) == []
    for place in (0, 1):
        spots.nth(place).locator("input[type=checkbox]").check()
    page.get_by_role("button", name="为所选客户安排拜访").click()
    page.wait_for_url(re.compile(r"/visits/\?day="))
    stops = page.locator(".gx-stop[data-id]")
    before = stops.count()
    assert before >= 2
    assert serious(page) == []
    # One leads the other by the keyboard, and it is kept.
    second = stops.nth(1).get_attribute("data-id")
    with page.expect_response(re.compile("/today/order/")):
        stops.nth(1).locator("[data-gx-grip]").press("ArrowUp")
    page.reload()
    assert stops.nth(0).get_attribute("data-id") == second
    # Coming: the phone says where one is, the page how far that is.
    stops.nth(0).get_by_role("button", name="签到").click()
    page.wait_for_url(re.compile(r"/visits/[0-9a-f-]{36}/$"))
    came = page.locator(".gx-came")
    expect(came).to_contain_text(re.compile(r"距客户|离客户较远"))
    expect(came).to_contain_text("±15 米")
    assert serious(page) == []
    # Leaving, with what came of it and the next follow-up; the next visit stands below.
    page.locator("input[name=outcome][value=met]").check()
    page.locator("#visit-text").fill("现场看过，约下周送样。")
    page.locator("[data-gx-composer] input[name=next]").check()
    page.get_by_role("button", name="签退").click()
    expect(page.locator(".gx-said")).to_contain_text("约下周送样")
    expect(came).to_contain_text("签退")
    page.get_by_role("heading", name="下一个拜访").wait_for()


def test_without_a_position_one_checks_in_all_the_same(visitors: Visitors) -> None:
    page = visitors.page(SALESPERSON, size=PHONE)
    page.goto("/customers/?owner=me&sort=name")
    page.locator("#list-rows tr").first.click(position={"x": 150, "y": 20})
    page.wait_for_url(re.compile(r"/customers/[0-9a-f-]{36}/"))
    customer = page.url.split("/customers/")[1].split("/")[0]
    page.goto(f"/visits/at/{customer}/")
    page.get_by_role("button", name="签到").click()
    page.wait_for_url(re.compile(r"/visits/[0-9a-f-]{36}/$"))
    expect(page.locator(".gx-came")).to_contain_text("未提供位置")
