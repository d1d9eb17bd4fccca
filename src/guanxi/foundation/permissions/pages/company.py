"""The index of administration, and the company's own details."""

from typing import Any, cast
from zoneinfo import available_timezones

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from guanxi.foundation.design.shapes import FieldGroup, Option
from guanxi.foundation.permissions.services import edit_company
from guanxi.foundation.permissions.settings_index import SettingsPage, settings_pages, settings_tabs
from guanxi.foundation.permissions.web import Draft, actor_of, tell
from guanxi.foundation.tenancy.models import Tenant
from guanxi.kernel.errors import Forbidden, Invalid


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """What can be administered here by this person. Forbidden for who can open none of it."""
    pages = settings_pages(actor_of(request))
    if not pages:
        raise Forbidden("settings.company.manage")
    by_group: dict[str, list[SettingsPage]] = {}
    for page in pages:
        by_group.setdefault(str(page.group), []).append(page)
    return render(request, "permissions/index.html", {"groups": list(by_group.items()), "active": "settings"})


@require_http_methods(["GET", "POST"])
def company(request: HttpRequest) -> HttpResponse:
    """Name, language, time zone, and how long the change log is kept."""
    actor = actor_of(request)
    actor.require("settings.company.manage")
    tenant: Tenant = cast("Any", request).tenant
    stored = {
        "name": tenant.name,
        "language": tenant.language,
        "time_zone": tenant.time_zone,
        "months": tenant.ledger_months or "",
    }
    draft = Draft(stored)
    if request.method == "POST":
        draft = Draft({name: request.POST.get(name, "") for name in stored})
        months = str(draft.values["months"]).strip()
        try:
            if months and not (months.isascii() and months.isdecimal() and len(months) < 6):
                draft.errors["months"] = (_("Enter a whole number of months, or leave it empty."),)
            else:
                edit_company(
                    actor,
                    name=draft.values["name"],
                    language=draft.values["language"],
                    time_zone=draft.values["time_zone"],
                    retention_months=int(months) if months else None,
                )
                tell(request, _("Saved"))
                return HttpResponseRedirect(reverse("company_settings"))
        except Invalid as error:
            draft.blame(error)
            if "retention_months" in draft.errors:
                draft.errors["months"] = draft.errors.pop("retention_months")
    languages = [
        Option(value=code, label=str(name), selected=code == draft.values["language"])
        for code, name in settings.LANGUAGES
    ]
    zones = [
        Option(value=zone, label=zone, selected=zone == draft.values["time_zone"])
        for zone in sorted(available_timezones())
        if "/" in zone and not zone.startswith(("Etc/", "posix/", "right/", "SystemV/"))
    ]
    groups = [
        FieldGroup(
            title=_("Company"),
            fields=[
                draft.field("name", _("Company name"), required=True, maxlength=200, wide=True),
                draft.field(
                    "language",
                    _("Language"),
                    "select",
                    languages,
                    hint=_("For names that come ready-made, and for messages."),
                ),
                draft.field("time_zone", _("Time zone"), "select", zones),
            ],
        ),
        FieldGroup(
            title=_("Change log"),
            fields=[
                draft.field(
                    "months",
                    _("Keep for, months"),
                    "number",
                    attrs={"min": "6", "step": "1"},
                    inputmode="numeric",
                    hint=_("Older changes cannot be undone any more. Leave it empty to keep everything."),
                ),
            ],
        ),
    ]
    context = {
        "groups": groups,
        "draft": draft,
        "tabs": settings_tabs(actor, "company_settings"),
        "active": "settings",
    }
    return render(request, "permissions/company.html", context, status=422 if draft.errors else 200)
