"""What a person of the company holds, for whoever takes it over: each context says at start-up which of its records
somebody answers for.

::

    holds("commitments", only=Q(state="open"), follows="customer")
"""

from dataclasses import dataclass

from django.db.models import Q


@dataclass(frozen=True, slots=True)
class Holding:
    """Records of the resource with this key whose owner somebody is, of these only those that `only` finds. They go to
    whoever takes over the customer that the link `follows` names."""

    resource: str
    only: Q
    follows: str


_held: dict[str, Holding] = {}


def holds(resource: str, *, only: Q | None = None, follows: str = "") -> None:
    """Register what is handed over. Raises ValueError for a resource that is registered already."""
    if resource in _held:
        raise ValueError(f"{resource} is handed over twice")
    _held[resource] = Holding(resource, only or Q(), follows)


def holdings() -> list[Holding]:
    """All of it, in the order in which it was registered: the lower contexts first."""
    return list(_held.values())
