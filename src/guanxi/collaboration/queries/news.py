"""What happened to what people follow, read from the ledger: no write anywhere waits for it.

A walk goes through the operations of a stretch of time and asks for the followers of the rows they touched, set
by set, so that an import of fifty thousand rows costs a few statements. Nobody hears of what he did himself.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby, islice
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef
from django.db.models.fields.json import KeyTextTransform

from guanxi.collaboration.models import Comment, Follow
from guanxi.collaboration.queries.following import followers_of, without_own
from guanxi.foundation.ledger.images import former_names
from guanxi.foundation.ledger.models import Change, Operation
from guanxi.foundation.permissions.actor import system_actor
from guanxi.foundation.tenancy.scope import require_scope
from guanxi.resource import access, registry
from guanxi.resource.declaration import Resource

MANY = 5  # followed records of one person that one act touched, from which it is told of as one
_MOST = 200  # records told of to one person at once
_OPERATIONS, _ROWS = 200, 5000
_LARGE = 1000  # rows of an act from which its followers are only counted, by the database
_SILENT = ("setup",)  # doors through which a company is furnished, and nobody needs to hear of it

Place = tuple[str, UUID]  # resource key, record id


@dataclass(frozen=True, slots=True)
class Mass:
    """One act that touched many records somebody follows."""

    operation_id: UUID
    resource: str
    count: int


@dataclass(slots=True)
class Heard:
    """What one person is to hear of: changes of records (by id of the ledger), how often each was commented on,
    and acts on many at once."""

    changes: dict[Place, list[int]] = field(default_factory=dict)
    comments: dict[Place, int] = field(default_factory=dict)
    masses: list[Mass] = field(default_factory=list)

    @property
    def places(self) -> list[Place]:
        """The records, those with changes first."""
        return list(dict.fromkeys((*self.changes, *self.comments)))

    def as_json(self) -> dict[str, Any]:
        """Plain data, for the arguments of a job."""
        return {
            "changes": [[key, str(row), ids] for (key, row), ids in self.changes.items()],
            "comments": [[key, str(row), count] for (key, row), count in self.comments.items()],
            "masses": [[str(one.operation_id), one.resource, one.count] for one in self.masses],
        }

    @classmethod
    def of_json(cls, data: Mapping[str, Any]) -> "Heard":
        """What `as_json` wrote."""
        return cls(
            {(key, UUID(row)): ids for key, row, ids in data["changes"]},
            {(key, UUID(row)): count for key, row, count in data["comments"]},
            [Mass(UUID(act), key, count) for act, key, count in data["masses"]],
        )


@dataclass(frozen=True, slots=True)
class _Row:
    """A change, without its images."""

    id: int
    operation_id: UUID
    actor_id: UUID | None
    resource: type[Resource]
    row_id: UUID
    action: str
    owner: UUID | None  # of a deleted row, from its image


def heard(
    since: datetime, until: datetime, *, only: UUID | None = None, comments: bool = False
) -> dict[UUID, Heard]:
    """What everybody (or `only` one member) is to hear of between two moments, by member.

    `since` is exclusive. `comments` counts them too, which their mentions and followers were told of at once.
    """
    found: dict[UUID, Heard] = defaultdict(Heard)
    for operations in _operations(since, until):
        large = _large(operations)
        for operation_id, resource in large:
            _take_large(found, operation_id, resource, only)
        for batch in _batches(
            _changes([one for one in operations if one not in {act for act, _kind in large}])
        ):
            _take(found, batch, _followers(batch), only)
    if comments:
        _count_comments(found, since, until, only)
    return dict(found)


def _operations(since: datetime, until: datetime) -> Iterator[list[UUID]]:
    rows = Operation.objects.filter(at__gt=since, at__lte=until).exclude(door__in=_SILENT)
    ids = iter(list(rows.order_by("at", "id").values_list("id", flat=True)))
    while part := list(islice(ids, _OPERATIONS)):
        yield part


def _tables() -> dict[str, type[Resource]]:
    """Tables of records by every name they have had."""
    return {
        name: resource
        for resource in registry.every()
        for name in former_names(resource.model._meta.db_table, ())[0]
    }


def _large(operations: Sequence[UUID]) -> list[tuple[UUID, type[Resource]]]:
    """Acts so large that nobody wants to hear of each record, with the kinds of record they touched."""
    tables = _tables()
    rows = Change.objects.filter(operation_id__in=operations, table_name__in=tables).order_by()
    counted = rows.values_list("operation_id", "table_name").annotate(n=Count("id"))
    found = [(act, tables[table], count) for act, table, count in counted if act is not None]
    large = {act for act, _kind, count in found if count > _LARGE}
    return [(act, kind) for act, kind, _count in found if act in large]


def _take_large(
    found: dict[UUID, Heard], operation_id: UUID, resource: type[Resource], only: UUID | None
) -> None:
    """Count each follower's records of an act."""
    act = Operation.objects.get(id=operation_id)
    names = [name for name, kind in _tables().items() if kind is resource]
    changes = Change.objects.filter(operation_id=operation_id, table_name__in=names)
    touched = changes.values("row_id")
    said = Follow.objects.filter(resource=resource.key)
    counts: Counter[UUID] = Counter()
    explicit = said.filter(on=True, record_id__in=touched).order_by().values_list("member_id")
    counts.update(dict(explicit.annotate(n=Count("id"))))
    if resource.owner:
        column = resource.kind(resource.owner).column
        # Where somebody said that he follows, or that he does not, it was counted above or does not count.
        mine = Exists(said.filter(record_id=OuterRef("pk"), member_id=OuterRef(column)))
        there = _there(resource, None).filter(~mine, pk__in=touched)
        gone = changes.filter(action=Change.DELETE).annotate(owner=KeyTextTransform(column, "old"))
        owned = _by_owner(there.order_by().values_list(column).annotate(n=Count("pk")))
        owned += _by_owner(gone.order_by().values_list("owner").annotate(n=Count("id")))
        for member_id in without_own(owned):
            del owned[member_id]
        counts += owned
    for member_id, count in counts.items():
        if count and member_id != act.actor_id and only in (None, member_id):
            found[member_id].masses.append(Mass(operation_id, resource.key, count))


def _by_owner(rows: Iterable[tuple[Any, int]]) -> Counter[UUID]:
    return Counter({UUID(str(owner)): count for owner, count in rows if owner})


def _changes(operations: Sequence[UUID]) -> Iterator[_Row]:
    """Changes of records in these operations, an operation's together."""
    tables = _tables()
    owners = {resource.kind(resource.owner).column for resource in tables.values() if resource.owner}
    rows = Change.objects.filter(operation_id__in=operations, table_name__in=tables)
    rows = rows.order_by("operation_id", "id").annotate(
        **{f"was_{column}": KeyTextTransform(column, "old") for column in owners}
    )
    names = ["id", "operation_id", "actor_id", "table_name", "row_id", "action"]
    for row in rows.values(*names, *(f"was_{column}" for column in owners)).iterator(chunk_size=_ROWS):
        resource = tables[row["table_name"]]
        owner = row[f"was_{resource.kind(resource.owner).column}"] if resource.owner else None
        gone = row["action"] == Change.DELETE
        yield _Row(
            row["id"],
            row["operation_id"],
            row["actor_id"],
            resource,
            row["row_id"],
            row["action"],
            UUID(owner) if gone and owner else None,
        )


def _batches(rows: Iterable[_Row]) -> Iterator[list[_Row]]:
    rest = iter(rows)
    while part := list(islice(rest, _ROWS)):
        yield part


def _followers(batch: Sequence[_Row]) -> dict[Place, Collection[UUID]]:
    found: dict[Place, Collection[UUID]] = {}
    by_key = sorted(batch, key=lambda row: row.resource.key)
    for key, rows in groupby(by_key, key=lambda row: row.resource.key):
        resource = registry.find(key)
        owners: dict[UUID, UUID | None] = {row.row_id: row.owner for row in rows}
        if resource.owner:
            column = resource.kind(resource.owner).column
            owners |= dict(_there(resource, owners).values_list("pk", column))
        found |= {(key, row): members for row, members in followers_of(resource, owners).items()}
    return found


def _there(resource: type[Resource], ids: Iterable[UUID] | None) -> Any:
    """The records that exist. Who sees one is looked at when he is told; here only whose it is."""
    rows = access.visible(system_actor(require_scope().tenant_id), resource)
    return rows if ids is None else rows.filter(pk__in=list(ids))


def _take(
    found: dict[UUID, Heard],
    batch: Sequence[_Row],
    followers: Mapping[Place, Collection[UUID]],
    only: UUID | None,
) -> None:
    """Give everybody his part of a batch; of an act on many of his records only that it was one."""
    together = sorted(batch, key=_act)
    for (operation_id, key), rows in groupby(together, key=_act):
        mine: dict[UUID, dict[UUID, list[int]]] = defaultdict(lambda: defaultdict(list))
        for row in rows:
            for member_id in followers.get((key, row.row_id), ()):
                if member_id != row.actor_id and only in (None, member_id):
                    mine[member_id][row.row_id].append(row.id)
        for member_id, records in mine.items():
            told = found[member_id]
            before = next((one for one in told.masses if one.operation_id == operation_id), None)
            if before is not None or len(records) >= MANY or len(told.changes) >= _MOST:
                count = len(records) + (before.count if before else 0)
                told.masses = [one for one in told.masses if one is not before]
                told.masses.append(Mass(operation_id, key, count))
                continue
            for row_id, ids in records.items():
                told.changes.setdefault((key, row_id), []).extend(ids)


def _act(row: _Row) -> tuple[UUID, str]:
    return row.operation_id, row.resource.key


def _count_comments(found: dict[UUID, Heard], since: datetime, until: datetime, only: UUID | None) -> None:
    rows = Comment.objects.filter(created_at__gt=since, created_at__lte=until).order_by("resource")
    said = rows.values_list("resource", "record_id", "author_id")
    for key, group in groupby(said, key=lambda row: row[0]):
        resource = registry.find_by_key(key)
        if resource is None:
            continue
        by_record: dict[UUID, list[UUID | None]] = defaultdict(list)
        for _key, record_id, author_id in group:
            by_record[record_id].append(author_id)
        there = _there(resource, by_record)
        column = resource.kind(resource.owner).column if resource.owner else ""
        owners: dict[UUID, UUID | None] = (
            dict(there.values_list("pk", column))
            if column
            else dict.fromkeys(there.values_list("pk", flat=True))
        )
        for record_id, members in followers_of(resource, owners).items():
            for member_id in members:
                count = sum(author != member_id for author in by_record[record_id])
                if count and only in (None, member_id):
                    found[member_id].comments[key, record_id] = count
