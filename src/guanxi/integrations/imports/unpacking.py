"""A sheet of a workbook to a plain file of rows, in a process of its own with bounded memory and time.

This module is a program: it imports nothing of ours but `binary`, which imports nothing more; it gets what it needs as
JSON and answers with JSON. What a crafted workbook does to it, it does to this process alone. The plain file is CSV in
UTF-8: the row's number, then its cells.
"""

import csv
import json
import re
import resource
import struct
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET
from xml.parsers.expat import ParserCreate

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_LOCKED = "EncryptedPackage".encode("utf-16-le")  # what lies in a compound file for a locked workbook
_MOST_MERGED = 100_000  # merged ranges of a sheet that are looked at
_MOST_ERRORS = 1_000_000  # formulas that came to an error
_BLOCK = 1 << 22  # bytes of a sheet looked through at once
_LONGEST = 1 << 12  # bytes of the tags of a cell with an error

_FILLED = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br=[\"']([A-Z]{1,3})(\d{1,7})[\"'][^>]*(?<!/)>")
_ERROR = re.compile(
    rb"<(?:\w+:)?c\s(?=[^>]*\bt=[\"']e[\"'])[^>]*?\br=[\"']([A-Z]{1,3})(\d{1,7})[\"'][^>]*>"
    rb"(?:(?!</(?:\w+:)?c>).){0,3000}?<(?:\w+:)?v>([^<]{1,40})<",
    re.DOTALL,
)


class Unfit(Exception):
    """The workbook cannot be read; the first argument is a word for the reason."""


def unpack(source: Path, target: Path, wanted: str, limits: dict[str, int]) -> dict[str, Any]:
    """Write the sheet that is wanted, or the first that holds anything, to the target. Answers with the names of the
    sheets to be seen and the one written. Raises Unfit."""
    from python_calamine import CalamineError, PasswordError, SheetTypeEnum, SheetVisibleEnum, load_workbook

    try:
        with source.open("rb") as file:
            zipped = file.read(4) == ZIP
            if not zipped and _LOCKED in file.read(limits["unpacked"]):
                raise Unfit("password")
        # The reader goes by the name, which people give as they like.
        link = target.with_suffix(_ending(source, limits["unpacked"]) if zipped else ".xls")
        link.symlink_to(source)
        try:
            book = load_workbook(str(link))
        finally:
            link.unlink()
        with book:
            names = [
                one.name
                for one in book.sheets_metadata
                if one.visible == SheetVisibleEnum.Visible and one.typ == SheetTypeEnum.WorkSheet
            ]
            if wanted and wanted not in names:
                raise Unfit("no_sheet", names)
            for name in [wanted] if wanted else names:
                errors = (
                    _looked_through(source, name, limits["cells"]) if zipped else _binary_errors(source, name)
                )
                sheet = book.get_sheet_by_name(name)
                if sheet.start is not None or wanted:
                    _write(target, _rows(sheet, errors), limits["cell"])
                    return {"sheets": names, "sheet": name}
    except PasswordError as error:
        raise Unfit("password") from error
    except MemoryError as error:
        raise Unfit("too_large") from error
    except (
        CalamineError,
        zipfile.BadZipFile,
        ET.ParseError,
        OSError,
        ValueError,
        KeyError,
    ) as error:
        raise Unfit("broken") from error
    raise Unfit("empty")


def _ending(source: Path, most: int) -> str:
    """What a workbook of this kind is called. Raises Unfit for a bomb."""
    with zipfile.ZipFile(source) as packed:
        if sum(item.file_size for item in packed.infolist()) > most:
            raise Unfit("unpacked")
        names = set(packed.namelist())
    if "xl/workbook.bin" in names:
        return ".xlsb"
    return ".ods" if "content.xml" in names else ".xlsx"


def _write(target: Path, rows: Iterator[tuple[int, list[str]]], longest: int) -> None:
    with target.open("w", encoding="utf-8", errors="replace", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        for line, cells in rows:
            if any(len(cell) > longest for cell in cells):
                raise Unfit("cell", line)
            writer.writerow([line, *cells])


def _rows(sheet: Any, errors: dict[tuple[int, int], str]) -> Iterator[tuple[int, list[str]]]:
    """Numbers and cells of the rows that hold anything. What several cells were merged to stands in each of them, where
    they are one below the other; a formula that came to an error says which."""
    merged = _Merged(sheet)
    wrong: dict[int, list[tuple[int, str]]] = {}
    for (row, column), text in errors.items():
        wrong.setdefault(row, []).append((column, text))
    for line, cells in enumerate(sheet.iter_rows(), start=1):
        texts = [cell.strip() if type(cell) is str else shown(cell) for cell in cells]
        for column, text in wrong.pop(line, ()):
            if column < len(texts) and not texts[column]:
                texts[column] = text
        texts = merged.filled(line - 1, texts)
        if any(texts):
            yield line, texts
    for line in sorted(wrong):  # a sheet can end with rows of errors alone
        texts = [""] * (max(column for column, _text in wrong[line]) + 1)
        for column, text in wrong[line]:
            texts[column] = text
        yield line, texts


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


# What the reader of workbooks does not tell


def _binary_errors(source: Path, name: str) -> dict[tuple[int, int], str]:
    """The formulas of a sheet of an XLS that came to an error; none where the file is of another make."""
    from guanxi.integrations.imports.binary import xls_errors

    try:
        return xls_errors(source, name)
    except (struct.error, LookupError):
        return {}


def _looked_through(source: Path, name: str, most: int) -> dict[tuple[int, int], str]:
    """The formulas of a sheet that came to an error, by row (from 1) and column (from 0). Raises Unfit where its cells
    lie so far apart that the table they span has more than `most`."""
    errors: dict[tuple[int, int], str] = {}
    with zipfile.ZipFile(source) as packed:
        if "content.xml" in packed.namelist():
            return _open_document_errors(packed, name)
        if "xl/workbook.bin" in packed.namelist():
            from guanxi.integrations.imports.binary import xlsb_errors

            try:
                return xlsb_errors(packed, name)
            except (struct.error, LookupError):
                return errors
        part = _part_of(packed, name)
        if not part:
            return errors
        rows, columns, held = 0, set[bytes](), b""
        with packed.open(part) as file:
            while block := file.read(_BLOCK):
                held += block
                found = _FILLED.findall(held)
                columns.update(column for column, _row in found)
                if found:
                    rows = max(rows, *(int(row) for _column, row in found))
                if rows * max(map(_number, columns), default=0) > most:
                    raise Unfit("cells")
                for match in _ERROR.finditer(held):
                    if len(errors) < _MOST_ERRORS:
                        errors[int(match[2]), _number(match[1]) - 1] = (
                            match[3].decode("utf-8", "replace").strip()
                        )
                held = held[-_LONGEST:]
    return errors


def _open_document_errors(packed: zipfile.ZipFile, name: str) -> dict[tuple[int, int], str]:
    """The same of an OpenDocument workbook, in which rows and cells are told as often as they repeat."""
    errors: dict[tuple[int, int], str] = {}
    row = column = width = high = 0
    within = wrong = False
    text = ""

    def begins(tag: str, told: dict[str, str]) -> None:
        nonlocal row, column, width, high, within, wrong, text
        if tag == "table:table":
            within, row, high = told.get("table:name") == name, 0, 0
        elif tag == "table:table-row":
            row, column, width = row + high, 0, 0
            high = int(told.get("table:number-rows-repeated", 1))
        elif tag in ("table:table-cell", "table:covered-table-cell"):
            column, width = column + width, int(told.get("table:number-columns-repeated", 1))
            wrong, text = within and told.get("calcext:value-type") == "error", ""

    def ends(tag: str) -> None:
        nonlocal wrong
        if tag == "table:table-cell" and wrong:
            if len(errors) < _MOST_ERRORS:
                errors[row + 1, column] = text.strip()[:40] or "#VALUE!"
            wrong = False

    def says(data: str) -> None:
        nonlocal text
        if wrong:
            text += data

    parser = ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = begins, ends
    parser.CharacterDataHandler = says
    with packed.open("content.xml") as file:
        parser.ParseFile(file)
    return errors


def _number(column: bytes) -> int:
    number = 0
    for letter in column:
        number = number * 26 + letter - 64
    return number


def _part_of(packed: zipfile.ZipFile, name: str) -> str:
    """Where a sheet lies in an Office workbook; "" for other kinds."""
    names = set(packed.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return ""
    links = ET.fromstring(packed.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - memory and time are bounded
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for sheet in ET.fromstring(packed.read("xl/workbook.xml")).iter():  # noqa: S314
        if sheet.tag.endswith("}sheet") and sheet.get("name") == name:
            found = next((value for key, value in sheet.items() if key.endswith("}id")), "")
            target = targets.get(found, "")
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            return path if path in names else ""
    return ""


def main() -> int:
    """Do what the JSON on the standard input asks, and answer on the standard output."""
    asked = json.load(sys.stdin)
    limits = asked["limits"]
    resource.setrlimit(resource.RLIMIT_CPU, (limits["seconds"], limits["seconds"] + 1))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (limits["memory"], limits["memory"]))
    try:
        answer = unpack(Path(asked["source"]), Path(asked["target"]), asked["sheet"], limits)
    except Unfit as unfit:
        answer = {"unfit": unfit.args[0], "more": unfit.args[1] if len(unfit.args) > 1 else None}
    json.dump(answer, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
