"""The administrator's page of the company registry: settings with a test, and the log of what was asked."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guanxi.foundation.design.shapes import FieldGroup, Tab
from guanxi.foundation.permissions.settings_index import settings_tabs
from guanxi.foundation.permissions.web import Draft, actor_of, tell
from guanxi.integrations.registry import services
from guanxi.kernel.errors import Invalid

_SHOWN = 100


@sensitive_post_parameters("key")
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Show, test or save. Raises Forbidden without the right."""
    actor = actor_of(request)
    held = services.account_of(actor)
    draft = Draft({"url": held.url if held else ""})
    result: dict[str, str] = {}
    if request.method == "POST":
        draft = Draft({name: request.POST.get(name, "").strip() for name in services.NAMES})
        try:
            if request.POST.get("act") != "test":
                services.change_account(actor, draft.values)
                tell(request, _("Saved"))
                return HttpResponseRedirect(reverse("registry_account"))
            result = _told(services.try_account(actor, draft.values))
        except Invalid as error:
            draft.blame(error)
    kept = _("Leave it empty to keep the stored key.") if held is not None and held.key else ""
    context = {
        "groups": [
            FieldGroup(
                title=_("Registry"),
                fields=[
                    draft.field(
                        "url", pgettext("registry", "Address"), "url", wide=True, maxlength=300, placeholder="https://registry.example.com/v1",
                        hint=_("Empty: no registry is asked."),
                    ),
                    # Never shown again, neither the stored one nor what was just typed.
                    replace(
                        draft.field("key", _("Key"), "password", hint=kept, maxlength=500, autocomplete="off"), value=""
                    ),
                ],
            )
        ],
        "draft": draft,
        "result": result,
        "unset": held is None or not held.url,
        "totals": services.totals(actor),
        "tabs": settings_tabs(actor, "registry_account"),
        "active": "settings",
    }  # fmt: skip
    wrong = bool(draft.errors or draft.overall)
    return render(request, "registry/account.html", context, status=422 if wrong else 200)


def _told(outcome: services.Outcome) -> dict[str, str]:
    if outcome.code:
        return {"tone": "bad", "text": _("The test failed."), "words": outcome.words}
    return {
        "tone": "good",
        "text": _("Connected to “%(name)s”. Nothing was charged; save to use it.") % {"name": outcome.found},
    }


@require_GET
def calls(request: HttpRequest) -> HttpResponse:
    """What was asked: all of it, or what failed."""
    actor = actor_of(request)
    failed = request.GET.get("only") == "failed"
    rows = services.calls(actor, failed=failed)[:_SHOWN]
    here = reverse("registry_calls")
    context: dict[str, Any] = {
        "rows": [
            {
                "row": row,
                "act": services.ACTS.get(row.act, row.act),
                "words": services.words_of(row.error, row.detail) if row.error else "",
            }
            for row in rows
        ],
        "kinds": [
            Tab(label=_("All"), url=here, current=not failed),
            Tab(label=_("Failed"), url=f"{here}?only=failed", current=failed),
        ],
        "failed": failed,
        "totals": services.totals(actor),
        "days": services.KEPT_DAYS,
        "active": "settings",
    }
    return render(request, "registry/calls.html", context)


@require_POST
def retry(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """Ask again what failed."""
    outcome = services.retry(actor_of(request), call_id)
    tell(request, outcome.words if outcome.code else _("This time it was answered."))
    return HttpResponseRedirect(reverse("registry_calls") + "?only=failed")
