"""A record's files: add, download, remove."""

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.foundation.files.rules import may_inline
from guanxi.foundation.files.services import path_of
from guanxi.kernel.errors import Invalid
from guanxi.resource import access, attachments
from guanxi.resource.declaration import Resource
from guanxi.resource.pages.replies import tell


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, resource: type[Resource], id: UUID) -> HttpResponse:  # noqa: A002
    """Add the uploaded files; one that is refused says why and leaves the others in."""
    from guanxi.resource.pages.cards import card_page

    actor = request.actor  # type: ignore[attr-defined]
    access.get(actor, resource, id, verb="edit")
    if request.method == "GET":  # a reload of the answer below
        return HttpResponseRedirect(resource.url("card", id=id) + "#files")
    said: list[str] = []
    refused: list[str] = []
    for upload in request.FILES.getlist("file")[:20]:
        try:
            attachments.attach(actor, resource, id, name=upload.name or "", chunks=upload.chunks())
            said.append(gettext("“%(name)s” added") % {"name": upload.name})
        except Invalid as error:
            why = " ".join(str(message) for message in error.fields.get("file", ()))
            refused.append(gettext("%(name)s: %(why)s") % {"name": upload.name, "why": why})
    if said or not refused:
        tell(request, " ".join(said) or gettext("Choose a file first."))
    if refused:
        return card_page(request, resource, id, file_errors=refused)
    return HttpResponseRedirect(resource.url("card", id=id) + "#files")


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
def remove(request: HttpRequest, resource: type[Resource], id: UUID, file_id: UUID) -> HttpResponse:  # noqa: A002
    """Take a file off; the toast brings it back."""
    gone = attachments.detach(request.actor, resource, id, file_id)  # type: ignore[attr-defined]
    tell(request, gettext("“%(name)s” removed") % {"name": gone.name})
    return HttpResponseRedirect(resource.url("card", id=id) + "#files")
