"""Secrets at rest: encrypted with a key derived from the installation's secret key.

Safe from who reads the database or a backup alone, not from who reads the machine. Without the secret key they
are lost: whatever was sealed is then entered or set up anew.
"""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

__all__ = ["Unsealable", "seal", "unseal"]


class Unsealable(ValueError):
    """It was sealed under another secret key, or is damaged."""


def _fernet(purpose: str) -> Fernet:
    # A key of its own for each purpose and from Django's (RFC 5869), so that none tells of another.
    derived = HKDF(SHA256(), 32, None, purpose.encode()).derive(settings.SECRET_KEY.encode())
    return Fernet(base64.urlsafe_b64encode(derived))


def seal(text: str, *, purpose: str) -> str:
    """The text encrypted; a different result every time."""
    return _fernet(purpose).encrypt(text.encode()).decode()


def unseal(token: str, *, purpose: str) -> str:
    """The text again. Raises Unsealable."""
    try:
        return _fernet(purpose).decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise Unsealable("sealed under another key") from error
