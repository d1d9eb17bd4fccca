"""Today: what is overdue and due, what comes next, whom nothing is planned with."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from guanxi.activities.pages.ticking import postponing
from guanxi.activities.queries.today import Day, day_of, without_next_step
from guanxi.foundation.design.shapes import Tab
from guanxi.foundation.permissions.web import actor_of, listed
from guanxi.kinds import Show
from guanxi.resource import access
from guanxi.resource.registry import find


@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """One's own day; whoever reaches others may look at the team's (`of=team`), and begins there on a day on which
    nothing is planned of his own."""
    actor = actor_of(request)
    resource = find("activities")
    actor.require(resource.permission("view"))
    within = actor.members_within(resource.permission("view"))
    reaches = within is None or len(within) > 1
    asked = request.GET.get("of", "") if reaches else "mine"
    team = asked == "team"
    show = Show(actor=actor, language=get_language() or "zh-hans")
    own: frozenset[UUID] = frozenset((actor.member_id,)) if actor.member_id else frozenset()
    found = day_of(actor, within if team else own, show)
    begins_with_team = False
    if asked not in ("mine", "team") and not found.planned:
        theirs = day_of(actor, within, show)
        if begins_with_team := theirs.planned:
            team, found = True, theirs
    customers = [] if team else without_next_step(actor)
    grade = access.is_open(actor, find("customers").kind("grade"))
    context = {
        "active": "today",
        "now": timezone.localtime(),
        "found": found,
        "parts": _parts(found),
        "summary": _summary(found),
        "customers": [
            (one, find("customers").url("card", id=one.pk), one.grade if grade else "") for one in customers
        ],
        "tabs": _tabs(team) if reaches else (),
        "team": team,
        "begins_with_team": begins_with_team,
        "postponing": postponing(),
        "on": "",
        "may_plan": actor.may(resource.permission("create")),
        "new_url": f"{resource.url('new')}?state=planned",
        "customers_url": find("customers").url(),
    }
    return render(request, "activities/today.html", context)


def _tabs(team: bool) -> tuple[Tab, Tab]:
    return (
        Tab(label=pgettext("whose", "Mine"), url="?of=mine", current=not team),
        Tab(label=_("My team"), url="?of=team", current=team),
    )


def _parts(found: Day) -> list[tuple[str, object]]:
    return [
        (title, lines)
        for title, lines in (
            (_("Overdue"), found.late),
            (_("Today"), found.today),
            (_("The next seven days"), found.soon),
        )
        if lines
    ]


def _summary(found: Day) -> str:
    """The day in a sentence; "" where there is nothing to say."""
    said = []
    if found.late:
        said.append(ngettext("%(n)s overdue", "%(n)s overdue", len(found.late)) % {"n": len(found.late)})
    if found.today:
        said.append(
            ngettext("%(n)s due today", "%(n)s due today", len(found.today)) % {"n": len(found.today)}
        )
    if found.done:
        said.append(
            ngettext("%(n)s done today", "%(n)s done today", len(found.done)) % {"n": len(found.done)}
        )
    return listed(said)
