"""The timeline of a record: what happened with it, from every context that has something to tell, newest first.

An upper context adds its part at start-up:

    contribute_source("customers", Source(key="mail", rank=30, read=letters, chips=counted))

`read` gives entries older than a place, newest first; the page is merged from what every source gives, so that
each asks the database once, by its own index.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.dateparse import parse_datetime

from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import NotFound
from guanxi.kinds.kind import Show, Words
from guanxi.resource.declaration import Resource

STEP = 20


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended: the moment, the rank of the source and the id of its last entry."""

    at: datetime
    rank: int
    id: str

    def text(self) -> str:
        """What `place_of` reads."""
        return f"{self.at.isoformat()}~{self.rank}~{self.id}"

    def latest(self, rank: int) -> tuple[datetime, bool]:
        """Up to which moment entries of a source are behind it, and whether that moment itself is among them."""
        return self.at, rank > self.rank


def place_of(text: str) -> Place | None:
    """The place in an address; None for none. Raises NotFound for what no page of ours has written."""
    if not text:
        return None
    at, _sep, rest = text.partition("~")
    rank, _sep, last = rest.partition("~")
    try:
        moment = parse_datetime(at)
    except ValueError as error:
        raise NotFound("no_place") from error
    if moment is None or moment.tzinfo is None or not (rank.isascii() and rank.isdigit()) or not last:
        raise NotFound("no_place")
    return Place(moment, int(rank), last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that happened.

    `label` says what it was (Call), `who` did it, with `whom`; `note` is the result in grey. `text` is plain,
    `html` the same as it is drawn. `template` draws the whole entry instead, given `entry`,
    `record`, `resource` and `context`.
    """

    source: str
    id: str
    kind: str
    at: datetime
    icon: str
    label: Words
    who: str = ""
    whom: Sequence[str] = ()
    note: str = ""
    subject: str = ""
    text: str = ""
    html: str = ""
    url: str = ""
    tone: str = ""
    template: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Chip:
    """A way to see one kind only, with how many there are; None where that is not counted."""

    key: str
    label: Words
    count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of a source: the record's entries behind a place, of one `kind`, with one of the customer's people
    or our own (`person`, `member`). A source that knows of no people gives nothing where one is asked for."""

    actor: Actor
    resource: type[Resource]
    record: Any
    show: Show
    behind: Place | None = None
    kind: str = ""
    person: UUID | None = None
    member: UUID | None = None
    limit: int = STEP

    def before(self, rank: int, at: str = "at", pk: str = "id") -> Q:
        """The condition on a source's rows, by the names of their moment and key."""
        if self.behind is None:
            return Q()
        moment, among = self.behind.latest(rank)
        if rank == self.behind.rank:
            try:
                last = UUID(self.behind.id)
            except ValueError as error:
                raise NotFound("no_place") from error
            return Q(**{f"{at}__lt": moment}) | Q(**{at: moment, f"{pk}__lt": last})
        return Q(**{f"{at}__lte" if among else f"{at}__lt": moment})


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A part of the timeline. Of two entries of one moment the one of the lower `rank` stands first.

    `chips` is given what `read` has just given: who has given all there is need not count.
    """

    key: str
    rank: int
    read: Callable[[Asked], list[Entry]]
    chips: Callable[[Asked, Sequence[Entry]], list[Chip]]


_sources: dict[str, list[Source]] = {}


def contribute_source(to: str, source: Source) -> None:
    """Add to the timelines of the resource with key `to`. Raises ValueError for a key or a rank that is taken."""
    held = _sources.setdefault(to, [])
    if any(one.key == source.key or one.rank == source.rank for one in held):
        raise ValueError(f"two sources of the timeline of {to} are called {source.key} or rank {source.rank}")
    held.append(source)
    held.sort(key=lambda one: one.rank)


def has_timeline(resource: type[Resource]) -> bool:
    """Whether records of this resource have one."""
    return resource.key in _sources


def entries(asked: Asked) -> tuple[list[Entry], Place | None]:
    """A page of the timeline, and the place behind which the next one begins; None at the end."""
    return _merged(asked, _read(asked))


def page(asked: Asked) -> tuple[list[Entry], Place | None, list[Chip]]:
    """The first page with the kinds that the timeline can be narrowed to, those that it has entries of."""
    read = _read(asked)
    chips = [chip for source, given in read for chip in source.chips(asked, given)]
    shown, end = _merged(asked, read)
    return shown, end, [chip for chip in chips if chip.count != 0 or chip.key == asked.kind]


def _read(asked: Asked) -> list[tuple[Source, list[Entry]]]:
    return [(source, source.read(asked)) for source in _sources[asked.resource.key]]


def _merged(asked: Asked, read: Sequence[tuple[Source, list[Entry]]]) -> tuple[list[Entry], Place | None]:
    ranks = {source.key: source.rank for source, _given in read}
    found = [entry for _source, given in read for entry in given]
    # Within a source they come in order; the sort is stable, so their own order of one moment stays.
    found.sort(key=lambda entry: (-entry.at.timestamp(), ranks[entry.source]))
    shown = found[: asked.limit]
    last = shown[-1] if len(found) > asked.limit else None
    return shown, Place(last.at, ranks[last.source], last.id) if last is not None else None
