"""People at a browser: signed in, in their language, and every complaint of the browser written down."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

from guanxi.testing.served import Served

_PATIENCE = 30_000  # milliseconds until what a page is to show counts as missing
expect.set_options(timeout=_PATIENCE)

CHROMIUM = next(
    (
        found
        for name in ("chromium", "chromium-browser", "google-chrome")
        if (found := shutil.which(name)) is not None
    ),
    None,
)
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--lang=zh-CN",
)  # fmt: skip
LANGUAGES = {"zh": "zh-hans", "en": "en"}
PHONE, DESK = (375, 812), (1440, 900)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@dataclass(slots=True)
class Visitors:
    """Opens pages for people of the demo company. `complaints` are console errors and broken security policies."""

    browser: Browser
    served: Served
    complaints: list[str] = field(default_factory=list)
    _states: dict[str, Any] = field(default_factory=dict)

    def page(
        self,
        who: str = "",
        *,
        language: str = "zh",
        size: tuple[int, int] = DESK,
        dark: bool = False,
        scale: float = 1,
        workers: bool = False,
    ) -> Page:
        """A page of a new window; of nobody, or of `who`, signed in through the sign-in page. With `workers` it takes a
        service worker, as a phone does."""
        context = self.browser.new_context(
            base_url=self.served.address,
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            locale="en-GB" if language == "en" else "zh-CN",
            timezone_id="Asia/Shanghai",
            device_scale_factor=scale,
            service_workers="allow" if workers else "block",
            storage_state=self._states.get(who),
        )
        context.set_default_timeout(_PATIENCE)
        page = context.new_page()
        page.on("console", lambda message: self._listen(message.type, message.text, page))
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        if who:
            if who not in self._states:
                page.goto("/account/sign-in/")
                self.sign_in(page, who)
                page.wait_for_url(lambda url: "sign-in" not in url)
                self._states[who] = context.storage_state()
            page.goto("/notices/")
            speak(page, language)
        return page

    def pages(self) -> list[Page]:
        """Every window that is open."""
        return [page for context in self.browser.contexts for page in context.pages]

    def sign_in(self, page: Page, who: str) -> None:
        """Fill in the sign-in page."""
        page.locator("[name=login]").fill(who)
        page.locator("[name=password]").fill(self.served.password)
        page.locator("[name=password]").press("Enter")

    def forget(self, who: str) -> None:
        """The next page of `who` signs in anew."""
        self._states.pop(who, None)

    def _listen(self, kind: str, text: str, page: Page) -> None:
        # An answer such as 422 to a form is no fault of the page; the browser calls every one of them an error.
        refused = text.startswith("Failed to load resource") and any(
            f" {code} " in text for code in (401, 404, 409, 422)
        )
        # What the page was still asking for when somebody left it, or was signed out: htmx calls that an error, too.
        left = text.startswith(("htmx:sendError", "htmx:afterRequest", "Response Status Error Code 401"))
        # What a page asks for where a test has cut the network, or lost the answer.
        cut = "net::ERR_INTERNET_DISCONNECTED" in text or "net::ERR_CONNECTION_RESET" in text
        # Signing out clears what the site keeps; the browser tells a page that still had its store open.
        cleared = "Force close delete origin" in text
        if kind == "error" and not (refused or left or cut or cleared):
            self.complaints.append(f"{page.url}: {text}")


def speak(page: Page, language: str) -> None:
    """Choose the language as its button in the user's menu does."""
    page.evaluate(
        """async language => {
            const field = document.querySelector('form [name=language]');
            const data = new FormData(field.form);
            data.set('language', language);
            await fetch(field.form.action, { method: 'POST', body: data });
        }""",
        LANGUAGES[language],
    )
