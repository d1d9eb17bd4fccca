"""New leads that nobody has touched: one's own at once, those of others once they have waited."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext, ngettext

from guanxi.activities.queries.asking import Attention
from guanxi.foundation.permissions.actor import Actor
from guanxi.marketing.choices import State
from guanxi.resource import access
from guanxi.resource.registry import find

SHOWN = 5
LONG = timedelta(days=2)


def unanswered(actor: Actor, members: Collection[UUID] | None) -> list[Attention]:
    """The oldest of them, as lines of Today."""
    resource = find("leads")
    if not actor.may(resource.permission("view")) or not access.is_open(actor, resource.kind("owner")):
        return []
    own = actor.member_id is not None and members is not None and set(members) == {actor.member_id}
    rows = access.visible(actor, resource).filter(state=State.NEW)
    if members is not None:
        rows = rows.filter(owner_id__in=sorted(members))
    if not own:
        rows = rows.filter(owner__isnull=False, created_at__lt=timezone.now() - LONG)
    found = list(rows.select_related("owner").order_by("created_at", "id")[:SHOWN])
    today, lines = timezone.localdate(), []
    for one in found:
        days = (today - timezone.localdate(one.created_at)).days
        waits = ngettext("came %(n)s day ago", "came %(n)s days ago", days) % {"n": days}
        lines.append(
            Attention(
                "target-arrow",
                "warn" if timezone.now() - one.created_at > LONG else "",
                str(one),
                resource.url("card", id=one.pk),
                gettext("is a new lead nobody has answered"),
                " · ".join(
                    part
                    for part in (
                        waits if days else gettext("came today"),
                        "" if own or one.owner is None else one.owner.name,
                        one.need[:40] if access.is_open(actor, resource.kind("need")) else "",
                    )
                    if part
                ),
            )
        )
    return lines
