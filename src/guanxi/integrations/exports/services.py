"""Rows of a list to CSV, XLSX, and entries of address books and calendars, streamed from a cursor of the database."""

import csv
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils import timezone

from guanxi.integrations.exports.columns import Safe, fits, guarded, rows_of
from guanxi.integrations.exports.entries import Entries, entries_among
from guanxi.integrations.exports.formats import Format
from guanxi.kernel.text import formula_safe
from guanxi.kinds import Choice, Choices, Coded, Kind, Show, YesNo
from guanxi.resource import access
from guanxi.resource.links import look_up
from guanxi.resource.listing import Listing

_CHUNK = 1_000
_KNOWN = 50_000  # records referred to, and words, that are kept in mind
_SHEET_ROWS = 1_048_576  # what a sheet of XLSX holds, head included


class _Line:
    """What csv.writer writes to: keeps the one line it was given."""

    def write(self, text: str) -> str:
        return text


def write_file(wanted: Listing, show: Show, path: Path, kind: Format) -> int:
    """Write the rows of a list, in its order, to a file; returns how many.

    Raises Forbidden without `….export`, NoScope outside a scope.
    """
    if kind.key == "xlsx":
        return _write_xlsx(wanted, show, path)
    entries = kind.entries is not None
    count = 0 if entries else -1  # the head of a CSV is a line too
    with path.open("w", encoding="utf-8", newline="") as file:
        for line in lines_of(wanted, show, kind):
            file.write(line)
            count += 1
    return count - 2 if entries else count


def lines_of(wanted: Listing, show: Show, kind: Format) -> Iterator[str]:
    """The text of an export, piece by piece: the head, the rows or entries, of entries the foot."""
    return csv_lines(wanted, show) if kind.entries is None else _entry_lines(wanted, show, kind.entries)


def _entry_lines(wanted: Listing, show: Show, kind: Entries) -> Iterator[str]:
    wanted.actor.require(wanted.resource.permission("export"))
    kinds = access.readable(wanted.actor, wanted.resource, kind.fields)
    yield kind.head()
    for part in _parts(wanted, kinds, show):
        yield from entries_among(wanted.resource, part, kind, show)
    yield kind.foot


def csv_lines(wanted: Listing, show: Show) -> Iterator[str]:
    """The lines of a CSV (UTF-8 with its mark, for spreadsheets look for it), head first."""
    writer = csv.writer(_Line())
    kinds = exported(wanted)
    head: str = writer.writerow([formula_safe(str(kind.label)) for kind in kinds])
    yield "\ufeff" + head
    for cells in _rows(wanted, kinds, show, formula_safe):
        line: str = writer.writerow(cells)
        yield line


def exported(wanted: Listing) -> list[Kind]:
    """The fields of an export: the columns that were asked for, in their order, else all the actor may know of.

    Raises Forbidden without `….export`.
    """
    wanted.actor.require(wanted.resource.permission("export"))
    return access.readable(wanted.actor, wanted.resource, wanted.chosen or None)


def _rows(wanted: Listing, kinds: Sequence[Kind], show: Show, safe: Safe) -> Iterator[Sequence[Any]]:
    """Cells as the reader may see them, texts made `safe`."""
    if fits(kinds, show):
        yield from rows_of(wanted, kinds, show, safe)
        return
    readers = [_reader(kind, show) for kind in kinds]
    for part in _parts(wanted, kinds, show):
        for record in part:
            yield guarded([read(record) for read in readers], safe)


def _parts(wanted: Listing, kinds: Sequence[Kind], show: Show) -> Iterator[list[Any]]:
    """The records, some at a time, with what showing them needs. The reach is that of exporting, not of viewing."""
    found = wanted.ordered([kind.name for kind in kinds])
    found = found.filter(access.reach_q(wanted.actor, wanted.resource, "export"))
    records = found.iterator(chunk_size=_CHUNK)
    while part := list(islice(records, _CHUNK)):
        if len(show.looked_up) > _KNOWN:
            show.looked_up.clear()
        look_up(kinds, part, show)
        yield part


def _reader(kind: Kind, show: Show) -> Callable[[Any], Any]:
    """How a cell is read from a record. The words of what repeats from row to row are made once."""
    if access.is_masked(show.actor, kind):
        return partial(kind.masked, show=show)
    plain = type(kind).cell is Kind.cell and type(kind).text is Kind.text and kind.computed is None
    if not plain or not isinstance(kind, Choice | Choices | Coded | YesNo):
        return partial(kind.cell, show=show)
    said: dict[Any, str] = {}

    def read(record: Any) -> str:
        value = kind.value(record)
        key = tuple(value) if isinstance(value, list) else value
        if key not in said:
            if len(said) > _KNOWN:
                said.clear()
            said[key] = kind.text(record, show)
        return said[key]

    return read


def _write_xlsx(wanted: Listing, show: Show, path: Path) -> int:
    import xlsxwriter

    kinds = exported(wanted)
    book = xlsxwriter.Workbook(
        str(path),
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    # Who took it out and when, should a printed or forwarded one be found.
    mark = f"{show.actor.name} {timezone.localtime():%Y-%m-%d %H:%M}".strip()
    book.set_properties({"author": show.actor.name, "comments": mark})
    bold, count, sheet, at = book.add_format({"bold": True}), 0, None, 0
    try:
        for cells in _rows(wanted, kinds, show, str):
            if sheet is None or at >= _SHEET_ROWS:
                sheet, at = _new_sheet(book, kinds, bold, mark), 1
            for column, cell in enumerate(cells):
                if isinstance(cell, int | float) and not isinstance(cell, bool):
                    sheet.write_number(at, column, cell)
                elif cell not in ("", None):
                    sheet.write_string(at, column, str(cell)[:32_767])
            at += 1
            count += 1
        if sheet is None:
            _new_sheet(book, kinds, bold, mark)
    finally:
        book.close()
    return count


def _new_sheet(book: Any, kinds: Sequence[Kind], bold: Any, mark: str) -> Any:
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    sheet.set_footer("&R" + mark.replace("&", "&&"))
    for column, kind in enumerate(kinds):
        sheet.write_string(0, column, str(kind.label), bold)
        sheet.set_column(column, column, 36 if kind.wide else 18)
    return sheet
