"""Contributions that last as long as a test."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from typing import Any

from guanxi.resource import contributions, registry


@contextmanager
def contributing(to: str, **parts: Any) -> Iterator[None]:
    """`contribute(to, …)` for the length of a `with`, joined to the declarations and taken back at its end."""
    held = contributions._by_resource
    kept = {
        key: contributions.Contributed(**{one.name: list(getattr(value, one.name)) for one in fields(value)})
        for key, value in held.items()
    }
    try:
        contributions.contribute(to, **parts)
        registry.complete()
        yield
    finally:
        held.clear()
        held.update(kept)
        registry.complete()
