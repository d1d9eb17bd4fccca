"""A record's files: their panel on the card, add, download, remove."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.foundation.files.models import FileKind
from guanxi.foundation.files.rules import may_inline
from guanxi.foundation.files.services import path_of
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid
from guanxi.kinds import Show
from guanxi.resource import access, attachments
from guanxi.resource.contributions import Content, Panel
from guanxi.resource.declaration import Resource
from guanxi.resource.registry import resource_of
from guanxi.screens.cards import panel_page
from guanxi.screens.drawing import show_for
from guanxi.screens.panels import Card
from guanxi.screens.replies import tell, toast


def _draw(actor: Actor, record: Any, show: Show) -> Content:
    resource = resource_of(record)
    may_edit = access.allows(actor, resource, record, "edit")
    add_url = resource.url("file_add", id=record.pk) if may_edit and actor.may(attachments.ADD) else ""
    found = attachments.files_of(resource, record)
    files = [
        {
            "name": one.name,
            "kind": one.kind,
            "kind_url": resource.url("file_kind", id=record.pk, file_id=one.id) if add_url else "",
            "size": filesizeformat(one.size),
            "who": one.added_by.name if one.added_by else "",
            "at": one.created_at,
            "url": resource.url("file", id=record.pk, file_id=one.id),
            "remove_url": resource.url("file_remove", id=record.pk, file_id=one.id)
            if may_edit and attachments.may_remove(actor, one.added_by_id)
            else "",
        }
        for one in found
    ]
    groups = [
        (kind.value, kind.label, mine)
        for kind in FileKind
        if (mine := [one for one in files if one["kind"] == kind.value])
    ]
    context = {
        "groups": groups,
        "there": [code for code, _label, _files in groups],
        "kinds": FileKind.choices,
        "send_to": add_url,
        "url": resource.url("panel", id=record.pk, key=FILES.key),
        "number": len(files),
    }
    return Content(count=len(files) or None, template="screens/files.html", context=context)


FILES = Panel("files", _("Attachments"), _draw, order=90)


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, resource: type[Resource], id: UUID) -> HttpResponse:  # noqa: A002
    """Add the uploaded files; one that is refused says why and leaves the others in."""
    actor = request.actor  # type: ignore[attr-defined]
    record = access.get(actor, resource, id, verb="edit")
    if request.method == "GET":  # a reload of the answer below
        return HttpResponseRedirect(resource.url("card", id=id) + "#panel-files")
    said: list[str] = []
    refused: list[str] = []
    for upload in request.FILES.getlist("file")[:20]:
        try:
            kind = request.POST.get("kind", "")
            attachments.attach(actor, resource, id, name=upload.name or "", chunks=upload.chunks(), kind=kind)
            said.append(gettext("“%(name)s” added") % {"name": upload.name})
        except Invalid as error:
            why = " ".join(str(message) for said in error.fields.values() for message in said)
            refused.append(gettext("%(name)s: %(why)s") % {"name": upload.name, "why": why})
    text = " ".join(said) or gettext("Choose a file first.")
    card = Card(request, resource, record, show_for(request))
    status = 422 if refused else 200
    if request.headers.get("HX-Request"):
        drawn = card.panel(FILES.key, errors=refused)
        response = render(request, "screens/panel.html", {"drawn": drawn}, status=status)
        return toast(response, text) if said or not refused else response
    if said or not refused:
        tell(request, text)
    if refused:
        return panel_page(card, card.panel(FILES.key, errors=refused), status=422)
    return HttpResponseRedirect(resource.url("card", id=id) + "#panel-files")


add.takes_files = True  # type: ignore[attr-defined]


@require_GET
def download(request: HttpRequest, resource: type[Resource], id: UUID, file_id: UUID) -> FileResponse:  # noqa: A002
    """The bytes, so that no browser runs them in our origin."""
    found = attachments.find_attachment(request.actor, resource, id, file_id)  # type: ignore[attr-defined]
    inline = may_inline(found.media_type)
    response = FileResponse(path_of(found).open("rb"), content_type=found.media_type)
    response["Content-Disposition"] = content_disposition_header(not inline, found.name) or "attachment"
    response["Content-Length"] = str(found.size)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = (
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self'"
    )
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def classify(request: HttpRequest, resource: type[Resource], id: UUID, file_id: UUID) -> HttpResponse:  # noqa: A002
    """Say what a file is, in its place."""
    actor = request.actor  # type: ignore[attr-defined]
    changed = attachments.classify(actor, resource, id, file_id, kind=request.POST.get("kind", ""))
    text = gettext("“%(name)s”: %(kind)s") % {"name": changed.name, "kind": changed.get_kind_display()}
    if request.headers.get("HX-Request"):
        card = Card(request, resource, access.get(actor, resource, id), show_for(request))
        return toast(render(request, "screens/panel.html", {"drawn": card.panel(FILES.key)}), text)
    tell(request, text)
    return HttpResponseRedirect(resource.url("card", id=id) + "#panel-files")


@require_POST
def remove(request: HttpRequest, resource: type[Resource], id: UUID, file_id: UUID) -> HttpResponse:  # noqa: A002
    """Take a file off; the toast brings it back."""
    gone = attachments.detach(request.actor, resource, id, file_id)  # type: ignore[attr-defined]
    tell(request, gettext("“%(name)s” removed") % {"name": gone.name})
    return HttpResponseRedirect(resource.url("card", id=id) + "#panel-files")
