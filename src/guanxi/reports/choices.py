"""What a report is of, and the rights and acts of this context."""

from django.db import models
from django.utils.translation import pgettext_lazy


class Period(models.TextChoices):
    """The days a report is of."""

    DAY = "day", pgettext_lazy("report", "Daily report")
    WEEK = "week", pgettext_lazy("report", "Weekly report")


class Attention(models.TextChoices):
    """Whether a report sent to somebody was read by him."""

    UNREAD = "unread", pgettext_lazy("report", "Not read yet")
    READ = "read", pgettext_lazy("report", "Read")


VIEW, CREATE, EDIT = "reports.report.view", "reports.report.create", "reports.report.edit"
TAKE_BACK = "reports.report.take_back"
MANAGE = "reports.duty.manage"
ADD_DUTY, CHANGE_DUTY, REMOVE_DUTY = "reports.duty.add", "reports.duty.change", "reports.duty.remove"
