"""Facts: what an upper context states of a lower context's record, so that lists and SQL of the lower one can use it.

The lower resource declares which facts it takes, as fields; the upper context states them in its own operation::

    kinds = (…, fact("customers", Date(name="under_contract_until", label=_("Under contract until"))))

    with operation(actor, "orders.contract.sign"):
        …
        state_facts(actor, "customers", "under_contract_until", {contract.customer_id: contract.ends}, by="orders")

A fact is a row of the ledger: undone with the operation that stated it, gone and back with its record.
"""

from collections.abc import Collection, Mapping
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from guanxi.foundation.ledger.services import current_operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import NoScope, NotFound
from guanxi.kinds import Computed, DateTime, Kind
from guanxi.kinds.choice import YesNo
from guanxi.kinds.figures import Number
from guanxi.resource.declaration import Resource
from guanxi.resource.models import Fact
from guanxi.resource.registry import find

K = TypeVar("K", bound=Kind)


def fact(resource: str, kind: K) -> K:
    """Make a field of the resource with key `resource` one that upper contexts state. Raises ValueError for a kind
    whose values no column of facts can hold."""
    if isinstance(kind, YesNo):
        raise ValueError(f"{kind.name}: yes or no is no fact; state a text or a day")  # noqa: TRY004
    path = "moment" if isinstance(kind, DateTime) else "number" if isinstance(kind, Number) else "text"
    found = partial(_find, resource, kind.name)
    kind.computed = Computed(read=partial(_read, kind, path), find=found, path=path)
    kind.only_read = True
    return kind


def facts_of(resource: type[Resource]) -> list[Kind]:
    """The facts that a resource takes."""
    return [
        kind
        for kind in resource.declared.values()
        if kind.computed and getattr(kind.computed.read, "func", None) is _read
    ]


def state_facts(actor: Actor, resource: str, name: str, values: Mapping[UUID, Any], *, by: str) -> int:
    """State a fact of records, by their ids; None withdraws it. Returns how many facts are other than before.

    `by` is the context that states it. Called inside the operation it follows from, whose right is the caller's: who
    may sign a contract need not be able to change the customer. Raises NoScope without an operation, LookupError
    for a fact that the resource does not take, NotFound for a record that is not there.
    """
    opened = current_operation()
    if opened is None or opened.tenant_id != actor.tenant_id:
        raise NoScope("no_operation", {"fact": name})
    declared = find(resource)
    kind = next((kind for kind in facts_of(declared) if kind.name == name), None)
    if kind is None or kind.computed is None:
        raise LookupError(f"{resource} takes no fact called {name}")
    wanted = {pk: None if kind.is_blank(value) else value for pk, value in values.items()}
    path = kind.computed.path
    if declared.model._default_manager.filter(pk__in=wanted).count() < len(wanted):
        raise NotFound("not_found", {"resource": resource})
    # Locked, so that of two who state the same fact the second sees what the first has stated.
    rows = Fact.objects.filter(resource=resource, name=name, record_id__in=wanted).select_for_update()
    standing = {row.record_id: row for row in rows}
    stated = {
        pk: value if path != "text" else str(kind.pack(value))
        for pk, value in wanted.items()
        if value is not None
    }
    gone = [row.pk for pk, row in standing.items() if pk not in stated]
    changed = []
    for pk, value in stated.items():
        row = standing.get(pk) or Fact(resource=resource, record_id=pk, name=name)
        if (getattr(row, path), row.by) != (value, by):
            setattr(row, path, value)
            row.by = by
            changed.append(row)
    now = timezone.now()
    for row in changed:
        row.updated_at = now
    Fact.objects.bulk_create(
        changed, batch_size=1000, update_conflicts=True,
        unique_fields=["resource", "record_id", "name"], update_fields=[path, "by", "updated_at"],
    )  # fmt: skip
    if gone:
        Fact.objects.filter(pk__in=gone).delete()
    return len(changed) + len(gone)


def forget(resource: type[Resource], ids: Collection[UUID]) -> None:
    """Records are being deleted: so are the facts of them."""
    if facts_of(resource):
        Fact.objects.filter(resource=resource.key, record_id__in=list(ids)).delete()


def _read(kind: Kind, path: str, actor: Actor, ids: Collection[UUID]) -> Mapping[UUID, Any]:
    rows = Fact.objects.filter(name=kind.name, record_id__among=list(ids), resource=kind.resource.key)
    found = rows.values_list("record_id", path)
    return {pk: kind.unpack(value) if path == "text" else value for pk, value in found}


def _find(resource: str, name: str, actor: Actor, condition: Q) -> Q:
    rows = Fact.objects.filter(condition, resource=resource, name=name)
    return Q(pk__in=rows.values("record_id"))
