"""Where an account is signed in, and ending it."""

from uuid import UUID

from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.db.models import Exists, OuterRef
from django.utils import timezone

from guanxi.foundation.accounts.services.security_log import Source, record_event


def end_sessions(account_id: UUID, *, keep: str | None = None) -> int:
    """Sign the account out everywhere, but for the session with the key `keep`. Returns how many ended."""
    rows = UserSession.objects.filter(user_id=account_id)
    if keep:
        rows = rows.exclude(session_key=keep)
    keys = list(rows.values_list("session_key", flat=True))
    ended, _detail = SessionStore.get_model_class().objects.filter(session_key__in=keys).delete()
    rows.delete()
    return int(ended)


def end_session(account_id: UUID, row_id: int) -> bool:
    """Sign out one of the account's own sessions. Returns whether there was such a one."""
    row = UserSession.objects.filter(user_id=account_id, id=row_id).first()
    if row is None:
        return False
    SessionStore.get_model_class().objects.filter(session_key=row.session_key).delete()
    row.delete()
    record_event("session_ended", account_id=account_id)
    return True


def tidy_sessions() -> int:
    """Clear away sessions that have expired and what was noted of them. Returns how many; for a daily job."""
    ended, _detail = SessionStore.get_model_class().objects.filter(expire_date__lt=timezone.now()).delete()
    alive = SessionStore.get_model_class().objects.filter(session_key=OuterRef("session_key"))
    UserSession.objects.filter(~Exists(alive)).delete()
    return int(ended)


def touch_session(account_id: UUID, session_key: str, source: Source) -> None:
    """Note that a session was used, and from where."""
    UserSession.objects.update_or_create(
        session_key=session_key,
        defaults={
            "user_id": account_id,
            "ip": source.ip or "0.0.0.0",  # noqa: S104 - an unknown address, not one to listen on
            "user_agent": source.user_agent,
            "last_seen_at": timezone.now(),
        },
    )
