"""The operation of the API that says who stands around a record."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.utils.translation import get_language, gettext_noop

from guanxi.customers.queries.graph import MOST, Neighbour, around
from guanxi.customers.queries.ties import LINKS
from guanxi.foundation.permissions.actor import Actor
from guanxi.kinds import Show
from guanxi.resource import access
from guanxi.resource.operations import Operation, declare
from guanxi.resource.registry import find


@dataclass(frozen=True, kw_only=True)
class AtMost:
    """How many neighbours at most: 1 to 200."""

    limit: int = MOST


@dataclass(frozen=True, kw_only=True)
class TieNode:
    """Somebody around a record: `resource` (customers, people or members), `id`, name and a few words beside it."""

    resource: str
    id: UUID
    name: str
    beside: str


@dataclass(frozen=True, kw_only=True)
class TieEdge:
    """What the first is to the second: the kind of a relationship, or "works", "worked", "parent". `called` is what
    the other one is to the record asked for. `strength` is from 0 to 100, null where it has none."""

    first_resource: str
    first: UUID
    second_resource: str
    second: UUID
    kind: str
    words: str
    called: str
    mutual: bool
    strength: int | None


@dataclass(frozen=True, kw_only=True)
class TiesOut:
    """Who stands around a record, and what is between them. `more` are those beyond the limit, counted to 1,000."""

    centre: TieNode
    nodes: list[TieNode]
    edges: list[TieEdge]
    more: int


def register() -> None:
    """Called once at start-up."""
    for key in LINKS:
        declare(
            Operation(
                area=key, method="GET", path=f"{key}/{{id}}/ties", act=partial(_ties, key), query=AtMost,
                answer=TiesOut,
                summary=gettext_noop("Who stands around a record"),
                words=gettext_noop(
                    "Its people, relationships, related customers and those of us who know them: what the graph draws."
                ),
            )
        )  # fmt: skip


def _ties(key: str, actor: Actor, record_id: UUID, asked: AtMost) -> TiesOut:
    actor.require(find("relationships").permission("view"))
    record = access.get(actor, find(key), record_id)
    found = around(
        actor, key, record, Show(actor=actor, language=get_language() or "zh-hans"), most=asked.limit
    )
    return TiesOut(
        centre=_node(found.centre),
        nodes=[_node(one) for one in found.nodes],
        edges=[
            TieEdge(
                first_resource=edge.first[0],
                first=edge.first[1],
                second_resource=edge.second[0],
                second=edge.second[1],
                kind=edge.kind,
                words=edge.words,
                called=edge.called,
                mutual=edge.mutual,
                strength=edge.strength,
            )
            for edge in found.edges
        ],
        more=found.more,
    )


def _node(one: Neighbour) -> TieNode:
    return TieNode(resource=one.of, id=one.id, name=one.name, beside=one.beside)
