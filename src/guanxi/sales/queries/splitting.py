"""What a stretch of days is to bring by product: each sale's amount is shared out among its lines, as these are worth
to each other; one without lines is no product's. Quantities come with it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, QuerySet, Value
from django.db.models.functions import TruncMonth

from guanxi.foundation.permissions.actor import Actor
from guanxi.resource import access
from guanxi.resource.registry import find
from guanxi.sales.models import Opportunity
from guanxi.sales.rules.forecast import Sums

# Who or what a line of the forecast is of.
Key = UUID | str | None
BY_PRODUCT = ("product_line", "product")
_BASE = ("tenant_id", "pk", "what", "month", "own_amount", "weighted", "chance")
_KEYS = {"product": "l.product_id", "product_line": "p.line_id"}

# Rounded so that the parts of a sale come to its amount: each is the difference of two rounded sums. Where no line is
# worth anything they share alike.
_PARTS = """
WITH sold (tenant_id, id, what, month, own_amount, weighted, chance) AS ({base}),
placed AS (
    SELECT s.*, l.id AS line, l.quantity, {key} AS key, coalesce(l.amount, 0)::numeric AS worth,
           sum(coalesce(l.amount, 0)) OVER (PARTITION BY s.id ORDER BY l.id)::numeric AS upto,
           sum(coalesce(l.amount, 0)) OVER (PARTITION BY s.id)::numeric AS whole,
           (row_number() OVER (PARTITION BY s.id ORDER BY l.id))::numeric AS nth,
           (count(l.id) OVER (PARTITION BY s.id))::numeric AS n
      FROM sold s
      LEFT JOIN sales_line l ON l.tenant_id = s.tenant_id AND l.opportunity_id = s.id
      LEFT JOIN catalog_product p ON p.tenant_id = l.tenant_id AND p.id = l.product_id),
shares AS (
    SELECT *, CASE WHEN line IS NULL THEN 0 WHEN whole > 0 THEN (upto - worth) / whole ELSE (nth - 1) / n END AS low,
           CASE WHEN line IS NULL THEN 1 WHEN whole > 0 THEN upto / whole ELSE nth / n END AS high
      FROM placed),
parts AS (
    SELECT id, what, month, key, chance, own_amount IS NULL AS unknown,
           round(own_amount * high) - round(own_amount * low) AS amount,
           round(weighted * high) - round(weighted * low) AS sure,
           CASE WHEN key IS NOT NULL THEN quantity END AS quantity
      FROM shares)
"""
_SUMS = """
SELECT grouping(key), key, month::date, what, sum(amount)::bigint, sum(sure)::bigint, count(DISTINCT id),
       count(DISTINCT id) FILTER (WHERE unknown), coalesce(sum(quantity), 0)::bigint,
       coalesce(round(sum(quantity::numeric * chance / 10000)), 0)::bigint
  FROM parts GROUP BY GROUPING SETS ((key, month, what), (month, what))
"""
_BEHIND = """
SELECT id, sum(amount)::bigint, sum(sure)::bigint, sum(quantity)::bigint
  FROM parts WHERE key IS NOT DISTINCT FROM %s GROUP BY id
"""


@dataclass(frozen=True, slots=True)
class Part:
    """What one sale brings to a figure: in minor units of the company's own currency, weighted too, and so many
    thousandths of a unit; None where it is not known."""

    amount: int | None
    sure: int | None
    quantity: int | None = None


def may_split(actor: Actor, by: str) -> bool:
    """Whether the actor may know of the products of sales, and of their lines."""
    lines, products = find("sale_lines"), find("products")
    return (
        actor.may(lines.permission("view"))
        and actor.may(products.permission("view"))
        and all(
            access.is_open(actor, lines.kind(name))
            for name in ("opportunity", "product", "quantity", "amount")
        )
        and (by == "product" or access.is_open(actor, products.kind("line")))
    )


def split(
    coming: QuerySet[Opportunity], won: QuerySet[Opportunity], by: str
) -> tuple[dict[tuple[Key, date], Sums], Mapping[date, Sums]]:
    """By product or its line and month what open and won sales bring, and by month what they bring in all: one
    statement."""
    found: dict[tuple[Key, date], Sums] = defaultdict(Sums)
    whole: dict[date, Sums] = defaultdict(Sums)
    for is_whole, key, month, what, amount, sure, n, unknown, quantity, likely in _asked(
        coming, won, by, _SUMS
    ):
        cell = whole[month] if is_whole else found[key, month]
        if what == "won":
            cell.won += amount or 0
            cell.won_quantity += quantity
            continue
        setattr(cell, what, getattr(cell, what) + (amount or 0))
        cell.weighted += sure or 0
        cell.sales += n
        cell.unknown += unknown
        cell.quantity += quantity
        cell.likely += likely
    return found, whole


def parts_of(
    coming: QuerySet[Opportunity], won: QuerySet[Opportunity], by: str, key: UUID | None
) -> Mapping[UUID, Part]:
    """By sale what each brings to a product or line; None for what is no product's."""
    return {
        pk: Part(amount, sure, quantity)
        for pk, amount, sure, quantity in _asked(coming, won, by, _BEHIND, [key])
    }


def _asked(
    coming: QuerySet[Opportunity], won: QuerySet[Opportunity], by: str, select: str, more: Sequence[Any] = ()
) -> list[Any]:
    base: list[str] = []
    params: list[Any] = []
    open_rows = coming.annotate(what=F("category"), month=TruncMonth("expected_on"))
    won_rows = won.annotate(what=Value("won"), month=TruncMonth("closed_on"))
    for rows in (open_rows, won_rows):
        compiler = rows.order_by().values_list(*_BASE).query.get_compiler(connection=connection)
        try:
            sql, given = compiler.as_sql()
        except EmptyResultSet:
            continue
        base.append(sql)
        params += given
    if not base:
        return []
    text = _PARTS.format(base=" UNION ALL ".join(f"({one})" for one in base), key=_KEYS[by]) + select
    with connection.cursor() as cursor:
        cursor.execute(text, [*params, *more])
        return list(cursor.fetchall())
