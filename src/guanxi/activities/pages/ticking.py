"""What is planned, ticked off and put off where it stands: on a card, on Today."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from guanxi.activities.choices import Outcome, State, What
from guanxi.activities.models import Activity
from guanxi.activities.pages.composing import LONGEST, local, next_of
from guanxi.activities.queries.planned import Line, planned_lines
from guanxi.activities.queries.proposals import proposal_for
from guanxi.activities.rules import outcomes_of
from guanxi.activities.services.activities import complete_activity, postpone_activities
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import actor_of, back_to, tell
from guanxi.kernel.errors import Invalid, NotFound, Refused
from guanxi.kernel.text import whole_number
from guanxi.kinds import Show
from guanxi.resource import access
from guanxi.resource.guards import codes_of
from guanxi.resource.registry import find
from guanxi.screens.acts import accepting
from guanxi.screens.replies import toast

_MOST_DAYS = 366


def postponing() -> list[tuple[int, str]]:
    """What a planned activity can be put off by."""
    return [(1, _("One day later")), (7, _("One week later"))]


def line_of(actor: Actor, found: Activity, on: str) -> Line:
    """An activity as its line, for whoever looks."""
    return planned_lines([found], Show(actor=actor, language=get_language() or "zh-hans"), on=on)[0]


def _part(request: HttpRequest, template: str, line: Line, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {"line": line, "on": request.GET.get("on", "")[:20], "postponing": postponing(), **more}
    return render(request, f"activities/{template}.html", context, status=status)


def said_of(error: Invalid | Refused) -> tuple[list[str], str, int]:
    """What a form says of it, which codes accept its warnings ("" where they are none), and the status."""
    if isinstance(error, Refused):
        return [str(error.reason)], codes_of(error), 409
    return [str(one) for messages in error.fields.values() for one in messages], "", 422


@accepting
@require_http_methods(["GET", "POST"])
def tick(request: HttpRequest, activity_id: UUID) -> HttpResponse:
    """Ask what came of a planned activity and what comes next; a POST says so. `line` gives the line again."""
    actor = actor_of(request)
    found: Activity = access.get(actor, find("activities"), activity_id)
    access.require(actor, find("activities"), found, "edit")
    on, part = request.GET.get("on", "")[:20], bool(request.headers.get("HX-Request"))
    line = line_of(actor, found, on)
    if request.method == "GET":
        if "line" in request.GET:
            return _part(request, "plan", line)
        if found.state != State.PLANNED:
            return _part(request, "ticked", line) if part else HttpResponseRedirect(line.url)
        return _part(request, "tick" if part else "tick_page", line, **_asking(actor, found))
    posted = request.POST
    try:
        data = posted.copy()
        data["kind"] = What.CALL if found.kind in (What.NOTE, What.TASK) else found.kind
        done = complete_activity(
            actor,
            activity_id,
            outcome=posted.get("outcome", ""),
            text=posted.get("text", "").strip(),
            next_one=next_of(data),
        )
    except (Invalid, Refused) as error:
        said, warned, status = said_of(error)
        more = {**_asking(actor, found), "v": posted.dict(), "errors": said, "warned": warned}
        return _part(request, "tick" if part else "tick_page", line, status=status, **more)
    if not part:
        tell(request, _("Done"), undo=last_operation_id())
        return HttpResponseRedirect(back_to(request, line.url))
    return toast(_part(request, "ticked", line_of(actor, done, on)), _("Done"), **{"gx:ticked": True})


def _asking(actor: Actor, found: Activity) -> dict[str, Any]:
    """What the form offers and proposes."""
    customer = None
    if found.customer_id is not None:
        customer = access.visible(actor, find("customers")).filter(pk=found.customer_id).first()
    proposed = proposal_for(actor, customer, found.kind)
    return {
        "outcomes": [(code, Outcome(code).label) for code in outcomes_of(found.kind)],
        "next_kinds": [(kind, label) for kind, label in What.choices if kind != What.NOTE],
        "next_kind": proposed.kind,
        "proposed_at": local(proposed.at),
        "proposed_again": local(proposed.again),
        "longest": LONGEST,
        "v": {},
    }


@require_POST
def postpone(request: HttpRequest, activity_id: UUID) -> HttpResponse:
    """Put a planned activity off by `days`."""
    actor = actor_of(request)
    found: Activity = access.get(actor, find("activities"), activity_id)
    access.require(actor, find("activities"), found, "edit")
    days = whole_number(request.POST.get("days", ""), most=_MOST_DAYS)
    if not days:
        raise NotFound("no_days")
    postpone_activities(actor, ids=[activity_id], days=days)
    said = pgettext("activity", "Moved")
    if not request.headers.get("HX-Request"):
        tell(request, said, undo=last_operation_id())
        return HttpResponseRedirect(back_to(request, reverse("activities:card", args=[activity_id])))
    fresh = access.get(actor, find("activities"), activity_id)
    return toast(_part(request, "plan", line_of(actor, fresh, request.GET.get("on", "")[:20])), said)
