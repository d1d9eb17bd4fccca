"""Writes of customers: one verb each, actor first."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Customer
from guanxi.customers.queries.duplicates import read_customer
from guanxi.customers.rules.alike import CUSTOMERS
from guanxi.customers.services.duplicates import check_new, no_taken_marks, note_despite, note_twins
from guanxi.customers.services.pools import with_pools
from guanxi.customers.services.ways import follow_quick
from guanxi.foundation.ledger.services import created_in, describe, operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Forbidden, Invalid, Message, NotFound
from guanxi.resource import access, guards, writing
from guanxi.resource.registry import find

_CODE = "customers.customer"
DESPITE = f"{_CODE}.create_despite"  # the right to create what certainly exists already, with a reason
_GIVING = (("assign", "owner_id"), ("move", "pool_id"))  # what it takes to change these
_TAKEN = _("Another customer has this credit code or number.")


def _resource() -> Any:
    return find("customers")


def create_customer(
    actor: Actor, *, data: Mapping[str, Any], allow_duplicate: bool = False, duplicate_reason: str = ""
) -> Customer:
    """Create a customer from outside values.

    Whoever creates it answers for it unless another owner is named, which needs `customers.customer.assign`.
    Raises Forbidden, Invalid, and Refused("duplicate") with the duplicates: likely ones unless
    `allow_duplicate`, certain ones unless a `duplicate_reason` is given by who holds
    `customers.customer.create_despite` and sees every one of them ("overridable"); the reason stands in the
    operation.
    """
    actor.require(f"{_CODE}.create")
    values = writing.clean(actor, _resource(), data)
    if "owner" not in data:
        values["owner_id"] = actor.member_id
    _may_assign(actor, values.get("owner_id"))
    (values,) = with_pools([values])
    known = read_customer(values)
    found, reason = check_new(actor, known, allow=allow_duplicate, reason=duplicate_reason, despite=DESPITE)
    summary = {"created": 1, "reason": reason} if reason else {"created": 1}
    with operation(actor, f"{_CODE}.create", label=values["name"], summary=summary):
        guards.check_new(actor, _resource(), [values])
        customer: Customer = writing.insert(_resource(), values)
        note_despite(actor, CUSTOMERS, customer.pk, found, reason)
    return customer


def create_customers(actor: Actor, *, rows: Sequence[Mapping[str, Any]]) -> list[UUID]:
    """The set form of `create_customer` for an import: rows by stored column, cleaned and compared."""
    actor.require(f"{_CODE}.create")
    for owner in {row.get("owner_id") for row in rows}:
        _may_assign(actor, owner)
    rows = with_pools(rows)
    with operation(actor, f"{_CODE}.create"):
        guards.check_new(actor, _resource(), rows)
        return writing.insert_many(_resource(), rows)


def edit_customer(
    actor: Actor, customer_id: UUID, *, data: Mapping[str, Any], expected_version: int | None
) -> Customer:
    """Change given fields. Raises NotFound, Forbidden, Invalid, Refused("duplicate"), Stale."""
    customer: Customer = access.get(actor, _resource(), customer_id, verb="edit", lock=True)
    values = writing.clean(actor, _resource(), data, partial=True)
    if "owner_id" in values and values["owner_id"] != customer.owner_id:
        _may_assign(actor, values["owner_id"], customer)
        access.require(actor, _resource(), customer, "assign")
    if "pool_id" in values and values["pool_id"] != customer.pool_id:
        access.require(actor, _resource(), customer, "move")
    _no_circle(customer.id, values.get("parent_id"))
    no_taken_marks(actor, CUSTOMERS, _new_marks([(customer, values)]), _TAKEN)
    if writing.stands(_resource(), customer, values, expected_version=expected_version):
        return customer
    with operation(actor, f"{_CODE}.edit", record_id=customer.id, label=customer.name):
        guards.check_edit(actor, _resource(), [customer], values)
        _room_for(actor, [(customer, {"pool_id": values.get("pool_id")})])
        writing.update(_resource(), customer, values, expected_version=expected_version)
        note_twins(actor, CUSTOMERS, [customer.pk], values)
        follow_quick("customers", [customer.id])
    return customer


def edit_customers(actor: Actor, *, ids: Collection[UUID], data: Mapping[str, Any]) -> int:
    """Set the same fields on many. Those the actor may not edit are left alone; returns how many changed."""
    actor.require(f"{_CODE}.edit")
    values = writing.clean(actor, _resource(), data, partial=True)
    for column in ("name", "credit_code", "number", "parent_id"):
        if column in values:
            raise Invalid(
                {column.removesuffix("_id"): [Message("not_for_many", _("Change this one by one."))]}
            )
    if "owner_id" in values:
        _may_give(actor, values["owner_id"])
    rows = access.visible(actor, _resource(), "edit").filter(id__among=ids)
    # Who helps with a customer edits it, and gives it to nobody.
    for verb, column in _GIVING:
        if column in values:
            rows = rows.filter(access.reach_q(actor, _resource(), verb))
    mine = list(rows.values_list("id", flat=True))
    with operation(actor, f"{_CODE}.edit") as opened:
        guards.check_edit(actor, _resource(), mine, values)
        count = writing.update_many(_resource(), mine, values)
        describe(opened, updated=count)
    return count


def edit_each(actor: Actor, *, changes: Sequence[tuple[UUID, Mapping[str, Any]]]) -> list[Customer]:
    """The set form of `edit_customer`: cleaned values, by stored column, for each of many. All or none.

    Returns the customers in the order given. Raises NotFound, Forbidden, Invalid, Refused("duplicate").
    """
    actor.require(f"{_CODE}.edit")
    ids = {customer_id for customer_id, _values in changes}
    mine = access.visible(actor, _resource(), "edit").filter(id__in=ids).order_by("id")
    records: dict[UUID, Customer] = {c.id: c for c in mine.select_for_update(of=("self",))}
    if len(records) < len(ids):
        raise NotFound("not_found", {"resource": "customers"})
    wanted = [(records[customer_id], values) for customer_id, values in changes]
    for owner in {v["owner_id"] for c, v in wanted if "owner_id" in v and v["owner_id"] != c.owner_id}:
        _may_give(actor, owner)
    if _kept(actor, wanted) != wanted:
        raise Forbidden(f"{_CODE}.assign")
    no_taken_marks(actor, CUSTOMERS, _new_marks(wanted), _TAKEN)
    with operation(actor, f"{_CODE}.edit"):
        guards.check_edit(actor, _resource(), list(records.values()))
        _room_for(actor, wanted)
        writing.update_each(_resource(), wanted)
        follow_quick("customers", ids)
        if any(values.get("parent_id") for _record, values in wanted):
            _no_circles(ids)
        note_twins(actor, CUSTOMERS, ids, {name for _record, values in wanted for name in values})
    return [record for record, _values in wanted]


def update_imported(
    actor: Actor, *, changes: Sequence[tuple[UUID, Mapping[str, Any]]], fresh: Collection[UUID] = ()
) -> int:
    """Write an import's cleaned values to customers, set by set. Returns how many rows changed.

    Customers the actor may not edit are left alone, save those of `fresh` that this very operation created:
    a row may name a parent that stands further down in the file.
    """
    actor.require(f"{_CODE}.edit" if not fresh else f"{_CODE}.create")
    ids = {customer_id for customer_id, _values in changes}
    mine = access.visible(actor, _resource(), "edit").filter(id__in=ids)
    records = {c.id: c for c in mine.select_for_update(of=("self",))}
    with operation(actor, f"{_CODE}.edit") as opened:
        rest = ids & set(fresh) - records.keys()
        if rest:
            own = created_in(opened.id, rest)
            records |= {c.id: c for c in Customer.objects.filter(id__in=own)}
        wanted = _kept(actor, [(records[i], values) for i, values in changes if i in records], fresh)
        for record, values in wanted:
            if values.get("parent_id") == record.id:
                raise Invalid({"parent": [Message("circle", _("A company cannot belong to itself."))]})
        guards.check_edit(actor, _resource(), [record for record, _values in wanted])
        _room_for(actor, wanted)
        count = writing.update_each(_resource(), wanted)
        follow_quick("customers", [record.id for record, _values in wanted])
        if any(values.get("parent_id") for _record, values in wanted):
            _no_circles({record.id for record, _values in wanted})
        return count


def delete_customers(actor: Actor, *, ids: Collection[UUID]) -> int:
    """Delete customers. Raises NotFound for one unseen, Forbidden, Refused where something hangs on one."""
    asked = set(ids)
    names = dict(access.visible(actor, _resource(), "delete").filter(id__in=asked).values_list("id", "name"))
    if beyond := asked - names.keys():
        if access.visible(actor, _resource()).filter(id__in=beyond).count() < len(beyond):
            raise NotFound("not_found", {"resource": "customers"})
        raise Forbidden(f"{_CODE}.delete")
    alone, label = next(iter(names.items())) if len(names) == 1 else (None, "")
    with operation(actor, f"{_CODE}.delete", record_id=alone, label=label) as opened:
        guards.check(actor, _resource(), "delete", list(names))
        count = writing.delete(_resource(), list(names))
        describe(opened, deleted=count)
    return count


@guards.guard("customers", "delete", order=10, warns=False)
def subsidiaries_stay(attempt: guards.Attempt, records: Sequence[Customer]) -> dict[UUID, guards.Verdict]:
    """A parent company is deleted after those that belong to it."""
    parents = Customer.objects.filter(parent_id__in=[record.id for record in records])
    reason = _("Subsidiaries still belong to it. Move them first.")
    verdict = guards.block("customers.has_subsidiaries", reason, passing=True)
    return dict.fromkeys(parents.values_list("parent_id", flat=True), verdict)


def _may_assign(actor: Actor, owner_id: UUID | None, customer: Customer | None = None) -> None:
    if owner_id != actor.member_id or customer is not None:
        _may_give(actor, owner_id)


def _kept(
    actor: Actor, wanted: Sequence[tuple[Customer, Mapping[str, Any]]], fresh: Collection[UUID] = ()
) -> list[tuple[Customer, Mapping[str, Any]]]:
    """The same without owners and pools of customers that the actor may edit, but not give: whoever helps with one."""
    beyond: dict[UUID, set[str]] = {}
    for verb, column in _GIVING:
        ids = {
            one.pk
            for one, values in wanted
            if one.pk not in fresh and column in values and values[column] != getattr(one, column)
        }
        rows = (
            Customer.objects.filter(access.reach_q(actor, _resource(), verb), pk__among=ids) if ids else None
        )
        for pk in ids - set(rows.values_list("pk", flat=True)) if rows is not None else ():
            beyond.setdefault(pk, set()).add(column)
    return [
        (one, {name: value for name, value in values.items() if name not in beyond.get(one.pk, ())})
        for one, values in wanted
    ]


def _room_for(actor: Actor, wanted: Iterable[tuple[Customer, Mapping[str, Any]]]) -> None:
    """Ask the guards of giving and moving, of customers that get owners and pools of their own each."""
    for verb, column in _GIVING:
        given: dict[UUID, list[Customer]] = {}
        for customer, values in wanted if guards.is_guarded(_resource(), verb) else ():
            if values.get(column) is not None and values[column] != getattr(customer, column):
                given.setdefault(values[column], []).append(customer)
        for value, customers in given.items():
            guards.check(actor, _resource(), verb, customers, {column: value})


def _may_give(actor: Actor, owner_id: UUID | None) -> None:
    """Whether the actor may make this person, or nobody, answer for a customer."""
    code = f"{_CODE}.assign"
    actor.require(code)
    within = actor.members_within(code)
    if within is not None and owner_id is not None and owner_id not in within:
        raise Forbidden(code)


def _new_marks(wanted: Iterable[tuple[Customer, Mapping[str, Any]]]) -> list[tuple[UUID, str, str]]:
    """Credit code and number that customers are about to get; those without are left out."""
    found = []
    for customer, values in wanted:
        code, number = (
            values[name] if values.get(name) and values[name] != getattr(customer, name) else ""
            for name in ("credit_code", "number")
        )
        if code or number:
            found.append((customer.pk, code, number))
    return found


def _no_circle(customer_id: UUID, parent_id: UUID | None) -> None:
    seen = {customer_id}
    while parent_id is not None:
        if parent_id in seen:
            raise Invalid({"parent": [Message("circle", _("A company cannot belong to itself."))]})
        seen.add(parent_id)
        parent_id = Customer.objects.filter(id=parent_id).values_list("parent_id", flat=True).first()


def _no_circles(ids: Collection[UUID]) -> None:
    """After many parents were set at once: go up from all of them together."""
    above: dict[UUID, UUID] = {}
    level = set(ids)
    while level:
        rows = Customer.objects.filter(id__in=level, parent_id__isnull=False).values_list("id", "parent_id")
        found = dict(rows)
        above |= found
        level = set(found.values()) - above.keys()
    clean: set[UUID] = set()
    for start in above:
        path: set[UUID] = set()
        at: UUID | None = start
        while at is not None and at not in clean:
            if at in path:
                raise Invalid({"parent": [Message("circle", _("A company cannot belong to itself."))]})
            path.add(at)
            at = above.get(at)
        clean |= path
