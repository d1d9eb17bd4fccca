"""What came of a job, in words. The owner of a kind of job registers how its result reads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.foundation.design.words import shown_number
from guanxi.foundation.jobs.models import Job


@dataclass(frozen=True, slots=True)
class Outcome:
    """One sentence, numbers with their names, and (label, url) pairs: rejected rows, what was made."""

    sentence: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, str], ...] = ()


Reader = Callable[[Job], Outcome]
_readers: dict[str, Reader] = {}
_refusals: dict[str, str | Promise] = {}

# Counts that many kinds of work have in common.
_COUNTS: Mapping[str, str | Promise] = {
    "rows": _("rows"),
    "total": _("in all"),
    "created": pgettext_lazy("count", "created"),
    "updated": _("updated"),
    "skipped": _("left as they were"),
    "rejected": _("rejected"),
    "review": _("to be looked at"),
    "deleted": pgettext_lazy("count", "deleted"),
    "warnings": _("warnings"),
    "duplicates": _("duplicates"),
}


def read_result(kind: str, reader: Reader) -> None:
    """Register how the result of a kind of job reads."""
    _readers[kind] = reader


def word_refusal(code: str, text: str | Promise) -> None:
    """Register the sentence for a code with which work refuses (kernel errors carry codes, not words)."""
    _refusals[code] = text


def outcome(job: Job) -> Outcome:
    """What came of a finished job; the common counts where its kind says nothing."""
    reader = _readers.get(job.kind)
    if reader is not None:
        return reader(job)
    found: dict[str, Any] = job.result or {}
    counts = [
        (str(label), shown_number(found[key]))
        for key, label in _COUNTS.items()
        if isinstance(found.get(key), int)
    ]
    return Outcome(facts=tuple(counts))


def failure(job: Job) -> str:
    """Why a job failed, for whoever asked for it; "" where only a trace for the administrator is there."""
    return str(_refusals.get(job.error, ""))
