"""What somebody promised: us to a customer's person, or that person to us."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.activities.choices import Promised, Side
from guanxi.activities.models.activity import Activity
from guanxi.customers.models import Customer, Person
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.tenancy.fields import Reference
from guanxi.foundation.tenancy.models import KEPT, Note
from guanxi.resource.models import Entity

_OPEN = models.Q(state="open")


class Commitment(Entity):
    """A promise between one of our own (`owner`) and one of the customer's people (`person`): ours to them, or theirs
    to us, which the owner is to see to.

    `due` is the day by which, `due_time` the time of that day ("17:00") where one was named. `first_due` is the day
    that was promised first, `moved` how often it was put off since. `settled_on` is the day on which it was kept,
    broken or withdrawn, `why` what was said to that or to the last putting off. `activity` is where it was promised.
    It is made to a customer, about a record of an upper context (`about`, `about_id`),
    or both.
    """

    side = models.CharField(
        _("Who promised"), max_length=10, choices=Side, default=Side.OURS, db_default=Side.OURS.value
    )
    what = models.CharField(_("What was promised"), max_length=200)
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
    person = Reference(
        Person,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("promise", "Contact"),
        db_index=False,
    )
    owner = Reference(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("promise", "Answers for it"),
        db_index=False,
    )
    due = models.DateField(pgettext_lazy("promise", "Due"))
    due_time = models.CharField(_("Time of day"), max_length=5, default="", db_default="", blank=True)
    state = models.CharField(
        pgettext_lazy("promise", "State"),
        max_length=10,
        choices=Promised,
        default=Promised.OPEN,
        db_default=Promised.OPEN.value,
    )
    settled_on = models.DateField(_("Settled on"), null=True, blank=True)
    moved = models.PositiveIntegerField(_("Times put off"), default=0, db_default=0)
    first_due = models.DateField(_("First promised for"), null=True, blank=True)
    why = models.CharField(
        pgettext_lazy("promise", "Remark"), max_length=300, default="", db_default="", blank=True
    )
    activity = Reference(
        Activity,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="promises",
        verbose_name=_("Promised at"),
        db_index=False,
    )

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        constraints = [
            models.CheckConstraint(
                condition=_OPEN & models.Q(settled_on__isnull=True)
                | ~_OPEN & models.Q(settled_on__isnull=False),
                name="commitment_settled",
            ),
            models.CheckConstraint(
                condition=models.Q(customer__isnull=False) | models.Q(about_id__isnull=False),
                name="commitment_to_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "due", "id"], name="commitment_due"),
            models.Index(fields=["tenant_id", "updated_at", "id"], name="commitment_updated"),
            models.Index(fields=["tenant_id", "customer", "due", "id"], name="commitment_customer"),
            models.Index(fields=["tenant_id", "person", "due", "id"], name="commitment_person"),
            models.Index(fields=["tenant_id", "owner", "due", "id"], name="commitment_owner"),
            models.Index(
                fields=["tenant_id", "activity"],
                name="commitment_activity",
                condition=models.Q(activity__isnull=False),
            ),
            models.Index(
                fields=["tenant_id", "about_id", "due", "id"],
                name="commitment_about",
                condition=models.Q(about_id__isnull=False),
            ),
            # What is still open of a member, of the company: few of what was ever promised.
            models.Index(fields=["tenant_id", "owner", "due"], name="commitment_owner_open", condition=_OPEN),
            models.Index(fields=["tenant_id", "due"], name="commitment_open", condition=_OPEN),
        ]

    def __str__(self) -> str:
        return self.what


class Escalated(Note):
    """A superior was told that one of our promises is overdue: once for each day it was promised for. It keeps no
    promise from being undone: which one it was is an id."""

    archived = KEPT

    commitment = models.UUIDField(db_column="commitment_id")
    due = models.DateField()
    to = Reference(Member, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        verbose_name = _("commitment told to a superior")
        verbose_name_plural = _("commitments told to superiors")
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "commitment", "due"], name="escalated_once")
        ]

    def __str__(self) -> str:
        return self.due.isoformat()
