"""The doors for reading: what an actor may see of a resource, row by row and field by field."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from guanxi.foundation.permissions.actor import VEILED, Actor
from guanxi.foundation.search.grams import holds, words_of
from guanxi.foundation.search.queries import CANDIDATES, Hit
from guanxi.foundation.search.queries import find as find_entries
from guanxi.foundation.search.services import Found
from guanxi.foundation.search.services import found_by as indexed
from guanxi.kernel.errors import Forbidden, NotFound
from guanxi.kernel.text import bare
from guanxi.kinds.kind import Kind
from guanxi.resource import own
from guanxi.resource.declaration import Resource
from guanxi.resource.keeping import Line
from guanxi.resource.reach import Everything, Members
from guanxi.resource.withholding import masking

_MANY = 5_000  # entries looked through for those within reach


def reach_q(actor: Actor, resource: type[Resource], verb: str) -> Q:
    """The condition of a code's reach. Matches nothing where the code is not held."""
    code = resource.permission(verb)
    if not actor.may(code):
        return Q(pk__in=[])
    within = actor.members_within(code)
    found = Q() if within is None else resource.reach_of(verb).q(resource, within)
    return found if resource.discretion is None else found & resource.discretion.q(actor, verb)


def visible(actor: Actor, resource: type[Resource], verb: str = "view") -> "QuerySet[Any]":
    """The rows an actor may see (or act on, with another verb). The only way rows are read."""
    rows = resource.model._default_manager.filter(reach_q(actor, resource, verb))
    # From who may change a row nothing of it is withheld.
    return _masked(actor, resource, rows) if verb in ("view", "export") else rows


def again(actor: Actor, resource: type[Resource], keys: Collection[UUID]) -> "QuerySet[Any]":
    """Rows whose keys `visible` gave the actor in this request: they are not looked for in his reach once more."""
    return _masked(actor, resource, resource.model._default_manager.filter(pk__among=list(keys)))


def _masked(actor: Actor, resource: type[Resource], rows: "QuerySet[Any]") -> "QuerySet[Any]":
    if resource.withheld is None or not resource.withheld.names(actor):
        return rows
    return masking(rows, resource.withheld, actor)


def get(
    actor: Actor, resource: type[Resource], record_id: UUID | str, *, verb: str = "view", lock: bool = False
) -> Any:
    """One record, locked where it is about to be changed.

    Raises NotFound where it is absent, foreign or invisible, Forbidden where only the verb is missing.
    """
    rows = visible(actor, resource).select_related(*lookups(resource, resource.fields()))
    if lock:
        rows = rows.select_for_update(of=("self",))
    record = rows.filter(pk=record_id).first()
    if record is None:
        raise NotFound("not_found", {"resource": resource.key})
    if verb != "view":
        require(actor, resource, record, verb)
    return record


def require(actor: Actor, resource: type[Resource], record: Any, verb: str) -> None:
    """Raises Forbidden where the actor may not do this to this record."""
    code = resource.permission(verb)
    if not allows(actor, resource, record, verb):
        raise Forbidden(code)


def allows(actor: Actor, resource: type[Resource], record: Any, verb: str) -> bool:
    """Whether the actor may do this to this record."""
    code = resource.permission(verb)
    within = actor.members_within(code)
    if resource.discretion is not None and not resource.discretion.shows(actor, record, verb):
        return False
    if not actor.may(code) or within is None:
        return actor.may(code)
    return resource.reach_of(verb).holds(resource, record, within)


def reached(actor: Actor, resource: type[Resource], image: Mapping[str, Any], verb: str) -> bool:
    """Whether the actor's reach held a record that is gone, by its whole image of the ledger."""
    code = resource.permission(verb)
    within = actor.members_within(code)
    if resource.discretion is not None and not resource.discretion.showed(actor, image, verb):
        return False
    if not actor.may(code) or within is None:
        return actor.may(code)
    return resource.reach_of(verb).held(resource, image, within)


def lookups(resource: type[Resource], names: Iterable[str]) -> list[str]:
    """Relations to fetch for these fields."""
    found = [path for name in names for path in resource.kind(name).lookups()]
    return list(dict.fromkeys(found))


# Fields


def mode(actor: Actor, kind: Kind) -> str | None:
    """What the actor's rights leave of a field: None (everything), "read_only", "mask" or "hide"."""
    if kind.code and not actor.may(kind.code):
        return "hide"
    ruled = actor.field_mode(kind.resource.key, kind.name)
    if kind.set_code and not actor.may(kind.set_code):
        return {None: "read_only", VEILED[0]: VEILED[1]}.get(ruled, ruled)
    return ruled


def readable(actor: Actor, resource: type[Resource], names: Sequence[str] | None = None) -> list[Kind]:
    """Declared fields the actor may know of; masked ones are among them."""
    fields = resource.fields()
    wanted = fields if names is None else (name for name in names if name in fields)
    return [fields[name] for name in wanted if mode(actor, fields[name]) != "hide"]


def is_masked(actor: Actor, kind: Kind) -> bool:
    """Whether the actor sees only a mask of the field, for good or until asking for it."""
    return mode(actor, kind) in ("mask", *VEILED)


def is_veiled(actor: Actor, kind: Kind) -> bool:
    """Whether the company masks the field until somebody asks for one record's."""
    return mode(actor, kind) in VEILED


def is_open(actor: Actor, kind: Kind) -> bool:
    """Whether the actor may sort, filter and search by the field: a mask that can be probed is none."""
    return mode(actor, kind) in (None, "read_only")


def withheld(actor: Actor, resource: type[Resource], record: Any) -> frozenset[str]:
    """Which fields of this record are not for the actor, though he may read them of others."""
    if resource.withheld is None or not resource.withheld.names(actor):
        return frozenset()
    return resource.withheld.of(actor, record)


def openly(actor: Actor, resource: type[Resource], name: str) -> "QuerySet[Any]":
    """The rows an actor may see of which this field is not withheld from him."""
    rows = visible(actor, resource)
    if resource.withheld is None or name not in resource.withheld.names(actor):
        return rows
    return rows.exclude(resource.withheld.rows(actor, name))


def may_look(actor: Actor, kind: Kind, record: Any) -> bool:
    """Whether the actor may ask for a field of this record that is masked: by the company's setting, or because it is
    withheld as long as it lies in a pool."""
    resource: Any = kind.resource
    if is_veiled(actor, kind):
        return True
    held = withheld(actor, resource, record)
    return kind.name in held and bool(resource.withheld.looks(actor, record, kind.name))


def closed(actor: Actor, resource: type[Resource]) -> frozenset[str]:
    """The fields by which the actor may not sort, filter and search."""
    return frozenset(kind.name for kind in resource.fields().values() if not is_open(actor, kind))


def writable(actor: Actor, resource: type[Resource]) -> list[Kind]:
    """Fields the actor may set."""
    return [kind for kind in resource.writable() if mode(actor, kind) in (None, VEILED[0])]


# Search


def search(
    actor: Actor, resource: type[Resource], text: str, *, limit: int = 20, lately: Sequence[UUID] = ()
) -> list[Hit]:
    """Records found by a piece of text, those the actor may see only; of the equally close those of `lately` first."""
    code = resource.permission("view")
    if not actor.may(code) or resource.search_text.__func__ is Resource.search_text.__func__:  # type: ignore[attr-defined]
        return []
    shut = closed(actor, resource)
    beside = resource.beside
    if resource.withheld is not None and (names := resource.withheld.names(actor)):
        hits = _entries(actor, resource, text, CANDIDATES, lately)
        hits = _by_what_is_not_withheld(actor, resource, hits, text, names | shut)
        if not shut:
            return hits[:limit]
        return _by_open_fields(resource, hits, text, shut, {})[:limit]
    if not shut and (beside is None or beside.is_open(actor)):
        return _entries(actor, resource, text, limit, lately)
    hits = _entries(actor, resource, text, CANDIDATES, lately)
    more = beside.lines([hit.id for hit in hits]) if beside and beside.is_open(actor) else {}
    return _by_open_fields(resource, hits, text, shut, more)[:limit]


def _by_what_is_not_withheld(
    actor: Actor, resource: type[Resource], hits: Sequence[Hit], text: str, shut: Collection[str]
) -> list[Hit]:
    """Hits without those records that are found only by what is withheld of them."""
    records = resource.model._default_manager.in_bulk([hit.id for hit in hits])
    doubtful = {pk for pk, record in records.items() if withheld(actor, resource, record)}
    open_ones = _by_open_fields(resource, [hit for hit in hits if hit.id in doubtful], text, shut, {})
    by_id = {hit.id: hit for hit in open_ones}
    return [
        by_id.get(hit.id, hit)
        for hit in hits
        if hit.id in by_id or (hit.id in records and hit.id not in doubtful)
    ]


def _entries(
    actor: Actor, resource: type[Resource], text: str, limit: int, lately: Sequence[UUID]
) -> list[Hit]:
    """Hits within reach. Entries know the owner of their record; of another reach more are fetched, and looked at."""
    within = actor.members_within(resource.permission("view"))
    if within is None or isinstance(resource.reach, Everything):
        return find_entries(resource.key, text, owners=None, limit=limit, lately=lately)
    simply = resource.reach.simply(resource, within)
    if simply is not None:
        return find_entries(
            resource.key, text, owners=simply.members, limit=limit, lately=lately, beside=simply.rows
        )
    found: list[Hit] = []
    for many in (CANDIDATES, _MANY):
        hits = find_entries(resource.key, text, owners=None, limit=many, lately=lately, candidates=many)
        seen = set(
            visible(actor, resource).filter(pk__among=[hit.id for hit in hits]).values_list("pk", flat=True)
        )
        found = [hit for hit in hits if hit.id in seen][:limit]
        if len(found) >= limit or len(hits) < many:
            break
    return found


def told(actor: Actor, resource: type[Resource], text: str, *, limit: int = 3) -> list[Any]:
    """Records whose name holds the text, or all its words, and that the actor may not see, but may know to exist: no
    more of them is shown than a masked name, who answers for them and since when."""
    code, needles = resource.permission("view"), words_of(text) or (bare(text),)
    within = actor.members_within(code)
    if (
        not resource.told
        or within is None
        or not actor.may(code)
        or any(len(needle) < (4 if needle.isascii() else 2) for needle in needles)
    ):
        return []
    hits = find_entries(resource.key, text, owners=None, limit=CANDIDATES)
    named = [hit for hit in hits if all(needle in bare(hit.title) for needle in needles)]
    ids = [hit.id for hit in _beyond(actor, resource, within, named)][:limit]
    rows = resource.model._default_manager.select_related(*lookups(resource, [resource.owner])).in_bulk(ids)
    return [rows[record] for record in ids if record in rows]


def _beyond(actor: Actor, resource: type[Resource], within: Members, hits: Sequence[Hit]) -> list[Hit]:
    """Of hits those out of the actor's sight; the rows are asked where the reach cannot be said without them."""
    simply = resource.reach.simply(resource, within)
    if simply is not None:
        return [hit for hit in hits if hit.owner_id not in simply.members and hit.id not in simply.rows]
    rows = visible(actor, resource).filter(pk__among=[hit.id for hit in hits])
    seen = set(rows.values_list("pk", flat=True))
    return [hit for hit in hits if hit.id not in seen]


def found_by(resource: type[Resource], record: Any, beside: Sequence[Line] = ()) -> Found | None:
    """What a record is found by, with what is known of it `beside`; None where its kind is not searched."""
    text = resource.search_text(record)
    if text is None:
        return None
    names, phones = own.searched(resource, record)
    return indexed(
        title=str(record),
        names=(*text.names, *names),
        phones=(*text.phones, *phones, *(one.text for one in beside if one.phone)),
        codes=(*text.codes, *(one.text for one in beside if not one.phone)),
        detail=text.detail,
        person=text.person,
    )


def _by_open_fields(
    resource: type[Resource],
    hits: Sequence[Hit],
    typed: str,
    shut: Collection[str],
    beside: Mapping[UUID, Sequence[Line]],
) -> list[Hit]:
    """Those hits that would be hits without the closed fields, and what is told of them without these."""
    records = resource.model._default_manager.in_bulk([hit.id for hit in hits])
    kept = []
    for hit in hits:
        record: Any = records.get(hit.id)
        if record is None:
            continue
        for name in shut:
            kind = resource.kind(name)
            if kind.own:
                record.own.pop(name, None)
            else:
                setattr(record, kind.column, kind.blank())
        found = found_by(resource, record, beside.get(record.pk, ()))
        if found is not None and holds(found.text, typed):
            kept.append(replace(hit, detail=found.detail))
    return kept
