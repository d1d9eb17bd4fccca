"""The demo company, built once for the tests of a process: its people sign in by names there can be only once."""

from functools import cache

import pytest
from django.utils import timezone

from guanxi.demo.building import build
from guanxi.foundation.tenancy.models import Tenant


@cache
def _built() -> Tenant:
    return build(timezone.localdate(), customers=400)


@pytest.fixture
def demo(database: None) -> Tenant:
    """The demo company with 400 customers; others have seen it, and may have added to it."""
    return _built()
