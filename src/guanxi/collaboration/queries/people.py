"""Members as those who can be mentioned and told."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.queries import load_actor
from guanxi.kernel.errors import NotFound
from guanxi.kernel.pinyin import readings
from guanxi.kernel.text import bare
from guanxi.resource import access, registry
from guanxi.resource.declaration import Resource

OFFERED = 8


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who can be mentioned; `sees` whether he sees the record."""

    id: UUID
    name: str
    department: str
    sees: bool


def declared(key: str) -> type[Resource]:
    """The resource with a key out of an address. Raises NotFound."""
    found = registry.find_by_key(key)
    if found is None:
        raise NotFound("not_found", {"resource": key})
    return found


def record_of(actor: Actor, key: str, record_id: UUID | str) -> tuple[type[Resource], Any]:
    """A record that the actor sees, with its resource. Raises NotFound."""
    resource = declared(key)
    return resource, access.get(actor, resource, record_id)


def actors_of(ids: Iterable[UUID]) -> dict[UUID, Actor]:
    """What these members may do, each in a statement; who has left is not among them."""
    found = {}
    for member_id in dict.fromkeys(ids):
        try:
            found[member_id] = load_actor(member_id)
        except NotFound:
            continue
    return found


def seeing(resource: type[Resource], record: Any, ids: Iterable[UUID]) -> dict[UUID, Actor]:
    """Those of the members who see the record today."""
    return {
        member_id: one
        for member_id, one in actors_of(ids).items()
        if access.allows(one, resource, record, "view")
    }


def people_by_name() -> Mapping[str, Sequence[UUID]]:
    """Everybody who works here, by name as it is written."""
    found: dict[str, list[UUID]] = defaultdict(list)
    rows = Member.objects.filter(left_on__isnull=True).order_by("id").values_list("name", "id")
    for name, member_id in rows:
        found[name].append(member_id)
    return found


def suggest_people(
    actor: Actor, resource: type[Resource], record: Any, text: str, *, limit: int = OFFERED
) -> list[Candidate]:
    """Whom `@` and what was typed behind it may mean: by part of a name, pinyin or its initials."""
    wanted = bare(text)
    rows = Member.objects.filter(left_on__isnull=True)
    if actor.member_id is not None:
        rows = rows.exclude(id=actor.member_id)
    matched = []
    for member in rows.select_related("department").order_by("name_sort", "id"):
        if is_meant(member.name, wanted):
            matched.append(member)
            if len(matched) == limit:
                break
    sees = seeing(resource, record, [member.id for member in matched])
    return [
        Candidate(
            member.id, member.name, member.department.name if member.department else "", member.id in sees
        )
        for member in matched
    ]


def is_meant(name: str, wanted: str) -> bool:
    """Whether a folded text is part of a name or begins one of the ways to type it."""
    return not wanted or wanted in bare(name) or any(one.startswith(wanted) for one in _typed(name))


@lru_cache(maxsize=5000)
def _typed(name: str) -> tuple[str, ...]:
    found = readings(name, person=True)
    return (*found.full, *found.initials)
