"""When two customers or two people are the same (rule book, "Duplicates")."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple
from uuid import UUID

from guanxi.customers.rules.customers import former_names
from guanxi.kernel.alike import company as companies
from guanxi.kernel.alike import person as persons
from guanxi.kernel.alike.company import LONGEST_KEY
from guanxi.kernel.alike.comparing import compare_companies, places_apart
from guanxi.kernel.alike.scoring import compare_persons
from guanxi.kernel.alike.verdicts import NOTHING, Certainty, Key, Reason, Verdict, at_least
from guanxi.kernel.phones import split_phones

CUSTOMERS, PEOPLE = "customers", "people"

EDITION = 3
"""Rises where the same row gives other keys than before; what was marked by an earlier one is marked anew at night."""

SIGNED = 3
"""The edition from which on what is telling stands apart, as signs."""

# Found by one of these a record can be the same certainly or likely; by the others (sound, slip, core …) only possibly.
STRONG = frozenset(["number", "code", "phone", "email", "domain", "wechat", "identity", "name", "body"])
# What means exactly one record where a cell of a file names it.
NAMING = frozenset(["number", "code", "name"])
# What customers and people have in common: a customer is known by its people's telephones too.
REACHED = frozenset(["phone", "email", "domain", "wechat"])

SEVERAL = 3  # holders of a number with codes of their own, from which on it is an agency's or a switchboard


class Telling(NamedTuple):
    """What stands beside a key that can make two certainly or likely the same: the places that a trade name is said
    with, "" where none or several; and of the record's credit code whether it has a right one (1), a wrong one (2)
    or none (0)."""

    places: str = ""
    code: int = 0


@dataclass(frozen=True)
class Known:
    """A customer or person as it is compared. `number` is the one of another system, `named` whether it is no more
    than a name that was written somewhere, `places` where a customer sits that does not say so in its name."""

    resource: str
    number: str
    read: companies.Company | persons.Person
    named: bool = False
    places: frozenset[str] = frozenset()
    _marked: tuple[UUID, Mapping[Key, int]] | None = field(
        default=None, init=False, repr=False, compare=False
    )

    @cached_property
    def keys(self) -> frozenset[Key]:
        """The keys of which two that may be the same have at least one in common."""
        read = self.read
        found = (
            companies.company_keys(read) if isinstance(read, companies.Company) else persons.person_keys(read)
        )
        return found | {Key("number", self.number[:80])} if self.number else found

    @cached_property
    def telling(self) -> Mapping[Key, Telling]:
        """The keys by which another can be certainly or likely the same. Of trade names only the whole ones: by parts
        of them (鲁露 of 鲁露饮品) it is possible at most."""
        found = {key: Telling() for key in self.keys if key.kind in STRONG and key.kind != "body"}
        if not isinstance(self.read, companies.Company):
            return found
        code = 2 if self.read.doubtful else 1 if self.read.codes else 0
        for name in self.read.names:
            found[Key("name", name.parsed.key[:LONGEST_KEY])] = Telling("", code)
        for body, places in _places_of(self.read).items():
            found[Key("body", body)] = Telling(places, code)
        return {key: beside for key, beside in found.items() if key.text}

    def marks(self, company: UUID) -> Mapping[Key, int]:
        """The keys as they are kept for a company."""
        if self._marked is None or self._marked[0] != company:
            found = {key: digest(company, self.resource, key) for key in self.keys}
            object.__setattr__(self, "_marked", (company, found))
            return found
        return self._marked[1]

    def at(self, places: frozenset[str]) -> "Known":
        """The same with the places where it sits, which are no keys."""
        return self._with_keys_of(replace(self, places=places))

    def alone(self) -> "Known":
        """The same without the keys that were worked out."""
        return replace(self)

    def working_at(self, employer: str) -> "Known":
        """The same person with their employer, who is no key."""
        if not employer or not isinstance(self.read, persons.Person):
            return self
        return self._with_keys_of(replace(self, read=replace(self.read, employers=frozenset([employer]))))

    def _with_keys_of(self, other: "Known") -> "Known":
        for name in ("keys", "telling"):
            if name in self.__dict__:
                other.__dict__[name] = self.__dict__[name]
        object.__setattr__(other, "_marked", self._marked)
        return other

    @cached_property
    def shares(self) -> tuple[str, ...]:
        """The keys as texts by which the rows of a file find each other."""
        keys = [key for key in self.keys if key.kind in NAMING] if self.named else self.telling
        return tuple(sorted(f"{key.kind} {key.text}" for key in keys))


class Held(NamedTuple):
    """The keys that stand in a row, as they are kept, and whose they are; without a `record` the row's own. `signs` are
    those that are telling, `marks` the others."""

    resource: str
    record: UUID | None
    marks: tuple[int, ...]
    signs: tuple[tuple[int, Telling], ...]


def point_keys(resource: str, kind: str, value: str) -> frozenset[Key]:
    """What a number or address (a contact point's kind and value) recognises a customer or person by."""
    if kind in ("phone", "mobile", "fax"):
        return frozenset(
            Key("phone", key) for text in split_phones(value) if (key := companies.phone_key(text))
        )
    if kind == "email":
        keys = companies.company_keys(companies.company("", emails=[value]))
        return frozenset(key for key in keys if key.kind == "email" or resource == CUSTOMERS)
    if kind == "wechat":
        return frozenset(Key("wechat", key) for key in [companies.wechat_key(value)] if key)
    if kind == "web" and resource == CUSTOMERS:
        return companies.company_keys(companies.company("", websites=[value]))
    return frozenset()


def customer_of(values: Mapping[str, Any], *, taxes: Iterable[str] = ()) -> Known:
    """A customer with these stored values as it is compared. Raises nothing."""
    return _customer(
        values.get("number") or "",
        values.get("name") or "",
        values.get("former_names") or "",
        values.get("credit_code") or "",
        next(iter(taxes), ""),
        values.get("phone") or "",
        values.get("website") or "",
    )


# What is prepared to be written is compared right after.
@lru_cache(maxsize=16)
def _customer(number: str, name: str, former: str, code: str, tax: str, phone: str, website: str) -> Known:
    read = companies.company(
        name,
        former=former_names(former),
        code=code,
        tax=tax,
        phones=split_phones(phone),
        websites=[website],
    )
    return Known(CUSTOMERS, number, read)


def person_of(values: Mapping[str, Any]) -> Known:
    """A person with these stored values as they are compared. Raises nothing."""
    employer = values.get("customer_id")
    known = _person(
        values.get("number") or "",
        values.get("name") or "",
        values.get("born") or "",
        values.get("phone") or "",
        values.get("email") or "",
        values.get("wechat") or "",
    )
    return known.working_at(str(employer) if employer else "")


@lru_cache(maxsize=16)
def _person(number: str, name: str, born: Any, phone: str, email: str, wechat: str) -> Known:
    read = persons.person(
        name,
        born=born,
        phones=split_phones(phone),
        emails=[email],
        wechats=[wechat],
    )
    return Known(PEOPLE, number, read)


def named(resource: str, text: str) -> Known:
    """What a cell means that names a customer or person: by number, credit code or name."""
    known = (
        customer_of({"name": text, "credit_code": text.upper(), "number": text})
        if resource == CUSTOMERS
        else person_of({"name": text, "number": text})
    )
    return replace(known, named=True)


def keys_of(known: Known) -> frozenset[Key]:
    """The keys of which two that may be the same have at least one in common."""
    return known.keys


def shares(known: Known) -> tuple[str, ...]:
    """The keys as texts by which the rows of a file find each other."""
    return known.shares


def digest(company: UUID, resource: str, key: Key) -> int:
    """A key as it is kept: 64 bits, of this company alone; `REACHED` ones the same for customers and people."""
    of = "" if key.kind in REACHED else resource
    text = f"{of}\x1f{key.kind}\x1f{key.text}".encode()
    return int.from_bytes(blake2b(text, digest_size=8, key=company.bytes).digest(), "big", signed=True)


def with_shared(known: Known, shared: Iterable[Key]) -> Known:
    """A candidate with what it was found by, which may stand elsewhere than in its row: with one of its people, in
    a billing profile."""
    more: dict[str, set[str]] = {}
    for key in shared:
        if key.kind in ("phone", "email", "wechat", "domain", "code"):
            more.setdefault(_PLACES[key.kind], set()).add(key.text)
    places = {place: texts for place, texts in more.items() if hasattr(known.read, place)}
    if not places:
        return known
    read = replace(known.read, **{p: getattr(known.read, p) | texts for p, texts in places.items()})
    return replace(known, read=read)


_PLACES = {"phone": "phones", "email": "emails", "wechat": "wechats", "domain": "domains", "code": "codes"}


def several(holders: Iterable[Known]) -> bool:
    """Whether a number is several parties': three codes of customers, three names of people."""
    told = set()
    for known in holders:
        read = known.read
        if isinstance(read, companies.Company):
            told |= {frozenset(read.codes)} if read.codes else set()
        else:
            told.add(frozenset([read.whole]))
    return len(told) >= SEVERAL


def compare(left: Known, right: Known, *, shared_phones: frozenset[str] = frozenset()) -> Verdict:
    """Whether two are the same. Symmetric; raises nothing.

    One number of another system is one record; two numbers are two records there, and here at most possibly one.
    """
    if left.number and left.number == right.number:
        return Verdict("certain", ("number",))
    if isinstance(left.read, companies.Company) and isinstance(right.read, companies.Company):
        verdict = compare_companies(_placed(left), _placed(right), shared_phones=shared_phones)
    elif isinstance(left.read, persons.Person) and isinstance(right.read, persons.Person):
        verdict = compare_persons(left.read, right.read, shared_phones=shared_phones)
    else:
        return NOTHING
    if left.number and right.number and at_least(verdict, "likely"):
        return replace(verdict, certainty="possible", reasons=("other_number", *verdict.reasons))
    return verdict


def places_of(known: Known) -> Mapping[str, str]:
    """Of a customer's trade names the places they are said with, joined by blanks; "" where none or several. Where no
    name says a place, it is the one where the customer sits."""
    return _places_of(_placed(known))


def _places_of(read: companies.Company) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in read.names:
        for reading in name.readings:
            body, places = reading.body[:LONGEST_KEY], " ".join(sorted(reading.places))
            found[body] = places if found.get(body, places) == places else ""
    return found


@lru_cache(maxsize=8192)
def lie_apart(one: str, other: str) -> bool:
    """Whether two are two by the places, as `Telling` has them, that their common trade name is said with."""
    return places_apart(frozenset(one.split()), frozenset(other.split()))


def _placed(known: Known) -> companies.Company:
    """A customer with its place, where its name names none: of one name in two cities there are two."""
    read = known.read
    assert isinstance(read, companies.Company)  # noqa: S101 - asked before
    if not known.places or any(reading.places for name in read.names for reading in name.readings):
        return read
    names = [
        replace(name, readings=tuple(replace(one, places=known.places) for one in name.readings))
        for name in read.names
    ]
    return replace(read, names=tuple(names))


def weightier(verdict: Verdict) -> tuple[int, float, int]:
    """Sorts the surest first."""
    order: tuple[Certainty, ...] = ("certain", "likely", "possible", "none")
    return order.index(verdict.certainty), -verdict.score, -len(verdict.reasons)


# A reason that would tell of a field somebody may not see is said as "other facts".
FIELDS_OF: Mapping[Reason, tuple[str, ...]] = {
    "code": ("credit_code",), "code_slip": ("credit_code",), "other_code": ("credit_code",),
    "number": ("number",), "other_number": ("number",),
    "phone": ("phone",), "phone_and_core": ("phone",), "shared_phone": ("phone",),
    "phone_end": ("phone",),
    "email": ("email",), "domain": ("website",), "wechat": ("wechat",), "born": ("born",),
    "former_name": ("former_names",),
}  # fmt: skip


def said_reasons(reasons: Collection[Reason], closed: Collection[str]) -> tuple[Reason, ...]:
    """The reasons, those about `closed` fields replaced by one that says nothing of them."""
    told = ["facts" if set(FIELDS_OF.get(one, ())) & set(closed) else one for one in reasons]
    return tuple(dict.fromkeys(told))


def worth_asking(resource: str, verdict: Verdict) -> bool:
    """Whether a scan puts a pair to people: what is certain or likely; what is possible where more than a name says
    so, or, of customers, where one may be a branch of the other."""
    if verdict.certainty in ("certain", "likely"):
        return True
    if verdict.certainty == "none":
        return False
    if resource == CUSTOMERS:
        return verdict.branch != "region"
    return any(reason in ("phone", "email", "wechat", "born") for reason in verdict.reasons)
