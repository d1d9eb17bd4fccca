"""The timeline on a card: the composer, what is planned, what was done; logged, filtered and read on where it
stands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from guanxi.activities.pages.composing import LONGEST, PROMISE, composer, given, promised
from guanxi.activities.pages.ticking import postponing, said_of
from guanxi.activities.queries import timeline
from guanxi.activities.queries.attending import Attending, who_took_part
from guanxi.activities.queries.planned import planned_lines
from guanxi.activities.queries.timeline import Asked, Chip, Entry, has_timeline, place_of
from guanxi.activities.queries.touches import planned_with
from guanxi.activities.services.activities import log_activity
from guanxi.activities.services.commitments import create_commitment
from guanxi.collaboration.queries.people import record_of
from guanxi.foundation.design.words import relative
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import actor_of, tell, uuid_of
from guanxi.kernel.errors import Invalid, NotFound, Refused
from guanxi.kinds import Show
from guanxi.resource.contributions import Content
from guanxi.resource.declaration import Resource
from guanxi.resource.registry import find, resource_of
from guanxi.screens.acts import accepting
from guanxi.screens.replies import toast


@dataclass(frozen=True, slots=True)
class Day:
    """Entries of one day, with the day in words."""

    words: str
    entries: Sequence[Entry]


def days_of(found: Sequence[Entry]) -> Iterator[Day]:
    """Entries grouped by day: "yesterday, Tuesday"."""
    today, held = timezone.localdate(), list[Entry]()
    for entry in found:
        if held and timezone.localtime(entry.at).date() != timezone.localtime(held[0].at).date():
            yield Day(_words(held[0], today), held)
            held = []
        held.append(entry)
    if held:
        yield Day(_words(held[0], today), held)


def _words(entry: Entry, today: Any) -> str:
    day = timezone.localtime(entry.at).date()
    # Translators: a day and its weekday: "Yesterday, Tuesday".
    return pgettext("day", "%(day)s, %(weekday)s") % {
        "day": relative(day, today, "day"),
        "weekday": date_format(day, "l"),
    }


def _asked(request: HttpRequest | None, actor: Actor, resource: type[Resource], record: Any) -> Asked:
    show = Show(actor=actor, language=get_language() or "zh-hans")
    if request is None:
        return Asked(actor=actor, resource=resource, record=record, show=show)
    return Asked(
        actor=actor,
        resource=resource,
        record=record,
        show=show,
        behind=place_of(request.GET.get("after", "")),
        kind=request.GET.get("kind", "")[:20],
        person=uuid_of(request.GET.get("person")),
        member=uuid_of(request.GET.get("member")),
    )


def _listed(asked: Asked) -> dict[str, Any]:
    """What the list of entries needs; the chips too, unless it goes on."""
    chips: Sequence[Chip] = ()
    if asked.behind is None:
        found, end, chips = timeline.page(asked)
    else:
        found, end = timeline.entries(asked)
    narrowed = {
        "kind": asked.kind,
        "person": str(asked.person or ""),
        "member": str(asked.member or ""),
    }
    kept = {key: value for key, value in narrowed.items() if value}
    return {
        "resource": asked.resource,
        "record": asked.record,
        "show": asked.show,
        "days": list(days_of(found)),
        "more": urlencode({**kept, "after": end.text()}) if end else "",
        "chips": [(chip, urlencode({**kept, "kind": chip.key}), chip.key == asked.kind) for chip in chips],
        "all": urlencode({key: value for key, value in kept.items() if key != "kind"}),
        "narrowed": bool(kept),
        "kind": asked.kind,
        "by": _by(asked),
        "longest": LONGEST,
    }


def _by(asked: Asked) -> str:
    """Whose entries alone are shown, by name."""
    for one in who_took_part(asked) if asked.person or asked.member else ():
        if one.id in (asked.person, asked.member):
            return one.name
    return ""


def section(
    actor: Actor,
    resource: type[Resource],
    record: Any,
    *,
    asked: Asked | None = None,
    typed: Any = None,
    errors: Sequence[str] = (),
    warned: str = "",
) -> dict[str, Any]:
    """What the template of the whole section needs; of the entries those `asked` for."""
    activities = find("activities")
    may_log = actor.may(activities.permission("create"))
    show = Show(actor=actor, language=get_language() or "zh-hans")
    return {
        **_listed(asked or _asked(None, actor, resource, record)),
        "composer": composer(actor, resource, record, typed=typed, errors=errors, warned=warned)
        if may_log
        else None,
        "postponing": postponing(),
        "planned": planned_lines(planned_with(actor, resource, record), show, on=resource.key),
    }


def panel(actor: Actor, record: Any, show: Show) -> Content:
    """The section in the middle of a card, in the place of comments and history."""
    context = section(actor, resource_of(record), record)
    note = "timeline-text" if context["composer"] else ""
    return Content(template="activities/timeline.html", bare=True, note=note, context=context)


def timeline_record(actor: Actor, resource: str, record_id: UUID) -> tuple[type[Resource], Any]:
    """A record that the actor sees and that has a timeline, with its resource. Raises NotFound."""
    kind, record = record_of(actor, resource, record_id)
    if not has_timeline(kind):
        raise NotFound("no_timeline")
    return kind, record


@accepting
@require_http_methods(["GET", "POST"])
def record_timeline(request: HttpRequest, resource: str, id: UUID) -> HttpResponse:  # noqa: A002
    """The entries, narrowed (`kind`, `person`, `member`) or further on (`after`); a POST logs one more."""
    actor = actor_of(request)
    kind, record = timeline_record(actor, resource, id)
    actor.require(find("activities").permission("view"))
    part = bool(request.headers.get("HX-Request"))
    if request.method == "GET":
        asked = _asked(request, actor, kind, record)
        if part:
            template = "entries" if asked.behind is not None else "list"
            return render(request, f"activities/timeline_{template}.html", _listed(asked))
        return render(request, "activities/timeline_page.html", section(actor, kind, record, asked=asked))
    try:
        words = _log(request, kind, record, actor)
    except (Invalid, Refused) as error:
        said, warned, status = said_of(error)
        context = section(actor, kind, record, typed=request.POST, errors=said, warned=warned)
        template = "timeline" if part else "timeline_page"
        return render(request, f"activities/{template}.html", context, status=status)
    if not part:
        tell(request, words, undo=last_operation_id())
        return HttpResponseRedirect(kind.url("card", id=id))
    fresh = section(actor, kind, record)
    answer = render(request, "activities/timeline.html", fresh)
    return toast(answer, words, **{"gx:saved": {"key": f"timeline-{kind.key}-{record.pk}"}})


def _log(request: HttpRequest, kind: type[Resource], record: Any, actor: Actor) -> str:
    """Writes what was typed; says what that was."""
    if request.POST.get("kind") == PROMISE:
        create_commitment(actor, data=promised(request, kind, record, actor))
        return _("Promise written down")
    made = log_activity(actor, **given(request, kind, record, actor))
    return _("Planned") if made.state == "planned" else _("Logged")


@require_GET
def timeline_people(request: HttpRequest, resource: str, id: UUID) -> HttpResponse:  # noqa: A002
    """By whom the entries can be narrowed: who took part in them, of theirs and of ours."""
    actor = actor_of(request)
    kind, record = timeline_record(actor, resource, id)
    actor.require(find("activities").permission("view"))
    found: list[Attending] = who_took_part(_asked(request, actor, kind, record))
    context = {"found": found, "resource": kind, "record": record, "kind": request.GET.get("kind", "")[:20]}
    return render(request, "activities/timeline_people.html", context)
