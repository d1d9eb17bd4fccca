"""Putting what comes next on the calendar, and writing down what they answered."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.activities.queries.proposals import morning, next_working_morning
from guanxi.activities.services.activities import Company, plan_activity
from guanxi.activities.services.commitments import create_commitment
from guanxi.customers.models import Person
from guanxi.foundation.ledger.services import describe, operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.queries import superiors
from guanxi.kernel.errors import Refused
from guanxi.kernel.workdays import next_workday
from guanxi.resource import access
from guanxi.resource.registry import find
from guanxi.sales.choices import GoesTo, Whose
from guanxi.sales.models import Answer, Opportunity, Planned, PlanStep, Question, Stage
from guanxi.sales.queries.steps import day_of, plan_of, unplanned
from guanxi.sales.services.opportunities import edit_opportunity

_ANSWERED_WITHIN = timedelta(days=7)


def _mine(actor: Actor, opportunity_id: UUID) -> Opportunity:
    found: Opportunity = access.get(actor, find("opportunities"), opportunity_id, verb="edit", lock=True)
    return found


def plan_next(actor: Actor, opportunity_id: UUID) -> Any:
    """A call about a sale on the next working morning: the one-tap answer to "nothing planned". Raises NotFound,
    Forbidden."""
    one = _mine(actor, opportunity_id)
    data = {"kind": "call", "at": next_working_morning().isoformat(), "about_id": str(one.pk)}
    return plan_activity(actor, data=data, company=_with(one.person_id))


def plan_stage(actor: Actor, opportunity_id: UUID) -> int:
    """Plan the steps of the sale's stage of which nothing was made yet, in one operation. Returns how many. Raises
    NotFound, Forbidden, Refused where there are none."""
    one = _mine(actor, opportunity_id)
    stage = Stage.objects.get(pk=one.stage_id)
    wanted = unplanned(plan_of(actor, one, stage))
    if not wanted:
        raise Refused("planned", _("All steps of this stage are planned already."))
    resource = find("opportunities")
    above = superiors([one.owner_id]).get(one.owner_id) if one.owner_id else None
    with operation(actor, resource.act("plan"), record_id=one.pk, label=one.name) as opened:
        for step in wanted:
            whose = above.pk if step.whose == Whose.SUPERIOR and above is not None else one.owner_id
            data = {
                "kind": step.kind,
                "subject": step.subject,
                "at": morning(day_of(one, step)).isoformat(),
                "about_id": str(one.pk),
            }
            if whose is not None and whose != actor.member_id and actor.may("activities.activity.assign"):
                data["owner"] = str(whose)
            made = plan_activity(actor, data=data, company=_with(_whom(one, step)))
            Planned(opportunity=one, step=step, activity=made).save(force_insert=True)
        describe(opened, created=len(wanted))
    return len(wanted)


def _whom(one: Opportunity, step: PlanStep) -> UUID | None:
    """Whoever of the customer has the post that the step names; else the main contact."""
    if step.whom and one.customer_id is not None:
        people = Person.objects.filter(customer=one.customer_id, post__icontains=step.whom).order_by("pk")
        if (found := people.first()) is not None:
            return UUID(str(found.pk))
    main: UUID | None = one.person_id
    return main


def _with(person: UUID | None) -> Company:
    return Company(people=[person] if person is not None else [])


def answer(actor: Actor, opportunity_id: UUID, *, answers: Mapping[UUID, str]) -> int:
    """Write down what they answered, in one operation: fields of the sale and promises of theirs come of it where the
    guide says so. Returns how many were new or other than before. Raises NotFound, Forbidden, Invalid beside the field
    that an answer does not fit."""
    one, resource = _mine(actor, opportunity_id), find("opportunities")
    questions = {row.pk: row for row in Question.objects.filter(pk__in=list(answers))}
    before = {row.question_id: row for row in Answer.objects.filter(opportunity=one, question__in=questions)}
    said = {pk: text.strip()[:2000] for pk, text in answers.items() if pk in questions and text.strip()}
    fresh = {pk: text for pk, text in said.items() if pk not in before or before[pk].text != text}
    if not fresh:
        return 0
    with operation(actor, resource.act("interview"), record_id=one.pk, label=one.name) as opened:
        fields = {
            questions[pk].field: text for pk, text in fresh.items() if questions[pk].goes_to == GoesTo.FIELD
        }
        if fields:
            edit_opportunity(actor, one.pk, data=fields, expected_version=None)
        for pk, text in fresh.items():
            row = before.get(pk) or Answer(opportunity=one, question=questions[pk])
            row.text, row.on, row.by_id = text, timezone.localdate(), actor.member_id
            row.save()
            if questions[pk].goes_to == GoesTo.PROMISE:
                _promise(actor, one, text)
        describe(opened, updated=len(fresh))
    return len(fresh)


def _promise(actor: Actor, one: Opportunity, text: str) -> None:
    due = next_workday(timezone.localdate() + _ANSWERED_WITHIN)
    data = {"side": "theirs", "what": text[:200], "due": due.isoformat(), "about_id": str(one.pk)}
    if one.person_id is not None:
        data["person"] = str(one.person_id)
    create_commitment(actor, data=data)
