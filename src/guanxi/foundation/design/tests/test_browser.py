"""The components under the hand, in Chromium: keyboard, drafts, popovers, answers gone wrong, axe-core."""

import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
BUILT = Path(__file__).resolve().parent.parent / "static" / "gx" / "build" / "gx.js"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine"),
    pytest.mark.skipif(not BUILT.exists(), reason="the front-end is not built"),
]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    source = Path(__file__).resolve().parents[4]
    server = subprocess.Popen(
        [sys.executable, "-m", "guanxi.foundation.design.tests.preview", str(port)],
        env={"PYTHONPATH": str(source), "PATH": ""}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    for _ in range(150):
        try:
            urllib.request.urlopen(f"{address}/error/", timeout=2).close()
            break
        except OSError:
            time.sleep(0.1)
    yield address
    server.terminate()
    server.wait(10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


def opened(browser: Browser, width: int = 1440, locale: str = "zh-CN", **more: bool) -> BrowserContext:
    size: ViewportSize = {"width": width, "height": 900}
    return browser.new_context(viewport=size, locale=locale, **more)  # type: ignore[arg-type]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = opened(browser)
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None
    )
    yield page
    context.close()
    assert wrong == []


def until(page: Page, condition: str) -> None:
    """Waits for an expression to hold; `wait_for_function` would need the eval that our policy forbids."""
    for _ in range(100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never true: {condition}")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("width", "locale"), [(1440, "zh-CN"), (375, "zh-CN"), (1440, "en"), (375, "en")])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    browser: Browser, address: str, theme: str, width: int, locale: str
) -> None:
    context = opened(browser, width, locale)
    page = context.new_page()
    for path in ("/", "/list/?pv=1&", "/form/", "/card/", "/signin/", "/error/"):
        page.goto(f"{address}{path}{'' if '?' in path else '?'}theme={theme}")
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    context.close()


def test_the_palette_opens_by_key_moves_by_arrows_and_goes_on_enter(page: Page, address: str) -> None:
    page.goto(f"{address}/list/")
    page.keyboard.press("/")
    palette = page.locator("#gx-palette")
    expect(palette).to_be_visible()
    page.keyboard.type("lwy")
    first = palette.get_by_role("option").first
    expect(first).to_have_attribute("href", re.compile("#luweiyuan"))  # the answer to all that was typed
    expect(first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(palette.get_by_role("option").nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#luweiyuan"))
    page.keyboard.press("Control+k")
    expect(palette).to_be_visible()
    page.keyboard.press("Escape")
    expect(palette).not_to_be_visible()


def test_a_picker_searches_takes_clears_and_puts_back_what_was_not_chosen(page: Page, address: str) -> None:
    page.goto(f"{address}/form/")
    field, value = page.locator("#id_owner"), page.locator("input[name=owner]")
    field.click()
    page.keyboard.press("Control+a")
    page.keyboard.type("陈")
    expect(page.get_by_role("option", name="陈浩")).to_be_visible()
    page.keyboard.press("Enter")
    expect(field).to_have_value("陈浩")
    expect(value).to_have_value("1")
    field.fill("nobody at all")
    page.locator("#id_remarks").focus()
    expect(field).to_have_value("陈浩")
    page.get_by_role("button", name="清空负责人").click()
    expect(value).to_have_value("")


def test_enter_takes_the_answer_to_what_was_typed_and_not_the_one_before(page: Page, address: str) -> None:
    page.goto(f"{address}/form/")
    page.evaluate("""() => {
      const ask = window.fetch;
      window.fetch = async (place, ...rest) => {
        const answer = await ask(place, ...rest);
        const typed = new URL(place, location.href).searchParams.get('q');
        const text = async () => {
          const options = await answer.text();
          await new Promise(done => { window[typed ? 'late' : 'early'] = done; });
          return options;
        };
        return { ok: answer.ok, status: answer.status, text };
      };
    }""")
    field = page.locator("#id_owner")
    field.click()
    page.wait_for_function("() => Boolean(window.early)")  # the answer to nothing typed is on its way ...
    page.keyboard.press("Control+a")
    page.keyboard.type("陈")
    page.evaluate("window.early()")  # ... and comes when something was
    page.wait_for_function("() => Boolean(window.late)")
    page.keyboard.press("Enter")
    page.evaluate("window.late()")
    expect(field).to_have_value("陈浩")
    expect(page.locator("#id_owner_list")).not_to_be_visible()


def test_rows_are_selected_by_range_and_the_bar_counts_and_sends_them(page: Page, address: str) -> None:
    page.goto(f"{address}/list/")
    bar = page.locator("#list-bulk")
    expect(bar.locator("[data-gx-count]")).to_have_text("已选 2 个")
    bar.get_by_role("button", name="取消选择").click()
    expect(bar).not_to_be_visible()
    picks = page.locator("[data-gx-pick]")
    picks.nth(1).click()
    picks.nth(5).click(modifiers=["Shift"])
    expect(bar.locator("[data-gx-count]")).to_have_text("已选 5 个")
    bar.get_by_role("button", name="改级别").click()
    expect(page.locator("body")).to_have_text("1,2,3,4,5")


def test_everything_that_matches_can_be_selected(page: Page, address: str) -> None:
    page.goto(f"{address}/list/")
    page.locator("thead [data-gx-all]").check()
    page.get_by_role("button", name="选中全部 128 个").click()
    expect(page.locator("[data-gx-count]")).to_have_text("已选全部 128 个")
    expect(page.locator("#list-bulk input[name=all]")).to_have_value("1")


def test_the_list_is_worked_by_keyboard(page: Page, address: str) -> None:
    page.goto(f"{address}/list/")
    page.keyboard.press("j")
    expect(page.locator("tr.gx-cur")).to_have_attribute("data-id", "1")
    page.keyboard.press("x")
    expect(page.locator("tr[data-id='1'] [data-gx-pick]")).to_be_checked()
    page.keyboard.press("k")
    page.keyboard.press("Space")
    expect(page.locator("#gx-preview h2").first).to_be_visible()
    page.keyboard.press("?")
    expect(page.locator("#gx-keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/card/"))


def test_more_rows_are_added_below_and_the_line_is_renewed(page: Page, address: str) -> None:
    page.goto(f"{address}/list/")
    expect(page.locator("#list-more")).to_contain_text("共 2,960")
    page.get_by_role("link", name="再显示 50 个").click()
    expect(page.locator("tbody tr[data-id]")).to_have_count(34)
    expect(page.locator("#list-more")).to_contain_text("已显示 34 个")


def test_sorting_renews_the_list_in_its_place_and_the_address(page: Page, address: str) -> None:
    page.goto(f"{address}/list/")
    page.evaluate("document.querySelector('h1').dataset.kept = '1'")
    page.locator("th a").first.click()
    expect(page).to_have_url(re.compile("sort=name"))
    expect(page.locator("h1[data-kept]")).to_be_visible()
    expect(page.locator("#list")).to_have_count(1)


def test_a_menu_opens_moves_and_returns_the_focus(page: Page, address: str) -> None:
    page.goto(f"{address}/card/")
    opener = page.locator("summary[aria-label='更多']")
    opener.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".gx-item:focus")).to_have_text("删除")
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()


def test_a_condition_opens_its_editor_and_closes_when_left(page: Page, address: str) -> None:
    page.goto(f"{address}/list/")
    page.locator(".gx-fs summary.gx-v").nth(1).click()
    expect(page.get_by_label("A", exact=True)).to_be_checked()
    page.locator("h1").click()
    expect(page.get_by_label("A", exact=True)).not_to_be_visible()


def test_a_fact_is_edited_in_its_place_and_a_toast_offers_to_undo(page: Page, address: str) -> None:
    page.goto(f"{address}/card/")
    page.locator("#fact-short [data-gx-fact]").click()
    field = page.locator("#id_edit_short")
    expect(field).to_be_focused()
    field.fill("鲁味")
    page.keyboard.press("Enter")
    expect(page.locator("#fact-short")).to_contain_text("鲁味")
    toast = page.locator("[data-gx-toast]")
    expect(toast).to_contain_text("秒")
    toast.get_by_role("button", name="撤销").click()
    expect(page).to_have_url(re.compile("/undo/"))


def test_a_draft_survives_leaving_and_can_be_discarded(page: Page, address: str) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{address}/form/")
    # The page shows an error, as after a refused save: what the server sent back counts, not the draft.
    page.get_by_role("button", name="改成 0").click()
    expect(page.locator("#id_code")).to_have_value("91371302MA3DX5K570")
    expect(page.locator("#id_code_error")).to_have_count(0)
    page.goto(f"{address}/")
    page.locator("#id_remarks").fill("客户说下周来厂里看设备")
    page.locator("[data-gx-copy], h1").first.click()
    until(page, "Object.keys(localStorage).some(key => key.endsWith(':sheet'))")


def test_no_draft_holds_a_password_shown_or_not(page: Page, address: str) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{address}/form/")
    page.evaluate(
        """() => {
            const form = document.createElement('form');
            form.dataset.gxDraft = 'secret';
            form.innerHTML = '<input name="note" id="n"><input name="a" type="password" id="a">'
              + '<input name="b" id="b" autocomplete="one-time-code">'
              + '<button type="button" data-gx-reveal="a" id="r">x</button>';
            document.querySelector('main').append(form);
            document.dispatchEvent(new CustomEvent('htmx:load', { detail: { elt: form } }));
        }"""
    )
    page.locator("#r").click()
    for field in ("a", "b", "n"):
        page.locator(f"#{field}").fill("hunter2" if field != "n" else "说明")
    until(page, "Object.values(localStorage).some(text => text.includes('说明'))")
    assert "hunter2" not in page.evaluate("JSON.stringify(localStorage)")


def test_unsaved_changes_are_not_left_without_a_question(page: Page, address: str) -> None:
    asked: list[str] = []

    def accept(dialog: object) -> None:
        asked.append("asked")
        dialog.accept()  # type: ignore[attr-defined]

    page.on("dialog", accept)
    page.goto(f"{address}/form/")
    page.locator("#id_remarks").fill("还没保存")
    page.goto(f"{address}/list/")
    assert asked == ["asked"]


@pytest.mark.parametrize(
    ("code", "said"),
    [(403, "你没有这个权限"), (404, "已经不在了"), (500, "R-1"), (429, "操作太频繁"), (503, "服务器忙")],
)
def test_what_went_wrong_is_said_in_words(page: Page, address: str, code: int, said: str) -> None:
    page.goto(f"{address}/list/")
    page.evaluate(f"htmx.ajax('GET', '/status/{code}/', {{target: '#gx-say', source: document.body}})")
    expect(page.locator("#gx-toasts")).to_contain_text(said)


def test_an_ended_session_asks_to_sign_in_and_keeps_the_page(page: Page, address: str) -> None:
    page.goto(f"{address}/form/")
    page.locator("#id_remarks").fill("写了一半")
    page.evaluate("htmx.ajax('GET', '/status/401/', {target: '#gx-say', source: document.body})")
    expect(page.locator("#gx-signin")).to_be_visible()
    with page.context.expect_page() as window:
        page.get_by_role("link", name="登录").click()
    window.value.close()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.locator("#gx-signin")).not_to_be_visible()
    expect(page.locator("#id_remarks")).to_have_value("写了一半")


def test_no_network_is_said_in_words(page: Page, address: str) -> None:
    page.goto(f"{address}/list/")
    page.context.set_offline(True)
    page.evaluate("htmx.ajax('GET', '/total/', {target: '#gx-say', source: document.body}).catch(() => 0)")
    expect(page.locator("#gx-toasts")).to_contain_text("网络断了")


def test_a_form_is_sent_once(page: Page, address: str) -> None:
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.goto(f"{address}/form/")
    page.route(
        "**/form/",
        lambda route: route.fulfill(status=204) if route.request.method == "POST" else route.continue_(),
    )
    page.evaluate(
        "() => { const f = document.querySelector('main form'); f.requestSubmit(); f.requestSubmit(); }"
    )
    page.wait_for_function("document.querySelector('main form').dataset.gxSent")
    page.wait_for_timeout(300)
    assert len(sent) == 1


def test_the_theme_changes_at_once_and_is_remembered(page: Page, address: str) -> None:
    page.goto(f"{address}/list/")
    page.locator("summary[aria-label^='林晓雯']").click()
    page.get_by_role("button", name="深色").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    assert any(cookie.get("name") == "gx_theme" for cookie in page.context.cookies())


def test_lists_menus_and_navigation_work_without_javascript(browser: Browser, address: str) -> None:
    context = opened(browser, 375, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/list/")
    page.locator(".gx-tabbar a", has_text="更多").click()
    expect(page.locator(".gx-side").get_by_role("link", name="设置")).to_be_visible()
    page.goto(f"{address}/list/")
    page.locator("summary[aria-label='新建']").or_(page.locator(".gx-top summary").first).click()
    expect(page.locator(".gx-top .gx-pop a").first).to_be_visible()
    page.get_by_role("link", name="再显示 50 个").click()
    expect(page).to_have_url(re.compile("after=17"))
    context.close()
