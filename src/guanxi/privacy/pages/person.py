"""A person's data as a whole: looked at, handed out, erased."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language, gettext, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from guanxi.foundation.design.shapes import Option
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import Draft, actor_of
from guanxi.kernel.errors import Invalid, Refused
from guanxi.kinds import Show
from guanxi.privacy.choices import Ground
from guanxi.privacy.jobs import ask_erasure, ask_export
from guanxi.privacy.queries.answers import MOST
from guanxi.privacy.services.answering import SEE, answer
from guanxi.privacy.services.archives import find_archive
from guanxi.privacy.services.erasing import ERASE
from guanxi.privacy.services.standing import person_of_lead
from guanxi.resource import access
from guanxi.resource.contributions import Button
from guanxi.resource.registry import find


def _button(actor: Actor, record: Any, show: Show) -> str:
    return format_html(
        '<a class="btn btn-sm" href="{}">{}</a>',
        reverse("personal_data", args=[record.pk]),
        gettext("Personal data"),
    )


PRIVACY = Button("privacy", _button, order=70, code=SEE)


def _lead_button(actor: Actor, record: Any, show: Show) -> str:
    return format_html(
        '<a class="btn btn-sm" href="{}">{}</a>',
        reverse("lead_personal_data", args=[record.pk]),
        gettext("Personal data"),
    )


LEAD_PRIVACY = Button("privacy", _lead_button, order=70, code=SEE)


@require_http_methods(["GET", "POST"])
def lead_personal_data(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
    """Of a lead: to the person it became; one that is nobody's yet is written down as a person first. Raises Forbidden,
    NotFound."""
    actor, leads = actor_of(request), find("leads")
    actor.require(SEE)
    lead = access.get(actor, leads, id)
    there = access.visible(actor, find("people")).filter(pk=lead.contact_id).exists()
    if there or request.method == "POST":
        person = lead.contact if there else person_of_lead(actor, id)
        return HttpResponseRedirect(reverse("personal_data", args=[person.pk]))
    access.require(actor, leads, lead, "edit")
    context = {"record": lead, "card_url": leads.url("card", id=id), "active": leads.key}
    return render(request, "privacy/lead.html", context)


@require_http_methods(["GET", "POST"])
def personal_data(request: HttpRequest, id: UUID) -> HttpResponseBase:  # noqa: A002
    """On what ground, and what: show, export or erase everything; these two are jobs. Raises Forbidden, NotFound."""
    actor = actor_of(request)
    actor.require(SEE)
    people = find("people")
    person = access.get(actor, people, id)
    draft = Draft({name: request.POST.get(name, "").strip() for name in ("ground", "note", "confirm", "act")})
    context: dict[str, Any] = {
        "record": person,
        "card_url": people.url("card", id=id),
        "edit_url": people.url("edit", id=id),
        "may_erase": actor.may(ERASE),
        "active": people.key,
        "most": MOST,
    }
    if request.method == "POST":
        given, language = draft.values, get_language() or "zh-hans"
        try:
            if given["act"] == "erase":
                asked = ask_erasure(
                    actor, id, ground=given["ground"], note=given["note"], confirm=given["confirm"]
                )
                return HttpResponseRedirect(reverse("job", args=[asked.pk]))
            if given["act"] == "export":
                asked = ask_export(actor, id, ground=given["ground"])
                return HttpResponseRedirect(reverse("job", args=[asked.pk]))
            context["answer"] = answer(actor, id, ground=given["ground"], language=language)
        except (Invalid, Refused) as error:
            draft.blame(error)
    chosen = draft.values["ground"]
    grounds = [Option(value=one.value, label=str(one.label), selected=one.value == chosen) for one in Ground]
    context |= {
        "draft": draft,
        "ground": draft.field("ground", _("On what ground"), "select", grounds, required=True),
        "note": draft.field("note", pgettext("erasure", "Note"), maxlength=300,
                            hint=_("Without names: it stays in the change log.")),
        "confirm": draft.field(
            "confirm", _("Type the person's name to confirm"), autocomplete="off", maxlength=100
        ),
    }  # fmt: skip
    wrong = bool(draft.errors or draft.overall)
    answered: HttpResponse = render(request, "privacy/person.html", context, status=422 if wrong else 200)
    return answered


@require_GET
def personal_data_file(request: HttpRequest, job_id: UUID) -> FileResponse:
    """What an export has packed. Raises Forbidden, NotFound."""
    path = find_archive(actor_of(request), job_id)
    response = FileResponse(
        path.open("rb"), as_attachment=True, filename="personal-data.zip", content_type="application/zip"
    )
    response["Cache-Control"] = "private, no-store"
    return response
