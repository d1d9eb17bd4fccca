"""The relationships of a customer or a person: as a list with the graph beside it, and the form of a new one."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, pgettext
from django.views.decorators.http import require_GET, require_http_methods

from guanxi.customers.choices import MEANINGS, USUAL_STRENGTH, TieKind, strength_word
from guanxi.customers.queries.graph import Around, Neighbour, Node, around
from guanxi.customers.queries.ties import LINKS
from guanxi.customers.services.relationships import create_tie
from guanxi.foundation.design.shapes import Field, Option
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import actor_of
from guanxi.kernel.errors import Forbidden, Invalid, NotFound, Refused
from guanxi.kinds import Show
from guanxi.resource import access
from guanxi.resource.declaration import Resource
from guanxi.resource.guards import codes_of
from guanxi.resource.registry import find
from guanxi.screens.drawing import show_for
from guanxi.screens.replies import tell

FIRST, SECOND = "first", "second"  # which of the two the record of the card is


def _found(request: HttpRequest, key: str, record_id: UUID) -> tuple[Actor, type[Resource], Any, Show]:
    if key not in LINKS:
        raise NotFound("no_such_resource")
    actor, resource = actor_of(request), find(key)
    actor.require(find("relationships").permission("view"))
    return actor, resource, access.get(actor, resource, record_id), show_for(request)


@require_GET
def ties_page(request: HttpRequest, key: str, id: UUID) -> HttpResponse:  # noqa: A002
    """Everybody around a record, in groups, and the graph of the same."""
    actor, resource, record, show = _found(request, key, id)
    found = around(actor, key, record, show)
    return render(
        request,
        "customers/ties.html",
        {
            "resource": resource,
            "active": resource.key,
            "record": record,
            "card_url": resource.url("card", id=id),
            "around_url": reverse("ties_around", args=[key, id]),
            "add_url": reverse("tie_new", args=[key, id]) if _may_add(actor, resource, record) else "",
            "groups": _groups(found, (key, id)),
            "more": more_words(found),
        },
    )


@require_GET
def ties_around(request: HttpRequest, key: str, id: UUID) -> JsonResponse:  # noqa: A002
    """The neighbours of a record as the graph takes them."""
    actor, _resource, record, show = _found(request, key, id)
    found = around(actor, key, record, show)
    return JsonResponse(
        {
            "centre": _drawn(found.centre),
            "nodes": [_drawn(one) for one in found.nodes],
            "edges": [
                {
                    "first": _name(edge.first),
                    "second": _name(edge.second),
                    "kind": edge.kind,
                    "words": edge.words,
                    "called": edge.called,
                    "mutual": edge.mutual,
                    "strength": edge.strength,
                    "word": "" if edge.strength is None else str(strength_word(edge.strength)),
                }
                for edge in found.edges
            ],
            "more": more_words(found),
        }
    )


def more_words(found: Around) -> str:
    """That there are more than are shown; "" where these are all."""
    if not found.more:
        return ""
    return gettext("and %(number)s more") % {"number": f"{found.more:,}" + ("+" if found.at_least else "")}


def _name(node: Node) -> str:
    return f"{node[0]}/{node[1]}"


def _drawn(one: Neighbour) -> dict[str, str]:
    found = {"id": f"{one.of}/{one.id}", "of": one.of, "name": one.name, "beside": one.beside}
    if one.of in LINKS:
        resource = find(one.of)
        found |= {
            "url": resource.url("card", id=one.id),
            "preview": resource.url("preview", id=one.id),
            "around": reverse("ties_around", args=[one.of, one.id]),
        }
    return found


def _groups(found: Around, centre: Node) -> list[tuple[str, list[dict[str, Any]]]]:
    """Neighbours by what they are to the record, in the order in which they were found; then those of us who know
    people there."""
    names = {(one.of, one.id): one for one in found.nodes}
    groups: dict[str, list[dict[str, Any]]] = {}
    for edge in found.edges:
        other = edge.second if edge.first == centre else edge.first
        if centre in (edge.first, edge.second):
            called, beside = edge.called or gettext("Connected"), names[other].beside
            if edge.kind in ("works", "worked"):
                beside = edge.words
        elif edge.first[0] == "members":
            called = gettext("Our colleagues who know people there")
            known = names.get(edge.second)
            if known is None:
                continue
            beside, other = gettext("knows %(name)s") % {"name": known.name}, edge.first
        else:
            continue
        strength = "" if edge.strength is None else str(strength_word(edge.strength))
        groups.setdefault(called, []).append(
            _drawn(names[other]) | {"beside": beside, "strength": strength, "number": edge.strength}
        )
    return list(groups.items())


def _may_add(actor: Actor, resource: type[Resource], record: Any) -> bool:
    return actor.may(find("relationships").permission("create")) and access.allows(
        actor, resource, record, "edit"
    )


# A new one, said from the card's side


def _ways(key: str) -> list[tuple[str, Any]]:
    """What another one can be to a record of this resource: "kind:first" where the record is the first."""
    found: list[tuple[str, Any]] = []
    for kind in TieKind:
        meaning = MEANINGS[kind]
        if meaning.ends[0] == LINKS[key][0]:
            found.append((f"{kind.value}:{FIRST}", meaning.called(of_first=True)))
        if meaning.ends[1] == LINKS[key][1] and not meaning.mutual:
            found.append((f"{kind.value}:{SECOND}", meaning.called(of_first=False)))
    return found


def _data(key: str, record_id: UUID, asked: dict[str, str]) -> dict[str, str]:
    """The fields of the relationship that a form from the card's side means."""
    kind, _sep, side = asked.get("how", "").partition(":")
    meaning = MEANINGS.get(kind)
    if meaning is None or (asked.get("how"), meaning.called(of_first=side == FIRST)) not in _ways(key):
        return {}
    mine, other = meaning.ends if side == FIRST else reversed(meaning.ends)
    said = asked.get("member", "") if other == "from_member" else asked.get("other", "")
    found = {name: asked[name] for name in ("strength", "since", "note") if name in asked}
    return found | {"kind": kind, mine: str(record_id), other: said}


@require_http_methods(["GET", "POST"])
def new_tie(request: HttpRequest, key: str, id: UUID) -> HttpResponse:  # noqa: A002
    """The form of a new relationship of a record."""
    actor, resource, record, show = _found(request, key, id)
    if not _may_add(actor, resource, record):
        raise Forbidden(find("relationships").permission("create"))
    values = {"strength": str(USUAL_STRENGTH), "how": request.GET.get("how", "")}
    errors: dict[str, list[str]] = {}
    overall: list[str] = []
    warned, status = "", 200
    if request.method == "POST":
        values = {
            name: request.POST.get(name, "")
            for name in ("how", "other", "member", "strength", "since", "note")
        }
        data = _data(key, id, values)
        try:
            create_tie(actor, data=data)
        except Invalid as error:
            errors = _at_their_fields(error, key) if data else {"how": [gettext("Choose one of these.")]}
            overall, status = [str(one) for one in error.messages], 422
        except Refused as error:
            overall, warned, status = [str(error.reason)], codes_of(error), 409
        else:
            tell(request, gettext("Relationship of %(name)s added") % {"name": record})
            return HttpResponseRedirect(resource.url("card", id=id))
    return render(
        request,
        "customers/tie_new.html",
        {
            "active": resource.key,
            "record": record,
            "card_url": resource.url("card", id=id),
            "action": reverse("tie_new", args=[key, id]),
            "fields": _fields(key, values, errors, show),
            "overall": overall,
            "warned": warned,
        },
        status=status,
    )


def _at_their_fields(error: Invalid, key: str) -> dict[str, list[str]]:
    """Messages by the fields of this form."""
    names = dict.fromkeys(LINKS[key], "other") | {"kind": "other", "from_member": "member"}
    found: dict[str, list[str]] = {}
    for name, said in error.fields.items():
        found.setdefault(names.get(name, name), []).extend(map(str, said))
    return found


def _fields(key: str, values: dict[str, str], errors: dict[str, list[str]], show: Show) -> list[Field]:
    ties = find("relationships")
    chosen = values.get("how", "")
    options = [Option(value="", label="")]
    options += [Option(value=way, label=str(called), selected=way == chosen) for way, called in _ways(key)]
    found = [
        Field(
            name="how", label=pgettext("tie", "What the other one is to them"), kind="select", options=options,
            value=chosen, required=True, errors=errors.get("how", ()), autofocus=True,
        ),
        _picker("other", ties.kind(LINKS[key][1]), values, errors, show,
                gettext("The other person") if key == "people" else gettext("The other customer")),
    ]  # fmt: skip
    if key == "people":
        found.append(
            _picker("member", ties.kind("from_member"), values, errors, show,
                    gettext("Colleague, where one of us knows them"))
        )  # fmt: skip
    may_set = {kind.name for kind in access.writable(show.actor, ties)}
    return found + [
        ties.kind(name).editor(values.get(name), show, errors=errors.get(name, ()))
        for name in ("strength", "since", "note")
        if name in may_set
    ]


def _picker(
    name: str, kind: Any, values: dict[str, str], errors: dict[str, list[str]], show: Show, label: str
) -> Field:
    said = values.get(name) or None
    drawn: Field = kind.editor(said, show, errors=errors.get(name, ()))
    return replace(drawn, name=name, label=label)
