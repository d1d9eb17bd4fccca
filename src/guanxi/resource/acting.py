"""Carrying out actions: on one record, or on all that were chosen, in one operation that can be undone."""

# Chinese in code: the full stop that a reason may end with

import copy
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.ledger.services import describe, operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import listed
from guanxi.kernel.errors import Forbidden, Invalid, Message, NotFound, Refused
from guanxi.kinds.kind import FieldProblem, Kind
from guanxi.resource import access, guards, listing, writing
from guanxi.resource.actions import Action
from guanxi.resource.contributions import contributed
from guanxi.resource.declaration import Resource
from guanxi.resource.links import Link

EDIT, DELETE = "edit", "delete"
BATCH = 5000
Progress = Callable[[int, int], None]  # done, of how many; raises to stop
NO_RIGHT = _("You may see it, but your role does not allow this for it.")
GONE = _("It is not there any more, or you may not see it.")
SAME = _("It was so already.")


# What there is


def actions_of(resource: type[Resource]) -> list[Action]:
    """Every action of a resource: its own, those contributed, and its set forms of changing and deleting."""
    found = [*resource.actions, *contributed(resource.key).actions]
    if resource.offers("edit_many"):
        service = partial(_edit_many, resource)
        found.append(Action(key=EDIT, label=_("Change a field"), service=service, verb=EDIT, order=0))
    if resource.offers("remove_many"):
        found.append(
            Action(
                key=DELETE,
                label=_("Delete"),
                service=resource.remove_many,
                verb=DELETE,
                icon="trash",
                tone="bad",
                said=_("%(what)s deleted"),
                order=100,
            )
        )
    return sorted(found, key=lambda one: one.order)


def _edit_many(resource: type[Resource], actor: Actor, *, ids: Sequence[UUID], **data: Any) -> int:
    return int(resource.edit_many(actor, ids=ids, data=data))


def offered(actor: Actor, resource: type[Resource], record: Any = None) -> list[Action]:
    """What the actor may do to a record; without one, to many."""
    if record is None:
        held = [one for one in actions_of(resource) if one.form == "set" and actor.may(_code(resource, one))]
    else:
        held = [
            one
            for one in actions_of(resource)
            if one.key != EDIT
            and (one.when is None or one.when(record))
            and access.allows(actor, resource, record, one.verb)
        ]
    return [one for one in held if not _closed(actor, resource, one)]


def find(actor: Actor, resource: type[Resource], key: str, *, form: str = "") -> Action:
    """The action with a key. Raises NotFound, and Forbidden where the actor may do it to nothing."""
    action = next((one for one in actions_of(resource) if one.key == key), None)
    if action is None or (form == "set" and action.form != "set"):
        raise NotFound("no_action")
    actor.require(_code(resource, action))
    if _closed(actor, resource, action):
        raise Forbidden(_code(resource, action))
    return action


def _code(resource: type[Resource], action: Action) -> str:
    return resource.permission(action.verb)


def _closed(actor: Actor, resource: type[Resource], action: Action) -> bool:
    """Whether it would set a field that the actor may not."""
    names = {kind.name for kind in action.inputs} & resource.fields().keys()
    return bool(names) and not names <= {kind.name for kind in access.writable(actor, resource)}


def inputs_of(actor: Actor, resource: type[Resource], action: Action) -> list[Kind]:
    """The fields an action asks for; of a change those that can be set on many, of which one is given."""
    if action.key == EDIT:
        names = resource.settable_in_bulk()
        return [kind for kind in access.writable(actor, resource) if kind.name in names]
    asked, inputs = [], list(action.inputs)
    if action.asks:
        inputs += [kind for kind in questions(actor, resource) if not isinstance(kind, Link)]
    for kind in inputs:
        bound = copy.copy(kind)
        bound.resource, bound.column = _Asking(resource, action), kind.name  # type: ignore[assignment]
        asked.append(bound)
    return asked


def questions(actor: Actor, resource: type[Resource]) -> list[Kind]:
    """What a company asks itself before the act that the resource `qualifies` for, as far as the actor may answer."""
    return [
        kind
        for kind in access.writable(actor, resource)
        if kind.own and kind.own.asked and not kind.own.hidden
    ]


class _Asking:
    """Stands for the resource in an input's editor: what a picker offers is asked of the action."""

    def __init__(self, resource: type[Resource], action: Action) -> None:
        self.key, self.model = resource.key, resource.model
        self._resource, self._action = resource, action

    def url(self, page: str = "list", **arguments: Any) -> str:
        if page == "options":
            return self._resource.url("act_options", key=self._action.key, **arguments)
        return self._resource.url(page, **arguments)


def cleaned(actor: Actor, resource: type[Resource], action: Action, raw: Mapping[str, Any]) -> dict[str, Any]:
    """What was given, cleaned; of a change by stored column. Raises Invalid."""
    kinds = {kind.name: kind for kind in inputs_of(actor, resource, action)}
    problems = Invalid({name: [Message("not_writable")] for name in raw if name not in kinds})
    if action.key == EDIT and not raw:
        problems.add("", Message("nothing", _("Say what is to be changed.")))
    if problems:
        raise problems
    if action.key == EDIT:
        return writing.clean(actor, resource, raw, partial=True)
    found: dict[str, Any] = {}
    for name, kind in kinds.items():
        try:
            found[name] = kind.checked(raw.get(name, ""), actor)
        except FieldProblem as problem:
            problems.add(name, problem.message)
    if problems:
        raise problems
    return found


# Doing


@dataclass(frozen=True, slots=True)
class Selection:
    """Which records: those named, or all that match a list's query string."""

    ids: tuple[UUID, ...] = ()
    query: str | None = None

    def rows(self, actor: Actor, resource: type[Resource], verb: str = "view") -> "QuerySet[Any]":
        """Those of them within the actor's reach. Raises Invalid for a query that cannot be read."""
        if self.query is not None:
            return listing.read(actor, resource, QueryDict(self.query)).rows(verb)
        rows = access.visible(actor, resource).filter(pk__among=self.ids)
        return rows if verb == "view" else rows.filter(access.reach_q(actor, resource, verb))

    def total(self, actor: Actor, resource: type[Resource]) -> listing.Total:
        """How many of them the actor sees. Raises as `rows` does."""
        if self.query is not None:
            return listing.read(actor, resource, QueryDict(self.query)).total(exact=True)
        return listing.Total(self.rows(actor, resource).count(), True)


@dataclass(slots=True)
class Tally:
    """What came of it: of `total` records `done`; the others were left alone, each for a reason in words."""

    total: int
    done: int = 0
    left: Counter[str] = field(default_factory=Counter)
    warned: dict[str, guards.Verdict] = field(default_factory=dict)  # warnings nobody had accepted, by code
    operation_id: UUID | None = None


def act(
    actor: Actor, resource: type[Resource], action: Action, record_id: UUID, raw: Mapping[str, Any]
) -> None:
    """Carry out an action on one record.

    Raises NotFound, Forbidden, Invalid, Refused (also from a guard) and guards.Warned.
    """
    record = record_of(actor, resource, action, record_id, lock=True)
    access.require(actor, resource, record, action.verb)
    values = cleaned(actor, resource, action, raw)
    with operation(actor, _code(resource, action), record_id=record.pk, label=str(record)):
        guards.check(actor, resource, action.verb, [record], values)
        with guards.asked(resource, action.verb):
            if action.form == "row":
                action.service(actor, record_id, **values)
            else:
                action.service(actor, ids=[record_id], **(raw if action.key == EDIT else values))


def record_of(
    actor: Actor, resource: type[Resource], action: Action, record_id: UUID, *, lock: bool = False
) -> Any:
    """The record to act on. Raises NotFound, and Refused("late") with what whoever is too late is told."""
    try:
        return access.get(actor, resource, record_id, lock=lock)
    except NotFound:
        said = action.late(actor, record_id) if action.late is not None else ""
        if said:
            raise Refused("late", said) from None
        raise


def act_on_many(
    actor: Actor,
    resource: type[Resource],
    action: Action,
    selection: Selection,
    raw: Mapping[str, Any],
    *,
    progress: Progress | None = None,
) -> Tally:
    """Carry out an action on all that were chosen, in one operation: all of it, or what is raised takes it back.

    Records beyond reach, and those a guard speaks against, are left alone and counted with the reason; so are
    warnings that were not accepted. Raises Forbidden and Invalid before anything is done.
    """
    actor.require(_code(resource, action))
    values = cleaned(actor, resource, action, raw)
    attempt = guards.Attempt(actor, resource, action.verb, values)
    given = raw if action.key == EDIT else values
    mine = selection.rows(actor, resource, action.verb).order_by("pk").values_list("pk", flat=True)
    seen = selection.rows(actor, resource).count()
    tally = Tally(max(seen, len(set(selection.ids))))
    with suppress(_Nothing), operation(actor, _code(resource, action)) as opened:
        reached, again = 0, dict[UUID, str]()
        # A cursor sees what was there when it was opened, whatever this very operation changes meanwhile.
        for ids in _batches(mine.iterator(chunk_size=BATCH)):
            again |= _on_batch(attempt, action, ids, given, tally)
            reached += len(ids)
            if progress is not None:
                progress(reached, tally.total)
        before = None
        while again and len(again) != before:
            before, rest, again = len(again), again, {}
            for ids in _batches(iter(rest)):
                again |= _on_batch(attempt, action, ids, given, tally)
                if progress is not None:
                    progress(reached, tally.total)
        tally.left.update(again.values())
        tally.left += Counter({str(GONE): tally.total - seen, str(NO_RIGHT): seen - reached})
        if not tally.done:
            raise _Nothing
        counted: dict[str, Any] = {"deleted" if action.key == DELETE else "updated": tally.done}
        describe(opened, **counted)
        tally.operation_id = opened.id
    return tally


class _Nothing(Exception):
    """An operation that did nothing is none."""


def _batches(ids: Iterator[UUID]) -> Iterator[list[UUID]]:
    return iter(lambda: list(islice(ids, BATCH)), [])


def _on_batch(
    attempt: guards.Attempt, action: Action, ids: Sequence[UUID], given: Mapping[str, Any], tally: Tally
) -> dict[UUID, str]:
    """Do it to some; returns those that may go once others are done, each with what stands against it now."""
    against = guards.sift(attempt, ids)
    going = [pk for pk in ids if pk not in against]
    tally.left.update(str(one.reason) for one in against.values() if not one.passing)
    tally.warned |= {one.code: one for one in against.values() if not one.blocks}
    later = {pk: str(one.reason) for pk, one in against.items() if one.passing}
    with guards.asked(attempt.resource, attempt.verb):
        return later | _halving(partial(action.service, attempt.actor, **given), going, tally)


def _halving(service: Callable[..., Any], ids: Sequence[UUID], tally: Tally) -> dict[UUID, str]:
    """Call the set service; where it refuses, for ever smaller parts, down to the records it refuses and why."""
    if not ids:
        return {}
    try:
        with transaction.atomic():
            changed = service(ids=ids)
    except Refused as error:
        if len(ids) == 1:
            return {ids[0]: error.words}
        half = len(ids) // 2
        return _halving(service, ids[:half], tally) | _halving(service, ids[half:], tally)
    done = len(ids) if changed is None else int(changed)
    tally.done += done
    tally.left[str(SAME)] += len(ids) - done
    return {}


def said(resource: type[Resource], action: Action, tally: Tally) -> str:
    """What came of it in one sentence: what was done to how many, how many were left alone and why."""
    done = str(action.said) % {"what": resource.count_words(tally.done)}
    if not tally.left:
        return done
    reasons = listed(
        gettext("%(reason)s (%(count)s)") % {"reason": reason.rstrip(".。"), "count": f"{number:,}"}
        for reason, number in tally.left.most_common()
    )
    values = {"done": done if tally.done else gettext("Nothing was changed"), "reasons": reasons}
    return gettext("%(done)s; left alone: %(reasons)s") % values
