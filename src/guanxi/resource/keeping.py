"""What else is kept of records beside their rows, and follows them through every write, undo and deletion."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID


class Kept(Protocol):
    """Something worked out from a row: what it is recognised by as the same as another, say.

    `columns` are the stored columns it is worked out from.
    """

    columns: frozenset[str]

    def worked_out(self, row: Mapping[str, Any]) -> Any:
        """It, of a row by stored column. Asks no database; raises nothing."""
        ...

    def put(self, rows: Sequence[tuple[UUID, Any]], *, fresh: bool) -> None:
        """Keep it of records, in place of what was kept; nothing was of `fresh` ones."""
        ...

    def remove(self, ids: Collection[UUID]) -> None:
        """Forget it."""
        ...
