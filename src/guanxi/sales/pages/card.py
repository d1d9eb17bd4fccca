"""On the card of a sale: how far it is and what that asks for, what comes next, what became of it."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.design.shapes import PanelRow
from guanxi.foundation.design.words import exact, relative
from guanxi.foundation.permissions.actor import Actor
from guanxi.kinds import Show
from guanxi.kinds.kind import Words
from guanxi.resource import access
from guanxi.resource.contributions import Content
from guanxi.resource.registry import find
from guanxi.sales.choices import GoesTo, StageKind, in_readers_language
from guanxi.sales.models import Answer, Move, Opportunity, Question, Stage
from guanxi.sales.queries.evidence import asked_of
from guanxi.sales.queries.money import own_currency
from guanxi.sales.queries.pipelines import ways
from guanxi.sales.queries.steps import knows_steps, next_of, plan_of, unplanned

_SHOWN = 20


def stage_panel(actor: Actor, record: Opportunity, show: Show) -> Content:
    """The bar of stages, the evidence of the present one and of the next, the next step, the plan."""
    if not access.is_open(actor, find("opportunities").kind("stage")):
        return Content(empty=_("Stages are not shown to you."))
    found = ways()
    stages = [one for one in found.of[record.pipeline_id] if one.kind == StageKind.OPEN]
    here = found.stages[record.stage_id]
    is_open = record.state == StageKind.OPEN
    at = stages.index(here) if here in stages else len(stages)
    after: Stage | None = None
    if is_open:
        after = stages[at + 1] if at + 1 < len(stages) else found.end(record.pipeline_id, StageKind.WON)
    asked = asked_of(record, [one for one in (here, after) if one is not None], actor)
    steps = plan_of(actor, record, here)
    resource = find("opportunities")
    return Content(
        template="sales/stage_panel.html",
        context={
            "bar": [(one, "past" if n < at else "here" if n == at else "") for n, one in enumerate(stages)],
            "here": here,
            "after": after,
            "days": (timezone.localdate() - timezone.localdate(record.stage_since)).days,
            "asked": [(one, asked[one.pk]) for one in (here, after) if one is not None and asked[one.pk]],
            "next": next_of(actor, record) if is_open else None,
            "steps": steps,
            "unplanned": len(unplanned(steps)),
            "questions": Question.objects.filter(stage=here).count(),
            "is_open": is_open,
            "may_edit": access.allows(actor, resource, record, "edit"),
            "may_move": is_open
            and access.allows(actor, resource, record, "move" if after in stages else "close"),
        },
    )


def history_panel(actor: Actor, record: Opportunity, show: Show) -> Content:
    """How it moved: from stage to stage, by whom, why, what was skipped. Nothing where stages are closed to the
    reader."""
    if not access.is_open(actor, find("opportunities").kind("stage")):
        return Content(empty=_("Stages are not shown to you."))
    rows = Move.objects.filter(opportunity=record.pk).order_by("-created_at", "-pk")
    moved = [one for one in rows[:200] if one.stage != one.former_stage][:_SHOWN]
    stages = ways().stages
    names = dict(Member.objects.filter(pk__in={one.by for one in moved if one.by}).values_list("pk", "name"))

    def named(pk: Any) -> str:
        return in_readers_language(stages[pk].name) if pk in stages else ""

    drawn = []
    for one in moved:
        skipped = gettext("without: %(what)s") % {"what": one.skipped} if one.skipped else ""
        by = names.get(one.by, "") if one.by else ""
        drawn.append(
            PanelRow(
                title=" → ".join(filter(None, (named(one.former_stage), named(one.stage)))) or "—",
                sub=" · ".join(filter(None, (by, one.reason, skipped))),
                end=exact(timezone.localtime(one.created_at).date()),
            )
        )
    return Content(rows=drawn, empty=_("It has not moved yet."))


def answers_panel(actor: Actor, record: Opportunity, show: Show) -> Content:
    """What they answered to the questions of the guides; not what became a field that is closed to the reader."""
    shut = access.closed(actor, find("opportunities"))
    rows = Answer.objects.filter(opportunity=record).exclude(
        question__goes_to=GoesTo.FIELD, question__field__in=shut
    )
    rows = rows.select_related("question").order_by("-on", "pk")
    found = list(rows[: _SHOWN + 1])
    return Content(
        rows=[PanelRow(title=one.question.text, sub=one.text, end=exact(one.on)) for one in found[:_SHOWN]],
        count=rows.count() if len(found) > _SHOWN else len(found),
        url=reverse("opportunity_interview", args=[record.pk]) if found else "",
        empty=_("No question of the guide was answered yet."),
    )


def no_rate(actor: Actor, record: Opportunity, show: Show) -> tuple[str, Words, str] | None:
    """Why a sale has no amount in our own currency, and where it can get one."""
    if record.amount is None or record.own_amount is not None or record.currency == own_currency():
        return None
    if not access.is_open(actor, find("opportunities").kind("own_amount")):
        return None
    day = record.closed_on or timezone.localdate()
    words = {"currency": record.currency, "own": own_currency(), "day": exact(day)}
    rates = find("exchange_rates")
    url = rates.url() if actor.may(rates.permission("view")) else ""
    said = gettext(
        "No rate of %(currency)s up to %(day)s: sums in %(own)s leave this sale out until there is one."
    )
    return "warn", said % words, url


def next_step(actor: Actor, record: Opportunity, show: Show) -> tuple[str, Words, str] | None:
    """At the head of an open sale: what comes next and when, or that nothing is planned."""
    if record.state != StageKind.OPEN or not knows_steps(actor):
        return None
    step = next_of(actor, record)
    if step is None:
        return "warn", _("Nothing is planned: what comes next?"), ""
    day = relative(step.at, timezone.localdate(), "due")
    what = " · ".join(dict.fromkeys((str(step.get_kind_display()), str(step))))
    said = gettext("Next step: %(day)s · %(what)s") % {"day": day, "what": what}
    return "bad" if step.at < timezone.now() else "", said, find("activities").url("card", id=step.pk)
