"""A guard that stands for the time of a test."""

from collections.abc import Iterator
from contextlib import contextmanager

from guanxi.resource import guards


@contextmanager
def guarding(verb: str, function: guards.Guard, *, key: str = "customers", order: int = 50) -> Iterator[None]:
    """Register a guard as an upper context would, and take it away again."""
    guards.guard(key, verb, order=order)(function)
    try:
        yield
    finally:
        standing = guards._guards[(key, verb)]
        standing[:] = [one for one in standing if one[1] is not function]
