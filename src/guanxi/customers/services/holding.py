"""Nobody holds more customers of a pool than it allows: asked before a customer comes to somebody, and after a merging
or an undo has brought one.

Whoever may give customers to somebody is warned and may go on, also for himself; everybody else is refused, and so is
claiming. What counts more by a change of its grade, say, is not refused: it leaves no room for others.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Customer, Pool
from guanxi.customers.queries.holding import Pair, counted_q, counting_of, held, limits_of
from guanxi.customers.queries.pools import ask_anew, limited, pool_of
from guanxi.customers.services.turns import take_turns
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.models import Change, Operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Refused
from guanxi.resource import guards

_ASSIGN = "customers.customer.assign"
_CODE = "customers.holds_enough"
_ENOUGH = _(
    "{who} holds {n} customers of {pool} that count, and no more than {limit} are allowed. This one would be more."
)

# Customers that come to somebody: the row as it stands, the pool it is in then, whose it is then.
Comers = Iterable[tuple[Customer, UUID | None, UUID | None]]


def _beyond(comers: Comers) -> Iterator[tuple[Customer, Pool, UUID, int]]:
    """Of customers that come to people those for which there is no room, with how many each holds already."""
    wanted = [(one, pool, owner) for one, pool, owner in comers if pool is not None and owner is not None]
    pools = limits_of(pool for _one, pool, _owner in wanted)
    wanted = [one for one in wanted if one[1] in pools]
    if not wanted:
        return
    members = {owner for _one, _pool, owner in wanted}
    for member in sorted(members):
        take_turns(member)
    there = dict(held(pools.values(), members))
    countings = {pk: counting_of(pool) for pk, pool in pools.items()}
    coming: dict[Pair, int] = {}
    for one, pool, owner in wanted:
        if not countings[pool].counts(one.grade, one.category, one.registration):
            continue
        pair = (pool, owner)
        coming[pair] = coming.get(pair, 0) + 1
        if there.get(pair, 0) + coming[pair] > (pools[pool].holds_a_person or 0):
            coming[pair] -= 1
            yield one, pools[pool], owner, there.get(pair, 0) + coming[pair]


def _verdicts(actor: Actor, comers: Comers) -> dict[UUID, guards.Verdict]:
    if actor.is_system or not limited():
        return {}
    found, names = {}, dict[UUID, str]()
    for one, pool, owner, number in _beyond(comers):
        if owner not in names:
            names[owner] = Member.objects.filter(pk=owner).values_list("name", flat=True).first() or ""
        say = guards.warn if _may_give(actor, owner) else guards.block
        said = {"who": names[owner], "n": number, "pool": pool.name, "limit": pool.holds_a_person}
        found[one.pk] = say(_CODE, format_lazy(_ENOUGH, **said))
    return found


def _may_give(actor: Actor, owner: UUID) -> bool:
    within = actor.members_within(_ASSIGN)
    return actor.may(_ASSIGN) and (within is None or owner in within)


@guards.guard("customers", "create", order=30, when=limited)
def room_for_new(attempt: guards.Attempt, records: Sequence[Customer]) -> Mapping[UUID, guards.Verdict]:
    """Somebody gets customers that are created."""
    pools: dict[UUID, UUID | None] = {}

    def goes_to(one: Customer) -> UUID | None:
        if one.pool_id or one.owner_id is None or "customer" not in one.relations.split(","):
            said: UUID | None = one.pool_id
            return said
        if one.owner_id not in pools:
            pools[one.owner_id] = pool_of(one.owner_id)
        return pools[one.owner_id]

    return _verdicts(attempt.actor, ((one, goes_to(one), one.owner_id) for one in records))


@guards.guard("customers", "assign", order=30, when=limited)
def room_for_given(attempt: guards.Attempt, records: Sequence[Customer]) -> Mapping[UUID, guards.Verdict]:
    """Somebody gets customers that are there."""
    owner = attempt.values.get("owner_id") or attempt.values.get("owner")
    return _verdicts(attempt.actor, ((one, one.pool_id, owner) for one in records if one.owner_id != owner))


@guards.guard("customers", "move", order=30, when=limited)
def room_for_moved(attempt: guards.Attempt, records: Sequence[Customer]) -> Mapping[UUID, guards.Verdict]:
    """Customers come to a pool in which their owners may hold so many."""
    pool = attempt.values.get("pool_id") or attempt.values.get("into")
    return _verdicts(attempt.actor, ((one, pool, one.owner_id) for one in records if one.pool_id != pool))


def has_room(member_id: UUID, customers: Collection[Customer]) -> None:
    """Raises Refused("holding") where a person who claims these customers would hold too many."""
    for _one, pool, _owner, number in _beyond((one, one.pool_id, member_id) for one in customers):
        raise Refused(
            "holding",
            _("You hold %(n)s customers of %(pool)s that count, and no more than %(limit)s are allowed."),
            {"n": number, "pool": pool.name, "limit": pool.holds_a_person},
        )


@contextmanager
def no_more_than_before(actor: Actor, customers: Collection[Customer]) -> Iterator[None]:
    """Within, owners of these customers may change among them: none of them holds more afterwards who held enough.

    Raises Refused("holding") at the end, unless the actor may give customers to whoever has too many.
    """
    pools = list(limits_of(one.pool_id for one in customers).values())
    members = {one.owner_id for one in customers if one.owner_id is not None}
    before = held(pools, members)
    yield
    for pair, number in held(pools, members).items():
        if number > before.get(pair, 0):
            _refuse_beyond(actor, {pair: number}, {pool.pk: pool for pool in pools})


def follow(actor: Actor, undoing: Operation) -> None:
    """After an undo that gave customers back: nobody holds too many by it. Raises Refused("holding")."""
    ask_anew(actor, undoing)
    if actor.is_system or not limited():
        return
    changes = Change.objects.filter(operation_id=undoing.id, table_name=Customer._meta.db_table)
    changes = changes.exclude(action=Change.DELETE).filter(
        Q(action=Change.INSERT) | Q(new__has_any_keys=["owner_id", "pool_id"])
    )
    back = Customer.objects.filter(pk__in=changes.values("row_id"), owner__isnull=False)
    pools = limits_of(back.order_by().values_list("pool_id", flat=True).distinct())
    came: set[Pair] = set()
    for pool in pools.values():
        mine = back.filter(counted_q(counting_of(pool)), pool=pool).order_by()
        came |= {(pool.pk, owner) for owner in mine.values_list("owner_id", flat=True).distinct()}
    for _pool, member in sorted(came):
        take_turns(member)
    counted = held(pools.values(), {member for _pool, member in came})
    _refuse_beyond(actor, {pair: counted.get(pair, 0) for pair in came}, pools)


def _refuse_beyond(actor: Actor, counted: Mapping[Pair, int], pools: Mapping[UUID, Pool]) -> None:
    for (pool_id, member), number in counted.items():
        pool: Any = pools[pool_id]
        if number > pool.holds_a_person and not _may_give(actor, member):
            name = Member.objects.filter(pk=member).values_list("name", flat=True).first()
            raise Refused(
                "holding",
                _(
                    "%(who)s would hold %(n)s customers of %(pool)s that count; no more than %(limit)s are allowed."
                ),
                {"who": name or "", "n": number, "pool": pool.name, "limit": pool.holds_a_person},
            )
