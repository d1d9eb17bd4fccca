"""Reads of relationships: which two are the same, and which a card shows."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from guanxi.customers.choices import FROM, MEANINGS, MUTUAL, TO
from guanxi.customers.models import Affiliation, Customer, Relationship
from guanxi.customers.queries.marks import hold_texts
from guanxi.foundation.permissions.actor import Actor
from guanxi.resource import access
from guanxi.resource.matching import Certainty
from guanxi.resource.registry import find

_NEWS = 365  # days for which a change of jobs is news
Key = tuple[str, str, str]  # the ids of both ends and the kind
# The links of a relationship by which it stands on the card of a record of this resource.
LINKS: Mapping[str, tuple[str, str]] = {
    "people": ("from_person", "to_person"),
    "customers": ("from_customer", "to_customer"),
}


def key_of(values: Mapping[str, Any]) -> Key | None:
    """What two relationships are compared by, given stored values; None where an end or the kind is missing."""
    kind = values.get("kind")
    first = next((values[f"{end}_id"] for end in FROM if values.get(f"{end}_id")), None)
    second = next((values[f"{end}_id"] for end in TO if values.get(f"{end}_id")), None)
    if not kind or first is None or second is None:
        return None
    ends = [str(first), str(second)]
    if kind in MUTUAL:
        ends.sort()
    return ends[0], ends[1], str(kind)


def standing(keys: Iterable[Key]) -> dict[Key, UUID]:
    """The relationships of the open company that these keys mean."""
    wanted: dict[tuple[str, str], set[Key]] = {}
    for key in keys:
        meaning = MEANINGS.get(key[2])
        if meaning is not None:
            wanted.setdefault(meaning.ends, set()).add(key)
    found: dict[Key, UUID] = {}
    for (first, second), mine in wanted.items():
        one, other = {key[0] for key in mine}, {key[1] for key in mine}
        there = Q(**{f"{first}__in": one, f"{second}__in": other})
        if any(key[2] in MUTUAL for key in mine):
            there |= Q(**{f"{first}__in": other, f"{second}__in": one})
        columns = ("id", f"{first}_id", f"{second}_id", "kind")
        for row in Relationship.objects.filter(there).order_by("id").values(*columns):
            same = key_of(row)
            if same in mine:
                found.setdefault(same, row["id"])
    return found


class TieMatching:
    """Sameness of relationships for an import: the same kind between the same two (`resource.matching.Matching`)."""

    def keys(self, values: Mapping[str, Any]) -> Key | None:
        """What a row with these stored values is compared by."""
        return key_of(values)

    def linked(self, keys: Any, values: Mapping[str, Any]) -> Key | None:
        return self.keys(values)

    def remembered(self, keys: Key) -> Key:
        return keys

    def of_text(self, text: str) -> tuple[Any, ...]:
        return ()

    def shares(self, keys: Any) -> tuple[str, ...]:
        return (" ".join(keys),) if keys else ()

    def verdict(self, left: Any, right: Any) -> Certainty | None:
        return "certain" if left and left == right else None

    def find(self, keys: Collection[Any]) -> dict[Any, tuple[UUID, Certainty]]:
        return {key: (row, "certain") for key, row in standing(key for key in keys if key).items()}

    def lock(self, keys: Collection[Any]) -> None:
        hold_texts("relationships", {str(one[:2]) for one in keys if one})


def ties_of(actor: Actor, key: str, record_id: UUID) -> QuerySet[Relationship]:
    """The relationships of a customer or person (by its resource's key) that the actor sees."""
    first, second = LINKS[key]
    found: QuerySet[Relationship] = access.visible(actor, find("relationships"))
    return found.filter(Q(**{first: record_id}) | Q(**{second: record_id}))


def family_of(actor: Actor, record: Customer) -> tuple[Customer | None, QuerySet[Customer]]:
    """The parent company and the subsidiaries of a customer, those that the actor sees; none where the link or what
    they are called is closed to him."""
    customers = find("customers")
    seen: QuerySet[Customer] = access.visible(actor, customers)
    if not all(access.is_open(actor, customers.kind(name)) for name in ("parent", "name")):
        return None, seen.none()
    above = seen.filter(pk=record.parent_id).first() if record.parent_id is not None else None
    return above, seen.filter(parent=record.pk).order_by("name_sort", "pk")


def shown_links(actor: Actor) -> frozenset[str]:
    """The links of relationships that the actor may follow: neither they nor the names they lead to are closed."""
    ties = find("relationships")
    named = {key: access.is_open(actor, find(key).kind("name")) for key in LINKS}
    to = {link: key for key, links in LINKS.items() for link in links}
    return frozenset(
        end
        for end in (*FROM, *TO)
        if access.is_open(actor, ties.kind(end)) and (end not in to or named[to[end]])
    )


def other_end(tie: Relationship, record_id: UUID) -> tuple[str, UUID, bool]:
    """The link at whose end the other one stands, their id, and whether this record is the first."""
    first, second = MEANINGS[tie.kind].ends
    of_first: bool = getattr(tie, f"{first}_id") == record_id
    link = second if of_first else first
    return link, getattr(tie, f"{link}_id"), of_first


def posts_open(actor: Actor) -> bool:
    """Whether the actor may know who works and worked where."""
    posts = find("affiliations")
    return (
        actor.may(posts.permission("view"))
        and all(access.is_open(actor, posts.kind(name)) for name in ("person", "customer", "until"))
        and all(access.is_open(actor, find(key).kind("name")) for key in ("people", "customers"))
    )


def newcomers(actor: Actor, customer_id: UUID, *, most: int) -> list[Affiliation]:
    """The positions, at other customers in sight, that people who work at this one have left within a year, the last
    one first, one of each person; up to `most` people. Asked of at every card: one statement, where there is nobody."""
    if not posts_open(actor):
        return []
    today = timezone.localdate()
    # Whoever sees a customer sees the positions there.
    here = Affiliation.objects.filter(customer=customer_id, person=OuterRef("person"))
    here = here.filter(Q(until__isnull=True) | Q(until__gt=today))
    left = access.visible(actor, find("affiliations")).filter(
        Exists(here),
        until__gt=today - timedelta(days=_NEWS),
        until__lte=today,
    )
    found: dict[UUID, Affiliation] = {}
    rows = left.exclude(customer=customer_id).select_related("person", "customer").order_by("-until", "pk")
    for one in rows[: 3 * most]:
        found.setdefault(one.person_id, one)
    if not found:
        return []
    people = access.visible(actor, find("people")).filter(pk__among=list(found))
    seen = set(people.values_list("pk", flat=True))
    return [one for person, one in found.items() if person in seen][:most]


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """Why a person at a customer is no stranger: where of ours they worked before, and who of us knows them."""

    worked_at: tuple[str, ...]
    known_by: tuple[str, ...]


def acquainted(actor: Actor, people: Collection[UUID], at: UUID) -> dict[UUID, Acquaintance]:
    """Of people in sight those whom we know from elsewhere than the customer `at`. Two statements at most."""
    rows, ties = find("affiliations"), find("relationships")
    worked: dict[UUID, list[str]] = {}
    known: dict[UUID, list[str]] = {}
    by_post = all(access.is_open(actor, rows.kind(name)) for name in ("person", "customer", "until"))
    if people and by_post and access.is_open(actor, find("customers").kind("name")):
        former = access.visible(actor, rows).filter(person__in=list(people), until__isnull=False)
        former = former.exclude(customer=at).select_related("customer").order_by("-until", "pk")
        for one in former[:200]:
            names = worked.setdefault(one.person_id, [])
            name = one.customer.name
            if name not in names:
                names.append(name)
    if (
        people
        and {"from_member", "to_person"} <= shown_links(actor)
        and access.is_open(actor, ties.kind("kind"))
    ):
        knows = access.visible(actor, ties).filter(to_person__in=list(people), from_member__isnull=False)
        for tie in knows.select_related("from_member").order_by("-strength", "pk")[:200]:
            known.setdefault(tie.to_person_id, []).append(tie.from_member.name)
    return {
        person: Acquaintance(tuple(worked.get(person, ())[:2]), tuple(known.get(person, ())[:3]))
        for person in people
        if person in worked or person in known
    }
