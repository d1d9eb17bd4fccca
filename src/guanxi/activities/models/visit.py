"""Visits in the field: where somebody stood when he came, and the order in which he goes through his day."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.activities.models.activity import Activity
from guanxi.activities.rules import is_far
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.files.models import Attachment
from guanxi.foundation.tenancy.fields import Reference
from guanxi.foundation.tenancy.models import LEFT, Note, Record


class CheckIn(Record):
    """That a member came to a visit, on his own press of a button, and when he left.

    `latitude` and `longitude` are in millionths of a degree, as the browser gave them: WGS 84 by its standard, also in
    China, where maps for the public are drawn in GCJ-02, some 100 to 700 metres beside it; both None where the member
    gave no position. `accuracy` and `distance` are metres: how exact the position was said to be, and how far it was
    then from the nearest point that the customer's addresses have; None where there was none. `photo` is one of the
    activity's files.
    """

    activity = Reference(Activity, models.CASCADE, related_name="check_ins", db_index=False)
    member = Reference(Member, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(_("Checked in"))
    left_at = models.DateTimeField(_("Checked out"), null=True)
    latitude = models.IntegerField(_("Latitude"), null=True)
    longitude = models.IntegerField(_("Longitude"), null=True)
    accuracy = models.PositiveIntegerField(_("Accuracy (m)"), null=True)
    distance = models.PositiveIntegerField(_("Distance (m)"), null=True)
    photo = Reference(Attachment, models.SET_NULL, null=True, related_name="+", db_index=False)

    class Meta:
        verbose_name = _("check-in")
        verbose_name_plural = _("check-ins")
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "activity"], name="check_in_once"),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__isnull=False, longitude__isnull=False),
                name="check_in_position",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "member", "at"], name="check_in_member"),
            models.Index(
                fields=["tenant_id", "photo"], name="check_in_photo", condition=models.Q(photo__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.at.isoformat()

    @property
    def far(self) -> bool:
        """Whether it lies too far from the customer to be said nothing of."""
        return is_far(self.distance, self.accuracy)


class DayOrder(Note):
    """The order in which a member goes through a day: ids of activities, of those that were put in order."""

    archived = LEFT  # over with the day

    member = Reference(Member, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    activities = models.JSONField(default=list)

    class Meta:
        verbose_name = _("order of a day")
        verbose_name_plural = _("orders of days")
        constraints = [models.UniqueConstraint(fields=["tenant_id", "member", "day"], name="day_order_once")]

    def __str__(self) -> str:
        return self.day.isoformat()
