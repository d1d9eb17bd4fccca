"""What an act answers to htmx: a part of the page, a toast that can undo the act, drafts that are saved now."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.permissions.web import url_of


def is_part(request: HttpRequest) -> bool:
    """Whether htmx asks, who puts a part of a page in its place."""
    return bool(request.headers.get("HX-Request"))


def told(response: HttpResponse, text: str, *, saved: str = "", undo: bool = True) -> HttpResponse:
    """The same answer with a toast; `saved` names the draft that is done with."""
    done = last_operation_id() if undo else None
    events: dict[str, Any] = {"gx:toast": {"text": text, "undo": url_of("undo", done) if done else ""}}
    if saved:
        events["gx:saved"] = {"key": saved}
    response["HX-Trigger"] = json.dumps(events)
    return response


def part(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A part of a page."""
    return render(request, f"collaboration/{template}", context, status=status)
