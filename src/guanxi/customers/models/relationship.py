from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.customers.choices import FROM, MEANINGS, MUTUAL, TO, USUAL_STRENGTH, TieKind, between
from guanxi.customers.models.customer import Customer
from guanxi.customers.models.person import Person
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.tenancy.fields import Reference
from guanxi.resource.models import Entity


def _ends_fit() -> Q:
    """Exactly one end at each side, and a kind that is between such two."""
    found = Q()
    for ends in dict.fromkeys(meaning.ends for meaning in MEANINGS.values()):
        empty = {f"{name}__isnull": name not in ends for name in (*FROM, *TO)}
        found |= Q(**empty, kind__in=between(ends))
    return found


class Relationship(Entity):
    """A tie between two: people, customers, or one of us and a person.

    The first (`from_…`) is what `kind` says to the second (`to_…`); a kind without a direction is kept once, either
    way round. `strength` is from 0 to 100. A parent company is `customer.parent`, not a row here.
    """

    from_person = Reference(
        Person, models.CASCADE, null=True, blank=True, related_name="ties_from",
        verbose_name=pgettext_lazy("relationship", "First: person"), db_index=False,
    )  # fmt: skip
    from_customer = Reference(
        Customer, models.CASCADE, null=True, blank=True, related_name="ties_from",
        verbose_name=pgettext_lazy("relationship", "First: customer"), db_index=False,
    )  # fmt: skip
    from_member = Reference(
        Member, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=pgettext_lazy("relationship", "First: colleague"), db_index=False,
    )  # fmt: skip
    kind = models.CharField(pgettext_lazy("relationship", "Relationship"), max_length=12, choices=TieKind)
    to_person = Reference(
        Person, models.CASCADE, null=True, blank=True, related_name="ties_to",
        verbose_name=pgettext_lazy("relationship", "Second: person"), db_index=False,
    )  # fmt: skip
    to_customer = Reference(
        Customer, models.CASCADE, null=True, blank=True, related_name="ties_to",
        verbose_name=pgettext_lazy("relationship", "Second: customer"), db_index=False,
    )  # fmt: skip
    strength = models.PositiveSmallIntegerField(
        _("Strength"), default=USUAL_STRENGTH, db_default=USUAL_STRENGTH
    )
    since = models.DateField(pgettext_lazy("relationship", "Since"), null=True, blank=True)
    note = models.CharField(
        pgettext_lazy("relationship", "Note"), max_length=500, default="", db_default="", blank=True
    )

    class Meta:
        verbose_name = pgettext_lazy("tie", "relationship")
        verbose_name_plural = pgettext_lazy("tie", "relationships")
        constraints = [
            models.CheckConstraint(condition=_ends_fit(), name="relationship_ends"),
            models.CheckConstraint(
                condition=(Q(from_person__isnull=True) | ~Q(from_person=F("to_person")))
                & (Q(from_customer__isnull=True) | ~Q(from_customer=F("to_customer"))),
                name="relationship_of_two",
            ),
            models.CheckConstraint(condition=Q(strength__lte=100), name="relationship_strength"),
            models.UniqueConstraint(
                fields=["tenant_id", "from_person", "to_person", "kind"],
                name="relationship_people",
                condition=Q(from_person__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "from_customer", "to_customer", "kind"],
                name="relationship_customers",
                condition=Q(from_customer__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "to_person", "from_member", "kind"],
                name="relationship_member",
                condition=Q(from_member__isnull=False),
            ),
            models.UniqueConstraint(
                F("tenant_id"), Least("from_person", "to_person"), Greatest("from_person", "to_person"), F("kind"),
                name="relationship_people_once",
                condition=Q(from_person__isnull=False, kind__in=MUTUAL),
            ),
            models.UniqueConstraint(
                F("tenant_id"), Least("from_customer", "to_customer"), Greatest("from_customer", "to_customer"),
                F("kind"), name="relationship_customers_once",
                condition=Q(from_customer__isnull=False, kind__in=MUTUAL),
            ),
        ]  # fmt: skip
        indexes = [
            # The first ends are found by the unique rules above.
            models.Index(
                fields=["tenant_id", "to_person"], name="relationship_to_person",
                condition=Q(to_person__isnull=False),
            ),
            models.Index(
                fields=["tenant_id", "to_customer"], name="relationship_to_customer",
                condition=Q(to_customer__isnull=False),
            ),
            models.Index(
                fields=["tenant_id", "from_member"], name="relationship_by_member",
                condition=Q(from_member__isnull=False),
            ),
            models.Index(fields=["tenant_id", "kind"], name="relationship_kind"),
            models.Index(fields=["tenant_id", "updated_at", "id"], name="relationship_updated"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.note[:80] or str(self.get_kind_display())
