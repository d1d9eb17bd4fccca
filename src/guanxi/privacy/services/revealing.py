"""Showing a veiled number to whoever asks: written down, so many a day, the superior told of many."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.notices.services import notify
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.models import Assignment
from guanxi.foundation.permissions.queries import superiors
from guanxi.foundation.permissions.services import change_settings
from guanxi.foundation.tenancy.scope import require_scope
from guanxi.kernel.errors import Forbidden, Invalid, Message, NotFound, Refused
from guanxi.kinds import Kind
from guanxi.privacy.models import Reveal
from guanxi.privacy.queries.guarding import (
    A_DAY,
    ALERT_AT,
    VEILED,
    WATERMARK,
    Guarding,
    guarding,
    phone_fields,
)
from guanxi.resource import access
from guanxi.resource.registry import every

MANAGE = "settings.company.manage"
MANY = "privacy.reveals.many"  # the notice to the superior
MOST = 10_000


def reveal(
    actor: Actor, *, resource: str, record_id: UUID, field: str, ip: str | None = None
) -> tuple[Any, Kind]:
    """The record and the kind of its field, to be shown once; that it was asked for is written down.

    Raises NotFound, Forbidden for a field that a rule masks or hides, or a pool without looks, and through borrowed
    eyes, and Refused when the day's number of records is reached.
    """
    declared = next((one for one in every() if one.key == resource), None)
    kind = declared.fields().get(field) if declared is not None else None
    if declared is None or kind is None:
        raise NotFound("no_field")
    record = access.get(actor, declared, record_id)
    mode = access.mode(actor, kind)
    if mode == "hide":
        raise NotFound("no_field")
    if mode == "mask" or actor.member_id is None or actor.observer_id is not None:
        raise Forbidden(declared.permission("view"))
    what = (resource, record_id, field)
    if field in access.withheld(actor, declared, record):
        looks = declared.withheld.looks(actor, record, field) if declared.withheld else 0
        if not looks:
            raise Forbidden(declared.permission("view"))
        _note(actor.member_id, actor.name, what, ip, most=looks)
        record = declared.model._default_manager.get(pk=record_id)
    elif access.is_veiled(actor, kind):
        _note(actor.member_id, actor.name, what, ip)
    return record, kind


def _note(
    member: UUID, name: str, what: tuple[str, UUID, str], ip: str | None, *, most: int | None = None
) -> None:
    """Write a look down. `most` is how many records of a day may be looked at where less than the company's number."""
    held, (resource, record_id, field) = guarding(), what
    limit = min(filter(None, (held.a_day, most)), default=0)
    with connection.cursor() as cursor:  # of two that ask at once the second counts the first
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"reveal {member}"])
    seen = set(
        Reveal.objects.filter(member_id=member, created_at__gte=_midnight()).values_list(
            "record_id", flat=True
        )
    )
    if limit and record_id not in seen and len(seen) >= limit:
        raise Refused(
            "reveal_limit",
            _("You have looked at %(n)s numbers today, which is the limit. Ask your administrator.")
            % {"n": limit},
        )
    Reveal(
        member_id=member,
        resource=resource,
        record_id=record_id,
        field=field,
        door=require_scope().door,
        ip=ip,
    ).save(force_insert=True)
    if held.alert_at and record_id not in seen and len(seen) + 1 == held.alert_at:
        notify(_told(member), MANY, tone="warn", who=name, n=held.alert_at)


def _midnight() -> datetime:
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


def _told(member: UUID) -> list[UUID]:
    """The superior; where there is none, the administrators."""
    if (superior := superiors([member]).get(member)) is not None:
        return [superior.pk]
    rows = Assignment.objects.filter(role__code="administrator", member__left_on__isnull=True)
    return list(rows.exclude(member_id=member).values_list("member_id", flat=True))


def change_guarding(actor: Actor, wanted: Guarding) -> Guarding:
    """Set what a company does against leaks. Raises Forbidden, Invalid. Noted, not undoable."""
    actor.require(MANAGE)
    for name, number in (("a_day", wanted.a_day), ("alert_at", wanted.alert_at)):
        if not 0 <= number <= MOST:
            raise Invalid({name: [Message("range", _("A whole number up to 10,000; 0 for none."))]})
    values = {
        VEILED: phone_fields() if wanted.veiled else [],
        A_DAY: wanted.a_day,
        ALERT_AT: wanted.alert_at,
        WATERMARK: wanted.watermark,
    }
    change_settings(actor, "settings.company.guard", values, veiled=wanted.veiled, a_day=wanted.a_day)
    return wanted
