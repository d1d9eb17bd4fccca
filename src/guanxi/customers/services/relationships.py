"""Writes of relationships: between two that fit their kind, once, by whoever may change one end and sees the other."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.customers.choices import FROM, MEANINGS, TO, USUAL_STRENGTH, misfit
from guanxi.customers.models import Relationship
from guanxi.customers.queries.marks import hold_texts
from guanxi.customers.queries.reaching import within_reach
from guanxi.customers.queries.ties import Key, key_of, standing
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Forbidden, Invalid, Message
from guanxi.resource import access, guards, writing
from guanxi.resource.declaration import Resource, Words
from guanxi.resource.registry import find
from guanxi.resource.standard import standard

_ENDS = tuple(f"{end}_id" for end in (*FROM, *TO))
_TIES = (*_ENDS, "kind")
_WRONG = {
    ("from_person", "to_person"): _("This one is between two people: give one at each side."),
    ("from_customer", "to_customer"): _("This one is between two customers: give one at each side."),
    ("from_member", "to_person"): _("This one is between a colleague and a person: give both."),
}
_ITSELF = _("Nobody has a relationship with themselves: choose another one.")
_BEYOND = _("You may change neither of the two.")
_TWICE = _("These two have this relationship already.")
_standard = standard("relationships")


def _resource() -> type[Resource]:
    return find("relationships")


def create_tie(actor: Actor, *, data: Mapping[str, Any], allow_duplicate: bool = False) -> Relationship:
    """Create a relationship. Raises Forbidden, and Invalid for ends that do not fit the kind, for one with itself
    and for one that is there already."""
    resource = _resource()
    actor.require(resource.permission("create"))
    values = writing.clean(actor, resource, data)
    _check(actor, [(None, values)])
    made: Relationship = _standard.create(actor, data={"strength": str(USUAL_STRENGTH), **_given(data)})
    return made


def create_ties(actor: Actor, *, rows: Sequence[Mapping[str, Any]]) -> list[UUID]:
    """Create relationships from values by stored column, cleaned before. Raises as `create_tie`, for all or none."""
    actor.require(_resource().permission("create"))
    filled = [_filled(row) for row in rows]
    _check(actor, [(None, row) for row in filled])
    return _standard.create_many(actor, rows=filled)  # type: ignore[no-any-return]


def edit_tie(
    actor: Actor, tie_id: UUID, *, data: Mapping[str, Any], expected_version: int | None
) -> Relationship:
    """Change given fields. Raises NotFound, Forbidden, Invalid, Stale."""
    record = access.get(actor, _resource(), tie_id, verb="edit", lock=True)
    values = _filled(writing.clean(actor, _resource(), data, partial=True))
    if _touches(record, values):
        _check(actor, [(tie_id, _whole(record, values))])
    given = _given(data)
    if "strength" in data and "strength" not in given:
        given["strength"] = str(USUAL_STRENGTH)
    edited: Relationship = _standard.edit(actor, tie_id, data=given, expected_version=expected_version)
    return edited


def edit_ties(actor: Actor, *, ids: Collection[UUID], data: Mapping[str, Any]) -> int:
    """Set the same on many: strength, since, note. Raises Invalid for what makes each of them the one it is."""
    named = [name for name in (*FROM, "kind", *TO) if name in data]
    if named:
        raise Invalid({name: [Message("not_writable")] for name in named})
    given = _given(data)
    if "strength" in data:
        given.setdefault("strength", str(USUAL_STRENGTH))
    return _standard.edit_many(actor, ids=ids, data=given)  # type: ignore[no-any-return]


def edit_each(actor: Actor, *, changes: Sequence[tuple[UUID, Mapping[str, Any]]]) -> list[Relationship]:
    """The set form of `edit_tie`: cleaned values, by stored column, for each of many. All or none."""
    actor.require(_resource().permission("edit"))
    return _standard.edit_each(actor, changes=_checked(actor, changes))  # type: ignore[no-any-return]


def update_imported(
    actor: Actor, *, changes: Sequence[tuple[UUID, Mapping[str, Any]]], fresh: Collection[UUID] = ()
) -> int:
    """Write an import's cleaned values. Raises as `create_tie`."""
    changed = _checked(actor, changes)
    return _standard.update_imported(actor, changes=changed, fresh=fresh)  # type: ignore[no-any-return]


remove_ties = _standard.remove_many


def settle_merged(column: str, kept: UUID, gone: Collection[UUID]) -> None:
    """Before people ("person") or customers ("customer") become one: relationships among them go, and of those with
    the same third one stays, the kept one's own if it has one."""
    ours = {kept, *gone}
    first, second = f"from_{column}_id", f"to_{column}_id"
    rows = Relationship.objects.filter(Q(**{f"{first}__in": ours}) | Q(**{f"{second}__in": ours}))
    ties = sorted(
        rows.order_by("pk").select_for_update(), key=lambda one: kept not in _pair(one, first, second)
    )
    seen: set[Key] = set()
    dropped = []
    for one in ties:
        values = {name: getattr(one, name) for name in _TIES}
        for end in (first, second):
            if values[end] in ours:
                values[end] = kept
        key = key_of(values)
        if values[first] == values[second] or key in seen:
            dropped.append(one.pk)
        elif key is not None:
            seen.add(key)
    if dropped:
        Relationship.objects.filter(pk__in=dropped).delete()


def _pair(one: Relationship, first: str, second: str) -> tuple[Any, Any]:
    return getattr(one, first), getattr(one, second)


def _checked(
    actor: Actor, changes: Sequence[tuple[UUID, Mapping[str, Any]]]
) -> list[tuple[UUID, Mapping[str, Any]]]:
    filled = [(record_id, _filled(values)) for record_id, values in changes]
    rows = Relationship.objects.filter(pk__in=[record_id for record_id, _values in filled]).in_bulk()
    touched = [
        (record_id, _whole(rows[record_id], values))
        for record_id, values in filled
        if record_id in rows and _touches(rows[record_id], values)
    ]
    _check(actor, touched)
    return list(filled)


def _given(data: Mapping[str, Any]) -> dict[str, Any]:
    """Outside values without a strength that nobody said: then it is the usual one."""
    said = data.get("strength")
    return {
        name: value
        for name, value in data.items()
        if name != "strength" or str(said or "").strip() or said == 0
    }


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(values)
    if "strength" in found and found["strength"] is None:
        found["strength"] = USUAL_STRENGTH
    return found


def _whole(record: Relationship, values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: values.get(name, getattr(record, name)) for name in _TIES}


def _touches(record: Relationship, values: Mapping[str, Any]) -> bool:
    return any(name in values and values[name] != getattr(record, name) for name in _TIES)


def _unfit(values: Mapping[str, Any]) -> tuple[str, str, Words] | None:
    """What is wrong with the two ends of a relationship: the field to say it beside, a code, the words; None where they
    fit."""
    ends = tuple(end for end in (*FROM, *TO) if values.get(f"{end}_id"))
    meaning = MEANINGS.get(values.get("kind", ""))
    if meaning is None:
        return "kind", "ends", _("Choose one of these.")
    if misfit(values["kind"], ends):
        wrong = [end for end in (*FROM, *TO) if (end in ends) != (end in meaning.ends)]
        return wrong[0], "ends", _WRONG[meaning.ends]
    first, second = (values[f"{end}_id"] for end in meaning.ends)
    return (meaning.ends[1], "itself", _ITSELF) if first == second else None


@guards.guard("relationships", "create", order=10, warns=False)
def two_that_fit(attempt: guards.Attempt, records: Sequence[Relationship]) -> dict[UUID, guards.Verdict]:
    """A row of a file whose ends do not fit its kind, or of whose ends the actor may change neither, is left out; the
    others come in."""
    against: dict[UUID, guards.Verdict] = {}
    fitting = []
    for one in records:
        if (unfit := _unfit(vars(one))) is not None:
            against[one.pk] = guards.block(f"customers.tie_{unfit[1]}", unfit[2])
        else:
            fitting.append(one)
    for one, held in zip(fitting, within_reach(attempt.actor, map(vars, fitting)), strict=True):
        if not held:
            against[one.pk] = guards.block("customers.tie_beyond", _BEYOND)
    return against


def _check(actor: Actor, rows: Iterable[tuple[UUID | None, Mapping[str, Any]]]) -> None:
    """Raises Invalid for rows that cannot be, or are there already; Forbidden for those beyond reach."""
    asked = list(rows)
    keys: dict[Key, UUID | None] = {}
    for tie_id, values in asked:
        if (unfit := _unfit(values)) is not None:
            raise Invalid({unfit[0]: [Message(unfit[1], unfit[2])]})
        key = key_of(values)
        if key in keys:
            raise Invalid({"kind": [Message("twice", _TWICE)]})
        if key is not None:
            keys[key] = tie_id
    if not all(within_reach(actor, [values for _id, values in asked])):
        raise Forbidden(_resource().permission("edit"))
    # Two who write the same at once wait for each other here.
    hold_texts("relationships", {str(key[:2]) for key in keys})
    there = standing(keys)
    if any(there.get(key) not in (None, tie_id) for key, tie_id in keys.items()):
        raise Invalid({"kind": [Message("twice", _TWICE)]})
