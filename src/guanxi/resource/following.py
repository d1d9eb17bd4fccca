"""Reaches that lead over other resources: rows that hang on a record, records that rows lead to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from guanxi.foundation.ledger.images import former_names
from guanxi.foundation.ledger.models import Change
from guanxi.resource.reach import Declaration, Members
from guanxi.resource.registry import find

# Rows that are named to the planner one by one; of more it is told how to prove each.
_FEW = 2_000


@dataclass(frozen=True, slots=True)
class Follows:
    """Rows that hang on one record of the resource `to`, by the link `by`: theirs whose that record is."""

    by: str
    to: str

    def q(self, resource: Declaration, within: Members) -> Q:
        theirs = _held(find(self.to), within).values("pk")
        return Q(**{f"{resource.kind(self.by).column}__in": theirs})

    def holds(self, resource: Declaration, record: Any, within: Members) -> bool:
        return _held(find(self.to), within).filter(pk=resource.kind(self.by).value(record)).exists()

    def held(self, resource: Declaration, image: Mapping[str, Any], within: Members) -> bool:
        target, followed = find(self.to), image.get(resource.kind(self.by).column)
        if not followed:
            return False
        record = target.model._default_manager.filter(pk=followed).first()
        if record is not None:
            return target.reach.holds(target, record, within)
        # It went too: whose it was then.
        tables, _names = former_names(target.model._meta.db_table, ())
        gone = Change.objects.filter(table_name__in=tables, row_id=followed, action=Change.DELETE)
        last = gone.order_by("-id").first()
        return last is not None and target.reach.held(target, last.old or {}, within)


@dataclass(frozen=True, slots=True)
class Through:
    """Rows that rows of the resource `to` refer to by their link `by`: theirs who hold one of those."""

    to: str
    by: str

    def _column(self) -> str:
        return find(self.to).kind(self.by).column

    def q(self, resource: Declaration, within: Members) -> Q:
        rows, column = _held(find(self.to), within).order_by(), self._column()
        some = list(rows.values_list(column, flat=True)[: _FEW + 1])
        if len(some) <= _FEW:
            return Q(pk__among=set(some))
        return Q(Exists(rows.filter(**{column: OuterRef("pk")})))

    def holds(self, resource: Declaration, record: Any, within: Members) -> bool:
        return bool(_held(find(self.to), within).filter(**{self._column(): record.pk}).exists())

    def held(self, resource: Declaration, image: Mapping[str, Any], within: Members) -> bool:
        return False  # what led to it went before it


def _held(target: Declaration, within: Members) -> QuerySet[Any]:
    found: QuerySet[Any] = target.model._default_manager.filter(target.reach.q(target, within))
    return found
