"""Names of people as they occur in China: for members, contacts and individuals of the demo company.

The hundred surnames most frequent in the household register cover 85 % of the population; their shares here
are rounded from the Ministry of Public Security's yearly name reports. Rare surnames that computers misread
(单, 曾, 解, 仇, 查) and double surnames are given somewhat more room than life gives them, so that a demo of
two thousand rows meets them. Given names are chosen by the decade a person was born in.
"""

from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import Final, Literal

from guanxi.demo import words

__all__ = ["Gender", "PersonName", "person", "surname"]

Gender = Literal["f", "m"]


@dataclass(frozen=True, slots=True)
class PersonName:
    """A Chinese name in its two parts; `full` is them together, without a space."""

    surname: str
    given: str
    gender: Gender

    @property
    def full(self) -> str:
        return self.surname + self.given


_WORDS = words.read("names")
_ENTRIES = _WORDS["surnames"]
_GIVEN: Final[dict[Gender, tuple[list[str], ...]]] = {
    "m": (_WORDS["given m 0"], _WORDS["given m 1"], _WORDS["given m 2"]),
    "f": (_WORDS["given f 0"], _WORDS["given f 1"], _WORDS["given f 2"]),
}
_DECADES = (24, 46, 30)

_NAMES: Final = tuple(entry.rstrip("0123456789") for entry in _ENTRIES)
_CUMULATIVE: Final = tuple(
    accumulate(int(entry[len(name) :]) for entry, name in zip(_ENTRIES, _NAMES, strict=True))
)


def surname(rng: Random) -> str:
    """A surname by its frequency in the population."""
    return rng.choices(_NAMES, cum_weights=_CUMULATIVE)[0]


def person(rng: Random, gender: Gender | None = None) -> PersonName:
    """A name whose parts fit each other's gender and decade; six of ten in business are men."""
    chosen: Gender = gender or ("m" if rng.random() < 0.6 else "f")
    decade = rng.choices((0, 1, 2), weights=_DECADES)[0]
    given = _GIVEN[chosen][decade]
    return PersonName(surname(rng), given[int(rng.random() * len(given))], chosen)
