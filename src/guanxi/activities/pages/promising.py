"""Promises where they stand: kept by one tap and put off, found in a text while it is typed, on the card of whom they
were made to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanxi.activities.choices import Promised, Side
from guanxi.activities.models import Commitment
from guanxi.activities.queries.commitments import (
    PromiseLine,
    promise_lines,
    promised_by,
    promises_with,
    record_of,
)
from guanxi.activities.queries.promised import MOST, promised_in
from guanxi.activities.queries.proposals import customer_of, people_at
from guanxi.activities.services.commitments import keep, put_off
from guanxi.collaboration.queries.people import record_of as record_at
from guanxi.customers.models import Customer
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import actor_of, back_to, done_at, tell, uuid_of
from guanxi.foundation.worktime.queries import worktime
from guanxi.kernel.errors import NotFound, Refused
from guanxi.kernel.text import whole_number
from guanxi.kinds import Show
from guanxi.kinds.kind import Words
from guanxi.resource import access
from guanxi.resource.contributions import Content
from guanxi.resource.registry import find, resource_of
from guanxi.screens.replies import toast

_MOST_DAYS = 366
_ON_CARD = 5
_ROWS = 4 * MOST  # of a composer


@dataclass(frozen=True, slots=True)
class Row:
    """A promise in the composer: found in the text, or as it was typed; `taken` it is written down with the touch."""

    index: int
    taken: bool
    side: str
    what: str
    due: str
    due_time: str
    person: str
    words: str

    @property
    def number(self) -> str:
        return str(self.index)

    @property
    def day(self) -> date | None:
        """The day, where one is said that there is."""
        try:
            return date.fromisoformat(self.due)
        except ValueError:
            return None


def line_of(actor: Actor, found: Commitment, on: str) -> PromiseLine:
    """A promise as its line, for whoever looks."""
    return promise_lines([found], _show(actor), on=on)[0]


def _show(actor: Actor) -> Show:
    return Show(actor=actor, language=get_language() or "zh-hans")


def putting_off() -> list[tuple[int, str]]:
    """What a promise can be put off by, counted from today where it is overdue."""
    return [(1, _("One day later")), (7, _("One week later"))]


@require_POST
def commitment_keep(request: HttpRequest, commitment_id: UUID) -> HttpResponse:
    """It was kept; answers the line as it is now."""
    actor, found = _mine(request, commitment_id)
    keep(actor, ids=[found.pk], on=timezone.localdate(done_at(request, since=found.created_at)))
    return _answer(request, actor, found.pk, pgettext("promise", "Kept"))


@require_POST
def commitment_put_off(request: HttpRequest, commitment_id: UUID) -> HttpResponse:
    """It is promised for so many `days` later."""
    actor, found = _mine(request, commitment_id)
    days = whole_number(request.POST.get("days", ""), most=_MOST_DAYS)
    if not days:
        raise NotFound("no_days")
    until = worktime().next_workday(max(found.due, timezone.localdate()) + timedelta(days=days))
    put_off(actor, ids=[found.pk], until=until)
    return _answer(request, actor, found.pk, pgettext("promise", "Put off"))


def _mine(request: HttpRequest, commitment_id: UUID) -> tuple[Actor, Commitment]:
    actor = actor_of(request)
    found: Commitment = access.get(actor, find("commitments"), commitment_id)
    access.require(actor, find("commitments"), found, "edit")
    if found.state != Promised.OPEN:
        raise Refused("settled", _("It is not open any more."))
    return actor, found


def _answer(request: HttpRequest, actor: Actor, commitment_id: UUID, said: str) -> HttpResponse:
    resource = find("commitments")
    if not request.headers.get("HX-Request"):
        tell(request, said, undo=last_operation_id())
        return HttpResponseRedirect(back_to(request, resource.url("card", id=commitment_id)))
    on, small = request.GET.get("on", "")[:20], request.GET.get("small") == "1"
    fresh: Commitment = access.get(actor, resource, commitment_id)
    context = {"promise": line_of(actor, fresh, on), "on": on, "small": small, "putting_off": putting_off()}
    return toast(render(request, "activities/promise.html", context), said)


@require_POST
def promises_found(request: HttpRequest, resource: str, id: UUID) -> HttpResponse:  # noqa: A002
    """What the text of a composer promises, to be taken by a tap; what was taken or typed stays as it is."""
    actor = actor_of(request)
    kind, record = record_at(actor, resource, id)
    actor.require(find("commitments").permission("create"))
    people = people_at(actor, customer_of(actor, kind, record))
    held = [one for one in typed(request.POST) if one.taken]
    found = _found(request.POST.get("text", ""), people, {(one.what, one.due) for one in held})
    rows = [*held, *found][:_ROWS]
    return render(request, "activities/promises.html", rows_context(rows, people))


def _found(text: str, people: Sequence[tuple[UUID, str, str]], known: set[tuple[str, str]]) -> list[Row]:
    found = ((one, one.due.isoformat() if one.due else "") for one in promised_in(text, people))
    return [
        Row(0, False, one.side, one.what, due, one.due_time, str(one.person or ""), "")
        for one, due in found
        if (one.what, due) not in known
    ]


def rows_context(rows: Sequence[Row], people: Sequence[tuple[UUID, str, str]]) -> dict[str, Any]:
    """What the template of the rows needs."""
    names = {str(pk): name for pk, name, _post in people}
    return {
        "rows": [
            Row(n, one.taken, one.side, one.what, one.due, one.due_time, one.person, _words(one, names))
            for n, one in enumerate(rows)
        ],
        "sides": Side.choices,
        "promise_people": people,
    }


def _words(one: Row, names: Mapping[str, str]) -> str:
    """Who promises whom: "We to 马德胜"."""
    person = names.get(one.person, "")
    if one.side == Side.OURS:
        return (
            pgettext("promise", "We to %(person)s") % {"person": person} if person else str(Side.OURS.label)
        )
    return pgettext("promise", "%(person)s to us") % {"person": person} if person else str(Side.THEIRS.label)


def typed(posted: QueryDict) -> list[Row]:
    """The promises of a composer as they were typed."""
    rows = []
    for n in range(min(whole_number(posted.get("promises", ""), most=100) or 0, _ROWS)):
        name = f"promise_{n}_"
        side = posted.get(f"{name}side", "")
        rows.append(
            Row(
                n,
                posted.get(f"{name}take") == "1",
                side if side in Side.values else Side.OURS.value,
                posted.get(f"{name}what", "").strip(),
                posted.get(f"{name}due", ""),
                posted.get(f"{name}time", ""),
                posted.get(f"{name}person", ""),
                "",
            )
        )
    return rows


def taken(posted: QueryDict) -> list[dict[str, Any]]:
    """Those that were taken, as outside values of commitments."""
    return [_data(one) for one in typed(posted) if one.taken]


def _data(one: Row) -> dict[str, Any]:
    person = uuid_of(one.person)
    data = {"side": one.side, "what": one.what, "due": one.due, "due_time": one.due_time}
    return {**data, "person": str(person)} if person else data


def alone(
    actor: Actor, posted: QueryDict, customer: Customer | None, people: Sequence[UUID]
) -> dict[str, Any]:
    """A promise that was typed by itself, as outside values: the day is that of the field, or the one that its text
    names. Raises Invalid."""
    text = posted.get("text", "").strip()
    found = next(iter(promised_in(text, people_at(actor, customer))), None)
    due: date | str = posted.get("promise_due", "") or (found.due if found and found.due else "")
    side = posted.get("promise_side", "")
    data: dict[str, Any] = {
        "side": side if side in Side.values else Side.OURS.value,
        "what": text[:200],
        "due": due.isoformat() if isinstance(due, date) else due,
        "due_time": found.due_time if found and not posted.get("promise_due") else "",
    }
    if customer is not None:
        data["customer"] = customer.pk
    person = people[0] if people else found.person if found else None
    return {**data, "person": str(person)} if person else data


def panel(actor: Actor, record: Any, show: Show) -> Content:
    """On a card: what is open between us and them, how it went so far, and the way to all of it."""
    resource, mine = resource_of(record), find("commitments")
    rows = promises_with(actor, resource, record)
    found = list(rows.filter(state=Promised.OPEN).order_by("due", "id")[:_ON_CARD])
    by = promised_by(resource)
    counted = record_of(rows)
    context = {
        "lines": promise_lines(found, show, on=resource.key),
        "on": resource.key,
        "small": True,
        "putting_off": putting_off(),
        "records": [(Side(side).label, _how(counted[side])) for side in Side.values if side in counted],
        "empty": _("Who promised whom what by when."),
    }
    may_add = actor.may(mine.permission("create"))
    return Content(
        count=sum(one.open for one in counted.values()),
        url=f"{mine.url()}?{by}={record.pk}" if counted else "",
        add_url=f"{mine.url('new')}?{by}={record.pk}" if may_add else "",
        add=mine.words()["new_title"],
        template="activities/promises_panel.html",
        context=context,
    )


def _how(one: Any) -> str:
    """How promises went, in words; "" where none is settled."""
    said = []
    if one.in_time or one.after:
        kept = one.in_time + one.after
        said.append(ngettext("%(n)s kept", "%(n)s kept", kept) % {"n": kept})
    if one.after:
        said.append(pgettext("promises", "%(n)s of them late") % {"n": one.after})
    if one.broken:
        said.append(pgettext("promises", "%(n)s broken") % {"n": one.broken})
    return _(", ").join(said)


def owed(actor: Actor, record: Any, show: Show) -> tuple[str, Words, str] | None:
    """At the head of a card: what we owe and is overdue."""
    mine = find("commitments")
    if not actor.may(mine.permission("view")):
        return None
    rows = promises_with(actor, resource_of(record), record)
    late = rows.filter(state=Promised.OPEN, side=Side.OURS, due__lt=timezone.localdate())
    found = list(late.order_by("due", "id")[:2])
    if not found:
        return None
    first = promise_lines(found[:1], show, on=resource_of(record).key)[0]
    days = (timezone.localdate() - found[0].due).days
    said = ngettext(
        "%(what)s promised and %(n)s day overdue", "%(what)s promised and %(n)s days overdue", days
    ) % {"what": first.what, "n": days}
    if len(found) > 1:
        said = pgettext("alert", "%(said)s, and more") % {"said": said}
    return "bad", said, first.url
