"""The day's work without a mouse: list, card, edit, save, palette, in both languages."""

# Chinese in code: what a person reads and types

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect

from guanxi.testing.served import ADMINISTRATOR, MANAGER, SALESPERSON
from guanxi.testing.visitors import Visitors

pytestmark = pytest.mark.browser

Say = Callable[[str, str], str]
CARD = re.compile(r"/customers/[0-9a-f-]{36}/")
BOTH = pytest.mark.parametrize("language", ["zh", "en"], ids=["Chinese", "English"])


def in_(language: str) -> Say:
    return lambda zh, en: en if language == "en" else zh


def new_name(word: str = "键盘") -> str:
    return f"{word}{uuid4().hex[:8]}食品有限公司"


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def cursor(page: Page) -> Locator:
    return page.locator("#list-rows tr.gx-cur")


def at_list(page: Page) -> None:
    """From anywhere to the list, by keys."""
    press(page, "g", "c")
    page.wait_for_url("**/customers/")
    page.locator("#list-rows tr").first.wait_for()


def at_form(page: Page) -> None:
    page.locator("#record-form").wait_for()
    page.wait_for_load_state()


@BOTH
def test_list_card_edit_save_palette_by_keys_alone(visitors: Visitors, language: str) -> None:
    say, page, name = in_(language), visitors.page(MANAGER, language=language), new_name()
    # A new one, from the list, saved by Ctrl+Enter.
    at_list(page)
    press(page, "n")
    at_form(page)
    expect(page.locator("#id_name")).to_be_focused()
    page.keyboard.type(name)
    press(page, "Control+Enter")
    page.wait_for_url(re.compile(r"\?saved=1"))
    # Its values, one after the other in their places: Enter opens, Tab saves and goes on, Esc leaves as it was.
    short = page.locator("#fact-short_name")
    while not short.locator("[data-gx-fact]").evaluate("fact => fact === document.activeElement"):
        press(page, "j")
    press(page, "Enter")
    short.locator("input[type=text]").wait_for()
    page.keyboard.type("键盘甲")
    press(page, "Tab")
    expect(short).to_contain_text("键盘甲")
    kind = page.locator("#fact-kind select")
    expect(kind).to_be_focused()
    press(page, "Escape")
    expect(kind).to_have_count(0)
    # The whole form.
    press(page, "e")
    at_form(page)
    page.locator("#id_remarks").focus()
    page.keyboard.type("一路没有碰鼠标")
    press(page, "Control+Enter")
    page.wait_for_url(re.compile(r"\?saved=1"))
    expect(page.locator("#fact-remarks")).to_contain_text("一路没有碰鼠标")
    card = page.url.partition("?")[0]
    press(page, "h")
    page.wait_for_url("**/history/")
    # The palette knows it, as what was opened last and by its name.
    press(page, "Control+k")
    palette = page.locator("#gx-palette")
    first = palette.get_by_role("option").first
    expect(first).to_contain_text(name)
    expect(palette.locator(".gx-options-h").first).to_have_text(say("最近打开", "Opened lately"))
    page.keyboard.type(name[:10])
    expect(first.locator("mark")).to_have_text(name[:10])
    press(page, "Enter")
    page.wait_for_url(f"{card}**")


@BOTH
def test_rows_are_walked_previewed_selected_and_acted_upon(visitors: Visitors, language: str) -> None:
    page = visitors.page(MANAGER, language=language)
    at_list(page)
    rows = page.locator("#list-rows tr")
    press(page, "j", "j")
    expect(cursor(page)).to_have_attribute("data-id", rows.nth(1).get_attribute("data-id") or "")
    expect(rows.nth(1).locator("a.gx-nm")).to_be_focused()
    press(page, "Space")
    expect(page.locator("#gx-preview h2").first).to_have_text(rows.nth(1).locator("a.gx-nm").inner_text())
    press(page, "ArrowDown")
    expect(page.locator("#gx-preview h2").first).to_have_text(rows.nth(2).locator("a.gx-nm").inner_text())
    press(page, "Escape")
    expect(page.locator("#gx-preview")).not_to_be_visible()
    press(page, "x", "j", "j", "Shift+X")
    count = page.locator("#list-bulk [data-gx-count]")
    expect(count).to_contain_text("3")
    press(page, "b")
    expect(page.locator("#list-bulk button:focus")).to_have_count(1)
    press(page, "Escape")
    expect(page.locator("#list-bulk")).not_to_be_visible()
    press(page, "a")
    expect(count).to_contain_text("50")
    press(page, "a")
    expect(page.locator("#list-bulk input[name=all]")).to_have_value("1")
    press(page, "a")
    expect(page.locator("#list-bulk")).not_to_be_visible()
    # Past the last row the next ones come.
    rows.last.locator("a.gx-nm").focus()
    press(page, "j")
    expect(rows).to_have_count(100)
    expect(cursor(page)).to_have_attribute("data-id", rows.nth(50).get_attribute("data-id") or "")


def test_filter_and_sort_open_and_are_chosen_by_keys(visitors: Visitors) -> None:
    page = visitors.page(MANAGER)
    at_list(page)
    press(page, "f")
    popover = page.locator("#gx-filters details[open] .gx-pop")
    expect(popover.locator("input:focus")).to_have_count(1)
    page.keyboard.type("级别")
    press(page, "Enter")
    expect(popover.locator("select").first).to_be_visible()
    press(page, "Escape")
    expect(popover).to_have_count(0)
    press(page, "s")
    by = popover.locator("select:focus")
    expect(by).to_have_count(1)
    by.select_option("name")
    press(page, "Control+Enter")
    page.wait_for_url("**sort=**")


@BOTH
def test_from_a_card_to_the_next_of_its_list_and_back(visitors: Visitors, language: str) -> None:
    say, page = in_(language), visitors.page(MANAGER, language=language)
    page.goto("/customers/?grade=A&sort=name")
    cards = page.locator("#list-rows tr").evaluate_all("rows => rows.map(row => row.dataset.href)")
    press(page, "j", "Enter")
    page.wait_for_url(f"**{cards[0]}")
    expect(page.locator(".gx-trail")).to_contain_text(say(f"1 / {len(cards)}", f"1 of {len(cards)}"))
    press(page, "]")
    page.wait_for_url(f"**{cards[1]}")
    press(page, "]")
    page.wait_for_url(f"**{cards[2]}")
    press(page, "[")
    page.wait_for_url(f"**{cards[1]}")
    press(page, "u")
    page.wait_for_url("**/customers/?grade=A&sort=name")
    expect(cursor(page)).to_have_attribute("data-href", cards[1])
    press(page, "j", "Enter")
    page.wait_for_url(f"**{cards[2]}")


@BOTH
def test_the_sheet_names_what_holds_here_and_nothing_else(visitors: Visitors, language: str) -> None:
    say, page = in_(language), visitors.page(MANAGER, language=language)
    at_list(page)
    sheet = page.locator("#gx-keys")
    press(page, "?")
    for text in (
        say("下一行", "Next row"),
        say("新建客户", "New customer"),
        say("排序", "Sort"),
        say("通知", "Notices"),
    ):
        expect(sheet.locator("dd", has_text=text).first).to_be_visible()
    expect(sheet.locator("dd", has_text=say("下一段", "Next part"))).to_have_count(0)
    press(page, "Escape")
    expect(sheet).not_to_be_visible()
    press(page, "j", "Enter")
    page.wait_for_url(CARD)
    press(page, "?")
    for text in (say("后一条记录", "Next record"), say("编辑", "Edit"), say("全部修改记录", "All changes")):
        expect(sheet.locator("dd", has_text=text).first).to_be_visible()
    expect(sheet.locator("dd", has_text=say("下一行", "Next row"))).to_have_count(0)
    press(page, "Escape", "e")
    at_form(page)
    press(page, "Tab")
    page.locator("h1").click()
    press(page, "?")
    for text in (say("保存", "Save"), say("离开", "Leave")):
        expect(sheet.locator("dd", has_text=text).first).to_be_visible()
    foreign = re.compile(r"[A-Za-z]{3,}" if language == "zh" else r"[\u4e00-\u9fff]")
    said = sheet.locator("dd, h3, label").all_inner_texts()
    assert [text for text in said if foreign.search(text) and "Ctrl" not in text] == []


def test_every_key_of_the_sheet_has_a_text(visitors: Visitors) -> None:
    page = visitors.page(ADMINISTRATOR)
    for address in ("/customers/", "/customers/new/", "/settings/", "/settings/people/"):
        page.goto(address)
        press(page, "Escape")
        page.locator("h1").first.click()
        press(page, "?")
        texts = page.locator("#gx-keys dd, #gx-keys h3").all_inner_texts()
        assert texts
        assert [text for text in texts if not text.strip() or text.startswith("key")] == [], address


def test_no_key_fires_while_somebody_types_or_an_input_method_composes(visitors: Visitors) -> None:
    page = visitors.page(MANAGER)
    page.goto("/customers/new/")
    page.locator("#id_remarks").focus()
    page.keyboard.type("? g c n e h / [")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator("#id_remarks")).to_have_value("? g c n e h / [")
    page.locator("#id_remarks").fill("")
    page.locator("h1").click()
    at_list(page)
    for event in ("isComposing: true", "keyCode: 229", "ctrlKey: true", "altKey: true", "metaKey: true"):
        page.evaluate(
            f"document.body.dispatchEvent(new KeyboardEvent('keydown', {{key: 'n', bubbles: true, {event}}}))"
        )
    page.wait_for_timeout(200)
    assert page.url.endswith("/customers/")


def test_single_keys_are_turned_off_and_on_again(visitors: Visitors) -> None:
    page = visitors.page(SALESPERSON)
    at_list(page)
    press(page, "?")
    page.locator("#gx-keys-on").uncheck()
    press(page, "Escape", "j")
    expect(cursor(page)).to_have_count(0)
    press(page, "Control+k")
    expect(page.locator("#gx-palette")).to_be_visible()
    page.keyboard.type("键盘")
    expect(page.locator("#gx-palette [role=option]").first).to_contain_text("键盘")
    press(page, "Enter")
    expect(page.locator("#gx-keys")).to_be_visible()
    page.locator("#gx-keys-on").check()
    press(page, "Escape", "j")
    expect(cursor(page)).to_have_count(1)


@BOTH
def test_the_palette_makes_goes_and_switches(visitors: Visitors, language: str) -> None:
    say, page, name = in_(language), visitors.page(MANAGER, language=language), new_name("面板")
    press(page, "/")
    page.keyboard.type(say(f"新建客户 {name}", f"new customer named {name}"))
    option = page.locator("#gx-palette [role=option]", has_text=name)
    expect(option).to_have_count(1)
    press(page, "Enter")
    expect(page.locator("#id_name")).to_have_value(name)
    press(page, "Control+Enter")
    page.wait_for_url(re.compile(r"\?saved=1"))
    press(page, "Control+k")
    page.keyboard.type(say("深色", "dark theme"))
    expect(page.locator("#gx-palette [role=option]").first).to_contain_text(say("深色", "Dark"))
    press(page, "Enter")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    press(page, "Control+k")
    page.keyboard.type(say("English", "语言"))
    expect(page.locator("#gx-palette [role=option]").first).to_contain_text(say("English", "简体中文"))
    press(page, "Enter")
    expect(page.locator("html")).to_have_attribute("lang", say("en", "zh-Hans-CN"))


def test_what_one_may_not_see_is_told_and_leads_nowhere(visitors: Visitors) -> None:
    manager, name = visitors.page(MANAGER), f"山东鲁遮{uuid4().hex[:6]}食品有限公司"
    manager.goto("/customers/new/")
    manager.locator("#id_name").fill(name)
    press(manager, "Control+Enter")
    manager.wait_for_url(re.compile(r"\?saved=1"))
    page = visitors.page(SALESPERSON)
    press(page, "/")
    page.keyboard.type(name[2:10])
    told = page.locator("#gx-palette [data-told]")
    expect(told).to_contain_text("山东**公司")
    expect(told).not_to_contain_text(name)
    press(page, "Enter")
    expect(page.locator("#gx-palette")).to_be_visible()


def test_a_page_is_printed_white_without_what_is_pressed(visitors: Visitors) -> None:
    page = visitors.page(MANAGER, dark=True)
    for address in ("/customers/", "card"):
        if address == "card":
            press(page, "j", "Enter")
            page.wait_for_url(CARD)
        else:
            page.goto(address)
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        shown = page.locator(".btn, button, .gx-side, .gx-top, input, .gx-trail, [data-gx-leave]")
        assert [one.inner_text() for one in shown.all() if one.is_visible()] == []
        expect(page.locator(".gx-print")).to_be_visible()
        expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        page.emulate_media(media="screen")
