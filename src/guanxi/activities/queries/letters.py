"""What stands behind the e-mails of a timeline: who wrote to whom, what they quote, their files, what is proposed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from guanxi.activities.choices import What
from guanxi.activities.models import Activity, Letter
from guanxi.channels.choices import Direction
from guanxi.channels.models import Message
from guanxi.foundation.files.models import Attachment
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import listed
from guanxi.kernel.errors import NotFound
from guanxi.kernel.phones import mask_email
from guanxi.resource import access
from guanxi.resource.registry import find

__all__ = ["Shown", "letters_of", "message_of", "messages_of", "tells_addresses"]


@dataclass(frozen=True, slots=True)
class Proposed:
    """An invitation, as it is shown; without `at` where it names no time anybody could come at."""

    subject: str
    at: datetime | None
    until: datetime | None
    place: str
    cancelled: bool


@dataclass(slots=True)
class Shown:
    """An e-mail under its entry. `mine` is whether the reader may keep it to himself, `thread` how many are in it,
    `answer_by` until when it waits for an answer of ours. Without `addresses` the reader is not to know
    those of people: names are told, and nothing that holds more."""

    activity: UUID
    message: Message
    mine: bool
    thread: int
    meeting: Proposed | None
    answer_by: datetime | None = None
    files: list[tuple[str, str]] = field(default_factory=list)
    addresses: bool = True

    @property
    def sender(self) -> str:
        """Who wrote."""
        return self._named(self.message.sender_name, self.message.sender)

    @property
    def receivers(self) -> str:
        """To whom, and to whom a copy."""
        return listed(self._named(one["name"], one["mail"]) for one in self.message.recipients)

    def _named(self, name: str, mail: str) -> str:
        if self.addresses:
            return name or mail
        return name if name and "@" not in name else mask_email(mail)

    @property
    def signature(self) -> str:
        """What stands under it; it holds addresses and numbers."""
        return self.message.signature if self.addresses else ""

    @property
    def received(self) -> bool:
        """Whether it came to us."""
        return self.message.direction == Direction.IN

    @property
    def late(self) -> bool:
        """Whether it should have been answered by now."""
        return self.answer_by is not None and self.answer_by < timezone.now()

    @property
    def left_out(self) -> str:
        """The names of files that were not kept."""
        return listed(self.message.left_out)


def letters_of(actor: Actor, found: Sequence[Activity]) -> dict[UUID, Shown]:
    """Of activities that the caller has read through their door those that are e-mails. Asks nothing where none is."""
    wanted = [one.pk for one in found if one.kind == What.EMAIL]
    if not wanted or not access.is_open(actor, find("activities").kind("text")):
        return {}
    letters = list(Letter.objects.filter(activity__in=wanted).select_related("message"))
    threads = {one.message.thread for one in letters}
    seen = access.visible(actor, find("activities")).filter(kind=What.EMAIL).order_by().values("pk")
    known = Letter.objects.filter(message__thread__in=threads, activity__in=seen)
    told = tells_addresses(actor)
    counts = Counter(dict(known.values_list("message_id", "message__thread")).values())
    shown = {
        one.activity: Shown(
            one.activity,
            one.message,
            one.message.member_id == actor.member_id and actor.observer_id is None,
            counts[one.message.thread],
            _meeting(one.message.meeting),
            one.answer_by if one.answered_at is None else None,
            addresses=told,
        )
        for one in letters
    }
    url = find("activities").url
    rows = Attachment.objects.filter(resource="activities", record_id__in=list(shown)).order_by(
        "created_at", "id"
    )
    for file in rows:
        shown[file.record_id].files.append((file.name, url("file", id=file.record_id, file_id=file.pk)))
    return shown


def tells_addresses(actor: Actor) -> bool:
    """Whether somebody may know the addresses of people."""
    return access.is_open(actor, find("people").kind("email"))


def _meeting(held: Any) -> Proposed | None:
    if not held:
        return None
    at, until = (parse_datetime(held[name]) if held.get(name) else None for name in ("at", "until"))
    return Proposed(held["subject"], at, until, held["place"], held["cancelled"])


def message_of(actor: Actor, activity_id: UUID) -> tuple[Activity, Message]:
    """An e-mail of the timeline with its message. Raises NotFound where it is none, or not the actor's to see."""
    activity: Activity = access.get(actor, find("activities"), activity_id)
    letter = Letter.objects.filter(activity=activity.pk).select_related("message").first()
    if letter is None or not access.is_open(actor, find("activities").kind("text")):
        raise NotFound("not_found")
    return activity, letter.message


def messages_of(actor: Actor, touches: Any, *, limit: int, before: datetime | None = None) -> list[Shown]:
    """The e-mails among touches that the actor sees, newest first."""
    rows = touches.filter(kind=What.EMAIL)
    if before is not None:
        rows = rows.filter(at__lt=before)
    found = list(rows.order_by("-at", "-id")[:limit])
    shown = letters_of(actor, found)
    return [shown[one.pk] for one in found if one.pk in shown]
