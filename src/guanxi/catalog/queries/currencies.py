"""Our own currency, and what others are worth in it on a day."""

from collections.abc import Collection, Mapping
from datetime import date

from guanxi.catalog.models import ExchangeRate
from guanxi.catalog.rules.sums import to_own
from guanxi.foundation.tenancy.models import company
from guanxi.kernel.money import currency_digits
from guanxi.kernel.prices import half_up

CURRENCY = "currency"  # key in a company's settings
USUAL = "CNY"
Rates = Mapping[tuple[str, date], int | None]


def own_currency() -> str:
    """The currency that the company reckons in. Needs a scope."""
    return str(company().settings.get(CURRENCY) or USUAL)


def rate_of(currency: str, day: date) -> int | None:
    """What one unit of a currency was worth in our own on a day, in hundred-millionths: by the last rate on or before
    it; of our own always 1. None where there is none: then a figure is missing, never taken as it is."""
    return rates_of([(currency, day)])[currency, day]


def rates_of(wanted: Collection[tuple[str, date]]) -> dict[tuple[str, date], int | None]:
    """`rate_of` of many currencies and days, in one query for each currency that is not our own."""
    own = own_currency()
    found: dict[tuple[str, date], int | None] = {one: 10**8 if one[0] == own else None for one in wanted}
    for currency in {one for one, _day in wanted} - {own}:
        last = max(day for one, day in wanted if one == currency)
        rows = list(
            ExchangeRate.objects.filter(currency=currency, day__lte=last)
            .order_by("-day")
            .values_list("day", "rate")
        )
        for one, day in wanted:
            if one == currency:
                found[one, day] = next((rate for begun, rate in rows if begun <= day), None)
    return found


def amount_in_own(amount: int, currency: str, day: date) -> int | None:
    """An amount in minor units brought over to our own minor units by the rate of the day, rounded half up. None where
    there is no rate: the figure is missing."""
    return brought_over(amount, currency, own_currency(), rate_of(currency, day))


def brought_over(amount: int, currency: str, own: str, rate: int | None) -> int | None:
    """An amount in minor units of a currency as minor units of our own at a rate, rounded half up; None without one."""
    if rate is None:
        return None
    digits = currency_digits(own) - currency_digits(currency)
    if digits >= 0:
        return to_own(amount * 10**digits, rate)
    return half_up(amount * rate, 10 ** (8 - digits))
