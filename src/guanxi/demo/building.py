"""Building the demo company through the product's own services: what a person could have entered."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.utils import timezone, translation

from guanxi.activities.services.activities import create_activities
from guanxi.activities.services.commitments import create_commitments
from guanxi.activities.services.participants import create_participants
from guanxi.activities.services.visits import keep_check_ins
from guanxi.customers.models import Customer
from guanxi.customers.services import ways
from guanxi.customers.services.customers import create_customers
from guanxi.customers.services.people import create_people, positions
from guanxi.customers.services.relationships import create_ties
from guanxi.demo.company import COMPANY, DEPARTMENTS, MEMBERS, member_index, superior_of
from guanxi.demo.deals import add_deals
from guanxi.demo.details import details_of
from guanxi.demo.field import came
from guanxi.demo.generator import CustomerSeed, generate
from guanxi.demo.leads import add_leads
from guanxi.demo.mails import add_mails
from guanxi.demo.offers import add_offers
from guanxi.demo.people import PersonSeed, people_of
from guanxi.demo.pools import make_pools, pool_of, pools_by_code, spread_falls
from guanxi.demo.products import add_products
from guanxi.demo.promises import PromiseSeed, promise_of
from guanxi.demo.rows import customer_row, person_row
from guanxi.demo.sales import add_sales
from guanxi.demo.terms import terms_of
from guanxi.demo.ties import MoveSeed, ties_of
from guanxi.demo.touches import TouchSeed, touches_of
from guanxi.foundation.accounts.models import Account, Member
from guanxi.foundation.ledger.services import describe, operation
from guanxi.foundation.permissions.actor import Actor, system_actor
from guanxi.foundation.permissions.models import Role
from guanxi.foundation.permissions.services import (
    create_company,
    create_department,
    create_member,
    edit_department,
    edit_member,
    set_roles,
)
from guanxi.foundation.tenancy.models import Tenant
from guanxi.foundation.tenancy.scope import scope
from guanxi.kernel.ids import new_id

PASSWORD = "demo-88-relations"  # noqa: S105  the demo's public password, printed at every start
SHOWN = ("shan.zhiheng", "xie.wenbo", "zhou.haitao", "lin.xiaowen")
_ADMINISTRATOR = "xie.wenbo"
_ROLE_CODES = {"admin": "administrator"}
_BATCH = 5000
_SALES = 550  # of a thousand customers, over two years
_IMPORT = "customers.customer.import"
_ROWS = {
    "points": ways.points,
    "addresses": ways.addresses,
    "billing": ways.billing,
    "business": ways.business,
    "charges": ways.charges,
}


def build(
    today: date, *, customers: int = 2000, seed: int = 20261121, people: bool = True, busy: bool = False
) -> Tenant:
    """The demo company, dated relative to `today`. Everybody's password is PASSWORD. A `busy` one knows two people at
    a customer and has done five things with it, on average."""
    tenant = create_company(
        name=COMPANY.name,
        admin_name=next(m.name for m in MEMBERS if m.key == _ADMINISTRATOR),
        username=_ADMINISTRATOR,
        password=PASSWORD,
        email=f"{_ADMINISTRATOR}@{COMPANY.domain}",
        slug="hengjie",
    )
    actor = system_actor(tenant.id)
    with scope(tenant.id, door="setup"):
        members = _people(actor)
        add_products(actor, today, seed)
    add_customers(tenant, members, today, count=customers, seed=seed, people=people, busy=busy)
    with scope(tenant.id, door="setup"), operation(actor, "team.registration.import") as opened:
        describe(opened, created=add_deals(actor, members, today, seed))
    with scope(tenant.id, door="setup"), operation(actor, "marketing.lead.import") as opened:
        describe(opened, created=add_leads(actor, members, today, seed))
    with scope(tenant.id, door="setup"), operation(actor, "sales.opportunity.import") as opened:
        describe(opened, created=add_sales(actor, members, today, seed, count=customers * _SALES // 1000))
    with scope(tenant.id, door="setup"), operation(actor, "sales.opportunity.import") as opened:
        describe(opened, created=add_offers(actor, seed))
    with (
        scope(tenant.id, door="setup"),
        translation.override(tenant.language),
        timezone.override(tenant.time_zone),
    ):
        add_mails(actor, members, today, seed)
    return tenant


def members_of(tenant: Tenant) -> list[UUID]:
    """The demo company's people, in the order of MEMBERS."""
    with scope(tenant.id, door="setup"):
        by_name = dict(Member.objects.values_list("account__username", "id"))
    return [by_name[one.key] for one in MEMBERS]


def _people(actor: Actor) -> list[UUID]:
    """Departments, members and roles; returns the members' ids in the order of MEMBERS."""
    departments: dict[str, UUID] = {}
    roles = dict(Role.objects.values_list("code", "id"))
    with operation(actor, "demo.company.build", label=COMPANY.name):
        for seed in DEPARTMENTS:
            made = create_department(actor, name=seed.name, parent_id=departments.get(seed.parent))
            departments[seed.code] = made.id
        by_key: dict[str, UUID] = {}
        for person in MEMBERS:
            given = [roles[_ROLE_CODES.get(role, role)] for role in person.roles]
            known: dict[str, Any] = {
                "department_id": departments[person.department],
                "title": person.title,
                "email": person.email,
                "phone": person.phone,
            }
            if person.key == _ADMINISTRATOR:
                member = Member.objects.get(account__username=_ADMINISTRATOR)
                edit_member(actor, member.id, **known)
                set_roles(actor, member.id, role_ids=given)
            else:
                member = create_member(
                    actor, name=person.name, role_ids=given, username=person.key, password=PASSWORD, **known
                )
            by_key[person.key] = member.id
        for seed in DEPARTMENTS:
            edit_department(actor, departments[seed.code], head_id=by_key[seed.head])
        for person in MEMBERS:
            if above := superior_of(person):
                edit_member(actor, by_key[person.key], superior_id=by_key[above])
        make_pools(actor, departments, by_key)
        for person in MEMBERS:
            joined = timezone.now() - timedelta(days=person.joined)
            Member.objects.filter(id=by_key[person.key]).update(created_at=joined)
    # A demo's password is known to everybody: nobody is asked to change it.
    Account.objects.filter(id__in=Member.objects.values("account_id")).update(must_change_password=False)
    return [by_key[person.key] for person in MEMBERS]


def add_customers(
    tenant: Tenant,
    members: list[UUID],
    today: date,
    *,
    count: int,
    seed: int,
    people: bool = True,
    busy: bool = False,
) -> int:
    """Generated customers for a company, with their `people` and what was done with them, in one operation; returns
    how many customers."""
    adding = _Adding(system_actor(tenant.id), members, today, seed, people=people, busy=busy)
    seeds = generate(seed, today, count)
    done = 0
    with scope(tenant.id, door="setup"), operation(adding.actor, _IMPORT) as opened:
        while part := list(islice(seeds, _BATCH)):
            done += adding.add(part)
        describe(opened, created=done)
    return done


def go_on_adding(
    tenant: Tenant, members: list[UUID], today: date, *, count: int, seed: int, busy: bool = False
) -> Iterator[int]:
    """The same customers with their people, but every few thousand in an operation of their own, from where an
    earlier call was cut short; says how many there are after each. `today` must be that of the first call."""
    adding = _Adding(system_actor(tenant.id), members, today, seed, people=True, busy=busy)
    with scope(tenant.id, door="setup"):
        # Ids rise with time: in their order they are in the order of the seeds.
        adding.keys.update(enumerate(Customer.objects.order_by("id").values_list("id", flat=True)))
    seeds = islice(generate(seed, today, count), len(adding.keys), None)
    while part := list(islice(seeds, _BATCH)):
        with scope(tenant.id, door="setup"), operation(adding.actor, _IMPORT) as opened:
            describe(opened, created=adding.add(part))
        yield len(adding.keys)


class _Adding:
    """Adds customers, a part after the other; `keys` are the ids of those that are there, by their index."""

    def __init__(
        self, actor: Actor, members: list[UUID], today: date, seed: int, *, people: bool, busy: bool
    ) -> None:
        self.actor, self.members, self.today, self.seed = actor, members, today, seed
        self.people, self.busy = people, busy
        self.keys: dict[int, UUID] = {}
        with scope(actor.tenant_id, door="setup"):
            self.pools = pools_by_code()

    def add(self, part: list[CustomerSeed]) -> int:
        """Write these and what belongs to them; returns how many."""
        actor, members, keys, today, seed = self.actor, self.members, self.keys, self.today, self.seed
        create_customers(
            actor,
            rows=[
                customer_row(one, members, keys) | terms_of(one, seed, today) | pool_of(one, self.pools)
                for one in part
            ],
        )
        if self.people:
            known = {one.index: list(people_of(one, seed, today, more=int(self.busy))) for one in part}
            rows = [person_row(p, one, members, keys) for one in part for p in known[one.index]]
            made = iter(create_people(actor, rows=rows))
            ids = {index: list(islice(made, len(theirs))) for index, theirs in known.items()}
            for turn in range(2 if self.busy else 1):
                _activities(actor, part, ids, members, keys, today, seed + turn)
            with_people = [(one, known[one.index], ids[one.index]) for one in part]
            _details(actor, with_people, members, keys, today, seed)
            keep_check_ins(actor, rows=list(came({one.index: keys[one.index] for one in part}, today, seed)))
            _ties(actor, part, known, ids, members, keys, today, seed)
        spread_falls(part, keys, today, seed)
        return len(part)


def _details(
    actor: Actor,
    part: list[tuple[CustomerSeed, list[PersonSeed], list[UUID]]],
    members: list[UUID],
    keys: dict[int, UUID],
    today: date,
    seed: int,
) -> None:
    """What hangs on these customers and their people."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in _ROWS}
    for one, people, ids in part:
        times = {"created_at": one.created, "updated_at": one.created}
        known = details_of(one, people, seed, today)
        mine = {"customer_id": keys[one.index], **times}
        for name in ("points", "addresses", "billing", "business"):
            rows[name] += [row | mine for row in getattr(known, name)]
        rows["points"] += [row | {"person_id": ids[place], **times} for place, row in known.people]
        rows["charges"] += [
            row | mine | {"member_id": members[member_index(member)]} for member, row in known.charges
        ]
    for name, verbs in _ROWS.items():
        verbs.create_many(actor, rows=rows[name])


def _activities(
    actor: Actor,
    part: list[CustomerSeed],
    people: dict[int, list[UUID]],
    members: list[UUID],
    keys: dict[int, UUID],
    today: date,
    seed: int,
) -> None:
    """What was done with these customers and is planned, with who took part."""
    rows: list[dict[str, Any]] = []
    joined: list[dict[str, Any]] = []
    promised: list[dict[str, Any]] = []
    for one in part:
        theirs, english = people[one.index], not one.region.isdigit()
        for number, touch in enumerate(touches_of(one, len(theirs), seed, today)):
            row = _activity(touch, one, members, keys)
            rows.append(row)
            if promise := promise_of(touch, f"{seed} {one.index} {number}", today, english):
                row["text"] += promise.sentence(english)
                promised.append(_promise(promise, row, theirs))
            times = {"created_at": touch.created, "updated_at": touch.created}
            joined += [{"activity_id": row["id"], "person_id": theirs[n], **times} for n in touch.people]
            above = superior_of(MEMBERS[one.owner]) if touch.with_superior and one.owner is not None else ""
            if above:
                joined.append({"activity_id": row["id"], "member_id": members[member_index(above)], **times})
    create_activities(actor, rows=rows)
    create_participants(actor, rows=joined)
    create_commitments(actor, rows=promised)


def _promise(seed: PromiseSeed, touch: Mapping[str, Any], people: Sequence[UUID]) -> dict[str, Any]:
    return {
        "side": seed.side,
        "what": seed.what,
        "due": seed.due,
        "first_due": seed.first_due,
        "moved": seed.moved,
        "state": seed.state,
        "settled_on": seed.settled_on,
        "why": seed.why,
        "person_id": people[seed.person] if seed.person is not None else None,
        "customer_id": touch["customer_id"],
        "owner_id": touch["owner_id"],
        "activity_id": touch["id"],
        "created_at": touch["created_at"],
        "updated_at": touch["created_at"],
    }


def _ties(
    actor: Actor,
    part: list[CustomerSeed],
    known: dict[int, list[PersonSeed]],
    people: dict[int, list[UUID]],
    members: list[UUID],
    keys: dict[int, UUID],
    today: date,
    seed: int,
) -> None:
    """Who knows whom there, and where some of them worked before."""
    owners = {one.index: one.owner for one in part}
    created = {one.index: one.created for one in part}
    ties: list[dict[str, Any]] = []
    moves: list[dict[str, Any]] = []
    for one in ties_of(part, known, seed, today):
        if isinstance(one, MoveSeed):
            index, place = one.person
            moves.append(
                {"person_id": people[index][place], "customer_id": keys[one.at], "post": one.post,
                 "since": one.since, "until": one.until}
            )  # fmt: skip
            continue
        row: dict[str, Any] = {"kind": one.kind, "strength": one.strength, "note": one.note}
        for side, end in (("from", one.first), ("to", one.second)):
            if end is None:
                owner = owners[one.second[0]]
                above = superior_of(MEMBERS[owner]) if owner is not None and one.by_superior else ""
                if owner is not None and (above or not one.by_superior):
                    row["from_member_id"] = members[member_index(above) if above else owner]
            elif end[1] is None:
                row[f"{side}_customer_id"] = keys[end[0]]
            else:
                row[f"{side}_person_id"] = people[end[0]][end[1]]
        at = created[one.second[0]]
        if "from_member_id" in row or one.first is not None:
            ties.append(row | {"created_at": at, "updated_at": at})
    positions.create_many(actor, rows=moves)
    create_ties(actor, rows=ties)


def _activity(
    seed: TouchSeed, at: CustomerSeed, members: list[UUID], keys: dict[int, UUID]
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "kind": seed.kind,
        "state": seed.state,
        "at": seed.at,
        "minutes": seed.minutes,
        "customer_id": keys[at.index],
        "subject": seed.subject,
        "text": seed.text,
        "outcome": seed.outcome,
        "owner_id": members[at.owner] if at.owner is not None else None,
        "remind_at": seed.remind_at,
        "created_at": seed.created,
        "updated_at": seed.created,
    }


def sign_ins() -> Iterator[tuple[str, str, str]]:
    """(sign-in name, name, title) of the people worth trying first."""
    for key in SHOWN:
        person = next(m for m in MEMBERS if m.key == key)
        yield person.key, person.name, person.title
