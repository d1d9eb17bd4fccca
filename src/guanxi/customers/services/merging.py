"""Making customers one, and people; and what only they know of it: parents, positions, pairs of duplicates."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.customers.choices import Answer
from guanxi.customers.models import Affiliation, BillingProfile, Customer, Pair, Person
from guanxi.customers.queries.customers import name_key
from guanxi.customers.queries.people import name_key as person_key
from guanxi.customers.rules import former_names, joined_names
from guanxi.customers.rules.alike import CUSTOMERS, PEOPLE
from guanxi.customers.services.holding import no_more_than_before
from guanxi.customers.services.people import settle_positions
from guanxi.customers.services.relationships import settle_merged
from guanxi.customers.services.ways import QUICK, settle_ways_of, way_row
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.codes import check_credit_code
from guanxi.kernel.text import fold
from guanxi.resource import guards, merging, writing
from guanxi.resource.registry import find, find_by_table


def merge_customers(
    actor: Actor,
    *,
    ids: Collection[UUID],
    keep: UUID | None = None,
    choices: Mapping[str, UUID] | None = None,
) -> Customer:
    """Make customers one: `keep`, else the oldest, with everything that hangs on the others. `choices` say by field
    whose value stays. Raises Forbidden, NotFound, Invalid, Refused."""
    resource = find(CUSTOMERS)
    with operation(actor, resource.act("merge")) as opened:
        before = list(Customer.objects.filter(pk__in=[*ids, *([keep] if keep else ())]))
        with no_more_than_before(actor, before):
            kept, moved = merging.merge(
                actor, resource, ids=ids, keep=keep, choices=choices, settle=_settle_customer
            )
        merging.name_after(opened, kept)
        positions = list(moved.get(Affiliation, ()))
        _drop_twice(actor, "customer_id", kept.pk, positions)
        settle_positions(actor, positions)
        _keep_ways(CUSTOMERS, kept, before)
        _keep_codes(kept, before)
        settle_ways_of(customers=[kept.pk])
        _follow(moved)
        settle_pairs(actor, CUSTOMERS, kept.pk, set(ids) - {kept.pk})
    kept.refresh_from_db()
    return kept  # type: ignore[no-any-return]


def merge_people(
    actor: Actor,
    *,
    ids: Collection[UUID],
    keep: UUID | None = None,
    choices: Mapping[str, UUID] | None = None,
) -> Person:
    """Make people one, with all their positions. Raises as `merge_customers`."""
    resource = find(PEOPLE)
    with operation(actor, resource.act("merge")) as opened:
        before = list(Person.objects.filter(pk__in=[*ids, *([keep] if keep else ())]))
        kept, moved = merging.merge(
            actor, resource, ids=ids, keep=keep, choices=choices, settle=_settle_person
        )
        merging.name_after(opened, kept)
        _drop_twice(actor, "person_id", kept.pk, list(moved.get(Affiliation, ())))
        mine = Affiliation.objects.filter(person_id=kept.pk)
        # Where the person works now is what was chosen.
        mine.filter(main=True).exclude(customer_id=kept.customer_id).update(main=False)
        settle_positions(actor, list(mine.values_list("pk", flat=True)))
        _keep_ways(PEOPLE, kept, before)
        settle_ways_of(people=[kept.pk])
        _follow(moved)
        settle_pairs(actor, PEOPLE, kept.pk, set(ids) - {kept.pk})
    kept.refresh_from_db()
    return kept  # type: ignore[no-any-return]


def _keep_ways(of: str, kept: Any, before: Sequence[Any]) -> None:
    """The numbers and addresses of those that are gone stay beside the kept one's own."""
    kept.refresh_from_db()  # where somebody works may have been written meanwhile
    for quick in QUICK:
        if quick.of != of:
            continue
        held = find(quick.rows).model._default_manager.filter(**{quick.by: kept.pk})
        there = {quick.key(getattr(row, quick.text)) for row in held} | {
            quick.key(getattr(kept, quick.field))
        }
        rows = []
        for one in before:
            said = getattr(one, quick.field)
            if said and (key := quick.key(said)) not in there:
                there.add(key)
                rows.append(way_row(quick, one, said, main=False) | {quick.by: kept.pk})
        if rows:
            writing.insert_many(find(quick.rows), rows)


def _keep_codes(kept: Customer, before: Sequence[Customer]) -> None:
    """A credit code that is gone from the record stays with it as a title invoices were made out to: found by it."""
    held = BillingProfile.objects.filter(customer_id=kept.pk)
    known = {kept.credit_code, *held.values_list("tax_number", flat=True)}
    rows = []
    for one in before:
        if one.credit_code and one.credit_code not in known:
            known.add(one.credit_code)
            rows.append({"customer_id": kept.pk, "title": one.name[:200], "tax_number": one.credit_code})
    if rows:
        writing.insert_many(find("billing_profiles"), rows)


def _follow(moved: merging.Moved) -> None:
    """What rows that hang on the kept record now are recognised by is its own."""
    for model, ids in moved.items():
        resource = find_by_table(model._meta.db_table)
        if resource is not None and resource.kept is not None:
            writing.reindex_ids(resource, ids)


def _names_stay(
    column: str, key: Callable[[str], str], values: dict[str, Any], records: Sequence[Any]
) -> None:
    """What the others were called is found by the kept one's other names."""
    said = [one for record in records for one in former_names(getattr(record, column)) if one]
    known = {key(values["name"])}
    names = []
    for name in [*said, *(record.name for record in records)]:
        if key(name) not in known:
            known.add(key(name))
            names.append(name)
    longest = type(records[0])._meta.get_field(column).max_length
    while names and len(joined_names(names)) > longest:
        names.pop()
    if names:
        values[column] = joined_names(names)


def _settle_person(values: dict[str, Any], records: Sequence[Person]) -> None:
    _names_stay("other_names", person_key, values, records)
    settle_merged("person", records[0].pk, [one.pk for one in records[1:]])


def _settle_customer(values: dict[str, Any], records: Sequence[Customer]) -> None:
    """The parent is the first of theirs that is none of them, nor belongs to one of them."""
    settle_merged("customer", records[0].pk, [one.pk for one in records[1:]])
    _names_stay("former_names", name_key, values, records)
    _address_stays(values, records)
    ours = {record.pk for record in records}
    wanted = [values.get("parent_id"), *(record.parent_id for record in records)]
    values["parent_id"] = next((one for one in wanted if one and not _above(one) & ours), None)


def _address_stays(values: dict[str, Any], records: Sequence[Customer]) -> None:
    """An address elsewhere than in the record's region comes as a row of its addresses, which bears its own region."""
    of = next((one for one in records if one.address and one.address == values.get("address")), None)
    if of is not None and of.region and of.region != values.get("region"):
        values["address"] = records[0].address


def _above(customer_id: UUID) -> set[UUID]:
    """A customer and all it belongs to."""
    seen: set[UUID] = set()
    at: UUID | None = customer_id
    while at is not None and at not in seen:
        seen.add(at)
        at = Customer.objects.filter(pk=at).values_list("parent_id", flat=True).first()
    return seen


def _drop_twice(actor: Actor, column: str, kept: UUID, moved: Collection[UUID]) -> None:
    """Of positions that say the same the one that was there stays."""
    moved = set(moved)
    rows = list(Affiliation.objects.filter(**{column: kept}).order_by("pk"))
    rows.sort(key=lambda one: (one.pk in moved, not one.main))
    seen: set[tuple[Any, ...]] = set()
    twice = []
    for one in rows:
        said = (one.person_id, one.customer_id, fold(one.post), fold(one.department), one.since, one.until)
        if said in seen and one.pk in moved:
            twice.append(one.pk)
        seen.add(said)
    if twice:
        find("affiliations").model._default_manager.filter(pk__in=twice).delete()


def settle_pairs(actor: Actor, resource: str, kept: UUID, gone: Collection[UUID]) -> None:
    """Pairs among them are answered; those with a third are the kept one's, each once."""
    ours = {kept, *gone}
    pairs = list(
        Pair.objects.filter(Q(first__in=ours) | Q(second__in=ours), resource=resource).order_by("pk")
    )
    known = {(one.first, one.second) for one in pairs}
    for one in pairs:
        if {one.first, one.second} <= ours:
            one.answer, one.answered_by_id, one.answered_at = Answer.MERGED, actor.member_id, timezone.now()
            one.save()
            continue
        third = one.second if one.first in ours else one.first
        if kept in (one.first, one.second):
            continue
        first, second = sorted((kept, third))
        if (first, second) in known:
            one.delete()
            continue
        known.add((first, second))
        one.first, one.second = first, second
        one.save()


@guards.guard(CUSTOMERS, "merge", order=10)
def two_legal_persons(attempt: guards.Attempt, records: Sequence[Customer]) -> Mapping[UUID, guards.Verdict]:
    """Two right credit codes are two legal persons, whatever else they have in common."""
    codes = {one.credit_code for one in records if check_credit_code(one.credit_code).ok}
    if len(codes) < 2:
        return {}
    said = guards.warn(
        "customers.two_codes", _("Their credit codes differ: by the register they are two companies.")
    )
    return {one.pk: said for one in records if one.credit_code}


@guards.guard(CUSTOMERS, "merge", order=20)
def a_parent_and_its_part(
    attempt: guards.Attempt, records: Sequence[Customer]
) -> Mapping[UUID, guards.Verdict]:
    """A company and one that belongs to it are two."""
    ours = {one.pk for one in records}
    said = guards.warn(
        "customers.family", _("One of them belongs to another: parent and subsidiary are two companies.")
    )
    return {one.pk: said for one in records if one.parent_id in ours}
