"""Access tokens (OAuth 2) of mailboxes whose provider wants them: made of a refresh token by the installation's
settings, and kept sealed until they expire."""

import http.client
import json
import socket
import ssl
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.utils import timezone

from guanxi.channels.models import Mailbox
from guanxi.channels.services.servers import WAIT, Trouble, private_allowed
from guanxi.foundation.accounts.services.sealing import Unsealable, seal, unseal

__all__ = ["PURPOSE", "offered", "opened", "token_of"]

PURPOSE = "guanxi mailbox"
_LARGEST = 64 * 1024
_EARLY = timedelta(minutes=2)


def offered(address: str) -> dict[str, str] | None:
    """The installation's way to tokens for an address: `token_url`, `client_id`, `client_secret`, `scope`; None where
    its administrator made none."""
    by_domain: dict[str, dict[str, str]] = settings.MAILBOX_OAUTH
    return by_domain.get(address.rpartition("@")[2].casefold()) or by_domain.get("*")


def opened(sealed: str) -> str:
    """A secret in clear. Raises Trouble("unsealable")."""
    try:
        return unseal(sealed, purpose=PURPOSE)
    except Unsealable as error:
        raise Trouble("unsealable") from error


def token_of(mailbox: Mailbox) -> str:
    """An access token that still holds; a new one is put on the mailbox, which the caller saves. Raises Trouble."""
    if mailbox.token and mailbox.token_until and mailbox.token_until > timezone.now() + _EARLY:
        return opened(mailbox.token)
    way = offered(mailbox.address)
    if way is None or not mailbox.secret:
        raise Trouble("oauth")
    given = _asked(
        way,
        {
            "grant_type": "refresh_token",
            "refresh_token": opened(mailbox.secret),
            "client_id": way.get("client_id", ""),
            "client_secret": way.get("client_secret", ""),
            "scope": way.get("scope", ""),
        },
    )
    token = given.get("access_token")
    if not isinstance(token, str) or not token.isascii() or not token.isprintable():
        raise Trouble("oauth", str(given.get("error", ""))[:100])
    lasts = given.get("expires_in")
    mailbox.token = seal(token, purpose=PURPOSE)
    mailbox.token_until = timezone.now() + timedelta(
        seconds=min(int(lasts), 86400) if isinstance(lasts, int) else 300
    )
    renewed = given.get("refresh_token")
    if isinstance(renewed, str) and renewed:
        mailbox.secret = seal(renewed, purpose=PURPOSE)
    return token


def _asked(way: dict[str, str], values: dict[str, str]) -> dict[str, Any]:
    parts = urlsplit(way.get("token_url", ""))
    local = parts.scheme == "http" and private_allowed()
    if not parts.hostname or not (parts.scheme == "https" or local):
        raise Trouble("oauth", "token_url")
    body = urlencode({name: value for name, value in values.items() if value})
    kind = http.client.HTTPConnection if local else http.client.HTTPSConnection
    connection = kind(parts.hostname, parts.port, timeout=WAIT)
    try:
        connection.request(
            "POST",
            f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}",
            body,
            {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"},
        )
        answer = json.loads(connection.getresponse().read(_LARGEST))
    except TimeoutError as error:
        raise Trouble("timeout") from error
    except ssl.SSLError as error:
        raise Trouble("tls") from error
    except (OSError, socket.gaierror, http.client.HTTPException, ValueError, RecursionError) as error:
        raise Trouble("oauth", type(error).__name__) from error
    finally:
        connection.close()
    return answer if isinstance(answer, dict) else {}
