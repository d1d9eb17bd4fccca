"""Reads about accounts: who somebody is, where they belong, what happened to their sign-in."""

import unicodedata
from dataclasses import dataclass
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.core.mail import get_connection
from django.db import connection
from django.utils.functional import Promise

from guanxi.foundation.accounts.models import Account, SecurityEvent
from guanxi.kernel.phones import parse_phone


@dataclass(frozen=True, slots=True)
class OwnPage:
    """A page of one's own account that an upper context has; `key` is the name of its address, `code` the right that
    opens it."""

    key: str
    label: str | Promise
    note: str | Promise
    code: str


own_pages: dict[str, OwnPage] = {}


@dataclass(frozen=True, slots=True)
class Membership:
    """An account in one company it has not left."""

    tenant_id: UUID
    company: str
    member_id: UUID
    name: str


def memberships(account_id: UUID) -> list[Membership]:
    """The companies of an account, by name. Works in and outside a scope."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tenant_id, tenant_name, member_id, member_name FROM guanxi_memberships(%s)", [account_id]
        )
        return [Membership(*row) for row in cursor.fetchall()]


def sign_in_name(text: str) -> str:
    """A sign-in name in the one form it is stored in: NFKC, no blanks around, small letters."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def find_account(login: str) -> Account | None:
    """The account of a sign-in name, an e-mail or a phone number as typed, active or not."""
    name = sign_in_name(login)
    if not name or "\x00" in name or len(name) > 254:
        return None
    if "@" in name:
        return Account.objects.filter(email=name).first()
    phone = parse_phone(name)
    if phone.valid and phone.e164:
        found = Account.objects.filter(phone=phone.e164).first()
        if found is not None:
            return found
    return Account.objects.filter(username=name).first()


def mail_works() -> bool:
    """Whether the installation can send mail; without it, a new password comes from the administrator."""
    sender = get_connection(fail_silently=True)
    ready = getattr(sender, "is_configured", None)
    # Our own backend knows; Django's needs a host, and its others (for tests and development) nothing.
    return bool(ready if ready is not None else getattr(sender, "host", True))


def live_sessions(account_id: UUID) -> list[UserSession]:
    """Where the account is signed in, last seen first. Rows of sessions that have ended are left out."""
    rows = list(UserSession.objects.filter(user_id=account_id).order_by("-last_seen_at"))
    alive = set(
        SessionStore.get_model_class()
        .objects.filter(session_key__in=[row.session_key for row in rows])
        .values_list("session_key", flat=True)
    )
    return [row for row in rows if row.session_key in alive]


def recent_events(account_id: UUID, most: int = 10) -> list[SecurityEvent]:
    """What happened to the account's sign-in, newest first."""
    return list(SecurityEvent.objects.filter(account_id=account_id).order_by("-at")[:most])
