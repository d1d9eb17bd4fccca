"""Customers nearby: a list by distance and a plain plot of points, from the phone's position or a customer's."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from guanxi.activities.queries.nearby import FARTHEST, Around, Near, nearby
from guanxi.activities.queries.places import points_of
from guanxi.activities.queries.visits import Go, go_to, metres_words
from guanxi.activities.services.visits import position_of
from guanxi.customers.choices import Grade
from guanxi.foundation.design.shapes import Field
from guanxi.foundation.design.words import relative
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import actor_of, uuid_of
from guanxi.kernel.distances import Point, offset
from guanxi.kernel.errors import Invalid, NotFound
from guanxi.kernel.text import whole_number
from guanxi.kinds import Show
from guanxi.resource import access
from guanxi.resource.registry import find

RADII = (1, 3, 10, 30, 100)  # kilometres
USUAL = 10
SILENT = (0, 7, 14, 30, 90)  # days
_EDGE = 100  # of the drawing, from its middle
_NUMBERED = 20


@dataclass(frozen=True, slots=True)
class Spot:
    """A line of the list and a point of the plot: `x` to the east, `y` downwards."""

    number: int
    near: Near
    url: str
    far: str
    last: str
    go: Go
    x: str
    y: str
    numbered: bool


@dataclass(frozen=True, slots=True)
class Ring:
    """A circle of the plot, with what it means."""

    radius: str
    label: str
    label_y: str


@dataclass(frozen=True, slots=True)
class _Start:
    """Where one looks from: a place, and in words what it is."""

    place: Point
    words: str


@require_GET
def nearby_page(request: HttpRequest) -> HttpResponse:
    """Around a position (`latitude`, `longitude`) or a customer (`from`), within `radius` kilometres; of a `grade`, not
    met for `days`, one's own or all that one sees (`whose`)."""
    actor, asked = actor_of(request), request.GET
    customers = find("customers")
    actor.require(customers.permission("view"))
    show = Show(actor=actor, language=get_language() or "zh-hans")
    start, error = _start(request, actor)
    radius = whole_number(asked.get("radius", ""), most=FARTHEST // 1000) or USUAL
    days = whole_number(asked.get("days", ""), most=3650) or 0
    grade = asked.get("grade", "") if asked.get("grade", "") in Grade.values else ""
    mine = asked.get("whose", "mine") != "all"
    found: list[Near] = []
    if start is not None:
        around = Around(
            place=start.place,
            metres=radius * 1000,
            grades=(grade,) if grade else (),
            silent=days or None,
            mine=mine,
        )
        found = nearby(actor, around)
    reach = _reach(found, radius * 1000)
    context = {
        "active": "customers",
        "start": start,
        "error": error,
        "spots": _spots(found, start.place, reach) if start else (),
        "rings": _rings(reach),
        "from": _from(show, uuid_of(asked.get("from"))),
        "radii": [(one, _kilometres(one), one == radius) for one in sorted({*RADII, radius})],
        "silent": [(one, one == days) for one in sorted({*SILENT, days})],
        "grades": [(value, label, value == grade) for value, label in Grade.choices]
        if access.is_open(actor, customers.kind("grade"))
        else [],
        "mine": mine,
        "chosen": [
            (name, asked[name][:20]) for name in ("radius", "grade", "days", "whose") if asked.get(name)
        ],
        "kept": [(name, asked[name][:20]) for name in ("latitude", "longitude") if asked.get(name)],
        "may_plan": actor.may(find("activities").permission("create")) and actor.member_id is not None,
        "day": timezone.localdate(),
    }
    return render(request, "activities/nearby.html", context)


def _kilometres(number: int) -> str:
    return _("%(n)s km") % {"n": number}


def _start(request: HttpRequest, actor: Actor) -> tuple[_Start | None, str]:
    """Where it begins, and what is wrong with it. Raises NotFound for a customer one cannot see."""
    asked = request.GET
    chosen = uuid_of(asked.get("from"))
    try:
        here = position_of(asked.get("latitude", "")[:20], asked.get("longitude", "")[:20])
    except Invalid as error:
        return None, str(error.fields["position"][0])
    if here is not None and chosen is None:
        return _Start(here.point, _("from where you are")), ""
    if chosen is None:
        return None, _("The phone did not say where you are.") if "latitude" in asked else ""
    customer = access.get(actor, find("customers"), chosen)
    points = points_of(actor, [customer.pk])[customer.pk]
    if not points:
        return None, _("This customer has no location yet.")
    return _Start(points[0], _("from %(customer)s") % {"customer": customer}), ""


def _from(show: Show, chosen: Any) -> Field:
    """The picker of a customer to look from."""
    kind = find("activities").kind("customer")
    try:
        value = access.get(show.actor, find("customers"), chosen).pk if chosen else None
    except NotFound:
        value = None
    drawn: Field = kind.editor(value, show)
    return replace(drawn, name="from", label=_("Around a customer"), create_url="", required=False)


def _reach(found: Sequence[Near], metres: int) -> int:
    """How far the plot goes: to the farthest of them, by a round figure."""
    farthest = max((one.metres for one in found), default=metres)
    steps = (500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)
    return next((one for one in steps if one >= farthest), FARTHEST)


def _rings(reach: int) -> list[Ring]:
    return [
        Ring(f"{_EDGE * part:.0f}", metres_words(reach * part), f"{-_EDGE * part - 2:.0f}")
        for part in (0.5, 1.0)
    ]


def _spots(found: Sequence[Near], place: Point, reach: int) -> list[Spot]:
    customers, today, spots = find("customers"), timezone.localdate(), list[Spot]()
    for number, near in enumerate(found, start=1):
        east, north = offset(place, near.point)
        spots.append(
            Spot(
                number=number,
                near=near,
                url=customers.url("card", id=near.customer.pk),
                far=metres_words(near.metres),
                last=relative(near.last, today, "day") if near.last else "",
                go=go_to(near.point),
                x=f"{east / reach * _EDGE:.1f}",
                y=f"{-north / reach * _EDGE:.1f}",
                numbered=number <= _NUMBERED,
            )
        )
    return spots
