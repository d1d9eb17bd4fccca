"""The actor: a member with everything they may do worked out. Services take one as their first argument."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from guanxi.kernel.errors import Forbidden

REACHES = ("own", "department", "below", "all")
MODES = ("read_only", "mask", "hide")
# Masked until asked for, record by record, by the company's setting; the second where a rule lets it be read only.
VEILED = ("veil", "veil_read_only")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, in which company, with what rights.

    `grants` maps a code to a reach; `peers` and `below` are the member ids of the own department and of it
    and all beneath; `field_rules` maps (resource, field) to a mode. `observer_id` is the administrator who
    looks through this member's eyes and may change nothing.
    """

    tenant_id: UUID
    member_id: UUID | None
    name: str
    grants: Mapping[str, str]
    department_id: UUID | None = None
    peers: frozenset[UUID] = frozenset()
    below: frozenset[UUID] = frozenset()
    field_rules: Mapping[tuple[str, str], str] = field(default_factory=dict)
    roles: tuple[str, ...] = ()
    account_id: UUID | None = None
    observer_id: UUID | None = None
    is_system: bool = False

    def may(self, code: str) -> bool:
        """Whether the actor holds the code at any reach."""
        if self.is_system:
            return True
        if self.observer_id is not None and not code.endswith(".view"):
            return False
        return code in self.grants

    def require(self, code: str) -> None:
        """Raises Forbidden where the actor does not hold the code."""
        if not self.may(code):
            raise Forbidden("forbidden", {"permission": code})

    def reach(self, code: str) -> str | None:
        """The reach of a code, or None where it is not held."""
        if self.is_system:
            return "all"
        return self.grants.get(code) if self.may(code) else None

    def members_within(self, code: str) -> frozenset[UUID] | None:
        """Member ids whose records the code covers; None means everybody's, also nobody's records."""
        reach = self.reach(code)
        if reach == "all":
            return None
        own = frozenset((self.member_id,)) if self.member_id else frozenset()
        if reach == "department":
            return self.peers | own
        if reach == "below":
            return self.below | own
        return own if reach == "own" else frozenset()

    def covers(self, code: str, owner_ids: Collection[UUID | None]) -> bool:
        """Whether the code covers a record that these members answer for."""
        within = self.members_within(code)
        if within is None:
            return True
        return any(owner in within for owner in owner_ids if owner is not None)

    def field_mode(self, resource: str, name: str) -> str | None:
        """None, "read_only", "mask" or "hide"; one of `VEILED` where the company masks it until asked for."""
        if self.is_system:
            return None
        mode = self.field_rules.get((resource, name))
        for other in _followed.get((resource, name), ()):
            mode = max(mode, self.field_rules.get(other), key=_CLOSED.index)
        return mode


# The open first, the most closed last.
_CLOSED: tuple[str | None, ...] = (None, "read_only", *VEILED, "mask", "hide")
_followed: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {}


def rules_follow(resource: str, names: Collection[str], of: str, *, at: str = "") -> None:
    """Called once at start-up: fields by which another one (of the same resource, or of `at`) can be worked out, or
    that are worked out of it, are at least as closed as that."""
    for name in names:
        before = _followed.get((resource, name), ())
        _followed[resource, name] = tuple(dict.fromkeys((*before, (at or resource, of))))


def system_actor(tenant_id: UUID, *, name: str = "") -> Actor:
    """The system itself: jobs without a person behind them, set-up, the command line without --as."""
    return Actor(tenant_id=tenant_id, member_id=None, name=name, grants={}, is_system=True)


def most_permissive(modes: Collection[Any]) -> str | None:
    """Of several roles' modes for one field the most permissive holds; a role without a rule frees it."""
    ranks = [MODES.index(mode) + 1 if mode else 0 for mode in modes]
    best = min(ranks, default=0)
    return MODES[best - 1] if best else None
