from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.activities.choices import Outcome, State, What
from guanxi.customers.models import Customer, Person
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.tenancy.fields import Reference
from guanxi.resource.models import Entity

_PLANNED = models.Q(state="planned")


class Activity(Entity):
    """A touch, planned or done: a note, a call, a visit, a meeting, a task.

    `at` is when it took place, or is to; `minutes` how long. Of what is `undated`, brought in from where no date was
    known, `at` is when it came. `owner` is who does it. `follows` is the activity
    that it was agreed on at. `about` and `about_id` name the record of an upper context that it is about.
    `mentions` are those of the text, as comments keep them: `{"id", "name", "told"}`.
    """

    kind = models.CharField(
        _("Kind"), max_length=20, choices=What, default=What.NOTE, db_default=What.NOTE.value
    )
    state = models.CharField(
        pgettext_lazy("activity", "State"),
        max_length=10,
        choices=State,
        default=State.DONE,
        db_default=State.DONE.value,
    )
    at = models.DateTimeField(pgettext_lazy("activity", "When"), default=timezone.now, db_default=Now())
    undated = models.BooleanField(default=False, db_default=False)
    minutes = models.PositiveIntegerField(_("Duration (minutes)"), null=True, blank=True)
    customer = Reference(
        Customer,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Customer"),
        db_index=False,
    )
    # What it is about beside the customer: a record of an upper context, by the key of its resource and its id.
    about = models.CharField(
        pgettext_lazy("touch", "Kind of record"), max_length=60, default="", db_default="", blank=True
    )
    about_id = models.UUIDField(pgettext_lazy("touch", "About"), null=True, blank=True)
    subject = models.CharField(_("Subject"), max_length=200, default="", db_default="", blank=True)
    text = models.TextField(_("What was said"), default="", db_default="", blank=True, max_length=20000)
    outcome = models.CharField(
        _("Outcome"), max_length=20, choices=Outcome, default="", db_default="", blank=True
    )
    place = models.CharField(
        pgettext_lazy("activity", "Place"), max_length=200, default="", db_default="", blank=True
    )
    owner = Reference(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Done by"),
        db_index=False,
    )
    number = models.CharField(_("External number"), max_length=60, default="", db_default="", blank=True)
    remind_at = models.DateTimeField(_("Reminder"), null=True, blank=True)
    follows = Reference(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="followed_by",
        verbose_name=_("Follows"),
        db_index=False,
    )
    mentions = models.JSONField(_("Mentioned"), default=list, db_default=models.Value([], models.JSONField()))

    class Meta:
        verbose_name = pgettext_lazy("touch", "activity")
        verbose_name_plural = pgettext_lazy("touch", "activities")
        indexes = [
            models.Index(fields=["tenant_id", "at", "id"], name="activity_at"),
            models.Index(fields=["tenant_id", "updated_at", "id"], name="activity_updated"),
            models.Index(fields=["tenant_id", "customer", "at", "id"], name="activity_customer"),
            models.Index(fields=["tenant_id", "owner", "at", "id"], name="activity_owner"),
            models.Index(fields=["tenant_id", "kind", "at", "id"], name="activity_kind"),
            # By it an import's cell means an activity.
            models.Index(
                fields=["tenant_id", "subject"], name="activity_subject", condition=~models.Q(subject="")
            ),
            models.Index(
                fields=["tenant_id", "number"], name="activity_number", condition=~models.Q(number="")
            ),
            # What is still to come of a customer, of a member: few of millions.
            models.Index(
                fields=["tenant_id", "customer", "at"], name="activity_customer_planned", condition=_PLANNED
            ),
            models.Index(
                fields=["tenant_id", "owner", "at"], name="activity_owner_planned", condition=_PLANNED
            ),
            models.Index(
                fields=["tenant_id", "remind_at"],
                name="activity_remind",
                condition=_PLANNED & models.Q(remind_at__isnull=False),
            ),
            models.Index(
                fields=["tenant_id", "follows"],
                name="activity_follows",
                condition=models.Q(follows__isnull=False),
            ),
            models.Index(
                fields=["tenant_id", "about_id", "at", "id"],
                name="activity_about",
                condition=models.Q(about_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.subject or str(What(self.kind).label if self.kind in What.values else self.kind)


class Participant(Entity):
    """Somebody who takes part in an activity: one of the customer's people, or one of our own; exactly one of them."""

    activity = Reference(
        Activity,
        models.CASCADE,
        related_name="participants",
        verbose_name=pgettext_lazy("touch", "Activity"),
        db_index=False,
    )
    person = Reference(
        Person,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("contact", "Person"),
        db_index=False,
    )
    member = Reference(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Colleague"),
        db_index=False,
    )
    part = models.CharField(_("Part"), max_length=100, default="", db_default="", blank=True)

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=True, member__isnull=False)
                | models.Q(person__isnull=False, member__isnull=True),
                name="participant_one",
            )
        ]
        indexes = [
            models.Index(fields=["tenant_id", "activity"], name="participant_activity"),
            models.Index(fields=["tenant_id", "person", "activity"], name="participant_person"),
            models.Index(fields=["tenant_id", "member", "activity"], name="participant_member"),
            models.Index(fields=["tenant_id", "updated_at", "id"], name="participant_updated"),
        ]

    def __str__(self) -> str:
        return self.part or "—"
