"""Files to rows: text in any of its dialects, spreadsheets as people see them, address books.

A row comes as texts, one for each column of the head, streamed. What a CSV's cells begin with to be harmless
in a spreadsheet (an apostrophe before =) is taken off again; a spreadsheet's cells are what they are.
"""
# Chinese in code: what people call the line that sums up a table

import re
import shutil
import weakref
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from tempfile import mkdtemp

from django.utils.translation import gettext_lazy as _

from guanxi.foundation.permissions.web import listed
from guanxi.integrations.imports.cards import Form, card_records, form_of
from guanxi.integrations.imports.delimited import beginning, delimiter_of, text_encoding, text_records
from guanxi.integrations.imports.limits import limit
from guanxi.integrations.imports.refusals import Record, Unreadable
from guanxi.integrations.imports.several import Parted, apart, further_headers, parted_columns
from guanxi.integrations.imports.unpacking import OLE, ZIP
from guanxi.integrations.imports.workbooks import sheet_records, unpacked
from guanxi.kernel.errors import Message
from guanxi.kernel.text import clean_text, fold

HEAD_WITHIN = 10  # a title or two may stand above the head
NO_HEAD = 0  # the line of a head that there is not

# Which of the first rows is the head; -1 where none is.
HeadOf = Callable[[Sequence[Sequence[str]]], int]

_SUMS = re.compile(
    r"(?:合\s*计|总\s*计|小\s*计|共\s*计|总\s*和|汇\s*总|累\s*计|sub\s*-?total|grand total|totals?|sum)"
    r"\s*[:\uff1a]?\s*[\d,.]*\s*[条行家个笔]?",
    re.IGNORECASE,
)
# How programs mark, in a file of theirs, a row that lies in their recycle bin.
_DELETED = frozenset(map(fold, ("is_deleted", "isdeleted", "deleted", "是否删除", "已删除")))
_YES = frozenset(map(fold, ("true", "1", "yes", "y", "t", "是", "已删除")))
_FIGURE = re.compile(
    r"共?\s*[-+(\uff08]?\s*[¥$€£\uffe5]?\s*[\d,.\s]+[)\uff09]?\s*[%万亿元家个条人名户台件笔行套位项次]{0,3}"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `line` counts as a spreadsheet does, head included. `problem`: it cannot be taken as it is; `aside`: it
    is none of those the table is about."""

    line: int
    cells: list[str]
    problem: Message | None = None
    aside: Message | None = None


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Table:
    """The table in a file. `path` is where its rows are read from: the file, or for a sheet of a workbook what it was
    unpacked to. `head_line` is where its head stands, NO_HEAD where it has none; `form` says that it is an address
    book of cards; `parted` are columns whose further values stand behind the file's own; `notes` are sentences about
    how it was read."""

    path: Path
    name: str
    headers: tuple[str, ...]
    head_line: int
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    encoding: str = ""
    delimiter: str = ""
    form: Form | None = None
    parted: Parted = ()
    notes: tuple[Message, ...] = ()

    def rows(self) -> Iterator[Row]:
        """The rows beneath the head that hold anything. Raises Unreadable where reading fails half-way."""
        width = len(self.headers) - sum(count - 1 for _at, count in self.parted)
        most = limit("IMPORT_MAX_ROWS")
        head = [fold(name) for name in self.headers]
        deleted = [at for at, name in enumerate(head) if name in _DELETED]
        count = 0
        for line, cells, problem in self.records():
            if line <= self.head_line or not any(cells):
                continue
            count += 1
            if count > most:
                raise Unreadable(
                    "too_many_rows", _("At most %(limit)s rows at once. Split the file.") % {"limit": most}
                )
            if len(cells) > width:
                if any(cells[width:]):
                    problem = problem or Message(
                        "ragged",
                        _("%(cells)s cells under a head of %(columns)s. A delimiter in a text needs quotes."),
                        {"cells": len(cells), "columns": width},
                    )
                cells = cells[:width]
            elif len(cells) < width:
                cells += [""] * (width - len(cells))
            if self.parted:
                cells = apart(cells, self.parted)
            yield Row(line, cells, problem, None if problem else _aside(cells, head, deleted))

    def count(self) -> int:
        """How many rows there are; reads the whole file."""
        return sum(1 for _row in self.rows())

    def records(self) -> Iterator[Record]:
        """Line numbers and cells of everything in the file, head and empty rows too."""
        if self.form is not None:
            return card_records(self.path, self.encoding, self.form)
        if self.sheet:
            return sheet_records(self.path)
        return text_records(self.path, self.encoding, self.delimiter)


def _aside(cells: Sequence[str], head: Sequence[str], deleted: Sequence[int]) -> Message | None:
    """Why a row is none of those a table is about: it sums them up, says the head again, or is said in one of the
    columns `deleted` to be there no more."""
    if any(fold(cells[at]) in _YES for at in deleted):
        return Message("deleted", _("This row is marked as deleted in the program it comes from."))
    filled = [cell for cell in cells if cell]
    first = filled[0]
    if (
        len(first) <= 20
        and _SUMS.fullmatch(first)
        and all(_FIGURE.fullmatch(cell) or _SUMS.fullmatch(cell) for cell in filled[1:])
        and (len(filled) > 1 or len(head) > 1)
    ):
        return Message("sums", _("This row sums up others."))
    again = fold(first) in head and all(
        not cell or fold(cell) == name for cell, name in zip(cells, head, strict=False)
    )
    if again and len(filled) > 1:
        return Message("head_again", _("This row says the headings again."))
    return None


def open_table(
    path: Path,
    *,
    name: str = "",
    sheet: str = "",
    encoding: str = "",
    head: int | None = None,
    head_of: HeadOf | None = None,
    folder: Path | None = None,
) -> Table:
    """Find out what the file is and read its head. Raises Unreadable.

    The chosen sheet of a workbook is unpacked into `folder` and found there the next time; without one it goes with
    the table.

    `sheet` chooses a sheet of a workbook (default: the first that holds anything), `encoding` overrides what
    was found, `head` the line on which the head stands (NO_HEAD for none). `head_of` picks it among the first rows
    where it is not given (default: the first).
    """
    begins = _first_bytes(path)
    name = name or path.name
    if begins[:4] not in (ZIP, OLE):
        encoding = text_encoding(path, begins, encoding)
        sample = beginning(path, encoding)
        form = form_of(sample)
        delimiter = "" if form else delimiter_of(sample)
        return _table(Table(path, name, (), NO_HEAD, "", (), encoding, delimiter, form), head, head_of)
    passing = folder or Path(mkdtemp(prefix="guanxi-sheet-"))
    try:
        found = unpacked(path, sheet, passing)
        table = _table(Table(found.path, name, (), NO_HEAD, found.name, found.names), head, head_of)
    except BaseException:
        if folder is None:
            shutil.rmtree(passing, ignore_errors=True)
        raise
    if folder is None:
        weakref.finalize(table, shutil.rmtree, passing, ignore_errors=True)
    return table


def _table(table: Table, head: int | None, head_of: HeadOf | None) -> Table:
    """The table with its head, and with what is to be said about it. Raises Unreadable."""
    records = islice(table.records(), HEAD_WITHIN + 200)
    lines = [(line, cells) for line, cells, _problem in records if any(cells)]
    lines = lines[: 1 if table.form else HEAD_WITHIN]
    if not lines:
        raise Unreadable("empty", _("The file is empty."))
    line, cells = _head(lines, head, None if table.form else head_of)
    width = max((at for at, cell in enumerate(cells, start=1) if cell), default=len(cells))
    if width > limit("IMPORT_MAX_COLUMNS"):
        raise Unreadable(
            "too_many_columns",
            _("The head has %(columns)s columns; at most %(limit)s can be read.")
            % {"columns": width, "limit": limit("IMPORT_MAX_COLUMNS")},
        )
    headers, notes = _named(cells)
    if line == NO_HEAD:
        notes.append(
            Message("no_head", _("The file has no row of headings: each column says what it holds."))
        )
    table = replace(table, headers=headers, head_line=line, notes=tuple(notes))
    parted = parted_columns(headers, (cells for _line, cells, _problem in table.records()))
    if parted:
        table = replace(table, headers=(*headers, *further_headers(headers, parted)), parted=parted)
    if next(table.rows(), None) is None:
        raise Unreadable("no_rows", _("There are no rows under the head."))
    return table


def _first_bytes(path: Path) -> bytes:
    """How a file begins. Raises Unreadable where it is empty, too large or not there."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise Unreadable("no_file", _("There is no such file.")) from error
    if size == 0:
        raise Unreadable("empty", _("The file is empty."))
    if size > limit("IMPORT_MAX_BYTES"):
        raise Unreadable(
            "too_large",
            _("The file is larger than %(limit)s MB. Split it.") % {"limit": limit("IMPORT_MAX_BYTES") >> 20},
        )
    with path.open("rb") as file:
        return file.read(8)


def _head(
    lines: Sequence[tuple[int, list[str]]], wanted: int | None, head_of: HeadOf | None
) -> tuple[int, list[str]]:
    """The line and the cells of the head; NO_HEAD with so many empty cells as the rows are wide."""
    if wanted is not None and wanted != NO_HEAD:
        return next((found for found in lines if found[0] == wanted), lines[0])
    at = -1 if wanted == NO_HEAD else head_of([cells for _line, cells in lines]) if head_of else 0
    if at >= 0:
        return lines[at]
    return NO_HEAD, [""] * max(len(cells) for _line, cells in lines)


def _named(cells: list[str]) -> tuple[tuple[str, ...], list[Message]]:
    """Names of the columns, every one different; empty cells at the end are no columns, unless none has a name."""
    while any(cells) and not cells[-1]:
        cells = cells[:-1]
    names: list[str] = []
    twice: list[str] = []
    for number, cell in enumerate(cells, start=1):
        name = clean_text(cell)[:200] or str(_("Column %(number)s") % {"number": number})
        if name in names:
            twice.append(name)
            name = next(f"{name} ({n})" for n in range(2, len(cells) + 2) if f"{name} ({n})" not in names)
        names.append(name)
    notes = []
    if twice:
        notes.append(
            Message(
                "double_headers",
                _("Two columns are called %(names)s; the later ones are numbered."),
                {"names": listed(dict.fromkeys(twice))},
            )
        )
    return tuple(names), notes
