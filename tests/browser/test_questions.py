"""Questions a team asks (1, 5, 14, 15 and 16 of the product's sixteen), each answered on one screen."""

# Chinese in code: what people type and read

from datetime import date, timedelta
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from guanxi.testing.served import ADMINISTRATOR, MANAGER, SALESPERSON
from guanxi.testing.visitors import PHONE, Visitors

pytestmark = pytest.mark.browser


def serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [one["id"] for one in found if one["impact"] in ("serious", "critical")]


def _a_card_of(page: Page) -> str:
    """The address of a customer that the salesperson answers for."""
    page.goto("/customers/?owner=me")
    return str(page.locator("tbody .gx-nm").first.get_attribute("href"))


def test_5_who_has_been_contacted_already_and_by_whom(visitors: Visitors) -> None:
    page = visitors.page(MANAGER)
    page.goto("/customers/")
    page.get_by_role("link", name="30 天内联系过的").click()
    table = page.locator(".gx-tb")
    expect(table.locator("thead")).to_contain_text("最近有效跟进")
    expect(table.locator("thead")).to_contain_text("最近跟进人")
    rows = table.locator("tbody tr")
    assert rows.count() > 3
    # Each says who of us it was, and how.
    for line in rows.all_inner_texts()[:10]:
        assert any(f"· {how}" in line for how in ("电话", "拜访", "会议", "邮件")), line
    assert serious(page) == []
    # The people they spoke with are found in the same way, and those nobody spoke with.
    page.goto("/people/?touched_on.last=30&columns=customer,touched_on,touched_by")
    expect(page.locator(".gx-tb tbody tr").first).to_contain_text("·")
    page.goto("/people/?touched_on.empty=&columns=customer,touched_on,touched_by")
    assert not any("· 电话" in line for line in page.locator(".gx-tb tbody tr").all_inner_texts())


def test_15_what_did_each_of_us_promise_this_customer(visitors: Visitors) -> None:
    mark, due = uuid4().hex[:6], (date.today() + timedelta(days=3)).isoformat()
    card = _a_card_of(visitors.page(SALESPERSON))
    said = {SALESPERSON: f"样机参数表{mark}", MANAGER: f"总经理拜访{mark}", ADMINISTRATOR: f"开通门户{mark}"}
    for who, what in said.items():
        page = visitors.page(who)
        page.goto(card)
        composer = page.locator(".gx-composer")
        composer.locator("input[name=kind][value=promise]").check()
        composer.locator("#timeline-text").fill(what)
        composer.locator("input[name=promise_due]").fill(due)
        composer.get_by_role("button", name="保存").click()
        expect(page.locator("#panel-promises")).to_contain_text(what)
    page = visitors.page(MANAGER)
    page.goto(card)
    panel = page.locator("#panel-promises")
    panel.get_by_role("link", name="全部").click()
    table = page.locator(".gx-tb tbody")
    for what, who in (
        (said[SALESPERSON], "林晓雯"),
        (said[MANAGER], "周海涛"),
        (said[ADMINISTRATOR], "解文博"),
    ):
        expect(table.locator("tr", has_text=what)).to_contain_text(who)
    assert serious(page) == []


def test_14_what_was_going_on_with_the_customers_of_whoever_left(visitors: Visitors) -> None:
    page = visitors.page(ADMINISTRATOR)
    page.goto("/settings/handover/")
    page.locator("[data-gx-pick] input, input[role=combobox]").first.fill("吴俊杰")
    page.get_by_role("option", name="吴俊杰").first.click()
    page.get_by_role("button", name="查看名下").click()
    expect(page.locator("main")).to_contain_text("吴俊杰")
    page.get_by_role("combobox").last.fill("林晓雯")
    page.get_by_role("option", name="林晓雯").first.click()
    page.locator("#reason").fill("离职")
    page.get_by_label("停用账号").check()
    page.get_by_role("button", name="看拆分结果").click()
    page.get_by_role("button", name="移交", exact=True).click()
    # The successor is told, sees what came, says that she has it, and reads how each stands.
    page = visitors.page(SALESPERSON)
    page.goto("/notices/")
    page.get_by_text("你接手吴俊杰").click()
    page.get_by_role("button", name="我接手").click()
    expect(page.locator("main")).to_contain_text("已接受")
    page.get_by_role("link", name="简报").first.click()
    for part in ("联系人", "最近往来", "已知情况"):
        expect(page.locator("main")).to_contain_text(part)
    assert serious(page) == []


def test_1_which_of_these_leads_are_real(visitors: Visitors) -> None:
    page = visitors.page(MANAGER)
    page.goto("/leads/")
    rows, said = page.locator(".gx-tb tbody tr"), {}
    for tab in ("最可能成交", "可能无效"):
        page.get_by_role("link", name=tab, exact=True).click()
        expect(page.get_by_role("link", name=tab, exact=True)).to_have_attribute("aria-current", "page")
        expect(rows.first).to_be_visible()
        said[tab] = rows.all_inner_texts()
    # Each says on what it rests, and nobody stands in both.
    speaks, doubtful = ("说明了需求", "已沟通"), ("可能已是客户", "号码错误", "没有联系方式")
    assert all(any(word in line for word in speaks) for line in said["最可能成交"]), said["最可能成交"]
    assert all(any(word in line for word in doubtful) for line in said["可能无效"]), said["可能无效"]
    assert serious(page) == []
    # In English and on a phone it is the same list.
    phone = visitors.page(MANAGER, language="en", size=PHONE)
    phone.goto("/leads/")
    phone.get_by_role("link", name="Most likely real", exact=True).click()
    expect(phone.locator("#list-rows a").first).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_16_whom_to_send(visitors: Visitors) -> None:
    page = visitors.page(MANAGER)
    page.goto("/opportunities/?state=open&look=list")
    page.locator("#list-rows a").first.click()
    page.wait_for_url("**/opportunities/*-*/")
    card = page.url.split("?")[0]
    page.locator("#card-head summary").last.click()
    page.get_by_role("link", name="派谁去").click()
    rows = page.locator(".gx-tb tbody tr")
    points = [int(line) for line in rows.locator("td:nth-child(2)").all_inner_texts()]
    assert len(points) > 1
    assert points == sorted(points, reverse=True)
    assert all("手上有" in line for line in rows.all_inner_texts())
    assert serious(page) == []
    chosen = page.get_by_role("button", name="派出").first
    name = chosen.inner_text().replace("派出", "").strip()
    chosen.click()
    page.wait_for_url(card)
    expect(page.locator("#card-head")).to_contain_text(name)
    page.locator(".gx-toast").get_by_role("button", name="撤销").click()
    expect(page.locator(".gx-toast", has_text="已撤销")).to_be_visible()
    phone = visitors.page(MANAGER, language="en", size=PHONE)
    phone.goto(f"{card}send/")
    expect(phone.get_by_role("button", name="Send").first).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
