"""Guards of upper contexts, asked about the rows of a file before anything is written.

Nobody can be asked while a file is read, so that a warning keeps a row out as a block does, with its reason: it
stands among the rejected rows, and can be done by hand.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.imports.verdicts import Candidate, Verdict
from guanxi.kernel.errors import Message
from guanxi.resource import guards
from guanxi.resource.declaration import Resource
from guanxi.resource.guards import Attempt


def against_new(
    actor: Actor, resource: type[Resource], candidates: Sequence[Candidate]
) -> Mapping[UUID, Message]:
    """What speaks against creating rows, by the keys they would have; asked before others are compared with them."""
    if not guards.is_guarded(resource, "create"):
        return {}
    # What a row links to was looked up after it had been prepared.
    rows = [{**one.prepared, **one.values} for one in candidates if one.prepared is not None]
    against = guards.sift(Attempt(actor, resource, "create"), guards.drafts(resource, rows))
    return {key: Message(one.code, one.reason) for key, one in against.items()}


def reject_edits(actor: Actor, resource: type[Resource], verdicts: Sequence[Verdict]) -> None:
    """Reject the rows that would change a record which a guard speaks for, or give it to somebody where one speaks
    against that."""
    _reject_gifts(actor, resource, verdicts)
    old = [one for one in verdicts if one.action == "update" and not one.late and one.record_id is not None]
    if not old or not guards.is_guarded(resource, "edit"):
        return
    _reject(old, guards.sift(Attempt(actor, resource, "edit"), {one.record_id for one in old}))


def _reject_gifts(actor: Actor, resource: type[Resource], verdicts: Sequence[Verdict]) -> None:
    if not resource.owner or not guards.is_guarded(resource, "assign"):
        return
    column = resource.kind(resource.owner).column
    given: dict[Any, list[Verdict]] = {}
    for one in verdicts:
        if one.action == "update" and not one.late and one.changes.get(column) is not None:
            given.setdefault(one.changes[column], []).append(one)
    for owner, mine in given.items():
        attempt = Attempt(actor, resource, "assign", {column: owner})
        _reject(mine, guards.sift(attempt, {one.record_id for one in mine}))


def _reject(verdicts: Sequence[Verdict], against: Mapping[UUID, guards.Verdict]) -> None:
    for verdict in verdicts:
        found = against.get(verdict.record_id) if verdict.record_id is not None else None
        if found is not None:
            verdict.action, verdict.changes = "reject", {}
            verdict.reason = Message(found.code, found.reason)
