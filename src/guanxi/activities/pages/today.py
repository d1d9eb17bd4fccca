"""Today: promises, what is overdue and due, whom one should call, what one's customers ask attention for; and, of a
team, who needs help."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from guanxi.activities.choices import What
from guanxi.activities.pages.promising import putting_off
from guanxi.activities.pages.ticking import line_of, postponing
from guanxi.activities.queries.asking import Attention, asked_for
from guanxi.activities.queries.attention import Unheard, birthdays, cooling, falling_soon, unheard
from guanxi.activities.queries.commitments import PromiseLine, due_soon
from guanxi.activities.queries.inviting import invitations
from guanxi.activities.queries.planned import Line
from guanxi.activities.queries.rhythm import rhythm_words
from guanxi.activities.queries.team import team_of
from guanxi.activities.queries.today import Day, day_of, taken_today, without_next_step
from guanxi.activities.queries.visits import in_order, order_of
from guanxi.activities.rules import free_slot
from guanxi.activities.services.activities import plan_activity
from guanxi.customers.queries.falling import reason_words
from guanxi.foundation.design.shapes import Tab
from guanxi.foundation.design.words import relative
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import actor_of, listed, tell
from guanxi.foundation.worktime.queries import worktime
from guanxi.kinds import Show
from guanxi.resource import access
from guanxi.resource.registry import find
from guanxi.screens.replies import toast

Members = Collection[UUID] | None
_OF_TEAM = 10  # planned lines of a part


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A customer to call, with the reason."""

    id: UUID
    name: str
    url: str
    said: str
    why: str
    owner: str


@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """One's own day; whoever reaches others may look at the team's (`of=team`), and begins there on a day on which
    nothing is planned of his own."""
    actor = actor_of(request)
    resource = find("activities")
    own, within, reaches = _reach(actor)
    asked = request.GET.get("of", "") if reaches else "mine"
    team = asked == "team"
    show = Show(actor=actor, language=get_language() or "zh-hans")
    members = within if team else own
    found, (ours, theirs) = day_of(actor, members, show), due_soon(actor, members, show)
    begins_with_team = False
    if asked not in ("mine", "team") and not (found.planned or ours or theirs):
        of_team = day_of(actor, within, show), due_soon(actor, within, show)
        if begins_with_team := bool(of_team[0].planned or of_team[1][0] or of_team[1][1]):
            team, members, (found, (ours, theirs)) = True, within, of_team
    commitments = find("commitments")
    context = {
        "active": "today",
        "now": timezone.localtime(),
        "found": found,
        "parts": _parts(actor, found, team),
        "promises": _promises(ours, theirs, _OF_TEAM if team else len(ours) + len(theirs)),
        "promises_url": f"{commitments.url()}?state=open&sort=due" + ("" if team else "&owner=me"),
        "putting_off": putting_off(),
        "side_url": f"{reverse('today_side')}?of={'team' if team else 'mine'}",
        "summary": _summary(found, ours),
        "invitations": [] if team and not begins_with_team else invitations(actor),
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


@require_GET
def today_side(request: HttpRequest) -> HttpResponse:
    """What customers ask attention for, whom one should call and, of a team, who needs help: asked for by Today once
    it stands, because it looks at all that somebody answers for."""
    actor = actor_of(request)
    own, within, reaches = _reach(actor)
    team = reaches and request.GET.get("of") == "team"
    members = within if team else own
    silent = unheard(actor, members)
    but = {one.customer.pk for one in silent}
    context = {
        "suggestions": list(_suggestions(silent)),
        "attention": _attention(actor, members, but),
        "customers": [] if team else _without(actor, but),
        "standings": team_of(actor, members) if team else (),
        "team": team,
        "may_plan": actor.may(find("activities").permission("create")),
    }
    return render(request, "activities/today_side.html", context)


def _reach(actor: Actor) -> tuple[frozenset[UUID], Members, bool]:
    """Oneself, whom one reaches (None for everybody), and whether that is more than oneself. Raises Forbidden."""
    code = find("activities").permission("view")
    actor.require(code)
    within = actor.members_within(code)
    own = frozenset((actor.member_id,)) if actor.member_id else frozenset()
    return own, within, within is None or len(within) > 1


@require_POST
def plan_call(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
    """Plan the call that was suggested, today where it still fits in; answers its line."""
    actor = actor_of(request)
    resource = find("activities")
    actor.require(resource.permission("create"))
    customer = access.get(actor, find("customers"), id)
    now = timezone.localtime()
    at = free_slot(now, taken_today(actor), worktime())
    made = plan_activity(
        actor,
        data={
            "kind": What.CALL.value,
            "customer": str(customer.pk),
            "at": at.isoformat(),
            "subject": _("Keep in touch"),
        },
    )
    said = _("Planned: %(when)s") % {"when": relative(at, now.date())}
    if not request.headers.get("HX-Request"):
        tell(request, said, undo=last_operation_id())
        return HttpResponseRedirect(reverse("today"))
    context = {"line": line_of(actor, made, ""), "on": "", "postponing": postponing()}
    return toast(render(request, "activities/plan.html", context), said)


def _tabs(team: bool) -> tuple[Tab, Tab]:
    return (
        Tab(label=pgettext("whose", "Mine"), url="?of=mine", current=not team),
        Tab(label=_("My team"), url="?of=team", current=team),
    )


def _parts(actor: Actor, found: Day, team: bool) -> list[tuple[str, int, str, Sequence[Line], str]]:
    """Title, how many, the way to all of them, those that are shown, and their ids where the actor may put them in
    order; of a team what is overdue and due today, the rest is counted for each."""
    listed_at, today = find("activities").url(), timezone.localdate()
    before = f"{listed_at}?state=planned&at.until={today - timedelta(days=1)}"
    mine = not team and actor.may(find("activities").permission("edit"))
    order = order_of(actor, today) if mine and (found.late or found.today) else []
    parts = [
        (_("Overdue"), before, in_order(found.late, order), mine),
        (_("Today"), f"{listed_at}?state=planned&at.within=today", in_order(found.today, order), mine),
    ]
    if not team:
        parts.append((_("The next seven days"), "", found.soon, False))
    most = _OF_TEAM if team else len(found.late) + len(found.today) + len(found.soon)
    return [
        (
            title,
            len(lines),
            url if len(lines) > most else "",
            lines[:most],
            ",".join(str(one.id) for one in lines if one.mine) if ordered and len(lines) > 1 else "",
        )
        for title, url, lines, ordered in parts
        if lines
    ]


def _promises(
    ours: list[PromiseLine], theirs: list[PromiseLine], most: int
) -> list[tuple[str, int, list[PromiseLine]]]:
    parts = ((pgettext("promises", "We promised"), ours), (pgettext("promises", "They promised"), theirs))
    return [(title, len(lines), lines[:most]) for title, lines in parts if lines]


def _summary(found: Day, ours: list[PromiseLine]) -> str:
    """The day in a sentence; "" where there is nothing to say."""
    said = []
    if late := sum(one.late for one in ours):
        said.append(ngettext("%(n)s promise overdue", "%(n)s promises overdue", late) % {"n": late})
    if found.late:
        said.append(ngettext("%(n)s overdue", "%(n)s overdue", len(found.late)) % {"n": len(found.late)})
    if due := len(found.today) + sum(one.today for one in ours):
        said.append(ngettext("%(n)s due today", "%(n)s due today", due) % {"n": due})
    if found.done:
        said.append(
            ngettext("%(n)s done today", "%(n)s done today", len(found.done)) % {"n": len(found.done)}
        )
    return listed(said)


def _suggestions(silent: list[Unheard]) -> Iterator[Suggestion]:
    customers = find("customers")
    for one in silent:
        said = (
            _("nothing effective yet, %(n)s days here")
            if one.never
            else ngettext(
                "%(n)s day without an effective follow-up",
                "%(n)s days without an effective follow-up",
                one.days,
            )
        )
        yield Suggestion(
            one.customer.pk,
            one.customer.name,
            customers.url("card", id=one.customer.pk),
            said % {"n": one.days},
            rhythm_words(one.grade, one.rhythm),
            one.customer.owner.name if one.customer.owner else "",
        )


def _attention(actor: Actor, members: Members, but: Collection[UUID]) -> list[Attention]:
    customers, people, today = find("customers"), find("people"), timezone.localdate()
    lines = []
    for customer, fall in falling_soon(actor, members):
        days = max((fall.day - today).days, 0)
        said = ngettext("falls to the pool in %(n)s day", "falls to the pool in %(n)s days", days) % {
            "n": days
        }
        lines.append(
            Attention(
                "lifebuoy",
                "warn",
                customer.name,
                customers.url("card", id=customer.pk),
                said if days else _("falls to the pool tonight"),
                reason_words(f"{fall.clock}:{fall.days}"),
            )
        )
    for cool in cooling(actor, members, but=but):
        why = _("Silent for %(silent)s days; usually in touch every %(usual)s days")
        lines.append(
            Attention(
                "moon",
                "warn",
                cool.customer.name,
                customers.url("card", id=cool.customer.pk),
                _("is cooling"),
                why % {"silent": cool.silent, "usual": cool.usual},
            )
        )
    for one in birthdays(actor, members):
        lunar = _("by the lunar calendar") if one.person.born_lunar else ""
        lines.append(
            Attention(
                "star",
                "",
                one.person.name,
                people.url("card", id=one.person.pk),
                _("has a birthday %(day)s") % {"day": relative(one.day, today, "day")},
                lunar,
            )
        )
    return [*lines, *asked_for(actor, members)]


def _without(actor: Actor, but: Collection[UUID]) -> list[tuple[Any, str, str]]:
    """Customers with whom nothing is planned, with their address and grade."""
    customers = find("customers")
    grade = access.is_open(actor, customers.kind("grade"))
    return [
        (one, customers.url("card", id=one.pk), one.grade if grade else "")
        for one in without_next_step(actor)
        if one.pk not in but
    ]
