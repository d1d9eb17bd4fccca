"""A panel of the rows of one resource that refer to a record of another."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.html import format_html_join

from guanxi.foundation.design.shapes import PanelRow
from guanxi.foundation.permissions.actor import Actor
from guanxi.kinds.kind import Declared, Kind, Show
from guanxi.resource import access
from guanxi.resource.contributions import Content, Draw, Panel
from guanxi.resource.declaration import Resource, Words
from guanxi.resource.links import look_up
from guanxi.resource.registry import find

SHOWN = 3
COUNTED = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Related(Panel):
    """The rows of the resource `to` whose field `by` refers to the record on whose card the panel stands.

    The first three in the order of the list, with the fields `sub` under the name, `end` and `end_sub` at the right;
    how many there are (counted to 1,000); the way to the whole list, filtered; and to the form of a new one with
    the link filled in. `empty` says what belongs there. It is there for whoever may see rows of `to` and what `by`
    says of them.
    """

    key: str = ""
    draw: Draw = field(init=False, repr=False, compare=False)
    to: str
    by: str
    sub: Sequence[str] = ()
    end: str = ""
    end_sub: str = ""
    empty: Words = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "draw", self._draw)
        object.__setattr__(self, "key", self.key or f"{self.to}-{self.by}")

    def there(self, actor: Actor, resource: type[Declared]) -> bool:
        target = find(self.to)
        held = (not self.code or actor.may(self.code)) and actor.may(target.permission("view"))
        return held and access.is_open(actor, target.kind(self.by))

    def _draw(self, actor: Actor, record: Any, show: Show) -> Content:
        target = find(self.to)
        by = target.kind(self.by)
        found = access.visible(actor, target).filter(**{by.column: record.pk})
        names = (*self.sub, self.end, self.end_sub)
        kinds = {kind.name: kind for kind in access.readable(actor, target, names)}
        ordered = found.order_by(*_order(actor, target)).select_related(*access.lookups(target, kinds))
        rows = list(ordered[: SHOWN + 1])
        count: int | str = len(rows)
        if len(rows) > SHOWN:
            exact = found.order_by()[: COUNTED + 1].count()
            count = f"{exact:,}" if exact <= COUNTED else f"{COUNTED:,}+"
        look_up(kinds.values(), rows[:SHOWN], show)
        linked = f"?{self.by}={record.pk}"
        may_add = target.offers("create") and actor.may(target.permission("create"))
        return Content(
            rows=[self._row(target, kinds, row, show) for row in rows[:SHOWN]],
            count=count,
            url=target.url() + linked if rows else "",
            add_url=target.url("new") + linked if may_add and by in access.writable(actor, target) else "",
            add=target.words()["new_title"],
            empty=self.empty,
        )

    def _row(self, target: type[Resource], kinds: dict[str, Kind], row: Any, show: Show) -> PanelRow:
        texts = [_shown(kinds.get(name), row, show) for name in self.sub]
        return PanelRow(
            title=str(row),
            url=target.url("card", id=row.pk),
            sub=format_html_join(" · ", "{}", ((text,) for text in texts if text)),
            end=_shown(kinds.get(self.end), row, show),
            end_sub=_shown(kinds.get(self.end_sub), row, show),
        )


def _order(actor: Actor, target: type[Resource]) -> list[str]:
    """The list's own order; where it is by a field closed to the actor, the newest first."""
    sort = target.sorts[0]
    kind = target.fields().get(sort.key)
    if kind is not None and not access.is_open(actor, kind):
        return ["-id"]
    return [("-" if sort.descending else "") + column for column in sort.columns]


def _shown(kind: Kind | None, row: Any, show: Show) -> str:
    if kind is None:
        return ""
    return kind.masked(row, show) if access.is_masked(show.actor, kind) else kind.html(row, show)
