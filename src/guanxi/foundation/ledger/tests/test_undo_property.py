"""Whatever a company did, undone in reverse, leaves every business column as it was; `version` only rises."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import F
from hypothesis import given, settings
from hypothesis import strategies as st

from guanxi.customers.models import Customer
from guanxi.foundation.accounts.models import Department, Member
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.ledger.tests.images_of_rows import Rows, rows_of, without_version
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.models import Assignment, Grant, Role
from guanxi.foundation.tenancy.scope import scope
from guanxi.kernel.errors import Conflict, Refused
from guanxi.testing.customers import make_customer, make_customers
from guanxi.testing.worlds import make_world

Act = Callable[[int, int], None]
ACTS: dict[str, Act] = {}


def act(function: Act) -> Act:
    ACTS[function.__name__] = function
    return function


def _one(model: Any, number: int) -> Any:
    """One of the rows there are, or None."""
    rows = list(model.objects.order_by("id"))
    return rows[number % len(rows)] if rows else None


@act
def create_customers(a: int, b: int) -> None:
    make_customers(a % 4 + 1, owner=_one(Member, b), parent=_one(Customer, a + b), grade="A")


@act
def create_a_customer(a: int, b: int) -> None:
    make_customer(remarks="𠮷野家 🏯 " + "备注" * (a % 5))


@act
def create_a_role(a: int, b: int) -> None:
    role, made = Role.objects.get_or_create(name=f"角色 {a % 5}")
    if made:
        Grant.objects.bulk_create(Grant(role=role, code=f"a.b.c{n}") for n in range(b % 4))


@act
def create_a_department(a: int, b: int) -> None:
    Department.objects.get_or_create(name=f"部门 {a % 4}", parent=_one(Department, b) if b % 3 else None)


@act
def create_a_member(a: int, b: int) -> None:
    member = Member.objects.create(name=f"某人 {a}", department=_one(Department, b))
    if role := _one(Role, b):
        Assignment.objects.create(member=member, role=role)


@act
def edit_a_customer(a: int, b: int) -> None:
    if customer := _one(Customer, a):
        customer.name, customer.size = f"改名 {b}", "S" if b % 2 else "M"
        customer.owner = _one(Member, b)
        customer.save()


@act
def edit_many(a: int, b: int) -> None:
    Customer.objects.filter(grade="A" if a % 2 else "B").update(
        grade="B" if a % 2 else "A", region=str(b % 100)
    )


@act
def edit_by_sql(a: int, b: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE customers_customer SET phone = phone || %s, updated_at = now()", [str(b % 10)])


@act
def edit_to_the_same(a: int, b: int) -> None:
    Member.objects.update(name=F("name"))


@act
def delete_a_role_with_its_grants(a: int, b: int) -> None:
    if role := Role.objects.filter(assignments__isnull=True).order_by("id").first():
        role.delete()


@act
def delete_a_customer_and_free_its_children(a: int, b: int) -> None:
    if customer := _one(Customer, a):
        customer.children.update(parent=None)
        customer.delete()


@act
def delete_a_member_who_owns_nothing(a: int, b: int) -> None:
    # The administrator stays: without one an undo is refused.
    free = Member.objects.filter(account=None).exclude(
        id__in=Customer.objects.filter(owner__isnull=False).values("owner")
    )
    if member := free.order_by("id").first():
        member.delete()


@act
def swap_two_names(a: int, b: int) -> None:
    one, two = _one(Role, a), _one(Role, b)
    if one and one != two:
        names = one.name, two.name
        Role.objects.filter(id=one.id).update(name="-")
        Role.objects.filter(id=two.id).update(name=names[0])
        Role.objects.filter(id=one.id).update(name=names[1])


@act
def shift_names_along(a: int, b: int) -> None:
    """One statement in which each row takes the name that the one before it has just given up."""
    with suppress(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE permissions_role r SET name = n.name FROM (SELECT id, lag(name, 1, name || '+') "
            "OVER (ORDER BY ctid) AS name FROM permissions_role) n WHERE n.id = r.id"
        )


@act
def move_a_department(a: int, b: int) -> None:
    child, parent = _one(Department, a), _one(Department, b)
    node = parent
    while node is not None and node != child:
        node = node.parent
    if child and node is None and not Department.objects.filter(parent=parent, name=child.name).exists():
        child.parent = parent
        child.save()


@act
def create_and_delete_at_once(a: int, b: int) -> None:
    customer = make_customer()
    customer.name = "很快就没有了"
    customer.save()
    customer.delete()


@act
def delete_and_create_again(a: int, b: int) -> None:
    """The same key again within one operation."""
    if role := Role.objects.filter(assignments__isnull=True).order_by("-id").first():
        again = Role(id=role.id, name=role.name, note="again")
        role.delete()
        again.save(force_insert=True)


one_act = st.tuples(st.sampled_from(sorted(ACTS)), st.integers(0, 999), st.integers(0, 999))
steps = st.lists(
    st.one_of(
        st.lists(one_act, min_size=1, max_size=3),
        st.integers(0, 99),  # undo one of the operations so far, an undo among them
    ),
    min_size=1,
    max_size=8,
)


def _do(actor: Actor, step: Sequence[tuple[str, int, int]]) -> UUID:
    with scope(actor.tenant_id, door="web"), operation(actor, "tests.thing.change") as opened:
        for name, a, b in step:
            ACTS[name](a, b)
        return UUID(str(opened.id))


def _undo(actor: Actor, operation_id: UUID) -> UUID:
    with scope(actor.tenant_id, door="web"):
        return UUID(str(undo(actor, operation_id).id))


def _versions_rose(before: Rows, after: Rows) -> bool:
    return all(after[key]["version"] >= row["version"] for key, row in before.items() if key in after)


# Each example is a dozen transactions and as many looks at every table.
@settings(max_examples=max(10, settings().max_examples // 3))
@given(steps)
def test_what_was_done_and_undone_in_reverse_leaves_nothing_behind(database: None, steps: list[Any]) -> None:
    actor = make_world().system
    _do(actor, [("create_a_member", 1, 1), ("create_a_role", 1, 3), ("create_customers", 2, 0)])
    before: list[Rows] = []
    done: list[UUID] = []
    for step in steps:
        state = rows_of(actor.tenant_id)
        if isinstance(step, list):
            operation_id = _do(actor, step)
        elif done:
            with suppress(Conflict, Refused):
                operation_id = _undo(actor, done[step % len(done)])
                before.append(state)
                done.append(operation_id)
                continue
            assert rows_of(actor.tenant_id) == state, "a refused undo changed something"
            continue
        else:
            continue
        before.append(state)
        done.append(operation_id)
    for operation_id, state in zip(reversed(done), reversed(before), strict=True):
        now = rows_of(actor.tenant_id)
        _undo(actor, operation_id)
        after = rows_of(actor.tenant_id)
        assert without_version(after) == without_version(state)
        assert _versions_rose(now, after)
        assert _versions_rose(state, after)
