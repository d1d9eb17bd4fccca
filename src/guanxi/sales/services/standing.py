"""What follows from the stage and the amount of a sale: its state, chance, forecast, dates and own-currency amount."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.numbering.services import Series, next_numbers
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid, Message
from guanxi.sales.choices import MOST, AmountBy, StageKind
from guanxi.sales.models import Opportunity, Stage
from guanxi.sales.queries.money import in_own_currency, own_currency
from guanxi.sales.queries.pipelines import Ways, usual_pipeline, ways
from guanxi.sales.services.defaults import make_defaults

Values = dict[str, Any]
_NEVER_EMPTY = ("stage_id", "pipeline_id", "category", "currency", "opened_on")
_NUMBERS = Series("opportunities", prefix="SJ", date_format="%Y%m", digits=4, resets="month")


def begun(actor: Actor, rows: Sequence[Values]) -> None:
    """Complete the stored values of new sales in place: number, pipeline, stage and all that follows. Raises Invalid
    for a stage of another pipeline and an absurd amount."""
    if not ways().pipelines:
        make_defaults(actor)
    found, today = ways(), timezone.localdate()
    owners: set[UUID] = {row["owner_id"] for row in rows if row.get("owner_id")}
    departments = dict(Member.objects.filter(pk__in=owners).values_list("pk", "department_id"))
    unnumbered = [row for row in rows if not row.get("number")]
    for row, number in zip(unnumbered, next_numbers(_NUMBERS, len(unnumbered), today=today), strict=True):
        row["number"] = number
    for row in rows:
        owner: UUID | None = row.get("owner_id")
        stage = _begins(found, row, departments.get(owner) if owner else None)
        row["currency"] = row.get("currency") or own_currency()
        row["amount_by"] = row.get("amount_by") or AmountBy.HAND.value
        row["category"] = row.get("category") or stage.category
        given, row["opened_on"] = row.get("opened_on"), row.get("opened_on") or today
        row |= _of_stage(stage, row.get("probability"))
        # Other programs call the day a sale closed, and that it is expected to, by one name.
        if stage.kind != StageKind.OPEN:
            row["closed_on"] = row.get("closed_on") or row.get("expected_on") or today
        else:
            row["expected_on"] = row.get("expected_on") or row.get("closed_on")
            row["closed_on"] = None
        row["stage_since"] = row.get("stage_since") or _since(row["closed_on"] or given, today)
        _weigh(row, row)


def _since(day: date | None, today: date) -> datetime:
    """The moment of the last day that something is known to have become of a sale: now where that is today, or where
    nobody says."""
    now = timezone.now()
    return now if day is None or day >= today else timezone.make_aware(datetime.combine(day, time.min))


def _begins(found: Ways, row: Values, department: UUID | None) -> Stage:
    given: UUID | None = row.get("stage_id")
    stage = found.stages.get(given) if given else None
    pipeline = row.get("pipeline_id")
    if stage is None:
        usual = usual_pipeline(found, department)
        wanted: UUID | None = pipeline or (usual.pk if usual else None)
        if wanted is None or wanted not in {one.pk for one in found.pipelines}:
            raise Invalid({"pipeline": [Message("none", _("This pipeline is not in use."))]})
        return found.first(wanted)
    return _within(found, stage, pipeline) if pipeline else stage


def _within(found: Ways, stage: Stage, pipeline: UUID) -> Stage:
    if stage.pipeline_id == pipeline:
        return stage
    like = found.like(stage, pipeline)
    if like is None:
        raise Invalid(
            {"stage": [Message("other", _("This stage is one of another pipeline. Choose again."))]}
        )
    return like


def changed(one: Opportunity, values: Mapping[str, Any]) -> Values:
    """The given stored values of a sale with all that follows from them. Raises Invalid as `begun` does."""
    # What must have a value keeps it where none is given.
    made = {
        name: value for name, value in values.items() if value not in (None, "") or name not in _NEVER_EMPTY
    }
    found = ways()
    stage = _wanted(found, one, made)
    moved = stage.pk != one.stage_id
    if moved:
        made |= {"stage_id": stage.pk, "pipeline_id": stage.pipeline_id, "stage_since": timezone.now()}
        before = found.stages.get(one.stage_id)
        if "category" not in made and (before is None or one.category == before.category):
            made["category"] = stage.category
    _close(made, stage, moved=moved)
    if moved or "probability" in made:
        made |= _of_stage(stage, made.get("probability", one.probability))
    if "expected_on" in made and one.expected_on and made["expected_on"] not in (None, one.expected_on):
        made["date_moves"] = one.date_moves + 1
    if made.keys() & {"amount", "currency"}:
        if "amount" in made and made["amount"] != one.amount:
            made.setdefault("amount_by", AmountBy.HAND.value)
        current = {name: getattr(one, name) for name in ("amount", "currency", "closed_on")}
        _weigh(made, current | made)
    return made


def _wanted(found: Ways, one: Opportunity, made: Mapping[str, Any]) -> Stage:
    if "stage_id" in made:
        return found.stages[made["stage_id"]]
    stage = found.stages[one.stage_id]
    return _within(found, stage, made["pipeline_id"]) if "pipeline_id" in made else stage


def _close(made: Values, stage: Stage, *, moved: bool) -> None:
    """The day of closing: of open sales none, of others one."""
    if stage.kind == StageKind.OPEN:
        made.pop("closed_on", None)
        if moved:
            made["closed_on"] = None
    elif moved or "closed_on" in made:
        made["closed_on"] = made.get("closed_on") or timezone.localdate()


def _of_stage(stage: Stage, probability: int | None) -> Values:
    closed = stage.kind != StageKind.OPEN
    return {
        "stage_id": stage.pk,
        "pipeline_id": stage.pipeline_id,
        "state": stage.kind,
        "chance": stage.probability if closed or probability is None else probability,
    }


def _weigh(into: Values, row: Mapping[str, Any]) -> None:
    """The amount in the company's own currency, by the rate of the day the sale closed, else of today."""
    amount = row.get("amount")
    day: date = row.get("closed_on") or timezone.localdate()
    own = in_own_currency(amount, row["currency"], day)
    if (amount is not None and not 0 <= amount <= MOST) or (own is not None and own > MOST):
        raise Invalid(
            {"amount": [Message("absurd", _("An amount is not negative, and not beyond all measure."))]}
        )
    into["own_amount"] = own
