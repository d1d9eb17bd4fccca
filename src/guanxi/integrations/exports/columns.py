"""Cells of many rows at once: read as tuples and made column by column, where values alone say what cells are.

A record made of each row, and a method called for each of its cells, is most of what an export takes. Fields that look
at more of their record than their own value keep the other way (`fits`).
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from types import SimpleNamespace
from typing import Any

from django.db.models import CharField, DateTimeField, F, Func, Value
from django.utils import timezone

from guanxi.kinds import Choice, Choices, Coded, Date, DateTime, Kind, Number, Show, YesNo
from guanxi.resource import access
from guanxi.resource.links import Link, MemberLink, RecordLink
from guanxi.resource.listing import Listing

_ROWS = 2_000
_KNOWN = 50_000  # records referred to, and words, that are kept in mind
_BY_VALUE = frozenset((Date.cell, DateTime.cell, Number.cell))
_LINKS = frozenset((MemberLink.text, RecordLink.text))
Safe = Callable[[str], str]
Make = Callable[[Sequence[Any]], Sequence[Any]]


def fits(kinds: Sequence[Kind], show: Show) -> bool:
    """Whether these fields can be read so: not where one is withheld of single rows."""
    for kind in kinds:
        resource: Any = kind.resource
        if resource.withheld is not None and kind.name in resource.withheld.names(show.actor):
            return False
    return all(
        _is_plain(kind)
        or _looks(kind)
        or ((kind.computed is not None or _is_link(kind)) and not access.is_masked(show.actor, kind))
        for kind in kinds
    )


def _looks(kind: Kind) -> bool:
    """Whether its cell is said by its value and some columns that it names."""
    return bool(kind.looks_at) and not kind.own and not isinstance(kind, Link)


def _is_link(kind: Kind) -> bool:
    if not isinstance(kind, Link) or type(kind).cell is not Kind.cell:
        return False
    return kind.says_name or type(kind).text in _LINKS


def _is_plain(kind: Kind) -> bool:
    told = type(kind)
    if kind.computed is not None or isinstance(kind, Link) or told.value is not Kind.value:
        return False
    if told.prefetch is not Kind.prefetch:
        return False
    return told.cell in _BY_VALUE or (told.cell is Kind.cell and told.text is Kind.text)


def rows_of(wanted: Listing, kinds: Sequence[Kind], show: Show, safe: Safe) -> Iterator[Sequence[Any]]:
    """The cells of each row, texts made `safe`. The reach is that of exporting, not of viewing."""
    stored = [kind for kind in kinds if kind.computed is None]
    columns = list(dict.fromkeys(_columns(stored)))
    computed = [kind for kind in kinds if kind.computed is not None]
    found = wanted.ordered().filter(access.reach_q(wanted.actor, wanted.resource, "export"))
    makers = {kind.name: _maker(kind, show, safe) for kind in stored}
    said = {kind.column: moment for kind in stored if (moment := _moment(kind, show)) is not None}
    makers |= {kind.name: _as_it_is for kind in stored if kind.column in said}
    asked = [said.get(column, column) for column in columns]
    rows = found.values_list("pk", *asked).iterator(chunk_size=_ROWS)
    place = {column: at for at, column in enumerate(columns, start=1)}
    while part := list(islice(rows, _ROWS)):
        if len(show.looked_up) > _KNOWN:
            show.looked_up.clear()
        by_column = list(zip(*part, strict=True))
        _look_up(stored, by_column, place, show)
        beside = [SimpleNamespace(pk=row[0]) for row in part] if computed else []
        for kind in computed:
            kind.prefetch(beside, show)
        cells = [
            _of_records(kind, beside, show, safe)
            if kind.computed is not None
            else _of_records(kind, _beside(kind, by_column, place), show, safe)
            if _looks(kind)
            else makers[kind.name](_values(kind, by_column, place))
            for kind in kinds
        ]
        yield from zip(*cells, strict=True)


def _columns(kinds: Sequence[Kind]) -> Iterator[str]:
    for kind in kinds:
        yield "own" if kind.own else kind.column
        yield from kind.looks_at


def _beside(kind: Kind, by_column: Sequence[Sequence[Any]], place: dict[str, int]) -> list[Any]:
    """Of each row what a field looks at, as if it were the record."""
    names = (kind.column, *kind.looks_at)
    rows = zip(*(by_column[place[name]] for name in names), strict=True)
    return [SimpleNamespace(**dict(zip(names, row, strict=True))) for row in rows]


def _moment(kind: Kind, show: Show) -> Any:
    """A moment said by the database, which does it in a tenth of the time; None for what is none."""
    zone = timezone.get_current_timezone()
    if type(kind).cell is not DateTime.cell or kind.own or access.is_masked(show.actor, kind):
        return None
    key = str(getattr(zone, "key", ""))
    if "/" not in key:  # what the database may not know by that name
        return None
    here = Func(Value(key), F(kind.column), function="timezone", output_field=DateTimeField())
    return Func(here, Value("YYYY-MM-DD HH24:MI"), function="to_char", output_field=CharField())


def _as_it_is(values: Sequence[Any]) -> Sequence[Any]:
    return ["" if value is None else value for value in values]


def _values(kind: Kind, by_column: Sequence[Sequence[Any]], place: dict[str, int]) -> Sequence[Any]:
    if kind.own:
        name, unpack = kind.name, kind.unpack
        return [unpack(own.get(name)) for own in by_column[place["own"]]]
    return by_column[place[kind.column]]


def _look_up(
    kinds: Sequence[Kind], by_column: Sequence[Sequence[Any]], place: dict[str, int], show: Show
) -> None:
    """Fetch what these links lead to, of one kind of target together."""
    together: dict[str, tuple[Link, set[Any]]] = {}
    for kind in kinds:
        if isinstance(kind, Link):
            ids = set(_values(kind, by_column, place)) - {None}
            together.setdefault(kind.leads_to, (kind, set()))[1].update(ids)
    for key, (link, ids) in together.items():
        if missing := {one for one in ids if (key, one) not in show.looked_up}:
            link.fetch(missing, show)


def _of_records(kind: Kind, records: Sequence[Any], show: Show, safe: Safe) -> list[Any]:
    read = kind.masked if access.is_masked(show.actor, kind) else kind.cell
    return guarded([read(record, show) for record in records], safe)


def guarded(cells: Sequence[Any], safe: Safe) -> list[Any]:
    """Cells of which texts are made safe. What begins with a letter or a digit is: most are not asked about."""
    return [cell if type(cell) is not str or not cell or cell[0].isalnum() else safe(cell) for cell in cells]


def _maker(kind: Kind, show: Show, safe: Safe) -> Make:
    """How the cells of one column are made of its values."""
    if access.is_masked(show.actor, kind):
        return lambda values: guarded([_masked(kind, value, show) for value in values], safe)
    if isinstance(kind, Link):
        return _repeating(lambda value: safe(kind.name_of(value, show)) if value else "", keep=False)
    if isinstance(kind, Choice | Choices | Coded | YesNo):
        return _repeating(lambda value: safe(str(kind.cells_of((value,), show)[0])))
    if type(kind).said is Kind.said and type(kind).cells_of is Kind.cells_of:
        return lambda values: guarded(
            [value if type(value) is str else "" if value is None else str(value) for value in values], safe
        )
    return lambda values: guarded(kind.cells_of(values, show), safe)


def _masked(kind: Kind, value: Any, show: Show) -> str:
    held = {"own": {kind.name: kind.pack(value)}} if kind.own else {kind.column: value}
    return kind.masked(SimpleNamespace(**held), show)


def _repeating(say: Callable[[Any], str], *, keep: bool = True) -> Make:
    """Of values that repeat from row to row each is said once; what a link leads to is asked anew for each part."""
    said: dict[Any, str] = {}

    def make(values: Sequence[Any]) -> list[str]:
        if not keep or len(said) > _KNOWN:
            said.clear()
        if any(type(value) is list for value in values):
            values = [tuple(value) for value in values]
        for value in set(values).difference(said):
            said[value] = say(list(value) if type(value) is tuple else value)
        return [said[value] for value in values]

    return make
