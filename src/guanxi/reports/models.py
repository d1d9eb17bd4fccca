"""Reports, to whom they went, who read them, and who owes one by when."""

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from guanxi.foundation.accounts.models import Department, Member
from guanxi.foundation.permissions.models import Role
from guanxi.foundation.tenancy.fields import Reference
from guanxi.foundation.tenancy.models import KEPT, Note, Record
from guanxi.reports.choices import Period
from guanxi.resource.models import Entity


class Report(Entity):
    """What somebody did on a day, or in the week that begins with it.

    `sections` are the figures as they stood when it was sent, each with its records: `{"code", "figures": [{"code",
    "count", "resource", "query", "parts", "items": [[id, customer, its name]]}]}`. `sent_at` is None where it was taken
    back: then it is its author's alone. `due_at` is when it had to be there, None where nobody asked for it.
    """

    member = Reference(
        Member,
        models.PROTECT,
        related_name="+",
        verbose_name=pgettext_lazy("report", "Whose"),
        db_index=False,
    )
    period = models.CharField(
        pgettext_lazy("report", "Kind"),
        max_length=10,
        choices=Period,
        default=Period.DAY,
        db_default=Period.DAY.value,
    )
    first = models.DateField(pgettext_lazy("report", "Day"))
    sentence = models.TextField(
        pgettext_lazy("report", "In a sentence"), default="", db_default="", blank=True, max_length=2000
    )
    sections = models.JSONField(default=list, db_default=models.Value([], models.JSONField()), editable=False)
    sent_at = models.DateTimeField(pgettext_lazy("report", "Sent"), null=True, blank=True)
    due_at = models.DateTimeField(pgettext_lazy("report", "Due"), null=True, blank=True)
    late = models.BooleanField(pgettext_lazy("report", "Late"), default=False, db_default=False)

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "member", "period", "first"], name="report_once")
        ]
        indexes = [
            models.Index(fields=["tenant_id", "first", "id"], name="report_first"),
            models.Index(fields=["tenant_id", "sent_at", "id"], name="report_sent"),
            models.Index(fields=["tenant_id", "updated_at", "id"], name="report_updated"),
            models.Index(fields=["tenant_id", "member", "first", "id"], name="report_member"),
            models.Index(fields=["tenant_id", "period", "first", "id"], name="report_period"),
        ]

    def __str__(self) -> str:
        day = date_format(self.first, "MONTH_DAY_FORMAT")
        if self.period == Period.WEEK:
            # Translators: the first day of the week: "Weekly report from 16 November".
            return pgettext("report", "Weekly report from %(day)s") % {"day": day}
        return pgettext("report", "Daily report of %(day)s") % {"day": day}


class Receiver(Record):
    """Somebody a report was sent to."""

    report = Reference(Report, models.CASCADE, related_name="receivers", db_index=False)
    member = Reference(Member, models.PROTECT, related_name="+", verbose_name=_("Receiver"), db_index=False)

    class Meta:
        verbose_name = _("receiver of a report")
        verbose_name_plural = _("receivers of reports")
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "report", "member"], name="report_receiver_once")
        ]
        indexes = [models.Index(fields=["tenant_id", "member", "report"], name="report_receiver_member")]

    def __str__(self) -> str:
        return str(self.member)


class Reading(Note):
    """A receiver opened a report; counts as long as it was not sent again since. It keeps no report from being undone:
    what it read is an id."""

    archived = KEPT

    report = models.UUIDField()
    member = Reference(Member, models.PROTECT, related_name="+", db_index=False)
    read_at = models.DateTimeField()

    class Meta:
        verbose_name = _("reading of a report")
        verbose_name_plural = _("readings of reports")
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "report", "member"], name="report_reading_once")
        ]
        indexes = [models.Index(fields=["tenant_id", "member", "report"], name="report_reading_member")]

    def __str__(self) -> str:
        return self.read_at.isoformat()


class Duty(Record):
    """Some people owe a report: of each day, or of each week.

    It is due at the time of day `by` ("18:30"), so many days after its last day (`offset`; of a daily one 1 is the next
    day that is worked, of a weekly one -2 the Friday of the week, 1 the Monday after it).
    """

    period = models.CharField(
        pgettext_lazy("report", "Kind"), max_length=10, choices=Period, default=Period.DAY
    )
    by = models.CharField(pgettext_lazy("report", "Until what time"), max_length=5)
    offset = models.SmallIntegerField(pgettext_lazy("report", "On which day"), default=0)

    class Meta:
        verbose_name = _("duty to report")
        verbose_name_plural = _("duties to report")

    def __str__(self) -> str:
        return f"{Period(self.period).label} {self.by}"


class Obliged(Record):
    """Whom a duty is for: a role, a department with all beneath it, or a person; exactly one of them."""

    duty = Reference(Duty, models.CASCADE, related_name="obliged", db_index=False)
    role = Reference(Role, models.CASCADE, null=True, blank=True, related_name="+", db_index=False)
    department = Reference(
        Department, models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    member = Reference(Member, models.CASCADE, null=True, blank=True, related_name="+", db_index=False)

    class Meta:
        verbose_name = _("people with a duty to report")
        verbose_name_plural = _("people with a duty to report")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__isnull=False, department__isnull=True, member__isnull=True)
                | models.Q(role__isnull=True, department__isnull=False, member__isnull=True)
                | models.Q(role__isnull=True, department__isnull=True, member__isnull=False),
                name="report_obliged_one",
            )
        ]
        indexes = [models.Index(fields=["tenant_id", "duty"], name="report_obliged_duty")]

    def __str__(self) -> str:
        return str(self.role or self.department or self.member)


class Prompted(Note):
    """Somebody was reminded of a report before it was due: what keeps that from being told twice."""

    archived = KEPT

    member = Reference(Member, models.CASCADE, related_name="+", db_index=False)
    period = models.CharField(max_length=10)
    first = models.DateField()

    class Meta:
        verbose_name = _("reminder of a report")
        verbose_name_plural = _("reminders of reports")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "member", "period", "first"], name="report_prompted_once"
            )
        ]

    def __str__(self) -> str:
        return self.first.isoformat()
