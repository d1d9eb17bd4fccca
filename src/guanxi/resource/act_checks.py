"""System checks of actions, guards and facts, and of what a resource says it is found by."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.utils.functional import Promise

from guanxi.foundation.permissions import codes
from guanxi.resource import guards, registry
from guanxi.resource.acting import DELETE, EDIT, actions_of
from guanxi.resource.actions import Action
from guanxi.resource.contributions import contributed
from guanxi.resource.declaration import Resource
from guanxi.resource.facts import facts_of


@register
def check_acts(**_options: Any) -> list[CheckMessage]:
    """Actions fit their resource; guards guard something; facts have names; the search is told of every change."""
    found = [
        (resource.key, fault)
        for resource in registry.every()
        for fault in (*_actions(resource), *_found_by(resource))
    ]
    for key, verb in guards.guarded():
        resource = registry.find_by_key(key)
        if resource is None:
            found.append((key, ("E011", "it is guarded, and there is no such resource")))
        elif verb not in {*registry.VERBS, *(one.verb for one in actions_of(resource))}:
            found.append((key, ("E011", f"the verb {verb} is guarded, and nobody can do that")))
    return [Error(f"{key}: {text}", id=f"resource.{number}") for key, (number, text) in found]


def _actions(resource: type[Resource]) -> Iterator[tuple[str, str]]:
    actions = [*resource.actions, *contributed(resource.key).actions]
    keys = [one.key for one in actions]
    for key in {*keys}:
        if keys.count(key) > 1 or key in (EDIT, DELETE):
            yield "E012", f"two of its actions are called {key}"
    for action in actions:
        yield from _action(resource, action)
    for kind in facts_of(resource):
        if not isinstance(kind.label, Promise):
            yield "E013", f"the fact {kind.name} has no translatable name"


def _action(resource: type[Resource], action: Action) -> Iterator[tuple[str, str]]:
    what = f"the action {action.key}"
    if codes.find_code(resource.permission(action.verb)) is None:
        yield (
            "E014",
            f"{what} needs the permission {resource.permission(action.verb)}, which nobody has registered",
        )
    for words in (action.label, action.said, *(kind.label for kind in action.inputs)):
        if not isinstance(words, Promise):
            yield "E013", f"{what} has words that cannot be translated: {words!r}"
    if not action.key.isidentifier():
        yield "E015", f"{what} has a key that is no name"
    if (action.undo == "none") != bool(action.confirm):
        yield "E015", f"{what} asks before what can be undone, or does not before what cannot"
    if (action.undo == "reversal") != bool(action.reversal):
        yield (
            "E015",
            f"{what} is to be reversed by another act, and does not say which; or says so without need",
        )


class _Read:
    """A record that notes what is read of it."""

    def __init__(self, model: Any, read: set[str]) -> None:
        self._model, self._read = model, read

    def __getattr__(self, name: str) -> Any:
        self._read.add(name)
        return "x"

    def __str__(self) -> str:
        return str(self._model.__str__(self))


def _found_by(resource: type[Resource]) -> Iterator[tuple[str, str]]:
    """What a record is found by and called is made of the fields that are said to be all of it."""
    if resource.search_fields is None:
        return
    unknown = [name for name in resource.search_fields if name not in resource.declared]
    if unknown:
        yield "E002", f"search_fields names a field {unknown[0]}, and there is none"
        return
    read: set[str] = set()
    record = _Read(resource.model, read)
    try:
        resource.search_text(record)
        str(record)
    except Exception as error:  # noqa: BLE001  whatever it is, the declaration cannot be held to its word
        yield "E016", f"what it is found by cannot be tried: {error!r}"
        return
    columns = {resource.declared[name].column for name in resource.search_fields}
    for name in sorted(read - columns - set(resource.search_fields)):
        yield "E016", f"it is found by {name}, which search_fields does not name"
