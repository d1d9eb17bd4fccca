"""Without network on a phone: what is entered is kept, and arrives once, in order, from whoever entered it."""

# Chinese in code: what a person reads and types

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Page, Route, expect
from tests.browser.phones import LINE, POST, READY, TICK, new_customer, phone, promises, texts

from guanxi.testing.served import MANAGER, SALESPERSON
from guanxi.testing.visitors import PHONE, Visitors

pytestmark = pytest.mark.browser


def cut(page: Page, *, off: bool = True) -> None:
    page.context.set_offline(off)


def write(page: Page, text: str) -> None:
    page.locator("#timeline-text").fill(text)
    page.locator(".gx-composer button[type=submit]").click()


def keep_promise(page: Page) -> None:
    page.locator(TICK).first.click()


def waiting(page: Page, number: int) -> None:
    expect(page.locator(LINE)).to_have_text(re.compile(rf"^{number} 条待发送"))


def test_what_is_done_without_network_arrives_once_and_in_order(visitors: Visitors) -> None:
    page = phone(visitors)
    customer = new_customer(page)
    cut(page)
    write(page, "第一句：门卫说下午来")
    waiting(page, 1)
    expect(page.locator("#timeline-text")).to_have_value("")
    write(page, "第二句：见到了采购经理")
    waiting(page, 2)
    keep_promise(page)
    waiting(page, 3)
    context = page.context
    page.close()
    page = context.new_page()
    page.goto(f"/customers/{customer}/")
    expect(page.locator("[data-gx-without-network]")).to_be_visible()
    waiting(page, 3)
    cut(page, off=False)
    page.goto("/today/")
    expect(page.locator(".gx-toast")).to_contain_text("已发送")
    expect(page.locator(LINE)).to_have_count(0)
    assert texts(page, customer) == ["第一句：门卫说下午来", "第二句：见到了采购经理"]
    assert [one["state"] for one in promises(page, customer)] == ["kept"]
    page.reload()
    page.wait_for_timeout(500)
    assert len(texts(page, customer)) == 2


def test_an_act_whose_answer_was_lost_is_there_once(visitors: Visitors) -> None:
    page = phone(visitors)
    customer = new_customer(page)
    lost: list[str] = []

    def lose(route: Route) -> None:
        if route.request.method != "POST" or len(lost) >= 2:
            route.continue_()
            return
        route.fetch()  # the server has worked
        lost.append(route.request.url)
        route.abort("connectionreset")

    page.route(re.compile(r"/timeline/customers/[^/]+/$"), lose)
    write(page, "已经到了服务器，\n回答却丢了")
    for _ in range(100):
        if lost:
            break
        page.wait_for_timeout(50)
    # Once more lost on its way from the queue, unless the browser itself has sent it behind the page's back.
    page.reload()
    page.wait_for_timeout(300)
    page.reload()
    expect(page.locator(LINE)).to_have_count(0)
    assert lost
    assert texts(page, customer) == ["已经到了服务器，\n回答却丢了"]


def test_a_tab_killed_while_it_sends_costs_nothing(visitors: Visitors) -> None:
    page = phone(visitors)
    customer = new_customer(page)
    page.route(
        re.compile(r"/timeline/customers/[^/]+/$"),
        lambda route: None if route.request.method == "POST" else route.continue_(),
    )
    write(page, "写到一半，手机没电了")
    context = page.context
    page.wait_for_timeout(300)
    page.close()
    page = context.new_page()
    page.goto("/today/")
    expect(page.locator(".gx-toast")).to_contain_text("已发送")
    assert texts(page, customer) == ["写到一半，手机没电了"]


def test_another_account_never_sends_it(visitors: Visitors) -> None:
    page = phone(visitors)
    customer = new_customer(page)
    cut(page)
    write(page, "林小雯写的")
    waiting(page, 1)
    cut(page, off=False)
    # Her session ends, and somebody else signs in on the same phone.
    page.context.clear_cookies()
    page.goto("/account/sign-in/")
    visitors.sign_in(page, MANAGER)
    page.wait_for_url(lambda url: "sign-in" not in url)
    page.goto(f"/customers/{customer}/")
    expect(page.locator(LINE)).to_have_count(0)
    write(page, "经理写的")
    expect(page.locator(".gx-toast")).to_be_visible()
    assert texts(page, customer) == ["经理写的"]
    page.context.clear_cookies()
    page.goto("/account/sign-in/")
    visitors.sign_in(page, SALESPERSON)
    page.wait_for_url(lambda url: "sign-in" not in url)
    expect(page.locator(".gx-toast")).to_contain_text("已发送")
    assert texts(page, customer) == ["经理写的", "林小雯写的"]


KEPT = """async () => {
    const result = asked => new Promise(done => { asked.onsuccess = () => done(asked.result); });
    const base = await result(indexedDB.open('gx-phone'));
    const count = name => base.objectStoreNames.contains(name)
        ? result(base.transaction(name).objectStore(name).count()) : 0;
    const found = [await count('kept'), await count('queue')];
    base.close();
    if (!base.objectStoreNames.length) await result(indexedDB.deleteDatabase('gx-phone'));  // made by this look
    return found;
}"""


def until_kept(page: Page, *expected: int) -> None:
    for _ in range(100):
        if page.evaluate(KEPT) == list(expected):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"kept: {page.evaluate(KEPT)}")


def mobile() -> str:
    return f"138{uuid4().int % 10**8:08}"


def on_the_way(visitors: Visitors, number: str = "") -> tuple[Page, str, str]:
    """A phone that keeps a customer with a person, a touch and a promise: the page, its id, its name."""
    page = visitors.page(SALESPERSON, size=PHONE, workers=True)
    customer = new_customer(page)
    name = page.locator("#card-head h1").inner_text()
    page.goto(f"/people/new/?customer={customer}")
    page.locator("#id_name").fill("马德胜")
    page.locator("#id_phone").fill(number or mobile())
    page.locator("#record-form .btn-primary").click()
    page.wait_for_url(re.compile(r"/people/[0-9a-f-]{36}/"))
    log = {"kind": "call", "text": "他们要三台贴标机", "outcome_call": "answered"}
    assert page.evaluate(POST, [f"/timeline/customers/{customer}/", log]) == 200
    # What was kept until now is not asked for again so soon: begin anew.
    page.evaluate("indexedDB.deleteDatabase('gx-phone')")
    page.goto("/today/")
    page.evaluate(READY)
    page.reload()
    until_kept(page, 1, 0)
    return page, customer, name


def test_a_customer_is_read_without_network_as_of_a_stated_time(visitors: Visitors) -> None:
    number = mobile()
    page, customer, name = on_the_way(visitors, number)
    cut(page)
    page.goto(f"/customers/{customer}/")
    expect(page.locator("[data-offline-title]")).to_have_text(name)
    expect(page.locator("[data-offline-said]")).to_contain_text(re.compile(r"截至今天 \d\d:\d\d"))
    expect(page.get_by_role("link", name="致电马德胜")).to_have_attribute("href", f"tel:+86{number}")
    expect(page.locator("[data-offline-touches]")).to_contain_text("他们要三台贴标机")
    expect(page.locator("[data-offline-promises]")).to_contain_text("寄样品")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # What is written there goes to the queue; any other page says plainly that it is not here.
    page.locator("#offline-text").fill("门口等了一刻钟")
    page.locator(".gx-offline-log button").click()
    waiting(page, 1)
    page.locator("[data-offline-promises] button").click()
    waiting(page, 2)
    page.goto("/settings/")
    expect(page.locator("[data-offline-said]")).to_contain_text("要联网才能打开")
    page.locator("#offline-find").fill(number[:9])
    expect(page.locator("[data-offline-rows] .gx-b", has_text=name)).to_be_visible()
    page.locator("#offline-find").fill("没有这个")
    expect(page.locator("[data-offline-rows] .gx-li")).to_have_count(0)
    cut(page, off=False)
    expect(page.locator(LINE)).to_have_count(0)
    assert texts(page, customer) == ["他们要三台贴标机", "门口等了一刻钟"]
    assert [one["state"] for one in promises(page, customer)] == ["kept"]


def test_signing_out_takes_all_of_it_away_and_asks_where_something_waits(visitors: Visitors) -> None:
    page, customer, _name = on_the_way(visitors)
    page.goto(f"/customers/{customer}/")
    cut(page)
    write(page, "还没发出去")
    waiting(page, 1)
    page.locator(".gx-top details:has([data-gx-signout]) > summary").click()
    page.locator("[data-gx-signout] button").click()
    expect(page.locator("#gx-ask")).to_contain_text("还有 1 条没有发送")
    page.locator("#gx-ask button[value=no]").click()
    until_kept(page, 1, 1)
    visitors.forget(SALESPERSON)
    page.route("**/offline/hello/", lambda route: route.abort("connectionreset"))  # nothing is sent meanwhile
    page.locator(".gx-top details:has([data-gx-signout]) > summary").click()
    page.locator("[data-gx-signout] button").click()
    cut(page, off=False)
    page.locator("#gx-ask button[value=yes]").click()
    page.wait_for_url("**/account/sign-in/**")
    until_kept(page, 0, 0)
    visitors.sign_in(page, SALESPERSON)
    page.wait_for_url(lambda url: "sign-in" not in url)
    assert "还没发出去" not in texts(page, customer)


def test_a_closed_session_takes_what_is_read_away_and_the_next_one_reads_his_own(visitors: Visitors) -> None:
    page, _customer, name = on_the_way(visitors)
    page.context.clear_cookies()
    page.goto("/account/sign-in/")
    visitors.sign_in(page, MANAGER)
    page.wait_for_url(lambda url: "sign-in" not in url)
    page.goto("/offline/")
    expect(page.locator("[data-offline-said]")).not_to_be_empty()
    expect(page.locator("[data-offline-in]")).not_to_contain_text(name)


def test_what_the_server_refuses_is_shown_with_its_reason_and_thrown_away(visitors: Visitors) -> None:
    page = phone(visitors)
    customer = new_customer(page)
    (promise,) = promises(page, customer)
    cut(page)
    keep_promise(page)
    write(page, "这一句要等前一条")
    waiting(page, 2)
    # Meanwhile somebody else has kept it: the server refuses to keep it once more.
    manager = visitors.page(MANAGER)
    assert manager.evaluate(POST, [f"/commitments/{promise['id']}/keep/", {}]) == 200
    cut(page, off=False)
    page.locator(LINE, has_text="1 条未被接受").click()
    sheet = page.locator("#gx-queue")
    expect(sheet.locator("li").first).to_contain_text("承诺已兑现 寄样品")
    expect(sheet.locator("li").first).to_contain_text("它已经了结了")
    assert texts(page, customer) == []
    sheet.locator("li").first.get_by_role("button", name="丢弃").click()
    page.locator("#gx-ask button[value=yes]").click()
    expect(page.locator(LINE)).to_have_count(0)
    assert texts(page, customer) == ["这一句要等前一条"]


TIMELINE = re.compile(r"/timeline/customers/[^/]+/$")
WARNED = """<div class="gx-comp-errors" role="alert"><p>先看看这家的投诉</p><p>
    <button type="submit" class="btn" name="accept_warnings" value="service.complaint">仍然继续</button></p></div>"""


def answered_once(page: Page, status: int, body: str = "", *, sent: bool = False) -> list[str]:
    """The next form that the card, or with `sent` the queue, sends is answered so by somebody in between; what was sent
    from then on."""
    bodies: list[str] = []

    def answer(route: Route) -> None:
        request = route.request
        if request.method != "POST" or (sent and "gx-queue" not in request.headers):
            route.continue_()
            return
        bodies.append(request.post_data or "")
        if len(bodies) > 1:
            route.continue_()
        else:
            route.fulfill(status=status, body=body, content_type="text/html")

    page.route(TIMELINE, answer)
    return bodies


@pytest.mark.parametrize("status", [200, 401, 502, 503])
def test_what_the_server_has_not_confirmed_is_not_let_go_of(visitors: Visitors, status: int) -> None:
    page = phone(visitors)
    customer = new_customer(page)
    answered_once(page, status, "<p>酒店上网请先登录</p>")
    page.route("**/offline/hello/", lambda route: route.abort("connectionreset"))
    write(page, "电梯里写的")
    expect(page.locator(LINE)).to_be_visible()
    until_kept(page, 1, 1)
    expect(page.locator("#timeline")).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("酒店上网请先登录")
    assert texts(page, customer) == []
    page.unroute("**/offline/hello/")
    page.goto("/today/")
    expect(page.locator(LINE)).to_have_count(0)
    assert texts(page, customer) == ["电梯里写的"]
    visitors.complaints = [one for one in visitors.complaints if not re.search(r"\b50[23]\b", one)]


def test_a_token_that_has_changed_costs_nothing(visitors: Visitors) -> None:
    page = phone(visitors)
    customer = new_customer(page)
    cookie = next(one for one in page.context.cookies() if "csrf" in one["name"])
    page.context.add_cookies([{**cookie, "value": "b" * 32}])  # type: ignore[typeddict-item]
    write(page, "换过令牌以后写的")
    expect(page.locator(".gx-toast", has_text="已发送")).to_be_visible()
    expect(page.locator(LINE)).to_have_count(0)
    assert texts(page, customer) == ["换过令牌以后写的"]
    # The page has the fresh one by now; the queue asks for one more where its own has changed meanwhile.
    cut(page)
    write(page, "第二句")
    waiting(page, 1)
    greeted: list[str] = []

    def greet(route: Route) -> None:
        greeted.append(route.request.url)
        said = route.fetch()
        token = {"token": "c" * 64} if len(greeted) == 1 else {}
        route.fulfill(response=said, json={**said.json(), **token})

    page.route("**/offline/hello/", greet)
    cut(page, off=False)
    expect(page.locator(LINE)).to_have_count(0)
    assert len(greeted) == 2
    assert texts(page, customer) == ["换过令牌以后写的", "第二句"]
    visitors.complaints = [one for one in visitors.complaints if "403" not in one]


def test_a_warning_is_read_and_accepted_where_the_form_waits(visitors: Visitors) -> None:
    page = phone(visitors)
    customer = new_customer(page)
    cut(page)
    write(page, "路上写的")
    waiting(page, 1)
    bodies = answered_once(page, 409, WARNED, sent=True)
    cut(page, off=False)
    page.locator(LINE, has_text="1 条未被接受").click()
    line = page.locator("#gx-queue li")
    expect(line).to_contain_text("先看看这家的投诉")
    expect(line.get_by_role("link", name="显示")).to_have_attribute("href", f"/customers/{customer}/")
    line.get_by_role("button", name="仍然继续").click()
    expect(page.locator(LINE)).to_have_count(0)
    assert "accept_warnings=service.complaint" in bodies[1]
    assert texts(page, customer) == ["路上写的"]
