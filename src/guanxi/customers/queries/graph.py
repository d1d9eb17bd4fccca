"""Who stands around a customer or a person: their people, relationships, related customers and those of us who know
them. Only what the reader may see is named, counted or drawn."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain, zip_longest
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext, pgettext

from guanxi.customers.choices import MEANINGS
from guanxi.customers.models import Affiliation, Customer, Relationship
from guanxi.customers.queries.ties import LINKS, family_of, other_end, posts_open, shown_links, ties_of
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.permissions.actor import Actor
from guanxi.kinds import Show
from guanxi.resource import access
from guanxi.resource.links import look_up
from guanxi.resource.registry import find

MOST = 50  # neighbours of one that are shown at once
COUNTED = 1000
_MEMBERS = "members"
Node = tuple[str, UUID]  # key of the resource ("members" for ours) and id
_BY_LINK = {
    "from_person": "people", "to_person": "people", "from_customer": "customers", "to_customer": "customers",
    "from_member": _MEMBERS,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Somebody in the picture: whose record (`of`, `id`), name and a few words beside it. The centre is one too."""

    of: str
    id: UUID
    name: str
    beside: str


@dataclass(frozen=True, slots=True)
class Edge:
    """What two have to do with each other, from `first` to `second`. `kind` is the code of a relationship, or "works",
    "worked" (in the past) and "parent"; `called` says what the other one is to the centre, where one of them is it.
    """

    first: Node
    second: Node
    kind: str
    words: str
    called: str
    mutual: bool = False
    strength: int | None = None


@dataclass(slots=True)
class Around:
    """A record with its neighbours; `more` are those not shown (`at_least` where nobody counted further)."""

    centre: Neighbour
    nodes: list[Neighbour] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    more: int = 0
    at_least: bool = False


def around(actor: Actor, key: str, record: Any, show: Show, *, most: int = MOST) -> Around:
    """The neighbours of a customer or person that the actor has read through its door, at most so many, and what is
    between all of them. The number of statements is the same however many they are."""
    centre: Node = (key, record.pk)
    sources = [
        list(_ties(actor, centre)),
        list(_works(actor, centre)),
        list(_family(actor, record)) if key == "customers" else [],
    ]
    # In turn, so that many of one sort do not leave out all of another.
    turns = chain.from_iterable(zip_longest(*sources))
    wanted = list(
        dict.fromkeys(
            edge.second if edge.first == centre else edge.first for edge in turns if edge is not None
        )
    )
    edges = list(chain.from_iterable(sources))
    chosen = _named(actor, wanted[:most], show)
    ids = {of: {one for kind, one in chosen if kind == of} for of in ("customers", "people")}
    people = ids["people"] | ({record.pk} if key == "people" else set())
    customers = ids["customers"] | ({record.pk} if key == "customers" else set())
    edges += [*_among(actor, people, customers), *_works_among(actor, people, customers, centre)]
    ours = [edge.first for edge in edges if edge.first[0] == _MEMBERS]
    chosen |= _members([one for one in ours if one not in chosen][:most])
    shown = {centre, *chosen}
    found = Around(_named(actor, [centre], show)[centre], list(chosen.values()))
    seen: set[tuple[Node, Node, str]] = set()
    for edge in edges:
        same = (edge.first, edge.second, edge.kind)
        if {edge.first, edge.second} <= shown and same not in seen:
            seen.add(same)
            found.edges.append(edge)
    found.more = len(wanted) - len(wanted[:most])
    found.at_least = len(wanted) >= COUNTED
    return found


def _ties(actor: Actor, centre: Node) -> Iterable[Edge]:
    key, record_id = centre
    if not set(LINKS[key]) <= shown_links(actor):
        return []
    rows = ties_of(actor, key, record_id).select_related("from_member").order_by("-strength", "pk")
    return _drawn(actor, rows[:COUNTED], record_id)


def _drawn(actor: Actor, rows: Iterable[Relationship], centre: UUID | None) -> list[Edge]:
    ties, shown = find("relationships"), shown_links(actor)
    tells = access.is_open(actor, ties.kind("kind"))
    weighs = access.is_open(actor, ties.kind("strength"))
    found = []
    for tie in rows:
        meaning = MEANINGS[tie.kind]
        first, second = meaning.ends
        if not {first, second} <= shown:
            continue
        called = ""
        if centre is not None and tells:
            called = str(meaning.called(of_first=other_end(tie, centre)[2]))
        found.append(
            Edge(
                first=(_BY_LINK[first], getattr(tie, f"{first}_id")),
                second=(_BY_LINK[second], getattr(tie, f"{second}_id")),
                kind=tie.kind if tells else "",
                words=str(tie.get_kind_display()) if tells else "",
                called=called,
                mutual=meaning.mutual or not tells,
                strength=tie.strength if weighs else None,
            )
        )
    return found


def _family(actor: Actor, record: Customer) -> Iterable[Edge]:
    """The parent company and the subsidiaries."""
    above, children = family_of(actor, record)
    here: Node = ("customers", record.pk)
    words = pgettext("tie", "belongs to")
    if above is not None:
        yield Edge(here, ("customers", above.pk), "parent", words, gettext("Parent company"))
    for child in children.values_list("pk", flat=True)[:COUNTED]:
        yield Edge(("customers", child), here, "parent", words, gettext("Subsidiary"))


def _works(actor: Actor, centre: Node) -> Iterable[Edge]:
    key, record_id = centre
    if not posts_open(actor):
        return []
    people, rows = find("people"), access.visible(actor, find("affiliations"))
    if key == "people":
        rows = rows.filter(person=record_id)
    else:
        rows = rows.filter(customer=record_id, person__in=access.visible(actor, people).values("pk"))
    ordered = rows.order_by(F("until").desc(nulls_first=True), "-main", "pk")
    return _employed(actor, ordered[:COUNTED], centre)


def _employed(actor: Actor, rows: Iterable[Affiliation], centre: Node | None) -> list[Edge]:
    told = access.is_open(actor, find("affiliations").kind("post"))
    today, found = timezone.localdate(), []
    for one in rows:
        over = one.until is not None and one.until <= today
        words = (
            (pgettext("tie", "worked at") if over else pgettext("tie", "works at"))
            if not (told and one.post)
            else (gettext("formerly %(post)s") % {"post": one.post} if over else one.post)
        )
        called = ""
        if centre is not None and centre[0] == "customers":
            called = gettext("Worked here") if over else gettext("Works here")
        elif centre is not None:
            called = gettext("Worked there") if over else gettext("Works there")
        found.append(
            Edge(
                ("people", one.person_id),
                ("customers", one.customer_id),
                "worked" if over else "works",
                words,
                called,
            )
        )
    return found


def _among(actor: Actor, people: Collection[UUID], customers: Collection[UUID]) -> Iterable[Edge]:
    """What is between those shown, and who of us knows them."""
    within = Q(from_person__in=people, to_person__in=people)
    within |= Q(from_customer__in=customers, to_customer__in=customers)
    within |= Q(from_member__isnull=False, to_person__in=people)
    rows = access.visible(actor, find("relationships")).filter(within)
    return _drawn(actor, rows.order_by("-strength", "pk")[:COUNTED], None)


def _works_among(
    actor: Actor, people: Collection[UUID], customers: Collection[UUID], centre: Node
) -> Iterable[Edge]:
    if not posts_open(actor):
        return []
    rows = access.visible(actor, find("affiliations")).filter(person__in=people, customer__in=customers)
    own = Q(person=centre[1]) if centre[0] == "people" else Q(customer=centre[1])
    return _employed(actor, rows.exclude(own).order_by("pk")[:COUNTED], None)


def _named(actor: Actor, wanted: Collection[Node], show: Show) -> dict[Node, Neighbour]:
    """Those in sight, in the order asked for."""
    found: dict[Node, Neighbour] = {}
    for key in ("customers", "people"):
        resource = find(key)
        ids = [one for of, one in wanted if of == key]
        rows = list(access.visible(actor, resource).filter(pk__in=ids)) if ids else []
        look_up(access.readable(actor, resource, ("customer", "post")) if key == "people" else (), rows, show)
        for row in rows:
            beside = resource.told_apart(row, show)
            found[key, row.pk] = Neighbour(key, row.pk, str(row), beside)
    found |= _members([one for one in wanted if one[0] == _MEMBERS])
    return {one: found[one] for one in wanted if one in found}


def _members(wanted: Collection[Node]) -> dict[Node, Neighbour]:
    if not wanted:
        return {}
    rows = Member.objects.filter(pk__in=[one for _of, one in wanted]).order_by("name_sort", "pk")
    said: Mapping[Node, Neighbour] = {
        (_MEMBERS, one.pk): Neighbour(_MEMBERS, one.pk, one.name, gettext("one of us")) for one in rows
    }
    return dict(said)
