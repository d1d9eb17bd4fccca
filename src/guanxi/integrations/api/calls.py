"""The log of what tokens asked for: method, path, status, time taken, address; kept for 30 days."""

import logging
from datetime import datetime, timedelta
from time import perf_counter
from uuid import UUID

from django.db import DatabaseError, connection
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from guanxi.foundation.accounts.services.security_log import request_source
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.tenancy.models import Tenant
from guanxi.foundation.tenancy.scope import scope
from guanxi.integrations.api.authentication import SAFE, Caller
from guanxi.integrations.api.tokens import find_token
from guanxi.integrations.models import ApiRequest, ApiToken
from guanxi.kernel.ids import new_id

KEPT_DAYS = 30
_BATCH = 10_000
_log = logging.getLogger("guanxi.api")

# A line that a power failure forgets is no harm, waiting for the disk at every reading is.
_UNHURRIED = "SELECT set_config('synchronous_commit', 'off', true)"
_INSERT = (
    "INSERT INTO integrations_apirequest"
    " (tenant_id, id, created_at, token_id, method, path, status, ms, ip, request_id)"
    " SELECT %s, %s, clock_timestamp(), %s, %s, %s, %s, %s, %s::inet, %s"
)


def note(request: HttpRequest, caller: Caller, response: HttpResponse, started: float) -> None:
    """Write down a call that succeeded, in the transaction of what it did. Sessions are not noted."""
    if caller.token_id is None:
        return
    statement = f"{_INSERT} FROM ({_UNHURRIED}) AS quick" if request.method in SAFE else _INSERT
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            [
                caller.tenant_id,
                new_id(),
                caller.token_id,
                (request.method or "")[:10],
                request.path[:300],
                response.status_code,
                round((perf_counter() - started) * 1000),
                request_source.get().ip,
                getattr(request, "request_id", "")[:64],
            ],
        )


def note_apart(request: HttpRequest, caller: Caller, response: HttpResponse, started: float) -> None:
    """Write down a call whose transaction was taken back, in one of its own."""
    if caller.token_id is None:
        return
    try:
        with scope(caller.tenant_id, actor_id=caller.member_id, door="api"):
            note(request, caller, response, started)
    except DatabaseError:
        _log.warning("a call could not be noted", extra={"status": response.status_code})


def calls_of(actor: Actor, token_id: UUID) -> tuple[ApiToken, QuerySet[ApiRequest]]:
    """A token and its calls, newest first. Raises NotFound for a token that is not the actor's to see."""
    token = find_token(actor, token_id)
    return token, ApiRequest.objects.filter(token_id=token.id).order_by("-created_at", "-id")


def forget_calls(now: datetime) -> int:
    """Clear away calls older than 30 days, company by company. Returns how many; part of the nightly work."""
    limit = now - timedelta(days=KEPT_DAYS)
    forgotten = 0
    for tenant_id in list(Tenant.objects.values_list("id", flat=True)):
        while True:
            with scope(tenant_id, door="job"), connection.cursor() as cursor:
                cursor.execute(
                    "DELETE FROM integrations_apirequest WHERE tenant_id = %s AND id IN ("
                    " SELECT id FROM integrations_apirequest WHERE tenant_id = %s AND created_at < %s LIMIT %s)",
                    [tenant_id, tenant_id, limit, _BATCH],
                )
                gone = int(cursor.rowcount)
            forgotten += gone
            if gone < _BATCH:
                break
    return forgotten
