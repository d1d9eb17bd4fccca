"""Second steps: their secrets at rest, and taking one away for somebody who cannot use it any more."""

import base64
import logging
import secrets
from uuid import UUID

from allauth.mfa.models import Authenticator

from guanxi.foundation.accounts.services.sealing import Unsealable, seal, unseal
from guanxi.foundation.accounts.services.security_log import record_event

_PURPOSE = "guanxi second step"
_SEALED = "sealed:"
_log = logging.getLogger("guanxi.security")


def seal_factor(text: str) -> str:
    """An authenticator app's secret, or the seed of recovery codes, as it is stored."""
    return _SEALED + seal(text, purpose=_PURPOSE)


def unseal_factor(stored: str) -> str:
    """It again; also one that was stored in the clear, before secrets were sealed.

    One that was sealed under another secret key becomes a secret that nobody has: no code fits it. An empty or
    fixed one would let everybody in who reads this source.
    """
    if not stored.startswith(_SEALED):
        return stored
    try:
        return unseal(stored.removeprefix(_SEALED), purpose=_PURPOSE)
    except Unsealable:
        _log.exception("a second step was sealed under another secret key; it has to be set up anew")
        return base64.b32encode(secrets.token_bytes(20)).decode()


def remove_second_step(account_id: UUID) -> int:
    """Take away app and recovery codes; passkeys stay. Returns how many went.

    For whoever runs the server: of somebody who lost the phone, or everybody after the secret key was lost.
    """
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES]
    gone, _detail = Authenticator.objects.filter(user_id=account_id, type__in=kinds).delete()
    if gone:
        record_event("second_step_removed", account_id=account_id)
    return int(gone)
