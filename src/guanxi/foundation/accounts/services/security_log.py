"""The record of what happens to sign-ins: kept for the person and the administrator, and in the log."""

import logging
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from guanxi.foundation.accounts.models import SecurityEvent

_log = logging.getLogger("guanxi.security")


@dataclass(frozen=True, slots=True)
class Source:
    """From where a request came."""

    ip: str | None = None
    user_agent: str = ""


_NOWHERE = Source()
request_source: ContextVar[Source] = ContextVar("guanxi_source", default=_NOWHERE)


def record_event(kind: str, *, account_id: UUID | None, **detail: str | int) -> None:
    """Remember an event of an account's sign-in: signed_in, sign_in_failed, password_changed …"""
    source = request_source.get()
    SecurityEvent.objects.create(
        account_id=account_id,
        kind=kind,
        ip=source.ip,
        user_agent=source.user_agent[:200],
        detail=detail,
    )
    _log.info(kind, extra={"event": kind, "account": str(account_id or ""), "ip": source.ip, **detail})
