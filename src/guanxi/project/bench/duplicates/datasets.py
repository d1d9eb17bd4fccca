"""Sample files with truth: records as they are compared, and the pairs that are one."""

import csv
from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Generic, TypeVar

from guanxi.kernel.alike.company import Company, company
from guanxi.kernel.alike.person import Address, Person, person

__all__ = ["Labelled", "brand_words", "febrl", "products", "restaurants"]

Record = TypeVar("Record")
Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Labelled(Generic[Record]):
    """Records by their place, and the truth as pairs of places, the smaller first. `second`: where the second
    list begins whose records are looked up in the first; 0 where all are one list."""

    records: list[Record]
    same: frozenset[Pair]
    second: int = 0


def febrl(folder: Path, number: str, *, identity: bool) -> Labelled[Person]:
    """Persons of one dataset ("1", "4" for 4a and 4b); `identity`: with soc_sec_id."""
    names = [f"dataset{number}.csv"] if number != "4" else ["dataset4a.csv", "dataset4b.csv"]
    records: list[Person] = []
    who: dict[str, list[int]] = defaultdict(list)
    second = 0
    for name in names:
        second = len(records)
        with (folder / "febrl" / name).open(encoding="ascii", newline="") as lines:
            for row in csv.DictReader(lines, skipinitialspace=True):
                who[row["rec_id"].split("-")[1]].append(len(records))
                records.append(_person({key: value.strip() for key, value in row.items()}, identity))
    same = frozenset(pair for places in who.values() for pair in combinations(places, 2))
    return Labelled(records, same, second)


def _person(row: dict[str, str], identity: bool) -> Person:
    return person(
        given=row["given_name"],
        surname=row["surname"],
        born=row["date_of_birth"],
        identity=row["soc_sec_id"] if identity else "",
        address=Address(
            row["street_number"],
            row["address_1"],
            row["address_2"],
            row["suburb"],
            row["postcode"],
            row["state"],
        ),
    )


def restaurants(folder: Path, *, all_rows: bool = False) -> Labelled[Company]:
    """Two guides. Half of their rows are no restaurants but streets, towns and cuisines of the source's graph
    (no telephone); they are left out unless `all_rows`."""
    base = folder / "er_jedai" / "ccer" / "D1"
    return _two_lists(base, "rest1.csv", "rest2.csv", all_rows=all_rows)


def products(folder: Path) -> Labelled[Company]:
    """Abt and Buy: names of products, for which this check was not made."""
    return _two_lists(folder / "er_jedai" / "ccer" / "D2", "abt.csv", "buy.csv", all_rows=True)


def _two_lists(base: Path, first: str, second: str, *, all_rows: bool) -> Labelled[Company]:
    records: list[Company] = []
    places: list[dict[str, int]] = []
    starts: list[int] = []
    for name in (first, second):
        starts.append(len(records))
        at: dict[str, int] = {}
        with (base / name).open(encoding="utf-8", newline="") as lines:
            rows = csv.DictReader(lines, delimiter="|")
            for row in rows:
                told = {(key or "").rpartition("#")[2]: (value or "").strip() for key, value in row.items()}
                phone = told.get("phone_number", "")
                if phone or all_rows:
                    at[told["id"]] = len(records)
                    records.append(
                        company(told.get("name", ""), phones=[phone] if phone else (), country="US")
                    )
        places.append(at)
    with (base / "gt.csv").open(encoding="utf-8", newline="") as lines:
        truth = [(row["D1"], row["D2"]) for row in csv.DictReader(lines, delimiter="|")]
    same = frozenset((places[0][a], places[1][b]) for a, b in truth if a in places[0] and b in places[1])
    return Labelled(records, same, starts[1])


def brand_words(folder: Path) -> list[str]:
    """267,397 brand words of Chinese companies."""
    path = folder / "cn_company_short_forms" / "Company-Shorter-Form-28W.txt"
    return [line.strip() for line in path.read_text(encoding="utf-8-sig").splitlines()[3:] if line.strip()]
