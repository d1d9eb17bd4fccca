"""Looking through what is there for duplicates, slice by slice."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from guanxi.customers.models import Mark, Pair
from guanxi.customers.queries.duplicates import COMPARED, READ, alike_of
from guanxi.customers.queries.marks import MODELS
from guanxi.customers.queries.near import Near, near
from guanxi.customers.rules.alike import (
    EDITION,
    Known,
    compare,
    digest,
    keys_of,
    with_shared,
    worth_asking,
)
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.tenancy.bulk import Raw, insert_rows
from guanxi.foundation.tenancy.scope import require_scope
from guanxi.kernel.alike.verdicts import Key, Verdict
from guanxi.kernel.ids import new_id
from guanxi.resource.registry import find

ACT = "customers.pair.find"
SLICE = 50_000  # records a job looks through before it hands over to the next
_FEW = 1000  # changed records that are asked about one by one; more of them in one pass
_BATCH = 200
_MARKED = 2000
_REMEMBERED = 60_000  # records that are read once for all their pairs; some three kilobytes each

Found = dict[tuple[UUID, UUID], Verdict]


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
    tell = progress or _nobody
    found = 0
    with operation(actor, ACT):
        _mark_anew(resource, ids)
        if since is None or len(ids) > _FEW:
            place = {one: at for at, one in enumerate(ids)}
            for last, pairs in _looked_through(resource, ids, whole=since is None):
                found += _put(resource, pairs)
                tell(place[last])
        else:
            for start in range(0, len(ids), _BATCH):
                found += _put(resource, _alike(resource, ids[start : start + _BATCH]))
                tell(start)
        tell(len(ids))
    return len(ids), found, ids[-1] if more else None


def put_to_review(actor: Actor, resource: str, ids: Sequence[UUID]) -> int:
    """Compare new records with all others, and put those that may be the same on the list; returns how many pairs."""
    with operation(actor, ACT):
        return sum(_put(resource, pairs) for _last, pairs in _looked_through(resource, ids, whole=False))


def _nobody(done: int) -> None:
    """Nobody asked how far it is."""


def _looked_through(resource: str, ids: Sequence[UUID], *, whole: bool) -> Iterable[tuple[UUID, Found]]:
    """What is found of these records, part by part, with the last record of each; see `queries.near`.

    Most pairs are decided by the two alone. Of a telephone that may be an agency's the check itself is asked.
    """
    reader = _Reader(resource)
    for pairs in near(resource, ids, whole=whole):
        found, unsure = _compared(resource, pairs, reader)
        later = sorted({one for one, _other in unsure})
        for start in range(0, len(later), _BATCH):
            asked = _alike(resource, later[start : start + _BATCH])
            found |= {pair: asked[pair] for pair in asked if pair in unsure or pair[::-1] in unsure}
        yield pairs[-1].one, found


def _compared(
    resource: str, pairs: Sequence[Near], reader: "_Reader"
) -> tuple[Found, set[tuple[UUID, UUID]]]:
    """Of these pairs those worth asking, and those the check itself must be asked about."""
    known = reader.read({record for pair in pairs for record in pair[:2]})
    found: Found = {}
    unsure: set[tuple[UUID, UUID]] = set()
    for one, other, beside, busy in pairs:
        if one not in known or other not in known:
            continue
        left, right = known[one], known[other]
        if beside:
            left, right = _with_shared(resource, left, right, set(beside))
        verdict = compare(left, right)
        if not worth_asking(resource, verdict):
            continue  # and with a telephone that says less it is less
        if busy and _by_busy_phone(resource, left, right, busy):
            unsure.add((one, other))
        else:
            found[_in_order(one, other)] = verdict
    return found, unsure


def _with_shared(resource: str, left: Known, right: Known, marks: Collection[int]) -> tuple[Known, Known]:
    """Both with what they have in common beside their rows."""
    company = require_scope().tenant_id
    keys = [key for key in keys_of(left) | keys_of(right) if digest(company, resource, key) in marks]
    return with_shared(left, keys), with_shared(right, keys)


def _by_busy_phone(resource: str, left: Known, right: Known, busy: Collection[int]) -> bool:
    """Whether they have a telephone in common that others have too."""
    company = require_scope().tenant_id
    return any(
        digest(company, resource, Key("phone", one)) in busy for one in left.read.phones & right.read.phones
    )


def _alike(resource: str, ids: Collection[UUID]) -> Found:
    """What the check says of these records."""
    records = list(MODELS[resource]._default_manager.filter(pk__among=list(ids)))
    known = [READ[resource](vars(record)) for record in records]
    return {
        _in_order(record.pk, other.pk): verdict
        for record, alike in zip(records, alike_of(known), strict=True)
        for other, verdict in alike
        if other.pk != record.pk and worth_asking(resource, verdict)
    }


def _in_order(one: UUID, other: UUID) -> tuple[UUID, UUID]:
    return (one, other) if one < other else (other, one)


class _Reader:
    """Records as they are compared, each taken apart once for all its pairs."""

    def __init__(self, resource: str) -> None:
        self._resource = resource
        self._known: dict[UUID, Known] = {}

    def read(self, ids: Collection[UUID]) -> Mapping[UUID, Known]:
        missing = [one for one in ids if one not in self._known]
        if len(self._known) + len(missing) > _REMEMBERED:
            self._known, missing = {}, list(ids)
        rows = MODELS[self._resource]._default_manager.filter(pk__among=missing)
        read = READ[self._resource]
        for row in rows.values("pk", *COMPARED[self._resource]):
            self._known[row["pk"]] = read(row)
        return self._known


def _put(resource: str, pairs: Found) -> int:
    """Put on the list what is not there; returns how many."""
    firsts = list({first for first, _second in pairs})
    there = set(Pair.objects.filter(first__among=firsts).values_list("first", "second"))
    pairs = {pair: verdict for pair, verdict in pairs.items() if pair not in there}
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


def _mark_anew(resource: str, ids: Sequence[UUID]) -> None:
    """Records from before there were marks, or marked by earlier rules, get those of today."""
    kept = find(resource).kept
    assert kept is not None  # noqa: S101 - what is scanned is marked
    there = set(Mark.objects.filter(pk__among=list(ids), edition=EDITION).values_list("pk", flat=True))
    missing = [one for one in ids if one not in there]
    for start in range(0, len(missing), _MARKED):
        rows = MODELS[resource]._default_manager.filter(pk__among=missing[start : start + _MARKED])
        kept.put([(row.pk, kept.worked_out(vars(row))) for row in rows], fresh=False)


def outdated(resource: str) -> bool:
    """Whether records are marked by rules that have changed since."""
    return Mark.objects.filter(resource=resource, edition__lt=EDITION).exists()
