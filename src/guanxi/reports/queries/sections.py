"""The text of a report: counted by the system, and drawn as far as whoever reads it may see what it names."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.tenancy.models import company
from guanxi.foundation.worktime.queries import worktime
from guanxi.kernel.errors import Invalid
from guanxi.kinds import Kind, Show
from guanxi.reports.rules import ITEMS, after, last_of
from guanxi.resource import access, listing
from guanxi.resource.declaration import Resource
from guanxi.resource.registry import find, find_by_key
from guanxi.resource.reporting import NEXT, Asked, Figure, sections

Frozen = list[dict[str, Any]]
_CUSTOMERS = "customers"


def zone() -> ZoneInfo:
    """The time zone of the company in scope."""
    return ZoneInfo(company().time_zone)


def written(actor: Actor, member: UUID, period: str, first: date, *, only: Collection[str] = ()) -> Frozen:
    """What a member did in these days, what he left undone and what comes next, as the actor sees it: sections and
    figures with something in them, as plain data; with `only`, of these figures."""
    here = zone()
    done = Asked(member, first, last_of(period, first), here)
    following = Asked(member, *after(period, first, worktime()), here)
    found: Frozen = []
    with timezone.override(here):
        for section in sections():
            figures = [
                counted
                for figure in section.figures
                if (not only or figure.code in only)
                and (counted := _counted(actor, figure, following if figure.of == NEXT else done))
            ]
            if figures:
                found.append({"code": section.code, "figures": figures})
    return found


def _counted(actor: Actor, figure: Figure, asked: Asked) -> dict[str, Any] | None:
    resource = find(figure.resource)
    if not actor.may(resource.permission("view")):
        return None
    query = figure.query(asked) if figure.query else ""
    if figure.query:
        try:
            rows = listing.read(actor, resource, QueryDict(query)).rows()
        except Invalid:  # a field it asks by is closed to the actor
            return None
        if figure.but and (less := list(figure.but(asked))):
            rows, query = rows.exclude(pk__in=less), ""  # its list would say another number
        count = None
    else:
        ids = list(figure.rows(asked)) if figure.rows else []
        rows, count = access.visible(actor, resource).filter(pk__in=ids), len(ids)
    items, parts = _items(actor, resource, figure, rows)
    if count is None:
        count = len(items) if len(items) < ITEMS else rows.count()
    if not count:
        return None
    if figure.split and len(items) >= ITEMS:
        parts = Counter(rows.order_by().values_list(resource.kind(figure.split).column, flat=True))
    found = {"code": figure.code, "count": count, "resource": figure.resource, "query": query, "items": items}
    return found | ({"parts": dict(parts)} if figure.split else {})


def _items(
    actor: Actor, resource: type[Resource], figure: Figure, rows: QuerySet[Any]
) -> tuple[list[list[str]], Counter[str]]:
    """The first records as [id, customer, its name], and how many there are of each part."""
    name = find(_CUSTOMERS).kind("name")
    said = access.is_open(actor, name)
    link = (
        figure.customer if figure.customer and access.is_open(actor, resource.kind(figure.customer)) else ""
    )
    columns = ["pk"]
    if resource.key == _CUSTOMERS:
        columns += ["pk", "name"]
    elif link:
        columns += [f"{link}_id", f"{link}__name"]
    if figure.split:
        columns.append(resource.kind(figure.split).column)
    sort = resource.sorts[0]
    found, parts = [], Counter[str]()
    for row in rows.order_by(*sort.columns).values_list(*columns)[:ITEMS]:
        values = list(row)
        if figure.split:
            parts[values.pop()] += 1
        pk, customer, called = ([*values, None, None])[:3]
        found.append([str(pk), str(customer or ""), called or "" if said else ""])
    return found, parts


@dataclass(frozen=True, slots=True)
class Line:
    """One record of a figure: the customer, and what it is, each with its address; "" for what the reader may not
    see."""

    customer: str
    customer_url: str
    said: str
    url: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """One figure in words: `parts` of it by outcome, its lines, how many more there are and how many of them the reader
    may not see; `url` is its list, "" for none."""

    code: str
    label: Any
    count: int
    parts: Sequence[tuple[str, int, str]]
    lines: Sequence[Line]
    more: int
    hidden: int
    url: str
    tone: str
    apart: bool


@dataclass(frozen=True, slots=True)
class DrawnSection:
    """A section in words."""

    code: str
    title: Any
    figures: Sequence[Drawn]


def drawn(frozen: Frozen, show: Show) -> list[DrawnSection]:
    """The text for whoever looks. What nobody registers any more is left out."""
    known = {figure.code: figure for section in sections() for figure in section.figures}
    titles = {section.code: section.title for section in sections()}
    seen = _seen(frozen, show)
    return [
        DrawnSection(
            one["code"],
            titles[one["code"]],
            [
                _drawn(known[each["code"]], each, seen, show)
                for each in one["figures"]
                if each["code"] in known
            ],
        )
        for one in frozen
        if one["code"] in titles
    ]


def _drawn(figure: Figure, found: Mapping[str, Any], seen: "_Seen", show: Show) -> Drawn:
    resource = find(figure.resource)
    lines, hidden = [], 0
    linked = not figure.customer or access.is_open(show.actor, resource.kind(figure.customer))
    for pk, customer, called in found["items"]:
        of_customer = figure.resource == _CUSTOMERS
        said = "" if of_customer else seen.said(figure.resource, pk)
        named = called if customer and (linked or of_customer) and seen.there(_CUSTOMERS, customer) else ""
        if not (said or named):
            hidden += 1
            continue
        lines.append(
            Line(
                named,
                find(_CUSTOMERS).url("card", id=customer) if named else "",
                said,
                resource.url("card", id=pk) if said else "",
            )
        )
    may_list = show.actor.may(resource.permission("view"))
    url = f"{resource.url()}?{found['query']}" if found["query"] and may_list else ""
    return Drawn(
        figure.code,
        figure.label,
        found["count"],
        _parts(resource, figure, found, url, show),
        lines,
        max(found["count"] - len(found["items"]), 0),
        hidden,
        url,
        figure.tone,
        figure.apart,
    )


def _parts(
    resource: type[Resource], figure: Figure, found: Mapping[str, Any], url: str, show: Show
) -> list[tuple[str, int, str]]:
    """What it is made of by outcome, as long as there is more than one or it says anything."""
    parts: Mapping[str, int] = found.get("parts", {})
    kind = resource.kind(figure.split) if figure.split else None
    if kind is None or not access.is_open(show.actor, kind) or not any(parts):
        return []
    return [
        (
            kind.said(value, show.language),
            count,
            f"{url}&{figure.split}={value}" if url else "",
        )
        for value, count in sorted(parts.items(), key=lambda one: -one[1])
        if value
    ]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the reader sees of the records that a report names, by resource and id: what each is called today."""

    names: Mapping[str, Mapping[str, str]]

    def there(self, resource: str, pk: str) -> bool:
        return pk in self.names.get(resource, {})

    def said(self, resource: str, pk: str) -> str:
        return self.names.get(resource, {}).get(pk, "")


def _seen(frozen: Frozen, show: Show) -> _Seen:
    wanted: dict[str, set[str]] = {}
    for section in frozen:
        for figure in section["figures"]:
            for pk, customer, _called in figure["items"]:
                wanted.setdefault(figure["resource"], set()).add(pk)
                if customer:
                    wanted.setdefault(_CUSTOMERS, set()).add(customer)
    names = {}
    for key, ids in wanted.items():
        resource = find_by_key(key)
        if resource is None or not show.actor.may(resource.permission("view")):
            continue
        title: Kind = resource.kind(resource.title)
        if key == _CUSTOMERS and not access.is_open(show.actor, title):
            continue
        rows = access.openly(show.actor, resource, resource.title).filter(pk__in=ids)
        closed = not access.is_open(show.actor, title)
        names[key] = {str(one.pk): str(resource.label) if closed else str(one) for one in rows}
    return _Seen(names)


def key_figures(frozen: Frozen) -> dict[str, int]:
    """The counts of an overview by code, those that nothing was counted of left out."""
    known = {figure.code for section in sections() for figure in section.figures if figure.key}
    return {
        figure["code"]: figure["count"]
        for section in frozen
        for figure in section["figures"]
        if figure["code"] in known
    }


def key_labels() -> list[tuple[str, Any, str]]:
    """Code, words and tone of the figures of an overview, in order."""
    return [
        (figure.code, figure.short or figure.label, figure.tone)
        for section in sections()
        for figure in section.figures
        if figure.key
    ]
