"""The pages of administration; every floor registers its own, a person sees those he may open."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.design.shapes import Tab
from guanxi.foundation.permissions.actor import Actor

Text = str | Promise

COMPANY = _("Company and people")
RECORDS = _("Records and jobs")


@dataclass(frozen=True, slots=True)
class SettingsPage:
    """A page of administration, open to who holds any of `codes`. Pages of one group stand side by side."""

    key: str
    label: Text
    note: Text
    codes: tuple[str, ...]
    group: Text
    icon: str
    position: int

    def url(self) -> str:
        return reverse(self.key)


_pages: dict[str, SettingsPage] = {}


def register_page(
    key: str, label: Text, note: Text, *, codes: tuple[str, ...], group: Text, icon: str, position: int = 100
) -> None:
    """Make a page known; `key` is the name of its address."""
    _pages[key] = SettingsPage(key, label, note, codes, group, icon, position)


def settings_pages(actor: Actor) -> list[SettingsPage]:
    """The pages the actor may open, in order."""
    open_to = [page for page in _pages.values() if any(actor.may(code) for code in page.codes)]
    return sorted(open_to, key=lambda page: page.position)


def settings_tabs(actor: Actor, key: str) -> list[Tab]:
    """The pages beside this one."""
    group = _pages[key].group
    beside = [page for page in settings_pages(actor) if page.group == group]
    return [Tab(label=str(page.label), url=page.url(), current=page.key == key) for page in beside]


def register_own() -> None:
    """The pages of this context."""
    register_page(
        "people",
        _("People and departments"),
        _("Who works here, in which department, with which roles and sign-in"),
        codes=("accounts.member.view", "accounts.member.manage"),
        group=COMPANY,
        icon="users",
        position=10,
    )
    register_page(
        "roles",
        _("Roles and rights"),
        _("What each role may do, on whose records, and which fields it sees"),
        codes=("permissions.role.manage",),
        group=COMPANY,
        icon="shield-lock",
        position=20,
    )
    register_page(
        "company_settings",
        _("Company details"),
        _("Name, language and time zone; how long the change log is kept"),
        codes=("settings.company.manage",),
        group=COMPANY,
        icon="building",
        position=30,
    )
