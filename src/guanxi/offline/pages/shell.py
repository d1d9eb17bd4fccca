"""The shell: a service worker at the root, the manifest, the page that reads what was kept, and who is signed in.

All but the last say nothing of anybody and ask nobody who he is: a phone keeps them.
"""

import hashlib
import json
from functools import cache
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from guanxi.activities.choices import What
from guanxi.foundation.design.frame import Frame, Theme
from guanxi.foundation.permissions.web import actor_of, whose
from guanxi.kernel.errors import NotFound

_SHELL = ("gx.css", "gx.js", "htmx.js", "offline.js", "icons.svg", "mark.svg")
_BUILT = "gx/build/"


@cache
def _worker() -> str:
    """The script with what it keeps and under which version: that of the build, the script itself among it."""
    found = [finders.find(f"{_BUILT}{name}") for name in (*_SHELL, "sw.js")]
    if not all(found):
        raise NotFound("not_built")
    files = [Path(str(one)).read_bytes() for one in found]
    said = {
        "version": hashlib.sha256(b"".join(hashlib.sha256(one).digest() for one in files)).hexdigest()[:16],
        "shell": [static(f"{_BUILT}{name}") for name in _SHELL],
        "page": reverse("offline"),
    }
    return f"self.gx = {json.dumps(said)};\n{files[-1].decode()}"


@login_not_required
@require_GET
def service_worker(request: HttpRequest) -> HttpResponse:
    """The service worker, at the root so that it serves every page."""
    return HttpResponse(
        _worker(), content_type="text/javascript; charset=utf-8", headers={"Service-Worker-Allowed": "/"}
    )


@login_not_required
@require_GET
def manifest(request: HttpRequest) -> JsonResponse:
    """What a phone needs to know to install it as an app."""
    said = {
        "id": "/",
        "name": _("Guanxi"),
        "short_name": _("Guanxi"),
        "lang": get_language(),
        "start_url": reverse("today"),
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "icons": [{"src": static(f"{_BUILT}mark.svg"), "type": "image/svg+xml", "sizes": "any"}],
    }
    return JsonResponse(
        said, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False}
    )


@login_not_required
@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """The page that shows what was kept. Nobody's name is in it, no toast and no token: it lies in a cache."""
    theme = request.COOKIES.get("gx_theme", "")
    choice: Theme = "light" if theme == "light" else "dark" if theme == "dark" else "auto"
    frame = Frame(company_name="", home_url="/", user_name="", theme=choice)
    kinds = [(one.value, one.label) for one in (What.NOTE, What.CALL, What.VISIT, What.MEETING)]
    context = {"frame": frame, "csrf_token": "", "kinds": kinds}
    return render(request, "offline/offline.html", context)


@require_GET
def hello(request: HttpRequest) -> JsonResponse:
    """Who is signed in, and a fresh proof against forged forms: what a phone asks before it sends."""
    return JsonResponse({"who": whose(actor_of(request)), "token": get_token(request)})
