"""Export of a list as it is filtered and sorted, streamed."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.http import HttpRequest, QueryDict, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET

from guanxi.foundation.design.shapes import MenuItem
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.tenancy.scope import scope
from guanxi.integrations.exports.services import FORMATS, csv_lines, exported, write_file
from guanxi.kernel.errors import Invalid, Message
from guanxi.resource import listing
from guanxi.resource.declaration import Resource
from guanxi.resource.kinds import Show

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_LINES = 200  # of a CSV sent together
_BLOCK = 64 * 1024


def export_tool(request: HttpRequest, resource: type[Resource], query: str) -> MenuItem | None:
    """The way out, beside the title of a list: what is seen, as a file."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.may(resource.permission("export")):
        return None
    url = reverse(f"{resource.key}_export:file") + "?" + (f"{query}&" if query else "") + "format=xlsx"
    return MenuItem(label=gettext("Export"), url=url, icon="download")


@require_GET
def export(request: HttpRequest, resource: type[Resource]) -> StreamingHttpResponse:
    """The rows of a list's query (`format=csv` or `xlsx`). Raises Forbidden, and Invalid for what cannot be."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    query = request.GET.copy()
    kind = query.pop("format", ["csv"])[-1]
    if kind not in FORMATS:
        raise Invalid({"format": [Message("format", gettext("Choose `csv` or `xlsx`."))]})
    # Everything that can be refused is refused now; afterwards the answer has begun.
    exported(listing.read(actor, resource, query))
    language = get_language() or "zh-hans"
    stream = (
        _csv(actor, resource, query, language) if kind == "csv" else _xlsx(actor, resource, query, language)
    )
    response = StreamingHttpResponse(stream, content_type=_TYPES[kind])
    name = f"{resource.label_plural}-{timezone.localdate():%Y%m%d}.{kind}"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    response["X-Accel-Buffering"] = "no"
    return response


def _csv(actor: Actor, resource: type[Resource], query: QueryDict, language: str) -> Iterator[bytes]:
    """Runs after the request's transaction has ended, so it opens one of its own for as long as it sends."""
    with (
        translation.override(language),
        scope(actor.tenant_id, actor_id=actor.member_id, door="web"),
    ):
        lines = csv_lines(listing.read(actor, resource, query), Show(actor=actor, language=language))
        held: list[str] = []
        for line in lines:
            held.append(line)
            if len(held) >= _LINES:
                yield "".join(held).encode()
                held.clear()
        yield "".join(held).encode()


def _xlsx(actor: Actor, resource: type[Resource], query: QueryDict, language: str) -> Iterator[bytes]:
    with tempfile.TemporaryDirectory(prefix="guanxi-export-") as folder:
        path = Path(folder) / "export.xlsx"
        with (
            translation.override(language),
            scope(actor.tenant_id, actor_id=actor.member_id, door="web"),
        ):
            wanted = listing.read(actor, resource, query)
            write_file(wanted, Show(actor=actor, language=language), path, "xlsx")
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                yield block
