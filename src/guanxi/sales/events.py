"""What happened in sales, told upwards."""

from dataclasses import dataclass
from datetime import date

from guanxi.foundation.events import Event


@dataclass(frozen=True, slots=True)
class RatesReached(Event):
    """Rates of a currency from a day on were written, and more sales wait for them than a request should bring over."""

    currency: str
    day: date
