"""How large a file may be. Each can be set in the settings under the same name."""

from django.conf import settings

_MEGABYTE = 1024 * 1024
_DEFAULTS = {
    "IMPORT_MAX_BYTES": 1024 * _MEGABYTE,  # of a file on the command line
    "IMPORT_UPLOAD_BYTES": 200 * _MEGABYTE,  # of a file that comes by page
    "IMPORT_MAX_ROWS": 2_000_000,
    "IMPORT_MAX_COLUMNS": 500,
    "IMPORT_MAX_CELL": 1_000_000,  # characters
    "IMPORT_UNPACKED_BYTES": 1024 * _MEGABYTE,  # of a workbook: a small file may unpack to an enormous one
    "IMPORT_SHEET_CELLS": 20_000_000,  # of the table a sheet spans, empty ones too
    "IMPORT_SHEET_MEMORY": 2560 * _MEGABYTE,  # of the process that unpacks a workbook
    "IMPORT_SHEET_SECONDS": 90,  # of its work
    "IMPORT_CHECK_AT_ONCE": 5_000,  # rows checked while the page waits; more of them by a job
    "IMPORT_LOOKED_AT": 1_000,  # of those, rows judged while the page waits
    "IMPORT_KEPT_DAYS": 30,  # of the file and of what was said about it
}


def limit(name: str) -> int:
    """The limit in force."""
    return int(getattr(settings, name, _DEFAULTS[name]))
