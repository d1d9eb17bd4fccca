from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.customers.choices import Answer
from guanxi.customers.rules.alike import EDITION, SIGNED
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.tenancy.fields import Reference
from guanxi.foundation.tenancy.models import DERIVED, Note, Record


class Mark(Note):
    """What a record is possibly recognised by: digests of its keys (`rules.digest`) but for those that are a `Sign`.
    `id` is that of the row the keys stand in, `record` the customer or person whose they are, `edition` that of the
    rules they were worked out by: before the third, all keys stand here."""

    archived = DERIVED

    resource = models.CharField(max_length=20)
    record = models.UUIDField()
    keys = ArrayField(models.BigIntegerField())
    edition = models.PositiveSmallIntegerField(default=EDITION, db_default=1)

    class Meta:
        indexes = [
            models.Index(fields=["tenant_id", "record"], name="mark_record"),
            models.Index(
                fields=["tenant_id", "resource"], name="mark_outdated", condition=models.Q(edition__lt=SIGNED)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.resource} {self.record}"


class Sign(Note):
    """One key by which a record is certainly or likely recognised, beside what tells that it is not: the `places` and
    the kind of `code` of whoever has the name (`rules.Telling`). `row` is that of the row it stands in."""

    archived = DERIVED

    key = models.BigIntegerField()
    row = models.UUIDField()
    resource = models.CharField(max_length=20)
    record = models.UUIDField()
    places = models.TextField(blank=True, default="")
    code = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            # All an import asks for stands in the index.
            models.Index(
                fields=["tenant_id", "key"], name="sign_key", include=["resource", "record", "places", "code"]
            ),
            models.Index(fields=["tenant_id", "row"], name="sign_row"),
        ]

    def __str__(self) -> str:
        return f"{self.resource} {self.record}"


class Pair(Record):
    """Two records that may be the same, and what somebody said of it: never asked twice.

    `first` and `second` are in the order of their ids. `reasons` are codes joined by commas, `said` a reason in words.
    """

    resource = models.CharField(max_length=20)
    first = models.UUIDField()
    second = models.UUIDField()
    verdict = models.CharField(_("Verdict"), max_length=10)
    branch = models.CharField(max_length=10, default="", blank=True)
    reasons = models.CharField(max_length=200, default="", blank=True)
    score = models.FloatField(default=0)
    answer = models.CharField(_("Answer"), max_length=10, choices=Answer, default=Answer.OPEN)
    said = models.CharField(_("Reason"), max_length=300, default="", blank=True)
    answered_by = Reference(
        Member, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Answered by")
    )
    answered_at = models.DateTimeField(_("Answered at"), null=True, blank=True)
    asked_by = Reference(
        Member, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Asked by")
    )
    asked_at = models.DateTimeField(_("Asked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("pair of duplicates")
        verbose_name_plural = _("pairs of duplicates")
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "first", "second"], name="pair_once"),
            models.CheckConstraint(condition=models.Q(first__lt=models.F("second")), name="pair_in_order"),
        ]
        indexes = [
            models.Index(fields=["tenant_id", "second"], name="pair_second"),
            models.Index(
                fields=["tenant_id", "resource", "verdict", "id"],
                name="pair_open",
                condition=models.Q(answer="open"),
            ),
        ]

    def __str__(self) -> str:
        return (
            ""  # two ids, which say nothing; who names the two looks them up as far as the reader sees them
        )
