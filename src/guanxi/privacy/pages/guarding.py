"""The settings against leaks, the log of numbers that were shown, and showing one."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from guanxi.foundation.design.shapes import FieldGroup, Option
from guanxi.foundation.permissions.settings_index import settings_tabs
from guanxi.foundation.permissions.web import Draft, actor_of, tell
from guanxi.kernel.errors import Invalid, Refused
from guanxi.kernel.text import whole_number
from guanxi.privacy.models import Reveal
from guanxi.privacy.queries.guarding import Guarding, guarding
from guanxi.privacy.services.revealing import MANAGE, change_guarding, reveal
from guanxi.resource import access
from guanxi.resource.registry import every
from guanxi.screens.drawing import show_for

_SHOWN = 50
_NAMES = ("veiled", "a_day", "alert_at", "watermark")


@require_POST
def show_veiled(request: HttpRequest, resource: str, id: UUID, field: str) -> HttpResponse:  # noqa: A002
    """One record's number, in the place of its mask."""
    try:
        record, kind = reveal(
            actor_of(request),
            resource=resource,
            record_id=id,
            field=field,
            ip=request.META.get("REMOTE_ADDR") or None,
        )
    except Refused as error:
        return HttpResponse(format_html('<span class="gx-t2">{}</span>', error.words))
    return HttpResponse(format_html("{}", kind.html(record, show_for(request))))


@require_http_methods(["GET", "POST"])
def data_security(request: HttpRequest) -> HttpResponse:
    """Settings, and who lately asked for which number. Raises Forbidden without the right."""
    actor = actor_of(request)
    actor.require(MANAGE)
    held = guarding()
    draft = Draft(
        {
            "veiled": "1" if held.veiled else "0",
            "a_day": str(held.a_day),
            "alert_at": str(held.alert_at),
            "watermark": "1" if held.watermark else "0",
        }
    )
    if request.method == "POST":
        draft = Draft({name: request.POST.get(name, "").strip() for name in _NAMES})
        numbers = {name: whole_number(draft.values[name]) for name in ("a_day", "alert_at")}
        wanted = Guarding(
            veiled=draft.values["veiled"] == "1",
            **{name: -1 if number is None else number for name, number in numbers.items()},
            watermark=draft.values["watermark"] == "1",
        )
        try:
            change_guarding(actor, wanted)
            tell(request, _("Saved"))
            return HttpResponseRedirect(reverse("data_security"))
        except Invalid as error:
            draft.blame(error)
    veiling = [
        Option(value="0", label=_("Shown"), selected=draft.values["veiled"] != "1"),
        Option(value="1", label=_("Masked until clicked"), selected=draft.values["veiled"] == "1"),
    ]
    marking = [
        Option(value="0", label=_("No watermark"), selected=draft.values["watermark"] != "1"),
        Option(value="1", label=_("On every page"), selected=draft.values["watermark"] == "1"),
    ]
    groups = [
        FieldGroup(
            title=_("Telephone numbers"),
            fields=[
                draft.field(
                    "veiled", _("Of customers and people"), "select", veiling,
                    hint=_("Masked ones are not searched, filtered or exported; each click is written down."),
                ),
                draft.field(
                    "a_day", _("At most a day and person"), "number", inputmode="numeric",
                    hint=_("Records whose number one may look at; 0 for any number."),
                ),
                draft.field(
                    "alert_at", _("Tell the superior from"), "number", inputmode="numeric",
                    hint=_("Records in one day; 0 for never."),
                ),
            ],
        ),
        FieldGroup(
            title=_("Watermark"),
            fields=[
                draft.field(
                    "watermark", _("Viewer's name and time"), "select", marking,
                    hint=_("Faint, on the screen and on paper: a photograph shows who took it."),
                ),
            ],
        ),
    ]  # fmt: skip
    context: dict[str, Any] = {
        "groups": groups,
        "draft": draft,
        "rows": list(_rows(request)),
        "tabs": settings_tabs(actor, "data_security"),
        "active": "settings",
    }
    return render(request, "privacy/security.html", context, status=422 if draft.errors else 200)


def _rows(request: HttpRequest) -> Any:
    """Who asked for whose number; of records out of the reader's sight only that it was one."""
    actor = actor_of(request)
    rows = list(Reveal.objects.select_related("member").order_by("-created_at", "-id")[:_SHOWN])
    names: dict[UUID, tuple[str, str]] = {}
    for resource in every():
        ids = [one.record_id for one in rows if one.resource == resource.key]
        for record in access.visible(actor, resource).filter(pk__in=ids) if ids else ():
            names[record.pk] = (str(record), resource.url("card", id=record.pk))
    for one in rows:
        name, url = names.get(one.record_id, ("—", ""))
        yield {
            "at": one.created_at,
            "who": one.member.name,
            "whose": name,
            "url": url,
            "ip": one.ip or one.door,
        }
