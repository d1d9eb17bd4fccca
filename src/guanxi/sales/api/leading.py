"""Operations of the API: leading a sale with its evidence, its plan, its interview, whom to send; stages in order."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid, Message
from guanxi.kernel.text import clean_text
from guanxi.resource import access
from guanxi.resource.operations import Operation, declare
from guanxi.resource.registry import find
from guanxi.sales.choices import SETTINGS, GoesTo
from guanxi.sales.models import Answer, Opportunity, Question, Stage
from guanxi.sales.queries.evidence import asked_of
from guanxi.sales.queries.pipelines import ways
from guanxi.sales.queries.sending import candidates, reasons
from guanxi.sales.queries.steps import plan_of
from guanxi.sales.services.arranging import order_stages, remove_stage
from guanxi.sales.services.moving import move_opportunity, win_opportunity
from guanxi.sales.services.planning import answer, plan_stage


@dataclass(frozen=True, kw_only=True)
class ProofIn:
    """That a piece of evidence is there, and what shows it."""

    evidence: UUID
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class MoveIn:
    """Into which stage, with what shows its evidence; with a `reason` it goes on without."""

    stage: UUID
    reason: str = ""
    proofs: list[ProofIn] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class WinIn:
    """On which day, today where it is left out, with what shows the evidence; with a `reason` it is won without."""

    closed_on: str = ""
    reason: str = ""
    proofs: list[ProofIn] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class SaleOut:
    """Where the sale stands now."""

    id: UUID
    state: str
    stage: UUID
    pipeline: UUID
    version: int


@dataclass(frozen=True, kw_only=True)
class EvidenceOut:
    """A piece of evidence of a stage, whether it is there, and whether somebody has to say so."""

    id: UUID
    stage: UUID
    name: str
    there: bool
    by_hand: bool


@dataclass(frozen=True, kw_only=True)
class StepOut:
    """A step of the stage's plan: its day, and the activity made of it, missing where there is none or it is not
    shown."""

    step: UUID
    kind: str
    subject: str
    day: date
    activity: UUID | None
    planned: bool


@dataclass(frozen=True, kw_only=True)
class PlannedOut:
    """How many steps were planned."""

    planned: int


@dataclass(frozen=True, kw_only=True)
class QuestionOut:
    """A question of the stage's guide with its answer, "" for none. `goes_to` is "field", "promise" or "nothing"."""

    question: UUID
    text: str
    goes_to: str
    field: str
    answer: str


@dataclass(frozen=True, kw_only=True)
class AnswerIn:
    """What they answered to a question."""

    question: UUID
    text: str


@dataclass(frozen=True, kw_only=True)
class AnswersIn:
    """Several answers, written down as one."""

    answers: list[AnswerIn]


@dataclass(frozen=True, kw_only=True)
class AnsweredOut:
    """How many answers were new or other than before."""

    answered: int


@dataclass(frozen=True, kw_only=True)
class CandidateOut:
    """Somebody who fits, from 0 to 100 points, with what speaks for him; whether he sees the customer today."""

    member: UUID
    name: str
    points: int
    reasons: list[str]
    sees_customer: bool


@dataclass(frozen=True, kw_only=True)
class OrderIn:
    """The open stages as they are to follow each other; those left out follow in the order they have."""

    stages: list[UUID]


@dataclass(frozen=True, kw_only=True)
class OrderedOut:
    """The stages of the pipeline, in order."""

    stages: list[UUID]


@dataclass(frozen=True, kw_only=True)
class RemoveIn:
    """Into which open stage its sales go."""

    into: UUID


@dataclass(frozen=True, kw_only=True)
class RemovedOut:
    """How many sales went into the other stage."""

    moved: int


def register() -> None:
    """Called once at start-up."""
    declare(
        Operation(
            area="opportunities", method="GET", path="opportunities/{id}/evidence", act=_evidence, answer=EvidenceOut,
            many=True, summary=gettext_noop("The evidence that the stages of a sale ask for"),
        ),
        Operation(
            area="opportunities", method="POST", path="opportunities/{id}/move", act=_move, body=MoveIn, answer=SaleOut,
            summary=gettext_noop("Move a sale to a stage, with its evidence"),
        ),
        Operation(
            area="opportunities", method="POST", path="opportunities/{id}/win", act=_win, body=WinIn, answer=SaleOut,
            summary=gettext_noop("Win a sale, with its evidence"),
        ),
        Operation(
            area="opportunities", method="GET", path="opportunities/{id}/plan", act=_plan, answer=StepOut, many=True,
            summary=gettext_noop("The plan of a sale’s stage"),
        ),
        Operation(
            area="opportunities", method="POST", path="opportunities/{id}/plan", act=_plan_all, answer=PlannedOut,
            summary=gettext_noop("Plan the steps of a sale’s stage"),
            words=gettext_noop("Those of which nothing was planned yet, in one operation."),
        ),
        Operation(
            area="opportunities", method="GET", path="opportunities/{id}/interview", act=_questions,
            answer=QuestionOut, many=True, summary=gettext_noop("The interview guide of a sale’s stage"),
        ),
        Operation(
            area="opportunities", method="POST", path="opportunities/{id}/interview", act=_answer, body=AnswersIn,
            answer=AnsweredOut, summary=gettext_noop("Write down what they answered"),
            words=gettext_noop("Answers become fields of the sale, or promises of theirs, where the guide says so."),
        ),
        Operation(
            area="opportunities", method="GET", path="opportunities/{id}/candidates", act=_candidates,
            answer=CandidateOut, many=True, summary=gettext_noop("Whom to send to a sale"),
            words=gettext_noop("The most fitting first, of those to whom you may give it: `actions/assign` does."),
        ),
        Operation(
            area="pipelines", method="POST", path="pipelines/{id}/order", act=_order, body=OrderIn, answer=OrderedOut,
            summary=gettext_noop("Put the stages of a pipeline in order"),
        ),
        Operation(
            area="stages", method="POST", path="stages/{id}/remove", act=_remove, body=RemoveIn, answer=RemovedOut,
            summary=gettext_noop("Delete a stage, its sales go into another"),
        ),
    )  # fmt: skip


def _sale(actor: Actor, pk: UUID, verb: str = "view") -> Opportunity:
    found: Opportunity = access.get(actor, find("opportunities"), pk, verb=verb)
    return found


def _proofs(given: list[ProofIn]) -> dict[UUID, str]:
    return {one.evidence: clean_text(one.note)[:300] for one in given}


def _evidence(actor: Actor, pk: UUID) -> tuple[list[EvidenceOut], None]:
    one = _sale(actor, pk)
    resource = find("opportunities")
    stages = ways().of[one.pipeline_id] if access.is_open(actor, resource.kind("stage")) else []
    asked = asked_of(one, stages, actor)
    return [
        EvidenceOut(
            id=each.evidence.pk,
            stage=stage.pk,
            name=str(each.evidence),
            there=each.there,
            by_hand=each.by_hand,
        )
        for stage in stages
        for each in asked[stage.pk]
    ], None


def _move(actor: Actor, pk: UUID, body: MoveIn) -> SaleOut:
    return _told(
        move_opportunity(actor, pk, stage=body.stage, reason=body.reason, proofs=_proofs(body.proofs))
    )


def _win(actor: Actor, pk: UUID, body: WinIn) -> SaleOut:
    return _told(
        win_opportunity(
            actor, pk, closed_on=_day(body.closed_on), reason=body.reason, proofs=_proofs(body.proofs)
        )
    )


def _day(text: str) -> date | None:
    try:
        found = parse_date(text) if text else None
    except ValueError:
        found = None
    if text and found is None:
        raise Invalid({"closed_on": [Message("date", _("Give a day as 2027-01-31."))]})
    return found


def _told(one: Opportunity) -> SaleOut:
    return SaleOut(
        id=one.pk, state=one.state, stage=one.stage_id, pipeline=one.pipeline_id, version=one.version
    )


def _plan(actor: Actor, pk: UUID) -> tuple[list[StepOut], None]:
    one = _sale(actor, pk)
    if not access.is_open(actor, find("opportunities").kind("stage")):
        return [], None
    steps = plan_of(actor, one, ways().stages[one.stage_id])
    return [
        StepOut(
            step=each.step.pk,
            kind=each.step.kind,
            subject=each.step.subject,
            day=each.day,
            activity=each.activity.pk if each.activity is not None else None,
            planned=each.activity is not None or each.tone != "warn",
        )
        for each in steps
    ], None


def _plan_all(actor: Actor, pk: UUID) -> PlannedOut:
    return PlannedOut(planned=plan_stage(actor, pk))


def _guide(actor: Actor, one: Opportunity) -> list[Question]:
    """The questions of its stage whose answers the actor may write."""
    mine = {kind.name for kind in access.writable(actor, find("opportunities"))}
    rows = Question.objects.filter(stage=one.stage_id).exclude(~Q(field__in=mine), goes_to=GoesTo.FIELD)
    return list(rows.order_by("position", "pk"))


def _questions(actor: Actor, pk: UUID) -> tuple[list[QuestionOut], None]:
    one = _sale(actor, pk, "edit")
    questions = _guide(actor, one)
    said = dict(
        Answer.objects.filter(opportunity=one, question__in=questions).values_list("question_id", "text")
    )
    return [
        QuestionOut(
            question=each.pk,
            text=each.text,
            goes_to=each.goes_to,
            field=each.field,
            answer=said.get(each.pk, ""),
        )
        for each in questions
    ], None


def _answer(actor: Actor, pk: UUID, body: AnswersIn) -> AnsweredOut:
    one = _sale(actor, pk, "edit")
    known = {each.pk for each in _guide(actor, one)}
    if {each.question for each in body.answers} - known:
        raise Invalid({"answers": [Message("question", _("This is no question of the sale’s stage."))]})
    said = {each.question: clean_text(each.text, multiline=True) for each in body.answers}
    return AnsweredOut(answered=answer(actor, pk, answers=said))


def _candidates(actor: Actor, pk: UUID) -> tuple[list[CandidateOut], None]:
    one = _sale(actor, pk)
    return [
        CandidateOut(
            member=member.pk, name=member.name, points=points, reasons=reasons(facts), sees_customer=sees
        )
        for member, facts, points, sees in candidates(actor, one)
    ], None


def _order(actor: Actor, pk: UUID, body: OrderIn) -> OrderedOut:
    order_stages(actor, pk, order=body.stages)
    return OrderedOut(
        stages=list(Stage.objects.filter(pipeline=pk).order_by("position", "pk").values_list("pk", flat=True))
    )


def _remove(actor: Actor, pk: UUID, body: RemoveIn) -> RemovedOut:
    actor.require(SETTINGS)
    return RemovedOut(moved=remove_stage(actor, pk, into=body.into))
