"""What one file may carry beside the rows it is about: people with their companies, what was done with them.

Contexts say at start-up which of their resources come together; which of them a file really holds, its head says.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from guanxi.foundation.permissions.actor import Actor
from guanxi.resource.declaration import Resource
from guanxi.resource.registry import find


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Records of resource `key` come with others. `by` is the link by which they hang on those, or, where they are
    `above`, by which those hang on them. A file holds some where its head names one of the `anchors`.

    `called` is what heads begin with that say whose a field is; `rather` are heads that mean theirs, where they are
    there, and the others' where not; `fills` names fields that take what a field of the others says.
    """

    key: str
    by: str
    anchors: tuple[str, ...]
    called: tuple[str, ...] = ()
    rather: tuple[str, ...] = ()
    fills: Mapping[str, str] = field(default_factory=dict)
    above: bool = False

    @property
    def resource(self) -> type[Resource]:
        return find(self.key)


@dataclass(frozen=True, slots=True)
class Join:
    """A record of resource `key` for each row that has all of what `links` name: link to resource."""

    key: str
    links: Mapping[str, str]


_beside: dict[str, list[Beside]] = {}
_joins: list[Join] = []


def comes_with(main: str, beside: Beside) -> None:
    """Say at start-up that a file about `main` may hold records of another resource."""
    _beside.setdefault(main, []).append(beside)


def joins(key: str, **links: str) -> None:
    """Say at start-up that records of resource `key` tie what stands in one row: participants(activity, person)."""
    _joins.append(Join(key, links))


def beside(actor: Actor, resource: type[Resource]) -> list[Beside]:
    """What a file about a resource may hold beside it, as far as the actor may bring it in."""
    return [one for one in _beside.get(resource.key, ()) if may_bring(actor, one.resource)]


def joined(actor: Actor, keys: set[str]) -> list[Join]:
    """What ties records of these resources to each other."""
    return [one for one in _joins if set(one.links.values()) <= keys and may_bring(actor, find(one.key))]


def may_bring(actor: Actor, resource: type[Resource]) -> bool:
    """Whether the actor may import records of a resource."""
    takes = getattr(resource, "create_many", None) is not None
    return takes and actor.may(resource.permission("import")) and actor.may(resource.permission("create"))
