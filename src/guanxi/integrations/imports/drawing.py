"""What the three steps have in common: addresses, the head with its steps, the job, the files to download."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext

from guanxi.foundation.design import shapes
from guanxi.foundation.jobs.models import Job
from guanxi.foundation.permissions.web import listed
from guanxi.integrations.imports.uploads import Upload
from guanxi.resource import registry
from guanxi.resource.declaration import Resource

_STATES: dict[str, Any] = {"queued": "waiting", "running": "running", "done": "done"}


def url_of(resource: type[Resource], page: str, **arguments: Any) -> str:
    return reverse(f"{resource.key}_import:{page}", kwargs=arguments)


def context_of(resource: type[Resource], step: int, **more: Any) -> dict[str, Any]:
    steps = [gettext("Upload"), gettext("Match and preview"), gettext("Result")]
    return {
        "resource": resource,
        "active": resource.key,
        "heading": gettext("Import %(what)s") % {"what": str(resource.label_plural).lower()},
        "steps": [(number, name, number == step) for number, name in enumerate(steps, start=1)],
        "step": step,
        "list_url": resource.url(),
        **more,
    }


def beside_figures(found: dict[str, Any], *, done: bool) -> list[tuple[str, str]]:
    """What comes with the rows: of each kind of record what becomes, or became, of how many."""
    words = {
        "created": pgettext("rows", "Created") if done else gettext("To create"),
        "updated": pgettext("rows", "Updated") if done else gettext("To update"),
        "skipped": pgettext("rows", "Already there"),
        "rejected": pgettext("rows", "Rejected") if done else gettext("With problems"),
    }
    return [
        (
            str(registry.find(key).label_plural),
            listed(f"{words[name]} {count:,}" for name, count in counts.items() if count),
        )
        for key, counts in found.get("beside", {}).items()
    ]


def report_links(
    resource: type[Resource], upload: Upload, stage: str, found: dict[str, Any] | None
) -> Sequence[shapes.MenuItem]:
    """The ways to the files that hold what this page has no room for."""
    items = []
    counts = {"rejected": (found or {}).get("rejected", 0), "warnings": (found or {}).get("warnings", 0)}
    for name, count in counts.items():
        if not count:
            continue
        if name == "rejected":
            label = ngettext(
                "Download %(n)s row with problems and the reasons",
                "Download %(n)s rows with problems and the reasons",
                count,
            )
        else:
            label = ngettext("Download %(n)s warning", "Download all %(n)s warnings", count)
        url = url_of(resource, "report", id=upload.id, stage=stage, name=name)
        items.append(shapes.MenuItem(label=label % {"n": f"{count:,}"}, url=url, icon="download"))
    return items


def job_of(upload: Upload, kind: str) -> Job | None:
    """The newest job of an upload."""
    rows = Job.objects.filter(kind=kind, actor_id=upload.member_id, args__upload=str(upload.id))
    return rows.order_by("-created_at").first()


def job_shape(row: Job, title: str, resource: type[Resource], upload: Upload) -> shapes.Job:
    return shapes.Job(
        id=str(row.id),
        title=title,
        done=row.done,
        total=row.total,
        state=_STATES.get(row.state, "failed"),
        note=gettext("All rows or none: nothing is written before the end. You may leave this page."),
        poll_url="" if row.is_over else url_of(resource, "progress", id=upload.id),
        stop_url="" if row.is_over or row.cancel_asked else reverse("job_stop", args=[row.id]),
    )
