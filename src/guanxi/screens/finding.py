"""Search over everything the person may see, and the commands of the palette."""

# Chinese in code: the full-width sign that asks for commands alone

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from guanxi.foundation.design.commands import Asked, Command, closeness, commands, near
from guanxi.foundation.design.shapes import Option
from guanxi.foundation.design.words import calendar_day
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.search.queries import opened_by
from guanxi.foundation.search.services import note_opened
from guanxi.kernel.text import clean_text
from guanxi.kinds import Show
from guanxi.resource import access
from guanxi.resource.declaration import Resource
from guanxi.resource.registry import every, find_by_key
from guanxi.screens import commanding  # noqa: F401  it registers its commands
from guanxi.screens.drawing import masked_name, show_for
from guanxi.screens.marking import marked
from guanxi.screens.why import beside

_LONGEST = 100  # characters of what is typed
_RECENT = 8
_SHOWN = 8  # records of a kind
_COUNTED = 99  # records of a kind that are counted; where there are more, it says so
_ONLY_COMMANDS = (">", "＞", "》")


def found(actor: Actor, text: str, show: Show, *, limit: int = _SHOWN) -> list[Option]:
    """Records found by a text, by resource: those the person may see; where these are few, what he may know of."""
    lately: dict[str, list[UUID]] = {}
    for key, record in opened_by(actor.member_id):
        lately.setdefault(key, []).append(record)
    options: list[Option] = []
    for resource in every():
        hits = access.search(actor, resource, text, limit=limit, lately=lately.get(resource.key, ()))
        options += _seen(actor, resource, [hit.id for hit in hits], show, text=text)
        if len(hits) < limit:
            options += [_told(actor, resource, record) for record in access.told(actor, resource, text)]
    return options


def _seen(
    actor: Actor,
    resource: type[Resource],
    ids: Sequence[UUID],
    show: Show,
    *,
    text: str = "",
    group: str = "",
) -> list[Option]:
    rows = access.visible(actor, resource).select_related(*access.lookups(resource, resource.columns))
    records = rows.in_bulk(list(ids)) if ids else {}
    return [
        Option(
            value=str(record.pk),
            label=marked(str(record), text),
            name=str(record),
            sub=beside(actor, resource, record, text, show),
            group=group or str(resource.label_plural),
            icon=resource.icon,
            url=resource.url("card", id=record.pk),
        )
        for record in map(records.get, ids)
        if record is not None
    ]


def _told(actor: Actor, resource: type[Resource], record: Any) -> Option:
    kind = resource.kind(resource.owner)
    owner = getattr(record, kind.name) if access.is_open(actor, kind) else None
    dated = actor.field_mode(resource.key, "created_at") in (None, "read_only")
    day = calendar_day(record.created_at, timezone.localdate())
    since = gettext("since %(date)s") % {"date": day} if dated else ""
    whose = gettext("%(name)s answers for it") % {"name": owner} if owner else ""
    return Option(
        label=masked_name(str(record)),
        sub=" · ".join(filter(None, (gettext("beyond what you see"), whose, since))),
        group=str(resource.label_plural),
        icon="lock",
        masked=True,
    )


def recent(actor: Actor, show: Show, *, but: tuple[str, str] | None = None) -> list[Option]:
    """What the person opened last, as far as it is there and he may still see it; without the card he is on."""
    opened = [one for one in opened_by(actor.member_id) if but != (one[0], str(one[1]))][: 3 * _RECENT]
    shown: dict[UUID, Option] = {}
    for key in dict.fromkeys(key for key, _record in opened):
        resource = find_by_key(key)
        if resource is None or not actor.may(resource.permission("view")):
            continue
        ids = [record for of, record in opened if of == key]
        group = gettext("Opened lately")
        shown |= {UUID(one.value): one for one in _seen(actor, resource, ids, show, group=group)}
    return [shown[record] for _key, record in opened if record in shown][:_RECENT]


def _options(found: Iterable[Command], text: str) -> list[Option]:
    """Commands as options of the palette."""
    return [
        Option(
            label=marked(command.label, text),
            name=command.label,
            sub=command.sub,
            group=command.group or gettext("Commands"),
            icon=command.icon,
            url=command.url,
            press=command.press,
            fields=command.fields,
            key=command.key,
        )
        for command in _grouped(found)
    ]


def _grouped(found: Iterable[Command]) -> list[Command]:
    """Those of one heading together; what belongs to the open record before what can be done anywhere."""
    return sorted(found, key=lambda command: not command.group)


def answer(asked: Asked) -> list[Option]:
    """Everything the palette shows: records first, unless only a command begins with what was typed."""
    actor, show = asked.request.actor, show_for(asked.request)  # type: ignore[attr-defined]
    if not asked.text:
        return recent(actor, show, but=asked.record) + _options(commands(asked), "")
    if asked.text.startswith(_ONLY_COMMANDS):
        asked = replace(asked, text=asked.text[1:].strip())
        return _options(commands(asked) or near(asked), asked.text)
    records, fitting = found(actor, asked.text, show), commands(asked)
    if not records and all(one.offered and not one.meant for one in fitting):
        asked = replace(asked, vain=True)
        return _options([*near(asked), *commands(asked)], asked.text)
    acts = _options(fitting, asked.text)
    begins = any(one.name.casefold().startswith(asked.text.casefold()) for one in records)
    close = acts and closeness(Command(label=acts[0].name), asked.text) == 0
    return acts + records if close and not begins else records + acts


@dataclass(frozen=True, slots=True)
class _Section:
    """What the page shows under one heading: so many there are ("" of what is not counted), and the way to all."""

    title: str
    options: Sequence[Option]
    count: str = ""
    url: str = ""
    link: str = ""


def _sections(actor: Actor, options: Iterable[Option], text: str) -> Iterator[_Section]:
    """By heading, in the order found. Of a kind of which more are there than are shown, they are counted."""
    kinds = {str(resource.label_plural): resource for resource in every()}
    for title, grouped in groupby(options, key=lambda option: option.group):
        mine = list(grouped)
        shown = [option for option in mine if option.value]
        resource = kinds.get(title) if shown and text else None
        if resource is None:
            yield _Section(title, mine)
            continue
        count = len(shown)
        if count >= _SHOWN:
            count = len(access.search(actor, resource, text, limit=_COUNTED + 1))
        url = f"{resource.url()}?{urlencode({'q': text})}" if count > _SHOWN else ""
        if count > _COUNTED:
            yield _Section(title, mine, f"{_COUNTED}+", url, gettext("See all"))
        else:
            link = gettext("All %(count)s") % {"count": resource.count_words(count)}
            yield _Section(title, mine, str(count), url, link)


def _all_results(options: Iterable[Option], text: str, path: str) -> list[Option]:
    """The way to the page of results, below the options, where there may be more of a kind than are among them."""
    shown = Counter(option.group for option in options if option.value)
    if not text or max(shown.values(), default=0) < _SHOWN:
        return []
    return [Option(label=gettext("All results"), icon="search", url=f"{path}?{urlencode({'q': text})}")]


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """To the palette its options, to a browser without scripts a page of results."""
    text = clean_text(request.GET.get("q", ""))[:_LONGEST].strip()
    key, _slash, record = clean_text(request.GET.get("record", ""))[:_LONGEST].partition("/")
    listed = clean_text(request.GET.get("list", ""))[:_LONGEST]
    options = answer(
        Asked(request=request, text=text, record=(key, record) if record else None, listed=listed)
    )
    if request.headers.get("HX-Request"):
        options += _all_results(options, text, request.path)
        return render(request, "screens/options.html", {"options": options})
    # What a script would press or post has no place on a page of links.
    places = [one for one in options if not one.press and one.fields is None]
    sections = list(_sections(request.actor, places, text))  # type: ignore[attr-defined]
    # Commands offer themselves for every text: they are nothing that was found.
    nothing = bool(text) and not any(section.count for section in sections)
    return render(request, "screens/search.html", {"sections": sections, "text": text, "nothing": nothing})


@require_POST
def opened(request: HttpRequest, resource: type[Resource], id: UUID) -> HttpResponse:  # noqa: A002
    """A card tells that it was opened, after it was shown: the card itself only reads."""
    actor = request.actor  # type: ignore[attr-defined]
    record = access.get(actor, resource, id)
    note_opened(actor, resource=resource.key, record_id=record.pk)
    return HttpResponse(status=204)
