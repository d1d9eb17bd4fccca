"""What else is kept of records beside their rows, and follows them through every write, undo and deletion."""

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol
from uuid import UUID

if TYPE_CHECKING:
    from guanxi.foundation.permissions.actor import Actor


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


class Line(NamedTuple):
    """One thing a record is found by: what it is called, the text, and whether it is a phone; for those who write it
    elsewhere its kind and use by their codes."""

    label: Any
    text: str
    phone: bool = False
    kind: str = ""
    use: str = ""


class Beside(Protocol):
    """What records are found by beside their own fields: numbers in rows that hang on them, say."""

    def lines(self, ids: Collection[UUID]) -> Mapping[UUID, Sequence[Line]]:
        """It, of records; those that everybody who sees the record may know."""
        ...

    def is_open(self, actor: "Actor") -> bool:
        """Whether the actor may find by it."""
        ...
