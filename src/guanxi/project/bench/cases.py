"""What is asked: every declared sort and filter, pages at depth, totals, search, card, form, writes."""

# Chinese in code: what the bench types into searches

import base64
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.db.models import Count

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.queries import load_actor
from guanxi.kernel.pinyin import readings
from guanxi.kinds import Choices, Coded, DateTime
from guanxi.kinds.kind import Kind
from guanxi.project.bench.client import Ask
from guanxi.resource import access, listing
from guanxi.resource.declaration import Resource, Sort
from guanxi.resource.links import RecordLink

# Milliseconds at the 95th percentile, of the whole request, one client.
LIMITS = {
    "list": 80, "page": 80, "total": 300, "search": 50, "card": 60, "panel": 40, "create": 30, "edit": 40, "api": 60,
}  # fmt: skip
DEEP = 2000  # rows before a page at depth

# Who asks: a name in the report → a sign-in name of the demo company.
PEOPLE = {"seller": "lin.xiaowen", "team": "zhou.haitao", "all": "shan.zhiheng"}


@dataclass(frozen=True, slots=True)
class Case:
    """One line of the report: requests of one kind, taken in turn."""

    group: str
    name: str
    who: str
    asks: tuple[Ask, ...]
    crowded: bool = False
    most: int | None = None  # milliseconds, where it is another limit than its group's

    def ask(self, number: int) -> Ask:
        return self.asks[number % len(self.asks)]

    @property
    def limit(self) -> int | None:
        return self.most or LIMITS.get(self.group)


def actor_of(username: str) -> Actor:
    """The actor behind a sign-in name; needs the company's scope."""
    return load_actor(Member.objects.get(account__username=username).id)


def yardsticks() -> Iterator[Case]:
    """Empty views through the same stack."""
    yield Case("yardstick", "empty view", "", (Ask("/bench/empty/"),), crowded=True)
    yield Case("yardstick", "empty view, signed in", "all", (Ask("/bench/inside/"),), crowded=True)


def reads(resource: type[Resource]) -> Iterator[Case]:
    """All of them; needs the company's scope. Values are taken from the data, so they follow the parameters."""
    actors = {who: actor_of(username) for who, username in PEOPLE.items()}
    for who, actor in actors.items():
        yield from _lists(resource, who, actor)
    for who in ("seller", "all"):
        yield from _filters(resource, who, actors[who])
    for who, actor in actors.items():
        yield from _totals(resource, who, actor)
    for who in ("seller", "all"):
        yield from _searches(resource, who, actors[who])
        yield from _records(resource, who, actors[who])


def _path(resource: type[Resource], page: str = "list", **query: str) -> str:
    text = "&".join(f"{name}={quote(value, safe=',')}" for name, value in query.items())
    return resource.url(page) + (f"?{text}" if text else "")


def _lists(resource: type[Resource], who: str, actor: Actor) -> Iterator[Case]:
    for number, sort in enumerate(resource.sorts):
        for descending in (sort.descending, not sort.descending):
            text = ("-" if descending else "") + sort.key
            path = _path(resource, sort=text)
            first = number == 0 and descending == sort.descending
            yield Case("list", f"sorted by {text}", who, (Ask(path),), crowded=first)
            cursor = _cursor(resource, actor, sort, descending)
            if cursor:
                yield Case(
                    "page", f"at depth by {text}", who, (Ask(f"{path}&after={cursor}"),), crowded=first
                )


def _cursor(resource: type[Resource], actor: Actor, sort: Sort, descending: bool) -> str:
    """The cursor behind row DEEP, or behind half of them where there are fewer."""
    rows = access.visible(actor, resource).order_by(*(("-" if descending else "") + c for c in sort.columns))
    count = rows[: DEEP * 2].count()
    if count < listing.PAGE * 2:
        return ""
    row = rows[count // 2]
    values = [_text(getattr(row, column)) for column in sort.columns]
    text = json.dumps(
        [("-" if descending else "") + sort.key, *values], ensure_ascii=False, separators=(",", ":")
    )
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _text(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _filters(resource: type[Resource], who: str, actor: Actor) -> Iterator[Case]:
    for name in resource.filters:
        kind = resource.kind(name)
        for words, query in _conditions(resource, kind, actor):
            path = _path(resource, **query)
            yield Case("list", f"filtered by {words}", who, (Ask(path),))


def _conditions(resource: type[Resource], kind: Kind, actor: Actor) -> Iterator[tuple[str, dict[str, str]]]:
    """A frequent and a rare value of each field, as the data have them."""
    if isinstance(kind, DateTime):
        rows = access.visible(actor, resource).order_by(f"-{kind.column}")
        last = rows.values_list(kind.column, flat=True).first()
        if last is not None:
            yield f"{kind.name} of one day", {f"{kind.name}.since": f"{last:%Y-%m-%d}"}
            yield f"{kind.name} of 5,000 days", {f"{kind.name}.last": "5000"}
        return
    blank = {f"{kind.column}__isnull": True} if kind.blank() is None else {kind.column: kind.blank()}
    rows = access.visible(actor, resource).exclude(**blank).order_by()
    counted = rows.values_list(kind.column).annotate(n=Count("*")).order_by("-n", kind.column)
    found = [(str(value), number) for value, number in [*counted[:1], *counted.reverse()[:1]]]
    for (value, number), which in zip(found, ("frequent", "rare"), strict=False):
        yield f"{kind.name}, {which} ({number:,})", {kind.name: value}
    if isinstance(kind, Coded) and found and kind.table.within(found[0][0][:2] + "0000"):
        yield f"{kind.name} and all beneath", {kind.name: found[0][0][:2] + "0000"}
    if isinstance(kind, RecordLink | Choices) or kind.name == resource.owner:
        return
    yield f"{kind.name} empty", {f"{kind.name}.empty": ""}


def _totals(resource: type[Resource], who: str, actor: Actor) -> Iterator[Case]:
    yield Case("total", "of everything", who, (Ask(_path(resource, "total")),), crowded=who == "all")
    if "grade" in resource.filters:
        yield Case("total", "of grade A", who, (Ask(_path(resource, "total", grade="A")),))
        yield Case(
            "total", "of two filters", who, (Ask(_path(resource, "total", grade="B", source="referral")),)
        )


def _searches(resource: type[Resource], who: str, actor: Actor) -> Iterator[Case]:
    """The palette's requests, with pieces of names, initials and numbers that are there."""
    names = list(_some(resource, actor, 40))
    kinds: dict[str, list[str]] = {
        "2 characters": [record.name[2:4] for record in names],
        "3 characters": [record.name[2:5] for record in names],
        "whole name": [record.name for record in names],
        "pinyin initials": [_initials(record.name)[:4] for record in names],
        "phone, last 4": [_digits(record.phone)[-4:] for record in names if record.phone],
        "phone, last 6": [_digits(record.phone)[-6:] for record in names if record.phone],
        "nothing found": ["龘龘龘", "zqxjv", "鑫鑫鑫鑫"],
    }
    for name, texts in kinds.items():
        asks = [Ask(f"/search/?q={quote(text)}", headers={"HX-Request": "true"}) for text in texts if text]
        if asks:
            yield Case("search", name, who, tuple(asks), crowded=name == "2 characters")
    common = [
        Ask(f"/search/?q={quote(text)}", headers={"HX-Request": "true"}) for text in ("苏州", "机械", "科技")
    ]
    yield Case("search", "2 very common characters", who, tuple(common))
    yield Case("list", "found by 2 characters", who, tuple(
        Ask(_path(resource, q=text)) for text in kinds["2 characters"]
    ))  # fmt: skip


def _records(resource: type[Resource], who: str, actor: Actor) -> Iterator[Case]:
    ids = [record.pk for record in _some(resource, actor, 50)]
    for group, page in (("card", "card"), ("preview", "preview"), ("form", "edit"), ("history", "history")):
        asks = tuple(Ask(resource.url(page, id=i)) for i in ids)
        yield Case(group, "of 50 records in turn", who, asks, crowded=group == "card")
    yield Case("form", "new", who, (Ask(resource.url("new")),))
    parents = (
        access.visible(actor, resource).exclude(parent_id=None).values_list("parent_id", flat=True)[:200]
    )
    asks = tuple(
        Ask(resource.url("card", id=i)) for i in _seen(resource, actor, list(dict.fromkeys(parents)))
    )
    if asks:
        yield Case("card", "of parent companies", who, asks)


def _seen(resource: type[Resource], actor: Actor, ids: Sequence[Any]) -> list[Any]:
    return list(access.visible(actor, resource).filter(pk__in=ids).values_list("pk", flat=True)[:50])


def _some(resource: type[Resource], actor: Actor, number: int) -> Iterator[Any]:
    """Records spread over the whole list, in the order of their names."""
    rows = access.visible(actor, resource).order_by("name_sort", "id")
    count = rows[: 40 * number].count()
    step = max(count // number, 1)
    yield from rows[: 40 * number : step][:number]


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


def _initials(name: str) -> str:
    read = readings(name, person=False, limit=1)
    return next(iter(read.initials), "")
