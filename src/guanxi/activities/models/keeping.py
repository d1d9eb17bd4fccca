from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.tenancy.fields import Reference
from guanxi.foundation.tenancy.models import KEPT, LEFT, Note


class Reminded(Note):
    """Somebody was reminded of an activity for this moment: what keeps a reminder from being told twice. It keeps no
    activity from being undone: what it was about is an id."""

    archived = KEPT

    activity = models.UUIDField(db_column="activity_id")
    remind_at = models.DateTimeField()

    class Meta:
        verbose_name = _("reminder told")
        verbose_name_plural = _("reminders told")
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "activity", "remind_at"], name="reminded_once")
        ]

    def __str__(self) -> str:
        return self.remind_at.isoformat()


class Feed(Note):
    """The secret address under which a member's calendar is read by another program. Only its hash is kept.

    `window` and `used` count the readings of the running minute.
    """

    archived = LEFT

    member = Reference(Member, models.CASCADE, related_name="+", db_index=False)
    hash = models.CharField(max_length=64, editable=False)
    last_used_at = models.DateTimeField(null=True, blank=True)
    window = models.BigIntegerField(default=0, db_default=0)
    used = models.IntegerField(default=0, db_default=0)

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        constraints = [models.UniqueConstraint(fields=["tenant_id", "member"], name="feed_member")]

    def __str__(self) -> str:
        return str(self.member_id)
