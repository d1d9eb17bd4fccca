"""Panels of the rows that hang on a record: all of them that fit, each with a way to use it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext

from guanxi.foundation.design.shapes import PanelRow
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.phones import parse_phone
from guanxi.kinds import Kind, Show
from guanxi.resource import access
from guanxi.resource.contributions import Content, Draw, Panel
from guanxi.resource.links import look_up
from guanxi.resource.registry import find

SHOWN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Hanging(Panel):
    """Not there for who may not know what the rows hang on."""

    to: str
    link: str

    def there(self, actor: Actor, resource: Any) -> bool:
        target = find(self.to)
        return actor.may(target.permission("view")) and access.is_open(actor, target.kind(self.link))


def hanging(
    to: str,
    link: str,
    title: Any,
    *,
    order: int,
    sub: Sequence[str],
    by: Sequence[Any],
    empty: Any,
    end: Callable[[Any], str] | None = None,
    head: str = "",
    adds: Callable[[Actor, Any], bool] | None = None,
) -> Panel:
    """A panel of the rows of the resource `to` whose `link` leads to the record; `end` is a way to use one, `head` the
    field that a row begins with where that is not its title. `adds` says whether one is added by somebody who may edit
    the record, where not everybody may who does."""
    draw = _drawing(to, link, (head or find(to).title, *sub), by, empty, end, adds)
    return Hanging(key=to, title=title, draw=draw, order=order, to=to, link=link)


def _drawing(
    to: str,
    link: str,
    names: Sequence[str],
    by: Sequence[Any],
    empty: Any,
    end: Callable[[Any], str] | None,
    adds: Callable[[Actor, Any], bool] | None,
) -> Draw:
    def draw(actor: Actor, record: Any, show: Show) -> Content:
        target = find(to)
        found = access.visible(actor, target).filter(**{target.kind(link).column: record.pk})
        rows = list(found.order_by(*by)[: SHOWN + 1])
        count = len(rows) if len(rows) <= SHOWN else found.count()
        kinds = {kind.name: kind for kind in access.readable(actor, target, (*names, "main"))}
        look_up(kinds.values(), rows, show)
        linked = f"?{link}={record.pk}"
        may_add = access.allows(actor, find_of(record), record, "edit")
        may_add = may_add and (adds is None or adds(actor, record))
        drawn = [_drawn(target, kinds, names, row, show, end) for row in rows[:SHOWN]]
        return Content(
            count=count,
            url=target.url() + linked if rows else "",
            add_url=target.url("new") + linked if may_add else "",
            add=target.words()["new_title"],
            empty=empty,
            template="customers/rows.html" if drawn else "",
            context={"groups": [("", "", drawn)]},
        )

    return draw


def find_of(record: Any) -> Any:
    """The resource of a record that rows hang on."""
    from guanxi.resource.registry import resource_of

    return resource_of(record)


def _drawn(
    target: Any,
    kinds: dict[str, Kind],
    names: Sequence[str],
    row: Any,
    show: Show,
    end: Callable[[Any], str] | None,
) -> PanelRow:
    head, *sub = names
    said = [shown(kinds[name], row, show) for name in sub if name in kinds]
    main = kinds.get("main")
    if main is not None and main.value(row):
        said.insert(0, gettext("main"))
    title = kinds.get(head)
    is_open = title is not None and access.is_open(show.actor, title)
    return PanelRow(
        title=shown(title, row, show) if title is not None else "—",
        url=target.url("card", id=row.pk),
        sub=" · ".join(text for text in said if text),
        end=end(row) if end is not None and is_open else "",
    )


def shown(kind: Kind, row: Any, show: Show) -> str:
    """A value as this reader may see it, in a line of words."""
    if access.is_masked(show.actor, kind):
        return kind.masked(row, show)
    value = kind.text(row, show)
    if kind.name == "until" and value:
        return gettext("until %(day)s") % {"day": value}
    return value


def reached_by(row: Any) -> str:
    """A link that calls, writes or opens; a button that copies."""
    if row.kind in ("phone", "mobile"):
        phone = parse_phone(row.value)
        if phone.e164:
            return format_html('<a class="gx-lk" href="tel:{}">{}</a>', phone.e164, gettext("Call"))
    if row.kind == "email":
        return format_html('<a class="gx-lk" href="mailto:{}">{}</a>', row.value, gettext("Write"))
    if row.kind == "web" and row.value.startswith(("http://", "https://")):
        return format_html(
            '<a class="gx-lk" href="{}" rel="noopener noreferrer" target="_blank">{}</a>',
            row.value,
            gettext("Open"),
        )
    return format_html(
        '<button type="button" class="gx-lk gx-plain" data-gx-copy="{}" data-gx-copied="{}">{}</button>',
        row.value, gettext("Copied"), gettext("Copy"),
    )  # fmt: skip
