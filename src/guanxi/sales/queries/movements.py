"""How the forecast moved since a moment, sale by sale, how it stood then, and how true it was; read from the lines that
every change of a sale leaves."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, QuerySet, Sum

from guanxi.foundation.permissions.actor import Actor
from guanxi.sales.choices import State
from guanxi.sales.models import Opportunity
from guanxi.sales.queries.forecasting import seen_for_forecast
from guanxi.sales.rules.forecast import COUNTED, Movement, Standing, Told, Word, movement

# How a sale stood at a moment says the first line after it of before; where there is none it stands so still.
_TOUCHED = """
WITH seen (id, state, own_amount, expected_on, category, owner, stage) AS ({seen}),
firsts AS (
    SELECT DISTINCT ON (m.opportunity_id) m.* FROM sales_move m
     WHERE m.created_at > %(since)s ORDER BY m.opportunity_id, m.created_at, m.id)
SELECT s.id, f.former_state, f.former_own_amount, f.former_expected_on, f.former_category, f.former_owner,
       f.former_stage, s.state, s.own_amount, s.expected_on, s.category, s.owner, s.stage
  FROM firsts f JOIN seen s ON s.id = f.opportunity_id
 WHERE (f.former_state = 'open' AND f.former_category = ANY(%(counted)s)
        AND f.former_expected_on BETWEEN %(first)s AND %(last)s)
    OR (s.state = 'open' AND s.category = ANY(%(counted)s) AND s.expected_on BETWEEN %(first)s AND %(last)s)
"""
_STOOD = """
WITH seen (tenant_id, id, state, own_amount, expected_on, category, owner, chance) AS MATERIALIZED ({seen}),
asked (nth, moment, first, last) AS (
    SELECT * FROM unnest(%(nths)s::int[], %(thens)s::timestamptz[], %(firsts)s::date[], %(lasts)s::date[])),
stood AS (
    SELECT a.nth, s.owner, s.category, s.own_amount, s.chance FROM asked a JOIN seen s
        ON s.state = 'open' AND s.category = ANY(%(counted)s) AND s.expected_on BETWEEN a.first AND a.last
     WHERE NOT EXISTS (SELECT 1 FROM sales_move e WHERE e.tenant_id = s.tenant_id AND e.opportunity_id = s.id
                          AND e.created_at > a.moment)
    UNION ALL
    SELECT a.nth, m.former_owner, m.former_category, m.former_own_amount, m.former_chance
      FROM asked a JOIN sales_move m ON m.created_at > a.moment AND m.former_state = 'open'
           AND m.former_category = ANY(%(counted)s) AND m.former_expected_on BETWEEN a.first AND a.last
     WHERE NOT EXISTS (SELECT 1 FROM sales_move e WHERE e.tenant_id = m.tenant_id
                          AND e.opportunity_id = m.opportunity_id AND e.created_at > a.moment
                          AND (e.created_at, e.id) < (m.created_at, m.id))
       AND m.opportunity_id IN (SELECT id FROM seen))
SELECT nth, owner, category, coalesce(sum(own_amount), 0)::bigint,
       coalesce(round(sum(own_amount::numeric * chance / 10000)), 0)::bigint, count(*)
  FROM stood GROUP BY nth, owner, category
"""


@dataclass(frozen=True, slots=True)
class Moved:
    """A sale that moved the forecast."""

    sale: Opportunity
    movement: Movement
    before: Standing | None


@dataclass(frozen=True, slots=True)
class Movements:
    """What moved a forecast, the largest first, as many as were asked for; how many there are, and by how much they
    moved it in all."""

    rows: Sequence[Moved] = ()
    count: int = 0
    delta: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """A forecast of these days, as it stood at a moment."""

    then: datetime
    first: date
    last: date


@dataclass(slots=True)
class Truth:
    """Of a month: by owner, and in all, what was forecast at each moment asked for and what was won."""

    by_owner: Mapping[UUID | None, Told] = field(default_factory=dict)
    whole: Told = field(default_factory=lambda: Told([]))


def movements(
    actor: Actor, since: datetime, first: date, last: date, *, most: int | None = None
) -> Movements:
    """What moved the forecast of these days since a moment: two statements. Sales that are gone, or that the actor does
    not see now, are not among them. Raises Forbidden."""
    seen = seen_for_forecast(actor).values_list(
        "pk", "state", "own_amount", "expected_on", "category", "owner_id", "stage_id"
    )
    given = {"since": since, "first": first, "last": last, "counted": list(COUNTED)}
    found: list[tuple[UUID, Movement, Standing | None]] = []
    for pk, *values in _asked(seen, _TOUCHED, given):
        before, now = _standing(values[:6]), _standing(values[6:])
        moved = movement(before, now, first, last)
        if moved is not None:
            found.append((pk, moved, before))
    found.sort(key=lambda one: (-abs(one[1].delta), one[0]))
    shown = found[:most]
    sales = Opportunity.objects.select_related("owner").in_bulk([pk for pk, _moved, _before in shown])
    return Movements(
        [Moved(sales[pk], moved, before) for pk, moved, before in shown],
        len(found),
        sum(moved.delta for _pk, moved, _before in found),
    )


def forecasts_then(actor: Actor, asked: Sequence[Asked]) -> list[dict[UUID | None, Word]]:
    """By owner of that time, each forecast as it stood at its moment: one statement for all. Raises Forbidden."""
    seen = seen_for_forecast(actor).values_list(
        "tenant_id", "pk", "state", "own_amount", "expected_on", "category", "owner_id", "chance"
    )
    given = {
        "nths": list(range(len(asked))),
        "thens": [one.then for one in asked],
        "firsts": [one.first for one in asked],
        "lasts": [one.last for one in asked],
        "counted": list(COUNTED),
    }
    found: list[dict[UUID | None, Word]] = [defaultdict(Word) for _one in asked]
    for nth, owner, category, amount, sure, n in _asked(seen, _STOOD, given):
        found[nth][owner].add(Word(amount if category == "commit" else 0, amount, sure, n))
    return found


def accuracy(actor: Actor, months: Sequence[tuple[date, date, Sequence[datetime]]]) -> list[Truth]:
    """Of each month, given by its days and the moments asked for, what was forecast and what was won: two statements.
    Raises Forbidden."""
    asked = [Asked(then, first, last) for first, last, thens in months for then in thens]
    words = iter(forecasts_then(actor, asked))
    won = _won(actor, [(first, last) for first, last, _thens in months])
    found = []
    for nth, (_first, _last, thens) in enumerate(months):
        said = [next(words) for _then in thens]
        owners = {owner for one in said for owner in one} | won[nth].keys()
        told = {
            owner: Told([one.get(owner, Word()) for one in said], *won[nth].get(owner, (0, 0)))
            for owner in owners
        }
        whole = Told([Word() for _then in thens])
        for one in told.values():
            whole.add(one)
        found.append(Truth(told, whole))
    return found


def _won(actor: Actor, months: Sequence[tuple[date, date]]) -> list[dict[UUID | None, tuple[int, int]]]:
    found: list[dict[UUID | None, tuple[int, int]]] = [defaultdict(lambda: (0, 0)) for _one in months]
    if not months:
        return found
    first, last = min(one[0] for one in months), max(one[1] for one in months)
    rows = seen_for_forecast(actor).filter(state=State.WON, closed_on__range=(first, last))
    sums = rows.values_list("owner_id", "closed_on").annotate(total=Sum("own_amount"), n=Count("pk"))
    for owner, day, total, n in sums:
        for nth, (begin, end) in enumerate(months):
            if begin <= day <= end:
                before = found[nth][owner]
                found[nth][owner] = (before[0] + (total or 0), before[1] + n)
    return found


def _asked(seen: QuerySet[Any, Any], text: str, given: Mapping[str, Any]) -> list[Any]:
    """The statement with the sales that are seen in it, whose parameters get names."""
    try:
        sql, params = seen.query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        return []
    names = {f"seen{at}": value for at, value in enumerate(params)}
    parts = sql.split("%s")
    sql = parts[0] + "".join(f"%({name})s{rest}" for name, rest in zip(names, parts[1:], strict=True))
    with connection.cursor() as cursor:
        cursor.execute(text.replace("{seen}", sql), {**given, **names})
        return list(cursor.fetchall())


def _standing(values: Sequence[Any]) -> Standing | None:
    state, amount, expected_on, category, owner, stage = values
    return Standing(state, amount or 0, expected_on, category, owner, stage) if state else None
