"""What a chart shows: drawn by `gx/chart.html` with charts.js on its page; a table beside it says the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Values in the order of the categories; `urls` lead to what lies behind each. `tone` is a token of colour."""

    name: str
    values: Sequence[float]
    urls: Sequence[str] = ()
    tone: str = ""
    line: bool = False
    dashed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Bars or lines over categories. `unit` is said at the axis, `label` is what a screen reader says of it."""

    id: str
    label: str
    categories: Sequence[str]
    series: Sequence[Series]
    unit: str = ""
    stacked: bool = False

    @property
    def data(self) -> dict[str, Any]:
        """As charts.js reads it."""
        return {
            "categories": list(self.categories),
            "unit": self.unit,
            "stacked": self.stacked,
            "series": [
                {
                    "name": one.name,
                    "values": list(one.values),
                    "urls": list(one.urls) or None,
                    "tone": one.tone,
                    "line": one.line,
                    "dashed": one.dashed,
                }
                for one in self.series
            ],
        }
