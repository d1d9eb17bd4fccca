"""When an import's row is an opportunity that is there: by its external number, else by name at the same customer."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID
from zlib import crc32

from django.db import connection

from guanxi.foundation.tenancy.scope import require_scope
from guanxi.kernel.text import fold
from guanxi.resource.matching import Certainty
from guanxi.sales.models import Opportunity

_LOCKS = 256
# External number, or customer, folded name and expected day; what is not compared by is "".
Keys = tuple[str, str, str, str]


class OpportunityMatching:
    """`resource.matching.Matching` of opportunities. One without external number and without customer is like no
    other: two sales of one name to nobody known are two."""

    def keys(self, values: Mapping[str, Any]) -> Keys | None:
        external = values.get("external_number") or ""
        if external:
            return (external, "", "", "")
        customer, name = values.get("customer_id"), values.get("name") or ""
        if not customer or not name:
            return None
        return ("", str(customer), fold(name), str(values.get("expected_on") or ""))

    def linked(self, keys: Any, values: Mapping[str, Any]) -> Keys | None:
        return self.keys(values)

    def remembered(self, keys: Keys) -> Keys:
        return keys

    def of_text(self, text: str) -> Keys:
        return (text, "", "", "")

    def shares(self, keys: Keys) -> tuple[str, ...]:
        return (" ".join(keys),)

    def verdict(self, left: Keys, right: Keys) -> Certainty | None:
        return "certain" if left == right else None

    def find(self, keys: Collection[Keys]) -> dict[Keys, tuple[UUID, Certainty]]:
        there: dict[Keys, UUID] = {}
        columns = ("id", "external_number", "customer_id", "name", "expected_on")
        for name, place in (("external_number", 0), ("customer_id", 1)):
            wanted = {one[place] for one in keys if one[place]}
            if not wanted:
                continue
            rows = Opportunity.objects.filter(**{f"{name}__in": wanted}).order_by("id")
            for row in rows.values(*columns).iterator(chunk_size=2000):
                mine = self.keys(row)
                if mine is not None:
                    there.setdefault(mine, row["id"])
        return {one: (there[one], "certain") for one in keys if one in there}

    def lock(self, keys: Collection[Keys]) -> None:
        company = require_scope().tenant_id
        shares = sorted({crc32(" ".join(one[:2]).encode()) % _LOCKS for one in keys})
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtext(%s), share) FROM unnest(%s::int[]) AS share",
                [f"opportunities {company}", shares],
            )
