from django.db import models

from guanxi.foundation.tenancy.models import KEPT, Note


class Counter(Note):
    """The last number given in a series and period. Outside the ledger: a number is never given twice."""

    archived = KEPT

    series = models.CharField(max_length=60)
    period = models.CharField(max_length=10, default="")
    last = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant_id", "series", "period"], name="counter_series")
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.period} {self.last}"
