"""What may be the same stays in sight while somebody types, also where there is little room."""

# Chinese in code: what a person reads and types

import pytest
from playwright.sync_api import Page, expect

from guanxi.testing.served import MANAGER, SALESPERSON
from guanxi.testing.visitors import PHONE, Visitors

pytestmark = pytest.mark.browser


def _code_of_somebody(page: Page) -> str:
    page.goto("/customers/?credit_code.filled=&sort=name")
    page.goto(f"/customers/{page.locator('tbody tr').first.get_attribute('data-id')}/edit/")
    return page.locator("#id_credit_code").input_value()


def test_on_a_phone_the_duplicate_stands_over_the_form_and_stays_there(visitors: Visitors) -> None:
    code = _code_of_somebody(visitors.page(SALESPERSON))
    page = visitors.page(SALESPERSON, size=PHONE)
    page.goto("/customers/new/")
    before = page.locator("#id_name").bounding_box()
    page.locator("#id_credit_code").fill(code)
    found = page.locator("#duplicates .gx-dup")
    expect(found).to_be_in_viewport()
    expect(found).to_contain_text("确定重复")
    expect(found.locator(".gx-dup-why")).to_be_visible()
    page.locator("#id_remarks").scroll_into_view_if_needed()
    expect(found).to_be_in_viewport()
    page.locator("#id_credit_code").fill("")
    expect(found).to_have_count(0)
    page.evaluate("scrollTo(0, 0)")
    assert page.locator("#id_name").bounding_box() == before  # nothing of it takes room any more


def test_the_bell_opens_the_latest_notices(visitors: Visitors) -> None:
    page = visitors.page(MANAGER)
    page.goto("/customers/")
    page.locator(".gx-top summary[aria-label^='通知']").click()
    expect(page.locator(".gx-pop-notices").get_by_role("link", name="全部通知")).to_be_visible()
    expect(page.locator(".gx-notices")).to_be_visible()
