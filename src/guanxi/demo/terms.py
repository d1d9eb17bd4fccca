"""How the demo's customers settle, and what the register says of them: the same for the same seed."""

from datetime import date, timedelta
from random import Random
from typing import Any

from guanxi.demo.generator import CustomerSeed
from guanxi.demo.names import person

_SETTLEMENTS = (
    ("prepaid", 30),
    ("delivery", 15),
    ("monthly-030", 20),
    ("monthly-060", 20),
    ("instalments", 15),
)
_METHODS = (("transfer", 60), ("bank_bill", 22), ("wechat", 8), ("commercial_bill", 5), ("cash", 5))
_CATEGORIES = (("end_user", 70), ("trader", 12), ("integrator", 8), ("oem", 7), ("project", 3))
_CAPITALS = (50, 100, 200, 500, 1000, 3000, 5000)  # 万
_SETTLED, _REGISTERED, _RATED = 0.5, 0.35, 0.12


def terms_of(customer: CustomerSeed, seed: int, today: date) -> dict[str, Any]:
    """Stored values of a customer's category, settlement, registration and credit; nothing for our own units."""
    if "internal" in customer.relations:
        return {}
    rng = Random(f"{seed} terms {customer.index}")  # noqa: S311  a demo, not a secret
    found: dict[str, Any] = {}
    if "customer" in customer.relations:
        found["category"] = _one(rng, _CATEGORIES)
        if rng.random() < _SETTLED:
            found |= {"settlement": _one(rng, _SETTLEMENTS), "payment_method": _one(rng, _METHODS)}
        if rng.random() < _RATED:
            rating = rng.choice(("AAA", "AA", "A", "BBB", "BB"))
            found |= {
                "credit_rating": rating,
                "credit_limit": rng.choice((10, 20, 50, 100)) * 1_000_000,
                "credit_days": rng.choice((30, 45, 60, 90)),
            }
    if customer.credit_code and customer.region.isdigit() and rng.random() < _REGISTERED:
        found |= {
            "legal_representative": person(rng).full,
            "capital": rng.choice(_CAPITALS) * 1_000_000,
            "founded": today - timedelta(days=rng.randrange(2 * 365, 25 * 365)),
            "registration": "active",
        }
    return found


def _one(rng: Random, shares: tuple[tuple[str, int], ...]) -> str:
    return rng.choices([code for code, _share in shares], weights=[share for _code, share in shares])[0]
