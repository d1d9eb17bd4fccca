"""What is known of members about a sale: won of its like, knows its people, load. As far as the actor sees sales."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from guanxi.activities.choices import State as Done
from guanxi.activities.models import Activity
from guanxi.customers.models import Customer, Relationship
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.queries import load_actor
from guanxi.kernel.errors import Forbidden
from guanxi.resource import access
from guanxi.resource.registry import find
from guanxi.sales.choices import State
from guanxi.sales.models import Opportunity
from guanxi.sales.rules.sending import Facts, Share, ranked

SHOWN = 8
_WEEK = timedelta(days=7)


def candidates(actor: Actor, sale: Opportunity) -> list[tuple[Member, Facts, int, bool]]:
    """Members whom the actor may give the sale to, the most fitting first, with what speaks for each, how much, and
    whether they may see its customer today. Raises Forbidden."""
    code = find("opportunities").permission("assign")
    actor.require(code)
    if not access.is_open(actor, find("opportunities").kind("owner")):
        raise Forbidden(code)
    within = actor.members_within(code)
    people = Member.objects.filter(left_on__isnull=True)
    if within is not None:
        people = people.filter(pk__in=within)
    members = {one.pk: one for one in people}
    found = ranked(_facts(actor, sale, list(members)))
    # Who does not sell has nothing that speaks for him.
    selling = [(one, points) for one, points in found if one.open or one.touches or _has_sold(one)]
    chosen = (selling or found)[:SHOWN]
    return [(members[one.member], one, points, _sees(one.member, sale.customer_id)) for one, points in chosen]


def _has_sold(one: Facts) -> bool:
    return any(share is not None and share.closed for share in (one.size, one.industry, one.region))


def _facts(actor: Actor, sale: Opportunity, members: Sequence[UUID]) -> list[Facts]:
    sales = access.visible(actor, find("opportunities")).order_by().filter(owner_id__in=members)
    customer = _customer(actor, sale)
    size, industry, region = (
        _shares(sales, f"customer__{name}", getattr(customer, name))
        if customer is not None and _may_ask(actor, name)
        else None
        for name in ("size", "industry", "region")
    )
    loads = dict(sales.filter(state=State.OPEN).values_list("owner_id").annotate(Count("id")))
    touched, planned = _activities(actor, customer, members)
    ties = _ties(actor, customer, members)
    answers = customer.owner_id if customer is not None and _may_ask(actor, "owner") else None
    return [
        Facts(
            member=pk,
            size=None if size is None else size.get(pk, Share()),
            industry=None if industry is None else industry.get(pk, Share()),
            region=None if region is None else region.get(pk, Share()),
            touches=touched.get(pk, 0),
            ties=ties.get(pk, 0),
            open=loads.get(pk, 0),
            planned=planned.get(pk, 0),
            has_customer=answers == pk,
        )
        for pk in members
    ]


def _customer(actor: Actor, sale: Opportunity) -> Customer | None:
    """The sale's customer as far as the actor may know of it."""
    if sale.customer_id is None or not access.is_open(actor, find("opportunities").kind("customer")):
        return None
    found: Customer | None = access.visible(actor, find("customers")).filter(pk=sale.customer_id).first()
    return found


def _may_ask(actor: Actor, name: str) -> bool:
    return access.is_open(actor, find("customers").kind(name))


def _shares(sales: QuerySet[Opportunity], field: str, value: str) -> dict[UUID, Share] | None:
    if not value:
        return None
    rows = sales.filter(**{field: value}, state__in=(State.WON, State.LOST)).values_list("owner_id")
    counted = rows.annotate(won=Count("id", filter=Q(state=State.WON)), closed=Count("id"))
    return {owner: Share(won, closed) for owner, won, closed in counted}


def _activities(
    actor: Actor, customer: Customer | None, members: Sequence[UUID]
) -> tuple[dict[UUID, int], dict[UUID, int]]:
    resource, now = find("activities"), timezone.now()
    if not actor.may(resource.permission("view")):
        return {}, {}
    rows: QuerySet[Activity] = access.visible(actor, resource).order_by().filter(owner_id__in=members)
    planned = rows.filter(state=Done.PLANNED, at__gte=now, at__lt=now + _WEEK)
    week = dict(planned.values_list("owner_id").annotate(Count("id")))
    if customer is None:
        return {}, week
    done = rows.filter(state=Done.DONE, customer_id=customer.pk)
    return dict(done.values_list("owner_id").annotate(Count("id"))), week


def _ties(actor: Actor, customer: Customer | None, members: Sequence[UUID]) -> dict[UUID, int]:
    resource = find("relationships")
    if customer is None or not actor.may(resource.permission("view")):
        return {}
    rows: QuerySet[Relationship] = access.visible(actor, resource).order_by()
    known = rows.filter(
        from_member_id__in=members,
        to_person__affiliations__customer_id=customer.pk,
        to_person__affiliations__until__isnull=True,
    )
    return dict(known.values_list("from_member_id").annotate(Count("to_person_id", distinct=True)))


def _sees(member: UUID, customer: UUID | None) -> bool:
    if customer is None:
        return True
    theirs = load_actor(member)
    resource = find("customers")
    return theirs.may(resource.permission("view")) and bool(
        access.visible(theirs, resource).filter(pk=customer).exists()
    )
