"""Text files to rows: what parts the columns, also where some rows are parted otherwise, and rows in another
character set than the rest of their file."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from guanxi.integrations.imports.decoding import DELIMITERS, SAMPLE, detect_delimiter, detect_encoding
from guanxi.integrations.imports.limits import limit
from guanxi.integrations.imports.refusals import NO_TABLE, Record, Unreadable
from guanxi.kernel.errors import Message
from guanxi.kernel.text import formula_unsafe_restore

_PICTURE = _("This is a picture. Ask for the table as CSV or XLSX.")
_WEB_PAGE = _(
    "This is a web page, whatever it is called. Open it in a spreadsheet program and save it as XLSX."
)
_KNOWN_TEXTS = {
    "<!doctype html": _WEB_PAGE,
    "<html": _WEB_PAGE,
    "<head": _WEB_PAGE,
    "<table": _WEB_PAGE,
    "<?xml": _("This is XML. Open it in a spreadsheet program and save it as XLSX."),
    "[{": _("This is JSON. Ask for the table as CSV or XLSX."),
    '{"': _("This is JSON. Ask for the table as CSV or XLSX."),
    "{\\rtf": _("This is a text document. Ask for the table as CSV or XLSX."),
}
_KNOWN_BINARIES = {
    b"%PDF": _("This is a PDF. Ask for the table as CSV or XLSX."),
    b"\x89PNG": _PICTURE,
    b"\xff\xd8\xff\xe0": _PICTURE,
}
_LETTERS = 3  # so many of another character set in one row are no accident


def text_encoding(path: Path, begins: bytes, encoding: str) -> str:
    """The character set of a file of text. Raises Unreadable where there is none, or it cannot be told."""
    if not encoding:
        found = detect_encoding(path)
        if found.unsure:
            raise Unreadable(
                "encoding",
                _("The file's character set cannot be told for sure. Save it as “CSV UTF-8” and try again."),
            )
        encoding = found.name
    if not encoding:
        raise Unreadable("binary", _KNOWN_BINARIES.get(begins[:4], NO_TABLE))
    return encoding


def beginning(path: Path, encoding: str) -> str:
    """Whole lines from the beginning of a file of text. Raises Unreadable where there is no such character set, and for
    text that is no table."""
    try:
        with path.open(encoding=encoding, errors="replace", newline="") as file:
            sample = file.read(SAMPLE // 4)
    except LookupError as error:
        raise Unreadable("encoding", _("There is no such character set.")) from error
    start = sample[:200].lstrip().lower()
    for begins, reason in _KNOWN_TEXTS.items():
        if start.startswith(begins):
            raise Unreadable("no_table", reason)
    if len(sample) == SAMPLE // 4:
        sample = sample[: sample.rfind("\n") + 1] or sample
    return sample


def delimiter_of(sample: str) -> str:
    """What parts the columns of a file that begins so."""
    return detect_delimiter(sample)


def text_records(path: Path, encoding: str, delimiter: str) -> Iterator[Record]:
    """Line numbers and cells of everything in the file, head and empty rows too. Raises Unreadable."""
    csv.field_size_limit(limit("IMPORT_MAX_CELL"))
    line = 0
    lines = _Lines(path, encoding)
    try:
        with lines.file:
            if lines.skip_mark():
                line = 1
            others = [other for other in DELIMITERS if other != delimiter]
            for cells in csv.reader(lines, delimiter=delimiter, skipinitialspace=True):
                line += 1
                problem = lines.problem()
                lines.within = False
                if problem is not None:
                    cells = [cell.encode("utf-8", "replace").decode() for cell in cells]
                if len(cells) == 1:
                    cells = _otherwise(cells[0], others)
                yield (
                    line,
                    [formula_unsafe_restore(c) if c[:1] == "'" else c for c in map(str.strip, cells)],
                    problem,
                )
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


def _otherwise(cell: str, delimiters: list[str]) -> list[str]:
    """The cells of a row that the file's own delimiter does not part: files put together from several have those."""
    if "\n" in cell:
        return [cell]
    for delimiter in delimiters:
        # A sentence has commas too: only what parts without a blank behind it is a row.
        if cell.count(delimiter) > cell.count(f"{delimiter} ") and "." not in delimiter:
            parts = next(csv.reader([cell], delimiter=delimiter))
            if len(parts) > (1 if delimiter == "\t" else 3):
                return parts
    return [cell]


class _Lines:
    """The lines of a file; of the row read last it says whether it stands in another character set."""

    def __init__(self, path: Path, encoding: str) -> None:
        wide = encoding.startswith("utf-16")
        self.file: io.TextIOWrapper = path.open(
            encoding=encoding, errors="strict" if wide else "surrogateescape", newline=""
        )
        self._name = encoding
        self.within = False  # whether lines were read that are no whole row yet
        self._strange = self._unclosed = False
        self._eight_bit = encoding in ("gb18030", "big5", "cp932")

    def skip_mark(self) -> bool:
        """Pass over the line in which a spreadsheet wrote down its delimiter; whether there is one."""
        if self.file.read(4) != "sep=":
            self.file.seek(0)
            return False
        self.file.readline()
        return True

    def __iter__(self) -> Iterator[str]:
        longest = 4 * limit("IMPORT_MAX_CELL")
        while line := self.file.readline(longest):
            if len(line) == longest:
                raise csv.Error("no line ends")
            if not line.isascii() and not self._strange:
                self._strange = self._is_strange(line)
            self.within = True
            yield line
        self._unclosed = self.within

    def _is_strange(self, line: str) -> bool:
        try:
            raw = line.encode(self._name)
        except UnicodeEncodeError:
            return True  # bytes that stand for nothing
        if not self._eight_bit:
            return False
        try:
            other = raw.decode("utf-8")
        except UnicodeDecodeError:
            return False
        return sum(1 for char in other if not char.isascii()) >= _LETTERS

    def problem(self) -> Message | None:
        """Said of the row that was read last, once."""
        if self._unclosed:
            self._unclosed = False
            return Message(
                "unclosed", _("A quotation mark is never closed: the rest of the file is in one cell.")
            )
        if not self._strange:
            return None
        self._strange = False
        return Message(
            "encoding",
            _("This row is not written in %(encoding)s like the rest of the file."),
            {"encoding": self._name.upper()},
        )
