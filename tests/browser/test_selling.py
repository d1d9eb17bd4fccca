"""A sale led from the first name on a slip of paper to won, in both languages, at a desk and on a phone."""

# Chinese in code: what a person reads and types

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from guanxi.testing.served import SALESPERSON
from guanxi.testing.visitors import DESK, PHONE, Visitors

pytestmark = pytest.mark.browser

Say = Callable[[str, str], str]
CARD = re.compile(r"/(leads|opportunities)/[0-9a-f-]{36}/(\?.*)?$")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_sale_is_led_from_lead_to_won(visitors: Visitors, language: str, size: tuple[int, int]) -> None:
    def say(zh: str, en: str) -> str:
        return en if language == "en" else zh

    page = visitors.page(SALESPERSON, language=language, size=size)
    mark = uuid4().hex[:6]
    _taken_down(page, f"无锡塑机{mark}有限公司", f"139{int(mark, 16) % 10**8:08d}")

    _act(page, say("确认线索", "Qualify"))
    # What is known is not asked for again.
    expect(page.locator("main [name=need]")).to_have_value(f"要两台注塑机{mark}")
    page.locator("main [name=budget]").fill("60 万")
    page.locator("main form .btn-primary").click()
    page.wait_for_url(CARD)
    page.get_by_role("link", name=say("转化", "Convert"), exact=True).click()
    page.locator("main form .btn-primary").click()
    page.wait_for_url(re.compile("/opportunities/"))

    sale = page.url.split("?")[0]
    pk = sale.rstrip("/").rsplit("/", 1)[1]
    expect(page.locator("main h1")).to_contain_text(mark)
    page.get_by_role("button", name=say("安排电话", "Plan a call")).first.click()
    expect(page.locator("#card-head")).to_contain_text(say("电话", "Call"))
    _line(page, sale)

    page.goto("/opportunities/?look=board")
    for place in range(1, 5):
        _moved(page, pk, place, dragged=size == DESK)
        if place == 3:
            _told_why(page, say)
        expect(_in(page, pk, place)).to_have_count(1)
    card = page.locator(f'.gx-dc[data-id="{pk}"]')
    expect(card).to_contain_text(say("电话", "Call"))

    _menu(card)
    card.get_by_role("button", name=say("标记赢单", "Mark as won")).click()
    gate = page.locator("#gx-gate")
    gate.get_by_label(say("已具备", "It is there")).check()
    gate.get_by_role("button", name=say("前移", "Go on"), exact=True).click()
    expect(card).to_have_count(0)
    # The last act is undone where it was done, and done again.
    page.locator(".gx-toast").get_by_role("button", name=say("撤销", "Undo"), exact=True).last.click()
    expect(_in(page, pk, 4)).to_have_count(1)
    page.goto(sale)
    page.get_by_role("link", name=say("推进到“赢单”", "On to Won")).click()
    page.locator("main input[type=checkbox]").check()
    page.locator("main form .btn-primary").click()
    expect(page.locator("#card-head")).to_contain_text(say("赢单", "Won"))
    page.goto("/opportunities/?look=board")
    expect(page.locator(".gx-lane").first).to_be_visible()
    expect(card).to_have_count(0)


def test_a_lead_is_taken_down_from_one_line_on_a_phone(visitors: Visitors) -> None:
    page = visitors.page(SALESPERSON, size=PHONE)
    phone = f"138{int(uuid4().hex[:6], 16) % 10**8:08d}"
    for who in ("张经理", "李经理"):
        page.goto("/leads/new/")
        box = page.locator("#paste-text")
        expect(box).to_have_attribute("placeholder", re.compile("一行就够"))
        box.fill(f"{who} {phone} 要两台注塑机")
        page.get_by_role("button", name="识别").click()
        expect(page.locator("#id_need")).to_have_value("要两台注塑机")
        expect(page.locator("#id_person")).to_have_value(who)
        if who == "李经理":
            # The same telephone is known: whose it is stands there before anything is saved.
            expect(page.locator("#duplicates")).to_contain_text("张经理")
            expect(page.locator("#duplicates")).to_contain_text("电话相同")
        else:
            page.locator("#pasted").get_by_role("button", name="保存").click()
            page.wait_for_url(CARD)
            expect(page.locator("main h1")).to_have_text("张经理")


def _told_why(page: Page, say: Say) -> None:
    """Nobody knows yet when it will be signed: it goes on with a reason."""
    gate = page.locator("#gx-gate")
    expect(gate).to_contain_text(say("预计成交", "Expected date"))
    gate.locator("[name=reason]").fill(say("客户说节后定", "They decide after the holidays"))
    gate.get_by_role("button", name=say("仍要前移", "Move it all the same")).click()
    expect(gate).to_be_empty()


def _taken_down(page: Page, name: str, phone: str) -> None:
    page.goto("/leads/new/")
    page.locator("#id_name").fill(name)
    page.locator("#id_person").fill("张伟")
    page.locator("#id_phone").fill(phone)
    page.locator("#id_need").fill(f"要两台注塑机{name[4:10]}")
    page.locator("#record-form .btn-primary").click()
    page.wait_for_url(CARD)


def _act(page: Page, name: str) -> None:
    """One of the acts in the menu of a card."""
    page.locator(".gx-head summary, .gx-card-head summary").last.click()
    page.get_by_role("link", name=name).or_(page.get_by_role("button", name=name)).first.click()


def _line(page: Page, sale: str) -> None:
    """A line of what they want, begun on the card of the sale, to which its form comes back."""
    add = page.locator('#related a[href*="/sale_lines/new/"]').first
    # Panels further below come when they come into sight.
    _into_sight(page, "#panel-lines")
    add.click()
    page.locator("#id_text").fill("注塑机 280T")
    page.locator("#id_quantity").fill("2")
    page.locator("#id_price").fill("290000")
    page.locator("#record-form .btn-primary").click()
    page.wait_for_url(lambda url: url.startswith(sale))
    _into_sight(page, "#panel-lines")
    expect(page.locator("#panel-lines")).to_contain_text("注塑机 280T")


def _into_sight(page: Page, panel: str) -> None:
    """A panel may be put anew under the hand: then it has come already."""
    page.locator(panel).evaluate("panel => panel.scrollIntoView({ block: 'center' })")


def _in(page: Page, pk: str, place: int) -> Locator:
    """The card in a lane, once the server has said that it is there."""
    lane = page.locator("[data-gx-lane]").nth(place)
    return lane.locator(f'.gx-dc[data-id="{pk}"][data-stage="{lane.get_attribute("data-gx-lane")}"]')


def _menu(card: Locator) -> None:
    card.hover()
    card.locator("summary").click()


def _moved(page: Page, pk: str, place: int, *, dragged: bool) -> None:
    """On to a lane: dragged with the mouse, or by the card's menu."""
    card = page.locator(f'.gx-dc[data-id="{pk}"]')
    if not dragged:
        _menu(card)
        card.locator("[data-gx-place]").nth(place - 1).click()
        return
    card.hover()
    start = card.bounding_box()
    goal = page.locator(".gx-lane").nth(place).locator("[data-gx-lane]").bounding_box()
    assert start is not None
    assert goal is not None
    page.mouse.move(start["x"] + 60, start["y"] + 12)
    page.mouse.down()
    page.mouse.move(goal["x"] + 80, goal["y"] + 30, steps=12)
    page.mouse.move(goal["x"] + 84, goal["y"] + 34, steps=4)
    page.mouse.up()
