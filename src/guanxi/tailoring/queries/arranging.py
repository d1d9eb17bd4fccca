"""Sections of card and form in the order a company gave them.

What a layout does not name, because it came later, stands at the end: a declared field in its own section, a field
of the company's own in the last.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from guanxi.kinds import Kind
from guanxi.resource.declaration import Resource, Section
from guanxi.tailoring.models.fields import shown

if TYPE_CHECKING:
    from guanxi.tailoring.queries.wishes import Arrangement

OWN = "own"
OWN_TITLE = _("More")
_shown = lazy(shown, str)


def arranged(
    resource: type[Resource], fields: Mapping[str, Kind], layout: "Arrangement | None", place: str
) -> list[Section]:
    """The sections of "card" or "form": ordered, titled, without what is left out there."""
    hidden = {name for name, kind in fields.items() if kind.own and kind.own.hidden}
    if layout is not None:
        # A field that was made required later must be there to be filled in.
        off = layout.off_card if place == "card" else layout.off_form - must_stay(resource)
        hidden |= off
    found = []
    for section in whole(resource.form, fields, layout):
        names = tuple(name for name in section.fields if name not in hidden)
        if names:
            found.append(Section(section.title, names, section.key, section.minor))
    return found


def must_stay(resource: type[Resource]) -> frozenset[str]:
    """Names of fields that a form cannot be without."""
    return frozenset(name for name, kind in resource.fields().items() if kind.required)


def whole(
    sections: Sequence[Section], fields: Mapping[str, Kind], layout: "Arrangement | None"
) -> list[Section]:
    """Every section with every field, hidden ones too, in the company's order; the last may be empty."""
    declared = {section.key: section for section in sections}
    known = {name for section in sections for name in section.fields} | set(fields)
    placed: list[tuple[str, Any, list[str]]] = []
    taken: set[str] = set()
    for one in layout.sections if layout else ():
        key = str(one.get("key", ""))
        if not key or key in {other for other, _title, _names in placed}:
            continue
        names = _fresh(one.get("fields", ()), known, taken)
        title = _title(one, declared.get(key))
        if title is not None:
            placed.append((key, title, names))
        else:
            taken -= set(names)  # of a section that is no more: they go where they were declared
    for section in sections:
        rest = _fresh(section.fields, known, taken)
        mine = next((names for key, _title, names in placed if key == section.key), None)
        if mine is None:
            placed.append((section.key, section.title, rest))
        else:
            mine.extend(rest)
    own = next((names for key, _title, names in placed if key == OWN), None)
    if own is None:
        own = []
        placed.append((OWN, OWN_TITLE, own))
    own.extend(_fresh(fields, known, taken))
    minor = {section.key for section in sections if section.minor}
    return [Section(title, tuple(names), key, key in minor) for key, title, names in placed]


def _fresh(names: Iterable[str], known: Collection[str], taken: set[str]) -> list[str]:
    found = [name for name in dict.fromkeys(names) if name in known and name not in taken]
    taken.update(found)
    return found


def _title(one: Mapping[str, Any], declared: Section | None) -> Any:
    """The company's title of a section, else the declared one; None where the section is no more."""
    zh, en = str(one.get("zh", "")), str(one.get("en", ""))
    if zh or en:
        return _shown(zh, en)
    if declared is not None:
        return declared.title
    return OWN_TITLE if one.get("key") == OWN else None
