"""Erasures taken along past a restored backup: the list of ids, and erasing again whoever came back."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from guanxi.foundation.permissions.actor import Actor
from guanxi.privacy.models import Erasure
from guanxi.privacy.services.erasing import erase_again


def listed() -> list[dict[str, Any]]:
    """The company's erasures, as plain data without names."""
    return [
        {
            "id": str(one.pk),
            "people": [str(each) for each in one.people],
            "rows": [str(each) for each in one.rows],
            "ground": one.ground,
            "at": one.created_at.isoformat(),
        }
        for one in Erasure.objects.order_by("created_at")
    ]


def apply_again(actor: Actor, erasures: Iterable[Mapping[str, Any]]) -> int:
    """Note the erasures of such a list that are not known here, and erase whoever is there again; returns how many."""
    known = set(Erasure.objects.values_list("pk", flat=True))
    for one in erasures:
        if UUID(one["id"]) not in known:
            Erasure(
                id=UUID(one["id"]),
                people=[UUID(each) for each in one["people"]],
                rows=[UUID(each) for each in one["rows"]],
                ground=one["ground"],
                note=f"{one['at']}",
            ).save(force_insert=True)
    return erase_again(actor)
