"""The kinds of files a list can leave as: tables for every resource, and the entries that its context writes."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from guanxi.integrations.exports.entries import Entries, entries_of
from guanxi.kernel.errors import Invalid, Message
from guanxi.kinds.kind import Words
from guanxi.resource.declaration import Resource

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file. `key` is how it is asked for, `entries` how its records are written where it is no table."""

    key: str
    ending: str
    label: Words
    media: str
    entries: Entries | None = None


TABLES = (
    Format("xlsx", "xlsx", _("Workbook (XLSX)"), _XLSX),
    Format("csv", "csv", _("Table as text (CSV)"), "text/csv; charset=utf-8"),
)


def formats_of(resource: type[Resource]) -> dict[str, Format]:
    """The kinds of files that a resource's lists can leave as, by key."""
    entries = (Format(one.key, one.ending, one.label, one.media, one) for one in entries_of(resource))
    return {one.key: one for one in (*TABLES, *entries)}


def format_of(resource: type[Resource], key: str) -> Format:
    """The one that is asked for. Raises Invalid."""
    found = formats_of(resource)
    if key not in found:
        known = ", ".join(f"`{one}`" for one in found)
        raise Invalid({"format": [Message("format", _("Choose one of these: %(known)s."), {"known": known})]})
    return found[key]
