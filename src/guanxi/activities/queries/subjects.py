"""What else a touch or a promise may be about beside a customer: records of upper contexts, which say so at start-up.

::

    touches_on("opportunities", customer="customer")        # guanxi.activities.apps, from an upper apps.py

Whoever sees such a record sees what was done about it (`AboutSubject`, beside the other ways). Where the record leads
to a customer, what is logged about it is that customer's too.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import Q

from guanxi.foundation.permissions.actor import Actor
from guanxi.resource import access
from guanxi.resource.declaration import Resource
from guanxi.resource.following import Follows
from guanxi.resource.reach import Declaration, Members, Reach
from guanxi.resource.registry import find

BY = "about_id"
Changes = Sequence[tuple[UUID, Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Subject:
    """Records of the resource with this key; `customer` is the link by which one leads to its customer, "" for none.
    `touched` hears of those that a touch took place with, inside its operation."""

    key: str
    customer: str = ""
    touched: Callable[[Collection[UUID]], None] | None = None

    @property
    def resource(self) -> type[Resource]:
        """Its declaration."""
        return find(self.key)


_subjects: dict[str, Subject] = {}


def carry(subject: Subject) -> None:
    """Called once at start-up for each kind of record. Raises ValueError for one that is registered already."""
    if subject.key in _subjects:
        raise ValueError(f"touches can be about {subject.key} already")
    _subjects[subject.key] = subject


def subjects() -> Collection[Subject]:
    """All of them, in the order in which they were registered."""
    return _subjects.values()


def is_subject(key: str) -> bool:
    """Whether touches can be about records of the resource with this key."""
    return key in _subjects


def customer_id_of(resource: type[Resource], record: Any) -> UUID | None:
    """The customer that such a record leads to."""
    by = _subjects[resource.key].customer
    found: UUID | None = resource.kind(by).value(record) if by else None
    return found


def named(actor: Actor, ids: Collection[UUID]) -> dict[UUID, Any]:
    """Those of these records that the actor sees, by id; one question for each kind of record."""
    found: dict[UUID, Any] = {}
    for one in subjects() if ids else ():
        if missing := set(ids) - found.keys():
            found |= access.visible(actor, one.resource).in_bulk(list(missing))
    return found


def complete(rows: Iterable[MutableMapping[str, Any]], *, fresh: bool = True) -> None:
    """Say beside the id of what a touch is about which kind of record that is; a `fresh` one that names no customer is
    the customer's of that record. Rows by stored column, in place."""
    some = [row for row in rows if BY in row]
    for row in some:
        row["about"] = ""
    ids = {row[BY] for row in some if row[BY]}
    for one in subjects() if ids else ():
        columns = [one.resource.kind(one.customer).column] if one.customer else []
        rows_of = one.resource.model._default_manager.filter(pk__in=ids)
        there: dict[UUID, list[Any]] = {pk: rest for pk, *rest in rows_of.values_list("pk", *columns)}
        for row in some:
            if row[BY] not in there:
                continue
            row["about"] = one.key
            if fresh and columns and not row.get("customer_id"):
                row["customer_id"] = there[row[BY]][0]


def tell_touched(about: str, ids: Collection[UUID]) -> None:
    """A touch took place with these records; said inside its operation."""
    told = _subjects[about].touched if about in _subjects else None
    if told is not None:
        told(ids)


def completed(values: Mapping[str, Any], *, fresh: bool = True) -> dict[str, Any]:
    """`complete` of one row, which stays as it was."""
    row = dict(values)
    complete([row], fresh=fresh)
    return row


def changed(changes: Changes) -> Changes:
    """`complete` of the values of many records that stand already."""
    found = [(pk, dict(values)) for pk, values in changes]
    complete([values for _pk, values in found], fresh=False)
    return found


@dataclass(frozen=True, slots=True)
class AboutSubject(Reach):
    """Rows about a record that the members hold."""

    changes: bool = False

    def _ways(self) -> Iterable[tuple[str, Reach]]:
        return [(one.key, Follows(BY, one.key, self.changes)) for one in subjects()]

    def q(self, resource: Declaration, within: Members) -> Q:
        found = Q(pk__in=[])
        for key, way in self._ways():
            found |= Q(about=key) & way.q(resource, within)
        return found

    def holds(self, resource: Declaration, record: Any, within: Members) -> bool:
        return any(record.about == key and way.holds(resource, record, within) for key, way in self._ways())

    def held(self, resource: Declaration, image: Mapping[str, Any], within: Members) -> bool:
        about = image.get("about")
        return any(about == key and way.held(resource, image, within) for key, way in self._ways())

    def changing(self) -> Reach:
        return replace(self, changes=True)
