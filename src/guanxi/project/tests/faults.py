"""Addresses that go wrong on purpose, beside the real ones: `override_settings(ROOT_URLCONF=…)`."""

from typing import Any, cast

from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from guanxi.foundation.accounts.models import Department
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.tenancy.scope import current_scope, require_scope
from guanxi.kernel.errors import Conflict, Forbidden, Invalid, Message, NotFound, Refused, Stale, Unavailable
from guanxi.project import urls as real

ERRORS: dict[str, Exception] = {
    "NotFound": NotFound("x", {}),
    "Forbidden": Forbidden("customers.customer.edit"),
    "Refused": Refused("x", "Not while the contract runs."),
    "Conflict": Conflict(),
    "Stale": Stale(2, 1),
    "Invalid": Invalid({"name": [Message("x", "The name is missing.")]}),
    "Unavailable": Unavailable("x", retry_after=7),
    "OperationalError": OperationalError("server closed the connection"),
    "InterfaceError": InterfaceError("connection already closed"),
    "ValueError": ValueError("a fault of ours"),
}


def _write(request: HttpRequest, name: str) -> None:
    with operation(cast("Any", request).actor, "tests.department.create"):
        Department(name=name).save(force_insert=True)


def write_and_raise(request: HttpRequest, kind: str) -> HttpResponse:
    """Writes a department named like the error, and raises it."""
    _write(request, kind)
    raise ERRORS[kind]


def write_and_answer(request: HttpRequest, status: int) -> HttpResponse:
    """Writes a department named like the status, and answers with it."""
    _write(request, str(status))
    return HttpResponse(status=status)


def write_without_operation(request: HttpRequest) -> HttpResponse:
    """What a view that forgets its service would do."""
    Department(name="forgotten").save(force_insert=True)
    return HttpResponse()


def who(request: HttpRequest) -> HttpResponse:
    """The scope the view runs in."""
    opened = require_scope()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('guanxi.tenant'), current_setting('transaction_read_only')")
        tenant, read_only = cursor.fetchone()
    return HttpResponse(
        f"{opened.tenant_id} {tenant} {opened.door} {read_only} {cast('Any', request).actor.name}"
    )


def sneak(request: HttpRequest) -> HttpResponse:
    """A reading address that writes past every check of rights."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_account SET name = name")
    return HttpResponse()


@login_not_required
def outside(request: HttpRequest) -> HttpResponse:
    """A public view: no company is open."""
    return HttpResponse(str(current_scope()))


urlpatterns = [
    path("tests/raise/<str:kind>/", write_and_raise),
    path("tests/answer/<int:status>/", write_and_answer),
    path("tests/forget/", write_without_operation),
    path("tests/who/", who),
    path("tests/sneak/", sneak),
    path("tests/outside/", outside),
    *real.urlpatterns,
]
handler400, handler403, handler404 = real.handler400, real.handler403, real.handler404
handler500, handler429 = real.handler500, real.handler429
