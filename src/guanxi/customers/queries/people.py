"""How people are named, and how an import compares their positions."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from guanxi.customers.queries.marks import hold_texts
from guanxi.kernel.text import fold
from guanxi.resource.matching import Certainty
from guanxi.resource.registry import find


def name_key(name: str) -> str:
    """What two persons' names are compared by: folded, without spaces and points."""
    return "".join(char for char in fold(name) if char.isalnum())[:100]


class AffiliationMatching:
    """Sameness of positions for an import: the same person at the same customer in the same post."""

    def keys(self, values: Mapping[str, Any]) -> tuple[UUID, UUID, str] | None:
        person, customer = values.get("person_id"), values.get("customer_id")
        return (person, customer, fold(values.get("post") or "")) if person and customer else None

    def linked(self, keys: Any, values: Mapping[str, Any]) -> tuple[UUID, UUID, str] | None:
        return self.keys(values)

    def remembered(self, keys: tuple[UUID, UUID, str]) -> tuple[UUID, UUID, str]:
        return keys

    def of_text(self, text: str) -> tuple[Any, ...]:
        return ()

    def shares(self, keys: Any) -> tuple[str, ...]:
        return (f"{keys[0]} {keys[1]}",) if keys else ()

    def verdict(self, left: Any, right: Any) -> Certainty | None:
        return "certain" if left and left == right else None

    def find(self, keys: Collection[Any]) -> dict[Any, tuple[UUID, Certainty]]:
        people = {one[0] for one in keys if one}
        rows = find("affiliations").model._default_manager.filter(person_id__in=people).order_by("id")
        there: dict[Any, UUID] = {}
        for row, person, customer, post in rows.values_list("id", "person_id", "customer_id", "post"):
            there.setdefault((person, customer, fold(post)), row)
        return {one: (there[one], "certain") for one in keys if one in there}

    def lock(self, keys: Collection[Any]) -> None:
        hold_texts("affiliations", {str(one[0]) for one in keys if one})
