"""The visits of a day in their order, on a phone and at a desk; planning them."""

from datetime import date, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from guanxi.activities.pages.ticking import said_of
from guanxi.activities.queries.visits import stops_on
from guanxi.activities.rules import can_be_asked, moved
from guanxi.activities.services.rounds import AT_ONCE, plan_visits, put_in_order
from guanxi.foundation.design.words import relative
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.permissions.web import actor_of, back_to, tell, uuid_of
from guanxi.kernel.errors import Invalid, NotFound, Refused
from guanxi.kinds import Show
from guanxi.resource.registry import find
from guanxi.screens.acts import accepting


def day_of(text: str) -> date:
    """The day of an address; today without one. Raises NotFound."""
    try:
        found = date.fromisoformat(text) if text else timezone.localdate()
    except ValueError as error:
        raise NotFound("no_day") from error
    if not can_be_asked(found):
        raise NotFound("no_day")
    return found


@require_GET
def visits(request: HttpRequest) -> HttpResponse:
    """One's own visits of a `day`, in order, each with the way there."""
    actor = actor_of(request)
    resource = find("activities")
    actor.require(resource.permission("view"))
    day = day_of(request.GET.get("day", ""))
    stops = stops_on(actor, day, Show(actor=actor, language=get_language() or "zh-hans"))
    waiting = [one for one in stops if one.planned]
    context = {
        "active": "today",
        "day": day,
        "title": relative(day, timezone.localdate(), "day"),
        "stops": waiting,
        "order": ",".join(str(one.line.id) for one in waiting),
        "made": [one for one in stops if not one.planned],
        "may_order": actor.may(resource.permission("edit")),
        "may_plan": actor.may(resource.permission("create")),
        "before": f"?day={day - timedelta(days=1)}",
        "after": f"?day={day + timedelta(days=1)}",
    }
    return render(request, "activities/visits.html", context)


@accepting
@require_POST
def visits_plan(request: HttpRequest) -> HttpResponse:
    """Plan visits to `customers` on a `day`."""
    actor = actor_of(request)
    actor.require(find("activities").permission("create"))
    day = day_of(request.POST.get("day", ""))
    chosen = [found for one in request.POST.getlist("customers")[: AT_ONCE + 1] if (found := uuid_of(one))]
    try:
        made = plan_visits(actor, customers=chosen, day=day)
    except (Invalid, Refused) as error:
        said, _warned, status = said_of(error)
        if "Idempotency-Key" in request.headers:
            # To a phone that sends it later, anything below 400 says that it was carried out.
            return HttpResponse(said[0], status=status, content_type="text/plain; charset=utf-8")
        tell(request, said[0])
        return HttpResponseRedirect(back_to(request, reverse("nearby")))
    words = ngettext("%(n)s visit planned", "%(n)s visits planned", len(made)) % {"n": len(made)}
    tell(request, words if made else _("Planned already"), undo=last_operation_id() if made else None)
    return HttpResponseRedirect(f"{reverse('visits')}?{urlencode({'day': day.isoformat()})}")


@require_POST
def day_order(request: HttpRequest) -> HttpResponse:
    """Put one's own `day` in order: as the ids of `order` stand, with `one` of them moved `by` places."""
    actor, posted = actor_of(request), request.POST
    actor.require(find("activities").permission("edit"))
    day = day_of(posted.get("day", ""))
    order = [str(found) for one in posted.get("order", "")[:40_000].split(",") if (found := uuid_of(one))]
    one, by = uuid_of(posted.get("one")), posted.get("by", "")
    if one is not None and by in ("-1", "1"):
        order = moved(order, str(one), int(by))
    put_in_order(actor, day=day, activities=[UUID(each) for each in order])
    if request.headers.get("HX-Request") or request.headers.get("X-Requested-With"):
        return HttpResponse(status=204)
    return HttpResponseRedirect(back_to(request, reverse("visits")))
