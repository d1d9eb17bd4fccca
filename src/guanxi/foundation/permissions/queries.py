"""Working out an actor from the tables, in one statement: every request begins with it."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from guanxi.foundation.accounts.models import Department, Member
from guanxi.foundation.permissions.actor import VEILED, Actor, most_permissive
from guanxi.foundation.permissions.models import Assignment, Reach
from guanxi.foundation.permissions.rules import widest
from guanxi.foundation.tenancy.scope import require_scope
from guanxi.kernel.errors import NotFound

# Each column is a list of its own; the departments beneath are walked for those only whose rights reach there.
_ACTOR = """
WITH RECURSIVE me AS (
    SELECT id, name, department_id, account_id FROM accounts_member
     WHERE tenant_id = %(company)s AND id = %(member)s AND left_on IS NULL
), held AS (
    SELECT r.id, r.code FROM permissions_assignment a
      JOIN permissions_role r ON r.tenant_id = a.tenant_id AND r.id = a.role_id
     WHERE a.tenant_id = %(company)s AND a.member_id = %(member)s
), granted AS (
    SELECT DISTINCT code, reach FROM permissions_grant
     WHERE tenant_id = %(company)s AND role_id IN (SELECT id FROM held)
), beneath AS (
    SELECT department_id AS id FROM me
     WHERE department_id IS NOT NULL AND EXISTS (SELECT 1 FROM granted WHERE reach IN ('department', 'below'))
    UNION
    SELECT d.id FROM accounts_department d JOIN beneath b ON d.parent_id = b.id WHERE d.tenant_id = %(company)s
), near AS (
    SELECT id, department_id FROM accounts_member
     WHERE tenant_id = %(company)s AND department_id IN (SELECT id FROM beneath)
)
SELECT me.id, name, department_id, account_id,
       ARRAY(SELECT id FROM held), ARRAY(SELECT code FROM held WHERE code <> '' ORDER BY code),
       ARRAY(SELECT ARRAY[code, reach]::text[] FROM granted),
       ARRAY(SELECT ARRAY[resource, field, role_id::text, mode]::text[] FROM permissions_fieldrule
              WHERE tenant_id = %(company)s AND role_id IN (SELECT id FROM held)),
       ARRAY(SELECT id FROM near WHERE department_id = me.department_id), ARRAY(SELECT id FROM near),
       (SELECT settings -> 'veiled' FROM tenancy_tenant WHERE id = %(company)s)
  FROM me
"""


def load_actor(member_id: UUID, *, observer_id: UUID | None = None) -> Actor:
    """The actor of a member in the open scope. Raises NotFound for a member who is not here or has left."""
    company = require_scope().tenant_id
    with connection.cursor() as cursor:
        cursor.execute(_ACTOR, {"company": company, "member": member_id})
        found = cursor.fetchone()
    if found is None:
        raise NotFound("member_not_found", {})
    own_id, name, department_id, account_id, roles, codes, grants, rules, peers, below, veiled = found
    return Actor(
        tenant_id=company,
        member_id=own_id,
        name=name,
        grants=widest((code, reach) for code, reach in grants),
        department_id=department_id,
        peers=frozenset(peers),
        below=frozenset(below),
        field_rules=_veiled(_field_rules(rules, [str(role) for role in roles]), veiled),
        roles=tuple(codes),
        account_id=account_id,
        observer_id=observer_id,
    )


def _field_rules(
    rules: Iterable[tuple[str, str, str, str]], roles: Iterable[str]
) -> dict[tuple[str, str], str]:
    """What holds for somebody with all of the roles, from (resource, field, role, mode)."""
    by_field: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for resource, field, role, mode in rules:
        by_field[resource, field][role] = mode
    modes = {key: most_permissive([by_role.get(role) for role in roles]) for key, by_role in by_field.items()}
    return {key: mode for key, mode in modes.items() if mode}


def _veiled(modes: dict[tuple[str, str], str], veiled: Any) -> dict[tuple[str, str], str]:
    """The same with what the company masks until asked for; what a rule masks or hides stays so."""
    pairs: list[list[str]] = (json.loads(veiled) if isinstance(veiled, str) else veiled) or []
    for resource, name in pairs:
        held = modes.get((resource, name))
        if held in (None, "read_only"):
            modes[resource, name] = VEILED[held is not None]
    return modes


def departments_below(department_id: UUID) -> set[UUID]:
    """The department and every one beneath it."""
    children: dict[UUID | None, list[UUID]] = defaultdict(list)
    for child, parent in Department.objects.values_list("id", "parent_id"):
        children[parent].append(child)
    found, queue = {department_id}, [department_id]
    while queue:
        for child in children[queue.pop()]:
            if child not in found:
                found.add(child)
                queue.append(child)
    return found


@dataclass(frozen=True, slots=True)
class Holds:
    """What still points to a member: who reports to them, which departments they head."""

    reports: tuple[Member, ...]
    departments: tuple[Department, ...]


def holds_of_member(member_id: UUID) -> Holds:
    """Shown before a member is closed: these stay as they are."""
    return Holds(
        tuple(Member.objects.filter(superior_id=member_id, left_on__isnull=True).order_by("name_sort", "id")),
        tuple(Department.objects.filter(head_id=member_id).order_by("position", "id")),
    )


def superiors(members: Collection[UUID]) -> dict[UUID, Member]:
    """By member whom he answers to: his superior, else the head of his department or of the next one above it; one who
    has left or is he himself does not count. Who answers to nobody is left out."""
    here = {one.pk: one for one in Member.objects.filter(left_on__isnull=True)}
    departments = {one.pk: one for one in Department.objects.all()}
    found: dict[UUID, Member] = {}
    for member in Member.objects.filter(pk__in=list(members)):
        candidates = [member.superior_id]
        above = departments.get(member.department_id) if member.department_id else None
        while above is not None:
            candidates.append(above.head_id)
            above = departments.get(above.parent_id) if above.parent_id else None
        wanted = (here[one] for one in candidates if one in here and one != member.pk)
        if (superior := next(wanted, None)) is not None:
            found[member.pk] = superior
    return found


def visible_members(actor: Actor) -> QuerySet[Member]:
    """The people whose entries the actor may open: within the reach of `accounts.member.view`."""
    within = actor.members_within("accounts.member.view")
    return Member.objects.all() if within is None else Member.objects.filter(id__in=within)


def members_who_may(code: str) -> list[Member]:
    """Everybody who is here and may do this to anybody's records, by name."""
    held = Assignment.objects.filter(role__grants__code=code, role__grants__reach=Reach.ALL)
    found = Member.objects.filter(pk__in=held.values("member_id"), left_on__isnull=True)
    return list(found.order_by("name_sort", "id"))


def find_member(actor: Actor, member_id: UUID) -> Member:
    """One of them. Raises Forbidden without the right to see any, NotFound for one that is not visible."""
    actor.require("accounts.member.view")
    member = (
        visible_members(actor)
        .select_related("account", "department", "superior")
        .filter(id=member_id)
        .first()
    )
    if member is None:
        raise NotFound("member_not_found", {})
    return member
