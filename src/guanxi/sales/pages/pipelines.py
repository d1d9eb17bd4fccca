"""The settings of pipelines: their stages in order, what each asks for, what goes where when one goes."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guanxi.foundation.accounts.models import Department
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.settings_index import settings_tabs
from guanxi.foundation.permissions.web import Draft, actor_of, tell, uuid_of
from guanxi.kernel.errors import Invalid, NotFound, Refused
from guanxi.kinds.kind import Words
from guanxi.resource import access
from guanxi.resource.registry import find
from guanxi.sales.choices import SETTINGS, StageKind
from guanxi.sales.models import Evidence, Pipeline, PlanStep, Question, Stage
from guanxi.sales.queries.pipelines import ways
from guanxi.sales.services.arranging import new_pipeline, order_stages, remove_stage, set_department
from guanxi.sales.services.pipelines import set_required
from guanxi.screens.replies import toast

# What a stage itself sets, what always has a value, and what only an end has.
_NEVER_ASKED = {
    *("stage", "pipeline", "currency", "owner", "opened_on", "category", "probability"),
    *("closed_on", "lost_reason", "lost_to", "lost_remark"),
}


@require_http_methods(["GET", "POST"])
def pipeline_settings(request: HttpRequest) -> HttpResponse:
    """All pipelines in use. Raises Forbidden without the right."""
    actor = actor_of(request)
    actor.require(SETTINGS)
    draft = Draft({"name": request.POST.get("name", "").strip()})
    if request.method == "POST":
        try:
            _act(actor, request.POST, draft.values["name"])
            if request.headers.get("HX-Request"):
                return toast(HttpResponse(), _("Saved"))
            tell(request, _("Saved"), undo=last_operation_id())
            return HttpResponseRedirect(reverse("pipeline_settings"))
        except (Invalid, Refused) as error:
            draft.blame(error)
    context = {
        "pipelines": _drawn(actor),
        "departments": Department.objects.order_by("position", "name"),
        "name": draft.field("name", _("Name of the pipeline"), maxlength=100),
        "draft": draft,
        "tabs": settings_tabs(actor, "pipeline_settings"),
        "active": "settings",
    }
    return render(
        request, "sales/pipelines.html", context, status=422 if draft.errors or draft.overall else 200
    )


def _act(actor: Actor, given: QueryDict, name: str) -> None:
    """What a form of the page asks for. Raises NotFound for what there is not."""
    stage, pipeline, act = uuid_of(given.get("stage")), uuid_of(given.get("pipeline")), given.get("act")
    if act == "new":
        new_pipeline(actor, name=name)
    elif act == "order" and pipeline is not None:
        order = [pk for text in given.getlist("order") if (pk := uuid_of(text)) is not None]
        order_stages(actor, pipeline, order=order)
    elif act == "department" and pipeline is not None:
        set_department(actor, pipeline, department=uuid_of(given.get("department")))
    elif act == "required" and stage is not None:
        actor.require(SETTINGS)
        set_required(actor, stage, given.getlist("required"))
    elif act == "remove" and stage is not None:
        remove_stage(actor, stage, into=uuid_of(given.get("into")))
    else:
        raise NotFound("no_stage")


@dataclass(frozen=True, slots=True)
class Line:
    """A stage with what stands in it, what it asks for, plans and wants to know."""

    stage: Stage
    count: int
    evidence: Sequence[Evidence]
    required: Sequence[tuple[str, Words, bool]]
    steps: int
    questions: int
    others: Sequence[Stage]

    @property
    def wanted(self) -> Sequence[Words]:
        """The fields that must be filled in."""
        return [label for _name, label, chosen in self.required if chosen]


def _drawn(actor: Actor) -> list[tuple[Pipeline, list[Line], list[Line]]]:
    """The pipelines, each with its open stages and with its two ends."""
    found = ways()
    seen = access.visible(actor, find("opportunities")).order_by()
    counts = dict(seen.values_list("stage_id").annotate(n=Count("pk")))
    steps, questions = _counted(PlanStep), _counted(Question)
    evidence: dict[object, list[Evidence]] = {}
    for one in Evidence.objects.order_by("position", "pk"):
        evidence.setdefault(one.stage_id, []).append(one)
    fields = [
        kind for kind in find("opportunities").writable() if not (kind.required or kind.name in _NEVER_ASKED)
    ]
    drawn = []
    for pipeline in found.pipelines:
        stages = found.of[pipeline.pk]
        is_open = [one for one in stages if one.kind == StageKind.OPEN]
        lines = [
            Line(
                one,
                counts.get(one.pk, 0),
                evidence.get(one.pk, []),
                [(kind.name, kind.label, kind.name in one.required) for kind in fields],
                steps.get(one.pk, 0),
                questions.get(one.pk, 0),
                [other for other in is_open if other != one] if one in is_open else [],
            )
            for one in stages
        ]
        inside = [one for one in lines if one.stage in is_open]
        drawn.append((pipeline, inside, [one for one in lines if one.stage not in is_open]))
    return drawn


def _counted(model: type[PlanStep] | type[Question]) -> dict[UUID, int]:
    rows = model._default_manager.order_by().values_list("stage_id")
    return dict(rows.annotate(n=Count("pk")))
