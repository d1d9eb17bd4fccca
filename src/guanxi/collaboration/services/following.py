"""Writes of following: one's own business, so no operation of the ledger."""

from collections.abc import Collection
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guanxi.collaboration.choices import Telling
from guanxi.collaboration.models import Follow, FollowSettings
from guanxi.collaboration.queries.following import FOLLOW
from guanxi.collaboration.queries.people import declared
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Forbidden, Invalid, Message, NotFound
from guanxi.resource import access

_BATCH = 5000


def follow(actor: Actor, *, resource: str, ids: Collection[UUID], on: bool = True) -> int:
    """Follow records, or with `on=False` no longer; those the actor does not see are left alone.

    Of one record that is not seen it raises NotFound. Returns how many were seen.
    """
    member_id = _member(actor)
    kind = declared(resource)
    actor.require(kind.permission("view"))
    seen = list(access.visible(actor, kind).filter(pk__in=list(ids)).values_list("pk", flat=True))
    if len(ids) == 1 and not seen:
        raise NotFound("not_found", {"resource": kind.key})
    for start in range(0, len(seen), _BATCH):
        Follow.objects.bulk_create(
            [
                Follow(member_id=member_id, resource=kind.key, record_id=one, on=on)
                for one in seen[start : start + _BATCH]
            ],
            update_conflicts=True,
            unique_fields=["tenant_id", "member", "resource", "record_id"],
            update_fields=["on"],
        )
    return len(seen)


def save_settings(actor: Actor, *, telling: str, mail: bool, own: bool) -> None:
    """How the actor wants to be told. Raises Invalid."""
    member_id = _member(actor)
    if telling not in Telling.values:
        raise Invalid({"telling": [Message("telling", _("Choose one of these."))]})
    FollowSettings.objects.update_or_create(
        member_id=member_id, defaults={"telling": telling, "mail": mail, "own": own}
    )


def _member(actor: Actor) -> UUID:
    actor.require(FOLLOW)
    if actor.member_id is None:
        raise Forbidden(FOLLOW)
    return actor.member_id
