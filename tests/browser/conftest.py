"""Chromium at the product as it is served. Left out, with the reason, where there is none."""

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page

import guanxi.foundation.design
from guanxi.testing.served import Served, served
from guanxi.testing.visitors import CHROMIUM, Visitors, chromium

BUILT = Path(guanxi.foundation.design.__file__).parent / "static" / "gx" / "build" / "gx.js"


@pytest.fixture(scope="module")
def product() -> Iterator[Served]:
    """The demo company behind real web and worker processes."""
    if not CHROMIUM:
        pytest.skip("there is no Chromium on this machine")
    if not BUILT.exists():
        pytest.skip("the front end is not built")
    with served(customers=300) as found:
        yield found


@pytest.fixture(scope="module")
def _everybody(product: Served) -> Iterator[Visitors]:
    with chromium() as browser:
        yield Visitors(browser, product)


@pytest.fixture
def visitors(_everybody: Visitors) -> Iterator[Visitors]:
    """Windows of this test, closed at its end; the browser has nothing to complain of."""
    yield _everybody
    for context in _everybody.browser.contexts:
        context.close()
    complaints, _everybody.complaints = _everybody.complaints, []
    assert complaints == []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where the windows stood, and what they said, is part of the report of a failure."""
    report = yield
    visitors = getattr(item, "funcargs", {}).get("visitors")
    if report.failed and call.when == "call" and isinstance(visitors, Visitors):
        report.sections += [(f"Page at {page.url}", _said(page)) for page in visitors.pages()]
    return report


def _said(page: Page) -> str:
    try:
        return page.locator("body").inner_text(timeout=2_000)[:2_000]
    except Error as error:
        return f"not to be read: {error}"
