"""What commands are told in files of JSON."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext

from guanxi.integrations.imports.meanings import is_meanings


def json_in(path: Path | None) -> Any:
    """What a file holds, {} where none is named. Raises CommandError."""
    if path is None:
        return {}
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise CommandError(gettext("%(path)s is not readable JSON.") % {"path": path}) from error


def meanings_in(path: Path | None) -> dict[str, dict[str, str]]:
    """What values mean, by column. Raises CommandError."""
    found = json_in(path)
    if not is_meanings(found):
        raise CommandError(gettext('%(path)s must hold `{"column": {"value": "text"}}`.') % {"path": path})
    return found
