"""Pure decisions about customers."""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["certain", "likely"]


@dataclass(frozen=True, slots=True)
class Keys:
    """What two customers are compared by."""

    credit_code: str
    name_key: str


def verdict(left: Keys, right: Keys) -> Verdict | None:
    """Whether two are the same: certain by credit code, likely by normalised name (different codes: not).

    The first form of the rule book's duplicate check; phones, cores and branches follow with it.
    """
    if left.credit_code and left.credit_code == right.credit_code:
        return "certain"
    both_coded = bool(left.credit_code and right.credit_code)
    if left.name_key and left.name_key == right.name_key and not both_coded:
        return "likely"
    return None
