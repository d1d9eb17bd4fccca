"""Fields of single rows that are not for everybody who sees these rows: a customer's phone until it is claimed.

A resource says which (`withheld`). Whoever reads rows through the doors (`access.visible`) is given them with
`Withheld` in the place of such values, so that what is forgotten somewhere shows a mask and not a number. What does
not read rows (a filter, the search, the history) asks `of` and `rows`. Values of columns alone (`values_list`) bypass
the masks: who reads some that may be withheld asks `names` first.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from django.db.models import Q, QuerySet
from django.db.models.query import ModelIterable

from guanxi.foundation.permissions.actor import Actor

MASK = "***"


class Withheld(str):
    """What stands where a value is withheld. It is never written."""

    __slots__ = ()


HIDDEN = Withheld(MASK)
_BESIDE = "withheld_beside"


class Withholding(Protocol):
    """What a resource says of it."""

    def names(self, actor: Actor) -> frozenset[str]:
        """The text fields that may be withheld from the actor, in whatever row; none for most actors."""
        ...

    def of(self, actor: Actor, record: Any) -> frozenset[str]:
        """Those of one record, as it stands in the database."""
        ...

    def rows(self, actor: Actor, name: str) -> Q:
        """The rows of which this field is withheld."""
        ...

    def beside(self, actor: Actor, record: Any) -> bool:
        """Whether comments and files on one record are withheld, too."""
        ...

    def looks(self, actor: Actor, record: Any, name: str) -> int:
        """At how many records a day the actor may look all the same, each look written down; 0 for none."""
        ...


def masking(rows: "QuerySet[Any]", withheld: Withholding, actor: Actor) -> "QuerySet[Any]":
    """The same rows, read with masks."""

    class Masking(ModelIterable):  # type: ignore[type-arg]
        def __iter__(self) -> Iterator[Any]:
            return _masked(super().__iter__(), withheld, actor)

    rows = rows.all()
    rows._iterable_class = Masking
    return rows


def _masked(records: Iterable[Any], withheld: Withholding, actor: Actor) -> Iterator[Any]:
    for record in records:
        vars(record)[_BESIDE] = withheld.beside(actor, record)
        for name in withheld.of(actor, record):
            if getattr(record, name, ""):
                setattr(record, name, HIDDEN)
        yield record


def is_withheld(record: Any, name: str) -> bool:
    """Whether a field of a record that was read through the doors is."""
    return isinstance(vars(record).get(name), Withheld)


def is_bare(record: Any) -> bool:
    """Whether a record that was read through the doors comes without its comments and files."""
    return bool(vars(record).get(_BESIDE, False))


def unmasked(values: Iterable[Any]) -> None:
    """Raises ValueError where a mask is about to be written."""
    if any(type(value) is Withheld for value in values):
        raise ValueError("a mask is no value")
