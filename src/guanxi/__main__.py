"""The `guanxi` command: `./run manage …`, `python -m guanxi …`.

Finds the database first (the running server's, or the embedded one for as long as the command takes), then
hands over to Django's commands.
"""

import keyword
import os
import signal
import sys
from types import FrameType
from typing import NoReturn

from guanxi.project.runtime.home import StartError, home_from_environment
from guanxi.project.runtime.session import open_databases

# These look at the source alone.
_WITHOUT_DATABASE = {"", "help", "version", "--version", "--help", "-h", "messages"}


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guanxi.project.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    # A module cannot bear the name of a Python keyword: `import` lives in `import_`.
    words = [f"{command}_" if keyword.iskeyword(command) else command, *sys.argv[2:]]
    if "GUANXI_DB_HOST" in os.environ or command in _WITHOUT_DATABASE or {"--help", "-h"} & set(words):
        os.environ.setdefault("GUANXI_SECRET_KEY", "of no command that reads or signs anything")
        return _hand_over(words)
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGHUP, _end)
    try:
        with open_databases(home_from_environment()) as environment:
            os.environ.update(environment)
            return _hand_over(words)
    except StartError as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _hand_over(words: list[str]) -> int:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["guanxi", *words])
    return 0


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(128 + number)  # so that the database we started is stopped on the way out


if __name__ == "__main__":
    sys.exit(main())
