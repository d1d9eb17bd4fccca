"""When two registrations are for the same deal, and how long one is protected. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

PROTECTED, MOST_PROTECTED = (
    90,
    730,
)  # days from acceptance, where the company says nothing else; what it may say
EXTENSIONS = 2
WARNED = 7  # days before the end


@dataclass(frozen=True, slots=True)
class Subject:
    """What a registration is for, as it is compared: the customer, the product line and the project folded, the region
    by its stem."""

    customer: UUID
    line: str
    region: str = ""
    project: str = ""


def overlap(one: Subject, other: Subject) -> bool:
    """Whether two are for the same deal: the same customer and line, one region within the other's, and no two
    different projects. Without a region it is everywhere, without a project any."""
    return (
        one.customer == other.customer
        and one.line == other.line
        and (one.region.startswith(other.region) or other.region.startswith(one.region))
        and (one.project == other.project or not one.project or not other.project)
    )


def stem(code: str) -> str:
    """What the code of a region has in common with all beneath it: "CN" for China, "CN37" for 370000, "CN3702" for
    370200; of another country its own code."""
    if not code.isdecimal():
        return code
    whole = code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code
    return f"CN{whole}"


def is_protected(state: str, until: date | None, today: date) -> bool:
    """Whether one in this state keeps others out: in force, to the end of its last day."""
    return state == "in_force" and until is not None and until >= today


def is_living(state: str, until: date | None, today: date) -> bool:
    """Whether it still waits for a decision or is protected."""
    return state == "submitted" or is_protected(state, until, today)


def protected_until(accepted: date, days: int) -> date:
    """The last day of protection."""
    return accepted + timedelta(days=days)
