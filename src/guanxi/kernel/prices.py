"""Unit prices: ten-thousandths of a currency's unit, so that ¥0.0325 a piece keeps its decimals; quantities in
thousandths, percents in basis points. No floating point."""

from decimal import ROUND_HALF_UP, Decimal

from guanxi.kernel.errors import Malformed
from guanxi.kernel.money import LARGEST, SYMBOLS, currency_digits, read_major

__all__ = ["BASIS", "PRICE_PLACES", "QUANTITY_PLACES", "format_price", "half_up", "line_total", "parse_price"]

PRICE_PLACES = 4
QUANTITY_PLACES = 3
BASIS = 10_000  # basis points of a whole


def parse_price(value: str | int | float | Decimal, currency: str = "CNY") -> int:
    """Ten-thousandths of what a cell or field says: 12.5 · ¥0.0325 · 1.2万 · USD 5k. "" as currency takes any.

    Raises Malformed as `money.parse_amount` does; amount.precision where there are more than four decimals.
    """
    if isinstance(value, str):
        major = read_major(value, currency)
    else:
        # The shortest text of a float is what was meant; its binary value has forty digits.
        major = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        if not major.is_finite():
            raise Malformed("amount.unreadable", {"value": str(value)})
    shown = {"value": str(value).strip()[:40], "places": PRICE_PLACES}
    if major and major.adjusted() > 20:
        raise Malformed("amount.too_large", shown)
    scaled = major.scaleb(PRICE_PLACES)
    whole = scaled.quantize(Decimal(1), ROUND_HALF_UP)
    if whole != scaled:
        raise Malformed("amount.precision", shown)
    if abs(whole) > LARGEST:
        raise Malformed("amount.too_large", shown)
    return int(whole)


def format_price(price: int, currency: str = "CNY") -> str:
    """A unit price as people read it in both languages: ¥385,000 · ¥12.50 · $0.0325. Without a currency it is the bare
    number."""
    amount = Decimal(abs(price)).scaleb(-PRICE_PLACES)
    sign = "-" if price < 0 else ""
    symbol = SYMBOLS.get(currency, currency + " ") if currency else ""
    if amount == amount.to_integral_value():
        return f"{sign}{symbol}{int(amount):,}"
    whole, _, decimals = f"{amount:,.{PRICE_PLACES}f}".partition(".")
    least = currency_digits(currency) if currency else 2
    return f"{sign}{symbol}{whole}.{decimals.rstrip('0').ljust(least, '0')}"


def half_up(numerator: int, denominator: int) -> int:
    """The whole number next to a quotient, halves away from zero. `denominator` is above zero."""
    found = (2 * abs(numerator) + denominator) // (2 * denominator)
    return -found if numerator < 0 else found


def line_total(quantity: int, price: int, discount: int = 0, currency: str = "CNY") -> int:
    """What a line costs in minor units: quantity × price × (1 − discount), rounded half up once, at the end.

    `quantity` in thousandths, `price` in ten-thousandths, `discount` in basis points. Raises Malformed
    (amount.too_large) where no column holds it.
    """
    exact = quantity * price * (BASIS - discount) * 10 ** currency_digits(currency)
    found = half_up(exact, 10 ** (QUANTITY_PLACES + PRICE_PLACES) * BASIS)
    if abs(found) > LARGEST:
        raise Malformed("amount.too_large", {"value": str(found)})
    return found
