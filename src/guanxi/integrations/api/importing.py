"""Import through the API: a file comes in with its options, a job takes its rows in; what was said of them."""

import json
from collections.abc import Mapping
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext_lazy as _
from ninja import Router
from pydantic import Field

from guanxi.foundation.jobs.services import enqueue
from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.api import parameters, receiving
from guanxi.integrations.api.describing import Describer, query_parameter
from guanxi.integrations.api.files import NAME, download, name_of
from guanxi.integrations.api.records import reply
from guanxi.integrations.api.schemas import Shown
from guanxi.integrations.imports.days import ORDERS
from guanxi.integrations.imports.jobs import CHECK, IMPORT
from guanxi.integrations.imports.limits import limit
from guanxi.integrations.imports.meanings import is_meanings
from guanxi.integrations.imports.planning import DUPLICATE_RULES
from guanxi.integrations.imports.refusals import Unreadable
from guanxi.integrations.imports.services import UNCLEAR, importable
from guanxi.integrations.imports.uploads import REPORTS, Upload, find_upload, forget, keep_upload, prepared
from guanxi.kernel.errors import Invalid, Message
from guanxi.resource.declaration import Resource

_TEXT = {"type": "string"}
_FLAG = {"type": "string", "enum": ["0", "1", "true", "false"]}
_ASKED = [
    NAME,
    query_parameter(
        "map",
        _TEXT,
        gettext_noop(
            'JSON `{column: field}`, `""` leaves one out, `new:text` makes a field of it; else by the head'
        ),
    ),
    query_parameter("constants", _TEXT, gettext_noop("JSON `{field: value}`: for every row that has none of its own")),
    query_parameter(
        "on_duplicate",
        {"type": "string", "enum": list(DUPLICATE_RULES), "default": "skip"},
        gettext_noop("What becomes of rows whose record exists already"),
    ),
    query_parameter(
        "dates",
        {"type": "string", "enum": list(ORDERS)},
        gettext_noop("What 3/5/24 means, where the file leaves it open"),
    ),
    query_parameter(
        "unclear",
        {"type": "string", "enum": list(UNCLEAR), "default": "empty"},
        gettext_noop("What becomes of a row with a value that cannot be read: that is left empty, or it is rejected"),
    ),
    query_parameter(
        "meanings",
        _TEXT,
        gettext_noop("JSON `{column: {value: text}}`: what is read in place of values that mean nothing here"),
    ),
    query_parameter("dry_run", _FLAG, gettext_noop("1: say what would happen, write nothing")),
    query_parameter("sheet", _TEXT, gettext_noop("Of a workbook; else the first that holds anything")),
    query_parameter("encoding", _TEXT, gettext_noop("Of a text file, where it cannot be told")),
]  # fmt: skip


class ImportedColumn(Shown):
    """A column of the file and what it becomes."""

    column: str
    field: str | None
    why: str = Field("", description=gettext_noop("Of one that is left out: the reason, where there is one"))


class ImportOut(Shown):
    """A file that came in, and the job that works at it."""

    id: UUID
    job: UUID = Field(description=gettext_noop("Its `result` has the figures"))
    name: str
    rows: int
    columns: list[ImportedColumn]
    notes: list[str] = Field(description=gettext_noop("How the file was read"))


def add_import(router: Router, resource: type[Resource]) -> None:
    """The operations that import a resource's records, where it takes rows of a file."""
    if not importable(resource):
        return

    def bring(request: HttpRequest) -> HttpResponse:
        actor: Actor = request.actor  # type: ignore[attr-defined]
        actor.require(resource.permission("import"))
        query = request.GET.copy()
        dry_run = parameters.flag(query, "dry_run")
        rule = parameters.choice(query, "on_duplicate", DUPLICATE_RULES) or "skip"
        dates = parameters.choice(query, "dates", ORDERS) or ""
        unclear = parameters.choice(query, "unclear", UNCLEAR) or "empty"
        # The job has all rights of the member, the token perhaps not.
        for verb in (() if dry_run else ("create",)) + (("edit",) if rule in ("fill", "overwrite") else ()):
            actor.require(resource.permission(verb))
        upload = _kept(
            request, actor, resource, sheet=query.get("sheet", ""), encoding=query.get("encoding", "")
        )
        try:
            table = upload.table(resource)
            upload, columns = prepared(
                upload, actor, resource, table,
                chosen=_texts(query, "map"), constants=_texts(query, "constants"), on_duplicate=rule,
                dates=dates, unclear=unclear, meanings=_meanings(query),
            )  # fmt: skip
        except BaseException:
            forget(upload)
            raise
        job = enqueue(
            actor, CHECK if dry_run else IMPORT, label=upload.name, total=upload.rows, shown=not dry_run,
            upload=str(upload.id), resource=resource.key,
        )  # fmt: skip
        body = {
            "id": upload.id,
            "job": job.id,
            "name": upload.name,
            "rows": upload.rows,
            "columns": [
                {"column": one.header, "field": one.field or None, "why": str(one.why or "")}
                for one in columns.columns
            ],
            "notes": [str(note) for note in table.notes],
        }
        return reply(body, status=202, headers={"Location": f"/api/v1/jobs/{job.id}"})

    def report(request: HttpRequest, id: UUID, name: str) -> HttpResponseBase:  # noqa: A002
        upload = find_upload(request.actor, resource, id)  # type: ignore[attr-defined]
        return download(upload.report(name), REPORTS[name], "text/csv; charset=utf-8")

    describe = Describer(resource)
    router.post("/import", **describe("import", ImportOut, status=202, parameters=_ASKED))(bring)
    router.get("/import/{uuid:id}/{str:name}", **describe("import_report", None))(report)
    receiving.takes_bytes(f"{resource.key}_import", lambda: limit("IMPORT_UPLOAD_BYTES"))
    receiving.sends_bytes(f"{resource.key}_import_report")


def _kept(
    request: HttpRequest, actor: Actor, resource: type[Resource], *, sheet: str, encoding: str
) -> Upload:
    """The file, seen to be a table. Raises Invalid beside `file`."""
    file = receiving.received(request)
    try:
        return keep_upload(
            actor, resource, name=name_of(request), chunks=file.chunks() if file else (),
            language=get_language() or "zh-hans", sheet=sheet[:200], encoding=encoding[:40],
        )  # fmt: skip
    except Unreadable as error:
        raise Invalid({"file": [Message(error.code, error.words)]}) from error


def _meanings(query: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """What values mean, by column. Raises Invalid."""
    try:
        found = json.loads(query.get("meanings") or "{}")
    except (ValueError, RecursionError):
        found = None
    if not is_meanings(found):
        raise Invalid(
            {"meanings": [Message("type", _("Give a JSON object of objects whose values are texts."))]}
        )
    return found


def _texts(query: Mapping[str, str], name: str) -> dict[str, str]:
    """A parameter that is an object of texts. Raises Invalid."""
    try:
        found = json.loads(query.get(name) or "{}")
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not all(isinstance(one, str) for one in found.values()):
        raise Invalid({name: [Message("type", _("Give a JSON object whose values are texts."))]})
    return found
