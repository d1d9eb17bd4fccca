"""Sameness, for an import, of rows that hang on a record: the same text at the same record."""

from collections.abc import Callable, Collection, Mapping
from typing import Any
from uuid import UUID
from zlib import crc32

from django.db import connection

from guanxi.foundation.tenancy.scope import require_scope
from guanxi.kernel.text import fold
from guanxi.resource.matching import Certainty
from guanxi.resource.registry import find

_LOCKS = 256
Row = tuple[str, ...]


class RowMatching:
    """Rows of the resource `key` are the same where the links `by`, the columns `exact` and the text `text` are
    (`resource.matching.Matching`); `more` are columns that `keys` is told of; where `blank`, no text is one, too."""

    def __init__(
        self,
        key: str,
        by: Collection[str],
        text: str,
        *,
        exact: Collection[str] = (),
        more: Collection[str] = (),
        alike: Callable[[str], str] = fold,
        blank: bool = False,
    ) -> None:
        self._key, self._by, self._text, self._exact, self._alike = key, tuple(by), text, tuple(exact), alike
        self._more, self._blank = tuple(more), blank

    def keys(self, values: Mapping[str, Any]) -> Row | None:
        """What a row with these stored values is compared by; None where it hangs on nothing."""
        links = [str(values.get(one) or "") for one in self._by]
        text = self._alike(values.get(self._text) or "")
        if not any(links) or not (text or self._blank):
            return None
        return (*links, *(str(values.get(one) or "") for one in self._exact), text)

    def linked(self, keys: Any, values: Mapping[str, Any]) -> Row | None:
        return self.keys(values)

    def remembered(self, keys: Row) -> Row:
        return keys

    def of_text(self, text: str) -> Row:
        return ()

    def shares(self, keys: Row) -> tuple[str, ...]:
        return (" ".join(keys),) if keys else ()

    def verdict(self, left: Row, right: Row) -> Certainty | None:
        return "certain" if left and left == right else None

    def find(self, keys: Collection[Row]) -> dict[Row, tuple[UUID, Certainty]]:
        there: dict[Row, UUID] = {}
        columns = ("id", *self._by, *self._exact, *self._more, self._text)
        for place, link in enumerate(self._by):
            owners = {one[place] for one in keys if one and one[place]}
            if not owners:
                continue
            rows = find(self._key).model._default_manager.filter(**{f"{link}__in": owners}).order_by("id")
            for row in rows.values(*columns).iterator(chunk_size=2000):
                mine = self.keys(row)
                if mine is not None:
                    there.setdefault(mine, row["id"])
        return {one: (there[one], "certain") for one in keys if one in there}

    def lock(self, keys: Collection[Row]) -> None:
        company = require_scope().tenant_id
        shares = sorted({crc32(" ".join(one[: len(self._by)]).encode()) % _LOCKS for one in keys if one})
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtext(%s), share) FROM unnest(%s::int[]) AS share",
                [f"{self._key} {company}", shares],
            )
