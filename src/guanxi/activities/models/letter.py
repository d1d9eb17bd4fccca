"""An e-mail as a touch: which message an activity is, and by when it is to be answered."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.channels.models import Message
from guanxi.foundation.tenancy.fields import Reference
from guanxi.foundation.tenancy.models import KEPT, Note

_WAITING = models.Q(answer_by__isnull=False, answered_at__isnull=True)


class Letter(Note):
    """A message on the timeline of one customer. A mail of theirs that is to be answered has `answer_by`; it was
    answered at `answered_at`, by whoever of us. `commitment` is what it became where nobody did in time. `activity` and
    `commitment` are ids: what is said here keeps nothing from being undone."""

    archived = KEPT

    activity = models.UUIDField(db_column="activity_id")
    message = Reference(Message, models.CASCADE, related_name="+", db_index=False)
    answer_by = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    commitment = models.UUIDField(null=True, db_column="commitment_id")

    class Meta:
        verbose_name = _("e-mail on the timeline")
        verbose_name_plural = _("e-mails on the timeline")
        indexes = [
            models.Index(fields=["tenant_id", "activity"], name="letter_activity"),
            models.Index(fields=["tenant_id", "message"], name="letter_message"),
            models.Index(fields=["tenant_id", "answer_by"], name="letter_waiting", condition=_WAITING),
            models.Index(
                fields=["tenant_id", "commitment"],
                name="letter_commitment",
                condition=models.Q(commitment__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.message_id)
