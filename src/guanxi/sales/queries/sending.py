"""What is known of members about a sale: won of its like, knows its people, load. As far as the actor sees sales."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import ngettext, pgettext

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
from guanxi.sales.models import Line, Opportunity
from guanxi.sales.queries.splitting import may_split
from guanxi.sales.rules.sending import SHARES, Facts, Share, ranked

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
    return any(share is not None and share.closed for share in (getattr(one, name) for name in SHARES))


def _facts(actor: Actor, sale: Opportunity, members: Sequence[UUID]) -> list[Facts]:
    customer = _customer(actor, sale)
    counted = _counted(actor, sale, customer, members)
    touches = _activities(actor, customer, members)
    ties = _ties(actor, customer, members)
    answers = customer.owner_id if customer is not None and _may_ask(actor, "owner") else None
    found = []
    for pk in members:
        row, (touched, planned) = counted.get(pk), touches.get(pk, (0, 0))
        shares = {name: row.shares[name] if row else Share() for name in counted.asked}
        found.append(
            Facts(
                member=pk,
                **shares,
                touches=touched,
                ties=ties.get(pk, 0),
                open=row.open if row else 0,
                planned=planned,
                has_customer=answers == pk,
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class _Row:
    open: int
    shares: Mapping[str, Share]


class _Counted(dict[UUID, _Row]):
    """By member; `asked` are the shares that can be told at all."""

    asked: Sequence[str] = ()


def _counted(actor: Actor, sale: Opportunity, customer: Customer | None, members: Sequence[UUID]) -> _Counted:
    """How many open sales each has, and how many of the like of this one he closed and won: one statement."""
    like = _like(actor, sale, customer)
    sales = access.visible(actor, find("opportunities")).order_by().filter(owner_id__in=members)
    closed, counts = Q(state__in=(State.WON, State.LOST)), {"open": Count("id", filter=Q(state=State.OPEN))}
    for name, condition in like.items():
        counts[f"{name}_won"] = Count("id", filter=condition & Q(state=State.WON))
        counts[f"{name}_closed"] = Count("id", filter=condition & closed)
    found = _Counted()
    found.asked = list(like)
    for row in sales.values("owner_id").annotate(**counts):
        shares = {name: Share(row[f"{name}_won"], row[f"{name}_closed"]) for name in like}
        found[row["owner_id"]] = _Row(row["open"], shares)
    return found


def _like(actor: Actor, sale: Opportunity, customer: Customer | None) -> dict[str, Q]:
    """What makes another sale one of the like: as its customer is, or with its products and others of their lines."""
    found = {
        name: Q(**{f"customer__{name}": value})
        for name in ("size", "industry", "region")
        if customer is not None and _may_ask(actor, name) and (value := getattr(customer, name))
    }
    if may_split(actor, "product"):
        named = Line.objects.filter(opportunity=sale.pk, product__isnull=False)
        products = set(named.values_list("product_id", flat=True))
        if products:
            lines = named.filter(product__line__isnull=False).values("product__line_id")
            alike = Q(product__in=products)
            if may_split(actor, "product_line"):
                alike |= Q(product__line__in=lines)
            found["product"] = Q(pk__in=Line.objects.filter(alike).values("opportunity_id"))
    return found


def _customer(actor: Actor, sale: Opportunity) -> Customer | None:
    """The sale's customer as far as the actor may know of it."""
    if sale.customer_id is None or not access.is_open(actor, find("opportunities").kind("customer")):
        return None
    found: Customer | None = access.visible(actor, find("customers")).filter(pk=sale.customer_id).first()
    return found


def _may_ask(actor: Actor, name: str) -> bool:
    return access.is_open(actor, find("customers").kind(name))


def _activities(
    actor: Actor, customer: Customer | None, members: Sequence[UUID]
) -> dict[UUID, tuple[int, int]]:
    """By member the touches with the customer, and what is planned this week: one statement."""
    resource, now = find("activities"), timezone.now()
    if not actor.may(resource.permission("view")):
        return {}
    rows: QuerySet[Activity] = access.visible(actor, resource).order_by().filter(owner_id__in=members)
    planned = Q(state=Done.PLANNED, at__gte=now, at__lt=now + _WEEK)
    done = Q(state=Done.DONE, customer_id=customer.pk) if customer is not None else Q(pk__in=[])
    counted = rows.filter(planned | done).values_list("owner_id")
    return {
        owner: (touched, week)
        for owner, touched, week in counted.annotate(
            touched=Count("id", filter=done), week=Count("id", filter=planned)
        )
    }


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


def reasons(one: Facts) -> list[str]:
    """What speaks for somebody, in words."""
    said = [pgettext("send", "Is the customer’s owner")] if one.has_customer else []
    for share, what in (
        (one.industry, pgettext("send", "of this industry")),
        (one.size, pgettext("send", "of this size")),
        (one.region, pgettext("send", "of this region")),
        (one.product, pgettext("send", "with these products")),
    ):
        if share is not None and share.closed:
            said.append(_share(share, what))
    if one.ties:
        said.append(
            ngettext("Knows %(n)s of their people", "Knows %(n)s of their people", one.ties) % {"n": one.ties}
        )
    if one.touches:
        said.append(
            ngettext("%(n)s touch with this customer", "%(n)s touches with this customer", one.touches)
            % {"n": one.touches}
        )
    load = {"open": one.open, "planned": one.planned}
    said.append(pgettext("send", "Open sales: %(open)s, planned this week: %(planned)s") % load)
    return said


def _share(share: Share, what: str) -> str:
    words = {"won": share.won, "closed": share.closed, "what": what}
    if share.is_small:
        return pgettext("send", "Won %(won)s of %(closed)s %(what)s (few)") % words
    return pgettext("send", "Won %(won)s of %(closed)s %(what)s") % words
