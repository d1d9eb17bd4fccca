"""The API and its documentation, wired to the sessions and the frame."""

import sys
from functools import cache
from typing import Any
from uuid import UUID

import orjson
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET

from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.tenancy.models import Tenant
from guanxi.integrations.api.authentication import Caller
from guanxi.integrations.api.document import PREFIX, Api, build, openapi
from guanxi.integrations.api.documentation import documentation
from guanxi.integrations.api.door import behind_the_door
from guanxi.integrations.api.problems import answer, from_error
from guanxi.project import errors, held
from guanxi.project.middleware import COMPANY, open_company
from guanxi.project.observing import observed


@cache
def api() -> Api:
    """The API over every resource there is, made when the addresses are first asked for."""
    return build()


def from_session(request: HttpRequest) -> Caller | None:
    """The caller of a signed-in browser: the company that is open in it."""
    user = request.user
    chosen = request.session.get(COMPANY)
    if not user.is_authenticated or not chosen:
        return None
    if user.must_change_password:
        return None
    zone = Tenant.objects.filter(id=chosen[0]).values_list("time_zone", flat=True).first()
    if zone is None:
        return None
    return Caller(UUID(chosen[0]), UUID(chosen[1]), user.id, f"account:{user.id}", zone)


def eyes(request: HttpRequest, actor: Actor) -> Actor:
    """The observed member where a browser sees as somebody else; a token sees with its own eyes."""
    return actor if request.headers.get("Authorization") else observed(request, actor)


@login_not_required
@require_GET
def document(request: HttpRequest) -> HttpResponse:
    """openapi.json: public, since it tells nothing that the source does not."""
    return HttpResponse(orjson.dumps(openapi(api())), content_type="application/json")


@require_GET
def docs(request: HttpRequest) -> HttpResponse:
    """The documentation as a page of ours, for whoever is signed in."""
    user = request.user
    if not user.is_authenticated:
        return held.sign_in_first(request)
    if not open_company(request, user):
        return errors.page(request, 403, *errors.NO_COMPANY)
    return documentation(request, openapi(api()))


@csrf_exempt
def unknown(request: HttpRequest, **_address: Any) -> HttpResponse:
    """An address of the API that does not exist."""
    return answer(request, "not_found", _("There is no such address."))


# Django's handlers: what goes wrong before the door (a foreign host, an absent database) is a problem here too


def _within(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, for urls.py."""
    return answer(request, "bad_request") if _within(request) else errors.bad_request(request, exception)


def denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403, for urls.py."""
    return answer(request, "forbidden") if _within(request) else errors.denied(request, exception)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404, for urls.py."""
    return answer(request, "not_found") if _within(request) else errors.not_found(request, exception)


def fault(request: HttpRequest) -> HttpResponse:
    """500, for urls.py; 503 where the database is away."""
    error = sys.exc_info()[1]
    if not _within(request) or error is None:
        return errors.fault(request)
    return from_error(request, error)


def urls() -> list[URLPattern | URLResolver]:
    """Everything below /api/."""
    patterns, _app, name = api().urls
    patterns = [one for one in patterns if getattr(one, "name", "") != "api-root"]
    return [
        path("docs/", docs, name="api_docs"),
        path("v1/openapi.json", document, name="api_document"),
        path(
            f"{PREFIX.removeprefix('/api/')}/", include((behind_the_door(patterns, from_session, eyes), name))
        ),
        re_path(r"^(?P<rest>[\s\S]*)\Z", unknown, name="api_unknown"),
    ]
