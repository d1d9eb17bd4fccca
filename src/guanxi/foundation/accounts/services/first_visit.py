"""The one-time token that lets the first visitor of an empty installation make its company."""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from django.conf import settings

from guanxi.foundation.tenancy.models import Tenant


def _file() -> Path:
    return Path(settings.HOME) / "setup-token"


def setup_token() -> str | None:
    """The token of the first visit, made where there is none; None once a company exists.

    The supervisor prints it. It lies in a file that only the owner of the data folder can read.
    """
    if Tenant.objects.exists():
        drop_setup_token()
        return None
    path = _file()
    try:
        kept = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        kept = ""
    if len(kept) >= 32:
        return kept
    path.unlink(missing_ok=True)
    token = secrets.token_urlsafe(32)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(token)
    return token


def check_setup_token(token: str) -> bool:
    """Whether this is the token, and the installation still empty."""
    if not token or Tenant.objects.exists():
        return False
    try:
        kept = _file().read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return False
    # Digests are of one length, so that the comparison tells nothing of the token's.
    wanted, given = (hashlib.sha256(text.encode()).digest() for text in (kept, token))
    return len(kept) >= 32 and hmac.compare_digest(wanted, given)


def drop_setup_token() -> None:
    """The token has been used, or nobody needs it."""
    _file().unlink(missing_ok=True)
