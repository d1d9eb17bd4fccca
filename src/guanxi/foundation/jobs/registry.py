"""Kinds of jobs, registered by the contexts that own them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from guanxi.foundation.jobs.work import JobRun

Work = Callable[[JobRun], dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of work. `retries` counts further tries after an unexpected error, with growing pauses."""

    key: str
    label: str | Promise
    work: Work
    retries: int = 3


_kinds: dict[str, Kind] = {}


def job(key: str, label: str | Promise, *, retries: int = 3) -> Callable[[Work], Work]:
    """Register a module-level function as the work of a kind of job."""

    def register(work: Work) -> Work:
        if key in _kinds and _kinds[key].work is not work:
            raise ValueError(f"two kinds of job are called {key}")
        _kinds[key] = Kind(key, label, work, retries)
        return work

    return register


def find_kind(key: str) -> Kind:
    """Raises LookupError for a kind that no longer exists."""
    return _kinds[key]
