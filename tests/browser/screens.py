"""Takes the pictures of docs/screens.md: `python tests/browser/screens.py [name ...]`, in the project's environment.

They are taken of the demo company in a database of their own, so that they look the same each time but for dates.
Each is written as a PNG of 256 colours and kept under 150 kB.
"""

# Chinese in code: what is pressed and typed for a picture

import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from playwright.sync_api import Page

from guanxi.project.runtime.testing import databases_for_tests
from guanxi.testing.pictures import smaller
from guanxi.testing.served import ADMINISTRATOR, MANAGER, SALESPERSON, served
from guanxi.testing.visitors import DESK, PHONE, Visitors, chromium

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screens"
LIMIT = 150 * 1024  # bytes
KEY_CUSTOMER = "山东鲁味园食品股份有限公司"


def sign_in(visitors: Visitors) -> Page:
    page = visitors.page(size=DESK)
    page.goto("/account/sign-in/")
    return page


def customers(visitors: Visitors) -> Page:
    page = visitors.page(SALESPERSON)
    page.goto("/customers/?grade=A,B")
    page.locator("#list-total").wait_for()
    return page


def preview(visitors: Visitors) -> Page:
    page = visitors.page(MANAGER, dark=True)
    page.goto("/customers/?grade=A&sort=name")
    for key in ("j", "j", "j", " "):
        page.keyboard.press(key)
    page.locator(".gx-pv h2, .gx-pv .gx-facts").first.wait_for()
    return page


def customers_on_a_phone(visitors: Visitors) -> Page:
    page = visitors.page(SALESPERSON, size=PHONE)
    page.goto("/customers/")
    return page


def card(visitors: Visitors) -> Page:
    page = visitors.page(MANAGER)
    _open(page, KEY_CUSTOMER)
    page.locator("#fact-remarks [data-gx-fact]").click()
    page.locator("#fact-remarks :is(textarea, input[type=text])").fill("二期速冻水饺线九月定。")
    page.locator("#fact-remarks .btn-primary").click()
    page.locator("#history del, #history ins").first.wait_for()
    return page


def card_in_english_on_a_phone(visitors: Visitors) -> Page:
    page = visitors.page(MANAGER, language="en", size=PHONE, dark=True)
    _open(page, KEY_CUSTOMER)
    return page


def search(visitors: Visitors) -> Page:
    page = visitors.page(SALESPERSON, language="en")
    page.goto("/customers/")
    page.keyboard.press("/")
    page.keyboard.type("lwy")
    page.locator("#gx-palette [role=option]").first.wait_for()
    return page


def new_with_duplicate(visitors: Visitors) -> Page:
    page = visitors.page(SALESPERSON)
    page.goto("/customers/new/")
    page.locator("#id_credit_code").fill("9137O300263308074Y")
    page.locator("#id_name").fill("山东鲁味园食品有限公司")
    page.locator("form#record-form .btn-primary").click()
    page.locator("#id_credit_code_error").wait_for()
    return page


def people(visitors: Visitors) -> Page:
    page = visitors.page(ADMINISTRATOR, language="en")
    page.goto("/settings/people/")
    return page


def roles(visitors: Visitors) -> Page:
    page = visitors.page(ADMINISTRATOR)
    page.goto("/settings/roles/")
    page.get_by_role("link", name="销售经理").first.click()
    page.wait_for_url("**/settings/roles/*-*/")
    return page


def change_log(visitors: Visitors) -> Page:
    page = visitors.page(ADMINISTRATOR, dark=True)
    page.goto("/settings/audit/")
    return page


def importing(visitors: Visitors) -> Page:
    page = visitors.page(MANAGER)
    page.goto("/customers/import/")
    with TemporaryDirectory() as folder:
        file = Path(folder) / "展会名片.csv"
        file.write_text(
            "公司名称,电话,客户级别,城市,展位\n苏州谷满仓食品有限公司,0512-66012288,A,江苏苏州,E3-12\n"
            "宁波海之味水产有限公司,0574-87001122,B,浙江宁波,E3-15\n"
            f"{KEY_CUSTOMER},0539-8006220,A,山东临沂,E2-08\n,021-50001100,C,上海,E1-02\n"
            "无锡太湖米业有限公司,0510-82003344,E,江苏无锡,E4-21\n",
            encoding="utf-8",
        )
        page.locator("main input[type=file]").set_input_files(file)
        page.locator("main form .btn-primary").first.click()
        page.get_by_role("button", name="导入 ").first.wait_for()
    return page


def sentence(visitors: Visitors) -> Page:
    page = visitors.page(MANAGER, language="en")
    either = [
        {"field": "grade", "op": "is", "values": ["A"]},
        {"field": "source", "op": "is", "values": ["referral", "exhibition"]},
    ]
    tree = {"all": [{"field": "relations", "op": "is", "values": ["customer"]}, {"any": either}]}
    page.goto(f"/customers/?filter={quote(json.dumps(tree))}&sort=grade,-updated_at")
    page.locator("#gx-clause-new").click()
    page.locator(".gx-pop:visible input, .gx-pop:visible a").first.wait_for()
    return page


def keys(visitors: Visitors) -> Page:
    page = visitors.page(SALESPERSON, dark=True)
    page.goto("/customers/")
    page.keyboard.press("?")
    page.locator("dialog[open]").wait_for()
    return page


def bulk(visitors: Visitors) -> Page:
    page = visitors.page(MANAGER)
    page.goto("/customers/")
    for key in ("j", "x", "j", "x", "a", "a"):
        page.keyboard.press(key)
    page.locator(".gx-bulk:visible").wait_for()
    return page


def own_fields(visitors: Visitors) -> Page:
    page = visitors.page(ADMINISTRATOR)
    page.goto("/settings/fields/customers/")
    return page


def layout(visitors: Visitors) -> Page:
    page = visitors.page(ADMINISTRATOR, language="en", dark=True)
    page.goto("/settings/fields/customers/")
    page.get_by_role("link", name=re.compile("Card and form")).first.click()
    page.wait_for_load_state("networkidle")
    return page


def documentation(visitors: Visitors) -> Page:
    page = visitors.page(MANAGER)
    page.goto("/api/docs/")
    return page


def _open(page: Page, name: str) -> None:
    page.goto(f"/customers/?q={name}")
    page.locator("#list-rows a", has_text=name).first.click()
    page.locator("#history").wait_for()


SCREENS: dict[str, Callable[[Visitors], Page]] = {
    "sign-in": sign_in,
    "customers": customers,
    "customers-preview-dark": preview,
    "customers-phone": customers_on_a_phone,
    "card": card,
    "card-english-phone-dark": card_in_english_on_a_phone,
    "search-english": search,
    "new-customer-duplicate": new_with_duplicate,
    "people-english": people,
    "roles": roles,
    "change-log-dark": change_log,
    "import": importing,
    "sentence-english": sentence,
    "keys-dark": keys,
    "bulk": bulk,
    "own-fields": own_fields,
    "layout-english-dark": layout,
    "api": documentation,
}


def main(wanted: list[str]) -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with databases_for_tests() as environment:
        os.environ.update(environment)
        with served() as product, chromium() as browser:
            visitors = Visitors(browser, product)
            for name, draw in SCREENS.items():
                if wanted and name not in wanted:
                    continue
                page = draw(visitors)
                page.wait_for_load_state("networkidle")
                picture = smaller(page.screenshot(), browser)
                if len(picture) > LIMIT:
                    raise SystemExit(f"{name}: {len(picture)} bytes are too many for the repository")
                (FOLDER / f"{name}.png").write_bytes(picture)
                sys.stdout.write(f"{name} {len(picture) // 1024} kB\n")
                page.context.close()
            for complaint in visitors.complaints:
                sys.stderr.write(f"{complaint}\n")
    return 1 if visitors.complaints else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
