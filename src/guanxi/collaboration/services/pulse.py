"""Telling followers what others did: gathered every few minutes, and summed up every morning.

Reads the ledger up to a moment before which nothing can still be committed, so nothing is told twice and nothing
is missed, and no write ever waits for us.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import connection, connections
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from guanxi.collaboration.choices import Telling
from guanxi.collaboration.models import Pulse
from guanxi.collaboration.queries.following import settings_of_many
from guanxi.collaboration.queries.news import Heard, Place, heard
from guanxi.collaboration.queries.people import actors_of
from guanxi.collaboration.queries.stories import Story, mass_words, stories, titles
from guanxi.collaboration.rules import day_bounds, digest_day
from guanxi.foundation.notices import services as notices
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.tenancy.models import Tenant
from guanxi.foundation.tenancy.scope import require_scope
from guanxi.resource import registry

CHANGED, MANY, DIGEST = "collaboration.changed", "collaboration.many", "collaboration.digest"
TOGETHER = timedelta(minutes=15)  # what happens to a record within it is told in one notice
NAMED = 3  # records a summary names
# An application's clock and the database's may differ by this much.
_APART = timedelta(seconds=2)
_LONGEST = timedelta(hours=1)  # what a transaction changed that lasts longer may be told too late to be told
Send = Callable[[UUID, date, Heard], None]


def settled_until() -> datetime:
    """The moment up to which the ledger's operations are all committed or never will be."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(xact_start) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
        )
        oldest: datetime | None = cursor.fetchone()[0]
    now = timezone.now()
    return max(min(oldest or now, now), now - _LONGEST) - _APART


def beat(send: Send, *, now: datetime | None = None) -> int:
    """Tell the followers of the open company what happened since the last time; returns how many notices that made.

    `send` is given who is to be sent the summary by mail too. Another worker that is at it is not disturbed.
    """
    until = now or settled_until()
    tenant = Tenant.objects.get(id=require_scope().tenant_id)
    day = digest_day(now or timezone.now(), tenant.time_zone)
    pulse = Pulse.objects.select_for_update(skip_locked=True).first()
    if pulse is None:
        # A company is not told what was before anybody listened.
        Pulse.objects.bulk_create([Pulse(told_until=until, summed_up=day)], ignore_conflicts=True)
        return 0
    told = 0
    if until > pulse.told_until:
        told += _tell(heard(pulse.told_until, until), until)
        pulse.told_until = until
    if day > pulse.summed_up and until >= day_bounds(day, tenant.time_zone)[1]:
        told += _sum_up(day, tenant.time_zone, send)
        pulse.summed_up = day
    pulse.save(update_fields=["told_until", "summed_up"])
    return told


# As it happens


def _tell(found: Mapping[UUID, Heard], until: datetime) -> int:
    wishes = settings_of_many(found)
    wanted = [one for one in found if wishes[one].telling == Telling.AT_ONCE]
    told = 0
    for member_id, actor in actors_of(wanted).items():
        told += _tell_one(member_id, actor, found[member_id], until)
    return told


def _tell_one(member_id: UUID, actor: Actor, what: Heard, until: datetime) -> int:
    lately = {
        (one.params.get("resource", ""), one.params.get("id", "")): one
        for one in notices.unread(member_id, CHANGED, since=until - TOGETHER)
    }
    told = 0
    for place, ids in what.changes.items():
        key, row_id = place
        before = lately.get((key, str(row_id)))
        whole = [*(before.params.get("changes", ()) if before else ()), *ids]
        told += _tell_of_record(member_id, actor, place, whole)
        if before is not None:  # the new one tells all of it, or it was changed back
            notices.withdraw([member_id], since=before.created_at, told=before.params["told"])
    for mass in what.masses:
        words = in_every_language(partial(mass_words, actor, mass))
        if any(words.values()):
            notices.notify([member_id], MANY, url=registry.find(mass.resource).url(), said=words)
            told += 1
    return told


def _tell_of_record(member_id: UUID, actor: Actor, place: Place, ids: list[int]) -> bool:
    """Whether there was something this person may know."""
    by_language: dict[str, Story | None] = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            by_language[language] = next(iter(stories(actor, Heard(changes={place: ids}), language)), None)
    first = next(iter(by_language.values()))
    if first is None:
        return False
    notices.notify(
        [member_id],
        CHANGED,
        url=first.url,
        tone="warn" if first.gone else "",
        said={language: story.sentence for language, story in by_language.items() if story},
        resource=place[0],
        id=str(place[1]),
        changes=ids,
        told=f"{place[1]}:{max(ids)}",
    )
    return True


def in_every_language(say: Callable[[], str]) -> dict[str, str]:
    """A sentence in each language of the screens: who reads it may change his."""
    found = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            found[language] = say()
    return found


# Every morning


def _sum_up(day: date, zone: str, send: Send) -> int:
    start, end = day_bounds(day, zone)
    found = heard(start, end, comments=True)
    wishes = settings_of_many(found)
    wanted = [one for one in found if wishes[one].telling != Telling.NEVER]
    told = 0
    for member_id, actor in actors_of(wanted).items():
        names = titles(actor, found[member_id].places)
        masses = len(found[member_id].masses)
        if not names and not masses:
            continue
        notices.notify(
            [member_id],
            DIGEST,
            url=f"{reverse('following')}?day={day.isoformat()}",
            day=day.isoformat(),
            count=len(names),
            names=names[:NAMED],
            masses=masses,
        )
        told += 1
        if wishes[member_id].mail:
            send(member_id, day, found[member_id])
    return told


def active(now: datetime, owner: str = "owner") -> Iterable[UUID]:
    """Companies in which something happened that nobody was told of, or whose morning has come."""
    with connections[owner].cursor() as cursor:
        cursor.execute(
            "SELECT t.id, t.time_zone, p.summed_up, p.id IS NULL OR EXISTS (SELECT 1 FROM ledger_operation o "
            "WHERE o.tenant_id = t.id AND o.at > p.told_until) "
            "FROM tenancy_tenant t LEFT JOIN collaboration_pulse p ON p.tenant_id = t.id"
        )
        rows = cursor.fetchall()
    return [
        tenant_id
        for tenant_id, zone, summed_up, stirred in rows
        if stirred or summed_up < digest_day(now, zone)
    ]
