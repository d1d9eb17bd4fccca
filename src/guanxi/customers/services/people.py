"""Writes of people and of their positions, which tell each other where somebody works."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Affiliation, Person
from guanxi.customers.queries.duplicates import COLUMNS
from guanxi.customers.rules.alike import PEOPLE, person_of
from guanxi.customers.services.duplicates import check_new, no_taken_marks, note_despite, note_twins
from guanxi.customers.services.ways import follow_quick
from guanxi.foundation.ledger.models import Change
from guanxi.foundation.ledger.services import current_operation, describe, operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.resource import access, writing
from guanxi.resource.registry import find
from guanxi.resource.standard import standard

DESPITE = (
    "customers.person.create_despite"  # the right to create who certainly is there already, with a reason
)
_WORKS = ("customer_id", "department", "post")


def create_person(
    actor: Actor, *, data: Mapping[str, Any], allow_duplicate: bool = False, duplicate_reason: str = ""
) -> Person:
    """Create a person from outside values; with a customer among them, their position there too.

    Raises Forbidden, Invalid, and Refused("duplicate") with those who may be the same: likely ones unless
    `allow_duplicate`; somebody who is certainly there already is not made twice.
    """
    resource = find("people")
    actor.require(resource.permission("create"))
    known = person_of(writing.clean(actor, resource, data))
    found, reason = check_new(actor, known, allow=allow_duplicate, reason=duplicate_reason, despite=DESPITE)
    with operation(
        actor, resource.act("create"), label=str(data.get("name", "")), summary={"created": 1}
    ) as opened:
        person: Person = _people.create(actor, data=data)
        if reason:
            describe(opened, reason=reason)
        note_despite(actor, PEOPLE, person.pk, found, reason)
    return person


def settle_people(actor: Actor, ids: Collection[UUID]) -> None:
    """After people were written: their positions say the same. Who works elsewhere now has left where they were."""
    people = Person.objects.filter(pk__among=ids).in_bulk()
    held = _positions(people)
    changed, ended, made = [], [], []
    today = timezone.localdate()
    for person in people.values():
        mine = held[person.pk]
        main = next((one for one in mine if one.main), None)
        here = main if main and main.customer_id == person.customer_id else None
        if main is not None and here is None:
            ended.append((main, {"main": False, "until": main.until or today}))
        if person.customer_id is None:
            continue
        works = {"department": person.department, "post": person.post}
        here = here or next(
            (one for one in mine if one.customer_id == person.customer_id and not _over(one, today)), None
        )
        if here is None:
            since = today if main is not None else None
            made.append(
                works
                | {"person_id": person.pk, "customer_id": person.customer_id, "main": True, "since": since}
            )
        else:
            changed.append((here, works | {"main": True}))
    positions = find("affiliations")
    writing.update_each(positions, [*ended, *changed])
    if made:
        writing.insert_many(positions, made)
    note_twins(actor, PEOPLE, ids, COLUMNS[PEOPLE])
    follow_quick("people", ids)


def settle_positions(actor: Actor, ids: Collection[UUID]) -> None:
    """After positions were written or removed: one of each person's is the main one, and the person says the same."""
    touched = set(Affiliation.objects.filter(pk__among=ids).values_list("person_id", flat=True))
    running = current_operation()
    if running is not None:  # whose they were before
        rows = Change.objects.filter(
            operation_id=running.id, table_name=Affiliation._meta.db_table, row_id__in=list(ids)
        )
        before = rows.filter(old__has_key="person_id").values_list("old__person_id", flat=True)
        touched |= {UUID(one) for one in before}
    # Two who write positions of one person wait for each other here.
    people = {
        one.pk: one for one in Person.objects.filter(pk__among=touched).order_by("pk").select_for_update()
    }
    held = _positions(people)
    today, written = timezone.localdate(), set(ids)
    positions, works = [], []
    for person in people.values():
        open_ones = [one for one in held[person.pk] if not _over(one, today)]
        chosen = _chosen(person, open_ones, written)
        positions += [
            (one, {"main": one is chosen}) for one in held[person.pk] if one.main != (one is chosen)
        ]
        if chosen is not None:
            works.append((person, {name: getattr(chosen, name) for name in _WORKS}))
        elif person.customer_id is not None:
            works.append((person, {"customer_id": None, "department": "", "post": ""}))
    writing.update_each(find("affiliations"), positions)
    writing.update_each(find("people"), works)


def _chosen(person: Person, open_ones: list[Affiliation], written: set[UUID]) -> Affiliation | None:
    """The main one: what was just said to be it, what was it, where the person says they work, the newest."""
    return max(
        open_ones,
        key=lambda one: (
            one.main and one.pk in written,
            one.main,
            one.customer_id == person.customer_id,
            one.since or date.min,
            one.pk,
        ),
        default=None,
    )


def _over(one: Affiliation, today: date) -> bool:
    return one.until is not None and one.until <= today


def _positions(people: Collection[UUID]) -> dict[UUID, list[Affiliation]]:
    held: dict[UUID, list[Affiliation]] = defaultdict(list)
    for one in Affiliation.objects.filter(person_id__in=list(people)).order_by("pk").select_for_update():
        held[one.person_id].append(one)
    return held


def edit_person(
    actor: Actor, person_id: UUID, *, data: Mapping[str, Any], expected_version: int | None
) -> Person:
    """Change given fields. Raises NotFound, Forbidden, Invalid, Refused("duplicate") for another's number, Stale."""
    if data.get("number"):
        access.get(actor, find("people"), person_id, verb="edit")  # nothing is told of numbers to who may not
        _no_taken_numbers(actor, [(person_id, writing.clean(actor, find("people"), data, partial=True))])
    person: Person = _people.edit(actor, person_id, data=data, expected_version=expected_version)
    return person


def edit_each(actor: Actor, *, changes: Sequence[tuple[UUID, Mapping[str, Any]]]) -> list[Person]:
    """The set form of `edit_person`: cleaned values, by stored column, for each of many. All or none."""
    actor.require(find("people").permission("edit"))
    _no_taken_numbers(actor, changes)
    people: list[Person] = _people.edit_each(actor, changes=changes)
    return people


def _no_taken_numbers(actor: Actor, changes: Iterable[tuple[UUID, Mapping[str, Any]]]) -> None:
    wanted = {person: values["number"] for person, values in changes if values.get("number")}
    held = dict(Person.objects.filter(pk__in=wanted).values_list("pk", "number"))
    marks = [(person, "", number) for person, number in wanted.items() if held.get(person) != number]
    no_taken_marks(actor, PEOPLE, marks, _("Somebody else has this number."))


_people = standard("people", settle_people)
positions = standard("affiliations", settle_positions)
create_people, edit_people = _people.create_many, _people.edit_many
delete_people, update_imported = _people.remove_many, _people.update_imported
