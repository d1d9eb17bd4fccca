"""Pools of customers without an owner, who belongs to them, and how customers changed hands."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.customers.models.customer import Customer, Pool
from guanxi.foundation.accounts.models import Department, Member
from guanxi.foundation.tenancy.fields import Reference
from guanxi.foundation.tenancy.models import KEPT, Note, Record


class PoolMember(Record):
    """Somebody who claims out of a pool, or a department of such people; exactly one of them. Who `administers` it
    gives its customers to others and takes them in."""

    pool = Reference(Pool, models.CASCADE, related_name="members", verbose_name=_("Pool"), db_index=False)
    member = Reference(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Person"),
        db_index=False,
    )
    department = Reference(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Department"),
        db_index=False,
    )
    administers = models.BooleanField(_("Administers it"), default=False, db_default=False)

    class Meta:
        verbose_name = _("pool member")
        verbose_name_plural = _("pool members")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(member__isnull=True) ^ models.Q(department__isnull=True),
                name="pool_member_one",
            ),
            models.UniqueConstraint(
                fields=["tenant_id", "pool", "member", "department"],
                name="pool_member_once",
                nulls_distinct=False,
            ),
        ]
        indexes = [models.Index(fields=["tenant_id", "member"], name="pool_member_member")]

    def __str__(self) -> str:
        return str(self.member or self.department)


class Lock(Record):
    """A customer that its owner keeps out of the pool, through a day or, without one, as long as the lock stands.

    It goes with its owner: where the customer gets another one, or none, the database takes it away, by whatever way.
    """

    customer = Reference(
        Customer, models.CASCADE, related_name="locks", verbose_name=_("Customer"), db_index=False
    )
    member = Reference(Member, models.PROTECT, related_name="+", verbose_name=_("Locked by"), db_index=False)
    until = models.DateField(pgettext_lazy("lock", "Until"), null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("customer", "lock")
        verbose_name_plural = pgettext_lazy("customer", "locks")
        constraints = [models.UniqueConstraint(fields=["tenant_id", "customer"], name="customer_lock_once")]
        indexes = [models.Index(fields=["tenant_id", "member"], name="customer_lock_member")]

    def __str__(self) -> str:
        return str(self.customer_id)


class Transfer(Note):
    """A customer changed hands: from whom and to whom, between which pools, by which act, why.

    The database writes it wherever the owner or the pool of a row changes (a trigger of the table), also by an undo:
    what may be claimed today is counted by it, and nothing takes a row of it back. Without one a customer is its
    first owner's, since it was created. A lock that comes or goes is a line too, from its owner to himself.
    """

    archived = KEPT

    customer = models.UUIDField()
    former_owner = models.UUIDField(null=True)
    owner = models.UUIDField(null=True)
    former_pool = models.UUIDField(null=True)
    pool = models.UUIDField(null=True)
    by = models.UUIDField(null=True)
    verb = models.TextField(default="", blank=True)
    reason = models.TextField(default="", blank=True)
    operation = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("change of hands")
        verbose_name_plural = _("changes of hands")
        indexes = [
            models.Index(fields=["tenant_id", "customer", "created_at", "id"], name="transfer_customer"),
            models.Index(fields=["tenant_id", "by", "verb", "created_at"], name="transfer_by"),
        ]

    def __str__(self) -> str:
        return self.verb
