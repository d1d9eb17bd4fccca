"""A set of files with which a company moves in, between their arrival and the move: kept as uploads are."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.imports.former import MOVE
from guanxi.integrations.imports.uploads import (
    Upload,
    forget,
    keep_upload,
    kept_in,
    open_upload,
    read_state,
    write_state,
)
from guanxi.integrations.moves.colleagues import Colleague, colleagues_of, matched
from guanxi.integrations.moves.hiring import NEWCOMER
from guanxi.integrations.moves.recognising import MEMBERS, NO_PLACE, places, usual_of, what_of
from guanxi.kernel.errors import NotFound
from guanxi.kernel.ids import new_id
from guanxi.resource.declaration import Resource
from guanxi.resource.registry import find, find_by_key

_STATE = "set.json"


@dataclass(frozen=True, slots=True)
class MoveFile:
    """One file: its upload, and what it holds (`recognising.what_of`)."""

    upload: UUID
    holds: str


@dataclass(frozen=True, slots=True)
class MoveSet:
    """Files that come in together. `people` says who of us the users of the other program are, by their keys there; ""
    for nobody. `refused` is why the last attempt was not carried out, as `words.kept_why` keeps it."""

    id: UUID
    tenant_id: UUID
    member_id: UUID | None
    files: tuple[MoveFile, ...] = ()
    people: dict[str, str] = field(default_factory=dict)
    language: str = "zh-hans"
    refused: Any = ""

    @property
    def folder(self) -> Path:
        return kept_in(self.tenant_id, self.id)

    def save(self) -> "MoveSet":
        """Write down what was chosen."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        state = {key: value for key, value in asdict(self).items() if key not in ("id", "tenant_id")}
        write_state(self.folder / _STATE, state)
        return self

    def uploads(self) -> list[tuple[MoveFile, Upload]]:
        """The files with their uploads, but for those that are kept no longer."""
        found = []
        for one in self.files:
            with suppress(NotFound):
                found.append((one, open_upload(self.tenant_id, one.upload)))
        return found

    def in_order(self, actor: Actor) -> list[tuple[type[Resource], Upload]]:
        """The files that have a place here, what others point to first."""
        rank = {resource.key: at for at, resource in enumerate(places(actor))}
        known = [(one, upload) for one, upload in self.uploads() if one.holds in rank]
        known.sort(key=lambda pair: rank[pair[0].holds])
        found = [(find_by_key(one.holds), upload) for one, upload in known]
        return [(resource, upload) for resource, upload in found if resource is not None]

    def without_place(self) -> list[tuple[str, Upload]]:
        """The files of what has no place here yet, and those that nobody knows."""
        return [
            (one.holds, upload) for one, upload in self.uploads() if one.holds in NO_PLACE or not one.holds
        ]

    def colleagues(self) -> list[Colleague]:
        """The users that its files name. Raises Unreadable."""
        found: dict[str, Colleague] = {}
        for one, upload in self.uploads():
            if one.holds == MEMBERS:
                table = upload.table(_any())
                found |= {user.key: user for user in colleagues_of(table) if user.key not in found}
        return list(found.values())

    def with_people(self) -> "MoveSet":
        """With the users that are told by themselves."""
        known = {key: str(member) for key, member in matched(self.colleagues()).items()}
        return replace(self, people={**known, **{k: v for k, v in self.people.items() if v}})


def begin_set(actor: Actor, language: str) -> MoveSet:
    """A set without files. Raises Forbidden."""
    actor.require(MOVE)
    move = MoveSet(new_id(), actor.tenant_id, actor.member_id, language=language)
    return move.save()


def find_set(actor: Actor, set_id: UUID) -> MoveSet:
    """A set of the company's. Raises Forbidden, NotFound."""
    actor.require(MOVE)
    return open_set(actor.tenant_id, set_id)


def open_set(tenant_id: UUID, set_id: UUID) -> MoveSet:
    """A set, for its job. Raises NotFound."""
    state = read_state(kept_in(tenant_id, set_id) / _STATE)
    if state is None:
        raise NotFound("set_not_found")
    member = state.pop("member_id")
    files = tuple(MoveFile(UUID(one["upload"]), one["holds"]) for one in state.pop("files"))
    return MoveSet(set_id, tenant_id, UUID(member) if member else None, files=files, **state)


def add_file(actor: Actor, move: MoveSet, *, name: str, chunks: Iterable[bytes]) -> MoveSet:
    """Take a file into a set, as what it seems to hold. Raises Forbidden, Unreadable, Unavailable."""
    actor.require(MOVE)
    upload = keep_upload(actor, _any(), name=name, chunks=chunks, language=move.language)
    holds = what_of(actor, upload.name, upload.table(_any()).headers)
    move = replace(move, files=(*move.files, MoveFile(upload.id, holds)))
    return choose(actor, move, upload.id, holds)


def choose(actor: Actor, move: MoveSet, upload_id: UUID, holds: str) -> MoveSet:
    """Say what a file holds; its columns are matched anew. Raises Unreadable, NotFound."""
    upload = open_upload(actor.tenant_id, upload_id)
    resource = find_by_key(holds) if holds in {one.key for one in places(actor)} else None
    upload = replace(upload, resource=(resource or _any()).key, move=str(move.id), chosen={}, head=None)
    upload = replace(upload, constants=usual_of(holds, upload.name))
    upload = upload.begun(actor, resource or _any())
    upload.save()
    files = tuple(MoveFile(one.upload, holds if one.upload == upload_id else one.holds) for one in move.files)
    return replace(move, files=files, refused="").with_people().save()


def leave_out(actor: Actor, move: MoveSet, upload_id: UUID) -> MoveSet:
    """Take a file out of a set."""
    for one in move.files:
        if one.upload == upload_id:
            forget(open_upload(actor.tenant_id, upload_id))
    return replace(move, files=tuple(one for one in move.files if one.upload != upload_id)).save()


def explain(move: MoveSet, meanings: Mapping[str, dict[str, str]]) -> None:
    """Say once what values mean, by head, for every file that has such a column."""
    for one, upload in move.uploads() if meanings else ():
        if one.holds not in (MEMBERS, *NO_PLACE, ""):
            heads = upload.table(find(one.holds)).headers
            replace(
                upload, meanings={**upload.meanings, **{h: dict(meanings[h]) for h in heads if h in meanings}}
            ).save()


def welcome_all(move: MoveSet) -> MoveSet:
    """Let everybody who is nobody of us become a colleague."""
    return set_people(move, {one.key: NEWCOMER for one in move.colleagues() if not move.people.get(one.key)})


def set_people(move: MoveSet, people: dict[str, str]) -> MoveSet:
    """Say who of us the users of the other program are."""
    return replace(move, people={**move.people, **people}).save()


def _any() -> Any:
    """A resource whose heads a file is read by as long as nobody knows what it holds."""
    found = find_by_key("customers")
    assert found is not None  # noqa: S101 - every company has customers
    return found


def sets_of(actor: Actor) -> list[MoveSet]:
    """The sets that are kept, the newest first. Raises Forbidden."""
    actor.require(MOVE)
    root = kept_in(actor.tenant_id, actor.tenant_id).parent
    names = sorted((path.parent.name for path in root.glob(f"*/{_STATE}")), reverse=True)
    return [open_set(actor.tenant_id, UUID(name)) for name in names]
