"""Kinds of jobs, registered by the contexts that own them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
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


# The regular work of floors that jobs know nothing of

Nightly = Callable[[datetime], object]
_nightly: dict[str, Nightly] = {}


def every_night(key: str, work: Nightly) -> None:
    """Register what runs once a night, across companies and before the ledger forgets. It is given the time."""
    _nightly[key] = work


def nightly_work() -> dict[str, Nightly]:
    """All of it, by name, in the order of registration."""
    return dict(_nightly)
