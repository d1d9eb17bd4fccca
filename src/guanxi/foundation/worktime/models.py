from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.tenancy.models import Record
from guanxi.kernel.worktime import DAY


class WorkingHours(Record):
    """A span of a weekday (0 is Monday) that is worked, in minutes of the day. A company without any has the usual
    ones."""

    weekday = models.PositiveSmallIntegerField(_("weekday"))
    begins = models.PositiveSmallIntegerField(_("begins"))
    ends = models.PositiveSmallIntegerField(_("ends"))

    class Meta:
        verbose_name = verbose_name_plural = _("working hours")
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "weekday", "begins"], name="workinghours_begin"),
            models.CheckConstraint(
                condition=models.Q(weekday__lt=7, begins__lt=models.F("ends"), ends__lte=DAY),
                name="workinghours_sense",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.begins} {self.ends}"


class SpecialDay(Record):
    """A day that the company works, or does not, whatever the official calendar says."""

    day = models.DateField(_("day"))
    works = models.BooleanField(_("is worked"))
    name = models.CharField(_("name"), max_length=60, default="", blank=True)

    class Meta:
        verbose_name = _("special day")
        verbose_name_plural = _("special days")
        constraints = [models.UniqueConstraint(fields=["tenant_id", "day"], name="specialday_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
