"""A member keeps an e-mail to himself that was stored: it goes, and nothing of it is left behind."""

from collections.abc import Iterator
from uuid import UUID

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from guanxi.activities.models import Activity, Commitment, Letter
from guanxi.activities.queries.letters import message_of
from guanxi.channels.models import Hidden, Message
from guanxi.channels.services.storing import digest_of
from guanxi.foundation.files.models import Attachment
from guanxi.foundation.files.services import forget_bytes
from guanxi.foundation.ledger.conflicts import Part
from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.ledger.services import erase_images, operation
from guanxi.foundation.permissions.actor import Actor, system_actor
from guanxi.kernel.errors import Forbidden, Refused
from guanxi.resource import writing
from guanxi.resource.registry import find

HIDE = "activities.activity.hide_mail"
_COLUMNS: dict[type[Model], list[str]] = {
    Activity: ["subject", "text"],
    Commitment: ["what"],
    Attachment: ["name", "digest"],
    Message: [],
}


def hide_mail(actor: Actor, activity_id: UUID) -> None:
    """Take an e-mail of one's own mailbox off every timeline for good, with its files and what was made of it; it is
    not stored again. What the change log held of it is erased: this is not undone. Raises NotFound, Forbidden."""
    _activity, message = message_of(actor, activity_id)
    if message.member_id != actor.member_id or actor.observer_id is not None:
        raise Forbidden("forbidden", {"permission": HIDE})
    letters = list(Letter.objects.filter(message_id=message.pk))
    touches = [one.activity for one in letters]
    promises = [one.commitment for one in letters if one.commitment]
    files = Attachment.objects.filter(resource="activities", record_id__in=touches)
    names, digests = list(files.values_list("pk", flat=True)), list(files.values_list("digest", flat=True))
    with operation(actor, HIDE, summary={"deleted": len(touches)}):
        files.delete()
        writing.delete(find("commitments"), promises)
        writing.delete(find("activities"), touches)
        Letter.objects.filter(message_id=message.pk).delete()
        Hidden.objects.get_or_create(digest=digest_of(message.ref), defaults={"member_id": message.member_id})
        Message.objects.filter(pk=message.pk).delete()
        # The member's right over his own mail, not the administrator's over everybody's.
        system = system_actor(actor.tenant_id)
        for model, rows in (
            (Activity, touches),
            (Commitment, promises),
            (Attachment, names),
            (Message, [message.pk]),
        ):
            for row in rows:
                erase_images(system, table=model._meta.db_table, row_id=row, columns=_COLUMNS[model])
    forget_bytes(digests)


def guard(actor: Actor, found: Operation, part: Part) -> Iterator[tuple[str, UUID]]:
    """What was taken off for good does not come back. Raises Refused."""
    if found.verb == HIDE:
        raise Refused("erased", _("A private e-mail that was taken off does not come back."))
    yield from ()
