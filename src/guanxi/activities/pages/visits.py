"""Visits in the field: one visit with its coming and leaving. The plan of a day is in `pages.rounds`."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.activities.choices import Outcome, State, What
from guanxi.activities.models import Activity
from guanxi.activities.pages.composing import LONGEST, local, next_of
from guanxi.activities.pages.ticking import said_of
from guanxi.activities.queries.proposals import proposal_for
from guanxi.activities.queries.visits import Stop, stops_of, stops_on
from guanxi.activities.rules import outcomes_of
from guanxi.activities.services.visits import Photo, check_in, check_out, position_of, set_point
from guanxi.foundation.design import marks
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import actor_of, tell, waited
from guanxi.kernel.errors import Invalid, Malformed, Refused
from guanxi.kernel.moments import parse_moment
from guanxi.kinds import Show
from guanxi.resource import access, attachments
from guanxi.resource.registry import find
from guanxi.screens.acts import accepting


def _done_at(request: HttpRequest) -> datetime | None:
    """When a form was pressed: as long ago as a phone says that kept it, else by the phone's clock; None where it does
    not say."""
    ago = waited(request)
    if ago is not None:
        return timezone.now() - ago
    try:
        found = parse_moment(request.POST.get("done_at", "")[:40])
    except Malformed:
        return None
    return found if found is not None and timezone.is_aware(found) else None


def _came_in(request: HttpRequest) -> dict[str, Any]:
    """What a check-in says beside the visit. Raises Invalid."""
    posted, photo = request.POST, request.FILES.get("photo")
    return {
        "at": _done_at(request),
        "position": position_of(
            posted.get("latitude", "")[:20], posted.get("longitude", "")[:20], posted.get("accuracy", "")[:20]
        ),
        "photo": Photo(photo.name or "", photo.chunks()) if photo is not None else None,
    }


def _show(actor: Actor) -> Show:
    return Show(actor=actor, language=get_language() or "zh-hans")


@require_GET
def visit(request: HttpRequest, activity_id: UUID) -> HttpResponse:
    """One visit: the way there and checking in; then what came of it and checking out."""
    actor = actor_of(request)
    found: Activity = access.get(actor, find("activities"), activity_id)
    return _page(request, actor, found)


def _page(
    request: HttpRequest, actor: Actor, found: Activity, *, status: int = 200, **more: Any
) -> HttpResponse:
    (stop,) = stops_of(actor, [found], _show(actor))
    mine = found.owner_id == actor.member_id and access.allows(actor, find("activities"), found, "edit")
    customer = None
    if found.customer_id is not None:
        customer = access.visible(actor, find("customers")).filter(pk=found.customer_id).first()
    proposed = proposal_for(actor, customer, What.VISIT)
    context = {
        "active": "today",
        "stop": stop,
        "text": found.text,
        "mine": mine and found.kind == What.VISIT,
        "may_photo": actor.may(attachments.ADD),
        "may_point": mine and customer is not None and _may_point(actor, customer, stop),
        "check_in_url": reverse("visit_in", args=[found.pk]),
        "outcomes": [(code, Outcome(code).label) for code in outcomes_of(What.VISIT)],
        "next_kinds": [(kind, label) for kind, label in What.choices if kind != What.NOTE],
        "next_kind": proposed.kind,
        "proposed_at": local(proposed.at),
        "proposed_again": local(proposed.again),
        "longest": LONGEST,
        "done": found.state == State.DONE,
        "following": _following(actor, found) if found.state == State.DONE else None,
        "v": {},
        **more,
    }
    return render(request, "activities/visit.html", context, status=status)


def _may_point(actor: Actor, customer: Any, stop: Stop) -> bool:
    """Whether the customer, which has no point, may be put where one checked in."""
    came = stop.came
    if came is None or not came.located or came.measured:
        return False
    return access.allows(actor, find("customers"), customer, "edit")


def _following(actor: Actor, found: Activity) -> Stop | None:
    """The next visit of that day that is still to be made."""
    stops = stops_on(actor, timezone.localtime(found.at).date(), _show(actor))
    return next((one for one in stops if one.planned), None)


def _refused(request: HttpRequest, actor: Actor, activity_id: UUID, error: Invalid | Refused) -> HttpResponse:
    said, warned, status = said_of(error)
    found: Activity = access.get(actor, find("activities"), activity_id)
    more = {"errors": said, "warned": warned, "v": request.POST.dict()}
    return _page(request, actor, found, status=status, **more)


def _arrived(request: HttpRequest, activity_id: UUID) -> HttpResponse:
    tell(request, _("Checked in"), undo=last_operation_id())
    return HttpResponseRedirect(reverse("visit", args=[activity_id]))


@accepting
@require_POST
def visit_in(request: HttpRequest, activity_id: UUID) -> HttpResponse:
    """Check in at a visit of one's own."""
    actor = actor_of(request)
    found: Activity = access.get(actor, find("activities"), activity_id)
    access.require(actor, find("activities"), found, "edit")
    try:
        check_in(actor, activity_id=activity_id, **_came_in(request))
    except (Invalid, Refused) as error:
        return _refused(request, actor, activity_id, error)
    return _arrived(request, activity_id)


@accepting
@require_http_methods(["GET", "POST"])
def visit_customer(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
    """A visit to a customer: check in there, planned or not; or plan one."""
    actor = actor_of(request)
    actor.require(find("activities").permission("create"))
    customer = access.get(actor, find("customers"), id)
    errors, warned, status = list[str](), "", 200
    if request.method == "POST":
        try:
            made = check_in(actor, customer_id=customer.pk, **_came_in(request))
        except (Invalid, Refused) as error:
            errors, warned, status = said_of(error)
        else:
            return _arrived(request, made.activity_id)
    customers = find("customers")
    context = {
        "active": "today",
        "customer": customer,
        "customer_url": customers.url("card", id=customer.pk),
        "check_in_url": reverse("visit_customer", args=[customer.pk]),
        "may_photo": actor.may(attachments.ADD),
        "day": timezone.localdate(),
        "errors": errors,
        "warned": warned,
    }
    return render(request, "activities/visit_customer.html", context, status=status)


@accepting
@require_POST
def visit_out(request: HttpRequest, activity_id: UUID) -> HttpResponse:
    """Check out: what came of it, and the next follow-up."""
    actor, posted = actor_of(request), request.POST
    found: Activity = access.get(actor, find("activities"), activity_id)
    access.require(actor, find("activities"), found, "edit")
    try:
        data = posted.copy()
        data["kind"] = What.VISIT.value
        check_out(
            actor,
            activity_id,
            at=_done_at(request),
            outcome=posted.get("outcome", ""),
            text=posted.get("text", "").strip(),
            next_one=next_of(data),
        )
    except (Invalid, Refused) as error:
        return _refused(request, actor, activity_id, error)
    tell(request, _("Checked out"), undo=last_operation_id())
    return HttpResponseRedirect(reverse("visit", args=[activity_id]))


@require_POST
def visit_point(request: HttpRequest, activity_id: UUID) -> HttpResponse:
    """Put the customer where one checked in."""
    actor = actor_of(request)
    try:
        set_point(actor, activity_id)
    except (Invalid, Refused) as error:
        return _refused(request, actor, activity_id, error)
    tell(request, _("The customer is on the map now."), undo=last_operation_id())
    return HttpResponseRedirect(reverse("visit", args=[activity_id]))


# On cards


def customer_item(actor: Actor, record: Any, show: Show) -> str:
    """The way to a visit, in the menu of a customer's card."""
    if not actor.may(find("activities").permission("create")) or actor.member_id is None:
        return ""
    return _item(reverse("visit_customer", args=[record.pk]))


def around_item(actor: Actor, record: Any, show: Show) -> str:
    """The way to who else is near a customer."""
    url = f"{reverse('nearby')}?{urlencode({'from': record.pk})}"
    name = format_html('<span class="gx-fill">{}</span>', _("Who is near"))
    return format_html('<a class="gx-item" href="{}">{}{}</a>', url, marks.icon("focus-centered"), name)


def activity_item(actor: Actor, record: Any, show: Show) -> str:
    """The same on a visit's card."""
    return _item(reverse("visit", args=[record.pk])) if record.kind == What.VISIT else ""


def _item(url: str) -> str:
    name = format_html('<span class="gx-fill">{}</span>', _("Visit in the field"))
    return format_html('<a class="gx-item" href="{}">{}{}</a>', url, marks.icon("map-pin"), name)
