"""Guards: what speaks for or against a verb before it is carried out, asked in order, answered in words.

::

    @guard("customers", "delete", order=20)
    def open_complaints(attempt: Attempt, records: Sequence[Customer]) -> Mapping[UUID, Verdict]:
        found = open_tickets_by_customer([record.pk for record in records])
        return {pk: warn("service.open_complaint", _("It has an open complaint.")) for pk in found}

A guard sees one record or thousands, so it asks the database once for all of them; what it does not name is
allowed. Services ask (`check`, `check_new`, `check_edit`) inside their operation, and what is spoken against raises;
bulk work asks before them (`sift`), and leaves it alone. A warning is passed by whoever was shown it and goes on:
`accepting` the codes he was shown. That is noted on the operation. Upper contexts guard the verbs of lower ones
without their knowing.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from guanxi.foundation.ledger.services import current_operation, describe
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Refused
from guanxi.kinds.kind import Words
from guanxi.resource import own
from guanxi.resource.declaration import Resource

EVERY_WARNING = "*"
NOTED = "accepted_warnings"  # in an operation's summary: codes of warnings somebody went on in spite of
_accepted: ContextVar[frozenset[str]] = ContextVar("guanxi_accepted_warnings", default=frozenset())
_asked: ContextVar[tuple[str, str] | None] = ContextVar("guanxi_guards_asked", default=None)


@dataclass(frozen=True, slots=True)
class Attempt:
    """Who wants to do what; `values` are the new ones by stored column, or an action's inputs by name."""

    actor: Actor
    resource: type[Resource]
    verb: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One guard's word on one record. One that is `passing` may be gone when others of the same set are done."""

    code: str
    reason: Words
    blocks: bool
    passing: bool = False


class Warned(Refused):
    """Nothing was done: `warnings` were not accepted."""

    def __init__(self, warnings: Sequence[Verdict]) -> None:
        self.warnings = list({one.code: one for one in warnings}.values())
        super().__init__("warned", " ".join(str(one.reason) for one in self.warnings))


def codes_of(error: Refused) -> str:
    """What accepts the warnings of a refusal; "" where it is none that can be passed."""
    return ",".join(one.code for one in error.warnings) if isinstance(error, Warned) else ""


def warn(code: str, reason: Words) -> Verdict:
    """Something to know first; `code` is "context.word". Goes on once accepted."""
    return Verdict(code, reason, blocks=False)


def block(code: str, reason: Words, *, passing: bool = False) -> Verdict:
    """It cannot be done. The reason says what would have to be otherwise."""
    return Verdict(code, reason, blocks=True, passing=passing)


Guard = Callable[[Attempt, Sequence[Any]], Mapping[UUID, Verdict]]
G = TypeVar("G", bound=Guard)
_guards: dict[tuple[str, str], list[tuple[int, Guard]]] = {}
_never_warn: set[Guard] = set()
_asleep: dict[Guard, Callable[[], bool]] = {}


def guard(
    resource: str, verb: str, *, order: int = 50, warns: bool = True, when: Callable[[], bool] | None = None
) -> Callable[[G], G]:
    """Register a guard of a verb ("create", "edit", "delete", an action's) of the resource with a key.

    Those of lower order are asked first. Of a create the records are drafts, not saved yet. One that only blocks says
    so with `warns=False`: nobody is asked whether to go on in spite of it. `when` says whether it has anything to say
    in this company at all: an import draws up no drafts for nothing.
    """

    def register(function: G) -> G:
        standing = _guards.setdefault((resource, verb), [])
        standing.append((order, function))
        standing.sort(key=lambda one: one[0])
        if when is not None:
            _asleep[function] = when
        if not warns:
            _never_warn.add(function)
        return function

    return register


def guarded() -> Iterable[tuple[str, str]]:
    """Every resource and verb that has a guard."""
    return [key for key, standing in _guards.items() if standing]


def is_guarded(resource: type[Resource], verb: str) -> bool:
    """Whether anybody is asked."""
    return bool(_awake(resource, verb))


def _awake(resource: type[Resource], verb: str) -> list[Guard]:
    standing = (function for _order, function in _guards.get((resource.key, verb), ()))
    return [one for one in standing if one not in _asleep or _asleep[one]()]


def may_warn(resource: type[Resource], verb: str) -> bool:
    """Whether anybody who is asked may warn."""
    return any(function not in _never_warn for function in _awake(resource, verb))


@contextmanager
def accepting(codes: Collection[str]) -> Iterator[None]:
    """Within, warnings with these codes are passed: a door's word for whoever saw them. `EVERY_WARNING` is all."""
    token = _accepted.set(_accepted.get() | {code for text in codes for code in text.split(",") if code})
    try:
        yield
    finally:
        _accepted.reset(token)


@contextmanager
def asked(resource: type[Resource], verb: str) -> Iterator[None]:
    """Within, the guards of this verb are not asked again: whoever calls the service has asked them."""
    token = _asked.set((resource.key, verb))
    try:
        yield
    finally:
        _asked.reset(token)


def check(
    actor: Actor,
    resource: type[Resource],
    verb: str,
    which: Collection[Any],
    values: Mapping[str, Any] | None = None,
) -> None:
    """Ask the guards about records, which were read already or are named by their ids.

    Raises Refused with a blocking guard's code and reason, Warned for warnings that nobody has accepted.
    """
    if _asked.get() != (resource.key, verb) and (awake := _awake(resource, verb)):
        _check(Attempt(actor, resource, verb, values or {}), _records(resource, which), awake)


def _check(attempt: Attempt, records: Sequence[Any], awake: Sequence[Guard]) -> None:
    verdicts = [one for said in _ask(attempt, records, awake).values() for one in said]
    for one in verdicts:
        if one.blocks:
            raise Refused(one.code, one.reason)
    if against := [one for one in verdicts if not _is_accepted(one)]:
        raise Warned(against)
    _note(verdicts)


def check_new(actor: Actor, resource: type[Resource], rows: Sequence[Mapping[str, Any]]) -> None:
    """`check` of records about to be created from values by stored column."""
    if _asked.get() != (resource.key, "create") and (awake := _awake(resource, "create")):
        attempt = Attempt(actor, resource, "create", rows[0] if len(rows) == 1 else {})
        _check(attempt, drafts(resource, rows), awake)


def drafts(resource: type[Resource], rows: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Records as they would be, not saved, from values by stored column."""
    return [resource.model(**own.fold(resource.fields(), row, {})) for row in rows]


def check_edit(
    actor: Actor, resource: type[Resource], which: Collection[Any], values: Mapping[str, Any] | None = None
) -> None:
    """`check` of a change; where it gives records to somebody else, of assigning them too. Without `values` each
    record has its own."""
    check(actor, resource, "edit", which, values)
    owner = resource.kind(resource.owner) if resource.owner and is_guarded(resource, "assign") else None
    if owner is not None and values and owner.column in values:
        records = _records(resource, which)
        given = [one for one in records if owner.value(one) != values[owner.column]]
        check(actor, resource, "assign", given, values)


def _records(resource: type[Resource], which: Collection[Any]) -> Sequence[Any]:
    ids = [one for one in which if isinstance(one, UUID)]
    return list(resource.model._default_manager.filter(pk__among=ids)) if ids else list(which)


def sift(attempt: Attempt, which: Collection[Any]) -> dict[UUID, Verdict]:
    """Of records, or of those with these ids, the ones to be left alone; each with the first verdict against it."""
    if not (awake := _awake(attempt.resource, attempt.verb)):
        return {}
    left, passed = {}, []
    for pk, said in _ask(attempt, _records(attempt.resource, which), awake).items():
        against = next((one for one in said if one.blocks or not _is_accepted(one)), None)
        if against is None:
            passed += said
        else:
            left[pk] = against
    _note(passed)
    return left


def _ask(attempt: Attempt, records: Sequence[Any], awake: Sequence[Guard]) -> dict[UUID, list[Verdict]]:
    """What is said of each record; one that is blocked is not asked about any further."""
    said: dict[UUID, list[Verdict]] = {}
    rest = list(records)
    for each in awake:
        found = each(attempt, rest) if rest else {}
        for pk, verdict in found.items():
            said.setdefault(pk, []).append(verdict)
        rest = [record for record in rest if not (record.pk in found and found[record.pk].blocks)]
    return said


def _is_accepted(verdict: Verdict) -> bool:
    return not verdict.blocks and bool({verdict.code, EVERY_WARNING} & _accepted.get())


def _note(passed: Iterable[Verdict]) -> None:
    opened = current_operation()
    if opened is None:
        return
    before = opened.summary.get(NOTED, [])
    if fresh := {one.code for one in passed} - set(before):
        noted: dict[str, Any] = {NOTED: [*before, *sorted(fresh)]}
        describe(opened, **noted)
