"""A lock on every door: who keeps a customer, until when; the acts, the column and the filter."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Customer, Lock
from guanxi.customers.queries.locks import ALWAYS, in_force, lock_of, locked_until
from guanxi.customers.services import locks as services
from guanxi.foundation.design.marks import date_mark, icon
from guanxi.foundation.design.words import calendar_day
from guanxi.foundation.ledger.labels import Image, TableLabels, label_table
from guanxi.foundation.permissions.actor import Actor
from guanxi.kinds import Date
from guanxi.kinds.kind import Computed, Show, Words
from guanxi.resource import access
from guanxi.resource.actions import Action
from guanxi.resource.contributions import Alert, contribute
from guanxi.resource.registry import find


def _read(actor: Actor, ids: Collection[UUID]) -> dict[UUID, date]:
    return dict(locked_until(ids))


def _find(actor: Actor, condition: Q) -> Q:
    return Q(pk__in=in_force().filter(condition).values("customer_id"))


@dataclass(kw_only=True, eq=False)
class LockedUntil(Date):
    """Until which day a customer is locked; ALWAYS without an end, which a day of a filter does not find."""

    def prefetch(self, records: Collection[Any], show: Show) -> None:
        # Most have no pool to be kept from: they are not asked about.
        asked = [one for one in records if not isinstance(one, Customer) or _may_be_locked(one)]
        found = locked_until([one.pk for one in asked]) if asked else {}
        for one in records:
            setattr(one, self.column, found.get(one.pk))

    def said(self, value: Any, language: str) -> str:
        return gettext("without an end") if value == ALWAYS else super().said(value, language)

    def html(self, record: Any, show: Show) -> str:
        value = self.value(record)
        if value is None:
            return ""
        said = gettext("without an end") if value == ALWAYS else date_mark(value, "day")
        return format_html('<span class="gx-nw">{} {}</span>', icon("lock"), said)

    def cell(self, record: Any, show: Show) -> Any:
        value = self.value(record)
        return self.said(value, show.language) if value == ALWAYS else super().cell(record, show)

    def json(self, record: Any, show: Show) -> Any:
        value = self.value(record)
        return "always" if value == ALWAYS else super().json(record, show)

    def json_schema(self) -> dict[str, Any]:
        return {"type": ["string", "null"]}


def _locked(actor: Actor, record: Customer, show: Show) -> tuple[str, Words, str] | None:
    """Who keeps it, and until when."""
    until = lock_of(record.pk) if _may_be_locked(record) else None
    if until is None or record.owner is None or not access.is_open(actor, find("customers").kind("owner")):
        return None
    if until == ALWAYS:
        return "", gettext("Locked by %(who)s: it falls to no pool.") % {"who": record.owner.name}, ""
    said = {"who": record.owner.name, "day": calendar_day(until, timezone.localdate())}
    return "", gettext("Locked by %(who)s until %(day)s: it falls to no pool before.") % said, ""


def _may_be_locked(record: Customer) -> bool:
    return record.owner_id is not None and record.pool_id is not None


def _is_locked(record: Customer) -> bool:
    return _may_be_locked(record) and lock_of(record.pk) is not None


LOCK_ACTIONS = (
    Action(
        key="lock", label=_("Lock"), service=services.lock, verb="lock", icon="lock",
        inputs=(
            Date(
                name="until", label=pgettext_lazy("lock", "Until"),
                help=_("Through this day it does not fall to its pool. Empty: until somebody unlocks it."),
            ),
        ),
        when=_may_be_locked, said=_("%(what)s locked"), order=27,
    ),
    Action(
        key="unlock", label=_("Unlock"), service=services.unlock, verb="unlock", icon="lock-open", when=_is_locked,
        said=_("%(what)s unlocked"), order=28,
    ),
)  # fmt: skip

contribute(
    "customers",
    alerts=(Alert("locked", _locked, order=28),),
    kinds=(
        LockedUntil(
            name="locked_until", label=_("Locked until"), minor=True,
            computed=Computed(read=_read, find=_find, path="until"),
        ),
    ),
    filters=("locked_until",),
)  # fmt: skip


def _seen(actor: Actor, ids: Iterable[UUID]) -> set[UUID]:
    rows = access.visible(actor, find("customers"))
    found = Lock.objects.filter(pk__in=list(ids), customer__in=rows.values("pk"))
    return set(found.values_list("pk", flat=True))


def _seen_in(actor: Actor, image: Image) -> bool:
    rows = access.visible(actor, find("customers"))
    return rows.filter(pk=image.get("customer_id")).exists()


def register() -> None:
    """In the change log a lock is seen by whoever sees its customer."""
    label_table(
        Lock._meta.db_table,
        TableLabels(
            row=lambda image: "",
            visible=_seen,
            seen_in=_seen_in,
            hidden=frozenset({"customer_id"}),
            counted=lambda n: ngettext("%(n)s lock", "%(n)s locks", n) % {"n": n},
        ),
    )
