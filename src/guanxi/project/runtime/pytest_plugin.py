"""Starts PostgreSQL before Django reads its settings, and sets how long property tests search.

GUANXI_TEST_DEPTH: `quick` (./run test), `all` (./run test --all), `soak` (./run soak).
"""

import atexit
import contextlib
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from .home import StartError
from .testing import databases_for_tests

_stack = contextlib.ExitStack()
atexit.register(_stack.close)  # also where a run ends before it has begun

for _name, _examples, _fixed in (("quick", 30, True), ("all", 75, True), ("soak", 2000, False)):
    hypothesis_settings.register_profile(
        _name,
        max_examples=_examples,
        derandomize=_fixed,  # the same examples in every run, so that a failure is the change's doing
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        database=None,
    )


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    hypothesis_settings.load_profile(os.environ.get("GUANXI_TEST_DEPTH", "quick"))
    if "PYTEST_XDIST_WORKER" in os.environ:
        return  # the run's own process has started it and handed the environment down
    try:
        os.environ.update(_stack.enter_context(databases_for_tests()))
    except StartError as error:
        raise pytest.UsageError(str(error)) from error
    os.environ.setdefault("GUANXI_BASE_URL", "http://localhost:8000")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    data = config.rootpath.parent / "shared" / "data"
    if data.is_dir():
        return
    for item in items:
        if item.get_closest_marker("shared_data"):
            item.add_marker(
                pytest.mark.skip(reason=f"the sample files are not there ({Path('..') / 'shared' / 'data'})")
            )
