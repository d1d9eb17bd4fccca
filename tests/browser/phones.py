"""A phone whose service worker stands, and what the tests of the phone do on it."""

# Chinese in code: what a person reads and types

import re
from typing import Any
from uuid import uuid4

from playwright.sync_api import Page

from guanxi.testing.served import SALESPERSON
from guanxi.testing.visitors import PHONE, Visitors

POST = """async ([url, fields]) => {
    const token = JSON.parse(document.body.getAttribute('hx-headers'))['X-CSRFToken'];
    const body = new URLSearchParams(fields);
    return (await fetch(url, {method: 'POST', headers: {'X-CSRFToken': token}, body})).status;
}"""
READY = "navigator.serviceWorker.ready.then(() => true)"
LINE = "#gx-waiting"
TICK = ".gx-tick-form[action*='/keep/'] button"


def phone(visitors: Visitors, who: str = SALESPERSON, *, sync: bool = False) -> Page:
    """A phone whose service worker stands. Without `sync` only its pages send what waits, as on a phone of Apple's; a
    page and its worker would race for it otherwise."""
    page = visitors.page(who, size=PHONE, workers=True)
    if not sync:
        page.context.add_init_script("delete ServiceWorkerRegistration.prototype.sync")
    page.goto("/today/")
    page.evaluate(READY)
    page.reload()  # a page that was on its way while the worker began is not yet its own
    return page


def new_customer(page: Page) -> str:
    """A customer with a promise of ours; its id."""
    page.goto("/customers/new/")
    page.locator("#id_name").fill(f"离线{uuid4().hex[:8]}食品有限公司")
    page.locator("#record-form .btn-primary").click()
    page.wait_for_url(re.compile(r"/customers/[0-9a-f-]{36}/"))
    found = re.search(r"/customers/([0-9a-f-]{36})/", page.url)
    assert found is not None
    promise = {"kind": "promise", "text": "寄样品", "promise_side": "ours", "promise_due": "2030-01-08"}
    assert page.evaluate(POST, [f"/timeline/customers/{found[1]}/", promise]) == 200
    page.goto(f"/customers/{found[1]}/")
    # What hangs on it is asked for where it comes into sight.
    page.locator("#panel-promises").evaluate("panel => panel.scrollIntoView()")
    page.locator(TICK).first.wait_for()
    return found[1]


def texts(page: Page, customer: str) -> list[str]:
    """What was said at its activities in the database, oldest first as they were written down."""
    found = page.request.get(f"/api/v1/activities?customer={customer}&limit=100").json()["items"]
    return [one["text"] for one in sorted(found, key=lambda one: str(one["id"]))]


def promises(page: Page, customer: str) -> list[dict[str, Any]]:
    return list(page.request.get(f"/api/v1/commitments?customer={customer}").json()["items"])
