"""The register of permission codes. Each context registers its own at start-up."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from guanxi.foundation.permissions.actor import REACHES

Text = str | Promise

OWNER, ADMINISTRATOR = "owner", "administrator"


class ReadyRole(NamedTuple):
    """A role that every company starts with; product.md's table of who uses the product."""

    code: str
    name: Text
    note: Text


READY_ROLES = (
    ReadyRole(OWNER, pgettext_lazy("role", "Owner"), _("The whole company at a glance")),
    ReadyRole(
        ADMINISTRATOR, _("Administrator"), _("People, roles, fields, rules, imports; may do everything")
    ),
    ReadyRole("sales_manager", _("Sales manager"), _("Pipeline, forecast, assignment, handover, coaching")),
    ReadyRole("salesperson", _("Salesperson"), _("Own customers, deals and quotes")),
    ReadyRole("marketer", _("Marketer"), _("Campaigns, leads, segments, mailings")),
    ReadyRole("service_agent", _("Service agent"), _("Tickets, complaints, the customer's equipment")),
    ReadyRole("dispatcher", _("Dispatcher"), _("Who goes where, with which skill, when")),
    ReadyRole("technician", _("Technician"), _("The day's route and the work orders on a phone")),
    ReadyRole("finance", _("Finance"), _("Payment plans, receipts, invoices, receivables")),
)
SYSTEM = pgettext_lazy("rights", "System")  # the group of codes that belong to no context
EVERYBODY = tuple(role.code for role in READY_ROLES)


@cache
def _ready_words() -> dict[str, tuple[ReadyRole, frozenset[str]]]:
    """Each ready-made role with its name and description in every language."""
    found: dict[str, tuple[ReadyRole, set[str]]] = {role.code: (role, set()) for role in READY_ROLES}
    for language, _name in settings.LANGUAGES:
        with override(language):
            for role, words in found.values():
                words |= {str(role.name), str(role.note)}
    return {code: (role, frozenset(words)) for code, (role, words) in found.items()}


def in_readers_language(code: str, name: str, note: str) -> tuple[str, str]:
    """A stored role's name and description: of a ready-made one in the reader's language, where nobody has
    written others."""
    ready, words = _ready_words().get(code, (None, frozenset()))
    if ready is None:
        return name, note
    return str(ready.name) if name in words else name, str(ready.note) if note in words else note


@dataclass(frozen=True, slots=True)
class Code:
    """A permission. Without `reach` it is held or not (stored as "all"); `defaults`: ready role to reach."""

    key: str
    label: Text
    group: Text
    reach: bool = True
    defaults: Mapping[str, str] = field(default_factory=dict)


_codes: dict[str, Code] = {}


def register(
    code: str, label: Text, *, group: Text, reach: bool = True, defaults: Mapping[str, str] | None = None
) -> None:
    """Make a code known. Owner and administrator hold it everywhere unless `defaults` says otherwise.

    Raises ValueError for a malformed code, an unknown role or reach: a fault in a declaration.
    """
    if code.count(".") != 2 or not all(part.isidentifier() for part in code.split(".")):
        raise ValueError(f"a permission code is context.resource.verb: {code!r}")
    given = {OWNER: "all", ADMINISTRATOR: "all", **(defaults or {})}
    for role, value in given.items():
        if role not in EVERYBODY or (value and value not in REACHES):
            raise ValueError(f"{code}: {role!r}: {value!r}")
    if not reach:
        given = {role: "all" for role, value in given.items() if value}
    held = {role: value for role, value in given.items() if value}
    _codes[code] = Code(code, label, group, reach, MappingProxyType(held))


def all_codes() -> tuple[Code, ...]:
    """Every code, in the order of registration: contexts from the ground up."""
    return tuple(_codes.values())


def find_code(code: str) -> Code | None:
    """A registered code, or None for one whose context is gone."""
    return _codes.get(code)


@dataclass(frozen=True, slots=True)
class CatalogueField:
    """A field of a resource that rules can restrict. `maskable` where a masked form makes sense (phones).

    Not `hideable` is what a record is called by: it stands on every page that names it.
    """

    name: str
    label: Text
    maskable: bool = False
    hideable: bool = True

    def takes(self, mode: str) -> bool:
        """Whether the field can be restricted in this way."""
        return {"mask": self.maskable, "hide": self.hideable}.get(mode, True)


@dataclass(frozen=True, slots=True)
class CatalogueResource:
    """A resource and its fields, for the page of field rules."""

    key: str
    label: Text
    fields: tuple[CatalogueField, ...]


field_catalogue: list[Callable[[], list[CatalogueResource]]] = []


def catalogue() -> dict[str, CatalogueResource]:
    """Every resource whose fields can be restricted, by key; filled by the floors above."""
    return {one.key: one for source in field_catalogue for one in source()}


def register_foundation() -> None:
    """The foundation's own codes."""
    people, log, system = _("People and rights"), _("Change log"), SYSTEM
    all_may_see_own = dict.fromkeys(EVERYBODY, "own")
    register(
        "accounts.member.view",
        _("See the list of people"),
        group=people,
        defaults={"sales_manager": "below", "dispatcher": "all"},
    )
    register(
        "accounts.member.manage", _("Add, change and close people and departments"), group=people, reach=False
    )
    register(
        "accounts.member.see_as", _("See as another person"), group=people, reach=False, defaults={OWNER: ""}
    )
    register("permissions.role.manage", _("Change roles and give them to people"), group=people, reach=False)
    register(
        "ledger.operation.view",
        _("See the change log"),
        group=log,
        defaults={**all_may_see_own, "sales_manager": "below", OWNER: "all", ADMINISTRATOR: "all"},
    )
    register("ledger.operation.undo", _("Undo what others did"), group=log, reach=False)
    register(
        "ledger.operation.erase",
        _("Erase a person's data for good"),
        group=log,
        reach=False,
        defaults={OWNER: ""},
    )
    register(
        "files.attachment.add",
        _("Add files"),
        group=system,
        reach=False,
        defaults=dict.fromkeys(EVERYBODY, "all"),
    )
    register(
        "files.attachment.delete",
        _("Delete files others added"),
        group=system,
        reach=False,
        defaults={"sales_manager": "all"},
    )
    register("jobs.job.manage", _("See, stop and restart everybody's jobs"), group=system, reach=False)
    register("settings.company.manage", _("Change the company's settings"), group=system, reach=False)
