"""Export of a list as it is filtered and sorted."""

from collections.abc import Iterator

from django.http import HttpRequest, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_GET

from guanxi.foundation.design.commands import Asked, Command, in_each_language
from guanxi.foundation.design.shapes import MenuItem
from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.exports.formats import format_of, formats_of
from guanxi.integrations.exports.streaming import stream
from guanxi.resource.declaration import Resource
from guanxi.resource.registry import find_by_key


def export_tool(request: HttpRequest, resource: type[Resource], query: str) -> MenuItem | None:
    """The way out, beside the title of a list: what is seen, as a file."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.may(resource.permission("export")):
        return None
    url = reverse(f"{resource.key}_export:file") + "?" + (f"{query}&" if query else "") + "format="
    items = [MenuItem(label=str(one.label), url=url + one.key) for one in formats_of(resource).values()]
    if actor.member_id is not None:
        regularly = reverse(f"{resource.key}_export:plan") + (f"?{query}" if query else "")
        items.append(MenuItem(label=gettext("Regularly…"), url=regularly, divided=True))
    return MenuItem(label=gettext("Export"), icon="download", items=items)


def export_command(asked: Asked) -> Iterator[Command]:
    """Export of the list the palette was opened on, as it is filtered there."""
    resource = find_by_key(asked.listed) if asked.listed else None
    actor: Actor = asked.request.actor  # type: ignore[attr-defined]
    if resource is None or not actor.may(resource.permission("export")):
        return
    text = gettext_lazy("Export this list")
    yield Command(
        label=str(text),
        icon="download",
        press=f'[data-gx-tool][href^="{reverse(f"{resource.key}_export:file")}"]',
        words=in_each_language(text),
        group=str(resource.label_plural),
    )


@require_GET
def export(request: HttpRequest, resource: type[Resource]) -> StreamingHttpResponse:
    """The rows of a list's query, in the `format` asked for. Raises Forbidden, and Invalid for what cannot be."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    query = request.GET.copy()
    kind = format_of(resource, query.pop("format", ["csv"])[-1])
    return stream(actor, resource, query, kind, door="web")
