"""Search over everything the person may see, and the commands of the palette."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from guanxi.foundation.design.shapes import Option
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.text import clean_text
from guanxi.resource import access
from guanxi.resource.registry import every


def _marked(title: str, text: str) -> str | SafeString:
    """The title with what matched set off; as it is where the match is by pinyin or phone."""
    at = title.casefold().find(text.casefold())
    if at < 0 or not text:
        return title
    end = at + len(text)
    return format_html("{}<mark>{}</mark>{}", title[:at], title[at:end], title[end:])


def found(actor: Actor, text: str, *, limit: int = 8) -> list[Option]:
    """Records found by a text, by resource, then commands."""
    options: list[Option] = []
    for resource in every():
        options += [
            Option(
                value=str(hit.id),
                label=_marked(hit.title, text),
                name=hit.title,
                sub=hit.detail,
                group=str(resource.label_plural),
                icon=resource.icon,
                url=resource.url("card", id=hit.id),
            )
            for hit in access.search(actor, resource, text, limit=limit)
        ]
    return options + commands(actor, text)


def commands(actor: Actor, text: str) -> list[Option]:
    """What can be done by typing: create, go to a list."""
    every_command: list[tuple[str, str, str]] = []
    for resource in every():
        words = resource.words()
        if actor.may(resource.permission("create")):
            every_command.append((str(words.get("new_title", resource.label)), "plus", resource.url("new")))
        if actor.may(resource.permission("view")):
            every_command.append(
                (str(words.get("list_title", resource.label_plural)), resource.icon, resource.url())
            )
            if resource.owner:
                mine = gettext("My %(things)s") % {"things": resource.label_plural}
                every_command.append((mine, resource.icon, f"{resource.url()}?{resource.owner}=me"))
    needle = text.casefold()
    group = gettext("Commands")
    return [
        Option(label=_marked(label, text), name=label, group=group, icon=icon, url=url)
        for label, icon, url in every_command
        if needle in label.casefold()
    ]


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """To the palette its options, to a browser without scripts a page of results."""
    actor = request.actor  # type: ignore[attr-defined]
    text = clean_text(request.GET.get("q", ""))[:100]
    options = found(actor, text) if text else commands(actor, "")
    if request.headers.get("HX-Request"):
        return render(request, "resource/options.html", {"options": options})
    return render(request, "resource/search.html", {"options": options, "text": text})
