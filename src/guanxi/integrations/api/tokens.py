"""Personal tokens: made by a member for himself, shown once, ended at any time."""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.accounts.services import record_event
from guanxi.foundation.permissions import codes as permission_codes
from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.api.authentication import PREFIX
from guanxi.integrations.models import ApiToken, hash_of
from guanxi.kernel.errors import Invalid, Message, NotFound, Refused
from guanxi.kernel.text import TextTooLong, clean_text

CREATE = "integrations.token.create"
MOST = 50  # living tokens of one member
LIFETIMES = (30, 90, 365)  # days offered; None is for ever


def register_codes() -> None:
    """Permission codes of this part: everybody may make tokens unless a company says otherwise."""
    permission_codes.register(
        CREATE,
        _("Make API tokens for oneself"),
        group=permission_codes.SYSTEM,
        reach=False,
        defaults=dict.fromkeys(permission_codes.EVERYBODY, "all"),
    )


def tokens_of(actor: Actor) -> QuerySet[ApiToken]:
    """The actor's own tokens that are not revoked, newest first."""
    if actor.member_id is None:
        return ApiToken.objects.none()
    mine = ApiToken.objects.filter(member_id=actor.member_id, revoked_at__isnull=True)
    return mine.order_by(F("created_at").desc(), "id")


def create_token(
    actor: Actor, *, name: str, may_write: bool, days: int | None = None, codes: Collection[str] = ()
) -> tuple[ApiToken, str]:
    """Make a token for the actor himself; returns it with its secret, which is not kept.

    `days` is how long it lives, None for ever. `codes` limits it to permission codes that the actor holds.
    Raises Forbidden, Invalid, Refused (through borrowed eyes, by the system, too many).
    """
    actor.require(CREATE)
    if actor.member_id is None or actor.account_id is None or actor.observer_id is not None:
        raise Refused("no_person", _("A token belongs to a person who signs in."))
    problems = Invalid()
    shown = _name(name, problems)
    expires = _expiry(days, problems)
    limited = sorted(set(codes))
    if any(not actor.may(code) for code in limited):
        problems.add("codes", Message("not_held", _("A token cannot have rights that you do not have.")))
    if problems:
        raise problems
    if tokens_of(actor).count() >= MOST:
        raise Refused("too_many", _("At most %(most)s tokens. Revoke one first."), {"most": MOST})
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        member_id=actor.member_id,
        name=shown,
        hash=hash_of(secret),
        mark=secret[: len(PREFIX) + 4],
        may_write=may_write,
        codes=",".join(limited),
        expires_at=expires,
    )
    token.save(force_insert=True)
    record_event("token_created", account_id=actor.account_id, token=token.mark)
    return token, secret


def revoke_token(actor: Actor, token_id: UUID) -> ApiToken:
    """End one of the actor's own tokens at once. Raises NotFound for anybody else's."""
    token = tokens_of(actor).filter(id=token_id).first()
    if token is None or actor.observer_id is not None:
        raise NotFound("token_not_found")
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])
    record_event("token_revoked", account_id=actor.account_id, token=token.mark)
    return token


def limits_for(actor: Actor) -> Sequence[permission_codes.Code]:
    """The codes a token of the actor can be limited to."""
    return [code for code in permission_codes.all_codes() if actor.may(code.key)]


def _name(name: str, problems: Invalid) -> str:
    try:
        found = clean_text(name, max_length=100)
    except TextTooLong:
        problems.add("name", Message("too_long", _("At most 100 characters.")))
        return ""
    if not found:
        problems.add("name", Message("required", _("Say what the token is for.")))
    return found


def _expiry(days: int | None, problems: Invalid) -> datetime | None:
    if days is None:
        return None
    if not 1 <= days <= 3650:
        problems.add("days", Message("range", _("Choose how long it is valid.")))
        return None
    return timezone.now() + timedelta(days=days)
