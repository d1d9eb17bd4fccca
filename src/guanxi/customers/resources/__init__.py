"""What customers and their people look like on every door."""

from guanxi.customers.resources import (
    alerts,
    business,
    customers,
    falling,
    hands,
    locking,
    people,
    pooling,
    pools,
    positions,
    relationships,
    ways,
)

__all__ = [
    "alerts",
    "business",
    "customers",
    "falling",
    "hands",
    "locking",
    "people",
    "pooling",
    "pools",
    "positions",
    "relationships",
    "ways",
]
