"""What the demo company sells: machines with their options, lines, spare parts, service; its prices and its stock."""

# Chinese in code: product lines, price books, options

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from guanxi.catalog.models import TaxRate
from guanxi.catalog.services import parts, prices, products, stock
from guanxi.demo import words
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.ids import new_id
from guanxi.kernel.prices import half_up, parse_price

_SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
_LINES: Final = (
    ("包装主机", ("给袋式包装机", "立式包装机", "枕式包装机", "条包机")),
    ("前后段", ("计量与输送", "灌装线", "贴标机", "后段设备")),
    ("整线集成", ()),
    ("备件与耗材", ("备件", "耗材")),
    ("服务", ()),
)
_DOMESTIC, _EXPORT, _DEALERS = "国内含税价", "出口美元价", "经销商价"
_WAREHOUSES: Final = (("苏州总仓", "SZ", "suzhou"), ("佛山备件仓", "FS", "foshan"))
_PARTS: Final[Mapping[str, Sequence[tuple[str, int]]]] = {
    "LX-V420-W10": (("HJ-V420", 1), ("HJ-W10", 1), ("HJ-Z3", 1), ("HJ-D1", 1)),
    "LX-G8-W14": (("HJ-G8", 1), ("HJ-W14", 1), ("HJ-Z3", 1), ("HJ-CW1", 1)),
    "LX-HD": (("HJ-K30", 1), ("HJ-C150", 1), ("HJ-F50", 1), ("HJ-M20", 1), ("HJ-D1", 2)),
}
# A group: its name, whether something must be chosen, whether several may be; its options: name, price, cost in yuan.
_OPTIONS: Final = (
    ("电源", True, False, (("380 V 50 Hz 三相", 0, 0), ("220 V 60 Hz 三相（出口）", 4800, 3100))),
    (
        "打码",
        False,
        False,
        (("热转印打码机", 13500, 9200), ("喷码机", 22800, 16500), ("激光打标机", 46000, 33500)),
    ),
    (
        "附加装置",
        False,
        True,
        (("充氮装置", 8600, 5200), ("吸粉装置", 5400, 3300), ("开机自检与配方", 3800, 900)),
    ),
    ("材质", True, False, (("304 不锈钢", 0, 0), ("316 不锈钢接触件", 18000, 12500))),
)
# Yuan for one unit, half a year ago and a year ago, by which the rates of each month wander.
_RATES: Final = (("USD", 7.12, 0.012), ("EUR", 8.26, 0.02), ("JPY", 0.0468, 0.0006))
_RATE_PLACES: Final = 8


def add_products(actor: Actor, today: date, seed: int) -> int:
    """Write them, in the open scope; returns how many products. Who asks for the same seed and day gets the same."""
    rng = Random(f"{seed} products")  # noqa: S311  a demo, not a secret
    head, *rows = [line.split("\t") for line in words.text("products.tsv").splitlines()]
    sheet = [dict(zip(head, row, strict=True)) for row in rows]
    with operation(actor, "demo.company.build"):
        lines, taxes = _lines(actor), _taxes()
        ids = {row["code"]: new_id() for row in sheet}
        made: list[UUID] = products.products.create_many(
            actor, rows=[_product(row, ids, lines, taxes) for row in sheet]
        )
        _prices(actor, sheet, ids, today)
        _options(actor, sheet, ids)
        rows_of_parts = [
            {"bundle_id": ids[bundle], "product_id": ids[code], "quantity": many * 1000}
            for bundle, inside in _PARTS.items()
            for code, many in inside
        ]
        parts.parts.create_many(actor, rows=rows_of_parts)
        _stock(actor, sheet, ids, today, rng)
        _rates(actor, today, rng)
    return len(made)


def _lines(actor: Actor) -> dict[str, UUID]:
    found: dict[str, UUID] = {}
    for place, (name, _under) in enumerate(_LINES):
        (found[name],) = products.lines.create_many(actor, rows=[{"name": name, "position": place * 10}])
    under: list[dict[str, Any]] = [
        {"name": name, "parent_id": found[above], "position": place * 10 + at}
        for place, (above, names) in enumerate(_LINES)
        for at, name in enumerate(names, 1)
    ]
    made = products.lines.create_many(actor, rows=under)
    return found | {row["name"]: pk for row, pk in zip(under, made, strict=True)}


def _taxes() -> dict[str, UUID]:
    """The rates that every company begins with."""
    return dict(TaxRate.objects.values_list("code", "pk"))


def _price(text: str) -> int | None:
    return parse_price(text) if text else None


def _product(
    row: Mapping[str, str], ids: Mapping[str, UUID], lines: Mapping[str, UUID], taxes: Mapping[str, UUID]
) -> dict[str, Any]:
    return {
        "id": ids[row["code"]],
        "code": row["code"],
        "name": row["name"],
        "specification": row["specification"],
        "line_id": lines[row["line"]],
        "kind": row["kind"],
        "unit": row["unit"],
        "list_price": _price(row["price"]),
        "cost": _price(row["cost"]),
        "serial": row["serial"] == "1",
        "tax_id": taxes["6" if row["kind"] == "service" else "13"],
        "variant_of_id": ids.get(row["variant_of"]),
    }


def _prices(actor: Actor, sheet: Sequence[Mapping[str, str]], ids: Mapping[str, UUID], today: date) -> None:
    since = date(today.year, 1, 1)
    rows: list[dict[str, Any]] = [
        {"name": _DOMESTIC, "currency": "CNY", "taxed": True, "since": since, "position": 10},
        {"name": _DEALERS, "currency": "CNY", "taxed": True, "since": since, "relation": "distributor"},
        {"name": _EXPORT, "currency": "USD", "taxed": False, "since": since, "position": 20},
    ]
    home, dealers, abroad = prices.books.create_many(actor, rows=rows)
    found: list[dict[str, Any]] = []
    for row in sheet:
        price = _price(row["price"])
        if price is None:
            continue
        small = row["line"] in ("备件", "耗材")
        found += _breaks(
            home, ids[row["code"]], price, 9200, ((0, 10_000), (100_000, 9_500)) if small else ((0, 10_000),)
        )
        if row["kind"] == "service":
            continue
        found += _breaks(dealers, ids[row["code"]], price, 9500, ((0, 8_500), (3_000, 8_200)))
        if not small:
            # Without the tax of 13 %, at seven yuan the dollar, with the cost of packing for the sea.
            dollars = _round(half_up(price * 100, 113) * 100 // 700 * 106 // 100, 100)
            found += _breaks(abroad, ids[row["code"]], dollars, 9300, ((0, 10_000),))
    prices.prices.create_many(actor, rows=found)


def _breaks(
    book: UUID, product: UUID, price: int, floor: int, breaks: Sequence[tuple[int, int]]
) -> list[dict[str, Any]]:
    """Prices from quantities on, each a share of `price` in basis points, with the floor as a share of it."""
    found = []
    for start, share in breaks:
        each = half_up(price * share, 10_000)
        each = _round(each, 10) if each > 10_000_000 else each
        found.append(
            {
                "book_id": book,
                "product_id": product,
                "from_quantity": start,
                "price": each,
                "floor": half_up(each * floor, 10_000),
            }
        )
    return found


def _round(price: int, whole: int) -> int:
    return half_up(price, whole * 10_000) * whole * 10_000


def _options(actor: Actor, sheet: Sequence[Mapping[str, str]], ids: Mapping[str, UUID]) -> None:
    groups: list[dict[str, Any]] = []
    options: list[dict[str, Any]] = []
    for row in sheet:
        if row["kind"] != "machine":
            continue
        for place, (name, required, several, choices) in enumerate(_OPTIONS):
            group = new_id()
            groups.append(
                {
                    "id": group, "product_id": ids[row["code"]], "name": name, "required": required,
                    "several": several, "position": place,
                }
            )  # fmt: skip
            options += [
                {
                    "group_id": group,
                    "name": what,
                    "price": price * 10_000,
                    "cost": cost * 10_000,
                    "position": at,
                }
                for at, (what, price, cost) in enumerate(choices)
            ]
    parts.groups.create_many(actor, rows=groups)
    parts.options.create_many(actor, rows=options)


def _stock(
    actor: Actor, sheet: Sequence[Mapping[str, str]], ids: Mapping[str, UUID], today: date, rng: Random
) -> None:
    made = stock.warehouses.create_many(
        actor, rows=[{"name": name, "code": code} for name, code, _head in _WAREHOUSES]
    )
    rows = [
        {
            "warehouse_id": pk,
            "product_id": ids[row["code"]],
            "quantity": int(row[head]) * 1000,
            "told_at": datetime.combine(today - timedelta(days=1), time(18, 20), _SHANGHAI),
            "place": f"{rng.choice('ABCD')}-{rng.randint(1, 12):02d}-{rng.randint(1, 4)}",
        }
        for pk, (_name, _code, head) in zip(made, _WAREHOUSES, strict=True)
        for row in sheet
        if row[head]
    ]
    create: Callable[..., list[UUID]] = stock.verbs.create_many
    create(actor, rows=rows)


def _rates(actor: Actor, today: date, rng: Random) -> None:
    rows = []
    for currency, yuan, swing in _RATES:
        for back in range(12):
            day = today - timedelta(days=30 * back)
            rate = round((yuan + rng.uniform(-swing, swing)) * 10**6) * 10 ** (_RATE_PLACES - 6)
            rows.append({"currency": currency, "day": day, "rate": rate, "source": "人民币汇率中间价"})
    prices.rates.create_many(actor, rows=rows)
