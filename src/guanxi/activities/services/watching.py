"""How check-ins read in the change log: seen by whoever sees their visit."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext, ngettext

from guanxi.activities.models import Activity, CheckIn
from guanxi.foundation.ledger.labels import Image, TableLabels, label_table
from guanxi.foundation.permissions.actor import Actor
from guanxi.resource import access
from guanxi.resource.registry import find


def label() -> None:
    """Called once at start-up."""
    label_table(
        CheckIn._meta.db_table,
        TableLabels(
            row=lambda image: gettext("Check-in"),
            values={"latitude": _degrees, "longitude": _degrees},
            visible=_seen,
            seen_in=_seen_in,
            hidden=frozenset({"activity_id"}),
            counted=lambda n: ngettext("%(n)s check-in", "%(n)s check-ins", n) % {"n": n},
        ),
    )


def _degrees(value: Any) -> str:
    return f"{int(value) / 1e6:.6f}°" if value is not None else ""


def _seen(actor: Actor, ids: Iterable[UUID]) -> set[UUID]:
    rows = dict(CheckIn.objects.filter(pk__in=list(ids)).values_list("pk", "activity_id"))
    seen = access.visible(actor, find("activities")).filter(pk__in=set(rows.values()))
    activities = set(seen.values_list("pk", flat=True))
    return {one for one, activity in rows.items() if activity in activities}


def _seen_in(actor: Actor, image: Image) -> bool:
    activity = image.get("activity_id")
    rows = Activity.objects.filter(pk=UUID(str(activity))) if activity else Activity.objects.none()
    return access.visible(actor, find("activities")).filter(pk__in=rows.values("pk")).exists()
