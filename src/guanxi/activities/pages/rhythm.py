"""The setting of how often customers of a grade are to be heard of."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from guanxi.activities.queries.rhythm import rhythm
from guanxi.activities.rules import RHYTHM
from guanxi.activities.services.rhythm import MANAGE, change_rhythm
from guanxi.foundation.design.shapes import FieldGroup
from guanxi.foundation.permissions.settings_index import settings_tabs
from guanxi.foundation.permissions.web import Draft, actor_of, tell
from guanxi.kernel.errors import Invalid
from guanxi.kernel.text import whole_number

_NONE = "none"  # the name of the field for customers without a grade


@require_http_methods(["GET", "POST"])
def rhythm_settings(request: HttpRequest) -> HttpResponse:
    """Days by grade; an empty field is no rhythm. Raises Forbidden without the right."""
    actor = actor_of(request)
    actor.require(MANAGE)
    names = {grade: grade or _NONE for grade in RHYTHM}
    draft = Draft({names[grade]: str(days or "") for grade, days in rhythm().items() if grade in names})
    if request.method == "POST":
        draft = Draft({name: request.POST.get(name, "").strip() for name in names.values()})
        texts = {grade: draft.values[name] for grade, name in names.items()}
        numbers = {grade: whole_number(text) if text else None for grade, text in texts.items()}
        wanted = {grade: -1 if texts[grade] and days is None else days for grade, days in numbers.items()}
        try:
            change_rhythm(actor, wanted)
            tell(request, _("Saved"))
            return HttpResponseRedirect(reverse("rhythm_settings"))
        except Invalid as error:
            draft.blame(Invalid({names[grade]: said for grade, said in error.fields.items()}))
    fields = [
        draft.field(
            name,
            pgettext("rhythm", "Grade %(grade)s") % {"grade": grade} if grade else _("Without a grade"),
            "number",
            inputmode="numeric",
            hint="" if grade else _("Days. An empty field: no rhythm, nobody is reminded."),
        )
        for grade, name in names.items()
    ]
    context = {
        "groups": [FieldGroup(title=_("Days between two effective follow-ups"), fields=fields)],
        "draft": draft,
        "tabs": settings_tabs(actor, "rhythm_settings"),
        "active": "settings",
    }
    return render(request, "activities/rhythm.html", context, status=422 if draft.errors else 200)
