"""Moving a sale with what its stage asks for, planning what comes next, asking what is to be known."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from guanxi.foundation.design.shapes import Field, FieldGroup, Option
from guanxi.foundation.ledger.services import last_operation_id
from guanxi.foundation.permissions.web import Draft, actor_of, tell, uuid_of
from guanxi.kernel.errors import Forbidden, Invalid, NotFound
from guanxi.resource import access
from guanxi.resource.registry import find
from guanxi.sales.choices import GoesTo, StageKind
from guanxi.sales.models import Answer, Opportunity, Question, Stage
from guanxi.sales.queries.evidence import is_back, missing
from guanxi.sales.queries.pipelines import ways
from guanxi.sales.services.entering import Unproven
from guanxi.sales.services.moving import move_opportunity, win_opportunity
from guanxi.sales.services.planning import answer, plan_next, plan_stage


def _card(one: UUID) -> str:
    return find("opportunities").url("card", id=one)


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
    """Into which stage, with what is missing said to be there or a reason to go on without it."""
    actor, resource = actor_of(request), find("opportunities")
    one: Opportunity = access.get(actor, resource, id, verb="move")
    if not access.is_open(actor, resource.kind("stage")):
        raise Forbidden(resource.permission("move"))
    found, given = ways(), request.POST if request.method == "POST" else request.GET
    offered = [each for each in found.of[one.pipeline_id] if each.kind != StageKind.LOST]
    wanted = found.stages.get(uuid_of(given.get("stage")) or _next(offered, one))
    if wanted not in offered:
        raise NotFound("no_stage")
    draft = Draft({"stage": str(wanted.pk), "reason": given.get("reason", "")})
    if request.method == "POST":
        proofs = {
            each.evidence.pk: given.get(f"note-{each.evidence.pk}", "")[:300]
            for each in missing(found, one, wanted)
            if each.by_hand and given.get(f"there-{each.evidence.pk}")
        }
        try:
            if wanted.kind == StageKind.WON:
                win_opportunity(actor, one.pk, reason=draft.values["reason"], proofs=proofs)
            else:
                move_opportunity(actor, one.pk, stage=wanted.pk, reason=draft.values["reason"], proofs=proofs)
            tell(request, _("Moved to %(stage)s") % {"stage": wanted}, undo=last_operation_id())
            return HttpResponseRedirect(_card(one.pk))
        except Invalid as error:
            draft.blame(error)
        except Unproven as error:
            draft.overall = (error.words,)
    lacking, back = missing(found, one, wanted), is_back(found, one, wanted)
    options = [
        Option(
            value=str(each.pk),
            label=_("%(stage)s (now)") % {"stage": each} if each.pk == one.stage_id else str(each),
            selected=each == wanted,
        )
        for each in offered
    ]
    why = pgettext("stage", "Why it goes back") if back else _("Why, if something is missing")
    # Another stage asks for something else: its list comes with the choice.
    asks_again = {
        "hx-get": request.path,
        "hx-trigger": "change",
        "hx-include": "#id_reason",
        "hx-target": "#stage-asks",
        "hx-select": "#stage-asks",
        "hx-swap": "outerHTML",
        "hx-push-url": "false",
    }
    context = {
        "record": one,
        "wanted": wanted,
        "lacking": lacking,
        # Where nothing is missing nobody needs to say why.
        "asks_why": bool(lacking or back or draft.errors or draft.overall),
        "fields": [
            Field(
                name="stage",
                label=_("Stage"),
                kind="select",
                value=str(wanted.pk),
                options=options,
                attrs=asks_again,
            ),
            draft.field("reason", why, "textarea", maxlength=300),
        ],
        "draft": draft,
        "active": "opportunities",
        "card_url": _card(one.pk),
    }
    return render(request, "sales/move.html", context, status=422 if draft.errors or draft.overall else 200)


def _next(offered: Sequence[Stage], one: Opportunity) -> UUID:
    """The stage after the sale's own: who opens the page without saying where to wants to go on."""
    at = next((n for n, each in enumerate(offered) if each.pk == one.stage_id), -1)
    after: UUID = offered[min(at + 1, len(offered) - 1)].pk
    return after


@require_POST
def plan_call(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
    """A call on the next working morning."""
    plan_next(actor_of(request), id)
    tell(request, _("Planned"), undo=last_operation_id())
    return HttpResponseRedirect(_card(id))


@require_POST
def plan_steps(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
    """All steps of the stage's plan that are not planned yet."""
    plan_stage(actor_of(request), id)
    tell(request, _("Planned"), undo=last_operation_id())
    return HttpResponseRedirect(_card(id))


@require_http_methods(["GET", "POST"])
def interview(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002
    """The questions of the sale's stage, one beneath the other, with what was answered before."""
    actor, resource = actor_of(request), find("opportunities")
    one: Opportunity = access.get(actor, resource, id, verb="edit")
    mine = {kind.name for kind in access.writable(actor, resource)}
    asked_here = Question.objects.filter(stage=one.stage_id).exclude(~Q(field__in=mine), goes_to=GoesTo.FIELD)
    questions = list(asked_here.order_by("position", "pk"))
    before = dict(Answer.objects.filter(opportunity=one).values_list("question_id", "text"))
    draft = Draft({str(each.pk): before.get(each.pk, "") for each in questions})
    if request.method == "POST":
        said = {each.pk: request.POST.get(str(each.pk), "") for each in questions}
        draft = Draft({str(pk): text for pk, text in said.items()})
        try:
            answer(actor, one.pk, answers=said)
            tell(request, _("Saved"), undo=last_operation_id())
            return HttpResponseRedirect(_card(one.pk))
        except Invalid as error:
            asked = {each.field: str(each.pk) for each in questions if each.field}
            draft.blame(
                Invalid({asked.get(name, name): said for name, said in error.fields.items()}, error.messages)
            )
    fields = [
        draft.field(str(each.pk), each.text, "textarea", maxlength=2000, wide=True) for each in questions
    ]
    context = {
        "record": one,
        "groups": [FieldGroup(title=_("Interview guide"), fields=fields)],
        "empty": not questions,
        "draft": draft,
        "active": "opportunities",
        "card_url": _card(one.pk),
    }
    return render(request, "sales/interview.html", context, status=422 if draft.errors else 200)
