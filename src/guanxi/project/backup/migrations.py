"""Expand and contract: which migrations take something away that running code may still use.

A migration first adds (expand); code moves over; a later migration takes away (contract) and says so:

    class Migration(migrations.Migration):
        contract = True
        reason = "since 0.4 nothing reads `name`; `title` holds it since 0003"

Whatever takes away without saying so is a fault that `guanxi upgrade --check-migrations` names.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

_TAKES_AWAY = re.compile(
    r"\b(DROP\s+(TABLE|COLUMN|FUNCTION|TYPE|VIEW)|RENAME\s|TRUNCATE|ALTER\s+COLUMN\s+\S+\s+(TYPE|SET\s+NOT))",
    re.IGNORECASE,
)
# Column types that another holds whole: old code goes on writing what it always wrote.
_WIDENS = {
    ("SmallIntegerField", "IntegerField"),
    ("SmallIntegerField", "BigIntegerField"),
    ("IntegerField", "BigIntegerField"),
    ("PositiveSmallIntegerField", "PositiveIntegerField"),
    ("PositiveIntegerField", "PositiveBigIntegerField"),
    ("PositiveIntegerField", "BigIntegerField"),
    ("CharField", "TextField"),
    ("SlugField", "CharField"),
    ("EmailField", "CharField"),
    ("URLField", "CharField"),
}


def unmarked(loader: MigrationLoader, *, prefix: str = "guanxi.") -> list[str]:
    """One line for each operation that takes something away in a migration that does not say so."""
    found = []
    for (app, name), migration in sorted(loader.disk_migrations.items()):
        if not type(migration).__module__.startswith(prefix):
            continue
        if getattr(migration, "contract", False):
            if not str(getattr(migration, "reason", "")).strip():
                found.append(f"{app}.{name} is marked as contracting and gives no reason")
            continue
        state = loader.project_state((app, name), at_end=False)
        for operation in migration.operations:
            found += [f"{app}.{name}: {fault}" for fault in _faults(operation, app, state)]
            operation.state_forwards(app, state)
    return found


def _faults(operation: Operation, app: str, state: ProjectState) -> Iterator[str]:
    match operation:
        case migrations.SeparateDatabaseAndState():
            for inner in operation.database_operations:
                yield from _faults(inner, app, state)
        case (
            migrations.RemoveField()
            | migrations.RenameField()
            | migrations.DeleteModel()
            | migrations.RenameModel()
        ):
            yield operation.describe()
        case migrations.AlterModelTable():
            yield operation.describe()
        case migrations.AlterField():
            before = state.models[app, operation.model_name_lower].fields.get(operation.name)
            if before is not None and (why := _narrows(before, operation.field)):
                yield f"{operation.describe()} ({why})"
        case migrations.RunSQL():
            if _TAKES_AWAY.search(_text(operation.sql)):
                yield "Raw SQL that drops, renames or narrows"


def _narrows(old: Any, new: Any) -> str:
    """Why a value that was fine in the old column is not in the new one; "" where all are."""
    if old.null and not new.null:
        return "no longer empty"
    if isinstance(new, models.CharField) and new.max_length is not None:
        longest = getattr(old, "max_length", None)
        if longest is None or new.max_length < longest:
            return "shorter"
    if new.unique and not old.unique:
        return "now unique"
    kinds = (old.get_internal_type(), new.get_internal_type())
    if kinds[0] != kinds[1] and kinds not in _WIDENS:
        return f"{kinds[0]} becomes {kinds[1]}"
    if old.db_column != new.db_column:
        return "another column"
    return ""


def _text(sql: Any) -> str:
    if isinstance(sql, str):
        bare = re.sub(r"\$\$.*?\$\$", "", sql, flags=re.DOTALL)  # bodies of functions change nothing now
        return re.sub(r"--[^\n]*", "", bare)
    return " ".join(_text(part[0] if isinstance(part, (list, tuple)) else part) for part in sql or ())
