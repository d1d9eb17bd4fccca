"""What the demo's sales are made of: the products on their lines, and who competes for them."""

# Chinese in code: words in the names of sales, and makers of machines

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any, Final
from uuid import UUID

from guanxi.catalog.models import Product
from guanxi.foundation.permissions.actor import Actor
from guanxi.resource.registry import find
from guanxi.sales.choices import Rank, State
from guanxi.sales.models import Opportunity

# What a sale's name speaks of, and how the codes of such products begin; the first that is found counts.
_GOODS: Final = (
    ("给袋式包装机", ("HJ-G",)), ("立式包装机", ("HJ-V",)), ("枕式包装机", ("HJ-P",)), ("灌装线", ("HJ-FL",)),
    ("装箱机", ("HJ-C1",)), ("码垛机器人", ("HJ-M",)), ("开箱封箱线", ("HJ-K", "HJ-F50")), ("贴标机", ("HJ-L",)),
    ("整线集成", ("LX-",)), ("备件年度框架", ("BJ-",)), ("维保合同", ("FW-04",)),
)  # fmt: skip
_FITTING: Final = "FW-01"  # days of fitting, beside a machine
_BARE: Final = 0.2  # share of the sales of which nothing but the amount is known
_FITTED: Final = 0.35
_RIVALS: Final = ("佛山松川", "上海迈威", "青岛艾讯", "瑞安华联", "进口品牌", "本地小厂")
_CONTESTED: Final = 0.4  # share of the open and won ones in which a competitor is known
_PIECE: Final = 1_000  # quantities are thousandths
_FINE: Final = 100  # prices of one piece are hundredths of an amount's unit


def add_offers(actor: Actor, seed: int) -> int:
    """Lines for most sales whose amount is known, adding up to it, and competitors; returns how many lines."""
    rng = Random(f"{seed} offers")  # noqa: S311  a demo, not a secret
    sales = list(
        Opportunity.objects.order_by("opened_on", "name", "amount", "pk").values(
            "pk", "name", "amount", "state", "lost_to"
        )
    )
    products = list(
        Product.objects.filter(list_price__isnull=False).order_by("code").values("pk", "code", "list_price")
    )
    lines = [one for sale in sales for one in _lines(rng, sale, products)]
    find("sale_lines").create_many(actor, rows=lines)
    find("rivals").create_many(actor, rows=[one for sale in sales for one in _rivals(rng, sale)])
    return len(lines)


def _lines(
    rng: Random, sale: Mapping[str, Any], products: Sequence[Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    amount = sale["amount"]
    starts = next((codes for words, codes in _GOODS if words in sale["name"]), ())
    fitting = [one for one in products if one["code"] in starts]
    fitting = fitting or [one for one in products if one["code"].startswith(starts)]
    if not amount or not fitting or rng.random() < _BARE:
        return
    product = rng.choice(fitting)
    days = rng.randint(3, 8) if product["code"].startswith("HJ-") and rng.random() < _FITTED else 0
    service = next((one for one in products if one["code"] == _FITTING), None)
    if service and 0 < days * service["list_price"] < amount * _FINE // 5:
        yield _line(sale["pk"], service["pk"], days, service["list_price"])
        amount -= days * service["list_price"] // _FINE
    whole = max(1, round(amount * _FINE / product["list_price"]))
    # As many as make the price of one a round figure.
    pieces = next(one for one in range(whole, 0, -1) if amount * _FINE % one == 0)
    yield _line(sale["pk"], product["pk"], pieces, amount * _FINE // pieces)


def _line(sale: UUID, product: UUID, pieces: int, price: int) -> dict[str, Any]:
    return {"opportunity_id": sale, "product_id": product, "quantity": pieces * _PIECE, "price": price}


def _rivals(rng: Random, sale: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    if sale["lost_to"]:
        yield {"opportunity_id": sale["pk"], "name": sale["lost_to"], "standing": Rank.AHEAD.value}
    elif rng.random() < _CONTESTED:
        ended = sale["state"] != State.OPEN
        standing = Rank.OUT if ended else rng.choice((Rank.AHEAD, Rank.LEVEL, Rank.BEHIND, ""))
        yield {"opportunity_id": sale["pk"], "name": rng.choice(_RIVALS), "standing": str(standing)}
