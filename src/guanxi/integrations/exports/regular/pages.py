"""Regular exports: the list of one's own with their files, and the form of a new one."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_GET, require_http_methods

from guanxi.foundation.design.shapes import Option
from guanxi.foundation.design.words import shown_number
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import Draft, actor_of, tell, uuid_of
from guanxi.integrations.exports.formats import formats_of
from guanxi.integrations.exports.regular import services
from guanxi.integrations.models import ExportPlan
from guanxi.kernel.errors import Invalid, NotFound, Refused
from guanxi.resource.declaration import Resource
from guanxi.resource.registry import find_by_key
from guanxi.resource.viewing import lasting

_NAMES = ("name", "query", "format", "when", "hour", "keep_days")
_USUAL = {"when": "week:1", "hour": "7", "keep_days": "14", "format": "xlsx"}


@require_GET
def export_plans(request: HttpRequest) -> HttpResponse:
    """One's own regular exports, and the files they left."""
    actor = actor_of(request)
    plans = services.plans_of(actor)
    context = {
        "plans": [(plan, _when(plan), _of(plan)) for plan in plans],
        "files": [
            (row, filesizeformat(path.stat().st_size), _rows(row.result.get("rows", 0)))
            for row, path in services.files_of(actor)
        ],
        "active": "",
    }
    return render(request, "exports/plans.html", context)


def _of(plan: ExportPlan) -> str:
    resource = find_by_key(plan.resource)
    return str(resource.label_plural) if resource else plan.resource


def _rows(count: int) -> str:
    return ngettext("%(n)s row", "%(n)s rows", count) % {"n": shown_number(count)}


def _when(plan: ExportPlan) -> str:
    words: dict[str, Any] = {"hour": f"{plan.hour:02d}:00", "day": plan.day}
    if plan.every == ExportPlan.Every.WEEK:
        words["day"] = _weekdays()[plan.day - 1]
        return _("%(day)s, %(hour)s") % words
    if plan.every == ExportPlan.Every.MONTH:
        if plan.day == 31:
            return _("every month on its last day, %(hour)s") % words
        return _("every month on day %(day)s, %(hour)s") % words
    return _("every day, %(hour)s") % words


def _weekdays() -> list[str]:
    return [
        _("every Monday"), _("every Tuesday"), _("every Wednesday"), _("every Thursday"), _("every Friday"),
        _("every Saturday"), _("every Sunday"),
    ]  # fmt: skip


@require_http_methods(["GET", "POST"])
def export_plan_new(request: HttpRequest, resource: type[Resource]) -> HttpResponse:
    """A list, as its address asks for it, to leave regularly. Raises Forbidden without the right to export."""
    actor = actor_of(request)
    actor.require(resource.permission("export"))
    if request.method == "POST":
        draft = Draft(_typed(request))
        try:
            services.make_plan(actor, resource, draft.values)
        except (Invalid, Refused) as error:
            draft.blame(error)
        else:
            tell(request, _("Saved"))
            return HttpResponseRedirect(reverse("export_plans"))
    else:
        query = request.GET.copy()
        query.pop("format", None)
        view = uuid_of(query.get("from"))
        asked = f"view={view}" if view else lasting(query, **{"from": ""})
        draft = Draft({**_USUAL, "query": asked, "name": str(resource.label_plural)})
    return _form(request, draft, resource)


@require_http_methods(["GET", "POST"])
def export_plan(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """One of one's own: its form, and with POST what becomes of it; `act=pause`, `go_on` or `delete` without a form.

    Raises NotFound, Forbidden without the right to export."""
    actor = actor_of(request)
    if request.POST.get("act"):
        return _act(request, actor, plan_id)
    plan = services.plan_of(actor, plan_id)
    resource = services.resource_of(plan)
    actor.require(resource.permission("export"))
    if request.method == "POST":
        draft = Draft({**_typed(request), "query": plan.query})
        try:
            services.change_plan(actor, plan_id, draft.values)
        except Invalid as error:
            draft.blame(error)
        else:
            tell(request, _("Saved"))
            return HttpResponseRedirect(reverse("export_plans"))
    else:
        when = plan.every if plan.every == ExportPlan.Every.DAY else f"{plan.every}:{plan.day}"
        kept = {name: str(getattr(plan, name)) for name in ("name", "query", "format", "hour", "keep_days")}
        draft = Draft({**kept, "when": when})
    return _form(request, draft, resource, plan)


def _typed(request: HttpRequest) -> dict[str, str]:
    """What the form says; `when` is every and day in one."""
    typed = {name: request.POST.get(name, "") for name in _NAMES}
    every, _colon, day = typed["when"].partition(":")
    return {**typed, "every": every, "day": day or "1"}


def _form(
    request: HttpRequest, draft: Draft, resource: type[Resource], plan: ExportPlan | None = None
) -> HttpResponse:
    if said := (*draft.errors.pop("every", ()), *draft.errors.pop("day", ())):
        draft.errors["when"] = said
    context = {
        "resource": resource,
        "draft": draft,
        "plan": plan,
        "fields": _fields(draft, resource),
        "list_url": resource.url() + "?" + draft.values["query"],
        "is_view": QueryDict(draft.values["query"]).get("view", ""),
        "active": resource.key,
    }
    wrong = bool(draft.errors or draft.overall)
    return render(request, "exports/plan.html", context, status=422 if wrong else 200)


def _fields(draft: Draft, resource: type[Resource]) -> list[Any]:
    given = draft.values

    def options(name: str, pairs: list[tuple[str, str]]) -> list[Option]:
        return [Option(value=value, label=label, selected=given[name] == value) for value, label in pairs]

    formats = [(one.key, str(one.label)) for one in formats_of(resource).values()]
    when = [("day", str(ExportPlan.Every.DAY.label))]
    when += [(f"week:{day}", label) for day, label in enumerate(_weekdays(), start=1)]
    when += [(f"month:{day}", _("every month on day %(day)s") % {"day": day}) for day in range(1, 31)]
    when.append(("month:31", _("every month on its last day")))
    when = [(value, capfirst(label)) for value, label in when]
    hours = [(str(hour), f"{hour:02d}:00") for hour in range(24)]
    return [
        draft.field("name", pgettext("export", "Name"), required=True, maxlength=100, wide=True),
        draft.field("format", _("File"), "select", options("format", formats), required=True),
        draft.field("when", _("How often"), "select", options("when", when), required=True),
        draft.field("hour", _("At what time"), "select", options("hour", hours), required=True),
        draft.field("keep_days", _("Keep each file for so many days"), required=True, inputmode="numeric", maxlength=2),
    ]  # fmt: skip


def _act(request: HttpRequest, actor: Actor, plan_id: UUID) -> HttpResponse:
    act = request.POST.get("act", "")
    try:
        if act == "delete":
            services.delete_plan(actor, plan_id)
            tell(request, _("Deleted"))
        elif act in ("pause", "go_on"):
            services.pause(actor, plan_id, paused=act == "pause")
            tell(request, _("Saved"))
        else:
            raise NotFound("no_act")
    except (Invalid, Refused) as error:
        tell(request, services.words_of(error))
    return HttpResponseRedirect(reverse("export_plans"))


@require_GET
def export_plan_file(request: HttpRequest, job_id: UUID) -> FileResponse:
    """The file of one time. Raises NotFound, Forbidden."""
    row, path = services.fetch(actor_of(request), job_id)
    name = f"{row.label}-{row.created_at:%Y%m%d}{path.suffix}"
    response = FileResponse(path.open("rb"), as_attachment=True, filename=name)
    response["Cache-Control"] = "private, no-store"
    return response
