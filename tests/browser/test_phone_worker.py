"""What the service worker sends while the page sleeps is said on the page."""

# Chinese in code: what a person reads and types

import pytest
from playwright.sync_api import expect
from tests.browser.phones import new_customer, phone, texts

from guanxi.testing.visitors import Visitors

pytestmark = pytest.mark.browser

KEEP = """async customer => {
    const who = document.querySelector('[data-gx-who]').dataset.gxWho;
    const base = await new Promise((done, failed) => {
        const request = indexedDB.open('gx-phone');
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(request.error);
    });
    const entry = {
        who, key: 'e'.repeat(32), label: '笔记', text: '睡着时发的', about: `customers/${customer}`,
        page: location.pathname,
        url: `/timeline/customers/${customer}/`, fields: [['kind', 'note'], ['text', '睡着时发的']], controls: [],
        at: Date.now(), state: 'waiting', part: true,
    };
    await new Promise((done, failed) => {
        const change = base.transaction('queue', 'readwrite');
        change.objectStore('queue').put(entry);
        change.oncomplete = done;
        change.onerror = () => failed(change.error);
    });
    await (await navigator.serviceWorker.ready).sync.register('gx-queue');
}"""


def test_what_the_worker_sends_is_said_on_the_page(visitors: Visitors) -> None:
    page = phone(visitors, sync=True)
    page.context.grant_permissions(["background-sync"])
    customer = new_customer(page)
    page.evaluate(KEEP, customer)
    expect(page.locator(".gx-toast", has_text="笔记")).to_be_visible()
    assert texts(page, customer) == ["睡着时发的"]
