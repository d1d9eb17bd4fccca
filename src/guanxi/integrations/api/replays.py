"""`Idempotency-Key`: a request that is sent twice is carried out once and answered twice alike, for a day; a form of
a page for as long as a phone may keep it (`PAGES`).

The key's row is written first, in the transaction of the change: of two at once the second waits for the
first at the unique rule and then finds its answer. Only answers of what was carried out are kept; after an
error nothing has changed, and the same key may be tried again.
"""

import hashlib
import itertools
from collections.abc import Mapping
from uuid import UUID

import orjson
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from psycopg.errors import LockNotAvailable

from guanxi.integrations.api import receiving
from guanxi.integrations.api.authentication import Caller
from guanxi.integrations.api.problems import ProblemError
from guanxi.kernel.ids import new_id

HEADER = "Idempotency-Key"
_WAIT = "2s"  # for the same request that is still running: it is mostly about to end
_KEPT = ("ETag", "Location", "Operation-Id")
_CALLS = "1 day"
PAGES = "30 days"
PAGE = "page:"  # begins the name of a caller whose key came with a form
_SWEEP, _MOST = 200, 1000
_uses = itertools.count(1)


def key_of(request: HttpRequest) -> str:
    """The request's key, "" where it has none. Raises ProblemError for one that is no printable ASCII."""
    key = request.headers.get(HEADER, "").strip()
    if key and (len(key) > 255 or not key.isascii() or not key.isprintable()):
        raise ProblemError(
            "bad_request", _("An `Idempotency-Key` is at most 255 printable `ASCII` characters.")
        )
    return key


def claim(request: HttpRequest, caller: Caller, key: str) -> HttpResponse | None:
    """Take the key for this request; the kept answer where it was carried out already.

    Raises ProblemError: in_progress where the first one takes too long, replay_differs for another request.
    """
    return take(caller.tenant_id, caller.key, key, _asked(request), _CALLS)


def take(tenant_id: UUID, who: str, key: str, asked: str, kept: str) -> HttpResponse | None:
    """Take the key of `who` for what is `asked` (a hash); the answer where it was carried out within `kept`, an
    interval.

    Raises ProblemError as `claim` does.
    """
    if next(_uses) % _SWEEP == 0:
        sweep()
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{_WAIT}'")
            cursor.execute(
                "INSERT INTO integrations_keptanswer AS k"
                " (tenant_id, id, created_at, caller, key, asked, status, headers, body)"
                " VALUES (%s, %s, clock_timestamp(), %s, %s, %s, 0, '{}', '')"
                " ON CONFLICT (tenant_id, caller, key) DO UPDATE SET created_at = EXCLUDED.created_at,"
                " asked = EXCLUDED.asked, status = 0, headers = '{}', body = ''"
                " WHERE k.created_at < clock_timestamp() - %s::interval",
                [tenant_id, new_id(), who, key, asked, kept],
            )
            taken = cursor.rowcount == 1
            cursor.execute("SET LOCAL lock_timeout = 0")
            if taken:
                return None
            cursor.execute(
                "SELECT asked, status, headers::text, body FROM integrations_keptanswer"
                " WHERE tenant_id = %s AND caller = %s AND key = %s",
                [tenant_id, who, key],
            )
            row = cursor.fetchone()
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise ProblemError(
                "in_progress", _("Wait for it, then send the same again."), headers={"Retry-After": "5"}
            ) from error
        raise
    if row is None or row[0] != asked:
        raise ProblemError("replay_differs", _("Take a new key for a new request."))
    return _again(row[1], orjson.loads(row[2]), row[3])


def keep(caller: Caller, key: str, response: HttpResponse) -> None:
    """Keep the answer of what was just carried out, in the same transaction."""
    headers = {name: response.headers[name] for name in _KEPT if name in response.headers}
    write_down(caller.tenant_id, caller.key, key, response.status_code, headers, response.content.decode())


def write_down(
    tenant_id: UUID, who: str, key: str, status: int, headers: Mapping[str, str], body: str = ""
) -> None:
    """Keep an answer beside its key, in the transaction of what was carried out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE integrations_keptanswer SET status = %s, headers = %s::jsonb, body = %s"
            " WHERE tenant_id = %s AND caller = %s AND key = %s",
            [status, orjson.dumps(headers).decode(), body, tenant_id, who, key],
        )


def let_go(tenant_id: UUID, who: str, key: str) -> None:
    """Nothing was carried out: the key may be tried again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM integrations_keptanswer WHERE tenant_id = %s AND caller = %s AND key = %s",
            [tenant_id, who, key],
        )


def sweep() -> int:
    """Clear away the company's answers that are older than they are kept. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM integrations_keptanswer WHERE id IN (SELECT id FROM integrations_keptanswer"
            " WHERE created_at < clock_timestamp() - %s::interval"
            " AND (caller NOT LIKE %s OR created_at < clock_timestamp() - %s::interval)"
            " LIMIT %s FOR UPDATE SKIP LOCKED)",
            [_CALLS, f"{PAGE}%", PAGES, _MOST],
        )
        return int(cursor.rowcount)


def _asked(request: HttpRequest) -> str:
    """What the request asks for, as a hash: method, address, body and the precondition."""
    found = hashlib.sha256()
    for part in (request.method or "", request.get_full_path(), request.headers.get("If-Match", "")):
        found.update(part.encode() + b"\0")
    file = receiving.received(request)
    found.update(request.body if file is None else file.digest)
    return found.hexdigest()


def _again(status: int, headers: dict[str, str], body: str) -> HttpResponse:
    response = HttpResponse(body, status=status, content_type="application/json" if body else "")
    for name, value in headers.items():
        response.headers[name] = value
    response.headers["Idempotent-Replayed"] = "true"
    return response
