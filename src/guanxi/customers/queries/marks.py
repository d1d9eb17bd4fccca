"""What records are recognised by, and who shares it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID
from zlib import crc32

from django.db import connection
from django.db.models import Model

from guanxi.customers.models import Affiliation, Customer, Person
from guanxi.customers.rules.alike import CUSTOMERS, PEOPLE, STRONG, Known, keys_of
from guanxi.foundation.tenancy.bulk import array_literal
from guanxi.foundation.tenancy.scope import require_scope
from guanxi.kernel.alike.index import MOST_HOLDERS
from guanxi.kernel.alike.verdicts import Key

# What is looked for duplicates of, by resource.
MODELS: Mapping[str, type[Model]] = {CUSTOMERS: Customer, PEOPLE: Person}
_LOCKS = 256

Shared = Mapping[UUID, Collection[Key]]


def sharing(
    resource: str, known: Sequence[Known], *, strong: bool = False
) -> tuple[list[dict[UUID, list[Key]]], frozenset[Key]]:
    """For each of `known` the records of the open company with which it has a key in common, and those keys; and
    the keys too many hold to tell anything. `strong`: only by what can be certain or likely.

    A customer is found by the telephones and addresses of the people who work there too.
    """
    company = require_scope().tenant_id
    wanted: dict[int, Key] = {}
    asked: list[list[int]] = []
    for one in known:
        marks = {mark: key for key, mark in one.marks(company).items() if not strong or key.kind in STRONG}
        wanted |= marks
        asked.append(list(marks))
    held: dict[int, list[tuple[str, UUID]]] = defaultdict(list)
    hot = set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key, resource, record FROM guanxi_marks(%s::bigint[], %s)",
            [array_literal(list(wanted)), MOST_HOLDERS],
        )
        for mark, kind, record in cursor.fetchall():
            if record is None:
                hot.add(wanted[mark])
            else:
                held[mark].append((kind, record))
    employers = _employers(held, resource)
    found: list[dict[UUID, list[Key]]] = []
    for marks_of in asked:
        shared: dict[UUID, list[Key]] = defaultdict(list)
        for mark in marks_of:
            for kind, record in held.get(mark, ()):
                if kind == resource:
                    shared[record].append(wanted[mark])
                for employer in employers.get(record, ()) if kind != resource else ():
                    shared[employer].append(wanted[mark])
        found.append(shared)
    return found, frozenset(hot)


def _employers(held: Mapping[int, Iterable[tuple[str, UUID]]], resource: str) -> dict[UUID, list[UUID]]:
    """The customers at which people work who were found by a customer's telephone."""
    people = {record for rows in held.values() for kind, record in rows if kind == PEOPLE}
    found: dict[UUID, list[UUID]] = defaultdict(list)
    if resource == CUSTOMERS and people:
        rows = Affiliation.objects.filter(person_id__in=people, until__isnull=True)
        for person, customer in rows.values_list("person_id", "customer_id"):
            found[person].append(customer)
    return found


def hold(resource: str, known: Iterable[Known]) -> None:
    """Hold what is telling until the transaction ends: of two who create the same at once, one waits.

    Keys share a few hundred locks of the company, since the database has room for some thousands in all. Sorted,
    so that two transactions never wait for each other in a circle.
    """
    hold_texts(
        resource, {f"{key.kind} {key.text}" for one in known for key in keys_of(one) if key.kind in STRONG}
    )


def hold_texts(resource: str, texts: Collection[str]) -> None:
    """`hold` for texts of one's own."""
    company = require_scope().tenant_id
    shares = sorted({crc32(text.encode()) % _LOCKS for text in texts})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext(%s), share) FROM unnest(%s::int[]) AS share",
            [f"{resource} {company}", shares],
        )
