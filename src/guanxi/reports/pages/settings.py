"""The setting of who must send a report by when."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from guanxi.foundation.accounts.models import Department, Member
from guanxi.foundation.design.shapes import Field, Option
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.permissions.models import Role
from guanxi.foundation.permissions.settings_index import settings_tabs
from guanxi.foundation.permissions.web import Draft, actor_of, listed, tell, url_of
from guanxi.kernel.errors import Invalid, NotFound
from guanxi.reports.choices import MANAGE, Period
from guanxi.reports.models import Duty
from guanxi.reports.rules import OFFSETS
from guanxi.reports.services.duties import remove_duty, save_duty


@require_http_methods(["GET", "POST"])
def duties(request: HttpRequest) -> HttpResponse:
    """Every duty in words, and the form of one (`duty`) or of a new one. Raises Forbidden without the right."""
    actor = actor_of(request)
    actor.require(MANAGE)
    rows = list(Duty.objects.prefetch_related("obliged__role", "obliged__department", "obliged__member"))
    rows.sort(key=lambda one: (one.period, one.by))
    editing = _editing(request, rows)
    draft = Draft(_stored(editing))
    if request.method == "POST":
        given = request.POST
        draft = Draft({**given.dict(), **{kind: given.getlist(kind) for kind in _WHO}})
        try:
            period, _dot, offset = given.get("when", "").partition(".")
            save_duty(
                actor,
                editing.pk if editing else None,
                period=period,
                by=given.get("by", ""),
                offset=int(offset) if offset.lstrip("-").isdecimal() else 99,
                who=[(kind, pk) for kind in _WHO for text in given.getlist(kind) if (pk := _uuid(text))],
            )
        except Invalid as error:
            draft.blame(error)
            if "offset" in error.fields or "period" in error.fields:
                draft.errors["when"] = draft.errors.get("offset", ()) or draft.errors.get("period", ())
        else:
            tell(request, _("Saved"), undo=last_operation_id())
            return HttpResponseRedirect(reverse("report_duties"))
    context = {
        "rows": [_line(one) for one in rows],
        "editing": editing,
        "fields": _fields(draft),
        "who": _who(draft),
        "problems": draft.overall + tuple(draft.errors.get("who", ())),
        "tabs": settings_tabs(actor, "report_duties"),
        "active": "settings",
    }
    return render(request, "reports/duties.html", context, status=422 if draft.errors else 200)


@require_POST
def duty_remove(request: HttpRequest, duty_id: UUID) -> HttpResponse:
    """Nobody owes that report any more; the toast undoes it."""
    remove_duty(actor_of(request), duty_id)
    tell(request, _("Removed"), undo=last_operation_id())
    return HttpResponseRedirect(reverse("report_duties"))


_WHO = ("role", "department", "member")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _editing(request: HttpRequest, rows: list[Duty]) -> Duty | None:
    wanted = request.POST.get("duty", "") if request.method == "POST" else request.GET.get("duty", "")
    if not wanted:
        return None
    found = next((one for one in rows if str(one.pk) == wanted), None)
    if found is None:
        raise NotFound("not_found", {})
    return found


def _stored(duty: Duty | None) -> dict[str, Any]:
    if duty is None:
        return {"when": "day.0", "by": "18:30"}
    held: dict[str, Any] = {"when": f"{duty.period}.{duty.offset}", "by": duty.by}
    for kind in _WHO:
        held[kind] = [str(pk) for one in duty.obliged.all() if (pk := getattr(one, f"{kind}_id"))]
    return held


def day_words(period: str, offset: int) -> str:
    """On which day a report is due, in words."""
    if period == Period.DAY:
        return pgettext("report", "the next working day") if offset else pgettext("report", "the same day")
    return {
        -3: pgettext("report", "Thursday of the week"),
        -2: pgettext("report", "Friday of the week"),
        -1: pgettext("report", "Saturday of the week"),
        0: pgettext("report", "Sunday of the week"),
        1: pgettext("report", "Monday of the week after"),
        2: pgettext("report", "Tuesday of the week after"),
        3: pgettext("report", "Wednesday of the week after"),
    }.get(offset, "")


def _line(duty: Duty) -> dict[str, Any]:
    names = [_name(one) for one in duty.obliged.all()]
    # Translators: a daily or weekly report, on which day and until what time it is due.
    words = pgettext("report", "%(report)s: %(day)s, until %(time)s") % {
        "report": Period(duty.period).label,
        "day": day_words(duty.period, duty.offset),
        "time": duty.by,
    }
    return {"id": duty.pk, "words": words, "who": listed(sorted(names))}


def _name(one: Any) -> str:
    return one.role.shown_name if one.role_id else str(one.department or one.member)


def _fields(draft: Draft) -> list[Field]:
    when = [
        Option(
            value=f"{period}.{offset}",
            label=f"{Period(period).label}: {day_words(period, offset)}",
            selected=draft.values.get("when") == f"{period}.{offset}",
        )
        for period, offsets in OFFSETS.items()
        for offset in offsets
    ]
    return [
        draft.field("when", _("Which report, and when"), "select", when),
        draft.field("by", pgettext("report", "Until what time"), "time"),
    ]


def _who(draft: Draft) -> list[Field]:
    roles = [(one.pk, one.shown_name) for one in Role.objects.order_by("position", "id")]
    departments = list(Department.objects.order_by("position", "id").values_list("pk", "name"))
    chosen = [pk for text in draft.values.get("member", ()) if (pk := _uuid(text))]
    people = list(Member.objects.filter(pk__in=chosen).values_list("pk", "name"))
    return [
        _choices(draft, "role", _("Roles"), roles),
        _choices(draft, "department", _("Departments, with all beneath them"), departments),
        Field(
            name="member",
            label=_("People"),
            kind="picker",
            multiple=True,
            options=[Option(value=str(pk), label=name, selected=True) for pk, name in people],
            url=url_of("report_people"),
            placeholder=_("Type to search"),
            wide=True,
        ),
    ]


def _choices(draft: Draft, name: str, label: str, rows: list[tuple[Any, str]]) -> Field:
    chosen = draft.values.get(name, ())
    options = [Option(value=str(pk), label=said, selected=str(pk) in chosen) for pk, said in rows]
    return Field(name=name, label=label, kind="choices", options=options, wide=True)
