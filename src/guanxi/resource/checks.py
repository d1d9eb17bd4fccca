"""System checks: what is declared and contributed fits together. What does not stops the start, not the reader.

A name that is not translated is a warning: catalogues may not be compiled yet. Tests suffer neither.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as Caution
from django.core.exceptions import FieldDoesNotExist
from django.utils.functional import Promise
from django.utils.translation import override

from guanxi.foundation.permissions import codes
from guanxi.kinds.kind import PREFIX, Kind
from guanxi.resource import registry
from guanxi.resource.contributions import Panel, contributed, contributed_to
from guanxi.resource.declaration import Resource
from guanxi.resource.filters import RESERVED
from guanxi.resource.links import Link, RecordLink
from guanxi.resource.related import Related

PLACES = ("left", "middle", "right", "tab")


@register
def check_resources(**_options: Any) -> list[CheckMessage]:
    """Every resource with what was added to it, and additions to resources that do not exist."""
    known = {resource.key for resource in registry.every()} | {"*"}
    found: list[CheckMessage] = [
        Error(f"something is contributed to {key}, and there is no such resource", id="resource.E001")
        for key in contributed_to()
        if key not in known
    ]
    for resource in registry.every():
        found += [
            (Caution if number[0] == "W" else Error)(f"{resource.key}: {text}", id=f"resource.{number}")
            for number, text in _faults(resource)
        ]
    return found


def _faults(resource: type[Resource]) -> Iterator[tuple[str, str]]:
    added = contributed(resource.key)
    for words in (resource.label, resource.label_plural):
        yield from _said(words, "the resource's name")
    yield from _fields(resource)
    yield from _kinds(resource, added.kinds)
    for name in added.filters:
        kind = resource.declared.get(name)
        if kind is None or (kind.computed and not kind.computed.find):
            yield "E003", f"a filter is contributed for {name}, which nothing says how to filter by"
    panels = [*resource.panels, *added.panels]
    for what, things in {"panel": panels, "alert": added.alerts, "button": added.buttons}.items():
        keys = [thing.key for thing in things]  # type: ignore[attr-defined]
        yield from (
            ("E004", f"two of its {what}s are called {key}") for key in {*keys} if keys.count(key) > 1
        )
        yield from _codes((thing.code for thing in things), what)  # type: ignore[attr-defined]
    for panel in panels:
        yield from _panel(panel)


def _fields(resource: type[Resource]) -> Iterator[tuple[str, str]]:
    """What a declaration names exists, and has a name in every language."""
    named = {
        "columns": resource.columns, "filters": resource.filters, "header": resource.header,
        "bulk_fields": resource.bulk_fields, "phone": resource.phone, "defaults": resource.defaults,
        "form": [name for section in resource.form for name in section.fields],
        "title": (resource.title,), "owner": (resource.owner,) if resource.owner else (),
    }  # fmt: skip
    for place, names in named.items():
        for name in names:
            if name not in resource.declared:
                yield "E002", f"{place} names a field {name}, and there is none"
    for kind in resource.declared.values():
        yield from _said(kind.label, f"the field {kind.name}")
        yield from _codes((kind.code,), f"field {kind.name}")
        if isinstance(kind, RecordLink) and registry.find_by_key(kind.to) is None:
            yield "E002", f"the field {kind.name} refers to {kind.to}, and there is no such resource"
    for section in resource.form:
        yield from _said(section.title, "a section")


def _kinds(resource: type[Resource], kinds: Sequence[Kind]) -> Iterator[tuple[str, str]]:
    """Contributed fields: computed ones, under names that are nobody's."""
    taken = {kind.name for kind in resource.kinds} | RESERVED
    for kind in kinds:
        if kind.computed is None or (isinstance(kind, Link) and not isinstance(kind, RecordLink)):
            yield "E005", f"the contributed field {kind.name} is not computed, or of a kind that cannot be"
        if kind.name in taken or kind.name.startswith(PREFIX) or _is_column(resource, kind.name):
            yield "E004", f"the name of the contributed field {kind.name} is taken"
        taken.add(kind.name)


def _is_column(resource: type[Resource], name: str) -> bool:
    try:
        resource.model._meta.get_field(name)
    except FieldDoesNotExist:
        return hasattr(resource.model, name)
    return True


def _panel(panel: Panel) -> Iterator[tuple[str, str]]:
    yield from _said(panel.title, f"the panel {panel.key}")
    if panel.place not in PLACES:
        yield "E006", f"the panel {panel.key} is to stand at {panel.place}, and there is no such place"
    if isinstance(panel, Related):
        target = registry.find_by_key(panel.to)
        names = [name for name in (*panel.sub, panel.end, panel.end_sub) if name]
        if target is None or any(name not in target.declared for name in (panel.by, *names)):
            yield "E007", f"the panel {panel.key} shows what is not there"
        elif panel.by not in target.filters:
            yield "E007", f"the panel {panel.key} leads to a list that cannot be filtered by {panel.by}"


def _codes(wanted: Iterable[str], what: str) -> Iterator[tuple[str, str]]:
    for code in wanted:
        if code and codes.find_code(code) is None:
            yield "E008", f"a {what} needs the permission {code}, which nobody has registered"


def _said(words: Any, what: str) -> Iterator[tuple[str, str]]:
    """Words people read are translated: a text of its own in every language but the source's."""
    if not isinstance(words, Promise):
        yield "E009", f"{what} has no translatable name"
        return
    with override("en"):
        source = str(words)
    for language, _name in settings.LANGUAGES:
        with override(language):
            if not language.startswith("en") and str(words) == source:
                yield "W009", f"{what} ({source}) has no name in {language}"
