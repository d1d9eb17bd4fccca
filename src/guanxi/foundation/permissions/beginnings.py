"""What a company begins with beside its roles: each context says at start-up how its first rows are made."""

from collections.abc import Callable

_begin: dict[str, Callable[[], None]] = {}


def begins_with(key: str, make: Callable[[], None]) -> None:
    """Call `make` once in every company, in its scope and language: when it is made, or at the first start of a version
    that knows of it. Raises ValueError for a key that is taken."""
    if key in _begin:
        raise ValueError(f"{key} is begun with twice")
    _begin[key] = make


def beginnings() -> dict[str, Callable[[], None]]:
    """All of it, in the order in which it was registered."""
    return dict(_begin)
