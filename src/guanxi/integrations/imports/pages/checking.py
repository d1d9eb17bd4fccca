"""What would happen: at once for a small file; for a large one of its first rows, while a job looks at all."""

from typing import Any

from django.utils.translation import gettext, pgettext

from guanxi.foundation.design import shapes
from guanxi.foundation.jobs.models import Job
from guanxi.foundation.jobs.services import enqueue
from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.imports.drawing import beside_figures, job_of, job_shape
from guanxi.integrations.imports.jobs import CHECK
from guanxi.integrations.imports.limits import limit
from guanxi.integrations.imports.mapping import Mapping
from guanxi.integrations.imports.reading import Table
from guanxi.integrations.imports.services import run_import
from guanxi.integrations.imports.uploads import Upload
from guanxi.resource.declaration import Resource

SHOWN = 50  # rows to look at


def check(
    actor: Actor, resource: type[Resource], upload: Upload, table: Table, columns: Mapping
) -> tuple[dict[str, Any] | None, shapes.Job | None]:
    """What would happen: at once for a small file, by a job for a large one."""
    if (found := upload.checked()) is not None:
        return found, None
    if upload.rows <= limit("IMPORT_CHECK_AT_ONCE"):
        outcome = run_import(
            actor,
            resource=resource,
            table=table,
            columns=columns,
            options=upload.options,
            dry_run=True,
            report_to=upload.report_folder("check"),
        )
        return upload.keep_check(outcome), None
    row = job_of(upload, CHECK)
    if row is None or row.is_over:
        if row is not None and row.state == Job.State.FAILED and upload.refused:
            return None, None
        row = enqueue(
            actor,
            CHECK,
            label=upload.name,
            total=upload.rows,
            shown=False,
            upload=str(upload.id),
            resource=resource.key,
        )
    return None, job_shape(row, gettext("Checking %(name)s") % {"name": upload.name}, resource, upload)


def look(
    actor: Actor, resource: type[Resource], upload: Upload, table: Table, columns: Mapping
) -> dict[str, Any]:
    """What becomes of the first rows of a large file."""
    if (found := upload.looked_at()) is not None:
        return found
    outcome = run_import(
        actor, resource=resource, table=table, columns=columns, options=upload.options, dry_run=True,
        first=limit("IMPORT_LOOKED_AT"),
    )  # fmt: skip
    return upload.keep_look(outcome)


def preview(found: dict[str, Any] | None) -> dict[str, Any]:
    """What would happen, for the page: figures, rows to look at, values that are left empty."""
    if found is None:
        return {"preview": None}
    return {
        "preview": found,
        "verdicts": _verdicts(found),
        "noted": found["noted"][:SHOWN],
        "noted_in_all": found["duplicates"] + found["rejected"],
        "beside": beside_figures(found, done=False),
    }


def to_write(checked: dict[str, Any]) -> int:
    """How many rows change anything; where none of those the file is about does, those that come with them."""
    there = checked.get("beside", {}).values()
    rows: int = checked["created"] + checked["review"] + checked["updated"]
    return rows or sum(counts["created"] + counts["updated"] for counts in there)


def _verdicts(checked: dict[str, Any]) -> list[dict[str, Any]]:
    """The figures over the preview."""
    return [
        {"label": gettext("To create"), "n": checked["created"], "sub": ""},
        {"label": gettext("To update"), "n": checked["updated"], "sub": ""},
        *(
            [
                {
                    "label": gettext("To ask about"),
                    "n": checked["review"],
                    "sub": pgettext("rows", "created too"),
                }
            ]
            if checked["review"]
            else []
        ),
        {"label": pgettext("rows", "Duplicates"), "n": checked["duplicates"], "sub": gettext("found")},
        {"label": gettext("With problems"), "n": checked["rejected"], "sub": gettext("not imported")},
        {"label": gettext("To skip"), "n": checked["skipped"], "sub": ""},
    ]
