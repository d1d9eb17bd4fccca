"""What an act answers: back to where one was, with a toast that can undo it."""

import json
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext

from guanxi.foundation.ledger.services import last_operation_id
from guanxi.resource.kinds import Kind


def undo_url(operation_id: UUID | None) -> str:
    """Where an operation is undone; "" without one."""
    return reverse("undo", kwargs={"operation_id": operation_id}) if operation_id else ""


def tell(request: HttpRequest, text: str) -> None:
    """Show a toast on the next page, with the undo of what this request just did."""
    messages.success(request, text, extra_tags=undo_url(last_operation_id()))


def changed_toast(response: HttpResponse, kind: Kind) -> HttpResponse:
    """A toast in this very answer, for htmx."""
    text = gettext("%(field)s changed") % {"field": kind.label}
    response["HX-Trigger"] = json.dumps({"gx:toast": {"text": text, "undo": undo_url(last_operation_id())}})
    return response


def back_to(request: HttpRequest, fallback: str) -> str:
    """Where the person came from, if that is a page of ours."""
    for candidate in (request.POST.get("next", ""), request.headers.get("Referer", "")):
        if candidate and url_has_allowed_host_and_scheme(
            candidate, {request.get_host()}, require_https=request.is_secure()
        ):
            return candidate
    return fallback
