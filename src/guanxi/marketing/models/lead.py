"""Names that may become customers."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.catalog.models import ProductLine
from guanxi.customers.choices import Source
from guanxi.customers.models import Customer, Person, Pool
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.tenancy.fields import Reference
from guanxi.foundation.tenancy.models import KEPT, Note
from guanxi.marketing.choices import DiscardReason, State
from guanxi.resource.models import Entity


class Lead(Entity):
    """A firm or a person who may want something of us; `name` is the firm's, or the person's where no firm is known.

    `need`, `budget`, `decider` and `timing` are what is asked to qualify one. `source` is where it came from first,
    exactly one. `pool` is where it falls to, also while somebody answers for it; since `pooled_at` it lies there.
    `twin` is the customer it seemed to be when it came. Of a converted one `customer` and `contact` are what became of
    it; `discard_reason` and `discard_note` say why it was discarded.
    """

    name = models.CharField(pgettext_lazy("lead", "Company or person"), max_length=200)
    person = models.CharField(
        pgettext_lazy("lead", "Contact"), max_length=100, default="", db_default="", blank=True
    )
    post = models.CharField(_("Post"), max_length=100, default="", db_default="", blank=True)
    phone = models.CharField(_("Phone"), max_length=60, default="", db_default="", blank=True)
    email = models.CharField(_("E-mail"), max_length=200, default="", db_default="", blank=True)
    wechat = models.CharField(_("WeChat"), max_length=60, default="", db_default="", blank=True)
    region = models.CharField(_("Region"), max_length=12, default="", db_default="", blank=True)
    industry = models.CharField(_("Industry"), max_length=12, default="", db_default="", blank=True)
    line = Reference(
        ProductLine,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Product line"),
        db_index=False,
    )
    need = models.TextField(
        pgettext_lazy("lead", "Need"), default="", db_default="", blank=True, max_length=5000
    )
    budget = models.CharField(
        pgettext_lazy("lead", "Budget"), max_length=200, default="", db_default="", blank=True
    )
    decider = models.CharField(
        pgettext_lazy("lead", "Who decides"), max_length=200, default="", db_default="", blank=True
    )
    timing = models.CharField(
        pgettext_lazy("lead", "By when"), max_length=200, default="", db_default="", blank=True
    )
    source = models.CharField(
        _("Source"), max_length=20, choices=Source, default="", db_default="", blank=True
    )
    source_detail = models.CharField(
        _("More about the source"), max_length=200, default="", db_default="", blank=True
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
    pool = Reference(
        Pool, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Pool"), db_index=False
    )
    pooled_at = models.DateTimeField(null=True, editable=False)
    state = models.CharField(
        pgettext_lazy("lead", "State"),
        max_length=10,
        choices=State,
        default=State.NEW,
        db_default=State.NEW.value,
    )
    discard_reason = models.CharField(
        _("Discarded because"), max_length=20, choices=DiscardReason, default="", db_default="", blank=True
    )
    discard_note = models.CharField(
        _("More about the reason"), max_length=300, default="", db_default="", blank=True
    )
    number = models.CharField(_("External number"), max_length=60, default="", db_default="", blank=True)
    remarks = models.TextField(_("Remarks"), default="", db_default="", blank=True, max_length=20000)
    twin = Reference(
        Customer,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Perhaps the customer"),
        db_index=False,
    )
    customer = Reference(
        Customer,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Became the customer"),
        db_index=False,
    )
    contact = Reference(
        Person,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Became the person"),
        db_index=False,
    )
    converted_at = models.DateTimeField(_("Converted on"), null=True, blank=True)
    name_sort = models.CharField(max_length=400, default="", db_default="", editable=False)

    class Meta:
        verbose_name = _("lead")
        verbose_name_plural = _("Leads")
        indexes = [
            models.Index(fields=["tenant_id", "created_at", "id"], name="lead_created"),
            models.Index(fields=["tenant_id", "updated_at", "id"], name="lead_updated"),
            models.Index(fields=["tenant_id", "name_sort", "id"], name="lead_name"),
            models.Index(fields=["tenant_id", "owner", "state", "created_at", "id"], name="lead_owner"),
            models.Index(fields=["tenant_id", "state", "created_at", "id"], name="lead_state"),
            models.Index(fields=["tenant_id", "source"], name="lead_source"),
            models.Index(fields=["tenant_id", "region"], name="lead_region"),
            models.Index(fields=["tenant_id", "line"], name="lead_line"),
            models.Index(
                fields=["tenant_id", "pool", "owner"],
                name="lead_pool",
                condition=models.Q(pool__isnull=False),
            ),
            models.Index(fields=["tenant_id", "number"], name="lead_number", condition=~models.Q(number="")),
            models.Index(
                fields=["tenant_id", "customer"],
                name="lead_customer",
                condition=models.Q(customer__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class LeadTransfer(Note):
    """A lead changed hands. The database writes it (a trigger of the table), as it does for customers."""

    archived = KEPT

    lead = models.UUIDField()
    former_owner = models.UUIDField(null=True)
    owner = models.UUIDField(null=True)
    former_pool = models.UUIDField(null=True)
    pool = models.UUIDField(null=True)
    by = models.UUIDField(null=True)
    verb = models.TextField(default="", blank=True)
    reason = models.TextField(default="", blank=True)
    operation = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("change of hands of a lead")
        verbose_name_plural = _("changes of hands of leads")
        indexes = [
            models.Index(fields=["tenant_id", "lead", "created_at", "id"], name="lead_transfer_lead"),
            models.Index(fields=["tenant_id", "by", "verb", "created_at"], name="lead_transfer_by"),
        ]

    def __str__(self) -> str:
        return self.verb
