"""Who calls: a token, or the browser's session for our own documentation page.

Asked before any company is open: a token is looked up by its hash through `guanxi_api_token`, which also
counts the call. What the actor may do is then worked out inside the scope, as for every door.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.utils import check_csrf

from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.queries import load_actor
from guanxi.integrations.api import scopes
from guanxi.integrations.api.problems import ProblemError
from guanxi.integrations.models import hash_of
from guanxi.kernel.errors import Forbidden, NotFound

PREFIX = "gx_"
PER_MINUTE = 600  # calls of one token
SAFE = frozenset(("GET", "HEAD", "OPTIONS"))


@dataclass(frozen=True, slots=True)
class Caller:
    """A proven token or session. `scopes` limits the rights, None does not; `key` names it for replays."""

    tenant_id: UUID
    member_id: UUID
    account_id: UUID | None
    key: str
    time_zone: str
    may_write: bool = True
    scopes: frozenset[str] | None = None
    headers: Mapping[str, str] | None = None
    token_id: UUID | None = None


# The session's caller; the actor as seen through borrowed eyes ("see as"). Given by who knows sessions.
FromSession = Callable[[HttpRequest], Caller | None]
Eyes = Callable[[HttpRequest, Actor], Actor]


def identify(request: HttpRequest, from_session: FromSession) -> Caller:
    """The caller of a request. Raises ProblemError: unauthenticated, csrf, too_many_requests."""
    given = request.headers.get("Authorization", "")
    if given:
        return _of_token(given)
    caller = from_session(request)
    if caller is None:
        raise unauthenticated()
    if request.method not in SAFE and check_csrf(request) is not None:
        raise ProblemError("csrf", _("Load the page again and send it once more."))
    return caller


def unauthenticated() -> ProblemError:
    """The answer to whoever has not said who he is; the same for a token that was revoked or never was."""
    return ProblemError(
        "unauthenticated",
        _("Send `Authorization: Bearer gx_…` with a token that is neither revoked nor expired."),
        headers={"WWW-Authenticate": 'Bearer realm="guanxi"'},
    )


def _of_token(given: str) -> Caller:
    scheme, _blank, secret = given.partition(" ")
    secret = secret.strip()
    if scheme.casefold() != "bearer" or not secret.startswith(PREFIX) or len(secret) > 100:
        raise unauthenticated()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tenant_id, token_id, member_id, account_id, may_write, scopes, used, second, time_zone"
            " FROM guanxi_api_token(%s)",
            [hash_of(secret)],
        )
        row = cursor.fetchone()
    if row is None:
        raise unauthenticated()
    tenant_id, token_id, member_id, account_id, may_write, limited, used, second, time_zone = row
    headers = {
        "RateLimit-Limit": str(PER_MINUTE),
        "RateLimit-Remaining": str(max(0, PER_MINUTE - used)),
        "RateLimit-Reset": str(60 - second),
    }
    if used > PER_MINUTE:
        raise ProblemError(
            "too_many_requests",
            _("At most %(limit)s calls a minute with one token.") % {"limit": PER_MINUTE},
            headers={**headers, "Retry-After": str(60 - second)},
        )
    return Caller(
        tenant_id,
        member_id,
        account_id,
        f"token:{token_id}",
        time_zone,
        may_write,
        scopes.read(limited),
        headers,
        token_id,
    )


def actor_of(caller: Caller) -> Actor:
    """The actor of a caller, in the open scope, with no more rights than the token was given.

    Raises ProblemError("unauthenticated") where the member has left since.
    """
    try:
        actor = load_actor(caller.member_id)
    except NotFound:
        raise unauthenticated() from None
    if actor.account_id != caller.account_id:
        raise unauthenticated()
    return scopes.narrowed(actor, may_write=caller.may_write, scopes=caller.scopes)


def for_all_areas(request: HttpRequest) -> None:
    """Ask for a caller that is not limited to some areas: what is asked for belongs to none. Raises Forbidden."""
    caller: Caller = request.api_caller  # type: ignore[attr-defined]
    if caller.scopes is not None:
        raise Forbidden
