"""What an act answers: a toast that can undo it, on the next page or in this very answer."""

import json

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.permissions import web
from guanxi.kinds import Kind


def tell(request: HttpRequest, text: str) -> None:
    """Show a toast on the next page, with the undo of what this request just did."""
    web.tell(request, text, undo=last_operation_id())


def toast(response: HttpResponse, text: str, **events: object) -> HttpResponse:
    """A toast in this very answer, for htmx, with the undo of what this request just did; and other events."""
    done = last_operation_id()
    said = {"text": text, "undo": web.url_of("undo", done) if done else ""}
    response["HX-Trigger"] = json.dumps({"gx:toast": said, **events})
    return response


def changed_toast(response: HttpResponse, kind: Kind) -> HttpResponse:
    """What is said after a field was edited in its place; nothing where it stood so already."""
    if last_operation_id() is None:
        return response
    text = gettext("%(field)s changed") % {"field": kind.label}
    return toast(response, text, **{"gx:changed": {"field": kind.name}})
