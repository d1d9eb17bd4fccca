"""Two people who left the demo company, and who has their customers since."""

# Chinese in code: names and words of the demo company

from typing import Final

from guanxi.activities.queries.attention import customers_of
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.services import create_member
from guanxi.resource import acting
from guanxi.resource.registry import find
from guanxi.team.rules import Plan
from guanxi.team.services.handover import accept, hand_over

_LEFT: Final = (
    ("何俊杰", "lin.xiaowen", "离职回老家，客户交回小组"),
    ("罗婷婷", "chen.hao", "调往海外公司，国内客户移交"),
)
_CUSTOMERS = 12


def successors() -> list[str]:
    """Who has their customers now, by sign-in name."""
    return [successor for _name, successor, _reason in _LEFT]


def add_leavers(admin: Actor, actors: dict[str, Actor]) -> None:
    """Each held some customers that a colleague has now; the first of these has said that she has taken over."""
    customers = find("customers")
    for place, (name, successor, reason) in enumerate(_LEFT):
        actor = actors[successor]
        there = Member.objects.get(pk=actor.member_id or "")
        left = create_member(
            admin,
            name=name,
            department_id=there.department_id,
            superior_id=there.superior_id,
            title="客户经理",
        )
        rows = customers_of(admin, [there.pk]).order_by("-updated_at", "pk")
        ids = list(rows.values_list("pk", flat=True)[:_CUSTOMERS])
        acting.find(admin, customers, "assign").service(admin, ids=ids, owner=left.pk)
        made = hand_over(admin, left.pk, plan=Plan(there.pk), reason=reason, close=True)
        if not place:
            accept(actor, made.shares.get().pk)
