"""Step 1: the file."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods

from guanxi.foundation.design import shapes
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import listed
from guanxi.integrations.imports.drawing import context_of, url_of
from guanxi.integrations.imports.limits import limit
from guanxi.integrations.imports.services import importable
from guanxi.integrations.imports.uploads import keep_upload
from guanxi.integrations.imports.words import said
from guanxi.kernel.errors import GuanxiError, Unavailable
from guanxi.resource import access
from guanxi.resource.declaration import Resource


def import_tool(request: HttpRequest, resource: type[Resource], query: str) -> shapes.MenuItem | None:
    """The way in, beside the title of a list."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not importable(resource) or not actor.may(resource.permission("import")):
        return None
    return shapes.MenuItem(label=gettext("Import"), url=url_of(resource, "start"), icon="upload")


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, resource: type[Resource]) -> HttpResponse:
    """Choose a file."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    actor.require(resource.permission("import"))
    errors: list[str] = []
    status = 200
    if request.method == "POST":
        file = request.FILES.get("file")
        if file is None:
            errors, status = [gettext("Choose a file first.")], 422
        else:
            try:
                upload = keep_upload(
                    actor,
                    resource,
                    name=file.name or "",
                    chunks=file.chunks(),
                    language=get_language() or "zh-hans",
                )
            except Unavailable:
                errors, status = [gettext("The disk of the server is full. Tell the administrator.")], 503
            except GuanxiError as error:
                errors, status = [said(error)], 422
            else:
                return HttpResponseRedirect(url_of(resource, "match", id=upload.id))
    field = shapes.Field(
        name="file",
        label=gettext("File"),
        kind="file",
        required=True,
        errors=errors,
        hint=gettext(
            "A spreadsheet (CSV, XLSX, XLS, ODS) or an address book (vCard, LDIF), up to %(size)s MB."
        )
        % {"size": limit("IMPORT_UPLOAD_BYTES") >> 20},
        attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xls,.ods,.vcf,.ldif"},
    )
    names = [str(kind.label) for kind in access.writable(actor, resource)]
    context = context_of(
        resource, 1, field=field, fields=listed(names), template_url=url_of(resource, "template")
    )
    return render(request, "integrations/import_start.html", context, status=status)


start.takes_files = True  # type: ignore[attr-defined]


@require_GET
def template(request: HttpRequest, resource: type[Resource]) -> HttpResponse:
    """An empty file with the right head."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    actor.require(resource.permission("import"))
    head = ",".join(str(kind.label) for kind in access.writable(actor, resource))
    response = HttpResponse("\ufeff" + head + "\r\n", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{resource.key}.csv"'
    return response
