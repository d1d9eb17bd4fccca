from django.db import models
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.customers.choices import (
    Category,
    CreditRating,
    Currency,
    CustomerKind,
    Grade,
    PaymentMethod,
    Pooled,
    Registration,
    Size,
    Source,
)
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.tenancy.fields import Reference
from guanxi.resource.models import Entity


class Pool(Entity):
    """Customers, or leads, that nobody answers for, open to be claimed by its members.

    `claims_a_day` is how many each may claim, None for any number; `reclaim_days` how long the last owner waits before
    he may claim a customer again, `arrival_days` how long what comes in waits for anybody; `warn_days` before a
    customer falls its owner is told. `locks_a_person` is how many of its customers one person keeps out of it,
    `holds_a_person` how many one may own; of these those are not counted that the four `uncounted` name. `hides` are
    codes of `Hides`, joined by commas; at so many phones of hidden ones a person may look in a day. `terms` are the
    rules of `rules.pools`, as `terms_of` reads them.
    """

    name = models.CharField(_("Name of the pool"), max_length=100)
    of = models.CharField(
        pgettext_lazy("pool", "Holds"),
        max_length=10,
        choices=Pooled,
        default=Pooled.CUSTOMERS,
        db_default=Pooled.CUSTOMERS.value,
    )
    claims_a_day = models.PositiveSmallIntegerField(_("Claims a day and person"), null=True, blank=True)
    reclaim_days = models.PositiveSmallIntegerField(
        _("Days before the last owner may claim again"), default=7, db_default=7
    )
    arrival_days = models.PositiveSmallIntegerField(_("Days a new arrival waits"), default=0, db_default=0)
    warn_days = models.PositiveSmallIntegerField(
        _("Days of warning before a customer falls"), default=2, db_default=2
    )
    locks_a_person = models.PositiveSmallIntegerField(_("Locks a person"), null=True, blank=True)
    holds_a_person = models.PositiveIntegerField(_("Customers a person"), null=True, blank=True)
    uncounted_grades = models.CharField(
        _("Grades not counted"), max_length=20, default="", db_default="", blank=True
    )
    uncounted_categories = models.CharField(
        _("Categories not counted"), max_length=80, default="", db_default="", blank=True
    )
    uncounted_registrations = models.CharField(
        _("Registration statuses not counted"), max_length=80, default="", db_default="", blank=True
    )
    uncounted_locked = models.BooleanField(_("Locked ones not counted"), default=False, db_default=False)
    hides = models.CharField(_("Hidden until claimed"), max_length=60, default="", db_default="", blank=True)
    looks_a_day = models.PositiveSmallIntegerField(_("Looks at hidden phones a day"), default=0, db_default=0)
    terms = models.JSONField(default=list, db_default=models.Value([], models.JSONField()), blank=True)

    class Meta:
        verbose_name = _("pool")
        verbose_name_plural = _("pools")
        constraints = [models.UniqueConstraint(fields=["tenant_id", "name"], name="pool_name")]
        indexes = [models.Index(fields=["tenant_id", "name", "id"], name="pool_name_id")]

    def __str__(self) -> str:
        return self.name


class Customer(Entity):
    """An organisation or an individual we deal with.

    `relations` holds Relation codes, sorted and joined by commas: text equality is what row-level security can
    use an index for. `name_key` is the normalised name two records are compared by, `name_sort` the stored
    pinyin key names are sorted by. `settlement` is a code of `kinds.SettlementTerms`, `capital` in hundredths of its
    currency, `credit_limit` in 分; `former_key` compares by the first of `former_names`, the latest.
    """

    name = models.CharField(_("Customer name"), max_length=200)
    short_name = models.CharField(_("Short name"), max_length=100, default="", blank=True)
    relations = models.CharField(_("Relation"), max_length=120, default="customer")
    credit_code = models.CharField(_("Credit code"), max_length=18, default="", blank=True)
    number = models.CharField(_("External number"), max_length=60, default="", db_default="", blank=True)
    region = models.CharField(_("Region"), max_length=12, default="", blank=True)
    industry = models.CharField(_("Industry"), max_length=8, default="", blank=True)
    size = models.CharField(_("Size"), max_length=8, choices=Size, default="", blank=True)
    grade = models.CharField(_("Grade"), max_length=2, choices=Grade, default="", blank=True)
    source = models.CharField(_("Source"), max_length=30, choices=Source, default="", blank=True)
    # No index of its own: those that begin with the owner serve it.
    owner = Reference(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Owner"),
        db_index=False,
    )
    # The pool it falls to, or, without an owner, lies in, since `pooled_at`.
    pool = Reference(
        Pool, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Pool"), db_index=False
    )
    pooled_at = models.DateTimeField(_("In the pool since"), null=True, blank=True, editable=False)
    parent = Reference(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("Parent company"),
    )
    phone = models.CharField(_("Phone"), max_length=60, default="", blank=True)
    website = models.CharField(_("Website"), max_length=200, default="", blank=True)
    address = models.CharField(_("Address"), max_length=300, default="", blank=True)
    remarks = models.TextField(_("Remarks"), default="", blank=True, max_length=20000)
    kind = models.CharField(
        _("Kind of customer"),
        max_length=12,
        choices=CustomerKind,
        default="organisation",
        db_default="organisation",
    )
    category = models.CharField(
        _("Category"), max_length=12, choices=Category, default="", db_default="", blank=True
    )
    settlement = models.CharField(_("Settlement terms"), max_length=12, default="", db_default="", blank=True)
    payment_method = models.CharField(
        _("Usual payment method"), max_length=20, choices=PaymentMethod, default="", db_default="", blank=True
    )
    legal_representative = models.CharField(
        _("Legal representative"), max_length=100, default="", db_default="", blank=True
    )
    capital = models.BigIntegerField(_("Registered capital"), null=True, blank=True)
    capital_currency = models.CharField(
        _("Currency of the capital"), max_length=3, choices=Currency, default="CNY", db_default="CNY"
    )
    founded = models.DateField(_("Founded"), null=True, blank=True)
    registration = models.CharField(
        _("Registration status"), max_length=12, choices=Registration, default="", db_default="", blank=True
    )
    business_scope = models.TextField(
        _("Business scope"), default="", db_default="", blank=True, max_length=20000
    )
    former_names = models.CharField(_("Former names"), max_length=300, default="", db_default="", blank=True)
    credit_rating = models.CharField(
        _("Credit rating"), max_length=3, choices=CreditRating, default="", db_default="", blank=True
    )
    credit_limit = models.BigIntegerField(_("Credit limit"), null=True, blank=True)
    credit_days = models.IntegerField(_("Credit days"), null=True, blank=True)
    # What a list sorted by grade is sorted by: A to D, and after them whoever has none. The database keeps it.
    grade_order = models.GeneratedField(
        expression=Coalesce(NullIf("grade", models.Value("")), models.Value("ZZ")),
        output_field=models.CharField(max_length=2),
        db_persist=True,
    )
    name_key = models.CharField(max_length=200, editable=False)
    name_sort = models.CharField(max_length=200, editable=False)
    former_key = models.CharField(max_length=200, default="", db_default="", editable=False)

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        indexes = [
            models.Index(fields=["tenant_id", "name_sort", "id"], name="customer_name_sort"),
            models.Index(fields=["tenant_id", "created_at", "id"], name="customer_created"),
            models.Index(fields=["tenant_id", "updated_at", "id"], name="customer_updated"),
            models.Index(fields=["tenant_id", "grade_order", "name_sort", "id"], name="customer_grade_order"),
            # Choices alone, without an order: few values, so that an entry costs next to nothing to write. A frequent
            # value is read in the order's own index, a rare one is gathered here and sorted.
            models.Index(fields=["tenant_id", "grade"], name="customer_grade"),
            models.Index(fields=["tenant_id", "relations"], name="customer_relations"),
            models.Index(fields=["tenant_id", "region"], name="customer_region"),
            models.Index(fields=["tenant_id", "industry"], name="customer_industry"),
            models.Index(fields=["tenant_id", "size"], name="customer_size"),
            models.Index(fields=["tenant_id", "source"], name="customer_source"),
            models.Index(fields=["tenant_id", "owner", "name_sort", "id"], name="customer_owner_name"),
            models.Index(fields=["tenant_id", "owner", "created_at", "id"], name="customer_owner_created"),
            models.Index(fields=["tenant_id", "owner", "updated_at", "id"], name="customer_owner_updated"),
            models.Index(
                fields=["tenant_id", "owner", "grade_order", "name_sort", "id"], name="customer_owner_grade"
            ),
            models.Index(fields=["tenant_id", "name_key"], name="customer_name_key"),
            models.Index(
                fields=["tenant_id", "credit_code"],
                name="customer_credit_code",
                condition=~models.Q(credit_code=""),
            ),
            models.Index(
                fields=["tenant_id", "number"], name="customer_number", condition=~models.Q(number="")
            ),
            # What most have not been given costs nothing to write.
            models.Index(
                fields=["tenant_id", "category"], name="customer_category", condition=~models.Q(category="")
            ),
            models.Index(
                fields=["tenant_id", "credit_rating"],
                name="customer_credit_rating",
                condition=~models.Q(credit_rating=""),
            ),
            models.Index(
                fields=["tenant_id", "pool", "owner"],
                name="customer_pool",
                condition=models.Q(pool__isnull=False),
            ),
            models.Index(
                fields=["tenant_id", "pool", "pooled_at", "id"],
                name="customer_pooled",
                condition=models.Q(pooled_at__isnull=False),
            ),
            models.Index(
                fields=["tenant_id", "former_key"],
                name="customer_former_key",
                condition=~models.Q(former_key=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name
