"""From an error to an answer, in one place: the page, its status, and to htmx what its script understands."""

import json
import logging
import sys
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.design.frame import Frame, Theme
from guanxi.foundation.permissions.web import url_of
from guanxi.kernel.errors import (
    Conflict,
    Forbidden,
    GuanxiError,
    Invalid,
    Malformed,
    NoScope,
    NotFound,
    Refused,
    Stale,
    Unavailable,
)
from guanxi.project import held

_log = logging.getLogger("guanxi.error")

Words = tuple[str | Promise, str | Promise]

NOT_FOUND: Words = (
    _("This is not here"),
    _("It does not exist any more, or you may not see it. The address may also be mistyped."),
)
FORBIDDEN: Words = (
    _("You may not do this"),
    _("Your role does not allow it. Your administrator can give you the right."),
)
BAD: Words = (
    _("This could not be read"),
    _("Something in the request was incomplete. Go back and try again."),
)
FAULT: Words = (
    _("Something went wrong on our side"),
    _("It has been noted. What you typed is kept in the page you came from; go back and try again."),
)
BUSY: Words = (
    _("The server is busy for a moment"),
    _("Nothing you typed is lost. Go back, or try again in a few seconds."),
)
CHANGED: Words = (
    _("Somebody else changed this meanwhile"),
    _("Nothing was overwritten. Go back, load the page again and look at what changed; your text is kept."),
)
IN_THE_WAY: Words = (
    _("Later changes stand in the way"),
    _("Nothing was changed. Go back and look at the later changes first."),
)
REFUSED: Words = (
    _("This cannot be done now"),
    _("A rule of the company stands against it. Nothing was changed."),
)
WRONG: Words = (
    _("This was not saved"),
    _("Something that was entered is not right. Go back and look at it again."),
)
LARGE: Words = (
    _("This is too large"),
    _("More was sent at once than is taken. Send less, or in parts; files are attached one by one."),
)
MANY: Words = (_("Too many requests"), _("Wait a minute and try again."))
NO_COMPANY: Words = (
    _("You belong to no company here"),
    _("You have been signed out. If you changed teams, ask your administrator to let you in again."),
)
ONLY_LOOKING: Words = (
    _("You are only looking"),
    _("While you see as somebody else nothing can be changed. Stop first, with the button at the top."),
)
REPEATED: Words = (
    _("This was sent before with other content"),
    _(
        "Nothing was changed. Look at what was recorded, and fill the form in once more if something is missing."
    ),
)
STALE_FORM: Words = (_("This form has grown old"), _("Load the page again and send it once more."))


def page(
    request: HttpRequest,
    status: int,
    heading: str | Promise,
    text: str | Promise,
    *,
    retry_after: int | None = None,
) -> HttpResponse:
    """The error page with the id to quote; to htmx a toast (409, 422), or the status alone.

    Asks the database nothing: it may be what is missing.
    """
    htmx = request.headers.get("HX-Request") == "true"
    if htmx:
        response = HttpResponse(status=status)
        if status in (409, 422):
            said = {"gx:toast": {"text": str(text if status == 409 else heading), "bad": True, "seconds": 0}}
            response.headers["HX-Trigger"] = json.dumps(said)
            response.headers["HX-Reswap"] = "none"
    else:
        context = {
            "heading": heading,
            "text": text,
            "error_id": getattr(request, "request_id", ""),
            "home_url": "/",
            "back_url": _came_from(request),
            # Nobody is asked who it is; one who has a session meant to find something.
            "search_url": url_of("search") if settings.SESSION_COOKIE_NAME in request.COOKIES else "",
            "retry_url": request.get_full_path() if status in (503, 500) and request.method == "GET" else "",
            "frame": _bare(request),
        }
        again = held.fields_of(request) if status == 503 else None
        if again is not None:
            # Its own token goes out again with it and no new one is made, so a forged form stays one.
            context |= {"again": again, "token": request.POST.get("csrfmiddlewaretoken", "")}
        template = "gx/error.html" if again is None else "project/again.html"
        response = render(request, template, context, status=status)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _came_from(request: HttpRequest) -> str:
    """The page of ours that led here, where it is another one; ""."""
    came = urlsplit(request.headers.get("Referer", ""))
    place = came.path + (f"?{came.query}" if came.query else "")
    ours = (
        came.scheme in ("http", "https") and came.netloc == request.get_host() and not place.startswith("//")
    )
    return place if ours and request.method == "GET" and place != request.get_full_path() else ""


def _bare(request: HttpRequest) -> Frame:
    """A frame of nothing: the theme comes from the cookie."""
    theme = request.COOKIES.get("gx_theme", "")
    choice: Theme = "light" if theme == "light" else "dark" if theme == "dark" else "auto"
    return Frame(company_name="", home_url="/", user_name="", theme=choice)


def answer(request: HttpRequest, error: BaseException) -> HttpResponse | None:
    """The answer to a domain error or an absent database; None for a fault of ours."""
    match error:
        case NotFound():
            return page(request, 404, *NOT_FOUND)
        case Forbidden():
            return page(request, 403, *FORBIDDEN)
        case Stale():
            return page(request, 409, *CHANGED)
        case Conflict():
            return page(request, 409, *IN_THE_WAY)
        case Refused():
            return page(request, 409, REFUSED[0], _reason(error) or REFUSED[1])
        case Invalid() | Malformed():
            return page(request, 422, WRONG[0], _first(error) or WRONG[1])
        case Unavailable():
            return page(request, 503, *BUSY, retry_after=error.retry_after)
        case OperationalError() | InterfaceError():
            # PoolTimeout arrives as an OperationalError too.
            _log.warning("database away: %s", type(error.__cause__ or error).__name__)
            return page(request, 503, *BUSY, retry_after=5)
        case NoScope() | GuanxiError():
            return None
    return None


def _reason(error: Refused) -> str:
    words = str(error.reason or "")
    return words % error.params if words and error.params else words


def _first(error: GuanxiError) -> str:
    if isinstance(error, Invalid):
        for message in [*error.messages, *(m for said in error.fields.values() for m in said)]:
            if str(message.text):
                return str(message)
    return ""


# Django's handlers


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, for urls.py; 413 for a body larger than DATA_UPLOAD_MAX_MEMORY_SIZE."""
    if isinstance(exception, RequestDataTooBig):
        return page(request, 413, *LARGE)
    return page(request, 400, *BAD)


def denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403, for urls.py."""
    return page(request, 403, *FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404, for urls.py."""
    return page(request, 404, *NOT_FOUND)


def too_many(request: HttpRequest) -> HttpResponse:
    """429, for urls.py: allauth asks for it."""
    return page(request, 429, *MANY, retry_after=60)


def fault(request: HttpRequest) -> HttpResponse:
    """500, for urls.py: what was raised outside a view (no database, a failed commit) comes here too."""
    error = sys.exc_info()[1]
    known = answer(request, error) if error is not None else None
    return known or page(request, 500, *FAULT)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without a valid token: grown old in our own page (nothing is lost), or forged elsewhere."""
    if request.headers.get("HX-Request") == "true" or "Gx-Queue" in request.headers:
        # A phone sends what is in its queue again by itself. What a page asks by the way (duplicates while typing) must
        # never take the place of the form that is kept.
        if not request.user.is_authenticated:
            return held.sign_in_first(request)
        stale = page(request, 403, *STALE_FORM)
        stale.headers["Gx-Stale"] = "1"  # what a phone has kept goes once more, with a fresh token
        return stale
    if _from_here(request):
        kept = held.hold(request)
        if kept is not None:
            return kept
    return page(request, 403, *STALE_FORM)


def _from_here(request: HttpRequest) -> bool:
    """Whether the browser itself says that the form stood in one of our pages; nobody can make it lie."""
    origin = request.headers.get("Origin", "")
    site = request.headers.get("Sec-Fetch-Site", "")
    return site in ("", "same-origin") and bool(origin) and urlsplit(origin).netloc == request.get_host()
