from typing import ClassVar

from django.conf import settings as installation
from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.tenancy.fields import IdField, TenantField, VersionField
from guanxi.foundation.tenancy.scope import require_scope

# Key in a company's settings: how many months the change log is kept; None for ever.
LEDGER_MONTHS = "ledger_months"
_COMPANY = "company"  # what a scope holds it by


class Tenant(models.Model):
    """A company that uses Guanxi. A reference table: outside the wall, the same on every node."""

    id = IdField()
    name = models.CharField(_("company name"), max_length=200)
    slug = models.SlugField(_("short name in commands"), max_length=60, unique=True)
    time_zone = models.CharField(_("time zone"), max_length=60, default="Asia/Shanghai")
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    settings = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")

    def __str__(self) -> str:
        return self.name

    @property
    def ledger_months(self) -> int:
        """Months the change log is kept, 0 for ever. Until the company chooses, the installation's setting holds."""
        return int(self.settings.get(LEDGER_MONTHS, installation.LEDGER_KEEP_MONTHS) or 0)


def company() -> Tenant:
    """The company of the open scope, read once in it. Raises NoScope."""
    opened = require_scope()
    if _COMPANY not in opened.read:
        opened.read[_COMPANY] = Tenant.objects.get(id=opened.tenant_id)
    found: Tenant = opened.read[_COMPANY]
    return found


def company_changed() -> None:
    """After the company's row was written in the open scope: it is read anew."""
    require_scope().read.pop(_COMPANY, None)


# What becomes of a table where a company is taken out as an archive.
KEPT, DERIVED, LEFT = "kept", "derived", "left"


class Record(models.Model):
    """Abstract: a business row with its keys, version and times.

    `archived` says what becomes of the table in a company's archive: KEPT; DERIVED from other rows by the resource
    layer (`writing.reindex`), and made again where the company arrives; LEFT out: secrets, and what is of use on one
    installation only. Columns of `archived_without` stay out of it.
    """

    archived: ClassVar[str] = KEPT
    archived_without: ClassVar[tuple[str, ...]] = ()

    tenant_id = TenantField()
    id = IdField()
    version = VersionField()
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        abstract = True


class Note(models.Model):
    """Abstract: a bookkeeping row behind the wall but outside the ledger (jobs, notices, derived rows).

    Each says for itself what becomes of it in an archive, see `Record`.
    """

    archived: ClassVar[str]
    archived_without: ClassVar[tuple[str, ...]] = ()

    tenant_id = TenantField(ledger=False)
    id = IdField()
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        abstract = True
