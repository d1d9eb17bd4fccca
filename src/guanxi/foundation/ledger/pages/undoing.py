"""Undo of any operation; where later changes stand in the way, their list and "undo all but these"."""

import re
from collections.abc import Sequence
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from guanxi.foundation.ledger.conflicts import RowConflict
from guanxi.foundation.ledger.models import Change, Operation
from guanxi.foundation.ledger.pages.audit import described
from guanxi.foundation.ledger.queries import VIEW
from guanxi.foundation.ledger.reasons import reasons
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import actor_of, back_to, tell
from guanxi.kernel.errors import Conflict, NotFound

_IDS = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


@require_POST
def undo_operation(request: HttpRequest, operation_id: UUID) -> HttpResponse:
    """Undo an operation, whole (no fields), some rows of it (`only`) or all but some (`leave`).

    Answers with a redirect to `next`, or 409 with the list of what stands in the way.
    """
    only, leave = _ids(request, "only"), _ids(request, "leave")
    return undo_rows(request, operation_id, only=only or None, leave=leave)


def undo_rows(
    request: HttpRequest,
    operation_id: UUID,
    *,
    only: Sequence[UUID] | None = None,
    leave: Sequence[UUID] = (),
    said: str = "",
    fallback: str = "",
) -> HttpResponse:
    """Undo, then go back and say so; or show what stands in the way."""
    actor = actor_of(request)
    try:
        undone = _undone_but(actor, operation_id, only, leave)
    except Conflict as error:
        conflicts = [one for one in error.conflicts if isinstance(one, RowConflict)]
        return _conflicts_page(request, actor, operation_id, conflicts, only or (), leave)
    again = Operation.objects.filter(id=operation_id, undoes_id__isnull=False).exists()
    tell(request, said or _done(undone, again=again), undo=undone.id, undone=not said and not again)
    wanted = back_to(request, fallback or _home(actor, operation_id))
    return HttpResponseRedirect(_still_there(wanted, operation_id))


def _done(undone: Operation, *, again: bool) -> str:
    """What to say; of the undoing of an undoing that what it took back is there `again`."""
    if not undone.label:
        return _("Put back") if again else _("Undone")
    what = {"what": undone.shown_label}
    return _("Put back: %(what)s") % what if again else _("Undone: %(what)s") % what


def _undone_but(
    actor: Actor, operation_id: UUID, only: Sequence[UUID] | None, leave: Sequence[UUID]
) -> Operation:
    """Undo; whoever leaves rows where they are leaves what these depend on there, too. Raises as `undo` does."""
    try:
        return undo(actor, operation_id, only=only, leave=leave)
    except Conflict as error:
        needed = [
            one.row_id
            for one in error.conflicts
            if isinstance(one, RowConflict) and one.kind == "referenced" and one.row_id
        ]
        if not leave or len(needed) < len(error.conflicts):
            raise
    return undo(actor, operation_id, only=only, leave=[*leave, *needed])


def _still_there(wanted: str, operation_id: UUID) -> str:
    """The page to go back to; where the undo took away the record it shows, what the record was listed in."""
    path = wanted.partition("?")[0]
    for text in _IDS.findall(path):
        if Change.objects.filter(operation_id=operation_id, row_id=text, action=Change.INSERT).exists():
            return path.partition(text)[0]
    return wanted


def _home(actor: Actor, operation_id: UUID) -> str:
    return reverse("operation", args=[operation_id]) if actor.may(VIEW) else "/"


def _ids(request: HttpRequest, name: str) -> list[UUID]:
    try:
        return [UUID(text) for text in request.POST.getlist(name)]
    except ValueError as error:
        raise NotFound from error


def _conflicts_page(
    request: HttpRequest,
    actor: Actor,
    operation_id: UUID,
    conflicts: Sequence[RowConflict],
    only: Sequence[UUID],
    leave: Sequence[UUID],
) -> HttpResponse:
    found = Operation.objects.get(id=operation_id)
    in_the_way = [one.row_id for one in conflicts if one.row_id]
    rows = Change.objects.filter(operation_id=operation_id).values("row_id").distinct()
    rest = rows.exclude(row_id__in=[*leave, *in_the_way]).exists()
    context = {
        "line": described(actor, [found])[0],
        "conflicts": reasons(actor, conflicts),
        # Without row ids there is nothing that could be left out.
        "only": only,
        "leave": [*leave, *in_the_way] if len(in_the_way) == len(conflicts) and rest else [],
        "next": back_to(request, _home(actor, operation_id)),
        "active": "settings",
    }
    return render(request, "ledger/conflicts.html", context, status=409)
