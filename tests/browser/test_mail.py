"""Question 11 of the product's sixteen: "I asked by e-mail for a call a month ago", against real mail servers."""

# Chinese in code: what people type, read and write to each other

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from guanxi.channels.tests.servers import PASSWORD, USER, Imap, Smtp, imap_server, mail, smtp_server
from guanxi.testing.served import SALESPERSON, Served, served
from guanxi.testing.visitors import CHROMIUM, PHONE, Visitors

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def product() -> Iterator[Served]:
    """The demo company, whose installation lets mailboxes of this machine be connected."""
    if not CHROMIUM:
        pytest.skip("there is no Chromium on this machine")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GUANXI_MAILBOX_PRIVATE", "1")
        with served(customers=300) as found:
            yield found


def _serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [one["id"] for one in found if one["impact"] in ("serious", "critical")]


def _person(page: Page) -> tuple[str, str, str]:
    """Somebody with an e-mail address at one of the salesperson's customers: the name, the address, the card."""
    page.goto("/customers/?owner=me")
    expect(page.locator("tbody .gx-nm").first).to_be_visible()
    cards = [one.get_attribute("href") or "" for one in page.locator("tbody .gx-nm").all()]
    for card in cards:
        page.goto(f"/people/?customer={card.strip('/').rpartition('/')[2]}&columns=email")
        expect(page.locator("main")).to_be_visible()
        for row in page.locator(".gx-tb tbody tr").all():
            if found := re.search(r"[\w.+-]+@[\w.-]+\w", row.inner_text()):
                return row.locator(".gx-nm").first.inner_text().strip(), found[0].casefold(), card
    raise AssertionError("nobody at these customers has an address")


def _connect(page: Page, reading: Imap, sending: Smtp) -> None:
    page.goto("/mailbox/")
    page.locator("[name=address]").fill(USER)
    page.locator("[name=provider]").select_option("other")
    page.locator("[name=secret]").fill(PASSWORD)
    servers = page.locator("details", has_text="其他服务商的服务器")
    if servers.get_attribute("open") is None:
        servers.locator("summary").click()
    for way, port in (("imap", reading.port), ("smtp", sending.port)):
        page.locator(f"[name={way}_host]").fill("127.0.0.1")
        page.locator(f"[name={way}_port]").fill(str(port))
        page.locator(f"[name={way}_security]").select_option("none")
    page.get_by_role("button", name="测试").click()
    expect(page.locator("main")).to_contain_text("邮箱可以正常收信和发信")
    page.locator("[name=secret]").fill(PASSWORD)
    page.get_by_role("button", name="连接", exact=True).click()
    expect(page.locator("main")).to_contain_text(USER)


def _until_shown(page: Page, card: str, text: str) -> None:
    """Open a card until something stands on it: a worker reads and sends beside the page."""

    def shown() -> None:
        page.goto(card)
        expect(page.locator("#panel-timeline")).to_contain_text(text, timeout=3_000)

    for _ in range(20):
        try:
            shown()
        except AssertionError:
            continue
        return
    shown()


def test_11_i_asked_by_e_mail_for_a_call_a_month_ago(visitors: Visitors) -> None:
    mark = uuid4().hex[:6]
    long_ago = format_datetime(datetime.now(UTC) - timedelta(days=26))
    with imap_server() as reading, smtp_server() as sending:
        page = visitors.page(SALESPERSON)
        name, address, card = _person(page)
        first, asked = f"<first-{mark}@theirs.test>", f"请回电话 {mark}"
        reading.put(
            mail(
                f"{name} <{address}>",
                USER,
                asked,
                "林经理：\n请尽快给我回个电话。\n",
                ref=first,
                Date=long_ago,
            ),
            mail("妈妈 <mum@home.test>", USER, f"周日吃饭 {mark}", "回来吗？"),
        )
        _connect(page, reading, sending)
        _until_shown(page, card, asked)
        # It waits, and says since when it should not have to.
        waiting = page.locator("#panel-timeline .gx-tx", has_text="应在此前答复").filter(has_text=USER)
        expect(waiting).to_have_count(1)
        # A promise has come of it, with its day, on the card and on the first page.
        visitors.served.do_regular_work()
        page.goto(card)
        expect(page.locator("#panel-promises")).to_contain_text(asked)
        page.goto("/")
        expect(page.locator("main")).to_contain_text(asked)
        assert _serious(page) == []

        # The customer writes again: the thread is kept, what is quoted is folded.
        again = f"还在等你们的电话 {mark}"
        text = f"{again}\n\n在 2026年10月1日，{name} 写道：\n> 请尽快给我回个电话。\n"
        reading.put(
            mail(f"{name} <{address}>", USER, f"Re: {asked}", text, In_Reply_To=first, References=first)
        )
        page.goto("/mailbox/")
        page.get_by_role("button", name="立即收信").click()
        _until_shown(page, card, again)
        expect(page.locator("#panel-timeline")).to_contain_text("往来 2 封")
        quoted = page.locator("#panel-timeline details", has_text="请尽快给我回个电话").first
        expect(quoted.locator(".gx-quote")).to_be_hidden()
        quoted.locator("summary").click()
        expect(quoted.locator(".gx-quote")).to_be_visible()
        assert _serious(page) == []

        # The answer leaves from the card, in the thread; what was promised is kept.
        page.locator("#panel-timeline").get_by_role("link", name="回复").first.click()
        expect(page.locator("[name=to]")).to_have_value(address)
        expect(page.locator("[name=subject]")).to_have_value(f"Re: {asked}")
        answer = f"今天下午三点给你打电话 {mark}"
        page.locator("[name=text]").fill(answer)
        page.get_by_role("button", name="发送").click()
        _until_shown(page, card, answer)
        (left,) = sending.taken
        assert left.rcpt_tos == [address]
        assert first.encode() in left.content
        page.goto(card)
        expect(page.locator("#panel-timeline")).to_contain_text("已兑现")
        expect(waiting).to_have_count(0)
        expect(page.locator("#panel-promises")).not_to_contain_text(asked)
        # Private mail is nowhere.
        page.goto(f"/search/?q={mark}")
        expect(page.locator("main")).not_to_contain_text("周日吃饭")
        phone = visitors.page(SALESPERSON, size=PHONE, language="en")
        phone.goto(card)
        expect(phone.locator("#panel-timeline")).to_contain_text(answer)
