"""The frame around every request: its log line, its language, its safe headers, its company.

A request of a signed-in account runs inside one scope, which is one transaction of one company. It is rolled
back where the view raises or answers with 500 or more. A streaming answer is sent after that transaction has
ended: it opens its own scope (`with scope(actor.tenant_id, actor_id=actor.member_id, door="web")`) and never
leans on the request's.

Outside any scope run the views marked with Django's `login_not_required` (sign-in, first visit, health) and
everything below `/api/`, which authenticates by itself and opens its scope with the door "api".
"""

import logging
import re
from collections.abc import Callable
from contextlib import ExitStack
from time import perf_counter, time
from typing import Any, cast
from uuid import UUID

from allauth.core.internal.httpkit import get_client_ip
from csp.middleware import CSPMiddleware
from django.contrib import auth
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from guanxi.foundation.accounts.models import Account
from guanxi.foundation.accounts.queries import memberships
from guanxi.foundation.accounts.services import Source, touch_session
from guanxi.foundation.accounts.services.security_log import request_source
from guanxi.foundation.ledger.services import request_id
from guanxi.foundation.permissions.queries import load_actor
from guanxi.foundation.tenancy.models import company
from guanxi.foundation.tenancy.scope import scope
from guanxi.kernel.errors import NotFound
from guanxi.kernel.ids import new_id
from guanxi.project import errors, held, repeating
from guanxi.project.observing import SEEN, observed

Answer = Callable[[HttpRequest], HttpResponseBase]

COMPANY = "gx_company"  # in the session: the company that is open, and the member who opened it
COMPANY_COOKIE = "gx_company"  # the company that was open last, for the next sign-in
_USED = "gx_used"
_TOUCH = 600  # seconds between two notes that a session is in use
_API = "/api/"
_READS = frozenset({"GET", "HEAD", "OPTIONS"})
_ID = re.compile(r"[\w.\-]{8,64}", re.ASCII)

_log = logging.getLogger("guanxi.request")


class Statements:
    """Counts a request's SQL statements and their time; wraps every execution of the connection."""

    def __init__(self) -> None:
        self.count = 0
        self.seconds = 0.0

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        started = perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.count += 1
            self.seconds += perf_counter() - started


class RequestLog:
    """Gives every request an id (a proxy's X-Request-ID where it is sound) and writes one line about it.

    The id goes into the ledger, the answer's header and every error page. Extras of the line: method, path,
    status, ms, company, member, request_id, queries, sql_ms. Paths carry no query: it may hold names.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = perf_counter()
        frame = cast("Any", request)
        given = request.headers.get("X-Request-ID", "")
        frame.request_id = given if _ID.fullmatch(given) else new_id().hex
        named = request_id.set(frame.request_id)
        from_where = request_source.set(_source(request))
        statements = Statements()
        try:
            with connection.execute_wrapper(statements):
                response = self.get_response(request)
            response.headers["X-Request-ID"] = frame.request_id
            milliseconds = round((perf_counter() - started) * 1000, 1)
            sql = round(statements.seconds * 1000, 1)
            if not request.path_info.startswith("/account/"):
                # Not of the sign-in: times could tell whether there is such an account.
                timing = f'app;dur={milliseconds}, sql;dur={sql};desc="{statements.count}"'
                response.headers["Server-Timing"] = timing
            actor = getattr(request, "actor", None)
            _log.info(
                "%s %s %s",
                request.method,
                request.path,
                response.status_code,
                extra={
                    "method": request.method,
                    "path": request.path,
                    "status": response.status_code,
                    "ms": milliseconds,
                    "company": str(actor.tenant_id) if actor else "",
                    "member": str(actor.observer_id or actor.member_id) if actor else "",
                    "request_id": frame.request_id,
                    "queries": statements.count,
                    "sql_ms": sql,
                },
            )
            return response
        finally:
            request_source.reset(from_where)
            request_id.reset(named)


def _source(request: HttpRequest) -> Source:
    try:
        ip = get_client_ip(request)
    except ImproperlyConfigured:
        ip = None
    return Source(ip=ip, user_agent=request.headers.get("User-Agent", "")[:200])


class SafeHeaders(CSPMiddleware):
    """The content security policy, what a page may use of the device, and that no shared cache keeps it.

    The nonce is made at once, so that every page that may still be drawn, an error's too, has the right one.
    """

    POLICY = ", ".join(
        [
            *(f"{name}=()" for name in ("accelerometer", "autoplay", "browsing-topics", "display-capture")),
            *(f"{name}=()" for name in ("gyroscope", "magnetometer", "midi", "payment", "usb", "serial")),
            *(f"{name}=(self)" for name in ("camera", "microphone", "geolocation", "clipboard-write")),
            "publickey-credentials-get=(self)",
            "publickey-credentials-create=(self)",
        ]
    )

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        str(cast("Any", request).csp_nonce)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        super().process_response(request, response)
        response.headers.setdefault("Permissions-Policy", self.POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cache-Control", "private, no-cache")
        # One address answers with a page or, to htmx, with a part of it.
        patch_vary_headers(response, ["Cookie", "HX-Request"])
        return response


class Language:
    """The account's language, else the cookie's, else the browser's, else Chinese."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # First what needs no database, so that the page about its absence speaks the reader's language.
        translation.activate(translation.get_language_from_request(request))
        user = request.user
        if user.is_authenticated:
            translation.activate(user.language)
        try:
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or "")
            return response
        finally:
            translation.deactivate()


class CompanyScope:
    """Opens the company of a signed-in account around the view; turns domain errors into answers."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        frame = cast("Any", request)
        frame.actor = frame.tenant = None
        frame.gx_failed = False
        frame.gx_scope = ExitStack()
        try:
            with frame.gx_scope:
                response = self.get_response(request)
                if (frame.gx_failed or response.status_code >= 500) and connection.in_atomic_block:
                    transaction.set_rollback(True)
                else:
                    response = repeating.end(request, response)
            return response
        finally:
            timezone.deactivate()

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if request.path_info.startswith(_API) or not getattr(view, "login_required", True):
            return None
        user = request.user
        if not user.is_authenticated:
            return held.sign_in_first(request)
        account = user
        _note_use(request, account)
        if not open_company(request, account):
            auth.logout(request)
            return errors.page(request, 403, *errors.NO_COMPANY)
        if account.must_change_password and not getattr(view, "with_old_password", False):
            return held.change_password_first(request)
        actor = cast("Any", request).actor
        looking = actor.observer_id is not None and not getattr(view, "while_observing", False)
        if looking and (request.method not in _READS or request.path_info.startswith("/account/")):
            return errors.page(request, 409, *errors.ONLY_LOOKING)
        return repeating.begin(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        cast("Any", request).gx_failed = True
        return errors.answer(request, exception)


def open_company(request: HttpRequest, account: Account) -> bool:
    """Open the scope of the account's chosen company, or of the first; False where it belongs to none.

    The choice in the session is proven anew every time, so that who has left a company is out at once.
    """
    session = request.session
    chosen = session.get(COMPANY)
    if chosen and _open(request, account, UUID(chosen[0]), UUID(chosen[1])):
        return True
    choices = memberships(account.id)
    last = request.COOKIES.get(COMPANY_COOKIE, "")
    for one in sorted(choices, key=lambda one: str(one.tenant_id) != last):
        if _open(request, account, one.tenant_id, one.member_id):
            session[COMPANY] = [str(one.tenant_id), str(one.member_id)]
            session.pop(SEEN, None)
            return True
    session.pop(COMPANY, None)
    return False


def _open(request: HttpRequest, account: Account, tenant_id: UUID, member_id: UUID) -> bool:
    frame = cast("Any", request)
    frame.gx_scope.enter_context(scope(tenant_id, actor_id=member_id, door="web"))
    try:
        actor = load_actor(member_id)
    except NotFound:
        actor = None
    if actor is None or actor.account_id != account.id:
        frame.gx_scope.close()
        return False
    frame.tenant = company()
    frame.actor = observed(request, actor)
    timezone.activate(frame.tenant.time_zone)
    return True


def _note_use(request: HttpRequest, account: Account) -> None:
    """Every ten minutes: the session lives on, and the list of devices tells when it was last used."""
    now = time()
    if now - request.session.get(_USED, 0) < _TOUCH:
        return
    request.session[_USED] = now
    if request.session.session_key:
        touch_session(account.id, request.session.session_key, request_source.get())
