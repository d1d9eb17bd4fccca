"""Spreadsheets as people see them: a sheet is unpacked once, and read from the plain file that this leaves."""

import csv
import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.foundation.permissions.web import listed
from guanxi.integrations.imports import unpacking
from guanxi.integrations.imports.limits import limit
from guanxi.integrations.imports.refusals import Record, Unreadable
from guanxi.kernel.ids import new_id

_PASSED_ON = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "TMPDIR")  # no secret goes to the program that unpacks
_TOO_LARGE = _("The workbook is too large to be read. Save the sheet as CSV.")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that was unpacked: its rows in a plain file, its name, and all that are to be seen."""

    path: Path
    name: str
    names: tuple[str, ...]


def unpacked(path: Path, wanted: str, folder: Path) -> Sheet:
    """The sheet that is wanted, or the first that holds anything; unpacked into the folder unless it lies there.
    Raises Unreadable."""
    stem = "sheet-" + hashlib.sha256(wanted.encode()).hexdigest()[:16]
    plain, said = folder / f"{stem}.csv", folder / f"{stem}.json"
    try:
        found = json.loads(said.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        # Two that unpack the same at once write each their own; the later takes the place of the earlier.
        mine = folder / f"{stem}.{new_id().hex}"
        try:
            found = _unpack(path, wanted, mine)
            mine.replace(plain)
            mine.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
            mine.replace(said)
        finally:
            mine.unlink(missing_ok=True)
    return Sheet(plain, found["sheet"], tuple(found["sheets"]))


def sheet_records(path: Path) -> Iterator[Record]:
    """Row numbers and cells of a plain file."""
    csv.field_size_limit(limit("IMPORT_MAX_CELL"))
    with path.open(encoding="utf-8", newline="") as file:
        for line, *cells in csv.reader(file):
            yield int(line), cells, None


def _unpack(path: Path, wanted: str, target: Path) -> dict[str, Any]:
    asked = {
        "source": str(path.resolve()),
        "target": str(target.resolve()),
        "sheet": wanted,
        "limits": {
            "unpacked": limit("IMPORT_UNPACKED_BYTES"),
            "cells": limit("IMPORT_SHEET_CELLS"),
            "cell": limit("IMPORT_MAX_CELL"),
            "memory": limit("IMPORT_SHEET_MEMORY"),
            "seconds": limit("IMPORT_SHEET_SECONDS"),
        },
    }
    try:
        done = subprocess.run(
            [sys.executable, "-P", str(Path(unpacking.__file__))],
            input=json.dumps(asked),
            env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
            capture_output=True,
            text=True,
            timeout=limit("IMPORT_SHEET_SECONDS") * 2,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable("too_large", _TOO_LARGE) from error
    if done.returncode in (-signal.SIGABRT, -signal.SIGXCPU, -signal.SIGKILL, -signal.SIGSEGV):
        raise Unreadable("too_large", _TOO_LARGE)
    if done.returncode:
        raise Unreadable("broken", _("The workbook is broken or of a kind we cannot read."))
    found: dict[str, Any] = json.loads(done.stdout)
    if "unfit" in found:
        raise _unreadable(found["unfit"], found["more"], wanted)
    return found


def _unreadable(code: str, more: Any, wanted: str) -> Unreadable:
    match code:
        case "password":
            return Unreadable(code, _("The workbook is locked with a password. Save it without one."))
        case "empty":
            return Unreadable(code, _("The workbook is empty."))
        case "no_sheet":
            said = {"sheet": wanted, "sheets": listed(more)}
            return Unreadable(code, _("There is no sheet “%(sheet)s”. There are: %(sheets)s.") % said)
        case "unpacked":
            return Unreadable(
                "too_large",
                _("The workbook unpacks to more than %(limit)s MB. Save the sheet as CSV.")
                % {"limit": limit("IMPORT_UNPACKED_BYTES") >> 20},
            )
        case "cells":
            return Unreadable(
                "too_large",
                _("The sheet spans more than %(limit)s cells. Delete what stands far off, or save it as CSV.")
                % {"limit": f"{limit('IMPORT_SHEET_CELLS'):,}"},
            )
        case "cell":
            return Unreadable("cell", _("Row %(line)s has an enormous cell.") % {"line": more})
        case "too_large":
            return Unreadable(code, _TOO_LARGE)
    return Unreadable("broken", _("The workbook is broken or of a kind we cannot read."))
