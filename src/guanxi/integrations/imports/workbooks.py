"""Spreadsheets as people see them: the sheets that are not hidden, and cells that were merged filled alike."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.foundation.permissions.web import listed
from guanxi.integrations.imports.limits import limit
from guanxi.integrations.imports.refusals import Record, Unreadable

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_BROKEN = _("The workbook is broken or of a kind we cannot read.")
_MOST_MERGED = 100_000  # merged ranges of a sheet that are looked at


def open_workbook(path: Path) -> Any:
    """The workbook. Raises Unreadable where it is locked, broken or a bomb."""
    from python_calamine import CalamineError, PasswordError, ZipError, load_workbook

    try:
        with path.open("rb") as file:
            zipped = file.read(4) == ZIP
        if zipped:
            _not_a_bomb(path)
        return load_workbook(str(path))
    except PasswordError as error:
        raise Unreadable(
            "password", _("The workbook is locked with a password. Save it without one.")
        ) from error
    except (CalamineError, ZipError, zipfile.BadZipFile, OSError, ValueError) as error:
        raise Unreadable("broken", _BROKEN) from error


def _not_a_bomb(path: Path) -> None:
    with zipfile.ZipFile(path) as packed:
        unpacked = sum(item.file_size for item in packed.infolist())
    if unpacked > limit("IMPORT_UNPACKED_BYTES"):
        raise Unreadable(
            "too_large",
            _("The workbook unpacks to more than %(limit)s MB. Save the sheet as CSV.")
            % {"limit": limit("IMPORT_UNPACKED_BYTES") >> 20},
        )


def sheets_of(path: Path, wanted: str) -> tuple[tuple[str, ...], str]:
    """Names of the sheets that are to be seen, and the one to read: the first that holds anything where none is
    wanted. Raises Unreadable."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    with open_workbook(path) as book:
        names = tuple(
            one.name
            for one in book.sheets_metadata
            if one.visible == SheetVisibleEnum.Visible and one.typ == SheetTypeEnum.WorkSheet
        )
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


def sheet_records(path: Path, sheet: str) -> Iterator[Record]:
    """Row numbers and cells of everything on the sheet. What several cells were merged to stands in each of them, where
    they are one below the other. Raises Unreadable."""
    from python_calamine import CalamineError

    with open_workbook(path) as book:
        try:
            found = book.get_sheet_by_name(sheet)
            merged = _Merged(found)
            for line, cells in enumerate(found.iter_rows(), start=1):
                row = [cell.strip() if type(cell) is str else shown(cell) for cell in cells]
                yield line, merged.filled(line - 1, row), None
        except CalamineError as error:
            raise Unreadable("broken", _BROKEN) from error


class _Merged:
    """Cells merged over several rows: the upper one's value is the value of each."""

    def __init__(self, sheet: Any) -> None:
        ranges = (sheet.merged_cell_ranges or [])[:_MOST_MERGED]
        self._starts: dict[int, list[tuple[int, int]]] = {}  # by row: column, last row
        for (top, left), (bottom, _right) in ranges:
            if bottom > top:
                self._starts.setdefault(top, []).append((left, bottom))
        self._running: dict[int, tuple[int, str]] = {}  # by column: last row, value

    def filled(self, row: int, cells: list[str]) -> list[str]:
        """The cells of a row, rows in their order."""
        if not self._starts:
            return cells
        for column, (last, value) in list(self._running.items()):
            if row > last:
                del self._running[column]
            elif column < len(cells) and not cells[column]:
                cells[column] = value
        for column, last in self._starts.get(row, ()):
            if column < len(cells):
                self._running[column] = (last, cells[column])
        return cells


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
