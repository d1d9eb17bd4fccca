"""Working out an actor from the tables, in four small queries."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from guanxi.foundation.accounts.models import Department, Member
from guanxi.foundation.permissions.actor import REACHES, Actor, most_permissive
from guanxi.foundation.permissions.models import Assignment, FieldRule, Grant
from guanxi.kernel.errors import NotFound


def load_actor(member_id: UUID, *, observer_id: UUID | None = None) -> Actor:
    """The actor of a member in the open scope. Raises NotFound for a member who is not here or has left."""
    member = Member.objects.filter(id=member_id, left_on__isnull=True).first()
    if member is None:
        raise NotFound("member_not_found", {})
    roles = dict(Assignment.objects.filter(member_id=member.id).values_list("role_id", "role__code"))
    grants: dict[str, str] = {}
    wide = False
    for code, reach in Grant.objects.filter(role_id__in=roles).values_list("code", "reach"):
        if code not in grants or REACHES.index(reach) > REACHES.index(grants[code]):
            grants[code] = reach
        wide = wide or reach in ("department", "below")
    rules: dict[tuple[str, str], dict[UUID, str]] = defaultdict(dict)
    for rule in FieldRule.objects.filter(role_id__in=roles):
        rules[rule.resource, rule.field][rule.role_id] = rule.mode
    field_rules = {}
    for key, by_role in rules.items():
        mode = most_permissive([by_role.get(role) for role in roles])
        if mode:
            field_rules[key] = mode
    peers: frozenset[UUID] = frozenset()
    below: frozenset[UUID] = frozenset()
    if wide and member.department_id:
        beneath = departments_below(member.department_id)
        rows = Member.objects.filter(department_id__in=beneath).values_list("id", "department_id")
        below = frozenset(row[0] for row in rows)
        peers = frozenset(row[0] for row in rows if row[1] == member.department_id)
    return Actor(
        tenant_id=member.tenant_id,
        member_id=member.id,
        name=member.name,
        grants=grants,
        department_id=member.department_id,
        peers=peers,
        below=below,
        field_rules=field_rules,
        roles=tuple(sorted(code for code in roles.values() if code)),
        account_id=member.account_id,
        observer_id=observer_id,
    )


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


def visible_members(actor: Actor) -> QuerySet[Member]:
    """The people whose entries the actor may open: within the reach of `accounts.member.view`."""
    within = actor.members_within("accounts.member.view")
    return Member.objects.all() if within is None else Member.objects.filter(id__in=within)


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
