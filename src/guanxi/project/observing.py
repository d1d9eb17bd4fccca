"""Seeing the product as another person: an administrator looks through their eyes and changes nothing."""

from typing import cast
from uuid import UUID

from django.db import connection
from django.http import HttpRequest

from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.queries import load_actor
from guanxi.foundation.permissions.services.integrity import may_see_as
from guanxi.kernel.errors import NotFound

SEEN = "gx_seen"  # in the session: the member whose eyes are borrowed
CODE = "accounts.member.see_as"


def observed(request: HttpRequest, actor: Actor) -> Actor:
    """The actor whose eyes the request sees through: the account's own, or the observed member's.

    Proven at every request. The observer's transaction cannot write: PostgreSQL itself refuses.
    """
    seen = request.session.get(SEEN)
    if not seen:
        return actor
    member_id = UUID(seen)
    try:
        eyes = load_actor(member_id, observer_id=cast("UUID", actor.member_id))
    except NotFound:
        eyes = None
    if eyes is None or not may_see_as(actor, member_id):
        del request.session[SEEN]
        return actor
    request.observer = actor  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
    return eyes
