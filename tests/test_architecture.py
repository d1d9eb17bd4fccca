"""Rules of the house that a reader can count on, read from the source itself. Every exception has its reason."""

import ast
from collections.abc import Iterator
from pathlib import Path

import guanxi

SOURCE = Path(guanxi.__file__).parent
LONGEST = 400
LONG = {"demo/generator.py": "one customer is drawn from top to bottom; half of it says nothing by itself"}

# The third door, `write`/`act`: rows are written by services (a module or a package of that name) and, for
# every entity alike, by the engine. Anything else is named here.
WRITERS = {
    "resource/writing.py": "the engine's writing door, one for every entity",
    "resource/standard.py": "the usual services, for entities without rules of their own",
    "resource/splitting.py": "the way back of one of several",
    "resource/moved.py": "what a merging moved outside the ledger goes back with its undo",
    "resource/merging.py": "the engine of merging: what hangs on a record follows it, whatever table it is in",
    "resource/facts.py": "what upper contexts state of a record, the writing door of facts",
    "demo/mails.py": "mailboxes that nobody connected, and what their mail is about: notes that no service makes",
    "foundation/ledger/undo.py": "replays images; marks what was undone",
    "foundation/ledger/retention.py": "forgets, across companies, as the owner",
    "foundation/jobs/run.py": "a job's own row: what became of it",
    "foundation/jobs/work.py": "a job's own row: how far it is",
    "foundation/tenancy/bulk.py": "the set form of an insert, called by services",
    "foundation/tenancy/postgresql/schema.py": "notes changes of shape while it makes them",
    "foundation/tenancy/postgresql/rebuild.py": "puts tables right that were made otherwise, as the owner",
    "foundation/accounts/pages/adapter.py": "allauth hands the account over with its new password",
    "project/mail/stored.py": "the one row of the installation's mail settings; no company, no operation",
    "integrations/api/tokens.py": "the services of tokens, beside the door that reads them",
    "integrations/api/replays.py": "answers kept for a day: bookkeeping of the door itself",
    "integrations/api/calls.py": "the log of what tokens asked for: bookkeeping of the door itself",
    "demo/building.py": "the demo's sign-ins, which nobody is asked to change; since when its people are there",
    "project/bench/crowding.py": "the sign-ins of a bench's people, which nobody is asked to change",
    "project/bench/multiplying.py": "copies of a bench's rows, as the superuser: there is no other use of them",
    "demo/movements.py": "when the demo's people claimed and gave up: lines that the database wrote today",
    "demo/pools.py": "since when the demo's people have their customers: lines that the database wrote today",
}

# What has a method of one of the names and is no row.
OTHERS = {
    "router": "an API's route for DELETE",
    "resource": "a declaration: its service for a new record",
    "upload": "a file that waits to be imported",
    "move": "a set of such files",
    "replace": "the same file, changed",
    "super": "a model's own way of saving itself",
    "kwargs": "a dictionary",
    "held": "a dictionary",
}

WRITES = {
    "save",
    "create",
    "delete",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "_raw_delete",
}
WRITING_SQL = ("INSERT", "UPDATE", "DELETE", "TRUNCATE", "MERGE", "COPY")
VAGUE = {"utils", "util", "helpers", "helper", "common", "base", "manager", "managers", "misc", "extras"}


def _modules() -> list[Path]:
    return sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)


def _is_test(path: Path) -> bool:
    return "tests" in path.parts or "testing" in path.relative_to(SOURCE).parts


def _may_write(path: Path) -> bool:
    inner = path.relative_to(SOURCE)
    return _is_test(path) or "services" in inner.with_suffix("").parts or str(inner) in WRITERS


def _writes(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        name, receiver = node.func.attr, ast.unparse(node.func.value)
        asks = any(part in receiver for part in (".objects", "_manager", ".filter(", ".exclude(", ".all()"))
        if name == "update":
            # dict.update takes a mapping, hash.update bytes; a queryset takes columns by name.
            if asks or (node.keywords and not node.args and not _is_of_others(receiver)):
                yield node.lineno, f"{receiver}.update"
        elif name in WRITES and (asks or not _is_of_others(receiver)):
            yield node.lineno, f"{receiver}.{name}"
        elif name in ("execute", "executemany") and node.args:
            texts = (part.value for part in ast.walk(node.args[0]) if isinstance(part, ast.Constant))
            words = "".join(text for text in texts if isinstance(text, str))
            if words.lstrip().upper().startswith(WRITING_SQL):
                yield node.lineno, words.split("\n")[0][:60]


def _is_of_others(receiver: str) -> bool:
    return receiver.split("(")[0].split(".")[-1] in OTHERS


def test_rows_are_written_behind_the_door_only() -> None:
    found = {
        f"{path.relative_to(SOURCE)}:{line}": what
        for path in _modules()
        if not _may_write(path)
        for line, what in _writes(path)
    }
    assert found == {}


def test_every_exception_is_still_needed() -> None:
    for name in WRITERS:
        assert (SOURCE / name).exists(), f"{name} is gone"


def test_no_module_bears_a_name_that_says_nothing() -> None:
    # Django looks for a database backend's wrapper in a module of this name.
    allowed = {SOURCE / "foundation/tenancy/postgresql/base.py"}
    found = {path for path in SOURCE.rglob("*") if path.suffix in ("", ".py") and path.stem.lower() in VAGUE}
    assert {path for path in found if path.is_dir() or path.suffix == ".py"} == allowed


def test_no_module_is_longer_than_can_be_read_at_once() -> None:
    long = {
        str(path.relative_to(SOURCE)): lines
        for path in _modules()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert set(long) <= set(LONG), long


def test_imports_name_their_module_in_full_or_a_neighbour() -> None:
    climbing = [
        f"{path.relative_to(SOURCE)}:{node.lineno}"
        for path in _modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.level > 1
    ]
    assert climbing == []


def test_migrations_do_not_mix_data_and_shape() -> None:
    """A data migration that fails half-way must not hold a change of shape with it, nor lock a table for it."""
    for path in sorted(SOURCE.rglob("migrations/*.py")):
        text = path.read_text(encoding="utf-8")
        if "RunPython" in text:
            shapes = ("CreateModel", "DeleteModel", "Field(", "AddIndex", "AddConstraint", "AlterModelTable")
            assert not any(f"migrations.{shape}" in text for shape in shapes), path.name


SIGNALS = ("pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed", "post_migrate")


def test_signals_carry_no_business_flow() -> None:
    """Who reads a service sees all that follows from it; what reacts to it is an event's handler."""
    allowed = {"foundation/tenancy/apps.py": "a migrated database is a prepared one"}
    found = {
        str(path.relative_to(SOURCE))
        for path in _modules()
        if not _is_test(path)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and any(alias.name in SIGNALS for alias in node.names)
    }
    assert found == set(allowed)
