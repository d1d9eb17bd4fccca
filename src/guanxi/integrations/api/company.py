"""The company's own details through the API, as the settings page has them."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.services import edit_company
from guanxi.foundation.tenancy.models import Tenant
from guanxi.kernel.errors import Invalid
from guanxi.resource.operations import Operation, declare

MANAGE = "settings.company.manage"


@dataclass(frozen=True, kw_only=True)
class ChangedCompany:
    """What is to be changed. `ledger_months`: how long the change log is kept, at least 6; 0 for ever."""

    name: str | None = None
    language: str | None = None
    time_zone: str | None = None
    ledger_months: int | None = None


@dataclass(frozen=True, kw_only=True)
class CompanyOut:
    """The company. `ledger_months`: how long the change log is kept; 0 for ever."""

    name: str
    language: str
    time_zone: str
    ledger_months: int


def register() -> None:
    """Called once at start-up."""
    declare(
        Operation(
            area="company", method="GET", path="company", act=_read, answer=CompanyOut,
            summary=gettext_noop("Read the company's settings"),
        ),
        Operation(
            area="company", method="PATCH", path="company", act=_edit, body=ChangedCompany, answer=CompanyOut,
            summary=gettext_noop("Change the company's settings"),
            words=gettext_noop("The change log notes it; it cannot be undone, only changed again."),
        ),
        company=_("The company's settings"),
    )  # fmt: skip


def _read(actor: Actor) -> CompanyOut:
    actor.require(MANAGE)
    return _told(Tenant.objects.get(id=actor.tenant_id))


def _told(tenant: Tenant) -> CompanyOut:
    return CompanyOut(
        name=tenant.name,
        language=tenant.language,
        time_zone=tenant.time_zone,
        ledger_months=tenant.ledger_months,
    )


def _edit(actor: Actor, body: ChangedCompany) -> CompanyOut:
    held = _read(actor)
    months = held.ledger_months if body.ledger_months is None else body.ledger_months
    try:
        edited = edit_company(
            actor,
            name=held.name if body.name is None else body.name,
            language=held.language if body.language is None else body.language,
            time_zone=held.time_zone if body.time_zone is None else body.time_zone,
            retention_months=months or None,
        )
    except Invalid as error:
        if "retention_months" in error.fields:
            error.fields["ledger_months"] = error.fields.pop("retention_months")
        raise
    return _told(edited)
