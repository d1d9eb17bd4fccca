"""The page on which an administrator arranges card and form."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.permissions.web import Draft, actor_of, tell, version_of
from guanxi.kernel.errors import Invalid, Stale
from guanxi.kernel.ids import new_id
from guanxi.resource.declaration import Resource
from guanxi.tailoring.models import Layout
from guanxi.tailoring.pages.forms import parts_of
from guanxi.tailoring.queries.arranging import must_stay, whole
from guanxi.tailoring.queries.wishes import Arrangement, wishes
from guanxi.tailoring.services.fields import MANAGE, find_resource
from guanxi.tailoring.services.layouts import reset_layout, set_layout

_SECTION, _FIELD = "s:", "f:"


@dataclass(frozen=True, slots=True)
class Line:
    """A section's head, or a field beneath one."""

    key: str
    label: str
    head: bool = False
    zh: str = ""
    en: str = ""
    card: bool = True
    form: bool = True
    fixed_card: bool = False
    fixed_form: bool = False
    hidden: bool = False


@require_http_methods(["GET", "POST"])
def layout(request: HttpRequest, key: str) -> HttpResponse:
    """Sections and fields of a resource in one list: order, titles, what card and form leave out."""
    actor = actor_of(request)
    actor.require(MANAGE)
    resource = find_resource(key)
    row = Layout.objects.filter(resource=key).first()
    draft = Draft({})
    arrangement = wishes().layouts.get(key)
    if request.method == "POST":
        sent = _read(request.POST)
        before = last_operation_id()
        try:
            set_layout(actor, resource=key, expected_version=version_of(request), **sent)
        except Invalid as error:
            draft.blame(error)
            draft.overall = (*draft.overall, *(text for said in draft.errors.values() for text in said))
            off = frozenset(sent["off_card"]), frozenset(sent["off_form"])
            arrangement = Arrangement(sent["sections"], *off)
        except Stale:
            draft.overall = (_("Somebody changed this page meanwhile. Load it again."),)
        else:
            if last_operation_id() != before:
                tell(request, _("Card and form arranged"), undo=last_operation_id())
            return HttpResponseRedirect(reverse("own_layout", args=[key]))
    context = {
        "resource": resource,
        "active": "settings",
        "parts": parts_of(resource, "layout"),
        "lines": lines_of(resource, arrangement),
        "version": row.version if row else 0,
        "arranged": row is not None,
        "overall": draft.overall,
    }
    return render(request, "tailoring/layout.html", context, status=422 if draft.overall else 200)


@require_POST
def reset(request: HttpRequest, key: str) -> HttpResponse:
    """Back to what was delivered."""
    actor = actor_of(request)
    reset_layout(actor, resource=key)
    tell(request, _("Card and form are as delivered"), undo=last_operation_id())
    return HttpResponseRedirect(reverse("own_layout", args=[key]))


def lines_of(resource: type[Resource], arrangement: Arrangement | None) -> list[Line]:
    """Every section and field in the order they stand in."""
    fields, needed = resource.fields(), must_stay(resource)
    stored = {str(one.get("key")): one for one in arrangement.sections} if arrangement else {}
    off_card = arrangement.off_card if arrangement else frozenset()
    off_form = arrangement.off_form if arrangement else frozenset()
    own = wishes().fields_of(resource.key)
    found = []
    for section in whole(resource.form, own, arrangement):
        titles = stored.get(section.key, {})
        found.append(
            Line(
                _SECTION + section.key,
                str(section.title),
                head=True,
                zh=str(titles.get("zh", "")),
                en=str(titles.get("en", "")),
            )
        )
        for name in section.fields:
            kind = fields[name]
            fixed = name in needed
            found.append(
                Line(
                    _FIELD + name,
                    str(kind.label),
                    card=name not in off_card,
                    form=fixed or name not in off_form,
                    fixed_card=name == resource.title,
                    fixed_form=fixed,
                    hidden=bool(kind.own and kind.own.hidden),
                )
            )
    return found


def _read(data: QueryDict) -> dict[str, Any]:
    """What the page sent, as the service takes it: every field belongs to the section above it."""
    order = data.getlist("order")
    for step, by in (("up", -1), ("down", 1)):  # without a script
        key = data.get(step, "")
        if key in order and 0 <= order.index(key) + by < len(order):
            at = order.index(key)
            order[at], order[at + by] = order[at + by], order[at]
    sections: list[dict[str, Any]] = []
    above: list[str] = []
    for one in order:
        if one.startswith(_SECTION):
            key = one.removeprefix(_SECTION)
            sections.append(
                {"key": key, "zh": data.get(f"zh:{key}", ""), "en": data.get(f"en:{key}", ""), "fields": []}
            )
        elif one.startswith(_FIELD):
            (sections[-1]["fields"] if sections else above).append(one.removeprefix(_FIELD))
    if sections:
        sections[0]["fields"] = [*above, *sections[0]["fields"]]
    if data.get("new_zh") or data.get("new_en"):
        fresh = {"zh": data.get("new_zh", ""), "en": data.get("new_en", ""), "fields": []}
        sections.append({"key": f"+{new_id().hex[-12:]}", **fresh})
    names = [one.removeprefix(_FIELD) for one in order if one.startswith(_FIELD)]
    card, form = set(data.getlist("card")), set(data.getlist("form"))
    return {
        "sections": sections,
        "off_card": [name for name in names if name not in card],
        "off_form": [name for name in names if name not in form],
    }
