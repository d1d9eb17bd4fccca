"""Finding records by what was typed."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from guanxi.foundation.search.grams import Query, leads_of, place_in, queries_of, tag, turned, words_of
from guanxi.foundation.search.models import Entry, Opened
from guanxi.foundation.tenancy.scope import require_scope

CANDIDATES = 200
LOOKED = 3000  # texts looked through for several words, of each way that leads to them


@dataclass(frozen=True, slots=True)
class Hit:
    """A record found. `place` 0 means that one of its lines begins with the text, 1 that it holds it, 2 that every
    word of the text stands somewhere in its lines."""

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

    Beginnings come before middles, and the whole text before its words, which are looked for where it alone is not
    found often enough; among the equally close those opened `lately`, then shorter names. What was opened lately is
    looked through by itself: a common piece of a name has more hits than are fetched. So are the records `beside`
    those of the `owners`.
    """
    mark, within = tag(require_scope().tenant_id), sorted(owners) if owners is not None else None
    hits: list[Hit] = []
    words = words_of(typed)

    def ask(query: Query) -> list[Hit]:
        cursor.execute(
            "SELECT id, title, detail, owner_id, place "
            "FROM guanxi_search(%s, %s::uuid[], %s::text[], %s::text[], %s, %s)",
            [
                resource,
                within,
                [mark + gram for gram in _telling(query.anchored)],
                [mark + gram for gram in query.anywhere],
                query.needle,
                candidates,
            ],
        )
        return [Hit(*row) for row in cursor.fetchall()]

    with connection.cursor() as cursor:
        for query in queries_of(typed):
            hits += ask(query)
            if query.tail and len(hits) >= limit:
                break
        if words and len(hits) < limit:
            for query in queries_of(turned(words)):
                hits += [replace(hit, place=2) for hit in ask(query)]
            for lead in leads_of(words):
                cursor.execute(
                    "SELECT id, title, detail, owner_id, 2 "
                    "FROM guanxi_search_words(%s, %s::uuid[], %s::text[], %s::text[], %s, %s)",
                    [
                        resource,
                        within,
                        [mark + gram for gram in lead],
                        [f"%{word}%" for word in words],  # folding leaves no sign in them
                        max(LOOKED, candidates),
                        candidates,
                    ],
                )
                hits += [Hit(*row) for row in cursor.fetchall()]
                if len(hits) >= candidates:
                    break
    if beside:
        hits += _held(resource, beside, None, typed)
    if lately:
        hits += _held(resource, lately, owners, typed)
    hits = list({hit.id: hit for hit in reversed(hits)}.values())
    order = {record: place for place, record in enumerate(lately)}
    hits.sort(key=lambda hit: (hit.place, order.get(hit.id, len(order)), len(hit.title), hit.title))
    return hits[:limit]


def _held(resource: str, ids: Collection[UUID], owners: Collection[UUID] | None, typed: str) -> Iterator[Hit]:
    for entry in _entries(resource, ids, owners):
        if (place := place_in(entry.text, typed)) is not None:
            yield Hit(entry.id, entry.title, entry.detail, entry.owner_id, place)


def _entries(resource: str, ids: Collection[UUID], owners: Collection[UUID] | None) -> QuerySet[Entry]:
    rows = Entry.objects.filter(pk__among=list(ids), resource=resource).defer("grams")
    return rows if owners is None else rows.filter(owner_id__in=list(owners))


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
