"""Pools of an actor, what lies in them, how much of a quota is used."""

from collections.abc import Collection, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from guanxi.customers.choices import Hides, Pooled
from guanxi.customers.models import Customer, Pool, PoolMember, Transfer
from guanxi.customers.queries.lying import Lying
from guanxi.foundation.accounts.models import Department, Member
from guanxi.foundation.ledger.services import while_unwritten
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.tenancy.scope import current_scope

CLAIM = "customers.customer.claim"


@dataclass(frozen=True, slots=True)
class Places:
    """The pools whose customers somebody may claim, and those that he administers; each administrator claims too."""

    claims: frozenset[UUID] = frozenset()
    administers: frozenset[UUID] = frozenset()


def places_of(members: Collection[UUID]) -> Places:
    """The pools of some members together. A department's people are those of the departments beneath it, too."""
    return while_unwritten(("pools", frozenset(members)), lambda: _places(members))


def _places(members: Collection[UUID]) -> Places:
    rows = list(PoolMember.objects.values_list("pool_id", "member_id", "department_id", "administers"))
    if not rows:
        return Places()
    above = dict(Department.objects.values_list("id", "parent_id")) if any(row[2] for row in rows) else {}
    theirs: set[UUID] = set()
    for department in Member.objects.filter(pk__in=members).values_list("department_id", flat=True):
        at: UUID | None = department
        while at and at not in theirs:
            theirs.add(at)
            at = above.get(at)
    mine = [row for row in rows if row[1] in members or row[2] in theirs]
    return Places(frozenset(row[0] for row in mine), frozenset(row[0] for row in mine if row[3]))


def pool_of(member_id: UUID | None, *, of: str = Pooled.CUSTOMERS) -> UUID | None:
    """The pool that a customer (or what else it is `of`) of this member falls to where nobody says another: the first
    of theirs by name."""
    found = places_of([member_id]).claims if member_id is not None else frozenset()
    mine = Pool.objects.filter(pk__in=found, of=of)
    return mine.order_by("name").values_list("pk", flat=True).first()


def members_of(pool: Pool) -> list[PoolMember]:
    """Who belongs to a pool: departments first, each by name."""
    rows = PoolMember.objects.filter(pool=pool).select_related("member", "department")
    return sorted(rows, key=lambda one: (one.department is None, str(one)))


CUSTOMERS = Lying(Customer, Transfer, "customer", CLAIM)


# What a pool hides from those who may claim

_ROWS = {
    "contact_points": Hides.CONTACTS,
    "addresses": Hides.ADDRESSES,
    "people": Hides.CONTACTS,
    "affiliations": Hides.CONTACTS,
    "relationships": Hides.CONTACTS,
}


# Of the scope in which they were asked: every read and every write of customers asks again.
_terms: ContextVar[tuple[Any, dict[UUID, "Terms"]] | None] = ContextVar("guanxi_pool_terms", default=None)


@dataclass(frozen=True, slots=True)
class Terms:
    """What is asked of pools again and again: what each hides, and at how many phones one may look all the same;
    whether it limits what a person may hold."""

    hides: frozenset[str] = frozenset()
    looks: int = 0
    limits: bool = False


def pool_terms() -> Mapping[UUID, Terms]:
    """The terms of pools that have any, asked once in a scope, and again once a pool was written."""
    scope, known = current_scope(), _terms.get()
    if known is None or known[0] is not scope:
        rows = Pool.objects.filter(~Q(hides="") | Q(holds_a_person__isnull=False)).values_list(
            "pk", "hides", "looks_a_day", "holds_a_person"
        )
        found = {
            pk: Terms(frozenset(filter(None, hides.split(","))), looks, most is not None)
            for pk, hides, looks, most in rows
        }
        known = (scope, found)
        _terms.set(known)
    return known[1]


def ask_anew(actor: Actor, written: Any) -> None:
    """After pools were written, or something was undone."""
    _terms.set(None)


def limited() -> bool:
    """Whether any pool limits what a person may hold."""
    return any(one.limits for one in pool_terms().values())


def anything_hidden() -> bool:
    """Whether any pool hides anything."""
    return any(one.hides for one in pool_terms().values())


def hidden_fields(places: Places, fields: Mapping[str, Collection[str]]) -> dict[UUID, frozenset[str]]:
    """By pool those of the `fields`, which stand by what may be hidden (`Hides`), that it hides from whoever claims
    there without administering it."""
    found = {}
    for pool in places.claims - places.administers if places.claims else ():
        hides = pool_terms().get(pool, Terms()).hides
        if names := frozenset(name for one, names in fields.items() if one in hides for name in names):
            found[pool] = names
    return found


def hiding_rows(places: Places, resource: str) -> frozenset[UUID]:
    """The pools that hide rows of a resource which hang on their customers, from those who do not administer them."""
    wanted = _ROWS.get(resource, Hides.RECORDS)
    pools = places.claims - places.administers
    return frozenset(pool for pool in pools if wanted in pool_terms().get(pool, Terms()).hides)


def looks_of(pool_id: UUID) -> int:
    """At how many hidden phones one person may look in a day."""
    return pool_terms().get(pool_id, Terms()).looks
