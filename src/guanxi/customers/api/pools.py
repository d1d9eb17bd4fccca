"""Operations of the API on a pool: who belongs to it, and by which rules customers fall into it."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guanxi.customers.choices import Grade
from guanxi.customers.models import Pool, PoolMember
from guanxi.customers.queries.falling import due, terms_of
from guanxi.customers.queries.pools import members_of
from guanxi.customers.rules.pools import Clock, Term
from guanxi.customers.services.pool_settings import join_pool, leave_pool, set_terms
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid, Message, NotFound
from guanxi.resource import access
from guanxi.resource.operations import Operation, declare
from guanxi.resource.registry import find


@dataclass(frozen=True, kw_only=True)
class JoinPool:
    """A person, or a department whose people all belong to the pool. Who administers it sees what it hides, moves its
    customers and gives them to others."""

    member: UUID | None = None
    department: UUID | None = None
    administers: bool = False


@dataclass(frozen=True, kw_only=True)
class PoolMemberOut:
    """Somebody who claims out of a pool: a person or a department, the other one is null."""

    id: UUID
    member: UUID | None
    department: UUID | None
    name: str
    administers: bool


@dataclass(frozen=True, kw_only=True)
class GradeDays:
    """Other days for a grade; null: a customer of this grade never falls by the rule."""

    grade: str
    days: int | None = None


@dataclass(frozen=True, kw_only=True)
class PoolRule:
    """So many days without what the clock asks for: "activity", "opportunity" or "purchase". Without days only the
    grades named fall."""

    clock: str
    days: int | None = None
    by_grade: list[GradeDays] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class PoolRules:
    """All rules of a pool, one for each clock."""

    rules: list[PoolRule] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class PoolRulesOut:
    """The rules of a pool, and how many customers would fall tomorrow by them."""

    rules: list[PoolRule]
    tomorrow: int


def register() -> None:
    """Called once at start-up."""
    declare(
        Operation(
            area="pools", method="GET", path="pools/{id}/members", act=_members, answer=PoolMemberOut, many=True,
            summary=gettext_noop("Who belongs to a pool"),
        ),
        Operation(
            area="pools", method="POST", path="pools/{id}/members", act=_join, body=JoinPool, answer=PoolMemberOut,
            status=201,
            summary=gettext_noop("Let somebody claim out of a pool"),
            words=gettext_noop("Who belongs to it already becomes, or is no more, one who administers it."),
        ),
        Operation(
            area="pools", method="DELETE", path="pools/memberships/{id}", act=_leave, status=204,
            summary=gettext_noop("End somebody's part in a pool"),
        ),
        Operation(
            area="pools", method="GET", path="pools/{id}/rules", act=_rules, answer=PoolRulesOut,
            summary=gettext_noop("By which rules customers fall into a pool"),
        ),
        Operation(
            area="pools", method="POST", path="pools/{id}/rules", act=_set_rules, body=PoolRules, answer=PoolRulesOut,
            summary=gettext_noop("Say by which rules customers fall into a pool"),
            words=gettext_noop("They take the place of those that were there."),
        ),
    )  # fmt: skip


def _pool(actor: Actor, pool_id: UUID, verb: str = "view") -> Pool:
    actor.require(find("pools").permission("view"))
    found: Pool = access.get(actor, find("pools"), pool_id, verb=verb)
    return found


def _members(actor: Actor, pool_id: UUID) -> tuple[list[PoolMemberOut], None]:
    return [_out(one) for one in members_of(_pool(actor, pool_id))], None


def _out(one: PoolMember) -> PoolMemberOut:
    return PoolMemberOut(
        id=one.pk,
        member=one.member_id,
        department=one.department_id,
        name=str(one),
        administers=one.administers,
    )


def _join(actor: Actor, pool_id: UUID, body: JoinPool) -> PoolMemberOut:
    _pool(actor, pool_id, "edit")
    return _out(
        join_pool(
            actor, pool_id, member=body.member, department=body.department, administers=body.administers
        )
    )


def _leave(actor: Actor, membership_id: UUID) -> None:
    actor.require(find("pools").permission("edit"))
    found = PoolMember.objects.filter(pk=membership_id).first()
    if found is None:
        raise NotFound("not_found", {"resource": "pools"})
    leave_pool(actor, found.pool_id, membership_id)


def _rules(actor: Actor, pool_id: UUID) -> PoolRulesOut:
    return _rules_of(_pool(actor, pool_id, "edit"))


def _rules_of(pool: Pool) -> PoolRulesOut:
    rules = [
        PoolRule(
            clock=str(term.clock),
            days=term.days,
            by_grade=[GradeDays(grade=grade, days=days) for grade, days in term.by_grade.items()],
        )
        for term in terms_of(pool)
    ]
    return PoolRulesOut(rules=rules, tomorrow=due(pool, timezone.localdate() + timedelta(days=1)).count())


def _set_rules(actor: Actor, pool_id: UUID, body: PoolRules) -> PoolRulesOut:
    _pool(actor, pool_id, "edit")
    return _rules_of(set_terms(actor, pool_id, [_term(one) for one in body.rules]))


def _term(one: PoolRule) -> Term:
    problems: dict[str, Any] = {}
    if one.clock not in list(Clock):
        problems["clock"] = [Message("choice", _("“%(value)s” is not in the list."), {"value": one.clock})]
    if any(each.grade not in Grade.values for each in one.by_grade):
        problems["grade"] = [Message("choice", _("There is no such grade."))]
    if problems:
        raise Invalid(problems)
    return Term(Clock(one.clock), one.days, {each.grade: each.days for each in one.by_grade})
