"""The sets of files with which the company moves in."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from guanxi.foundation.permissions.settings_index import settings_tabs
from guanxi.foundation.permissions.web import actor_of, listed
from guanxi.integrations.moves.sets import begin_set, sets_of

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
    lines = [
        {"id": one.id, "names": listed(upload.name for _file, upload in one.uploads()), "n": len(one.files)}
        for one in sets_of(actor)
    ]
    context = {
        "lines": lines,
        "guide": GUIDE,
        "tabs": settings_tabs(actor, "moves"),
        "active": "settings",
    }
    return render(request, "moves/moves.html", context)
