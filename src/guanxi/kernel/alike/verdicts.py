"""What a comparison answers: codes, never texts; the words are the page's."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

__all__ = ["CERTAINTIES", "NOTHING", "Branch", "Certainty", "Key", "Reason", "Verdict", "at_least"]

Certainty = Literal["none", "possible", "likely", "certain"]
CERTAINTIES: tuple[Certainty, ...] = ("none", "possible", "likely", "certain")

Branch = Literal["", "branch", "region", "group"]
"""Not the same but related: a branch (分公司), a company of the same name in another region, a group's."""

Reason = Literal[
    # by what belongs to one holder
    "code", "code_slip", "phone_and_core", "phone", "shared_phone", "email", "domain", "wechat", "identity",
    # by the name
    "name", "region", "form", "trade", "abbreviation", "homophone", "slip", "former_name",
    # why they are two in spite of it
    "branch", "other_region", "group", "other_code",
    # persons
    "given_name", "surname", "born", "address", "post_code", "employer",
    # by another system's number; something the reader may not know; a part of a name or phone that somebody asks by
    "number", "other_number", "facts", "held", "phone_end",
]  # fmt: skip


class Key(NamedTuple):
    """What candidates are found by: records that share one are compared. At most 80 characters of text."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reasons`: the weightiest first. `branch` is set where it is related and not the same; then the
    certainty is at most possible. `score`: log-odds in bits for persons, 0 for companies."""

    certainty: Certainty
    reasons: tuple[Reason, ...] = ()
    branch: Branch = ""
    score: float = 0.0


NOTHING = Verdict("none")


def at_least(verdict: Verdict, certainty: Certainty) -> bool:
    """Whether the verdict is that certain or more."""
    return CERTAINTIES.index(verdict.certainty) >= CERTAINTIES.index(certainty)
