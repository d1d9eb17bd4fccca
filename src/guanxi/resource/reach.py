"""Whose a row is: how the reach of a right (own, department, below, all) finds the rows it holds.

::

    class Customers(Resource):
        owner = "owner"                    # without more: rows of these members
    class Affiliations(Resource):
        reach = Follows("customer", "customers")        # rows of what a link leads to
    class People(Resource):
        reach = Either(Owned("owner"), Through("affiliations", "person"))
    class Customers(Resource):
        reach = Either(Owned("owner"), Named("charges", "customer", "member"))  # who has a part in it reads it

`Follows`, `Through` and `Named` stand in `resource.following`, above the registry. Every rule answers three questions
alike: which rows (in SQL), whether this row, whether a row that is gone.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from django.db.models import Q

from guanxi.foundation.permissions.actor import Actor

Members = Collection[UUID]
Declaration = type[Any]  # a Resource, which knows this module


class Reach(Protocol):
    """Which rows of a resource are held by some members; of a right that reaches everything nobody asks."""

    def q(self, resource: Declaration, within: Members) -> Q:
        """The condition that finds them."""
        ...

    def holds(self, resource: Declaration, record: Any, within: Members) -> bool:
        """Whether this one is among them."""
        ...

    def held(self, resource: Declaration, image: Mapping[str, Any], within: Members) -> bool:
        """Whether one that is gone was among them, by its whole image of the ledger."""
        ...

    def changing(self) -> "Reach":
        """What is left of it for a right to change."""
        return self

    def editing(self) -> "Reach":
        """What is left of it for the right to edit, which may be more than for other rights to change: who helps with
        a customer writes to it, and gives it to nobody."""
        return self.changing()

    def following(self, resource: Declaration) -> "Reach":
        """What is left of it for rows of `resource` that hang on one of these."""
        return self

    def simply(self, resource: Declaration, within: Members) -> "Simply | None":
        """The same said without the rows, for the search; None where they have to be asked."""
        return None


@dataclass(frozen=True, slots=True)
class Simply:
    """All rows whose owner is one of these members, and these rows beside them."""

    members: frozenset[UUID] = frozenset()
    rows: frozenset[UUID] = frozenset()


class Discretion(Protocol):
    """Which rows are not for everybody whom a right reaches: a rule of its own, which holds beside every reach."""

    def q(self, actor: Actor, verb: str) -> Q:
        """The condition that finds those the actor may know of, and do this to."""
        ...

    def shows(self, actor: Actor, record: Any, verb: str) -> bool:
        """Whether this one is among them."""
        ...

    def showed(self, actor: Actor, image: Mapping[str, Any], verb: str) -> bool:
        """Whether one that is gone was, by its whole image of the ledger."""
        ...


@dataclass(frozen=True, slots=True)
class Everything(Reach):
    """Rows that are nobody's in particular: a right that is held holds them all."""

    def q(self, resource: Declaration, within: Members) -> Q:
        return Q()

    def holds(self, resource: Declaration, record: Any, within: Members) -> bool:
        return True

    def held(self, resource: Declaration, image: Mapping[str, Any], within: Members) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Owned(Reach):
    """Rows whose member link `by` names one of the members."""

    by: str

    def q(self, resource: Declaration, within: Members) -> Q:
        column = resource.kind(self.by).column
        if len(within) == 1:
            return Q(**{column: next(iter(within))})
        return Q(**{f"{column}__in": sorted(within)})

    def holds(self, resource: Declaration, record: Any, within: Members) -> bool:
        return resource.kind(self.by).value(record) in within

    def held(self, resource: Declaration, image: Mapping[str, Any], within: Members) -> bool:
        owner = image.get(resource.kind(self.by).column)
        return bool(owner) and UUID(str(owner)) in within

    def simply(self, resource: Declaration, within: Members) -> Simply | None:
        return Simply(members=frozenset(within)) if self.by == resource.owner else None


class Either(Reach):
    """Rows that one of several rules holds."""

    def __init__(self, *rules: Reach) -> None:
        self.rules = rules

    def q(self, resource: Declaration, within: Members) -> Q:
        found = Q(pk__in=[])
        for rule in self.rules:
            found |= rule.q(resource, within)
        return found

    def holds(self, resource: Declaration, record: Any, within: Members) -> bool:
        return any(rule.holds(resource, record, within) for rule in self.rules)

    def held(self, resource: Declaration, image: Mapping[str, Any], within: Members) -> bool:
        return any(rule.held(resource, image, within) for rule in self.rules)

    def changing(self) -> Reach:
        return Either(*(rule.changing() for rule in self.rules))

    def editing(self) -> Reach:
        return Either(*(rule.editing() for rule in self.rules))

    def following(self, resource: Declaration) -> Reach:
        return Either(*(rule.following(resource) for rule in self.rules))

    def simply(self, resource: Declaration, within: Members) -> Simply | None:
        found = Simply()
        for rule in self.rules:
            one = rule.simply(resource, within)
            if one is None:
                return None
            found = Simply(found.members | one.members, found.rows | one.rows)
        return found
