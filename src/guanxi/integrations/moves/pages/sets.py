"""The sets of files with which the company moves in."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from guanxi.foundation.jobs.models import Job
from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.permissions.settings_index import settings_tabs
from guanxi.foundation.permissions.web import actor_of, listed
from guanxi.integrations.moves.jobs import REHEARSE, RUN, job_of
from guanxi.integrations.moves.sets import MoveSet, begin_set, sets_of
from guanxi.kernel.ids import uuid7_time

# Where other programs give their data out, and the files that are meant.
GUIDE = (
    ("Salesforce", _("Setup, Data Export, Export Now: User, Account, Contact, Task, Event as CSV")),
    ("HubSpot", _("Settings, Import & Export, Export: companies, contacts, activities; users from Users & Teams")),
    ("Zoho CRM", _("Setup, Data Administration, Export: Users, Accounts, Contacts, Tasks, Calls, Meetings")),
    ("Odoo", _("Contacts, select all, Export with external IDs; activities likewise")),
    ("SuiteCRM, vTiger", _("List of each module, select all, Export: Users, Accounts, Contacts, Calls, Tasks")),
    (_("Fxiaoke, other programs"), _("Export of each object with its number: people, customers, contacts, visits")),
    (
        _("Spreadsheets"),
        _("One sheet each: colleagues, customers, contacts, follow-ups; each with a column of numbers"),
    ),
)  # fmt: skip


@require_http_methods(["GET", "POST"])
def moves(request: HttpRequest) -> HttpResponse:
    """The sets there are; a POST begins another. Raises Forbidden."""
    actor = actor_of(request)
    if request.method == "POST":
        begun = begin_set(actor, get_language() or "zh-hans")
        return HttpResponseRedirect(reverse("move", args=[begun.id]))
    context = {
        "lines": [_line(one) for one in sets_of(actor)],
        "guide": GUIDE,
        "tabs": settings_tabs(actor, "moves"),
        "active": "settings",
    }
    return render(request, "moves/moves.html", context)


def _line(one: MoveSet) -> dict[str, Any]:
    """A set: its files, since when it is there, how far it is."""
    uploads = [upload for _file, upload in one.uploads()]
    return {
        "id": one.id,
        "names": listed(upload.name for upload in uploads),
        "rows": sum(upload.rows for upload in uploads),
        "begun": uuid7_time(one.id),
        "state": _state(one),
    }


def _state(one: MoveSet) -> str:
    moved, rehearsed = job_of(one, RUN), job_of(one, REHEARSE)
    if moved is not None and moved.state == Job.State.DONE:
        operation = Operation.objects.filter(id=moved.operation_id).first() if moved.operation_id else None
        return gettext("Undone") if operation is not None and operation.undone_by_id else gettext("Moved in")
    last = moved or rehearsed
    if last is None:
        return gettext("Not rehearsed yet")
    if not last.is_over:
        return gettext("At work")
    return gettext("Rehearsed") if last.state == Job.State.DONE else gettext("Not carried out")
