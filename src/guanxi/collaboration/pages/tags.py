"""Tags: on a card, in a picker, and their page in administration."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.collaboration.choices import Colour
from guanxi.collaboration.kinds import tag_mark
from guanxi.collaboration.models import Tag
from guanxi.collaboration.pages.answers import is_part, part, told
from guanxi.collaboration.queries.people import record_of
from guanxi.collaboration.queries.tags import (
    MANAGE,
    NEW,
    USE,
    find_tag,
    name_key,
    suggest_tags,
    tags_of,
    uses,
)
from guanxi.collaboration.services.tags import create_tag, delete_tag, edit_tag, merge_tags, set_tags
from guanxi.foundation.design.shapes import Field, Option
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.settings_index import settings_tabs
from guanxi.foundation.permissions.web import Draft, actor_of, tell, uuid_of, version_of
from guanxi.kernel.errors import Invalid, Stale
from guanxi.kernel.text import clean_text
from guanxi.kinds import Show
from guanxi.resource import registry
from guanxi.resource.declaration import Resource


def marks(actor: Actor, record: Any, show: Show) -> str:
    """A record's tags beside its name, with the way to change them."""
    return render_to_string(
        "collaboration/record_tags.html", _marks(actor, registry.resource_of(record), record)
    )


def _marks(actor: Actor, resource: type[Resource], record: Any) -> dict[str, Any]:
    found = tags_of(resource, [record.pk]).get(record.pk, ())
    return {
        "marks": [(f"{resource.url()}?tags={tag.id}", tag_mark(tag)) for tag in found],
        "url": reverse("record_tags", args=[resource.key, record.pk]) if actor.may(USE) else "",
    }


@require_http_methods(["GET", "POST"])
def record_tags(request: HttpRequest, resource: str, id: UUID) -> HttpResponse:  # noqa: A002
    """The editor of a record's tags; a POST lets it bear those of `tags` and no others."""
    actor = actor_of(request)
    kind, record = record_of(actor, resource, id)
    actor.require(USE)
    errors: list[str] = []
    picked = list(tags_of(kind, [record.pk]).get(record.pk, ()))
    if request.method == "POST":
        given = request.POST.getlist("tags")
        new = [text.removeprefix(NEW) for text in given if text.startswith(NEW)]
        if typed := request.POST.get("tags__text", "").strip():  # without JavaScript
            new.append(typed)
        wanted = [one for one in map(uuid_of, (text for text in given if not text.startswith(NEW))) if one]
        try:
            changed = set_tags(actor, resource=kind.key, record_id=id, tags=wanted, new=new)
        except Invalid as error:
            errors = [str(message) for said in error.fields.values() for message in said]
            picked = list(Tag.objects.filter(id__in=wanted))
        else:
            if not is_part(request):
                if changed:
                    tell(request, _("Tags changed"), undo=last_operation_id())
                return HttpResponseRedirect(kind.url("card", id=id))
            answer = part(request, "record_tags.html", _marks(actor, kind, record))
            return told(answer, _("Tags changed")) if changed else answer
    context = {
        "url": reverse("record_tags", args=[kind.key, id]),
        "card_url": kind.url("card", id=id),
        "record": record,
        "field": Field(
            name="tags",
            label=_("Tags"),
            kind="picker",
            multiple=True,
            options=[Option(value=str(tag.id), label=tag.name, selected=True) for tag in picked],
            url=reverse("tag_options"),
            placeholder=_("Type to find or create"),
            errors=errors,
            prefix="record_",
        ),
    }
    template = "tag_editor.html" if is_part(request) else "tag_editor_page.html"
    return part(request, template, context, status=422 if errors else 200)


@require_GET
def options(request: HttpRequest) -> HttpResponse:
    """What a picker of tags offers; a name that is new can be made on the spot."""
    actor = actor_of(request)
    text = clean_text(request.GET.get("q", ""))[:40]
    found = suggest_tags(text)
    there = any(tag.name_key == name_key(text) for tag in found)
    offered = [Option(value=str(tag.id), label=tag.name) for tag in found]
    if text and not there and actor.may(USE):
        words = _("Create “%(name)s”") % {"name": text}
        offered.append(Option(value=f"{NEW}{text}", label=words, name=text, icon="plus"))
    return render(request, "collaboration/people.html", {"options": offered})


# Administration


@require_http_methods(["GET", "POST"])
def tags(request: HttpRequest) -> HttpResponse:
    """Every tag and what bears it; a POST makes one."""
    actor = actor_of(request)
    actor.require(MANAGE)
    draft = Draft({})
    if request.method == "POST":
        draft = Draft({name: request.POST.get(name, "") for name in ("name", "colour")})
        try:
            made = create_tag(actor, name=str(draft.values["name"]), colour=str(draft.values["colour"]))
        except Invalid as error:
            draft.blame(error)
        else:
            tell(request, _("“%(name)s” is there") % {"name": made.name}, undo=last_operation_id())
            return HttpResponseRedirect(reverse("tags"))
    used = uses(actor)
    rows = [
        (tag, tag_mark(tag), _used(used.get(tag.id, {}), tag))
        for tag in Tag.objects.order_by("name_sort", "id")
    ]
    context = {
        "rows": rows,
        "fields": _fields(draft),
        "draft": draft,
        "tabs": settings_tabs(actor, "tags"),
        "active": "settings",
    }
    return render(request, "collaboration/tags.html", context, status=422 if draft.errors else 200)


@require_http_methods(["GET", "POST"])
def tag(request: HttpRequest, tag_id: UUID) -> HttpResponse:
    """One tag: its name and colour, merging it, deleting it."""
    actor = actor_of(request)
    actor.require(MANAGE)
    found = find_tag(tag_id)
    draft = Draft({"name": found.name, "colour": found.colour})
    status = 200
    if request.method == "POST":
        draft = Draft({name: request.POST.get(name, "") for name in ("name", "colour")})
        try:
            edit_tag(
                actor,
                tag_id,
                name=str(draft.values["name"]),
                colour=str(draft.values["colour"]),
                expected_version=version_of(request),
            )
        except Invalid as error:
            draft.blame(error)
            status = 422
        except Stale:
            draft.overall = (
                _("Somebody else has changed this tag meanwhile. Save again to put yours over it."),
            )
            status = 409
        else:
            tell(request, _("Saved"), undo=last_operation_id())
            return HttpResponseRedirect(reverse("tags"))
    others = Tag.objects.exclude(id=found.id).order_by("name_sort", "id")
    context = {
        "tag": found,
        "mark": tag_mark(found),
        "fields": _fields(draft),
        "draft": draft,
        "used": _used(uses(actor).get(found.id, {}), found),
        "others": [Option(value=str(one.id), label=one.name) for one in others],
        "tabs": settings_tabs(actor, "tags"),
        "active": "settings",
    }
    return render(request, "collaboration/tag.html", context, status=status)


@require_POST
def merge(request: HttpRequest, tag_id: UUID) -> HttpResponse:
    """Merge a tag into another one."""
    actor = actor_of(request)
    actor.require(MANAGE)
    found = find_tag(tag_id)
    into = uuid_of(request.POST.get("into"))
    if into is None:
        tell(request, _("Choose another tag to merge this one into."))
        return HttpResponseRedirect(reverse("tag", args=[tag_id]))
    target = find_tag(into)
    merge_tags(actor, tag_id, into=into)
    words = _("“%(name)s” is “%(other)s” now") % {"name": found.name, "other": target.name}
    tell(request, words, undo=last_operation_id())
    return HttpResponseRedirect(reverse("tags"))


@require_POST
def delete(request: HttpRequest, tag_id: UUID) -> HttpResponse:
    """Take a tag away from everything; the toast brings it back."""
    actor = actor_of(request)
    actor.require(MANAGE)
    found = find_tag(tag_id)
    delete_tag(actor, tag_id)
    tell(request, _("“%(name)s” deleted") % {"name": found.name}, undo=last_operation_id())
    return HttpResponseRedirect(reverse("tags"))


def _fields(draft: Draft) -> list[Field]:
    colours = [
        Option(value=code, label=str(label), selected=str(draft.values.get("colour") or "") == code)
        for code, label in Colour.choices
    ]
    return [
        draft.field("name", _("Tag name"), required=True, maxlength=40),
        draft.field("colour", _("Colour"), "select", colours),
    ]


def _used(by_key: Any, tag: Tag) -> list[tuple[str, str]]:
    """On how many records of each kind, with the way to them."""
    found = []
    for key, count in by_key.items():
        resource = registry.find(key)
        found.append((f"{resource.label_plural} {count:,}", f"{resource.url()}?tags={tag.id}"))
    return found
