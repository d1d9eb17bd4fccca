"""Cells that hold several values of one kind, as Google's address book writes them: `a ::: b` in "Phone 1 - Value"."""

import re
from collections.abc import Iterable, Sequence

_NUMBERED = re.compile(r".+ \d+ - .+")
_MARK = ":::"
_MOST = 5  # values of a cell that get columns of their own; the last keeps the rest

# A column, and into how many it is parted.
Parted = tuple[tuple[int, int], ...]


def parted_columns(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> Parted:
    """Which columns hold several values in a cell. Reads no row of a file whose heads are not of that kind."""
    asked = [at for at, header in enumerate(headers) if _NUMBERED.fullmatch(header)]
    most = dict.fromkeys(asked, 1)
    for cells in rows if asked else ():
        for at in asked:
            if at < len(cells) and _MARK in cells[at]:
                most[at] = max(most[at], min(_MOST, cells[at].count(_MARK) + 1))
    return tuple((at, count) for at, count in most.items() if count > 1)


def further_headers(headers: Sequence[str], parted: Parted) -> list[str]:
    """What the columns behind the file's own are called: "Phone 1 - Value (2)"."""
    return [f"{headers[at]} ({n})" for at, count in parted for n in range(2, count + 1)]


def apart(cells: list[str], parted: Parted) -> list[str]:
    """A row with the first value in each place, and the further ones behind its own cells."""
    more: list[str] = []
    for at, count in parted:
        values = [value.strip() for value in cells[at].split(_MARK, count - 1)]
        cells[at] = values[0]
        more += [*values[1:], *[""] * (count - len(values))]
    return cells + more
