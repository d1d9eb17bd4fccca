"""What stages ask for, and what of it is there.

Evidence is said by hand (`Proof`) or counted. An upper context adds a way to count at start-up:

    counts("orders.signed", _("A signed contract"), signed, act=lambda one: reverse("contracts:new"))
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from guanxi.activities.models import Activity
from guanxi.foundation.design.words import exact
from guanxi.foundation.ledger.services import while_unwritten
from guanxi.foundation.permissions.actor import Actor
from guanxi.kinds import Show
from guanxi.kinds.kind import Words
from guanxi.resource.access import is_open, visible
from guanxi.resource.registry import find
from guanxi.sales.choices import HAND, StageKind
from guanxi.sales.models import Evidence, Line, Opportunity, Proof, Rival, Stage
from guanxi.sales.queries.pipelines import Ways, ways

# What shows it, in a few words, of those of the sales where it is there; of touches those that this reader sees.
There = Callable[[Sequence[Opportunity], Actor | None], Mapping[UUID, str]]
Act = Callable[[Opportunity], str]


@dataclass(frozen=True, slots=True)
class Counted:
    """A way to know evidence without anybody saying so; `act` is the address where what is missing is added, `field`
    the field of the opportunity that it tells of."""

    key: str
    label: Words
    there: There
    act: Act
    field: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """One piece of evidence of a stage for one sale: whether it is there, what shows it, where it is added."""

    evidence: Evidence
    there: bool
    shown: str
    url: str

    @property
    def by_hand(self) -> bool:
        return self.evidence.how == HAND


_counted: dict[str, Counted] = {}


def counts(key: str, label: Words, there: There, *, act: Act, field: str = "") -> None:
    """Register a way to count evidence. Raises ValueError for a key that is taken."""
    if key in _counted or key == HAND:
        raise ValueError(f"{key} is counted twice")
    _counted[key] = Counted(key, label, there, act, field)


def ways_to_know() -> list[tuple[str, Words]]:
    """Every way, by hand first."""
    return [
        (HAND, pgettext_lazy("evidence", "Said by hand")),
        *((one.key, one.label) for one in _counted.values()),
    ]


def asked_of(
    one: Opportunity, stages: Sequence[Stage], reader: Actor | None = None
) -> dict[UUID, list[Asked]]:
    """What these stages ask of a sale, by stage. The sale is read as it is given, saved or not. Whether something is
    there holds for everybody alike; what shows it is told to the `reader` as far as he may see it."""
    wanted = [stage.pk for stage in stages]
    rows = list(Evidence.objects.filter(stage__in=wanted).order_by("position", "pk"))
    if not rows:
        return {pk: [] for pk in wanted}
    proofs = {
        proof.evidence_id: proof
        for proof in Proof.objects.filter(opportunity=one.pk, evidence__in=rows).select_related(
            "activity", "by"
        )
    }
    shown: dict[str, Mapping[UUID, str]] = {}
    found: dict[UUID, list[Asked]] = {pk: [] for pk in wanted}
    for row in rows:
        proof, counted = proofs.get(row.pk), _counted.get(row.how)
        if proof is not None:
            found[row.stage_id].append(Asked(row, True, _said(proof, reader), ""))
        elif counted is not None:
            if row.how not in shown:
                shown[row.how] = counted.there([one], None)
            is_there = one.pk in shown[row.how]
            said = counted.there([one], reader).get(one.pk, "") if is_there and reader is not None else ""
            found[row.stage_id].append(Asked(row, is_there, said, counted.act(one)))
        else:
            found[row.stage_id].append(Asked(row, False, "", ""))
    return found


def _said(proof: Proof, reader: Actor | None) -> str:
    """A proof in the reader's words: without the fields that are closed to him and the activity he does not see."""
    if reader is None:
        return ""
    proofs, show = find("proofs"), Show(actor=reader, language=get_language() or "")
    kinds = [proofs.kind(name) for name in ("note", "activity", "on")]
    return " · ".join(text for kind in kinds if is_open(reader, kind) and (text := kind.text(proof, show)))


def gathered(actor: Actor, sales: Sequence[Opportunity]) -> dict[UUID, list[tuple[Evidence, bool]]]:
    """What open sales have been asked for up to their next stage, in its order, each with whether it is there. What
    tells of a field that is closed to the reader is left out, and touches that he does not see are not counted."""
    if not sales:
        return {}
    found, of, resource = ways(), while_unwritten("sales.evidence", _by_stage), find("opportunities")
    closed = {
        one.key for one in _counted.values() if one.field and not is_open(actor, resource.kind(one.field))
    }
    asked = {
        one.pk: [
            row for stage in _up_to_next(found, one) for row in of.get(stage.pk, ()) if row.how not in closed
        ]
        for one in sales
    }
    wanted = {row.pk for rows in asked.values() for row in rows}
    if not wanted:
        return {one.pk: [] for one in sales}
    proofs = Proof.objects.filter(opportunity__in=[one.pk for one in sales], evidence__in=wanted)
    there = set(proofs.values_list("opportunity_id", "evidence_id"))
    hows = {row.how for rows in asked.values() for row in rows} & _counted.keys()
    counted = {how: _counted[how].there(sales, actor) for how in hows}
    return {
        pk: [(row, (pk, row.pk) in there or pk in counted.get(row.how, ())) for row in rows]
        for pk, rows in asked.items()
    }


def _by_stage() -> dict[UUID, list[Evidence]]:
    of: dict[UUID, list[Evidence]] = {}
    for row in Evidence.objects.order_by("position", "pk"):
        of.setdefault(row.stage_id, []).append(row)
    return of


def _up_to_next(found: Ways, one: Opportunity) -> list[Stage]:
    """The stages up to that of an open sale, and the one behind it: the next open one, else that of won sales."""
    stages = [each for each in found.of[one.pipeline_id] if each.kind == StageKind.OPEN]
    here = found.stages[one.stage_id]
    if here not in stages:
        return []
    at = stages.index(here) + 1
    return [*stages[:at], stages[at] if at < len(stages) else found.end(one.pipeline_id, StageKind.WON)]


def passed_through(found: Ways, one: Opportunity, stage: Stage) -> list[Stage]:
    """The stages a sale enters on its way to a stage: of its own pipeline all up to that one; won is entered alone, and
    so is a stage of another pipeline. None of a step back, nor of losing."""
    if stage.kind == StageKind.LOST:
        return []
    before = found.stages.get(one.stage_id)
    if stage.kind == StageKind.WON or before is None or before.pipeline_id != stage.pipeline_id:
        return [stage]
    stages = found.of[stage.pipeline_id]
    first, last = stages.index(before), stages.index(stage)
    return [each for each in stages[first + 1 : last + 1] if each.kind == StageKind.OPEN]


def is_back(found: Ways, one: Opportunity, stage: Stage) -> bool:
    """Whether a stage lies before that of the sale."""
    before = found.stages.get(one.stage_id)
    if before is None or before.pipeline_id != stage.pipeline_id:
        return False
    stages = found.of[stage.pipeline_id]
    return stage.kind == StageKind.OPEN and stages.index(stage) < stages.index(before)


def missing(found: Ways, one: Opportunity, stage: Stage) -> list[Asked]:
    """What is not there of what the way to a stage asks."""
    asked = asked_of(one, passed_through(found, one, stage))
    return [each for several in asked.values() for each in several if not each.there]


def _held(kind: str) -> There:
    """Touches of a kind that took place about a sale, or with its customer since it was opened."""

    def there(sales: Sequence[Opportunity], actor: Actor | None) -> Mapping[UUID, str]:
        seen = Activity.objects.all() if actor is None else visible(actor, find("activities"))
        customers = {one.customer_id for one in sales if one.customer_id is not None}
        about = Q(about_id__in=[one.pk for one in sales])
        rows = (
            seen.filter(about | Q(customer__in=customers, about_id__isnull=True), kind=kind, state="done")
            .exclude(outcome__in=("not_answered", "wrong_number", "not_met"))
            .order_by()
            .values_list("about_id", "customer_id")
            .annotate(last=Max("at"))
        )
        of_sale: dict[UUID, datetime] = {}
        of_customer: dict[UUID, datetime] = {}
        for sale, customer, last in rows:
            held, key = (of_customer, customer) if sale is None else (of_sale, sale)
            held[key] = max(last, held.get(key, last))
        found = {}
        for one in sales:
            days = [of_sale[one.pk]] if one.pk in of_sale else []
            met = of_customer.get(one.customer_id) if one.customer_id else None
            if met is not None and timezone.localdate(met) >= one.opened_on:
                days.append(met)
            if days:
                found[one.pk] = exact(max(days))
        return found

    return there


def _known(name: str) -> There:
    def there(sales: Sequence[Opportunity], actor: Actor | None) -> Mapping[UUID, str]:
        return {one.pk: "" for one in sales if getattr(one, name) is not None}

    return there


def _hung(model: type[Line] | type[Rival]) -> There:
    def there(sales: Sequence[Opportunity], actor: Actor | None) -> Mapping[UUID, str]:
        rows = model._default_manager.filter(opportunity__in=[one.pk for one in sales])
        return dict.fromkeys(rows.values_list("opportunity_id", flat=True), "")

    return there


def _edit(one: Opportunity) -> str:
    return reverse("opportunities:edit", args=[one.pk])


def _card(one: Opportunity) -> str:
    return reverse("opportunities:card", args=[one.pk])


def _adding(page: str) -> Act:
    return lambda one: f"{reverse(page)}?opportunity={one.pk}"


counts("call", _("A call was answered"), _held("call"), act=_card)
counts("visit", _("A visit took place"), _held("visit"), act=_card)
counts("meeting", _("A meeting took place"), _held("meeting"), act=_card)
counts("customer", _("The customer is known"), _known("customer_id"), act=_edit, field="customer")
counts("person", _("The main contact is named"), _known("person_id"), act=_edit, field="person")
counts("amount", _("The amount is known"), _known("amount"), act=_edit, field="amount")
counts("expected", _("The expected date is known"), _known("expected_on"), act=_edit, field="expected_on")
counts("lines", _("What they want is written in lines"), _hung(Line), act=_adding("sale_lines:new"))
counts("rivals", _("Competitors are named"), _hung(Rival), act=_adding("rivals:new"))
