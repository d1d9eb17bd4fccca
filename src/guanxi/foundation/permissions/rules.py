"""Pure decisions about people and rights. No Django."""

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
_REACHES = ("own", "department", "below", "all")


def makes_circle(parents: Mapping[Key, Key | None], child: Key, parent: Key | None) -> bool:
    """Whether `child` under `parent` would make somebody his own ancestor."""
    seen: set[Key] = {child}
    while parent is not None:
        if parent in seen:
            return True
        seen.add(parent)
        parent = parents.get(parent)
    return False


def has_circle(parents: Mapping[Key, Key | None]) -> bool:
    """Whether anything in the tree is its own ancestor."""
    sound: set[Key] = set()
    for start in parents:
        path: set[Key] = set()
        node: Key | None = start
        while node is not None and node not in sound:
            if node in path:
                return True
            path.add(node)
            node = parents.get(node)
        sound |= path
    return False


def beyond(held: Mapping[str, str], wanted: Mapping[str, str]) -> list[str]:
    """Codes of `wanted` that are not held, or not at such a reach."""

    def rank(reach: str | None) -> int:
        return _REACHES.index(reach) + 1 if reach in _REACHES else 0

    return [code for code, reach in wanted.items() if rank(reach) > rank(held.get(code))]


def widest(grants: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Of several roles' grants the widest reach per code."""
    result: dict[str, str] = {}
    for code, reach in grants:
        if code not in result or _REACHES.index(reach) > _REACHES.index(result[code]):
            result[code] = reach
    return result
