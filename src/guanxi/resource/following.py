"""Reaches that lead over other resources: rows that hang on a record, records that rows lead to."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from guanxi.foundation.ledger.images import former_names
from guanxi.foundation.ledger.models import Change
from guanxi.foundation.ledger.services import while_unwritten
from guanxi.resource.reach import Declaration, Either, Members, Reach, Simply
from guanxi.resource.registry import find

# Rows that are named to the planner one by one; of more it is told how to prove each.
_FEW = 2_000


@dataclass(frozen=True, slots=True)
class Follows(Reach):
    """Rows that hang on one record of the resource `to`, by the link `by`: theirs whose that record is, and, with
    `changes`, theirs to change who may change that record.

    `probes`: where it holds for several members, each row asks for its one record, instead of all that they hold being
    found before the first row: a team's customers are hundreds of thousands, and most rows are found by their owner.
    """

    by: str
    to: str
    changes: bool = False
    probes: bool = False

    def q(self, resource: Declaration, within: Members) -> Q:
        theirs = _held(find(self.to), within, self.changes, resource).values("pk")
        column = resource.kind(self.by).column
        if self.probes and len(within) > 1:
            # A scalar one: of EXISTS the planner would make the same table of all of them.
            return Q(**{column: Subquery(theirs.filter(pk=OuterRef(column)).order_by()[:1])})
        return Q(**{f"{column}__in": theirs})

    def holds(self, resource: Declaration, record: Any, within: Members) -> bool:
        theirs = _held(find(self.to), within, self.changes, resource)
        return theirs.filter(pk=resource.kind(self.by).value(record)).exists()

    def held(self, resource: Declaration, image: Mapping[str, Any], within: Members) -> bool:
        target, followed = find(self.to), image.get(resource.kind(self.by).column)
        if not followed:
            return False
        record = target.model._default_manager.filter(pk=followed).first()
        rule = _rule(target, self.changes, resource)
        if record is not None:
            return rule.holds(target, record, within)
        # It went too: whose it was then.
        tables, _names = former_names(target.model._meta.db_table, ())
        gone = Change.objects.filter(table_name__in=tables, row_id=followed, action=Change.DELETE)
        last = gone.order_by("-id").first()
        return last is not None and rule.held(target, last.old or {}, within)

    def changing(self) -> Reach:
        return replace(self, changes=True)


@dataclass(frozen=True, slots=True)
class Through(Reach):
    """Rows that rows of the resource `to` refer to by their link `by`: theirs who hold one of those."""

    to: str
    by: str
    changes: bool = False

    def _column(self) -> str:
        return find(self.to).kind(self.by).column

    def q(self, resource: Declaration, within: Members) -> Q:
        rows, column = _held(find(self.to), within, self.changes, resource).order_by(), self._column()
        # A page asks for it a dozen times.
        some: list[UUID] = while_unwritten(
            (self, frozenset(within)), lambda: list(rows.values_list(column, flat=True)[: _FEW + 1])
        )
        if len(some) <= _FEW:
            return Q(pk__among=set(some))
        return Q(Exists(rows.filter(**{column: OuterRef("pk")})))

    def holds(self, resource: Declaration, record: Any, within: Members) -> bool:
        theirs = _held(find(self.to), within, self.changes, resource)
        return bool(theirs.filter(**{self._column(): record.pk}).exists())

    def held(self, resource: Declaration, image: Mapping[str, Any], within: Members) -> bool:
        return False  # what led to it went before it

    def changing(self) -> Reach:
        return replace(self, changes=True)


@dataclass(frozen=True, slots=True)
class Named(Reach):
    """Rows in which a member has a part, because a row of the resource `to` leads there by its link `by` and names
    him in `member`, from the first day to the last where it has the dates `since` and `until`. It lets read; where the
    row says so by the field and value of `writes`, it lets edit, too. Other rights to change find nothing by it.

    Where nobody has a part, which is usual, the statements are what they are without it.
    """

    to: str
    by: str
    member: str
    since: str = ""
    until: str = ""
    writes: tuple[str, str] | None = None
    edits: bool = False

    def _parts(self, within: Members) -> QuerySet[Any]:
        target, today = find(self.to), timezone.localdate()
        found: QuerySet[Any] = target.model._default_manager.filter(
            **{f"{target.kind(self.member).column}__in": sorted(within)}
        )
        if self.edits and self.writes is not None:
            found = found.filter(**{target.kind(self.writes[0]).column: self.writes[1]})
        for name, side in ((self.since, "lte"), (self.until, "gte")):
            if name:
                column = target.kind(name).column
                found = found.filter(Q(**{f"{column}__isnull": True}) | Q(**{f"{column}__{side}": today}))
        return found.order_by()

    def _column(self) -> str:
        return find(self.to).kind(self.by).column

    def _some(self, within: Members) -> frozenset[UUID] | None:
        """The rows where they are few. Asked of at every read, so once as long as nothing is written."""
        some: list[UUID] = while_unwritten(
            (self, frozenset(within)),
            lambda: list(self._parts(within).values_list(self._column(), flat=True)[: _FEW + 1]),
        )
        return frozenset(some) if len(some) <= _FEW else None

    def q(self, resource: Declaration, within: Members) -> Q:
        some = self._some(within)
        if some is None:
            return Q(Exists(self._parts(within).filter(**{self._column(): OuterRef("pk")})))
        return Q(pk__among=some) if some else Q(pk__in=[])

    def holds(self, resource: Declaration, record: Any, within: Members) -> bool:
        return self._parts(within).filter(**{self._column(): record.pk}).exists()

    def held(self, resource: Declaration, image: Mapping[str, Any], within: Members) -> bool:
        return False  # what led to it went before it

    def changing(self) -> Reach:
        return Either()

    def editing(self) -> Reach:
        return Either() if self.writes is None else replace(self, edits=True)

    def simply(self, resource: Declaration, within: Members) -> Simply | None:
        some = self._some(within)
        return None if some is None else Simply(rows=some)


def _rule(target: Declaration, changes: bool, hangs: Declaration) -> Reach:
    rule: Reach = target.reach_of("edit" if changes else "view").following(hangs)
    return rule


def _held(target: Declaration, within: Members, changes: bool, hangs: Declaration) -> QuerySet[Any]:
    rule = _rule(target, changes, hangs)
    found: QuerySet[Any] = target.model._default_manager.filter(rule.q(target, within))
    return found
