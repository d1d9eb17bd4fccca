"""What records are recognised by, and who shares it."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID
from zlib import crc32

from django.db import connection
from django.db.models import Model

from guanxi.customers.models import Affiliation, Customer, Mark, Person
from guanxi.customers.rules.alike import CUSTOMERS, PEOPLE, SIGNED, Known, Telling
from guanxi.foundation.tenancy.scope import require_scope
from guanxi.kernel.alike.index import MOST_HOLDERS
from guanxi.kernel.alike.verdicts import Key

# What is looked for duplicates of, by resource.
MODELS: dict[str, type[Model]] = {CUSTOMERS: Customer, PEOPLE: Person}
_LOCKS = 256

Shared = Mapping[UUID, Collection[Key]]


class Holder(NamedTuple):
    """A record that holds a key, and what stands beside the key; nothing where the key is no sign."""

    resource: str
    record: UUID
    beside: Telling | None


def sharing(
    resource: str,
    known: Sequence[Known],
    *,
    strong: bool = False,
    unless: Callable[[Known], Callable[[Key, Telling], bool]] | None = None,
) -> tuple[list[dict[UUID, list[Key]]], frozenset[Key]]:
    """For each of `known` the records of the open company with which it has a key in common, and those keys; and
    the keys too many hold to tell anything. `strong`: only by what can be certain or likely; then without records
    of which `unless` says of each key in common that it tells nothing.

    A customer is found by the telephones and addresses of the people who work there too.
    """
    company = require_scope().tenant_id
    wanted: dict[int, Key] = {}
    asked: list[list[int]] = []
    for one in known:
        marks = one.marks(company)
        mine = {marks[key]: key for key in (one.telling if strong else marks)}
        wanted |= mine
        asked.append(list(mine))
    held, hot = holders(list(wanted), strong=strong)
    employers = _employers(held, resource)
    found: list[dict[UUID, list[Key]]] = []
    for one, marks_of in zip(known, asked, strict=True):
        shared: dict[UUID, list[Key]] = defaultdict(list)
        idle = unless(one) if unless is not None else None
        telling: set[UUID] = set()
        for mark in marks_of:
            for holder in held.get(mark, ()):
                records = [holder.record] if holder.resource == resource else employers.get(holder.record, ())
                for record in records:
                    shared[record].append(wanted[mark])
                if idle is None or holder.beside is None or not idle(wanted[mark], holder.beside):
                    telling.update(records)
        found.append({record: keys for record, keys in shared.items() if record in telling})
    return found, frozenset(wanted[mark] for mark in hot)


# Of each key one more than may hold it. Row-level security serves itself of the index, for equality leaks nothing.
_SIGNS = """
    SELECT w.key, s.resource, s.record, s.places, s.code
      FROM unnest(%s::bigint[]) AS w(key) CROSS JOIN LATERAL (
           SELECT resource, record, places, code FROM customers_sign WHERE key = w.key LIMIT %s) s
"""


def holders(marks: Sequence[int], *, strong: bool) -> tuple[dict[int, list[Holder]], set[int]]:
    """Who holds each of these, and those that too many hold. `strong`: they are all telling."""
    held: dict[int, list[Holder]] = defaultdict(list)
    written = f"{{{','.join(map(str, marks))}}}"
    with connection.cursor() as cursor:
        cursor.execute(_SIGNS, [written, MOST_HOLDERS + 1])
        for mark, kind, record, places, code in cursor.fetchall():
            held[mark].append(Holder(kind, record, Telling(places, code)))
        hot = {mark for mark, holders in held.items() if len(holders) > MOST_HOLDERS}
        if not strong or Mark.objects.filter(edition__lt=SIGNED).exists():
            cursor.execute(
                "SELECT key, resource, record FROM guanxi_marks(%s::bigint[], %s)", [written, MOST_HOLDERS]
            )
            for mark, kind, record in cursor.fetchall():
                if record is None:
                    hot.add(mark)
                else:
                    held[mark].append(Holder(kind, record, None))
    return {mark: holders for mark, holders in held.items() if mark not in hot}, hot


def _employers(held: Mapping[int, Iterable[Holder]], resource: str) -> dict[UUID, list[UUID]]:
    """The customers at which people work who were found by a customer's telephone."""
    people = {one.record for holders in held.values() for one in holders if one.resource == PEOPLE}
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
    hold_texts(resource, {f"{key.kind} {key.text}" for one in known for key in one.telling})


def hold_texts(resource: str, texts: Collection[str]) -> None:
    """`hold` for texts of one's own."""
    company = require_scope().tenant_id
    shares = sorted({crc32(text.encode()) % _LOCKS for text in texts})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext(%s), share) FROM unnest(%s::int[]) AS share",
            [f"{resource} {company}", shares],
        )
