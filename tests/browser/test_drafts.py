"""What is typed is not lost: reloads, ended sessions, closed windows; and nobody else ever reads it."""

# Chinese in code: what a person types

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import Dialog, Page, expect

from guanxi.testing.served import MANAGER, SALESPERSON
from guanxi.testing.visitors import Visitors

pytestmark = pytest.mark.browser

Say = Callable[[str, str], str]
BOTH = pytest.mark.parametrize("language", ["zh", "en"], ids=["Chinese", "English"])
KEYS = "Object.keys(localStorage).filter(key => key.startsWith('gx-draft:'))"


def in_(language: str) -> Say:
    return lambda zh, en: en if language == "en" else zh


def until(page: Page, condition: str) -> None:
    """Waits for an expression to hold; `wait_for_function` would need the eval that our policy forbids."""
    for _ in range(100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never true: {condition}")


def kept(page: Page, text: str) -> None:
    until(page, f"{KEYS}.some(key => localStorage[key].includes({text!r}))")


def new_name() -> str:
    return f"草稿{uuid4().hex[:8]}食品有限公司"


def write(page: Page, text: str = "写到一半") -> None:
    """A new customer, half written, and kept."""
    page.goto("/customers/new/")
    page.locator("#id_remarks").fill(text)
    kept(page, text)


def leaving_is_fine(page: Page) -> Page:
    page.on("dialog", lambda dialog: dialog.accept())
    return page


def save(page: Page) -> None:
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"\?saved=1"))


def restored(page: Page) -> None:
    expect(page.locator("[data-gx-restored]")).to_be_visible()


@BOTH
def test_a_reload_brings_it_back_and_discarding_throws_it_away(visitors: Visitors, language: str) -> None:
    say, page = in_(language), leaving_is_fine(visitors.page(MANAGER, language=language))
    write(page)
    page.locator("#id_region").click()
    page.keyboard.type("苏州")
    page.get_by_role("option", name=re.compile("苏州|Suzhou")).first.click()
    region, shown = page.locator("[name=region]").input_value(), page.locator("#id_region").input_value()
    kept(page, region)
    page.reload()
    line = page.locator("[data-gx-restored]")
    expect(line).to_contain_text(
        re.compile(say(r"已恢复你在 \d\d:\d\d 填写的内容", r"Restored what you typed at \d\d:\d\d"))
    )
    expect(page.locator("#id_remarks")).to_have_value("写到一半")
    expect(page.locator("[name=region]")).to_have_value(region)
    page.locator("#id_region").focus()
    page.locator("#id_remarks").focus()
    expect(page.locator("#id_region")).to_have_value(shown)  # a picker believes what was put back
    line.get_by_role("button", name=say("丢弃", "Discard")).click()
    expect(page.locator("#id_remarks")).to_have_value("")
    expect(page.locator("[name=region]")).to_have_value("")
    page.reload()
    expect(page.locator("#id_remarks")).to_have_value("")
    expect(line).to_have_count(0)


@BOTH
def test_a_session_that_ends_in_the_middle_costs_nothing(visitors: Visitors, language: str) -> None:
    page, name = leaving_is_fine(visitors.page(MANAGER, language=language)), new_name()
    write(page)
    page.locator("#id_name").fill(name)
    kept(page, name)
    page.context.clear_cookies()
    page.reload()
    page.wait_for_url("**/account/sign-in/**")
    visitors.sign_in(page, MANAGER)
    page.wait_for_url("**/customers/new/")
    restored(page)
    expect(page.locator("#id_name")).to_have_value(name)
    expect(page.locator("#id_remarks")).to_have_value("写到一半")
    page.locator("#id_name").focus()
    # It ends again, just as it is sent; the page has looked for duplicates of what was put back before.
    page.wait_for_timeout(700)
    page.context.clear_cookies()
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/account/sign-in/**")
    visitors.sign_in(page, MANAGER)
    page.wait_for_url("**/account/held/")
    page.locator("main form .btn-primary").click()
    page.wait_for_url(re.compile(r"\?saved=1"))
    expect(page.locator("h1")).to_have_text(name)
    page.goto("/customers/new/")
    page.wait_for_timeout(300)
    expect(page.locator("#id_name")).to_have_value("")  # what was sent and saved is no draft any more
    visitors.forget(MANAGER)


def test_a_closed_window_and_a_new_one(visitors: Visitors) -> None:
    page = leaving_is_fine(visitors.page(MANAGER))
    write(page)
    context = page.context
    page.close()
    again = context.new_page()
    again.goto("/customers/new/")
    restored(again)
    expect(again.locator("#id_remarks")).to_have_value("写到一半")


def test_two_windows_write_two_drafts(visitors: Visitors) -> None:
    first = leaving_is_fine(visitors.page(MANAGER))
    write(first, "第一个")
    second = leaving_is_fine(first.context.new_page())
    second.goto("/customers/new/")
    second.wait_for_timeout(500)
    expect(second.locator("#id_remarks")).to_have_value("")
    second.locator("#id_remarks").fill("第二个")
    until(second, f"{KEYS}.length === 2")
    for page, text in ((first, "第一个"), (second, "第二个")):
        page.reload()
        restored(page)
        expect(page.locator("#id_remarks")).to_have_value(text)


def test_saving_one_form_keeps_the_draft_of_another(visitors: Visitors) -> None:
    page = leaving_is_fine(visitors.page(MANAGER))
    write(page, "新客户的草稿")
    page.goto("/customers/?grade=A")
    page.locator("#list-rows a.gx-nm").first.click()
    page.wait_for_url(re.compile("/customers/[0-9a-f-]{36}/"))
    page.keyboard.press("e")
    page.locator("#id_remarks").fill("改过的备注")
    save(page)
    card = page.url
    page.goto("/customers/new/")
    restored(page)
    expect(page.locator("#id_remarks")).to_have_value("新客户的草稿")
    page.locator("#id_name").fill(new_name())
    save(page)
    page.goto("/customers/new/")
    page.locator("#id_remarks").fill("下一个草稿")
    until(page, f"{KEYS}.length === 1")
    page.goto(card)  # a look back at a page that said "saved"
    page.goto("/customers/new/")
    expect(page.locator("#id_remarks")).to_have_value("下一个草稿")


@BOTH
def test_esc_leaves_and_the_next_page_leads_back(visitors: Visitors, language: str) -> None:
    say, page = in_(language), visitors.page(MANAGER, language=language)
    asked: list[str] = []

    def accept(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", accept)
    page.goto("/customers/new/")
    page.locator("#id_remarks").fill("还会回来")
    page.keyboard.press("Escape")
    page.wait_for_url("**/customers/")
    assert asked == []  # nothing is lost, so nothing is asked
    page.locator(".gx-toasts").get_by_role("link", name=say("接着写", "Go on writing")).click()
    restored(page)
    expect(page.locator("#id_remarks")).to_have_value("还会回来")


def test_an_empty_form_that_was_refused_is_left_without_a_question(visitors: Visitors) -> None:
    page = visitors.page(MANAGER)
    asked: list[str] = []

    def accept(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", accept)
    page.goto("/business/new/")
    page.locator("#record-form button.btn-primary").click()
    expect(page.locator("#record-form [aria-invalid=true]").first).to_be_visible()
    page.goto("/customers/")
    assert asked == []
    # What was typed before it was refused is still asked for.
    page.goto("/business/new/")
    page.locator("#id_what").fill("封箱机")
    page.locator("#record-form button.btn-primary").click()
    expect(page.locator("#record-form [aria-invalid=true]").first).to_be_visible()
    page.goto("/customers/")
    assert asked == ["beforeunload"]


def test_a_prefilled_form_is_not_overwritten_by_an_old_draft(visitors: Visitors) -> None:
    page = leaving_is_fine(visitors.page(MANAGER))
    page.goto("/customers/new/")
    page.locator("#id_name").fill("旧的草稿")
    until(page, f"{KEYS}.length === 1")
    page.goto("/customers/new/?name=新的名字")
    restored(page)
    expect(page.locator("#id_name")).to_have_value("新的名字")
    page.locator("[data-gx-restored] button").click()
    expect(page.locator("#id_name")).to_have_value("旧的草稿")


def test_an_editor_in_its_place_keeps_what_was_typed(visitors: Visitors) -> None:
    page = leaving_is_fine(visitors.page(MANAGER))
    page.goto("/customers/?grade=A")
    page.locator("#list-rows a.gx-nm").first.click()
    fact = page.locator("#fact-address")
    fact.locator("[data-gx-fact]").click()
    fact.locator("input[type=text], textarea").fill("工业二路 18 号，写到一半")
    until(page, f"{KEYS}.length === 1")
    page.reload()
    fact.locator("[data-gx-fact]").click()
    restored(page)
    expect(fact.locator("input[type=text], textarea")).to_have_value("工业二路 18 号，写到一半")
    page.keyboard.press("Enter")
    expect(fact.locator("form")).to_have_count(0)
    assert page.evaluate(KEYS) == []


def test_signing_out_leaves_nothing_behind(visitors: Visitors) -> None:
    page = leaving_is_fine(visitors.page(SALESPERSON))
    write(page)
    page.locator(".gx-top details:has([data-gx-signout]) > summary").click()
    page.locator("[data-gx-signout] button").click()
    page.wait_for_url("**/account/sign-in/**")
    assert page.evaluate(KEYS) == []
    visitors.forget(SALESPERSON)


def test_another_account_at_the_same_desk_reads_nothing_of_it(visitors: Visitors) -> None:
    page = leaving_is_fine(visitors.page(MANAGER))
    write(page, "只有我能看")
    page.context.clear_cookies()
    page.goto("/account/sign-in/")
    visitors.sign_in(page, SALESPERSON)
    page.wait_for_url(lambda url: "sign-in" not in url)
    page.goto("/customers/new/")
    page.wait_for_timeout(500)
    expect(page.locator("#id_remarks")).to_have_value("")
    expect(page.locator("[data-gx-restored]")).to_have_count(0)
    visitors.forget(SALESPERSON)


def test_a_month_later_it_is_gone(visitors: Visitors) -> None:
    page = leaving_is_fine(visitors.page(MANAGER))
    write(page)
    page.goto("/notices/")
    page.evaluate(
        f"""() => {KEYS}.forEach(key => {{
            const draft = JSON.parse(localStorage[key]);
            localStorage[key] = JSON.stringify({{ ...draft, at: draft.at - 31 * 24 * 3600 * 1000 }});
        }})"""
    )
    page.goto("/customers/new/")
    expect(page.locator("#id_remarks")).to_have_value("")
    until(page, f"{KEYS}.length === 0")
