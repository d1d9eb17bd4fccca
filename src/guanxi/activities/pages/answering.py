"""The company's setting of answers to e-mails, and how its members' mailboxes stand."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guanxi.activities.queries.answering import hours
from guanxi.activities.services.answering import MANAGE, change_answering
from guanxi.channels.queries.mailboxes import company_never, states
from guanxi.channels.services.mailboxes import change_company_never
from guanxi.foundation.permissions.settings_index import settings_tabs
from guanxi.foundation.permissions.web import Draft, actor_of, tell
from guanxi.kernel.errors import Invalid
from guanxi.kernel.text import whole_number


@require_http_methods(["GET", "POST"])
def answering_settings(request: HttpRequest) -> HttpResponse:
    """Working hours until an e-mail becomes a promise. Raises Forbidden without the right."""
    actor = actor_of(request)
    actor.require(MANAGE)
    draft = Draft({"hours": str(hours()), "never": company_never()})
    if request.method == "POST":
        draft = Draft({name: request.POST.get(name, "").strip() for name in ("hours", "never")})
        try:
            change_answering(actor, whole_number(draft.values["hours"]))
            change_company_never(actor, draft.values["never"])
            tell(request, _("Saved"))
            return HttpResponseRedirect(reverse("answering_settings"))
        except Invalid as error:
            draft.blame(error)
    field = draft.field(
        "hours",
        _("Working hours until an answer"),
        "number",
        inputmode="numeric",
        hint=_("An e-mail of a customer that nobody answers within them becomes a promise. 0: never."),
    )
    context = {
        "field": field,
        "never": draft.field(
            "never",
            _("Never keep e-mails with"),
            "textarea",
            rows=4,
            wide=True,
            hint=_("Addresses or domains, one a line: banks, lawyers, authorities. Holds for every mailbox."),
            placeholder="bank.example.com",
        ),
        "draft": draft,
        "states": states(actor),
        "tabs": settings_tabs(actor, "answering_settings"),
        "active": "settings",
    }
    return render(request, "activities/answering.html", context, status=422 if draft.errors else 200)
