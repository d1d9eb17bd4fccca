"""Numbers as cells and people write them, kept as whole numbers scaled by the declared places; no floating point.

A scaled whole number is what a bigint column holds, and what PostgreSQL compares under row-level security with
the help of an index: 12.5 of two places is 1250.
"""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from guanxi.kernel.errors import Malformed
from guanxi.kernel.spelt import spelt_number

__all__ = ["LARGEST", "MOST_PLACES", "format_figure", "parse_figure", "plain_figure"]

LARGEST = 2**63 - 1  # what a bigint column holds
MOST_PLACES = 6
_UNITS = {
    "": 0, "十": 1, "百": 2, "千": 3, "万": 4, "萬": 4, "w": 4, "十万": 5, "百万": 6,
    "千万": 7, "亿": 8, "億": 8, "万亿": 12, "k": 3, "m": 6, "mn": 6, "bn": 9, "b": 9,
}  # fmt: skip
_FIGURE = re.compile(
    r"(?P<open>\()?(?P<sign>[-−+]?)(?P<number>[0-9][0-9,]*(?:\.[0-9]*)?|\.[0-9]+)(?:e(?P<power>[+-]?[0-9]{1,2}))?"
    r"(?P<unit>万亿|[十百千]?万|[十百千萬亿億]|mn|bn|[wkmb])?(?P<close>\))?"
)
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?|[0-9]{1,4}(?:,[0-9]{4})+(?:\.[0-9]*)?")


def parse_figure(value: str | int | float | Decimal, *, places: int = 0, unit: str = "") -> int:
    """The scaled number that a cell or field says: 1,234.5 · 1.2万 · 3亿 · －８００ · (300), which is −300 to
    bookkeepers · 12 % of the unit "%" · 三十万.

    Raises Malformed: figure.empty, figure.unreadable, figure.precision (more decimals than `places`),
    figure.too_large.
    """
    if isinstance(value, str):
        number = _read(value, unit)
    else:
        # The shortest text of a float is what was meant; its binary value has forty digits.
        number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        if not number.is_finite():
            raise Malformed("figure.unreadable", {"value": str(value)})
    shown = {"value": str(value).strip()[:40], "places": places}
    if number and number.adjusted() > 20:
        raise Malformed("figure.too_large", shown)
    scaled = number.scaleb(places)
    whole = scaled.quantize(Decimal(1), ROUND_HALF_UP)
    if whole != scaled:
        raise Malformed("figure.precision", shown)
    if abs(whole) > LARGEST:
        raise Malformed("figure.too_large", shown)
    return int(whole)


def _read(value: str, unit: str) -> Decimal:
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", value)).casefold().replace("，", ",")
    if unit:
        text = text.removesuffix(re.sub(r"\s", "", unicodedata.normalize("NFKC", unit)).casefold())
    if not text:
        raise Malformed("figure.empty")
    shown = {"value": value.strip()[:40]}
    if len(text) <= 60 and (spelt := spelt_number(text)) is not None:
        return spelt
    found = _FIGURE.fullmatch(text) if len(text) <= 60 else None
    if found is None or bool(found["open"]) != bool(found["close"]) or (found["open"] and found["sign"]):
        raise Malformed("figure.unreadable", shown)
    number = found["number"]
    if "," in number:
        if not _GROUPED.fullmatch(number):
            raise Malformed("figure.unreadable", shown)
        number = number.replace(",", "")
    try:
        size = Decimal(number).scaleb(_UNITS[found["unit"] or ""] + int(found["power"] or 0))
    except InvalidOperation:
        raise Malformed("figure.unreadable", shown) from None
    return -size if found["open"] or found["sign"] in ("-", "−") else size


def plain_figure(scaled: int, *, places: int = 0) -> str:
    """The number with its decimals and nothing else, as machines read it: 1234.50."""
    return f"{Decimal(scaled).scaleb(-places):.{places}f}"


def format_figure(scaled: int, *, places: int = 0) -> str:
    """The number as people read it in both languages: 1,234.5; zeros behind the last decimal are left out."""
    text = f"{Decimal(scaled).scaleb(-places):,.{places}f}"
    return text.rstrip("0").rstrip(".") if places else text
