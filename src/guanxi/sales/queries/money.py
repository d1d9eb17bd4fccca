"""Amounts in the company's own currency."""

from datetime import date

from guanxi.catalog.queries.currencies import own_currency, rate_of
from guanxi.catalog.rules.sums import to_own
from guanxi.kernel.money import Money, currency_digits

__all__ = ["in_own_currency", "money_of", "own_currency", "own_money"]


def own_money(hundredths: int) -> Money:
    """An amount in the company's own currency, as pages show it. Raises NoScope."""
    return money_of(hundredths, own_currency())


def money_of(hundredths: int, currency: str) -> Money:
    """An amount that is kept in hundredths of the unit, in the currency's own minor unit."""
    return Money(hundredths * 10 ** currency_digits(currency) // 100, currency)


def in_own_currency(amount: int | None, currency: str, day: date) -> int | None:
    """An amount in hundredths brought over with the last rate on or before a day; None where there is no amount or no
    rate, never taken as 1."""
    if amount is None or currency == own_currency():
        return amount
    rate = rate_of(currency, day)
    return None if rate is None else to_own(amount, rate)
