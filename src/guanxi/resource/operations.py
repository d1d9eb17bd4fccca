"""Operations of the API that belong to no one kind of record. Upper contexts declare them; the adapter makes them.

::

    declare(Operation(area="comments", method="POST", path="comments", act=add, body=NewComment, answer=CommentOut, …))

What is taken and answered are dataclasses of plain types (texts, ids, numbers, moments, lists of these and of such
dataclasses). Like everything at a door, an operation reads through `access` and writes through services.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from guanxi.kinds.kind import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one address below the API's root; `{id}` in its path is an id.

    `act` is called with the actor, the id where the path has one, and the `query` or the `body` as it was read; it
    returns an `answer`, with `many` a list of them and what `after` takes for the next page (None at the end), or
    nothing where there is no `answer`. With `file`, a media type, it returns the path of a file and its name. A
    `guarded` one takes `expected_version` too, from `If-Match`; its answer has a `version`. `summary` and `words` are
    English msgids, marked by `gettext_noop`.
    """

    area: str
    method: Literal["GET", "POST", "PATCH", "DELETE"]
    path: str
    summary: str
    words: str = ""
    act: Callable[..., Any]
    query: type | None = None
    body: type | None = None
    answer: type | None = None
    many: bool = False
    file: str = ""
    guarded: bool = False
    status: int = 200


_declared: list[Operation] = []
_areas: dict[str, Words] = {}


def declare(*operations: Operation, **areas: Words) -> None:
    """Called at start-up; `areas` are what the documentation calls their areas."""
    _declared.extend(operations)
    _areas.update(areas)


def declared() -> tuple[Operation, ...]:
    """Every operation, in the order of declaration."""
    return tuple(_declared)


def area_words(area: str) -> Words:
    """What an area is called; "" where nobody said."""
    return _areas.get(area, "")
