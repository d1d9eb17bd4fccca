"""Customers in other countries: names, addresses and numbers as they are usual there."""

import re
import unicodedata
from dataclasses import dataclass
from random import Random

from guanxi.customers.reference.regions import REGIONS
from guanxi.demo import words
from guanxi.demo.lexicon import Weighted

__all__ = ["Foreign", "draw_foreign", "draw_person"]


@dataclass(frozen=True, slots=True)
class Foreign:
    """One company abroad before it becomes a customer: `country` is an ISO code."""

    country: str
    name: str
    short_name: str
    industry: str
    phone: str
    address: str
    host: str
    person: str


@dataclass(frozen=True, slots=True)
class _Country:
    code: str
    cities: list[str]
    cores: list[str]
    trades: list[str]
    forms: list[str]
    phone: str
    people: list[str]
    streets: list[str]


def _read() -> Weighted[_Country]:
    pairs = []
    for code, lines in words.sections("abroad").items():
        fields = dict(line.split(" ", 1) for line in lines)
        country = _Country(
            code=code,
            cities=fields["cities"].split("|"),
            cores=fields["cores"].split("|"),
            trades=fields["trades"].split("|"),
            forms=fields["forms"].split("|"),
            phone=fields["phone"],
            people=fields["people"].split("|"),
            streets=fields["streets"].split("|"),
        )
        pairs.append((country, float(fields["weight"])))
    return Weighted(pairs)


_COUNTRIES = _read()
_PEOPLE = {country.code: country.people for country in _COUNTRIES}


def draw_person(rng: Random, country: str) -> str:
    """A name as people bear it there; "" for a country of which none are known."""
    return rng.choice(_PEOPLE[country]) if country in _PEOPLE else ""


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("đ", "d").replace("Đ", "D").replace("ı", "i"))
    return re.sub(r"[^a-z0-9]+", "", plain.encode("ascii", "ignore").decode().lower())


def draw_foreign(rng: Random) -> Foreign:
    country = _COUNTRIES.draw(rng)
    core, city = rng.choice(country.cores), rng.choice(country.cities)
    trade, _, industry = rng.choice(country.trades).rpartition(":")
    form = rng.choice(country.forms)
    short = f"{core} {trade}"
    name = f"PT {short}" if form == "PT" else f"{short} {form}"
    street = rng.choice(country.streets).format(n=2 + int(rng.random() * 180), city=city)
    place = "" if city in street else f", {city}"
    return Foreign(
        country=country.code,
        name=name,
        short_name=short,
        industry=industry,
        phone=re.sub("d", lambda _: str(int(rng.random() * 10)), country.phone),
        address=f"{street}{place}, {REGIONS[country.code].en}",
        host=f"{_ascii(core)}.example",
        person=rng.choice(country.people),
    )
