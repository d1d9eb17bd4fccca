"""When a row of a file is about what stands here already: the same said at the same minute at the same customer."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from guanxi.customers.queries.hanging import Row, RowMatching


class SameTouch(RowMatching):
    """Sameness of activities for an import (`resource.matching.Matching`)."""

    def __init__(self) -> None:
        super().__init__("activities", ("customer_id",), "text", exact=("kind", "at"))

    def keys(self, values: Mapping[str, Any]) -> Row | None:
        at = values.get("at")
        if isinstance(at, datetime):
            at = at.astimezone(UTC).replace(second=0, microsecond=0).isoformat()
        return super().keys({**values, "at": at})
