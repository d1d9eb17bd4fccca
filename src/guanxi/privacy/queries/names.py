"""What a person was ever called, and by which numbers they were reached: in rows and in images."""

# Chinese in code: the signs that part several names in one field

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q

from guanxi.customers.models import ContactPoint, Customer, Person
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.images import as_of_today
from guanxi.foundation.ledger.models import Change
from guanxi.kernel.pinyin import sort_key
from guanxi.kinds import Email, PhoneNumber, WeChat
from guanxi.marketing.models import Lead
from guanxi.privacy.queries.belongings import Belongings, leads_of
from guanxi.privacy.rules import SHORTEST, digits_of, pattern_of
from guanxi.resource.models import Merger
from guanxi.resource.registry import find

_NAMES = ("name", "other_names")


@dataclass(frozen=True, slots=True)
class Standing:
    """Another record that has one of the person's numbers: what stands there is not only theirs, and stays."""

    resource: str
    id: UUID
    title: str
    value: str


@dataclass(slots=True)
class Called:
    """Names, telephone numbers and codes (e-mails, WeChat IDs, numbers of other systems)."""

    names: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)
    codes: set[str] = field(default_factory=set)
    shared: list[Standing] = field(default_factory=list)

    @property
    def numbers(self) -> str:
        """The pattern of what is theirs alone wherever it stands."""
        return pattern_of(phones=self.phones, codes=self.codes)

    @property
    def everything(self) -> str:
        """The pattern of that and of their names: for what the person had to do with."""
        return pattern_of(names=self.names, phones=self.phones, codes=self.codes)


def called(found: Belongings) -> Called:
    """All of it; numbers that other records have too are left out, and told of."""
    resource = find("people")
    kinds = {kind.column: kind for kind in resource.fields().values()}
    mine = Called()
    table, points = Person._meta.db_table, ContactPoint._meta.db_table
    rows: list[tuple[str, Mapping[str, Any]]] = [
        (table, vars(one)) for one in Person.objects.filter(pk__in=found.people)
    ]
    rows += [
        (points, vars(one)) for one in ContactPoint.objects.filter(pk__in=found.own.get(ContactPoint, ()))
    ]
    changes = Change.objects.filter(row_id__in=found.own_ids).order_by("id")
    for change in as_of_today(changes):
        rows += [(change.table_name, image) for image in (change.old, change.new) if image]
    for name, image in rows:
        if name == table:
            _of_person(mine, {**image, **(image.get("own") or {})}, kinds)
        elif name == points and image.get("value"):
            _add(mine, image["value"], phone=image.get("kind") in ("phone", "mobile", None))
    _of_leads(mine, found.met.get(Lead, set()))
    mine.names |= set(
        Merger.objects.filter(resource="people", record_id__in=found.people).values_list("name", flat=True)
    )
    mine.names = {part for name in mine.names for part in _parts(name) if len(part) >= SHORTEST}
    _leave_shared(mine, found)
    return mine


def _of_leads(mine: Called, leads: Collection[UUID]) -> None:
    """What the leads said that the person was before, today and in images."""
    images: list[Mapping[str, Any]] = [vars(one) for one in Lead.objects.filter(pk__in=leads)]
    for change in as_of_today(Change.objects.filter(row_id__in=leads).order_by("id")):
        images += [image for image in (change.old, change.new) if image]
    for image in images:
        if name := image.get("person"):
            # Where no firm is known the lead bears the name, and is sorted by its spelling.
            mine.names |= {name, sort_key(name).partition(" ")[0]}
        for column in ("phone", "email", "wechat"):
            if value := image.get(column):
                _add(mine, value, phone=column == "phone")


def _parts(names: str) -> Iterable[str]:
    """Several names in one field, each."""
    for sign in "、，,;；/|":
        names = names.replace(sign, "\n")
    return [one.strip() for one in names.split("\n") if one.strip()]


def _of_person(mine: Called, image: Mapping[str, Any], kinds: Mapping[str, Any]) -> None:
    for column, kind in kinds.items():
        value = image.get(column)
        if not isinstance(value, str) or not value:
            continue
        if column in _NAMES:
            mine.names.add(value)
        elif isinstance(kind, PhoneNumber):
            _add(mine, value, phone=True)
        elif isinstance(kind, Email | WeChat) or column == "number":
            _add(mine, value, phone=False)


def _add(mine: Called, value: str, *, phone: bool) -> None:
    (mine.phones if phone and len(digits_of(value)) >= 6 else mine.codes).add(value)


def _leave_shared(mine: Called, found: Belongings) -> None:
    values = mine.phones | mine.codes
    if not values:
        return
    for person in Person.objects.filter(
        Q(phone__in=values) | Q(email__in=values) | Q(wechat__in=values) | Q(number__in=values)
    ).exclude(pk__in=found.people):
        held = {person.phone, person.email, person.wechat, person.number}
        mine.shared += [Standing("people", person.pk, person.name, one) for one in sorted(held & values)]
    for customer in Customer.objects.filter(Q(phone__in=values) | Q(number__in=values)):
        held = {customer.phone, customer.number}
        mine.shared += [
            Standing("customers", customer.pk, customer.name, one) for one in sorted(held & values)
        ]
    points = ContactPoint.objects.filter(value__in=values).exclude(pk__in=found.own.get(ContactPoint, ()))
    for point in points.select_related("customer", "person"):
        of = point.customer or point.person
        key = "customers" if point.customer_id else "people"
        mine.shared.append(Standing(key, of.pk, str(of), point.value))
    reached = Q(phone__in=values) | Q(email__in=values) | Q(wechat__in=values)
    for lead in Lead.objects.filter(reached).exclude(pk__in=leads_of(found.people)):
        held = {lead.phone, lead.email, lead.wechat}
        mine.shared += [Standing("leads", lead.pk, lead.name, one) for one in sorted(held & values)]
    mine.shared = list(dict.fromkeys(mine.shared))
    taken = {one.value for one in mine.shared}
    mine.phones -= taken
    mine.codes -= taken


def names_of_nobody_else(mine: Called, found: Belongings) -> set[str]:
    """Those names that are no part of anybody else's: in bookkeeping (labels, notices, jobs) they mean this person."""
    alone = set()
    for name in mine.names:
        others = Person.objects.filter(name__icontains=name).exclude(pk__in=found.people)
        if not (
            others.exists()
            or Customer.objects.filter(name__icontains=name).exists()
            or Member.objects.filter(name__icontains=name).exists()
        ):
            alone.add(name)
    return alone
