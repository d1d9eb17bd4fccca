"""The commands every resource has: create (also by name), its list, one's own records, those of the open card."""

# Chinese in code: how a new record is asked for by its name

from collections.abc import Iterator
from urllib.parse import urlencode
from uuid import UUID

from django.utils.translation import gettext, gettext_lazy

from guanxi.foundation.design.commands import Asked, Command, in_each_language, register_command
from guanxi.foundation.permissions.actor import Actor
from guanxi.resource import access, acting
from guanxi.resource.declaration import Resource, Words
from guanxi.resource.registry import find_by_key, places

_NEW = gettext_lazy("New")
_BETWEEN = ("named ", "called ", "名为", "名叫", "叫")


def of_resources(asked: Asked) -> Iterator[Command]:
    """Create, list and "my" of every resource; a new record by the name that was typed."""
    actor: Actor = asked.request.actor  # type: ignore[attr-defined]
    creatable = [resource for resource in places() if actor.may(resource.permission("create"))]
    # Where what was typed names a kind of record, a new one of another kind is not meant.
    named = [one for one in creatable if _name_in(asked.text, in_each_language(_new(one)))[1]]
    for resource in places():
        words = resource.words()
        title = words.get("list_title", resource.label_plural)
        if resource in creatable:
            new = _new(resource)
            yield Command(label=str(new), icon="plus", url=resource.url("new"), words=in_each_language(new))
            bare = asked.vain or resource is creatable[0]
            if not named or resource in named:
                yield from _named(actor, resource, asked.text, bare=bare)
        if actor.may(resource.permission("view")):
            yield Command(
                label=str(title), icon=resource.icon, url=resource.url(), words=in_each_language(title)
            )
            if resource.owner:
                mine = gettext("My %(things)s") % {"things": resource.label_plural}
                yield Command(label=mine, icon=resource.icon, url=f"{resource.url()}?{resource.owner}=me")


def _new(resource: type[Resource]) -> Words:
    return resource.words().get("new_title", resource.label)


def _named(actor: Actor, resource: type[Resource], text: str, *, bare: bool) -> Iterator[Command]:
    """A new one by the name in what was typed; a `bare` name, without a word that asks for a new one, if so said."""
    new = _new(resource)
    name, asked = _name_in(text, (*in_each_language(new), *in_each_language(_NEW)))
    if len(name) < 2 or not any(char.isalpha() for char in name) or not (asked or bare):
        return
    if actor.field_mode(resource.key, resource.title) is not None:
        return
    label = gettext("%(act)s “%(name)s”") % {"act": new, "name": name}
    url = f"{resource.url('new')}?{urlencode({resource.title: name})}"
    _name, meant = _name_in(text, in_each_language(new))
    yield Command(label=label, icon="plus", url=url, offered=True, meant=meant)


def _name_in(text: str, leads: tuple[str, ...]) -> tuple[str, bool]:
    """The name in "new customer named X", and whether the text says that one is to be made."""
    for lead in sorted(leads, key=len, reverse=True):
        if text.casefold().startswith(lead.casefold()):
            name = text[len(lead) :].lstrip(" :：,，")
            for word in _BETWEEN:
                if name.casefold().startswith(word):
                    name = name[len(word) :]
            return name.strip(" \"'“”「」"), True
    return text, False


def of_list(asked: Asked) -> Iterator[Command]:
    """What can be done with the list the palette was opened on: it presses what stands there."""
    resource = find_by_key(asked.listed) if asked.listed else None
    actor: Actor = asked.request.actor  # type: ignore[attr-defined]
    if resource is None or not actor.may(resource.permission("view")):
        return
    text = gettext_lazy("Choose columns")
    yield Command(
        label=str(text), icon="columns-3", press="#list-columns", words=in_each_language(text),
        group=str(resource.label_plural), key="v",
    )  # fmt: skip


def of_record(asked: Asked) -> Iterator[Command]:
    """What can be done with the record of the card the palette was opened on."""
    resource = find_by_key(asked.record[0]) if asked.record else None
    if resource is None or asked.record is None:
        return
    try:
        record_id = UUID(asked.record[1])
    except ValueError:
        return
    actor: Actor = asked.request.actor  # type: ignore[attr-defined]
    record = access.visible(actor, resource).filter(pk=record_id).first()
    if record is None:
        return
    for verb, text, icon, page, key in (
        ("edit", gettext_lazy("Edit"), "pencil", "edit", "e"),
        ("view", gettext_lazy("All changes"), "history", "history", "h"),
    ):
        if access.allows(actor, resource, record, verb):
            yield Command(
                label=str(text),
                icon=icon,
                url=resource.url(page, id=record.pk),
                words=in_each_language(text),
                group=str(record),
                key=key,
            )
    for action in acting.offered(actor, resource, record):
        yield Command(
            label=str(action.label),
            icon=action.icon or "arrow-right",
            url=resource.url("act", id=record.pk, key=action.key),
            words=in_each_language(action.label),
            group=str(record),
            # What asks for something first, or cannot be undone, is a page; the rest is done at once.
            fields=None if action.inputs or action.confirm else {},
        )


# What one works with stands above the pages that one rarely needs.
register_command(of_record, order=10)
register_command(of_list, order=12)
register_command(of_resources, order=20)
