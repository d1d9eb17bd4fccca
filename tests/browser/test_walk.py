"""A first user's walk: what people do in their first days, in both languages, at a desk and on a phone."""

# Chinese in code: what a person reads and types in the walk

import re
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from guanxi.testing.served import ADMINISTRATOR, MANAGER, SALESPERSON
from guanxi.testing.visitors import DESK, PHONE, Visitors

pytestmark = pytest.mark.browser

Say = Callable[[str, str], str]
BOTH = pytest.mark.parametrize(
    ("language", "size"), [("zh", DESK), ("en", PHONE)], ids=["Chinese at a desk", "English on a phone"]
)
SALES_PAGES = (
    "/customers/", "/customers/?grade=A,B&sort=name", "/customers/?q=zzzzzz", "{card}", "{card}edit/", "{card}history/",
    "/customers/new/", "/customers/import/", "/search/?q=sh", "/notices/", "/settings/",
)  # fmt: skip
SELLING = (
    "/leads/", "{lead}", "{lead}act/convert/", "/leads/new/", "/products/", "{product}", "/products/price/",
    "/price_books/", "{book}grid/", "/opportunities/?look=board", "/opportunities/?look=list", "/opportunities/new/",
    "/opportunities/forecast/", "{sale}", "{sale}send/", "{sale}stage/", "{sale}interview/", "/settings/pipelines/",
)  # fmt: skip
ADMINISTRATION = (
    "/settings/people/", "{person}", "/settings/people/new/", "/settings/roles/", "{role}fields/", "/settings/company/",
    "/settings/mail/", "/settings/audit/", "{operation}", "/settings/recycle-bin/", "/settings/jobs/", "/account/",
    "/account/tokens/", "/api/docs/",
)  # fmt: skip


def in_(language: str) -> Say:
    return lambda zh, en: en if language == "en" else zh


def new_name() -> str:
    return f"走查{uuid4().hex[:8]}食品有限公司"


def saved(page: Page) -> None:
    page.wait_for_url(re.compile(r"/customers/[0-9a-f-]{36}/\?saved=1"))


def save(page: Page, say: Say) -> None:
    page.get_by_role("button", name=say("保存", "Save"), exact=True).click()


CHINESE = in_("zh")


def make(page: Page, name: str, say: Say = CHINESE) -> str:
    """A new customer by the form; returns the address of its card."""
    page.goto("/customers/new/")
    page.locator("#id_name").fill(name)
    save(page, say)
    saved(page)
    return page.url.partition("?")[0]


def toast(page: Page) -> Locator:
    return page.locator(".gx-toasts")


def undo_by_toast(page: Page, say: Say) -> None:
    before = page.evaluate("performance.timeOrigin")
    toast(page).get_by_role("button", name=say("撤销", "Undo")).last.click()
    page.wait_for_function("before => performance.timeOrigin !== before", arg=before)


def sideways(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


@pytest.mark.parametrize(
    ("language", "size", "dark", "all_of_it"),
    [
        ("zh", DESK, False, True),
        ("en", PHONE, True, True),
        ("en", DESK, True, False),
        ("zh", PHONE, False, False),
    ],
    ids=["Chinese at a desk", "English on a phone, dark", "English at a desk, dark", "Chinese on a phone"],
)
def test_no_page_scrolls_sideways_or_has_a_serious_fault(
    visitors: Visitors, language: str, size: tuple[int, int], dark: bool, all_of_it: bool
) -> None:
    wrong: list[str] = []
    page = visitors.page(MANAGER, language=language, size=size, dark=dark)
    places = _card(page)
    for address in SALES_PAGES if all_of_it else SALES_PAGES[:7]:
        wrong += _faults(page, address.format(**places))
    if all_of_it:
        page = visitors.page(ADMINISTRATOR, language=language, size=size, dark=dark)
        places = _places(page)
        for address in (*SELLING, *ADMINISTRATION):
            wrong += _faults(page, address.format(**places))
    assert wrong == []


def _faults(page: Page, address: str) -> list[str]:
    answer = page.goto(address)
    if answer is None or answer.status != 200:
        return [f"{address} was not answered"]
    wide = [f"{address} scrolls sideways by {sideways(page)} px"] if sideways(page) > 0 else []
    if "<a " in page.inner_text("body"):
        wide.append(f"{address} shows the text of a link's markup")
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return wide + [
        f"{address}: {fault['id']} at {fault['nodes'][0]['target']}"
        for fault in found
        if fault["impact"] in ("serious", "critical")
    ]


def _card(page: Page) -> dict[str, str]:
    page.goto("/customers/?grade=A")
    return {"card": str(page.locator("tbody a[href^='/customers/0']").first.get_attribute("href"))}


def _places(page: Page) -> dict[str, str]:
    found = {}
    for name, start, link in (
        ("person", "/settings/people/", "main table a[href^='/settings/people/0']"),
        ("role", "/settings/roles/", "main a[href^='/settings/roles/0']"),
        ("operation", "/settings/audit/", "main a[href^='/settings/audit/0']"),
        ("lead", "/leads/?state=new", "#list-rows a[href^='/leads/0']"),
        ("product", "/products/", "#list-rows a[href^='/products/0']"),
        ("book", "/price_books/", "#list-rows a[href^='/price_books/0']"),
        ("sale", "/opportunities/?look=list&state=open", "#list-rows a[href^='/opportunities/0']"),
    ):
        page.goto(start)
        found[name] = str(page.locator(link).first.get_attribute("href"))
    return found


@BOTH
def test_signing_in(visitors: Visitors, language: str, size: tuple[int, int]) -> None:
    say, page = in_(language), visitors.page(language=language, size=size)
    page.goto("/customers/")
    page.get_by_role("button", name="English" if language == "en" else "简体中文").or_(
        page.get_by_role("link", name="English" if language == "en" else "简体中文")
    ).first.click()
    page.locator("[name=login]").fill(SALESPERSON)
    page.locator("[name=password]").fill("not this one")
    page.locator("[name=password]").press("Enter")
    expect(page.locator("form").first).to_contain_text(say("账号或密码不对", "is not right"))
    expect(page.locator("[name=login]")).to_have_value(SALESPERSON)
    visitors.sign_in(page, SALESPERSON)
    page.wait_for_url(lambda url: "sign-in" not in url)
    assert sideways(page) == 0


def test_a_customer_is_found_by_initials_phone_and_two_characters(visitors: Visitors) -> None:
    page = visitors.page(MANAGER)
    card = make(page, "走查觅得食品有限公司")
    page.locator("#fact-phone [data-gx-fact]").click()
    page.locator("#fact-phone input[type=tel]").fill("0512-66018899")
    page.keyboard.press("Enter")
    expect(page.locator("#fact-phone")).to_contain_text("66018899")
    for typed in ("zcmd", "8899", "觅得"):
        page.goto("/customers/")
        page.keyboard.press("/")
        page.keyboard.type(typed)
        hit = page.locator("#gx-palette [role=option]", has_text="走查觅得食品有限公司")
        expect(hit).to_be_visible()
        hit.click()
        page.wait_for_url(f"{card}**")


def test_the_list_is_narrowed_sorted_paged_and_walked_by_keys(visitors: Visitors) -> None:
    page = visitors.page(MANAGER)
    page.goto("/customers/")
    filters, rows = page.locator("#gx-filters"), page.locator("#list-rows tr")

    def choose(field: str) -> None:
        filters.get_by_text("+ 条件").click()
        filters.get_by_role("link", name=field, exact=True).click()

    choose("行业")
    expect(filters.locator("#gx-op")).to_be_visible()
    page.keyboard.press("Escape")
    choose("级别")  # the popover begins at its beginning again
    filters.get_by_role("checkbox", name="A 重点").check()
    filters.get_by_role("button", name="应用").click()
    page.wait_for_url("**grade=A")
    expect(filters).to_contain_text("级别是")
    assert {text.strip() for text in rows.locator(".gx-gr").all_inner_texts()} == {"A"}

    filters.locator("summary", has_text="A 重点").click()
    filters.get_by_role("checkbox", name="B 普通").check()
    filters.get_by_role("button", name="应用").click()
    expect(filters).to_contain_text("A 重点 或 B 普通")
    filters.locator("summary", has_text="A 重点").click()
    filters.get_by_role("link", name="去掉这个条件").click()
    expect(filters).to_contain_text("不限")

    page.locator("th a", has_text="客户名称").click()
    expect(filters).to_contain_text("从 A 到 Z")
    expect(rows).to_have_count(50)
    page.get_by_role("link", name="再显示 50 个").click()
    expect(rows).to_have_count(100)

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press(" ")
    preview = page.locator("#preview, .gx-pv")
    expect(preview.first).to_contain_text(rows.nth(1).locator("a").first.inner_text())
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/customers/[0-9a-f-]{36}/"))


@BOTH
def test_a_field_is_edited_in_its_place_and_undone(
    visitors: Visitors, language: str, size: tuple[int, int]
) -> None:
    say, page = in_(language), visitors.page(MANAGER, language=language, size=size)
    make(page, new_name(), say)
    page.locator("#fact-short_name [data-gx-fact]").click()
    page.locator("#fact-short_name input[type=text]").fill("走查甲")
    page.keyboard.press("Enter")
    expect(page.locator("#history")).to_contain_text("走查甲")  # the card follows without a reload
    page.locator("#fact-credit_code [data-gx-fact]").click()
    code = page.locator("#fact-credit_code input[type=text]")
    code.fill("123")
    code.press("Enter")
    expect(page.locator("#fact-credit_code .gx-err")).to_be_visible()
    expect(code).to_have_value("123")
    code.press("Escape")
    page.locator("dialog[open]").get_by_role("button").last.click()  # what was typed may go
    expect(code).to_have_count(0)
    before = page.url
    undo_by_toast(page, say)
    assert page.url.partition("?")[0] == before.partition("?")[0]
    expect(page.locator("#fact-short_name")).not_to_contain_text("走查甲")


@BOTH
def test_the_form_says_beside_each_field_what_to_do(
    visitors: Visitors, language: str, size: tuple[int, int]
) -> None:
    say, page = in_(language), visitors.page(MANAGER, language=language, size=size)
    page.goto("/customers/new/")
    page.locator("#id_remarks").fill("还没写名字")
    page.locator("#id_credit_code").fill("9137O300263308074Y")
    save(page, say)
    expect(page.locator("#id_name_error")).to_be_visible()
    expect(page.locator("#id_remarks")).to_have_value("还没写名字")
    page.locator("#id_credit_code_error button").click()
    expect(page.locator("#id_credit_code")).to_have_value("91370300263308074Y")
    page.locator("#id_credit_code").fill("")
    page.locator("#id_name").fill(new_name())
    save(page, say)
    saved(page)
    expect(page.locator("#fact-remarks")).to_contain_text("还没写名字")
    assert sideways(page) == 0


@BOTH
def test_a_duplicate_is_shown_while_typing_and_may_be_confirmed(
    visitors: Visitors, language: str, size: tuple[int, int]
) -> None:
    say, page = in_(language), visitors.page(MANAGER, language=language, size=size)
    name = new_name()
    make(page, name, say)
    page.goto("/customers/new/")
    page.locator("#id_name").fill(name.replace("有限公司", "股份有限公司"))
    expect(page.locator("#duplicates")).to_contain_text(name)
    save(page, say)
    expect(page.locator(".gx-form-errors")).to_be_visible()
    page.locator("[name=allow_duplicate]").check()
    save(page, say)
    saved(page)
    page.wait_for_load_state("networkidle")  # no panel asks for itself after it is gone
    undo_by_toast(page, say)
    expect(page).to_have_url(re.compile(r"/customers/$"))  # the undone record has no page to go back to


def test_a_deleted_customer_comes_back_by_the_toast_the_log_and_the_bin(visitors: Visitors) -> None:
    page, say, name = visitors.page(MANAGER), in_("zh"), new_name()
    card = make(page, name)

    def delete() -> None:
        page.goto(card)
        page.wait_for_load_state("networkidle")  # no panel asks for itself after it is gone
        page.locator(".gx-card-name summary.gx-btn-i").click()
        page.get_by_role("button", name="删除").click()
        page.wait_for_url("**/customers/")

    def is_back() -> None:
        answer = page.goto(card)
        assert answer is not None
        assert answer.status == 200

    delete()
    undo_by_toast(page, say)
    is_back()

    delete()
    page.goto("/settings/audit/")
    page.locator("main a", has_text=name).first.click()
    page.get_by_role("button", name="撤销").first.click()
    expect(toast(page)).to_contain_text("已撤销")
    is_back()

    delete()
    page.goto("/settings/recycle-bin/")
    row = page.locator("main :is(tr, .gx-li)", has_text=name).first
    row.get_by_role("button", name="恢复").click()
    expect(toast(page)).to_be_visible()
    is_back()


@BOTH
def test_the_second_of_two_savers_keeps_his_text_and_no_more(
    visitors: Visitors, language: str, size: tuple[int, int]
) -> None:
    say = in_(language)
    first = visitors.page(MANAGER, language=language, size=size)
    card = make(first, new_name(), say)
    second = visitors.page(MANAGER, language=language, size=size)
    first.goto(f"{card}edit/")
    second.goto(f"{card}edit/")
    first.locator("#id_short_name").fill("甲写的")
    first.locator("#id_remarks").fill("甲的备注")
    save(first, say)
    saved(first)
    second.locator("#id_short_name").fill("乙写的")
    second.locator("#id_address").fill("乙的地址")
    save(second, say)
    expect(second.locator(".gx-stale")).to_contain_text("甲写的")
    expect(second.locator("#id_short_name")).to_have_value("乙写的")
    expect(second.locator("#id_remarks")).to_have_value("甲的备注")  # he had not touched it
    save(second, say)
    saved(second)
    for field, text in (("short_name", "乙写的"), ("remarks", "甲的备注"), ("address", "乙的地址")):
        expect(second.locator(f"#fact-{field}")).to_contain_text(text)


@BOTH
def test_nothing_typed_is_lost_when_the_session_ends(
    visitors: Visitors, language: str, size: tuple[int, int]
) -> None:
    say, page, name = in_(language), visitors.page(MANAGER, language=language, size=size), new_name()
    page.goto("/customers/new/")
    page.locator("#id_name").fill(name)
    page.locator("#id_remarks").fill("写到一半")
    page.locator("#id_remarks").blur()
    page.wait_for_timeout(
        700
    )  # the page has looked for duplicates, and will not learn that the session is over
    page.context.clear_cookies()
    save(page, say)
    page.wait_for_url("**/account/sign-in/**")
    visitors.sign_in(page, MANAGER)
    page.get_by_role("button", name=say("重新提交", "Send again")).click()
    saved(page)
    expect(page.locator("h1")).to_have_text(name)
    expect(page.locator("#fact-remarks")).to_contain_text("写到一半")


def test_pressing_twice_creates_one(visitors: Visitors) -> None:
    page, name = visitors.page(MANAGER), new_name()
    page.goto("/customers/new/")
    page.locator("#id_name").fill(name)
    page.get_by_role("button", name="保存", exact=True).dblclick()
    saved(page)
    page.goto(f"/customers/?q={name}")
    expect(page.locator("#list-rows tr")).to_have_count(1)


def test_files_are_attached_and_refused_where_one_looks(visitors: Visitors, tmp_path: Path) -> None:
    page = visitors.page(MANAGER)
    make(page, new_name())
    (tmp_path / "图纸 一.txt").write_text("宽 3.2 米")
    (tmp_path / "装.exe").write_bytes(b"MZ")
    page.locator("#file-add").set_input_files(tmp_path / "图纸 一.txt")
    expect(page.locator("#panel-files")).to_contain_text("图纸 一.txt")
    page.locator("#file-add").set_input_files(tmp_path / "装.exe")
    expect(page.locator("#file-errors")).to_contain_text("装.exe")
    page.get_by_role("link", name="图纸 一.txt").wait_for()


def test_a_spreadsheet_is_imported_by_page_and_undone(visitors: Visitors, tmp_path: Path) -> None:
    page, name = visitors.page(MANAGER), new_name()
    file = tmp_path / "客户.csv"
    file.write_text(f"客户名称,级别,幸运色\n{name},A,红\n,B,蓝\n", encoding="utf-8")
    page.goto("/customers/import/")
    page.locator("main input[type=file]").set_input_files(file)
    page.locator("main form .btn-primary").first.click()
    page.locator("main").get_by_text("幸运色").first.wait_for()
    page.get_by_role("button", name=re.compile(r"导入 1")).click()
    page.wait_for_url("**/result/**")
    undo = page.get_by_role("button", name=re.compile("撤销"))
    undo.first.wait_for(timeout=30_000)
    page.goto(f"/customers/?q={name}")
    expect(page.locator("#list-rows tr")).to_have_count(1)
    page.go_back()
    undo.first.click()
    page.locator("#gx-ask button[value=yes]").click()
    page.wait_for_timeout(300)
    for _ in range(40):
        page.goto(f"/customers/?q={name}")
        if not page.locator("#list-rows tr").count():
            break
        page.wait_for_timeout(250)
    expect(page.locator("#list-rows tr")).to_have_count(0)


def test_many_are_changed_at_once(visitors: Visitors) -> None:
    page, names = visitors.page(MANAGER), [new_name(), new_name()]
    for name in names:
        make(page, name)
    page.goto("/customers/")
    for name in names:
        page.locator("#list-rows tr", has_text=name).locator("[data-gx-pick]").check()
    page.get_by_role("button", name="批量修改").click()
    page.get_by_role("button", name="级别").click()
    page.locator("main select").select_option("D")
    save(page, in_("zh"))
    page.wait_for_url("**/customers/")
    for name in names:
        expect(page.locator("#list-rows tr", has_text=name).locator(".gx-gr")).to_have_text("D")


def test_a_masked_phone_is_masked_for_the_role_and_seen_so_by_its_administrator(visitors: Visitors) -> None:
    admin = visitors.page(ADMINISTRATOR)
    admin.goto("/settings/roles/")
    admin.get_by_role("link", name=re.compile(r"^销售\s*\d")).click()
    admin.get_by_role("link", name="字段").click()
    admin.locator("[name='rule.customers.phone'][value=mask]").check()
    admin.get_by_role("button", name="保存字段规则").click()
    expect(toast(admin)).to_be_visible()
    try:
        admin.goto("/settings/people/?q=lin")
        admin.locator("main table a", has_text="林晓雯").click()
        admin.get_by_role("button", name="以此人身份查看").click()
        admin.wait_for_url(lambda url: "settings" not in url)
        admin.goto("/customers/")
        phones = admin.locator("#list-rows").inner_text()
        assert "****" in phones
        assert admin.get_by_role("link", name="新建客户").count() == 0
        admin.get_by_role("button", name="停止").click()
        expect(admin.get_by_role("button", name="停止")).to_have_count(0)
    finally:
        admin.goto("/settings/audit/")
        admin.locator("main a", has_text="字段规则").first.click()
        admin.get_by_role("button", name="撤销").first.click()
        expect(toast(admin)).to_contain_text("已撤销")
