"""Who belongs to a pool, and when customers fall into it; one verb each, actor first."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Pool, PoolMember
from guanxi.customers.rules.pools import Term
from guanxi.foundation.accounts.models import Department, Member
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid, Message, NotFound, Refused

_EDIT = "customers.pool.edit"
MOST_DAYS = 3650


def join_pool(
    actor: Actor,
    pool_id: UUID,
    *,
    member: UUID | None = None,
    department: UUID | None = None,
    administers: bool = False,
) -> PoolMember:
    """Let a person, or the people of a department, claim out of a pool; somebody who belongs to it already becomes, or
    is no more, one who administers it. Raises Forbidden, NotFound, and Refused where not exactly one is named."""
    actor.require(_EDIT)
    pool = _pool(pool_id)
    if (member is None) == (department is None):
        raise Refused("one", _("Name a person or a department."))
    if member is not None:
        there = Member.objects.filter(pk=member, left_on__isnull=True).exists()
    else:
        there = Department.objects.filter(pk__in=[department]).exists()
    if not there:
        raise NotFound("not_found", {"resource": "pools"})
    with operation(actor, _EDIT, record_id=pool.pk, label=pool.name):
        named_as = {"member_id": member} if member is not None else {"department_id": department}
        known = PoolMember.objects.filter(pool=pool, **named_as).first()
        found = known or PoolMember(pool=pool, **named_as)
        found.administers = administers
        found.save()
    return found


def leave_pool(actor: Actor, pool_id: UUID, membership_id: UUID) -> None:
    """End a person's or department's part in a pool. Raises Forbidden, NotFound."""
    actor.require(_EDIT)
    pool = _pool(pool_id)
    found = PoolMember.objects.filter(pool=pool, pk=membership_id).first()
    if found is None:
        raise NotFound("not_found", {"resource": "pools"})
    with operation(actor, _EDIT, record_id=pool.pk, label=pool.name):
        found.delete()


def set_terms(actor: Actor, pool_id: UUID, terms: Sequence[Term]) -> Pool:
    """Say by which rules customers fall into a pool, at most one for each clock. Raises Forbidden, NotFound, and
    Invalid beside the clock."""
    actor.require(_EDIT)
    pool = _pool(pool_id)
    problems = Invalid()
    if len({term.clock for term in terms}) < len(terms):
        problems.add("terms", Message("twice", _("One rule for each thing that is counted.")))
    for term in terms:
        said = [term.days, *term.by_grade.values()]
        if any(days is not None and not 1 <= days <= MOST_DAYS for days in said):
            words = {"least": 1, "most": MOST_DAYS}
            problems.add(term.clock, Message("range", _("A number from %(least)s to %(most)s."), words))
    if problems:
        raise problems
    kept = [
        {"clock": str(term.clock), "days": term.days, "by_grade": dict(term.by_grade)}
        for term in terms
        if term.days is not None or any(days is not None for days in term.by_grade.values())
    ]
    with operation(actor, _EDIT, record_id=pool.pk, label=pool.name):
        pool.terms = kept
        pool.save(update_fields=["terms"])
    return pool


def _pool(pool_id: UUID) -> Pool:
    found = Pool.objects.filter(pk=pool_id).first()
    if found is None:
        raise NotFound("not_found", {"resource": "pools"})
    return found
