"""When a row of a file is about what stands here already: the same said at the same minute at the same customer.

What has a number of another system is known by it alone. What is undated is the same where the same is said; what hangs
on no customer is looked for by its subject.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from guanxi.activities.models import Activity
from guanxi.activities.rules import first_line
from guanxi.customers.queries.hanging import Row, RowMatching
from guanxi.kernel.text import fold
from guanxi.resource.matching import Certainty

_NUMBERED = "#"
_COLUMNS = ("id", "customer_id", "kind", "at", "undated", "subject", "text", "number")


class SameTouch(RowMatching):
    """Sameness of activities for an import (`resource.matching.Matching`)."""

    def __init__(self) -> None:
        super().__init__(
            "activities",
            ("customer_id",),
            "text",
            exact=("kind", "at"),
            more=("subject", "undated", "number"),
        )

    def keys(self, values: Mapping[str, Any]) -> Row | None:
        if number := values.get("number"):
            return ("", _NUMBERED, number)
        at = values.get("at")
        if isinstance(at, datetime):
            at = at.astimezone(UTC).replace(second=0, microsecond=0).isoformat()
        text = values.get("text") or ""
        subject = values.get("subject") or (first_line(text) if text else "")
        said = fold(text or subject)
        if not said:
            return None
        moment = "" if values.get("undated") else str(at or "")
        return (str(values.get("customer_id") or ""), str(values.get("kind") or ""), moment, subject, said)

    def find(self, keys: Collection[Row]) -> dict[Row, tuple[UUID, Certainty]]:
        found = super().find(keys)
        numbers = {one[2] for one in keys if one[1] == _NUMBERED}
        for number, pk in (
            Activity.objects.filter(number__in=numbers).order_by("id").values_list("number", "id")
        ):
            found.setdefault(("", _NUMBERED, number), (pk, "certain"))
        alone = {one for one in keys if not one[0] and one[1] != _NUMBERED}
        rows = Activity.objects.filter(customer__isnull=True, subject__in={one[3] for one in alone})
        for row in rows.exclude(subject="").order_by("id").values(*_COLUMNS) if alone else ():
            mine = self.keys(row)
            if mine in alone and mine is not None:
                found.setdefault(mine, (row["id"], "certain"))
        return found
