"""A list as a file, sent while it is being read."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from django.http import QueryDict, StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from django.utils.translation import get_language

from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.tenancy.scope import scope
from guanxi.integrations.exports.formats import Format
from guanxi.integrations.exports.services import exported, lines_of, write_file
from guanxi.kinds import Show
from guanxi.resource import listing
from guanxi.resource.declaration import Resource

_LINES = 200  # or entries, sent together
_BLOCK = 64 * 1024


def stream(
    actor: Actor, resource: type[Resource], query: QueryDict, kind: Format, *, door: str
) -> StreamingHttpResponse:
    """The rows of a list's query as a file. Raises Forbidden without `….export`, Invalid."""
    # Everything that can be refused is refused now; afterwards the answer has begun.
    exported(listing.read(actor, resource, query))
    asked = _Asked(
        actor, resource, query, get_language() or "zh-hans", timezone.get_current_timezone_name(), door
    )
    response = StreamingHttpResponse(
        _xlsx(asked, kind) if kind.key == "xlsx" else _text(asked, kind), content_type=kind.media
    )
    name = f"{resource.label_plural}-{timezone.localdate():%Y%m%d}.{kind.ending}"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    response["X-Accel-Buffering"] = "no"
    return response


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is sent, to whom. It is sent after the request has ended, with its transaction, language and time zone."""

    actor: Actor
    resource: type[Resource]
    query: QueryDict
    language: str
    time_zone: str
    door: str

    @contextmanager
    def opened(self) -> Iterator[tuple[listing.Listing, Show]]:
        with ExitStack() as stack:
            stack.enter_context(translation.override(self.language))
            stack.enter_context(timezone.override(ZoneInfo(self.time_zone)))
            stack.enter_context(scope(self.actor.tenant_id, actor_id=self.actor.member_id, door=self.door))
            wanted = listing.read(self.actor, self.resource, self.query)
            yield wanted, Show(actor=self.actor, language=self.language)


def _text(asked: _Asked, kind: Format) -> Iterator[bytes]:
    with asked.opened() as (wanted, show):
        held: list[str] = []
        for line in lines_of(wanted, show, kind):
            held.append(line)
            if len(held) >= _LINES:
                yield "".join(held).encode()
                held.clear()
        yield "".join(held).encode()


def _xlsx(asked: _Asked, kind: Format) -> Iterator[bytes]:
    with tempfile.TemporaryDirectory(prefix="guanxi-export-") as folder:
        path = Path(folder) / "export.xlsx"
        with asked.opened() as (wanted, show):
            write_file(wanted, show, path, kind)
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                yield block
