"""A form that comes with an `Idempotency-Key` is carried out once, however often a phone has to send it.

The key is one member's, and it is kept in the transaction of what was done. Who sends it again is told the same once
more (a toast, where to go on), without a page. After an error nothing was done, and the same key may be tried again;
another form under the same key is refused.

    Idempotency-Key   the key, made on the phone
    Gx-Who            member and company the form was filled in by: anybody else's session is told to sign in (401)
    Gx-Queue          "1" where no page waits for the answer: an address to go on to comes in a header
    Gx-Done           in the answer: it was carried out. Nothing else is proof of that, not a status 200 of a
                      hotel's sign-in page
"""

import hashlib
import json
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import whose
from guanxi.integrations.api import replays
from guanxi.integrations.api.problems import ProblemError
from guanxi.project import errors

_SAID = ("HX-Trigger", "Gx-Location")
_DONE = "Gx-Done"


def begin(request: HttpRequest) -> HttpResponse | None:
    """Take the key of a form, in the scope of the request; the answer where it needs no more doing, else None."""
    if request.method != "POST" or replays.HEADER not in request.headers:
        return None
    frame = cast("Any", request)
    actor: Actor = frame.actor
    if request.headers.get("Gx-Who", whose(actor)) != whose(actor):
        return HttpResponse(status=401, headers={"HX-Trigger": "gx:signin"})
    who = f"{replays.PAGE}{actor.member_id}"
    try:
        key = replays.key_of(request)
        kept = replays.take(actor.tenant_id, who, key, _asked(request), replays.PAGES) if key else None
    except ProblemError as error:
        return _refused(request, error)
    if kept is not None:
        kept.headers[_DONE] = "1"
        return kept
    frame.gx_key = (who, key) if key else None
    return None


def end(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Keep what was said of a form that was carried out, in the same scope; let go of its key where it was not."""
    taken = getattr(request, "gx_key", None)
    if taken is None:
        return response
    actor: Actor = cast("Any", request).actor
    who, key = taken
    if response.status_code >= 400:
        replays.let_go(actor.tenant_id, who, key)
        return response
    if 300 <= response.status_code < 400 and request.headers.get("Gx-Queue") == "1":
        response = HttpResponse(status=204, headers={"Gx-Location": response.headers.get("Location", "")})
    response.headers[_DONE] = "1"
    said = {name: response.headers[name] for name in _SAID if name in response.headers}
    replays.write_down(actor.tenant_id, who, key, 204, said)
    return response


def _refused(request: HttpRequest, error: ProblemError) -> HttpResponse:
    if error.code == "in_progress":
        return errors.page(request, 503, *errors.BUSY, retry_after=5)
    if error.code == "replay_differs":
        return errors.page(request, 409, *errors.REPEATED)
    return errors.page(request, 400, *errors.BAD)


def _asked(request: HttpRequest) -> str:
    """What a form asks for, as a hash: its address, fields and files, without the proof against forgery."""
    fields = [
        # The two ways in which a form is sent write the end of a line differently.
        (name, [value.replace("\r\n", "\n") for value in values])
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
    ]
    found = hashlib.sha256(json.dumps([request.get_full_path(), sorted(fields)]).encode())
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            found.update(f"{name}\0{file.name}\0{file.size}\0".encode())
            for part in file.chunks():
                found.update(part)
            file.seek(0)
    return found.hexdigest()
