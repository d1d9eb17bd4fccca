"""Files to rows: CSV in any of its dialects, and spreadsheets as people see them.

A row comes as texts, one for each column of the head, streamed. What a CSV's cells begin with to be harmless
in a spreadsheet (an apostrophe before =) is taken off again; a spreadsheet's cells are what they are.
"""

import csv
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.foundation.permissions.web import listed
from guanxi.integrations.imports.decoding import SAMPLE, detect_delimiter, detect_encoding
from guanxi.integrations.imports.limits import limit
from guanxi.kernel.errors import Message, Refused
from guanxi.kernel.text import clean_text, formula_unsafe_restore

_HEAD_WITHIN = 10  # a title or two may stand above the head
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"

HeadOf = Callable[[Sequence[Sequence[str]]], int]


class Unreadable(Refused):
    """The file is not a table we can read; `reason` says why and what would help."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `line` counts as a spreadsheet does, head included. `problem`: it does not fit the head."""

    line: int
    cells: list[str]
    problem: Message | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """The table in a file. `notes` are sentences about how it was read."""

    path: Path
    name: str
    headers: tuple[str, ...]
    head_line: int
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    encoding: str = ""
    delimiter: str = ""
    notes: tuple[Message, ...] = ()

    def rows(self) -> Iterator[Row]:
        """The rows beneath the head that hold anything. Raises Unreadable where reading fails half-way."""
        width, most = len(self.headers), limit("IMPORT_MAX_ROWS")
        count = 0
        for line, cells in _records(self.path, self.sheet, self.encoding, self.delimiter):
            if line <= self.head_line or not any(cells):
                continue
            count += 1
            if count > most:
                raise Unreadable(
                    "too_many_rows", _("At most %(limit)s rows at once. Split the file.") % {"limit": most}
                )
            problem = None
            if len(cells) > width:
                if any(cells[width:]):
                    problem = Message(
                        "ragged",
                        _("%(cells)s cells under a head of %(columns)s. A delimiter in a text needs quotes."),
                        {"cells": len(cells), "columns": width},
                    )
            elif len(cells) < width:
                cells += [""] * (width - len(cells))
            yield Row(line, cells, problem)

    def count(self) -> int:
        """How many rows there are; reads the whole file."""
        return sum(1 for _row in self.rows())


def open_table(
    path: Path, *, name: str = "", sheet: str = "", encoding: str = "", head_of: HeadOf | None = None
) -> Table:
    """Find out what the file is and read its head. Raises Unreadable.

    `sheet` chooses a sheet of a workbook (default: the first that holds anything), `encoding` overrides what
    was found. `head_of` picks the head among the first rows (default: the first).
    """
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
        begins = file.read(8)
    if begins[:4] in (_ZIP, _OLE):
        sheets, chosen = _sheets(path, sheet)
        delimiter = encoding = ""
    else:
        sheets, chosen = (), ""
        encoding, delimiter = _text_dialect(path, begins, encoding)
    first = list(islice(_records(path, chosen, encoding, delimiter), _HEAD_WITHIN + 200))
    lines = [(line, cells) for line, cells in first if any(cells)][:_HEAD_WITHIN]
    if not lines:
        raise Unreadable("empty", _("The file is empty."))
    at = head_of([cells for _line, cells in lines]) if head_of else 0
    line, cells = lines[at]
    headers, notes = _named(cells)
    if len(headers) > limit("IMPORT_MAX_COLUMNS"):
        raise Unreadable(
            "too_many_columns",
            _("The head has %(columns)s columns; at most %(limit)s can be read.")
            % {"columns": len(headers), "limit": limit("IMPORT_MAX_COLUMNS")},
        )
    table = Table(path, name or path.name, headers, line, chosen, sheets, encoding, delimiter, tuple(notes))
    if next(table.rows(), None) is None:
        raise Unreadable("no_rows", _("There are no rows under the head."))
    return table


def _named(cells: list[str]) -> tuple[tuple[str, ...], list[Message]]:
    """Names of the columns, every one different; empty cells at the end are no columns."""
    while cells and not cells[-1]:
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


# Text


def _text_dialect(path: Path, begins: bytes, encoding: str) -> tuple[str, str]:
    if not encoding:
        found = detect_encoding(path)
        if found.unsure:
            raise Unreadable(
                "encoding",
                _("The file's character set cannot be told for sure. Save it as “CSV UTF-8” and try again."),
            )
        encoding = found.name
    if not encoding:
        raise Unreadable("binary", _KNOWN_BINARIES.get(begins[:4], _NO_TABLE))
    try:
        with path.open(encoding=encoding, errors="replace", newline="") as file:
            sample = file.read(SAMPLE // 4)
    except LookupError as error:
        raise Unreadable("encoding", _("There is no such character set.")) from error
    if len(sample) == SAMPLE // 4:
        sample = sample[: sample.rfind("\n") + 1] or sample
    return encoding, detect_delimiter(sample)


_NO_TABLE = _("This is neither a text file nor a spreadsheet. CSV, XLSX, XLS and ODS can be read.")
_PICTURE = _("This is a picture. Ask for the table as CSV or XLSX.")
_KNOWN_BINARIES = {
    b"%PDF": _("This is a PDF. Ask for the table as CSV or XLSX."),
    b"\x89PNG": _PICTURE,
    b"\xff\xd8\xff\xe0": _PICTURE,
}


def _records(path: Path, sheet: str, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Line numbers and cells of everything in the file, head and empty rows too."""
    return _text_records(path, encoding, delimiter) if encoding else _sheet_records(path, sheet)


def _text_records(path: Path, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(limit("IMPORT_MAX_CELL"))
    line = 0
    try:
        with path.open(encoding=encoding, newline="") as file:
            if file.read(4) != "sep=":
                file.seek(0)
            else:
                file.readline()
                line = 1
            for cells in csv.reader(file, delimiter=delimiter, skipinitialspace=True):
                line += 1
                yield line, [formula_unsafe_restore(c) if c[:1] == "'" else c for c in map(str.strip, cells)]
    except csv.Error as error:
        raise Unreadable(
            "quote",
            _("Row %(line)s cannot be read: a quotation mark is never closed, or a cell is enormous.")
            % {"line": line + 1},
        ) from error
    except UnicodeDecodeError as error:
        raise Unreadable(
            "encoding",
            _("After row %(line)s the file is no longer %(encoding)s. Save it as “CSV UTF-8” and try again.")
            % {"line": line, "encoding": encoding.upper()},
        ) from error


# Spreadsheets


def _workbook(path: Path) -> Any:
    from python_calamine import CalamineError, PasswordError, ZipError, load_workbook

    try:
        with path.open("rb") as file:
            zipped = file.read(4) == _ZIP
        if zipped:
            _not_a_bomb(path)
        return load_workbook(str(path))
    except PasswordError as error:
        raise Unreadable(
            "password", _("The workbook is locked with a password. Save it without one.")
        ) from error
    except (CalamineError, ZipError, zipfile.BadZipFile, OSError, ValueError) as error:
        raise Unreadable("broken", _("The workbook is broken or of a kind we cannot read.")) from error


def _not_a_bomb(path: Path) -> None:
    with zipfile.ZipFile(path) as packed:
        unpacked = sum(item.file_size for item in packed.infolist())
    if unpacked > limit("IMPORT_UNPACKED_BYTES"):
        raise Unreadable(
            "too_large",
            _("The workbook unpacks to more than %(limit)s MB. Save the sheet as CSV.")
            % {"limit": limit("IMPORT_UNPACKED_BYTES") >> 20},
        )


def _sheets(path: Path, wanted: str) -> tuple[tuple[str, ...], str]:
    """Names of the sheets and the one to read."""
    with _workbook(path) as book:
        names = tuple(book.sheet_names)
        if wanted:
            if wanted not in names:
                raise Unreadable(
                    "no_sheet",
                    _("There is no sheet “%(sheet)s”. There are: %(sheets)s.")
                    % {"sheet": wanted, "sheets": listed(names)},
                )
            return names, wanted
        filled = (name for name in names if book.get_sheet_by_name(name).start is not None)
        chosen = next(filled, "")
    if not chosen:
        raise Unreadable("empty", _("The workbook is empty."))
    return names, chosen


def _sheet_records(path: Path, sheet: str) -> Iterator[tuple[int, list[str]]]:
    from python_calamine import CalamineError

    with _workbook(path) as book:
        try:
            for line, cells in enumerate(book.get_sheet_by_name(sheet).iter_rows(), start=1):
                yield line, [cell.strip() if type(cell) is str else shown(cell) for cell in cells]
        except CalamineError as error:
            raise Unreadable("broken", _("The workbook is broken or of a kind we cannot read.")) from error


def shown(value: Any) -> str:
    """A spreadsheet's value as a person sees it: 1.0 is 1, midnight is no time of day."""
    match value:
        case None | "":
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case float():
            return str(int(value)) if value.is_integer() else repr(value)
        case datetime():
            if value.time() == time():
                return value.date().isoformat()
            return value.isoformat(" ", timespec="minutes" if not value.second else "seconds")
        case date():
            return value.isoformat()
        case time():
            return value.isoformat("minutes" if not value.second else "seconds")
        case timedelta():
            minutes, seconds = divmod(int(value.total_seconds()), 60)
            return f"{minutes // 60}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")
    return str(value)
