from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.design.languages import for_reader
from guanxi.foundation.tenancy.fields import Reference
from guanxi.foundation.tenancy.models import LEFT, Note


class Job(Note):
    """One piece of work: what, for whom, how far, and what came of it."""

    archived = LEFT

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Stopped")

    kind = models.CharField(max_length=100)
    args = models.JSONField(default=dict)
    label = models.CharField(_("job"), max_length=200, default="")
    said = models.JSONField(null=True)  # the label in each language, where it is of our words
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.QUEUED)
    actor = Reference(Member, models.PROTECT, null=True, related_name="+")
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    message = models.CharField(max_length=300, default="")
    result = models.JSONField(default=dict)
    error = models.TextField(default="")
    attempts = models.IntegerField(default=0)
    operation_id = models.UUIDField(null=True)
    cancel_asked = models.BooleanField(default=False)
    shown = models.BooleanField(default=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        indexes = [
            models.Index(fields=["tenant_id", "-created_at"], name="job_created"),
            models.Index(fields=["tenant_id", "actor", "-created_at"], name="job_actor"),
        ]

    def __str__(self) -> str:
        return self.label or self.kind

    @property
    def shown_label(self) -> str:
        """What it is called, in the reader's language where the words are ours."""
        return for_reader(self.said, self.label)

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED, self.State.CANCELLED)
