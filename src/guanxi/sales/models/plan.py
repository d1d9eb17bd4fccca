"""What is to be done in a stage, and what is to be asked in it."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.activities.models import Activity
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.tenancy.fields import Reference
from guanxi.foundation.tenancy.models import Record
from guanxi.resource.models import Entity
from guanxi.sales.choices import GoesTo, Whose
from guanxi.sales.models.opportunity import Opportunity
from guanxi.sales.models.pipeline import Stage


class PlanStep(Entity):
    """An activity that a stage plans: what, so many days after a sale entered, by whom of us, with whom of theirs."""

    stage = Reference(Stage, models.CASCADE, related_name="steps", verbose_name=_("Stage"), db_index=False)
    # The kinds are those of activities, which grow with the channels.
    kind = models.CharField(pgettext_lazy("plan", "Kind"), max_length=20, default="call", db_default="call")
    subject = models.CharField(pgettext_lazy("plan", "What to do"), max_length=200)
    days = models.PositiveIntegerField(_("Days after entering"), default=1, db_default=1)
    whose = models.CharField(
        pgettext_lazy("plan", "Who of us"),
        max_length=10,
        choices=Whose,
        default=Whose.OWNER,
        db_default=Whose.OWNER.value,
    )
    whom = models.CharField(_("With whom of theirs"), max_length=100, default="", db_default="", blank=True)
    position = models.PositiveIntegerField(pgettext_lazy("order", "Position"), default=0, db_default=0)

    class Meta:
        verbose_name, verbose_name_plural = _("step of a plan"), _("Activity plans")
        indexes = [
            models.Index(fields=["tenant_id", "position", "id"], name="plan_step_position"),
            models.Index(fields=["tenant_id", "stage", "position"], name="plan_step_stage"),
        ]

    def __str__(self) -> str:
        return self.subject


class Planned(Record):
    """The activity that was put on the calendar for a step of a sale's plan."""

    opportunity = Reference(Opportunity, models.CASCADE, related_name="+", db_index=False)
    step = Reference(PlanStep, models.CASCADE, related_name="+", db_index=False)
    activity = Reference(Activity, models.CASCADE, related_name="+", db_index=False)

    class Meta:
        verbose_name, verbose_name_plural = _("planned step"), _("planned steps")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "opportunity", "step", "activity"], name="planned_once"
            )
        ]
        indexes = [
            models.Index(fields=["tenant_id", "activity"], name="planned_activity"),
            models.Index(fields=["tenant_id", "step"], name="planned_step"),
        ]

    def __str__(self) -> str:
        return str(self.step)


class Question(Entity):
    """A question to be asked in a stage, in its order. The answer becomes the value of a `field` of the opportunity, a
    promise, or stays what it is."""

    stage = Reference(
        Stage, models.CASCADE, related_name="questions", verbose_name=_("Stage"), db_index=False
    )
    text = models.CharField(pgettext_lazy("interview", "Question"), max_length=300)
    goes_to = models.CharField(
        _("What the answer becomes"),
        max_length=10,
        choices=GoesTo,
        default=GoesTo.NOTHING,
        db_default=GoesTo.NOTHING.value,
    )
    field = models.CharField(
        _("Field of the opportunity"), max_length=60, default="", db_default="", blank=True
    )
    position = models.PositiveIntegerField(pgettext_lazy("order", "Position"), default=0, db_default=0)

    class Meta:
        verbose_name, verbose_name_plural = _("question of an interview guide"), _("Interview guides")
        indexes = [
            models.Index(fields=["tenant_id", "position", "id"], name="question_position"),
            models.Index(fields=["tenant_id", "stage", "position"], name="question_stage"),
        ]

    def __str__(self) -> str:
        return self.text


class Answer(Record):
    """What they answered to a question about a sale: the last one holds, the ledger knows the ones before."""

    opportunity = Reference(Opportunity, models.CASCADE, related_name="answers", db_index=False)
    question = Reference(Question, models.CASCADE, related_name="+", db_index=False)
    text = models.CharField(pgettext_lazy("interview", "Answer"), max_length=2000)
    on = models.DateField(default=timezone.localdate)
    by = Reference(Member, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)

    class Meta:
        verbose_name, verbose_name_plural = _("answer of an interview"), _("answers of interviews")
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "opportunity", "question"], name="answer_once")
        ]
        indexes = [models.Index(fields=["tenant_id", "question"], name="answer_question")]

    def __str__(self) -> str:
        return self.text
