"""What comes next on a sale: what is planned, and the stage's plan against what was done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.activities.choices import What
from guanxi.activities.models import Activity
from guanxi.foundation.ledger.services import while_unwritten
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.workdays import next_workday
from guanxi.kinds.kind import Words
from guanxi.resource import access
from guanxi.resource.registry import find
from guanxi.sales.models import Opportunity, Planned, PlanStep, Stage


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a stage's plan on one sale: its day, and the activity made of it as far as the reader sees it."""

    step: PlanStep
    day: date
    kind: Words
    activity: Activity | None
    url: str
    said: Words
    tone: str


def next_of(actor: Actor, one: Opportunity) -> Activity | None:
    """The nearest planned activity about a sale, as far as the actor sees it."""

    def ask() -> Activity | None:
        rows = access.visible(actor, find("activities"))
        about = rows.filter(about="opportunities", about_id=one.pk, state="planned")
        found: Activity | None = about.order_by("at", "pk").first()
        return found

    return while_unwritten(("sales.next", actor.member_id, one.pk), ask)


def next_of_each(actor: Actor, sales: Sequence[Opportunity]) -> dict[UUID, Activity]:
    """The nearest planned activity about each of these sales that has one, as far as the actor sees it."""
    rows = access.visible(actor, find("activities"))
    about = rows.filter(about="opportunities", about_id__in=[one.pk for one in sales], state="planned")
    found = about.order_by("about_id", "at", "pk").distinct("about_id")
    return {one.about_id: one for one in found}


def knows_steps(actor: Actor) -> bool:
    """Whether somebody may know what is planned, and when."""
    resource = find("activities")
    return actor.may(resource.permission("view")) and access.is_open(actor, resource.kind("at"))


def day_of(one: Opportunity, step: PlanStep) -> date:
    """The working day a step falls on: so many days after the sale entered its stage, today at the earliest."""
    entered = timezone.localdate(one.stage_since)
    return next_workday(max(entered + timedelta(days=step.days), timezone.localdate()))


def plan_of(actor: Actor, one: Opportunity, stage: Stage) -> list[Step]:
    """The steps of a stage in their order, each with what became of it."""
    steps = list(PlanStep.objects.filter(stage=stage).order_by("position", "pk"))
    if not steps:
        return []
    made = dict(
        Planned.objects.filter(opportunity=one, step__in=steps)
        .order_by("pk")
        .values_list("step_id", "activity_id")
    )
    resource = find("activities")
    seen = access.visible(actor, resource).in_bulk(list(made.values()))
    return [_step(one, step, made, seen) for step in steps]


def _step(one: Opportunity, step: PlanStep, made: dict[UUID, UUID], seen: dict[UUID, Activity]) -> Step:
    activity = seen.get(made[step.pk]) if step.pk in made else None
    kind: Words = What(step.kind).label if step.kind in What.values else step.kind
    if step.pk not in made:
        return Step(step, day_of(one, step), kind, None, "", _("not planned"), "warn")
    if activity is None:
        return Step(step, day_of(one, step), kind, None, "", _("planned"), "")
    url, day = find("activities").url("card", id=activity.pk), timezone.localdate(activity.at)
    if activity.state == "done":
        return Step(step, day, kind, activity, url, _("done"), "good")
    if activity.state == "cancelled":
        return Step(step, day, kind, activity, url, _("cancelled"), "")
    late = day < timezone.localdate()
    return Step(step, day, kind, activity, url, _("overdue") if late else _("planned"), "bad" if late else "")


def unplanned(steps: Sequence[Step]) -> list[PlanStep]:
    """Those of which nothing was made yet."""
    return [one.step for one in steps if one.activity is None and one.tone == "warn"]
