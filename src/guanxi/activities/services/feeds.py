"""The secret address under which another program reads a member's calendar: made and ended by the member alone."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from guanxi.activities.models import Feed
from guanxi.foundation.accounts.services import record_event
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Refused

PER_MINUTE = 60  # readings of one address
_LONGEST = 100  # characters of a secret


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose calendar an address shows; `used` readings were made in this minute, `second` of it is over."""

    tenant_id: UUID
    member_id: UUID
    used: int
    second: int
    time_zone: str
    language: str

    @property
    def too_often(self) -> bool:
        return self.used > PER_MINUTE


def hash_of(secret: str) -> str:
    """What is kept of an address: 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def make_feed(actor: Actor) -> str:
    """Make the member's address, in the place of the one there was; returns its secret, which is not kept.

    Raises Refused through borrowed eyes and by the system.
    """
    mine = _own(actor)
    secret = secrets.token_urlsafe(32)
    Feed.objects.filter(member_id=mine).delete()
    Feed(member_id=mine, hash=hash_of(secret)).save(force_insert=True)
    record_event("feed_created", account_id=actor.account_id)
    return secret


def end_feed(actor: Actor) -> bool:
    """End the member's address at once; returns whether there was one. Raises Refused as `make_feed` does."""
    ended, _by_model = Feed.objects.filter(member_id=_own(actor)).delete()
    if ended:
        record_event("feed_ended", account_id=actor.account_id)
    return bool(ended)


def feed_of(actor: Actor) -> Feed | None:
    """The member's address, without its secret."""
    return Feed.objects.filter(member_id=actor.member_id).first() if actor.member_id else None


def reader_of(secret: str) -> Reader | None:
    """Whose calendar it is, with this reading counted; None for an address that is not, or is no longer.

    Asked outside any scope.
    """
    if not secret or len(secret) > _LONGEST:
        return None
    wanted = hash_of(secret)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tenant_id, member_id, hash, used, second, time_zone, language FROM guanxi_feed(%s)",
            [wanted],
        )
        row = cursor.fetchone()
    if row is None or not hmac.compare_digest(row[2], wanted):
        return None
    return Reader(row[0], row[1], row[3], row[4], row[5], row[6])


def _own(actor: Actor) -> UUID:
    if actor.member_id is None or actor.account_id is None or actor.observer_id is not None:
        raise Refused("no_person", _("A calendar's address belongs to a person who signs in."))
    return actor.member_id
