"""Duplicates among people, and how an import compares them."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID
from zlib import crc32

from django.db import connection
from django.db.models import Q

from guanxi.customers.models import Person
from guanxi.customers.queries.customers import Duplicate
from guanxi.customers.rules import PersonKeys, Verdict, same_person
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.tenancy.scope import require_scope
from guanxi.kernel.text import fold
from guanxi.resource import access
from guanxi.resource.registry import find

_LOCKS = 256
_PHONE = 11  # digits of a phone that tell it from others
_LEAST = 7  # digits below which it tells nothing


def name_key(name: str) -> str:
    """What two persons' names are compared by: folded, without spaces and points."""
    return "".join(char for char in fold(name) if char.isalnum())[:100]


def keys_of_person(values: Mapping[str, Any]) -> PersonKeys:
    """What a person with these stored values is compared by."""
    name = values.get("name_key") or name_key(values.get("name") or "")
    reached = {fold(values[name]) for name in ("email", "wechat") if values.get(name)}
    digits = "".join(char for char in values.get("phone") or "" if char.isdigit())[-_PHONE:]
    if len(digits) >= _LEAST:
        reached.add(digits)
    return PersonKeys(
        values.get("number") or "", name, frozenset(reached), values.get("born"), values.get("customer_id")
    )


def _keys(person: Person) -> PersonKeys:
    return keys_of_person(vars(person))


def same_people(
    actor: Actor, keys: PersonKeys, *, beside: UUID | None = None, limit: int = 10
) -> list[Duplicate]:
    """People of the whole company who may be the same, certain ones first."""
    wanted = _meant([keys])
    if wanted is None:
        return []
    rows = Person.objects.filter(wanted).select_related("owner")
    if beside is not None:
        rows = rows.exclude(pk=beside)
    judged = [(person, same_person(keys, _keys(person))) for person in rows.order_by("id")[:200]]
    alike = [(person, verdict) for person, verdict in judged if verdict is not None]
    alike.sort(key=lambda pair: pair[1][0] != "certain")
    resource, ids = find("people"), [person.pk for person, _verdict in alike[:limit]]
    seen = set(access.visible(actor, resource).filter(pk__in=ids).values_list("pk", flat=True))
    return [
        Duplicate(verdict, reason, person, person.pk in seen) for person, (verdict, reason) in alike[:limit]
    ]


def _meant(keys: Collection[PersonKeys]) -> Q | None:
    numbers = {one.number for one in keys if one.number}
    names = {one.name_key for one in keys if one.name_key}
    wanted = Q()
    if numbers:
        wanted |= Q(number__in=numbers) & ~Q(number="")
    if names:
        wanted |= Q(name_key__in=names)
    return wanted or None


class PersonMatching:
    """Sameness of people for an import (`resource.matching.Matching`)."""

    def keys(self, values: Mapping[str, Any]) -> PersonKeys | None:
        found = keys_of_person(values)
        return found if found.number or found.name_key else None

    def of_text(self, text: str) -> PersonKeys:
        return PersonKeys(text, name_key(text), frozenset(), None, None)

    def shares(self, keys: PersonKeys) -> tuple[str, ...]:
        return tuple(mark + text for mark, text in (("#", keys.number), ("n", keys.name_key)) if text)

    def verdict(self, left: PersonKeys, right: PersonKeys) -> Verdict | None:
        found = same_person(left, right)
        return found[0] if found else None

    def find(self, keys: Collection[PersonKeys]) -> dict[PersonKeys, tuple[UUID, Verdict]]:
        wanted = _meant(keys)
        if wanted is None:
            return {}
        by_share: dict[str, list[tuple[UUID, PersonKeys]]] = {}
        columns = ("id", "number", "name_key", "phone", "email", "wechat", "born", "customer_id")
        for row in Person.objects.filter(wanted).order_by("id").values(*columns).iterator(chunk_size=2000):
            theirs = keys_of_person(row)
            for share in self.shares(theirs):
                by_share.setdefault(share, []).append((row["id"], theirs))
        found: dict[PersonKeys, tuple[UUID, Verdict]] = {}
        for mine in keys:
            alike = [
                (verdict, person)
                for share in self.shares(mine)
                for person, theirs in by_share.get(share, ())
                if (verdict := self.verdict(mine, theirs))
            ]
            if alike:
                verdict, person = min(alike, key=lambda one: one[0] != "certain")
                found[mine] = (person, verdict)
        return found

    def lock(self, keys: Collection[PersonKeys]) -> None:
        company = require_scope().tenant_id
        shares = sorted({crc32(text.encode()) % _LOCKS for one in keys for text in self.shares(one)})
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtext(%s), share) FROM unnest(%s::int[]) AS share",
                [f"people {company}", shares],
            )


class AffiliationMatching:
    """Sameness of positions for an import: the same person at the same customer in the same post."""

    def keys(self, values: Mapping[str, Any]) -> tuple[UUID, UUID, str] | None:
        person, customer = values.get("person_id"), values.get("customer_id")
        return (person, customer, fold(values.get("post") or "")) if person and customer else None

    def of_text(self, text: str) -> tuple[Any, ...]:
        return ()

    def shares(self, keys: Any) -> tuple[str, ...]:
        return (f"{keys[0]} {keys[1]}",) if keys else ()

    def verdict(self, left: Any, right: Any) -> Verdict | None:
        return "certain" if left and left == right else None

    def find(self, keys: Collection[Any]) -> dict[Any, tuple[UUID, Verdict]]:
        people = {one[0] for one in keys if one}
        rows = find("affiliations").model._default_manager.filter(person_id__in=people).order_by("id")
        there: dict[Any, UUID] = {}
        for row, person, customer, post in rows.values_list("id", "person_id", "customer_id", "post"):
            there.setdefault((person, customer, fold(post)), row)
        return {one: (there[one], "certain") for one in keys if one in there}

    def lock(self, keys: Collection[Any]) -> None:
        PersonMatching().lock({PersonKeys(str(one[0]), "", frozenset(), None, None) for one in keys if one})
