"""The door "api": what every call passes on its way to an operation and back.

Outside in: the wire (sizes, types, methods), who calls, the company's scope, replays, the operation. The
scope is one transaction; whatever the operation raises or answers with 400 and above takes all of it back.
"""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from functools import wraps
from time import perf_counter
from typing import Any, cast

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from guanxi.foundation.tenancy.scope import scope
from guanxi.integrations.api import calls, receiving, replays
from guanxi.integrations.api.authentication import SAFE, Caller, Eyes, FromSession, actor_of, identify
from guanxi.integrations.api.problems import ProblemError, answer, from_error
from guanxi.kernel.errors import Forbidden
from guanxi.resource import guards

View = Callable[..., HttpResponse]
_DEEPEST_URL = 8000  # characters of an address with its query
_JSON = ("application/json", "application/problem+json", "application/*", "*/*")


def behind_the_door(
    patterns: Sequence[URLPattern | URLResolver], from_session: FromSession, eyes: Eyes
) -> list[URLPattern | URLResolver]:
    """The same addresses, each view behind the door."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            view, name = cast("View", pattern.callback), pattern.name or ""
            pattern.callback = guarded(view, from_session, eyes, name)
    return list(patterns)


def guarded(view: View, from_session: FromSession, eyes: Eyes, name: str = "") -> View:
    """A view that answers problems only, inside one scope of the caller's company; `name` is its address's."""
    most, sends = receiving.most_of(name), receiving.sends_files(name)

    @wraps(view)
    def call(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        started = perf_counter()
        caller: Caller | None = None
        if request.method == "HEAD":
            request.method = "GET"  # the server leaves the body out
        try:
            takes = most() if most is not None and request.method == "POST" else None
            check_wire(request, takes=takes, sends=sends)
            caller = identify(request, from_session)
            _may_write(request, caller)
            with receiving.body_of(request) if takes is not None else nullcontext():
                response = _inside(request, caller, eyes, lambda: view(request, *args, **kwargs), started)
        except Exception as error:  # noqa: BLE001  every error has its answer; faults are logged there
            response = from_error(request, error)
        if caller is not None:
            if response.status_code >= 400:
                calls.note_apart(request, caller, response, started)
            for name, value in (caller.headers or {}).items():
                response.headers.setdefault(name, value)
        return response

    return csrf_exempt(call)  # a session's calls are checked in `identify`


def _inside(
    request: HttpRequest, caller: Caller, eyes: Eyes, view: Callable[[], HttpResponse], started: float
) -> HttpResponse:
    frame = cast("Any", request)
    with scope(caller.tenant_id, actor_id=caller.member_id, door="api"):
        actor = frame.actor = eyes(request, actor_of(caller))
        frame.api_caller = caller
        timezone.activate(caller.time_zone)
        if request.method not in SAFE and actor.observer_id is not None:
            raise Forbidden("", {"observing": True})
        key = replays.key_of(request) if request.method not in SAFE else ""
        kept = replays.claim(request, caller, key) if key else None
        with guards.accepting(request.GET.getlist("accept_warnings")):
            response = kept or _with_problems(request, view())
        if response.status_code >= 400:
            transaction.set_rollback(True)
            return response
        if key and kept is None:
            replays.keep(caller, key, response)
        calls.note(request, caller, response, started)
        return response


def _may_write(request: HttpRequest, caller: Caller) -> None:
    if request.method not in SAFE and not caller.may_write:
        raise Forbidden("write")


def _with_problems(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The framework's own refusals as problems."""
    if response.status_code == 405:
        allowed = response.headers.get("Allow", "")
        return answer(request, "method_not_allowed", "", headers={"Allow": allowed})
    return response


def check_wire(request: HttpRequest, *, takes: int | None = None, sends: bool = False) -> None:
    """What can be refused unread. `takes` is how large a file the address takes, `sends` whether it answers with one.

    Raises ProblemError.
    """
    address = request.get_full_path()
    if len(address) > _DEEPEST_URL:
        raise ProblemError("bad_request", _("The address is too long."))
    if "\x00" in request.path or "%00" in address or "\ufffd" in request.path:
        raise ProblemError("bad_request", _("The address holds characters that mean nothing here."))
    if not sends and not _accepts_json(request.headers.get("Accept", "*/*")):
        raise ProblemError("not_acceptable", _("Ask for `application/json`."))
    if request.method in SAFE:
        return
    length = request.META.get("CONTENT_LENGTH") or "0"
    limit = (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0) if takes is None else takes
    if not length.isdecimal() or int(length) > limit:
        raise ProblemError("too_large", _("At most %(size)s MB.") % {"size": limit // (1024 * 1024)})
    media = "application/json" if takes is None else receiving.RAW
    if int(length) and request.content_type != media:
        raise ProblemError("unsupported_media_type", _("Send `Content-Type: %(media)s`.") % {"media": media})


def _accepts_json(accept: str) -> bool:
    for part in accept.split(","):
        media, *parameters = (text.strip().casefold() for text in part.split(";"))
        if media in _JSON and "q=0" not in (text.replace(" ", "") for text in parameters):
            return True
    return not accept.strip()
