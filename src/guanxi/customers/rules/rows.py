"""What rows that hang on a customer or person are compared and summed by."""

from collections.abc import Sequence
from dataclasses import dataclass

from guanxi.kernel.phones import parse_phone
from guanxi.kernel.text import fold


def point_key(text: str) -> str:
    """What two phones, e-mail addresses or WeChat ids are compared by: E.164, small letters, folded."""
    folded = fold(text).replace(" ", "")
    if "@" in folded or any(char.isalpha() for char in folded):
        return folded[:200]
    phone = parse_phone(text)
    return f"{phone.e164}{',' if phone.extension else ''}{phone.extension}" or folded[:200]


def address_key(text: str) -> str:
    """What two written addresses are compared by: letters and figures, folded."""
    return "".join(char for char in fold(text) if char.isalnum())


@dataclass(frozen=True, slots=True)
class Need:
    """One row of what a customer needs in a year: `amount` in hundredths, our `share` in tenths of a percent."""

    amount: int | None
    measure: str
    share: int | None


def need_of(rows: Sequence[Need]) -> list[tuple[str, int, int | None]]:
    """What is needed in all by measure, and our share of it in tenths of a percent where all of its rows tell one:
    (measure, amount, share), the measures in their first order. Without an amount a row adds nothing."""
    totals: dict[str, list[Need]] = {}
    for row in rows:
        if row.amount is not None and row.amount > 0:
            totals.setdefault(row.measure, []).append(row)
    found = []
    for measure, mine in totals.items():
        amount = sum(row.amount or 0 for row in mine)
        known = all(row.share is not None for row in mine)
        ours = sum((row.amount or 0) * (row.share or 0) for row in mine)
        found.append((measure, amount, round(ours / amount) if known else None))
    return found
