"""Nothing is there twice without somebody knowing: what is refused, what is put to people, what they answered."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.customers.choices import Answer
from guanxi.customers.models import Pair
from guanxi.customers.queries.duplicates import COLUMNS, READ, Duplicate, alike_of, duplicates_of
from guanxi.customers.queries.marks import MODELS, hold
from guanxi.customers.rules.alike import CUSTOMERS, Known
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.alike.verdicts import Verdict
from guanxi.kernel.errors import Refused
from guanxi.kernel.text import clean_text

REASON = 300  # characters of why something is created that exists already
_FEW = 50  # records looked through at once after a change; more of them wait for the scan

_CERTAIN = {
    CUSTOMERS: _("This customer exists already."),
    "people": _("This person is there already."),
}
_LIKELY = {
    CUSTOMERS: _("This customer seems to exist already."),
    "people": _("This person seems to be there already."),
}


def check_new(
    actor: Actor, known: Known, *, allow: bool, reason: str, despite: str
) -> tuple[list[Duplicate], str]:
    """Before a record is created: those it may be the same as, and the reason it is created all the same.

    Holds its keys until the transaction ends. Raises Refused("duplicate") with those found: likely ones unless
    `allow`, certain ones unless a `reason` is given by who holds the right `despite` and sees every one of them
    ("overridable").
    """
    hold(known.resource, [known])
    found = duplicates_of(actor, known)
    certain = [one for one in found if one.verdict == "certain"]
    overridable = bool(certain) and actor.may(despite) and all(one.visible for one in certain)
    said = clean_text(reason)[:REASON] if overridable else ""
    if certain and not said:
        raise Refused(
            "duplicate", _CERTAIN[known.resource], {"duplicates": found, "overridable": overridable}
        )
    if not allow and not certain and any(one.verdict == "likely" for one in found):
        raise Refused("duplicate", _LIKELY[known.resource], {"duplicates": found})
    return [one for one in found if one.verdict != "possible"], said


def note_despite(actor: Actor, resource: str, record_id: UUID, found: Iterable[Duplicate], said: str) -> None:
    """After a record was created in spite of those: whoever sees the other one has answered by it that they are two;
    of one out of sight the pair waits for its owner."""
    for one in found:
        verdict = Verdict(one.verdict, one.reasons, one.branch)
        answer = Answer.DIFFERENT if one.visible else Answer.OPEN
        _note(actor, resource, record_id, one.record.pk, verdict, answer=answer, said=said)


def note_twins(actor: Actor, resource: str, ids: Collection[UUID], columns: Collection[str]) -> None:
    """After records were changed: what they are likely the same as now is put on the list, once and for all."""
    if len(ids) > _FEW or set(COLUMNS[resource]).isdisjoint(columns):
        return
    records = list(MODELS[resource]._default_manager.filter(pk__in=list(ids)))
    known = [READ[resource](vars(record)) for record in records]
    for record, alike in zip(records, alike_of(known, strong=True), strict=True):
        for other, verdict in alike:
            if other.pk != record.pk and verdict.certainty in ("certain", "likely"):
                _note(actor, resource, record.pk, other.pk, verdict)


def _note(
    actor: Actor,
    resource: str,
    one: UUID,
    other: UUID,
    verdict: Verdict,
    *,
    answer: Answer = Answer.OPEN,
    said: str = "",
) -> None:
    first, second = sorted((one, other))
    answered = answer != Answer.OPEN
    there = Pair.objects.filter(first=first, second=second).first()
    if there is not None and (there.answer != Answer.OPEN or not answered):
        return
    pair = there or Pair(first=first, second=second)
    values = {
        "resource": resource,
        "verdict": verdict.certainty,
        "branch": verdict.branch,
        "reasons": ",".join(verdict.reasons)[:200],
        "score": verdict.score,
        "answer": answer,
        "said": said,
        "answered_by_id": actor.member_id if answered else None,
        "answered_at": timezone.now() if answered else None,
    }
    for name, value in values.items():
        setattr(pair, name, value)
    pair.save()


def pairs_of(resource: str, record_id: UUID) -> Any:
    """The pairs a record is in."""
    return Pair.objects.filter(Q(first=record_id) | Q(second=record_id), resource=resource)


def no_taken_marks(actor: Actor, resource: str, wanted: Sequence[tuple[UUID, Any, Any]], said: Any) -> None:
    """Codes and numbers that are about to change belong to nobody else, nor to two of these.

    `wanted`: (record's id, credit code, number), "" for what stays. Raises Refused("duplicate").
    """
    marks = [(i, READ[resource]({"credit_code": code, "number": number})) for i, code, number in wanted]
    if not marks:
        return
    codes = [code for _id, code, _number in wanted if code]
    numbers = [number for _id, _code, number in wanted if number]
    hold(resource, [known for _id, known in marks])
    found: list[Duplicate] = []
    for record_id, known in marks if len(marks) == 1 else ():
        found += [d for d in duplicates_of(actor, known, beside=record_id) if d.verdict == "certain"]
    taken = len(set(codes)) < len(codes) or len(set(numbers)) < len(numbers)
    if len(marks) > 1 and not taken:
        beside = {record_id for record_id, _known in marks}
        for alike in alike_of([known for _id, known in marks], strong=True):
            taken = taken or any(v.certainty == "certain" and r.pk not in beside for r, v in alike)
    if found or taken:
        raise Refused("duplicate", said, {"duplicates": found})
