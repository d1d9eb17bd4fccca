"""A box beside the form of a new record: text that was pasted there fills the fields, for the person to confirm.

A context says how its entity is read::

    paste_box("customers", read_customer)

What was pasted is read and forgotten: it stands in no draft, log or ledger.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from guanxi.foundation.permissions.actor import Actor
from guanxi.kinds import FieldProblem, Show
from guanxi.kinds.kind import Words
from guanxi.resource import access
from guanxi.resource.declaration import Resource
from guanxi.screens.drawing import show_for

LONGEST = 20_000  # characters of a pasted text that are read
_SURE = 0.7


@dataclass(frozen=True, slots=True)
class Filled:
    """What a field takes: `value` as a form sends it, `said` as people read it, how certain from 0 to 1."""

    field: str
    value: str
    said: str
    certainty: float


@dataclass(frozen=True, slots=True)
class Pasted:
    """What was read for one record; `others` has a label and a value each for what no field takes. `more` is a page
    that takes those too, given the same text as `pasted`: what the way there says, and its address."""

    fields: Sequence[Filled] = ()
    others: Sequence[tuple[Words, str]] = ()
    rest: Sequence[str] = ()
    more: tuple[Words, str] | None = None


Read = Callable[[Actor, str, Show], Pasted]
_readers: dict[str, Read] = {}
_hints: dict[str, Words] = {}


def paste_box(key: str, read: Read, *, hint: Words = "") -> None:
    """Give the form of a new record of this resource a paste box; `hint` is what may stand there, in an example.
    Called at start-up."""
    _readers[key] = read
    if hint:
        _hints[key] = hint


def paste_hint(resource: type[Resource]) -> Words:
    """An example of what this resource's box reads; "" for the usual one."""
    return _hints.get(resource.key, "")


def offers(resource: type[Resource]) -> bool:
    """Whether a context has given this resource's form a paste box."""
    return resource.key in _readers


def paste_url(actor: Actor, resource: type[Resource]) -> str:
    """Where the box of this resource's form posts to; "" where it has none."""
    offered = offers(resource) and actor.may(resource.permission("create"))
    return resource.url("pasted") if offered else ""


Box = Callable[[Actor, type[Resource]], dict[str, str] | None]
_boxes: list[Box] = []


def also_beside(box: Box) -> None:
    """Another box beside the form of a new record, with one line to ask by (its answers are drawn as `pasted.html`).

    It gives `key`, `url`, `label`, `placeholder` and `act`, or None where it is not there. Called at start-up.
    """
    _boxes.append(box)


def boxes(actor: Actor, resource: type[Resource]) -> list[dict[str, str]]:
    """The further boxes beside this resource's form."""
    return [found for box in _boxes if (found := box(actor, resource)) is not None]


def drawn(actor: Actor, resource: type[Resource], pasted: Pasted, show: Show) -> list[dict[str, Any]]:
    """Each field that was filled, as its editor draws it; only such as this actor may set."""
    kinds = {kind.name: kind for kind in access.writable(actor, resource)}
    found = []
    for filled in pasted.fields:
        kind = kinds.get(filled.field)
        if kind is None:
            continue
        try:
            kind.checked(filled.value, actor)
        except FieldProblem:
            continue
        found.append(
            {
                "name": kind.name,
                "label": kind.label,
                "said": filled.said,
                "sure": filled.certainty >= _SURE,
                "field": kind.editor(filled.value, show),
            }
        )
    return found


@sensitive_post_parameters("pasted")
@require_POST
def pasted(request: HttpRequest, resource: type[Resource]) -> HttpResponse:
    """What the text fills. A POST because what is pasted is no business of a log."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    actor.require(resource.permission("create"))
    show = show_for(request)
    text = request.POST.get("pasted", "")[:LONGEST]
    found = _readers[resource.key](actor, text, show)
    context = {
        "fields": drawn(actor, resource, found, show),
        "others": found.others,
        "rest": found.rest,
        "more": found.more,
        "text": text,
        "empty": not text.strip(),
    }
    return render(request, "screens/pasted.html", context)
