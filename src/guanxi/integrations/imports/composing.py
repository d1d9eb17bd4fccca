"""Fields that files keep in pieces: a name in two columns, an address in five, a person and their phone in one.

Contexts say at start-up how pieces make fields. Each row is given the cells that its pieces make, behind its own, so
that whatever reads rows need not know of pieces.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from guanxi.integrations.imports.reading import Row
from guanxi.integrations.imports.refusals import FORMULA_ERRORS
from guanxi.kernel.text import fold

# Chinese in code: what people write behind a column's name
_MARKED = re.compile(
    r"[(\uff08\[\u3010]?\s*(?:必填|选填|required|optional)\s*[)\uff09\]\u3011]?\s*$", re.IGNORECASE
)
# What programs put around the names of fields: HubSpot before all, Salesforce behind those of a company.
_VENDOR = re.compile(r"^property_|(?<=\w)(?:__c|_c)$")


def said_as(header: str) -> list[str]:
    """What a head may mean, folded: as it stands, without a remark behind it, without what a program put around it."""
    return list(
        dict.fromkeys(fold(text) for text in (header, _MARKED.sub("", header), _VENDOR.sub("", header)))
    )


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a field: what it is called on the page, and by heads of files."""

    label: Any
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """How pieces make fields of a resource: `compose` takes the texts of those that a row has and gives texts of
    `fields`. A file is read so where its heads name `least` of the pieces."""

    resource: str
    key: str
    pieces: Mapping[str, Piece]
    fields: tuple[str, ...]
    compose: Callable[[Mapping[str, str]], Mapping[str, str]]
    least: int = 2
    # Fields of the row that it looks at too, as their own columns say them: a length needs the beginning.
    looks_at: tuple[str, ...] = ()
    # Of one text that says several fields: the field whose head it may stand under, and whether a value does so.
    instead_of: str = ""
    says_more: Callable[[str], bool] | None = None

    def named(self, headers: Collection[str]) -> dict[str, str]:
        """Heads and the pieces that they mean, the first for each; {} where they are too few."""
        meant = {fold(alias): piece for piece, said in self.pieces.items() for alias in said.aliases}
        found: dict[str, str] = {}
        for header in headers:
            piece = next((meant[text] for text in said_as(header) if text in meant), "")
            if piece and piece not in found.values():
                found[header] = piece
        return found if len(found) >= self.least else {}


_compositions: dict[str, list[Composition]] = {}


def composes(composition: Composition) -> None:
    """Say at start-up how fields of a resource are made of pieces."""
    _compositions.setdefault(composition.resource, []).append(composition)


def compositions_of(key: str) -> Sequence[Composition]:
    """How fields of a resource are made of pieces."""
    return _compositions.get(key, ())


def pieces_of(key: str) -> dict[str, Piece]:
    """Every piece of a resource's fields, as `name:family`."""
    return {f"{one.key}:{name}": piece for one in compositions_of(key) for name, piece in one.pieces.items()}


def told_together(key: str, field: str, values: Sequence[str]) -> str:
    """The piece that a column of such values is, where it says more than the field its head names: one in ten does."""
    for one in compositions_of(key):
        if one.says_more is None or one.instead_of != field:
            continue
        if values and sum(map(one.says_more, values)) * 10 >= len(values):
            return f"{one.key}:{next(iter(one.pieces))}"
    return ""


def composition_of(key: str, field: str) -> Composition | None:
    """The composition that a field such as `name:family` is a piece of."""
    of = field.partition(":")[0]
    return next((one for one in compositions_of(key) if one.key == of), None)


@dataclass(frozen=True, slots=True)
class Made:
    """A cell that pieces make: the field it is of, where it stands in the row, and the column that says the same
    whole, which goes before it."""

    field: str
    index: int
    whole: int | None
    header: str


@dataclass(frozen=True, slots=True)
class _Making:
    composition: Composition
    places: Mapping[str, int]
    made: tuple[Made, ...]


class Composer:
    """The cells that the pieces of one kind of record make; `first` is the place behind the row's own cells."""

    def __init__(self, key: str, used: Mapping[str, int], headers: Sequence[str], first: int) -> None:
        self._makings: list[_Making] = []
        by_composition: dict[str, dict[str, int]] = {}
        for field, index in used.items():
            of, colon, piece = field.partition(":")
            if colon:
                by_composition.setdefault(of, {})[piece] = index
        for of, places in by_composition.items():
            composition = composition_of(key, f"{of}:")
            if composition is None:
                continue
            header = " + ".join(headers[index] for index in sorted(places.values()))
            places |= {field: used[field] for field in composition.looks_at if field in used}
            made = []
            for field in composition.fields:
                made.append(Made(field, first, used.get(field), header))
                first += 1
            self._makings.append(_Making(composition, places, tuple(made)))
        self.end = first

    @property
    def made(self) -> list[Made]:
        """The cells it makes."""
        return [one for making in self._makings for one in making.made]

    def cells(self, cells: Sequence[str]) -> list[str]:
        """The cells that the pieces of a row make."""
        found: list[str] = []
        for making in self._makings:
            pieces = {name: cells[at] for name, at in making.places.items() if cells[at]}
            wrong = next((piece for piece in pieces.values() if piece in FORMULA_ERRORS), "")
            if wrong:
                texts: Mapping[str, str] = {one.field: wrong for one in making.made}  # told as one of its own
            else:
                said = pieces.keys() - set(making.composition.looks_at)
                texts = making.composition.compose(pieces) if said else {}
            for one in making.made:
                whole = cells[one.whole] if one.whole is not None else ""
                found.append(whole or texts.get(one.field, ""))
        return found


class Namer:
    """The cell that names a row of a file without a column of names; made as pieces make fields."""

    def __init__(
        self, title: str, called: Callable[[Mapping[str, str]], str], used: Mapping[str, int], at: int
    ) -> None:
        self._called, self._used = called, used
        self.made = [Made(title, at, None, title)]
        self.end = at + 1

    def cells(self, cells: Sequence[str]) -> list[str]:
        """The name that the other cells of a row make."""
        said = {field: cells[at] for field, at in self._used.items() if cells[at]}
        return [self._called({field: text for field, text in said.items() if text not in FORMULA_ERRORS})]


def composed(row: Row, composers: Sequence["Composer | Namer"]) -> Row:
    """The row with the cells that its pieces make behind its own."""
    if row.problem is not None or row.aside is not None:
        return row
    more: list[str] = []
    for composer in composers:
        more += composer.cells(row.cells)
    return replace(row, cells=[*row.cells, *more]) if more else row
