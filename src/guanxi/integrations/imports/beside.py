"""What one file may carry beside the rows it is about: people with their companies, what was done with them.

Contexts say at start-up which of their resources come together; which of them a file really holds, its head says.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from guanxi.foundation.permissions.actor import Actor
from guanxi.resource.declaration import Resource
from guanxi.resource.registry import find

# Chinese in code: how people number what stands several times in a row
_COUNTED = {
    1: ("一", "first"),
    2: ("二", "second"),
    3: ("三", "third"),
    4: ("四", "fourth"),
    5: ("五", "fifth"),
}


@dataclass(frozen=True, slots=True)
class Slot:
    """One of several records of a kind that a row may say, by a head of its own: the work phone among contact points.

    The cell is the record's title, `values` are the fields that the head says; there is none where the cell says again
    what a field of the others (`beside`) does. The heads `also` mean it where another column is what they say first.
    """

    key: str
    label: Any
    heads: tuple[str, ...]
    values: Mapping[str, str]
    beside: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Records of resource `key` come with others. `by` is the link by which they hang on those, or, where they are
    `above`, by which those hang on them. A file holds some where its head names one of the `anchors`.

    `called` is what heads begin with that say whose a field is; `rather` are heads that mean theirs, where they are
    there, and the others' where not; `fills` names fields that take what a field of the others says. A row may say up
    to `most` of them, numbered in its heads, or one for each of the `slots`; which of them this is says `part`.

    What is not `shared` hangs on nothing else of its row. Of what is `named` heads say whose they are, but for the
    anchors: the state in a list of complaints is not the company's. What rows hang on is recognised by its name, not by
    the fields that are `shared_by` several: two companies of one web site are two where rows name two.
    """

    key: str
    by: str
    anchors: tuple[str, ...] = ()
    called: tuple[str, ...] = ()
    rather: tuple[str, ...] = ()
    fills: Mapping[str, str] = field(default_factory=dict)
    above: bool = False
    shared: bool = True
    named: bool = False
    shared_by: tuple[str, ...] = ()
    most: int = 1
    slots: tuple[Slot, ...] = ()
    part: int | Slot = 1

    @property
    def resource(self) -> type[Resource]:
        return find(self.key)

    @property
    def place(self) -> str:
        """What columns know it by: `people`, the second of them `people#2`, `contact_points#work_phone`."""
        if isinstance(self.part, Slot):
            return f"{self.key}#{self.part.key}"
        return self.key if self.part == 1 else f"{self.key}#{self.part}"

    @property
    def slot(self) -> Slot | None:
        """The one of its slots that this is."""
        return self.part if isinstance(self.part, Slot) else None

    @property
    def first(self) -> bool:
        """Whether it is the one that its heads mean without a number."""
        return self.part == 1

    @property
    def names(self) -> tuple[str, ...]:
        """What heads begin with that say whose a field is, with its number; without one the first is meant too."""
        if isinstance(self.part, Slot):
            return ()
        sign, word = _COUNTED[self.part]
        numbered = [
            text
            for name in self.called
            for text in (f"{name}{self.part}", f"{name}{sign}", f"第{sign}{name}", f"{word} {name}")
        ]
        return (*numbered, *self.called) if self.first else tuple(numbered)

    def parts(self) -> Iterator["Beside"]:
        """Each of those that a row may say."""
        if self.slots:
            yield from (replace(self, part=slot) for slot in self.slots)
            return
        yield self
        for number in range(2, self.most + 1):
            yield replace(self, part=number, rather=(), fills={})


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
    said = [one for one in _beside.get(resource.key, ()) if may_bring(actor, one.resource)]
    return [part for one in said for part in one.parts()]


def joined(actor: Actor, keys: set[str]) -> list[Join]:
    """What ties records of these resources to each other."""
    return [one for one in _joins if set(one.links.values()) <= keys and may_bring(actor, find(one.key))]


def may_bring(actor: Actor, resource: type[Resource]) -> bool:
    """Whether the actor may import records of a resource."""
    takes = getattr(resource, "create_many", None) is not None
    return takes and actor.may(resource.permission("import")) and actor.may(resource.permission("create"))
