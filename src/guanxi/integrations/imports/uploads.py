"""Uploaded files between their arrival and their import: private to the company, gone after some days.

Each lies in a folder of its own under the company's files, with a small JSON beside it that says whose it is and
what was chosen. Nothing of this is a business row; what counts is written by the import's operation.
"""

import errno
import json
import re
import shutil
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.foundation.files.rules import safe_name
from guanxi.foundation.files.services import folder_of
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import listed
from guanxi.integrations.imports.adding import drafted
from guanxi.integrations.imports.heads import head_of
from guanxi.integrations.imports.limits import limit
from guanxi.integrations.imports.mapping import Mapping, match_table, remembered
from guanxi.integrations.imports.meanings import Meanings, by_column, recalled
from guanxi.integrations.imports.outcomes import Outcome, told_file
from guanxi.integrations.imports.reading import Table, open_table
from guanxi.integrations.imports.refusals import Unreadable
from guanxi.integrations.imports.sentences import kept, told
from guanxi.integrations.imports.services import Options
from guanxi.integrations.imports.together import Together
from guanxi.kernel.errors import NotFound, Unavailable
from guanxi.kernel.ids import new_id
from guanxi.resource.declaration import Resource

_STATE, _SOURCE, _CHECK, _LOOK = "state.json", "source", "check.json", "look.json"
REPORTS = {"rejected": "rejected.csv", "warnings": "warnings.csv"}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came in. `chosen` maps headers to fields, `recalled` where that is how they were matched the last
    time; `head` is the line of the headings where somebody said so; `language` that of its reports."""

    id: UUID
    tenant_id: UUID
    member_id: UUID | None
    resource: str
    name: str
    rows: int = 0
    sheet: str = ""
    encoding: str = ""
    head: int | None = None
    chosen: dict[str, str] = field(default_factory=dict)
    on_duplicate: str = "skip"
    constants: dict[str, str] = field(default_factory=dict)
    dates: str = ""
    unclear: str = "empty"
    meanings: dict[str, dict[str, str]] = field(default_factory=dict)  # by header what values mean
    language: str = "zh-hans"
    refused: Any = ""  # why nothing came of it, as `words.kept_why` keeps it
    recalled: bool = False
    move: str = ""  # the set that it is one of, where a company moves in

    @property
    def folder(self) -> Path:
        return kept_in(self.tenant_id, self.id)

    @property
    def path(self) -> Path:
        return self.folder / _SOURCE

    @property
    def options(self) -> Options:
        return Options(self.on_duplicate, self.constants, self.dates, self.unclear, self.meanings)

    def table(self, resource: type[Resource]) -> Table:
        """The table in it. Raises Unreadable."""
        return open_table(
            self.path,
            name=self.name,
            sheet=self.sheet,
            encoding=self.encoding,
            head=self.head,
            head_of=lambda rows: head_of(resource, rows),
            folder=self.folder,
        )

    def columns(self, actor: Actor, resource: type[Resource], table: Table) -> Mapping:
        """What its columns become, and what the values of those that are left out look like. Raises Invalid."""
        return match_table(actor, resource, table, self.chosen)

    def begun(self, actor: Actor, resource: type[Resource]) -> "Upload":
        """At the beginning of a table: its rows counted, its columns matched as the last time. Raises Unreadable."""
        table = self.table(resource)
        chosen = remembered(actor, resource, table.headers)
        meant = recalled(resource, table.headers)
        return replace(
            self, rows=table.count(), chosen=chosen, meanings=meant, recalled=bool(chosen or meant)
        )

    def save(self) -> "Upload":
        """Write down what was chosen."""
        state = {k: v for k, v in asdict(self).items() if k not in ("id", "tenant_id")}
        write_state(self.folder / _STATE, state)
        return self

    # What a check found out

    def signature(self) -> str:
        """Changes with everything that a check depends on."""
        of_file = [self.sheet, self.encoding, self.head, self.language]
        options = [self.on_duplicate, self.constants, self.dates, self.unclear, self.meanings]
        return json.dumps([*of_file, self.chosen, *options], sort_keys=True)

    def checked(self) -> dict[str, Any] | None:
        """The result of the check of these very choices, or None."""
        return self._found(_CHECK)

    def keep_check(self, outcome: Outcome) -> dict[str, Any]:
        return self._keep(_CHECK, outcome)

    def looked_at(self) -> dict[str, Any] | None:
        """What is said of the first rows while the others are checked, for these very choices, or None."""
        return self._found(_LOOK)

    def keep_look(self, outcome: Outcome) -> dict[str, Any]:
        return self._keep(_LOOK, outcome)

    def _found(self, name: str) -> dict[str, Any] | None:
        found = read_state(self.folder / name)
        return told(found) if found and found.get("signature") == self.signature() else None

    def _keep(self, name: str, outcome: Outcome) -> dict[str, Any]:
        found = {"signature": self.signature(), **as_result(outcome)}
        write_state(self.folder / name, found)
        told_now: dict[str, Any] = told(found)
        return told_now

    def report(self, name: str, stage: str = "") -> Path:
        """A file of `REPORTS` that a stage wrote, in the language that is on; without a stage what the import said,
        else the check. Raises NotFound."""
        for one in (stage,) if stage else ("result", "check"):
            path = self.folder / one / REPORTS.get(name, "")
            if one in ("result", "check") and path.is_file():
                return told_file(path)
        raise NotFound("report_not_found")

    def report_folder(self, stage: str) -> Path:
        """Where the files of a stage ("check" or "result") are written."""
        folder = self.folder / stage
        folder.mkdir(exist_ok=True)
        for old in folder.iterdir():
            old.unlink(missing_ok=True)
        return folder


def keep_upload(
    actor: Actor,
    resource: type[Resource],
    *,
    name: str,
    chunks: Iterable[bytes],
    language: str,
    sheet: str = "",
    encoding: str = "",
) -> Upload:
    """Keep a file that was uploaded and see that it is a table.

    Raises Forbidden without `….import`, Unreadable, and Unavailable where the disk is full; nothing stays
    behind then.
    """
    actor.require(resource.permission("import"))
    forget_old(actor.tenant_id)
    upload = Upload(
        new_id(),
        actor.tenant_id,
        actor.member_id,
        resource.key,
        safe_name(name),
        sheet=sheet,
        encoding=encoding,
        language=language,
    )
    upload.folder.mkdir(parents=True, mode=0o700)
    try:
        _receive(upload.path, chunks)
        upload = upload.begun(actor, resource)
        return upload.save()
    except OSError as error:
        shutil.rmtree(upload.folder, ignore_errors=True)
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Unavailable("disk_full", retry_after=60) from error
        raise
    except BaseException:
        shutil.rmtree(upload.folder, ignore_errors=True)
        raise


def prepared(
    upload: Upload,
    actor: Actor,
    resource: type[Resource],
    table: Table,
    *,
    chosen: dict[str, str],
    constants: dict[str, str],
    on_duplicate: str,
    dates: str = "",
    unclear: str = "empty",
    meanings: Meanings | None = None,
) -> tuple[Upload, Mapping]:
    """An upload as it is to be imported, with all that was chosen at once: what is not goes by the head, as the actor
    may fill it. That is kept, for the job has every right of the member, and a token perhaps not.

    Raises Refused and Invalid for options and columns that cannot be.
    """
    upload = replace(
        upload, chosen=chosen, recalled=False, on_duplicate=on_duplicate, constants=constants, dates=dates,
        unclear=unclear, meanings={head: dict(said) for head, said in (meanings or {}).items()},
    )  # fmt: skip
    upload.options.check()
    columns = upload.columns(actor, resource, table)
    with drafted(actor, resource, table, columns) as led:
        meant = by_column(upload.meanings, table.headers)
        Together(
            actor, resource, led, on_duplicate=on_duplicate, constants=constants, writes=False, meant=meant
        )
    return replace(upload, chosen=columns.as_json()).save(), columns


def forget(upload: Upload) -> None:
    """Remove an upload of which nothing came."""
    shutil.rmtree(upload.folder, ignore_errors=True)


def find_upload(actor: Actor, resource: type[Resource], upload_id: UUID) -> Upload:
    """One's own upload. Raises Forbidden without `….import`, NotFound for another's and for one that is gone."""
    actor.require(resource.permission("import"))
    found = open_upload(actor.tenant_id, upload_id)
    if found.resource != resource.key or found.member_id != actor.member_id:
        raise NotFound("upload_not_found")
    return found


def open_upload(tenant_id: UUID, upload_id: UUID) -> Upload:
    """An upload of the company, for its job. Raises NotFound."""
    state = read_state(_root(tenant_id) / str(upload_id) / _STATE)
    if state is None:
        raise NotFound("upload_not_found")
    member = state.pop("member_id")
    return Upload(id=upload_id, tenant_id=tenant_id, member_id=UUID(member) if member else None, **state)


def is_kept(tenant_id: UUID, upload_id: str) -> bool:
    """Whether an upload is still there."""
    return (_root(tenant_id) / upload_id / _STATE).is_file()


def forget_old(tenant_id: UUID) -> None:
    """Remove what is older than the days it is kept."""
    root = _root(tenant_id)
    if not root.is_dir():
        return
    before = time.time() - limit("IMPORT_KEPT_DAYS") * 86_400
    for folder in root.iterdir():
        if folder.stat().st_mtime < before:
            shutil.rmtree(folder, ignore_errors=True)


def as_result(outcome: Outcome) -> dict[str, Any]:
    """An outcome as plain data, its sentences for `told` to say."""
    return {
        **outcome.counts(),
        "noted": [
            {
                "line": verdict.candidate.line,
                "title": verdict.candidate.title,
                "action": verdict.action,
                "aside": verdict.candidate.aside is not None,
                "certain": verdict.reason is not None and verdict.reason.code == "certain",
                "reasons": [kept(reason) for reason in verdict.reasons],
            }
            for verdict in outcome.noted
        ],
        "remarks": [
            {
                "lines": group.lines,
                "shown": listed(map(str, group.lines)),
                "count": group.count,
                "column": group.first.column,
                "value": group.first.value,
                "reason": kept(group.first.reason),
            }
            for group in sorted(outcome.remarks.values(), key=lambda group: -group.count)
        ],
    }


def kept_in(tenant_id: UUID, kept_id: UUID) -> Path:
    """The folder of an upload, or of a set of them."""
    return _root(tenant_id) / str(kept_id)


def _root(tenant_id: UUID) -> Path:
    return folder_of(tenant_id) / "imports"


def _receive(path: Path, chunks: Iterable[bytes]) -> None:
    most, size = limit("IMPORT_UPLOAD_BYTES"), 0
    with path.open("wb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > most:
                raise Unreadable(
                    "too_large", _("The file is larger than %(limit)s MB. Split it.") % {"limit": most >> 20}
                )
            file.write(chunk)


def write_state(path: Path, data: Any) -> None:
    """Write a small JSON, whole or not at all."""
    part = path.with_suffix(f".{new_id().hex}")
    part.write_text(json.dumps(data, ensure_ascii=False, default=_plain), encoding="utf-8")
    part.replace(path)


_plain: Callable[[Any], Any] = str


def read_state(path: Path) -> dict[str, Any] | None:
    """What `write_state` wrote; None where there is nothing."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def forget_naming(tenant_id: UUID, pattern: str) -> int:
    """Remove uploads whose file, reports or check hold what matches a regular expression, and those that cannot be
    read; returns how many. Workbooks are read inside."""
    root, found = _root(tenant_id), re.compile(pattern, re.IGNORECASE)
    gone = 0
    for folder in root.iterdir() if pattern and root.is_dir() else ():
        if any(found.search(text) for path in folder.rglob("*") if path.is_file() for text in _texts(path)):
            shutil.rmtree(folder, ignore_errors=True)
            gone += 1
    return gone


def _texts(path: Path) -> Iterator[str]:
    """What a file says, in every encoding that an import reads."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as book:
            for name in book.namelist():
                yield book.read(name).decode("utf-8", "ignore")
        return
    data = path.read_bytes()
    for encoding in ("utf-8", "gb18030", "utf-16", "big5"):
        yield data.decode(encoding, "ignore")
