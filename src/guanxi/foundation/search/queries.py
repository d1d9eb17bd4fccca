"""Finding records by what was typed."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from guanxi.foundation.search.grams import LONGEST, queries_of, tag
from guanxi.foundation.search.models import Entry, Opened
from guanxi.foundation.tenancy.scope import require_scope
from guanxi.kernel.text import fold

CANDIDATES = 200


@dataclass(frozen=True, slots=True)
class Hit:
    """A record found. `place` 0 means that one of its lines begins with the text, 1 that it holds it."""

    id: UUID
    title: str
    detail: str
    owner_id: UUID | None
    place: int


def find(
    resource: str,
    typed: str,
    *,
    owners: Collection[UUID] | None,
    limit: int = 20,
    lately: Sequence[UUID] = (),
    candidates: int = CANDIDATES,
    beside: Collection[UUID] = (),
) -> list[Hit]:
    """Records of a resource found by text, best first; `owners` None means everybody's. So many `candidates` are
    ranked of each way to read the text.

    Beginnings come before middles; among the equally close those opened `lately`, then shorter names. What was opened
    lately is looked through by itself: a common piece of a name has more hits than are fetched. So are the records
    `beside` those of the `owners`.
    """
    company = require_scope().tenant_id
    mark = tag(company)
    hits: list[Hit] = []
    with connection.cursor() as cursor:
        for query in queries_of(typed):
            cursor.execute(
                "SELECT id, title, detail, owner_id, place "
                "FROM guanxi_search(%s, %s::uuid[], %s::text[], %s::text[], %s, %s)",
                [
                    resource,
                    sorted(owners) if owners is not None else None,
                    [mark + gram for gram in _telling(query.anchored)],
                    [mark + gram for gram in query.anywhere],
                    query.needle,
                    candidates,
                ],
            )
            hits += [Hit(*row) for row in cursor.fetchall()]
            if query.tail and len(hits) >= limit:
                break
    needle = fold(typed)[:LONGEST]
    if beside and needle:
        hits += [replace(hit, place=place) for hit, place in _held(resource, beside, None, needle)]
    if lately and needle:
        hits += [replace(hit, place=place) for hit, place in _held(resource, lately, owners, needle)]
    hits = list({hit.id: hit for hit in reversed(hits)}.values())
    order = {record: place for place, record in enumerate(lately)}
    hits.sort(key=lambda hit: (hit.place, order.get(hit.id, len(order)), len(hit.title), hit.title))
    return hits[:limit]


def _held(
    resource: str, ids: Collection[UUID], owners: Collection[UUID] | None, needle: str
) -> Iterator[tuple[Hit, int]]:
    for entry in _entries(resource, ids, owners):
        if needle in entry.text:
            yield _hit(entry), 0 if ("\n" + entry.text).find("\n" + needle) >= 0 else 1


def _entries(resource: str, ids: Collection[UUID], owners: Collection[UUID] | None) -> QuerySet[Entry]:
    rows = Entry.objects.filter(pk__among=list(ids), resource=resource).defer("grams")
    return rows if owners is None else rows.filter(owner_id__in=list(owners))


def _hit(entry: Entry) -> Hit:
    return Hit(entry.id, entry.title, entry.detail, entry.owner_id, 0)


def opened_by(member_id: UUID | None) -> list[tuple[str, UUID]]:
    """The records a member opened (resource key, id), the last one first."""
    if member_id is None:
        return []
    rows = Opened.objects.filter(member_id=member_id).order_by("-opened_at")
    return list(rows.values_list("resource", "record_id"))


def _telling(grams: Collection[str]) -> list[str]:
    """Without the pairs that a line's beginning implies: the planner would take the two for independent, and
    believe a common beginning to be rare."""
    return [gram for gram in grams if "^" + gram not in grams]
