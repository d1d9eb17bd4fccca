"""The setting of how long an accepted registration is protected."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guanxi.foundation.design.shapes import FieldGroup
from guanxi.foundation.permissions.settings_index import settings_tabs
from guanxi.foundation.permissions.web import Draft, actor_of, tell
from guanxi.kernel.errors import Invalid
from guanxi.kernel.text import whole_number
from guanxi.team.queries.registrations import days_protected
from guanxi.team.services.deciding import MANAGE, change_protection


@require_http_methods(["GET", "POST"])
def registration_settings(request: HttpRequest) -> HttpResponse:
    """The days of protection. Raises Forbidden without the right."""
    actor = actor_of(request)
    actor.require(MANAGE)
    draft = Draft({"days": str(days_protected())})
    if request.method == "POST":
        draft = Draft({"days": request.POST.get("days", "").strip()})
        try:
            change_protection(actor, whole_number(draft.values["days"]))
            tell(request, _("Saved"))
            return HttpResponseRedirect(reverse("registration_settings"))
        except Invalid as error:
            draft.blame(error)
    field = draft.field(
        "days",
        _("Days of protection"),
        "number",
        inputmode="numeric",
        hint=_("From acceptance. What is in force already keeps its day."),
    )
    context = {
        "groups": [FieldGroup(title=_("Deal registration"), fields=[field])],
        "draft": draft,
        "tabs": settings_tabs(actor, "registration_settings"),
        "active": "settings",
    }
    return render(request, "team/registration.html", context, status=422 if draft.errors else 200)
