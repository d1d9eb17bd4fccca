"""When a sale stands too long: longer in its stage than most won ones did. Pure."""

from collections.abc import Sequence

PART = 80  # percent of the won sales
FEW = 10  # of fewer won sales nothing is said


def usual_days(stays: Sequence[int]) -> int | None:
    """How many whole days PART percent of won sales took at most, each with its longest stay in the stage; None of
    too few."""
    if len(stays) < FEW:
        return None
    return sorted(stays)[(len(stays) * PART + 99) // 100 - 1]


def is_stuck(days: int, most: int | None) -> bool:
    """Whether an open sale that has stood so many whole days stands longer than they did."""
    return most is not None and days > most
