"""Many records in one request, set by set: all of it is done, or nothing and every item at fault is told.

What an item may be is said by the field kinds, the resource's matching and its services' set forms. Where a set
form refuses the whole, the items are tried one by one, only to find out which of them it was.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.services import operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.api.bodies import Types
from guanxi.integrations.api.problems import ItemsError, ProblemError, item_problem
from guanxi.kernel.errors import Forbidden, GuanxiError, Invalid, Message, NotFound, Refused, Stale
from guanxi.resource import access, writing
from guanxi.resource.declaration import Resource
from guanxi.resource.links import Link, MemberLink, RecordLink
from guanxi.resource.registry import find

Item = dict[str, Any]


@dataclass(slots=True)
class Faults:
    """What is wrong with which item."""

    request: HttpRequest
    found: dict[int, dict[str, Any]] = field(default_factory=dict)

    def add(self, index: int, error: GuanxiError) -> None:
        """Blame an item; the first that was found stays."""
        self.found.setdefault(index, item_problem(self.request, index, error))

    def settle(self) -> None:
        """Raises ItemsError where anything was found."""
        if self.found:
            raise ItemsError([self.found[index] for index in sorted(self.found)])

    @contextmanager
    def at(self, index: int) -> Any:
        """Take what is raised as this item's fault."""
        try:
            yield
        except ProblemError:
            raise
        except GuanxiError as error:
            self.add(index, error)


def create_all(
    request: HttpRequest,
    actor: Actor,
    resource: type[Resource],
    items: Sequence[Item],
    *,
    allow_duplicate: bool,
) -> tuple[list[Any], UUID]:
    """Create a record for each item; returns them in order, and the operation.

    In place of a record that the actor may not see afterwards (it was made for somebody else) stands its id.
    Raises ItemsError.
    """
    faults = Faults(request)
    create: Any = resource.create

    def one(item: Item) -> Any:
        return create(actor, data={**defaults_for(actor, resource), **item}, allow_duplicate=allow_duplicate)

    with operation(actor, resource.act("create"), summary={"created": len(items)}) as opened:
        if not resource.offers("create_many"):
            return _one_by_one(faults, items, one), opened.id
        rows = _rows(faults, actor, resource, items, allow_duplicate=allow_duplicate)
        try:
            with transaction.atomic():
                ids = resource.create_many(actor, rows=rows)
        except GuanxiError:
            _one_by_one(faults, items, one)
            raise
    seen = access.visible(actor, resource).in_bulk(ids)
    return [seen.get(key, key) for key in ids], opened.id


def change_all(
    request: HttpRequest, actor: Actor, resource: type[Resource], items: Sequence[Item]
) -> tuple[list[Any], UUID]:
    """Change the given fields of each item's record; returns the records in order, and the operation.

    Raises Invalid for a record that is named twice, ItemsError.
    """
    faults, types = Faults(request), Types(actor, resource)
    ids: list[UUID] = [item.pop("id") for item in items]
    versions = [item.pop("version", None) for item in items]
    _once(ids)

    def one(number: int) -> Any:
        edit: Any = resource.edit
        return edit(actor, ids[number], data=items[number], expected_version=versions[number])

    with operation(actor, resource.act("edit"), summary={"count": len(items)}) as opened:
        if not resource.offers("edit_each"):
            for index, item in enumerate(items):
                with faults.at(index):
                    types.check(item)
            return _one_by_one(faults, range(len(items)), one), opened.id
        _standing(faults, actor, resource, ids, versions, "edit")
        cleaner = writing.Cleaner(actor, resource)
        _know_links(cleaner, items)
        changes = []
        for index, item in enumerate(items):
            with faults.at(index):
                types.check(item)
                changes.append((ids[index], cleaner.clean(item, partial=True)))
        faults.settle()
        try:
            with transaction.atomic():
                return resource.edit_each(actor, changes=changes), opened.id
        except GuanxiError:
            _one_by_one(faults, range(len(items)), one)
            raise


def delete_all(
    request: HttpRequest, actor: Actor, resource: type[Resource], items: Sequence[Item]
) -> tuple[int, UUID]:
    """Delete the items' records; returns how many, and the operation. Raises Invalid, ItemsError, Refused."""
    faults = Faults(request)
    ids = [item["id"] for item in items]
    _once(ids)
    with operation(actor, resource.act("delete")) as opened:
        _standing(faults, actor, resource, ids, [item.get("version") for item in items], "delete")
        faults.settle()
        remove: Any = resource.remove_many
        count = remove(actor, ids=ids)
    return count, opened.id


def defaults_for(actor: Actor, resource: type[Resource]) -> Mapping[str, Any]:
    """The declaration's defaults for fields that the actor may write: what he may not is the model's to fill."""
    writable = {kind.name for kind in access.writable(actor, resource)}
    return {name: value for name, value in resource.defaults.items() if name in writable}


def _know_links(cleaner: writing.Cleaner, items: Sequence[Item]) -> None:
    """Look up the ids that all items give for their links at once, so that cleaning them asks nothing more."""
    for name, kind in cleaner.kinds.items():
        if not isinstance(kind, Link):
            continue
        texts = {text for item in items if isinstance(text := item.get(name), str)}
        ids = {text: key for text in texts if (key := _uuid(text)) is not None}
        if isinstance(kind, MemberLink):
            there = set(Member.objects.filter(id__in=ids.values()).values_list("id", flat=True))
        elif isinstance(kind, RecordLink) and ids:
            rows = access.visible(cleaner.actor, find(kind.to)).filter(pk__in=ids.values())
            there = set(rows.values_list("pk", flat=True))
        else:
            continue
        cleaner.known |= {(name, text): key for text, key in ids.items() if key in there}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


# Creating


def _rows(
    faults: Faults, actor: Actor, resource: type[Resource], items: Sequence[Item], *, allow_duplicate: bool
) -> list[writing.Prepared]:
    """The items as rows, cleaned and compared. Raises ItemsError."""
    types = Types(actor, resource)
    cleaner, preparer = writing.Cleaner(actor, resource), writing.Preparer(resource)
    _know_links(cleaner, items)
    defaults = defaults_for(actor, resource)
    owner = resource.kind(resource.owner) if resource.owner else None
    rows: dict[int, writing.Prepared] = {}
    for index, item in enumerate(items):
        with faults.at(index):
            types.check(item)
            values = cleaner.clean({**defaults, **item})
            if owner is not None and owner.name not in item:
                values[owner.column] = actor.member_id
            rows[index] = preparer.prepare(values)
    if resource.matching is not None:
        _compare(faults, actor, resource, rows, allow_duplicate=allow_duplicate)
    faults.settle()
    return list(rows.values())


def _compare(
    faults: Faults,
    actor: Actor,
    resource: type[Resource],
    rows: Mapping[int, writing.Prepared],
    *,
    allow_duplicate: bool,
) -> None:
    """Blame the rows that seem to exist already, or that say the same as one before them."""
    matching = resource.matching
    assert matching is not None  # noqa: S101 - asked before
    keys = {index: key for index, row in rows.items() if (key := matching.keys(row)) is not None}
    matching.lock(keys.values())
    there = matching.find(set(keys.values()))
    before: dict[str, list[tuple[int, Any]]] = {}
    for index, key in keys.items():
        found = there.get(key)
        if found is not None and (found[1] == "certain" or not allow_duplicate):
            same = resource.duplicates(actor, dict(rows[index]))
            faults.add(
                index, Refused("duplicate", _("The record seems to exist already."), {"duplicates": same})
            )
        for share in matching.shares(key):
            for earlier, other in before.get(share, ()):
                verdict = matching.verdict(key, other)
                if verdict and (verdict == "certain" or not allow_duplicate):
                    faults.add(
                        index,
                        Refused(
                            "duplicate", _("The same as item %(index)s of the list."), {"index": earlier}
                        ),
                    )
            before.setdefault(share, []).append((index, key))


# Changing


def _once(ids: Collection[UUID]) -> None:
    if len(set(ids)) < len(ids):
        raise Invalid({"items": [Message("twice", _("A record may stand in the list once only."))]})


def _standing(
    faults: Faults,
    actor: Actor,
    resource: type[Resource],
    ids: Sequence[UUID],
    versions: Sequence[int | None],
    verb: str,
) -> None:
    """Lock the records; blame those that are not there, not the actor's to act on, or at another version."""
    rows = access.visible(actor, resource).filter(pk__in=ids).order_by("pk")
    records = {record.pk: record for record in rows.select_for_update(of=("self",))}
    for index, (key, version) in enumerate(zip(ids, versions, strict=True)):
        record = records.get(key)
        if record is None:
            faults.add(index, NotFound("not_found"))
        elif not access.allows(actor, resource, record, verb):
            faults.add(index, Forbidden(resource.permission(verb)))
        elif version is not None and version != record.version:
            faults.add(index, Stale(current=record.version, expected=version))


def _one_by_one(faults: Faults, items: Sequence[Any], act: Callable[[Any], Any]) -> list[Any]:
    """Carry out item after item; an item at fault is taken back by itself. Raises ItemsError."""
    done = []
    for index, item in enumerate(items):
        with faults.at(index), transaction.atomic():
            done.append(act(item))
    faults.settle()
    return done
