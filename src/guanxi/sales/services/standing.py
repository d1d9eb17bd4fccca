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
from guanxi.kernel.errors import Invalid, Malformed, Message
from guanxi.kernel.money import Written, brought_to, currency_digits
from guanxi.kinds.figures import problem_of
from guanxi.sales.choices import MOST, AmountBy, StageKind
from guanxi.sales.models import Opportunity, Stage
from guanxi.sales.queries.money import Ground, own_currency
from guanxi.sales.queries.pipelines import Ways, usual_pipeline, ways
from guanxi.sales.services.defaults import make_defaults

Values = dict[str, Any]
# What the amount in our own currency follows from.
_VALUED = frozenset({"amount", "currency", "closed_on"})
_NEVER_EMPTY = ("stage_id", "pipeline_id", "category", "currency", "opened_on")
_NUMBERS = Series("opportunities", prefix="SJ", date_format="%Y%m", digits=4, resets="month")


def begun(actor: Actor, rows: Sequence[Values]) -> None:
    """Complete the stored values of new sales in place: number, pipeline, stage and all that follows. Raises Invalid
    for a stage of another pipeline and an absurd amount."""
    if not ways().pipelines:
        make_defaults(actor)
    ground = Ground()
    found, today = ground.ways, ground.today
    owners: set[UUID] = {row["owner_id"] for row in rows if row.get("owner_id")}
    departments = dict(Member.objects.filter(pk__in=owners).values_list("pk", "department_id"))
    unnumbered = [row for row in rows if not row.get("number")]
    for row, number in zip(unnumbered, next_numbers(_NUMBERS, len(unnumbered), today=today), strict=True):
        row["number"] = number
    for row in rows:
        owner: UUID | None = row.get("owner_id")
        stage = _begins(found, row, departments.get(owner) if owner else None)
        row["currency"] = row.get("currency") or ground.own
        settle(row, ground.own)
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
    ground.ask({_rate_of(row, ground) for row in rows if row.get("amount") is not None})
    for row in rows:
        _weigh(row, row, ground)


def settle(values: Values, currency: str = "") -> None:
    """Bring an amount that somebody wrote to minor units, in place: of the currency that stands beside it, else of this
    one, else of our own. Raises Invalid where that has too few decimals, or the text names another."""
    amount = values.get("amount")
    if isinstance(amount, Written):
        given = str(values.get("currency") or currency or own_currency())
        try:
            values["amount"] = amount.minor(given)
        except Malformed as error:
            raise Invalid({"amount": [problem_of(error, currency_digits(given)).message]}) from error


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


def all_changed(
    wanted: Sequence[tuple[Opportunity, Mapping[str, Any]]],
) -> list[tuple[Opportunity, Values]]:
    """`changed` of many sales: what is the same for all of them is asked once. Raises Invalid."""
    ground = Ground()
    foreign = [row for row in wanted if row[1].keys() & _VALUED]
    ground.ask(
        {_rate_of({"currency": one.currency} | _stood(one) | {**values}, ground) for one, values in foreign}
    )
    return [(one, changed(one, values, ground)) for one, values in wanted]


def changed(one: Opportunity, values: Mapping[str, Any], ground: Ground | None = None) -> Values:
    """The given stored values of a sale with all that follows from them. Raises Invalid as `begun` does."""
    ground = ground or Ground()
    # What must have a value keeps it where none is given.
    made = {
        name: value for name, value in values.items() if value not in (None, "") or name not in _NEVER_EMPTY
    }
    found = ground.ways
    settle(made, one.currency)
    if made.get("currency", one.currency) != one.currency and "amount" not in made and one.amount is not None:
        made["amount"] = _as_written(one, made["currency"])
        made.setdefault("amount_by", one.amount_by)
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
    if made.keys() & _VALUED:
        if "amount" in made and made["amount"] != one.amount:
            made.setdefault("amount_by", AmountBy.HAND.value)
        _weigh(made, _stood(one) | made, ground)
    return made


def _stood(one: Opportunity) -> Values:
    return {name: getattr(one, name) for name in _VALUED}


def _as_written(one: Opportunity, currency: str) -> int:
    """Its amount where only the currency is another: the same figure, not another worth."""
    try:
        return brought_to(one.amount or 0, one.currency, currency)
    except Malformed as error:
        raise Invalid({"amount": [problem_of(error, currency_digits(currency)).message]}) from error


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


def _rate_of(row: Mapping[str, Any], ground: Ground) -> tuple[str, date]:
    """By which rate a sale is brought over: of the day it closed, else of today."""
    return row["currency"], row.get("closed_on") or ground.today


def _weigh(into: Values, row: Mapping[str, Any], ground: Ground) -> None:
    """The amount in the company's own currency."""
    amount = row.get("amount")
    own = ground.in_own(amount, *_rate_of(row, ground))
    if (amount is not None and not 0 <= amount <= MOST) or (own is not None and own > MOST):
        raise Invalid(
            {"amount": [Message("absurd", _("An amount is not negative, and not beyond all measure."))]}
        )
    into["own_amount"] = own
