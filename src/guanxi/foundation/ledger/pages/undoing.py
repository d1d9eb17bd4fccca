"""Undo of any operation; where later changes stand in the way, their list and "undo all but these"."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.conflicts import RowConflict
from guanxi.foundation.ledger.labels import column_label, labels_of, row_label, shown_columns, table_label
from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.ledger.pages.audit import described
from guanxi.foundation.ledger.queries import VIEW
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import actor_of, back_to, listed, tell
from guanxi.kernel.errors import Conflict, NotFound, Refused

_REASONS = {
    "undo_not_yours": gettext_lazy(
        "Somebody else did this. Who may undo what others did is decided by the administrator."
    ),
    "undo_done_already": gettext_lazy("This has been undone already."),
}


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
    """Undo, then go back and say so; or show what stands in the way. Refused carries its reason in words."""
    actor = actor_of(request)
    try:
        undone = undo(actor, operation_id, only=only, leave=leave)
    except Conflict as error:
        conflicts = [one for one in error.conflicts if isinstance(one, RowConflict)]
        return _conflicts_page(request, actor, operation_id, conflicts, only or (), leave)
    except Refused as error:
        raise Refused(error.code, error.reason or _REASONS.get(error.code, "")) from error
    done = _("Undone: %(what)s") % {"what": undone.label} if undone.label else _("Undone")
    tell(request, said or done, undo=undone.id)
    return HttpResponseRedirect(back_to(request, fallback or _home(actor, operation_id)))


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
    context = {
        "line": described(actor, [found])[0],
        "conflicts": _in_words(actor, conflicts),
        # Without row ids there is nothing that could be left out.
        "only": only,
        "leave": [*leave, *in_the_way] if len(in_the_way) == len(conflicts) else [],
        "next": back_to(request, _home(actor, operation_id)),
        "active": "settings",
    }
    return render(request, "ledger/conflicts.html", context, status=409)


def _in_words(actor: Actor, conflicts: Sequence[RowConflict]) -> list[dict[str, Any]]:
    people = dict(
        Member.objects.filter(
            id__in={one.later[0] for one in conflicts if one.later and one.later[0]}
        ).values_list("id", "name")
    )
    reasons = {
        "changed": _("was changed since"),
        "gone": _("was deleted since"),
        "back": _("exists again"),
        "referenced": _("others depend on it now"),
        "taken": _("a value it had belongs to another one now"),
    }
    lines = []
    for one in conflicts:
        labels = labels_of(one.table)
        seen = labels.visible is None or (
            one.row_id is not None and one.row_id in labels.visible(actor, [one.row_id])
        )
        columns = shown_columns(actor, one.table, one.columns) if seen else []
        lines.append(
            {
                "table": table_label(one.table) if one.table else "",
                "name": row_label(one.table, one.image) if seen and one.image else "",
                "url": labels.url(one.row_id)
                if seen and labels.url and one.row_id and one.kind != "gone"
                else "",
                "reason": reasons.get(one.kind, _("no longer fits into today's form")),
                "fields": listed(column_label(one.table, column) for column in columns),
                "who": people.get(one.later[0], "") if one.later and one.later[0] else "",
                "when": parse_datetime(one.later[1]) if one.later else None,
            }
        )
    return lines
