"""Whose an activity is beside its customer's and its owner's: those who take part in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from guanxi.activities.models import Activity, Participant
from guanxi.resource.reach import Declaration, Members, Reach

# The ready-made roles that log what they do with customers.
EVERYBODY = (
    "sales_manager", "salesperson", "marketer", "service_agent", "dispatcher", "technician", "finance",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TakesPart(Reach):
    """Activities in which one of the members takes part."""

    def q(self, resource: Declaration, within: Members) -> Q:
        mine = Participant.objects.filter(member_id__in=sorted(within))
        return Q(Exists(mine.filter(activity_id=OuterRef("pk"))))

    def holds(self, resource: Declaration, record: Any, within: Members) -> bool:
        return Participant.objects.filter(activity_id=record.pk, member_id__in=sorted(within)).exists()

    def held(self, resource: Declaration, image: Mapping[str, Any], within: Members) -> bool:
        return False  # who took part went before it


@dataclass(frozen=True, slots=True)
class OfOwnActivity(Reach):
    """Participants of activities whose owner is one of the members: who did it says who took part."""

    def q(self, resource: Declaration, within: Members) -> Q:
        return Q(activity__owner_id__in=sorted(within))

    def holds(self, resource: Declaration, record: Any, within: Members) -> bool:
        return Activity.objects.filter(pk=record.activity_id, owner_id__in=sorted(within)).exists()

    def held(self, resource: Declaration, image: Mapping[str, Any], within: Members) -> bool:
        activity = image.get("activity_id")
        return (
            bool(activity)
            and Activity.objects.filter(pk=UUID(str(activity)), owner_id__in=sorted(within)).exists()
        )
