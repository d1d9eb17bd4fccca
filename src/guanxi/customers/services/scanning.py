"""Looking through what is there for duplicates, slice by slice."""

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.utils import timezone

from guanxi.customers.models import Mark, Pair
from guanxi.customers.queries.duplicates import MODELS, READ, alike_of
from guanxi.customers.rules.alike import CUSTOMERS, worth_asking
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.tenancy.bulk import Raw, insert_rows
from guanxi.kernel.alike.verdicts import Verdict
from guanxi.kernel.ids import new_id
from guanxi.resource.registry import find

ACT = "customers.pair.find"
SLICE = 10_000  # records a job looks through before it hands over to the next
_BATCH = 200


def scan(
    actor: Actor,
    resource: str,
    *,
    after: UUID | None = None,
    since: datetime | None = None,
    progress: Callable[[int], None] | None = None,
) -> tuple[int, int, UUID | None]:
    """Look through a slice of a resource's records, those changed `since` or all, for what may be the same, and put
    what is new on the list. Returns how many were looked at, how many pairs were found, and where to go on (None at
    the end). A pair that was answered or found before is left alone."""
    rows = MODELS[resource]._default_manager.order_by("pk")
    if since is not None:
        rows = rows.filter(updated_at__gte=since)
    if after is not None:
        rows = rows.filter(pk__gt=after)
    ids = list(rows.values_list("pk", flat=True)[: SLICE + 1])
    more, ids = len(ids) > SLICE, ids[:SLICE]
    found = 0
    with operation(actor, ACT):
        for start in range(0, len(ids), _BATCH):
            part = ids[start : start + _BATCH]
            found += _batch(resource, part, every=since is None)
            if progress is not None:
                progress(start + len(part))
    return len(ids), found, ids[-1] if more else None


def _batch(resource: str, ids: Sequence[UUID], *, every: bool) -> int:
    records = list(MODELS[resource]._default_manager.filter(pk__in=ids))
    _mark_missing(resource, records)
    known = [READ[resource](vars(record)) for record in records]
    pairs: dict[tuple[UUID, UUID], Verdict] = {}
    for record, alike in zip(records, alike_of(known), strict=True):
        for other, verdict in alike:
            # Of a whole scan each pair is met from both sides: the later one writes it.
            if other.pk == record.pk or (every and other.pk > record.pk):
                continue
            if worth_asking(resource, verdict):
                pairs[min(record.pk, other.pk), max(record.pk, other.pk)] = verdict
    for first, group in groupby(sorted(pairs), key=lambda pair: pair[0]):
        there = Pair.objects.filter(first=first, second__in=[second for _first, second in group])
        for second in there.values_list("second", flat=True):
            del pairs[first, second]
    now = Raw(timezone.now().isoformat())
    insert_rows(
        Pair,
        [
            {
                "id": new_id(), "resource": resource, "first": first, "second": second,
                "verdict": verdict.certainty, "branch": verdict.branch,
                "reasons": ",".join(verdict.reasons)[:200], "score": verdict.score,
                "created_at": now, "updated_at": now,
            }
            for (first, second), verdict in pairs.items()
        ],
    )  # fmt: skip
    return len(pairs)


def _mark_missing(resource: str, records: Sequence[Any]) -> None:
    """Records from before there were marks get theirs."""
    kept = find(resource).kept
    there = set(Mark.objects.filter(pk__in=[one.pk for one in records]).values_list("pk", flat=True))
    missing = [one for one in records if one.pk not in there]
    if missing and kept is not None:
        kept.put([(one.pk, kept.worked_out(vars(one))) for one in missing], fresh=True)


def resources() -> tuple[str, ...]:
    """What is looked through."""
    return (CUSTOMERS, *(one for one in MODELS if one != CUSTOMERS))
