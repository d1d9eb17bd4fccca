"""Chromium at the product as it is served. Left out, with the reason, where there is none."""

from collections.abc import Iterator
from pathlib import Path

import pytest

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
