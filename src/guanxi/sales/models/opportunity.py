"""A possible sale, and the history of what became of it."""

from django.db import models
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.customers.choices import Currency, Source
from guanxi.customers.models import Customer, Person
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.tenancy.fields import Reference
from guanxi.foundation.tenancy.models import KEPT, Note
from guanxi.resource.models import Entity
from guanxi.sales.choices import MOST, AmountBy, Category, State
from guanxi.sales.models.pipeline import LostReason, Pipeline, Stage

_OPEN, _WON = models.Q(state="open"), models.Q(state="won")
_SUMS = ["own_amount", "weighted"]


class Opportunity(Entity):
    """A possible sale, to a customer or to nobody known yet.

    `amount` is in minor units of its currency (of yen whole ones); `own_amount` is the same in minor units of the
    company's own currency, brought over at the rate of the day, and None where that is not known. `chance` is the
    probability that holds, in basis points: `probability` where somebody set one, else the stage's. `weighted` =
    own amount × chance, which the database works out. `state` is what the stage means; `sales.services` writes the
    two together. `as_is`: somebody said that it stays without a customer. `date_moves` is how often the expected
    date was put off or brought forward.
    """

    number = models.CharField(_("Number"), max_length=30, default="", db_default="", blank=True)
    external_number = models.CharField(
        _("External number"), max_length=60, default="", db_default="", blank=True
    )
    name = models.CharField(_("Name of the opportunity"), max_length=200)
    customer = Reference(
        Customer,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Customer"),
        db_index=False,
    )
    as_is = models.BooleanField(default=False, db_default=False, editable=False)
    person = Reference(
        Person,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Main contact"),
        db_index=False,
    )
    owner = Reference(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Owner"),
        db_index=False,
    )
    pipeline = Reference(
        Pipeline, models.PROTECT, related_name="+", verbose_name=_("Pipeline"), db_index=False
    )
    stage = Reference(Stage, models.PROTECT, related_name="+", verbose_name=_("Stage"), db_index=False)
    stage_since = models.DateTimeField(_("In this stage since"), default=timezone.now, db_default=Now())
    state = models.CharField(
        pgettext_lazy("opportunity", "State"),
        max_length=10,
        choices=State,
        default=State.OPEN,
        db_default=State.OPEN.value,
    )
    amount = models.BigIntegerField(_("Amount"), null=True, blank=True)
    currency = models.CharField(
        _("Currency"), max_length=3, choices=Currency, default="CNY", db_default="CNY"
    )
    own_amount = models.BigIntegerField(_("Amount in our currency"), null=True, blank=True)
    amount_by = models.CharField(
        _("The amount is"),
        max_length=10,
        choices=AmountBy,
        default=AmountBy.HAND,
        db_default=AmountBy.HAND.value,
    )
    probability = models.PositiveIntegerField(_("Probability"), null=True, blank=True)
    chance = models.PositiveIntegerField(_("Probability"), default=0, db_default=0)
    weighted = models.GeneratedField(
        expression=F("own_amount") * F("chance") / 10_000,
        output_field=models.BigIntegerField(null=True),
        db_persist=True,
        verbose_name=_("Weighted amount"),
    )
    category = models.CharField(
        pgettext_lazy("opportunity", "Forecast"),
        max_length=10,
        choices=Category,
        default=Category.PIPELINE,
        db_default=Category.PIPELINE.value,
    )
    opened_on = models.DateField(_("Opened"), default=timezone.localdate)
    expected_on = models.DateField(_("Expected"), null=True, blank=True)
    date_moves = models.PositiveIntegerField(_("Expected date moved"), default=0, db_default=0)
    closed_on = models.DateField(_("Closed"), null=True, blank=True)
    source = models.CharField(
        _("Source"), max_length=20, choices=Source, default="", db_default="", blank=True
    )
    lost_reason = Reference(
        LostReason,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Lost because of"),
        db_index=False,
    )
    lost_to = models.CharField(_("Lost to"), max_length=200, default="", db_default="", blank=True)
    lost_remark = models.CharField(
        pgettext_lazy("lost", "Remark"), max_length=1000, default="", db_default="", blank=True
    )
    reopened = models.PositiveIntegerField(_("Reopened"), default=0, db_default=0)
    lead = models.UUIDField(null=True, blank=True, editable=False)
    remarks = models.TextField(_("Remarks"), default="", db_default="", blank=True, max_length=20000)

    class Meta:
        verbose_name, verbose_name_plural = _("opportunity"), _("Opportunities")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant_id", "number"], condition=~models.Q(number=""), name="opportunity_number"
            ),
            models.CheckConstraint(
                condition=models.Q(amount__isnull=True) | models.Q(amount__range=(0, MOST)),
                name="opportunity_amount",
            ),
            # Times the chance it still fits a bigint.
            models.CheckConstraint(
                condition=models.Q(own_amount__isnull=True) | models.Q(own_amount__range=(0, MOST)),
                name="opportunity_own_amount",
            ),
            models.CheckConstraint(condition=models.Q(chance__lte=10_000), name="opportunity_chance"),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "created_at", "id"], name="opportunity_created"),
            models.Index(fields=["tenant_id", "updated_at", "id"], name="opportunity_updated"),
            models.Index(fields=["tenant_id", "expected_on", "id"], name="opportunity_expected_on"),
            models.Index(fields=["tenant_id", "own_amount", "id"], name="opportunity_by_amount"),
            models.Index(fields=["tenant_id", "stage_since", "id"], name="opportunity_stage_since"),
            # The last won ones of a pipeline.
            models.Index(
                fields=["tenant_id", "pipeline", "closed_on", "id"], name="opportunity_won", condition=_WON
            ),
            models.Index(fields=["tenant_id", "owner", "updated_at", "id"], name="opportunity_owner_updated"),
            models.Index(
                fields=["tenant_id", "external_number"],
                name="opportunity_external",
                condition=~models.Q(external_number=""),
            ),
            # The sums of a board's columns: read in the index alone, for one's own and for everybody's.
            models.Index(
                fields=["tenant_id", "pipeline", "state", "owner", "stage"],
                name="opportunity_board",
                include=_SUMS,
            ),
            models.Index(fields=["tenant_id", "owner", "state", "stage"], name="opportunity_owner"),
            # The cards of one column, the nearest expected date first.
            models.Index(fields=["tenant_id", "stage", "expected_on", "id"], name="opportunity_stage"),
            # What a period is to bring, and what it brought.
            models.Index(
                fields=["tenant_id", "expected_on", "owner"],
                name="opportunity_forecast",
                condition=_OPEN,
                include=[*_SUMS, "category", "pipeline"],
            ),
            models.Index(
                fields=["tenant_id", "state", "closed_on", "owner"],
                name="opportunity_closed",
                include=["own_amount", "opened_on"],
            ),
            models.Index(fields=["tenant_id", "customer", "state", "opened_on"], name="opportunity_customer"),
            models.Index(
                fields=["tenant_id", "created_at", "id"],
                name="opportunity_to_clear",
                condition=models.Q(customer__isnull=True, as_is=False),
            ),
            models.Index(
                fields=["tenant_id", "person"],
                name="opportunity_person",
                condition=models.Q(person__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Move(Note):
    """How a sale stood from this moment on: one line for each change of what forecasts and histories read.

    The database writes it (a trigger of the table), whatever way the row was changed: the new values, and of the row
    before them those with `former_`. The first line of a sale has no former stage; `state` "gone" says that the row was
    deleted. The last line up to a moment is how the sale stood then. `skipped` is what was missing of a stage's
    evidence where somebody went on with a `reason`; both come from the operation.
    """

    archived = KEPT

    # Given where the past of a sale is told (`services.histories`).
    created_at = models.DateTimeField(_("When"), default=timezone.now)
    opportunity = models.UUIDField(db_column="opportunity_id")
    former_pipeline = models.UUIDField(null=True)
    pipeline = models.UUIDField(null=True)
    former_stage = models.UUIDField(null=True)
    stage = models.UUIDField(null=True)
    former_state = models.CharField(max_length=10, default="")
    state = models.CharField(max_length=10)
    former_amount = models.BigIntegerField(null=True)
    amount = models.BigIntegerField(null=True)
    former_own_amount = models.BigIntegerField(null=True)
    own_amount = models.BigIntegerField(null=True)
    former_expected_on = models.DateField(null=True)
    expected_on = models.DateField(null=True)
    former_category = models.CharField(max_length=10, default="")
    category = models.CharField(max_length=10, default="")
    former_chance = models.IntegerField(null=True)
    chance = models.IntegerField(null=True)
    former_owner = models.UUIDField(null=True)
    owner = models.UUIDField(null=True)
    by = models.UUIDField(null=True)
    verb = models.TextField(default="")
    reason = models.TextField(default="")
    skipped = models.TextField(default="")
    operation = models.UUIDField(null=True)

    class Meta:
        verbose_name, verbose_name_plural = _("change of an opportunity"), _("changes of opportunities")
        indexes = [
            models.Index(fields=["tenant_id", "opportunity", "created_at", "id"], name="move_opportunity"),
            models.Index(fields=["tenant_id", "created_at", "id"], name="move_created"),
            models.Index(fields=["tenant_id", "stage", "created_at"], name="move_stage"),
        ]

    def __str__(self) -> str:
        return self.verb
