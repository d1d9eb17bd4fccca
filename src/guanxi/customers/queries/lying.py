"""What lies in pools, customers and leads alike: who has to wait before he claims, how much of a quota is used."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from guanxi.customers.models import Pool
from guanxi.foundation.permissions.actor import Actor


def begin_of(day: date) -> datetime:
    """The first moment of a day of the company's calendar."""
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))


@dataclass(frozen=True, slots=True)
class Lying:
    """Records of a `model` that pools hold. Each change of hands is a line of `transfers`, which names its record in
    `link`; `claim` is the act by which one is claimed."""

    model: Any
    transfers: Any
    link: str
    claim: str

    def rows(self, pools: Collection[UUID]) -> "QuerySet[Any]":
        """Those without an owner in these pools."""
        found: QuerySet[Any] = self.model.objects.filter(pool__in=list(pools), owner__isnull=True)
        return found

    def taken_by(self, ids: Collection[UUID], pools: Collection[UUID]) -> str:
        """Who owns the first of these records of the pools that somebody owns."""
        taken = self.model.objects.filter(pk__in=ids, pool__in=list(pools), owner__isnull=False)
        return taken.values_list("owner__name", flat=True).first() or ""

    def claimed_today(self, actor: Actor, pool_id: UUID) -> int:
        """How many the actor has claimed out of a pool today; what was released or undone since counts too."""
        since = begin_of(timezone.localdate())
        mine = self.transfers.objects.filter(by=actor.member_id, verb=self.claim, former_pool=pool_id)
        return int(mine.filter(created_at__gte=since).count())

    def waits_for(self, pool: Pool, actor: Actor, records: Collection[Any]) -> Mapping[UUID, date]:
        """Until which day records of a pool are not to be claimed by the actor: new arrivals wait for anybody, the last
        owner waits longer. Those that may be claimed today are left out."""
        today, found = timezone.localdate(), dict[UUID, date]()
        for one in records:
            if one.pooled_at is not None and pool.arrival_days:
                found[one.pk] = timezone.localdate(one.pooled_at) + timedelta(days=pool.arrival_days)
        if pool.reclaim_days and actor.member_id is not None:
            for record, left in self.last_left(records, actor.member_id).items():
                again = timezone.localdate(left) + timedelta(days=pool.reclaim_days)
                found[record] = max(again, found.get(record, again))
        return {pk: day for pk, day in found.items() if day > today}

    def last_left(self, records: Iterable[Any], member_id: UUID) -> dict[UUID, datetime]:
        """When records that lie in a pool came there from this member, of those whose last owner this was."""
        given_up = {"former_owner__isnull": False, "owner__isnull": True}
        rows = self.transfers.objects.filter(**{f"{self.link}__in": [one.pk for one in records]}, **given_up)
        lines = rows.order_by("created_at", "id").values_list(self.link, "former_owner", "created_at")
        last = {record: (owner, at) for record, owner, at in lines}
        return {record: at for record, (owner, at) in last.items() if owner == member_id}
