"""A form sent after its session ended, or with a token grown old: kept, and sent again after signing in.

What was typed waits in the (anonymous) session while its person signs in, and is then shown as one button.
Passwords and files are not kept. It waits for half an hour and for one reading.
"""

import json
import re
from time import time
from urllib.parse import urlencode

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from guanxi.foundation.accounts.services.security_log import request_source

_KEPT = "gx_held"
_LONGEST = 1_000_000  # characters
_WAITS = 1800  # seconds
_MOST = 30  # forms of strangers kept for one address in a minute: a whole office may share one
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_SECRET = re.compile(r"password|passwd|token|credential|secret|^code$", re.IGNORECASE)


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """The answer to somebody who is not signed in."""
    if request.headers.get("HX-Request") == "true" or "application/json" in request.headers.get("Accept", ""):
        # The page stays as it is, with what was typed, and asks to sign in in another window.
        return HttpResponse(status=401, headers={"HX-Trigger": "gx:signin"})
    if request.method in ("GET", "HEAD"):
        target = request.get_full_path()
        return _to_sign_in(target if target != "/" else "")
    return hold(request) or _to_sign_in(_back(request))


def change_password_first(request: HttpRequest) -> HttpResponse:
    """The answer to somebody whose password an administrator has set."""
    if "Gx-Queue" in request.headers or "application/json" in request.headers.get("Accept", ""):
        # A phone that asks who is signed in, or sends what it has kept: it waits until the password is changed.
        return HttpResponse(status=401)
    url = reverse("account_change_password")
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return redirect(url)


def fields_of(request: HttpRequest) -> list[list[str]] | None:
    """What a sent form holds, without passwords; None where it is no form."""
    if request.method != "POST" or request.content_type not in _FORMS:
        return None
    return [
        [name, value]
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken" and not _SECRET.search(name)
    ]


def hold(request: HttpRequest) -> HttpResponseRedirect | None:
    """Keep a sent form for later; None where it is too long to keep, or not a form."""
    fields = fields_of(request)
    if fields is None:
        return None
    if len(json.dumps(fields)) > _LONGEST or not _may_keep(request):
        return None
    request.session[_KEPT] = {
        "url": request.get_full_path(),
        "back": _back(request),
        "fields": fields,
        "files": bool(request.FILES),
        "until": time() + _WAITS,
    }
    if request.user.is_authenticated:
        return HttpResponseRedirect(reverse("held"))
    request.session.set_expiry(_WAITS)
    return _to_sign_in(reverse("held"))


def _may_keep(request: HttpRequest) -> bool:
    """What strangers leave with us is counted by address: nobody fills the table of sessions with forms."""
    if request.user.is_authenticated:
        return True
    key = f"held:{request_source.get().ip or ''}"
    cache.add(key, 0, timeout=60)
    try:
        return cache.incr(key) <= _MOST
    except ValueError:
        return True  # the minute ended in between


def _to_sign_in(target: str) -> HttpResponseRedirect:
    query = f"?{urlencode({'next': target})}" if target else ""
    return HttpResponseRedirect(f"{reverse('account_login')}{query}")


def _back(request: HttpRequest) -> str:
    came_from = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(came_from, {request.get_host()}):
        return came_from
    return "/"


def show(request: HttpRequest) -> HttpResponse:
    """What was kept, with the button that sends it again."""
    kept = request.session.pop(_KEPT, None)
    if not kept or kept["until"] < time():
        return redirect("/")
    return render(request, "project/held.html", {"kept": kept})
