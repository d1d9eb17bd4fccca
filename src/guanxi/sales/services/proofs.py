"""Saying that evidence is there."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid
from guanxi.resource import writing
from guanxi.resource.registry import find
from guanxi.resource.standard import standard
from guanxi.sales.models import Evidence, Opportunity, Proof


def _signed(actor: Actor, ids: Any) -> None:
    """Who says so first stands beside it."""
    rows = list(Proof.objects.filter(pk__in=list(ids), by__isnull=True).values_list("pk", flat=True))
    if rows and actor.member_id is not None:
        writing.update_many(find("proofs"), rows, {"by_id": actor.member_id})


proofs = standard("proofs", _signed)


def prove(actor: Actor, one: Opportunity, said: Mapping[UUID, str]) -> None:
    """Say of pieces of evidence that they are there, each with a word of what shows it. Called inside the operation
    that moves the sale; what is said already stays. Raises Forbidden, Invalid for what is no evidence of this
    pipeline."""
    known = set(
        Evidence.objects.filter(pk__in=list(said), stage__pipeline=one.pipeline_id).values_list(
            "pk", flat=True
        )
    )
    if set(said) - known:
        raise Invalid
    there = Proof.objects.filter(opportunity=one, evidence__in=known).values_list("evidence_id", flat=True)
    for pk in known - set(there):
        proofs.create(actor, data={"opportunity": one.pk, "evidence": pk, "note": said[pk]})
