"""The change log: who did what, when, through which door, and what that changed."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.design.shapes import Option
from guanxi.foundation.design.words import shown_number
from guanxi.foundation.ledger.labels import DOORS, door_label, known_verbs, people_named, verb_label
from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.ledger.queries import (
    VIEW,
    Filter,
    after,
    changes_of,
    counts_of,
    find_operation,
    operations,
)
from guanxi.foundation.ledger.undo import may_undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.settings_index import settings_tabs
from guanxi.foundation.permissions.web import Draft, actor_of, place_of, place_text, uuid_of
from guanxi.kernel.text import clean_text, whole_number

STEP = 50
_FIELDS = ("person", "act", "door", "since", "until", "q")


@require_GET
def audit(request: HttpRequest) -> HttpResponse:
    """The change log with its filters, 50 operations at a time."""
    actor = actor_of(request)
    typed = {name: clean_text(request.GET.get(name, ""))[:100] for name in _FIELDS}
    rows = operations(actor, _filter(typed))
    if (place := place_of(request)) is not None:
        rows = after(rows, *place)
    found = list(rows[: STEP + 1])
    more = found[STEP - 1] if len(found) > STEP else None
    kept = {name: value for name, value in typed.items() if value}
    context = {
        "lines": described(actor, found[:STEP]),
        "filters": _filters(actor, typed),
        "filtered": bool(kept),
        "more_url": f"?{urlencode({**kept, 'after': place_text(more.at, more.id)})}" if more else "",
        "tabs": settings_tabs(actor, "audit"),
        "active": "settings",
    }
    return render(request, "ledger/audit.html", context)


@require_GET
def operation_page(request: HttpRequest, operation_id: UUID) -> HttpResponse:
    """One operation with every change it made."""
    actor = actor_of(request)
    found = find_operation(actor, operation_id)
    behind = whole_number(request.GET.get("after", ""), most=2**62) or 0
    changes, more = changes_of(actor, found.id, behind=behind)
    counts = counts_of(found.id)
    related = {one.id: one for one in operations(actor).filter(id__in=[found.undone_by_id, found.undoes_id])}
    context = {
        "line": described(actor, [found])[0],
        "operation": found,
        "reason": found.summary.get("reason", "") if found.undoes_id is None else "",
        "changes": changes,
        "counts": counts,
        "more": more,
        "undone_by": related.get(found.undone_by_id) if found.undone_by_id else None,
        "undoes": related.get(found.undoes_id) if found.undoes_id else None,
        "may_undo": bool(counts)
        and found.undone_by_id is None
        and found.verb != "ledger.operation.erase"
        and may_undo(actor, found),
        "tabs": settings_tabs(actor, "audit"),
        "active": "settings",
    }
    return render(request, "ledger/operation.html", context)


def _many(one: Operation) -> str:
    """How many records an act upon many wrote, where it has no name of its own."""
    said = (one.summary.get(key) for key in ("created", "updated", "deleted"))
    count = sum(number for number in said if isinstance(number, int))
    return _("%(count)s records") % {"count": shown_number(count)} if count > 1 else ""


def described(actor: Actor, found: list[Operation]) -> list[dict[str, Any]]:
    """Operations as lines of the log."""
    people = people_named(one.actor_id for one in found)
    lines = []
    for one in found:
        verb = verb_label(one.verb)
        if one.undoes_id is not None:
            verb = _("undid: %(what)s") % {"what": verb_label(str(one.summary.get("verb", "")))}
        lines.append(
            {
                "id": one.id,
                "at": one.at,
                "who": people.get(one.actor_id, "") if one.actor_id else "",
                "verb": verb,
                "label": one.shown_label or _many(one),
                "door": door_label(one.door) if one.door != "web" else "",
                "undone": one.undone_by_id is not None,
                "url": reverse("operation", args=[one.id]),
            }
        )
    return lines


def _filter(typed: dict[str, str]) -> Filter:
    person = typed["person"]
    return Filter(
        actor_id=uuid_of(person) if person and person != "system" else None,
        system=person == "system",
        verb=typed["act"],
        door=typed["door"],
        since=_midnight(typed["since"]),
        until=_midnight(typed["until"], days=1),
        text=typed["q"],
    )


def _midnight(text: str, days: int = 0) -> datetime | None:
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        return None
    try:
        return timezone.make_aware(datetime.combine(day + timedelta(days=days), time()))
    except OverflowError:
        return None


def _filters(actor: Actor, typed: dict[str, str]) -> list[Any]:
    draft = Draft(typed)
    within = actor.members_within(VIEW)
    members = Member.objects.all() if within is None else Member.objects.filter(id__in=within)
    people = [Option(value="", label=_("Everybody"))]
    people += [
        Option(value=str(one), label=name, selected=str(one) == typed["person"])
        for one, name in members.order_by("left_on", "name_sort", "id").values_list("id", "name")
    ]
    if within is None:
        people.append(Option(value="system", label=_("The system"), selected=typed["person"] == "system"))
    acts = [Option(value="", label=_("Everything"))] + [
        Option(value=verb, label=words, selected=verb == typed["act"])
        for verb, words in sorted(known_verbs().items(), key=lambda pair: pair[1])
    ]
    doors = [Option(value="", label=_("Any way"))] + [
        Option(value=door, label=str(words), selected=door == typed["door"]) for door, words in DOORS.items()
    ]
    return [
        draft.field("person", _("Person"), "select", people, prefix="log-"),
        draft.field("act", _("Act"), "select", acts, prefix="log-"),
        draft.field("door", _("How"), "select", doors, prefix="log-"),
        draft.field("since", _("From"), "date", prefix="log-"),
        draft.field("until", _("Until"), "date", prefix="log-"),
        draft.field("q", _("Name of the record"), "search", prefix="log-", autocomplete="off"),
    ]
