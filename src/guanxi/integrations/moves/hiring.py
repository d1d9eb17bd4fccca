"""Users of another program who become colleagues: without a sign-in, in their departments, under their superiors."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from guanxi.foundation.accounts.models import Department
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.services.departments import create_department
from guanxi.foundation.permissions.services.members import create_member
from guanxi.integrations.moves.colleagues import Colleague, in_order

NEWCOMER = "new"  # in place of a member's id: they are to become one
MANAGE = "accounts.member.manage"


def hired(
    actor: Actor, colleagues: Sequence[Colleague], people: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, int]]:
    """Add whoever is to be a colleague. Returns who of us everybody is, by their keys there, and how many people and
    departments were added. Raises Forbidden, Invalid."""
    who = {key: member for key, member in people.items() if member != NEWCOMER}
    added = {"colleagues": 0, "departments": 0}
    departments = dict(Department.objects.order_by("-id").values_list("name", "id"))
    for one in in_order(colleagues):
        if people.get(one.key) != NEWCOMER:
            continue
        if one.department and one.department not in departments:
            departments[one.department] = create_department(actor, name=one.department).id
            added["departments"] += 1
        superior = who.get(one.superior)
        member = create_member(
            actor,
            name=one.name,
            email=one.email,
            department_id=departments.get(one.department),
            superior_id=UUID(superior) if superior else None,
        )
        who[one.key] = str(member.id)
        added["colleagues"] += 1
    return who, added
