"""How the rows of an import are compared with records and with each other."""

from collections.abc import Collection, Hashable, Mapping
from typing import Any, Literal, Protocol
from uuid import UUID

Certainty = Literal["certain", "likely"]


class Matching(Protocol):
    """What a resource knows about sameness. Keys are hashable values of its own; None compares with nothing."""

    def keys(self, values: Mapping[str, Any]) -> Hashable | None:
        """What a record with these stored values, derived ones among them, is compared by."""
        ...

    def linked(self, keys: Any, values: Mapping[str, Any]) -> Hashable | None:
        """The keys of a record of which it is known by now what it refers to."""
        ...

    def remembered(self, keys: Any) -> Hashable:
        """The keys as they are kept for the rest of a file: without what can be worked out again."""
        ...

    def of_text(self, text: str) -> Hashable:
        """The keys of the record that a link's cell names."""
        ...

    def shares(self, keys: Any) -> tuple[str, ...]:
        """Texts of which two records that may be the same have at least one in common."""
        ...

    def verdict(self, left: Any, right: Any) -> Certainty | None:
        """Whether two are the same."""
        ...

    def find(self, keys: Collection[Any]) -> Mapping[Any, tuple[UUID, Certainty]]:
        """The record of the open company that each of the keys means; those without one are left out."""
        ...

    def lock(self, keys: Collection[Any]) -> None:
        """Hold the keys until the transaction ends: of two who bring the same at once, one waits."""
        ...
