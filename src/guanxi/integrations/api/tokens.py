"""Tokens: made by a member for himself or by an administrator for a program, shown once, ended at any time."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.accounts.services import record_event
from guanxi.foundation.permissions import codes as permission_codes
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.queries import load_actor
from guanxi.integrations.api import scopes as areas
from guanxi.integrations.api.authentication import PREFIX
from guanxi.integrations.models import ApiToken, hash_of
from guanxi.kernel.errors import Forbidden, Invalid, Message, NotFound, Refused
from guanxi.kernel.text import TextTooLong, clean_text

CREATE, MANAGE = "integrations.token.create", "integrations.token.manage"
MOST = 50  # living tokens of one member
MOST_APPLICATIONS = 200  # of one company
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
    permission_codes.register(
        MANAGE,
        _("Make API tokens for programs, and end anybody's"),
        group=permission_codes.SYSTEM,
        reach=False,
    )


# Reading


def tokens_of(actor: Actor) -> QuerySet[ApiToken]:
    """The tokens that act as the actor and are not revoked, newest first; programs' are among them."""
    if actor.member_id is None:
        return ApiToken.objects.none()
    return _alive().filter(member_id=actor.member_id)


def all_tokens(actor: Actor) -> QuerySet[ApiToken]:
    """Everybody's tokens that are not revoked, newest first. Raises Forbidden without the right to manage them."""
    actor.require(MANAGE)
    return _alive()


def find_token(actor: Actor, token_id: UUID) -> ApiToken:
    """One that acts as the actor, or any with the right to manage them; also a revoked one. Raises NotFound."""
    token = ApiToken.objects.select_related("member", "made_by").filter(id=token_id).first()
    own = token is not None and token.member_id == actor.member_id
    if token is None or not (own or actor.may(MANAGE)):
        raise NotFound("token_not_found")
    return token


def _alive() -> QuerySet[ApiToken]:
    rows = ApiToken.objects.filter(revoked_at__isnull=True).select_related("member", "made_by")
    return rows.order_by(F("created_at").desc(), "id")


# Writing


def create_token(
    actor: Actor,
    *,
    name: str,
    may_write: bool,
    days: int | None = None,
    scopes: Collection[str] | None = None,
) -> tuple[ApiToken, str]:
    """Make a token for the actor himself; returns it with its secret, which is not kept.

    `days` is how long it lives, None for ever. `scopes` limits it to areas ("customers:read"), and then they
    say what it may change; None lets it do all that the member may, or look at all of it.
    Raises Forbidden, Invalid, Refused (through borrowed eyes, by the system, too many).
    """
    actor.require(CREATE)
    if actor.member_id is None or actor.account_id is None or actor.observer_id is not None:
        raise Refused("no_person", _("A token belongs to a person who signs in."))
    problems = Invalid()
    token = ApiToken(
        member_id=actor.member_id,
        made_by_id=actor.member_id,
        name=_name(name, problems),
        expires_at=_expiry(days, problems),
        may_write=may_write if scopes is None else areas.may_write(scopes),
        scopes="" if scopes is None else _scopes(scopes, problems),
    )
    if problems:
        raise problems
    if tokens_of(actor).filter(purpose=ApiToken.Purpose.PERSONAL).count() >= MOST:
        raise Refused("too_many", _("At most %(most)s tokens. Revoke one first."), {"most": MOST})
    return token, _seal(actor, token)


def create_application(
    actor: Actor, *, name: str, member_id: UUID | None, scopes: Collection[str], days: int | None = None
) -> tuple[ApiToken, str]:
    """Make a token for a program that acts as a member, within scopes; returns it with its secret.

    Nobody gives what he does not hold: whatever the token could do, the actor must be able to do everywhere,
    unless it acts as himself. Raises Forbidden, Invalid, Refused.
    """
    actor.require(MANAGE)
    if actor.observer_id is not None:
        raise Refused("no_person", _("A token belongs to a person who signs in."))
    problems = Invalid()
    acts_as = _member(member_id, problems)
    token = ApiToken(
        made_by_id=actor.member_id,
        purpose=ApiToken.Purpose.APPLICATION,
        name=_name(name, problems),
        expires_at=_expiry(days, problems),
        may_write=areas.may_write(scopes),
        scopes=_scopes(scopes, problems),
    )
    if problems or acts_as is None or acts_as.member_id is None:
        raise problems
    token.member_id = acts_as.member_id
    held = areas.narrowed(acts_as, may_write=token.may_write, scopes=frozenset(scopes))
    if acts_as.member_id != actor.member_id and any(actor.reach(code) != "all" for code in held.grants):
        raise Refused(
            "not_held",
            _("This person may do more than you may yourself. Choose another person or fewer areas."),
        )
    living = _alive().filter(purpose=ApiToken.Purpose.APPLICATION)
    if living.count() >= MOST_APPLICATIONS:
        raise Refused(
            "too_many", _("At most %(most)s tokens. Revoke one first."), {"most": MOST_APPLICATIONS}
        )
    return token, _seal(actor, token)


def revoke_token(actor: Actor, token_id: UUID) -> ApiToken:
    """End a token at once: one's own, or any with the right to manage them.

    Raises NotFound for anybody else's, Forbidden for a program's that acts as the actor but is not his to end.
    """
    token = find_token(actor, token_id)
    if actor.observer_id is not None:
        raise NotFound("token_not_found")
    if token.is_application and not actor.may(MANAGE):
        raise Forbidden(MANAGE)
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        record_event("token_revoked", account_id=actor.account_id, token=token.mark)
    return token


def _seal(actor: Actor, token: ApiToken) -> str:
    """Give the token its secret and keep it. Returns the secret."""
    secret = PREFIX + secrets.token_urlsafe(32)
    token.hash, token.mark = hash_of(secret), secret[: len(PREFIX) + 4]
    token.save(force_insert=True)
    record_event("token_created", account_id=actor.account_id, token=token.mark)
    return secret


def _member(member_id: UUID | None, problems: Invalid) -> Actor | None:
    try:
        if member_id is not None:
            return load_actor(member_id)
    except NotFound:
        pass
    problems.add("member", Message("member", _("Choose whom the program acts as.")))
    return None


def _scopes(scopes: Collection[str], problems: Invalid) -> str:
    if not scopes:
        problems.add("scopes", Message("required", _("Choose at least one area.")))
    if not areas.known(scopes):
        problems.add("scopes", Message("unknown", _("There is no such area.")))
    return areas.write(scopes)


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
