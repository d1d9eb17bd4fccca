"""Finding records by what was typed."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from guanxi.foundation.search.grams import queries_of, tag
from guanxi.foundation.tenancy.scope import require_scope

CANDIDATES = 200


@dataclass(frozen=True, slots=True)
class Hit:
    """A record found. `place` 0 means that one of its lines begins with the text, 1 that it holds it."""

    id: UUID
    title: str
    detail: str
    owner_id: UUID | None
    place: int


def find(resource: str, typed: str, *, owners: Collection[UUID] | None, limit: int = 20) -> list[Hit]:
    """Records of a resource found by text, best first; `owners` None means everybody's.

    Beginnings come before middles, shorter names before longer ones.
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
                    CANDIDATES,
                ],
            )
            hits += [Hit(*row) for row in cursor.fetchall()]
    hits = list({hit.id: hit for hit in reversed(hits)}.values())
    hits.sort(key=lambda hit: (hit.place, len(hit.title), hit.title))
    return hits[:limit]


def _telling(grams: Collection[str]) -> list[str]:
    """Without the pairs that a line's beginning implies: the planner would take the two for independent, and
    believe a common beginning to be rare."""
    return [gram for gram in grams if "^" + gram not in grams]
