"""What heads of files mean, in either language: fields, pieces of fields, and whose they are."""

import re
from collections.abc import Collection, Sequence
from collections.abc import Mapping as Names
from functools import lru_cache

from django.utils.translation import override

from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.imports.beside import Beside, Slot, beside
from guanxi.integrations.imports.composing import Piece, compositions_of, said_as
from guanxi.integrations.imports.former import CREATED, created_kind
from guanxi.integrations.imports.former import HEADS as CREATED_HEADS
from guanxi.integrations.imports.fresh import Fresh, fresh_targets
from guanxi.kernel.text import fold
from guanxi.kinds import Kind
from guanxi.resource import access
from guanxi.resource.declaration import Resource
from guanxi.resource.registry import find

_LANGUAGES = ("zh-hans", "en")
# What is no heading: an e-mail, a day, a long number.
_VALUE = re.compile(
    r"[^@\s]+@[^@\s]+\.[^@\s]+|\d{4}[-/.\u5e74]\d{1,2}[-/.\u6708]\d{1,2}\u65e5?|\+?\d[\d\s()-]{6,}"
)
Target = Kind | Piece | Fresh | Slot


@lru_cache(maxsize=32)
def _declared(key: str) -> dict[str, str]:
    found = _names(find(key).declared.values())
    if CREATED in find(key).declared:
        for head in CREATED_HEADS:
            found.setdefault(fold(head), CREATED)
    return found


def _names(kinds: Collection[Kind], *, aliases: bool = True) -> dict[str, str]:
    """Everything a head may call these fields, folded. Labels go before names, names before aliases."""
    found: dict[str, str] = {}
    for language in _LANGUAGES:
        with override(language):
            for kind in kinds:
                found.setdefault(fold(str(kind.label)), kind.name)
    for kind in kinds:
        found.setdefault(fold(kind.name), kind.name)
    for kind in kinds:
        for alias in kind.aliases if aliases else ():
            found.setdefault(fold(alias), kind.name)
    found.pop("", None)
    return found


@lru_cache(maxsize=64)
def _strong_of(key: str) -> dict[str, str]:
    return _names(find(key).declared.values(), aliases=False)


def _strong(resource: type[Resource]) -> Names[str, str]:
    """What the fields themselves are called, in either language."""
    mine = [kind for kind in resource.fields().values() if kind.own]
    return _strong_of(resource.key) | _names(mine) if mine else _strong_of(resource.key)


def names_of(resource: type[Resource]) -> Names[str, str]:
    """What heads call the resource's fields, those of the open company's own among them: it named them itself, so its
    names go first."""
    mine = [kind for kind in resource.fields().values() if kind.own]
    return _declared(resource.key) | _names(mine) if mine else _declared(resource.key)


def field_of(names: Names[str, str], header: str) -> str:
    """The field a head means by one of `names_of`, "" for none."""
    return next((names[text] for text in said_as(header) if text in names), "")


def head_of(resource: type[Resource], rows: Sequence[Sequence[str]]) -> int:
    """Which of the first rows is the head: the first, unless a later one names twice as many fields as it, and two more
    (a title or the names of groups stand above it); -1 where none names any and the first holds what no heading is, a
    phone, an e-mail, a date."""
    names = names_of(resource)
    hits = [len({field for cell in row if cell and (field := field_of(names, cell))}) for row in rows]
    best = hits.index(max(hits)) if hits else 0
    if hits and hits[best] >= 2 * hits[0] + 2:
        return best
    if hits and not any(hits) and any(_VALUE.fullmatch(cell.strip()) for cell in rows[0]):
        return -1
    return 0


def targets_of(actor: Actor, resource: type[Resource]) -> dict[str, Target]:
    """Everything that a column may become, by its name: the fields of the rows and their pieces (`name:family`), and
    those of what may stand beside them (`people.phone`), but for the link that ties the two."""
    found = _own_targets(actor, resource)
    for one in beside(actor, resource):
        for name, target in _own_targets(actor, one.resource).items():
            if one.slot is not None:
                if name == one.resource.title:
                    found[f"{one.place}.{name}"] = one.slot
            elif (one.above or name != one.by) and (one.first or not isinstance(target, Fresh)):
                found[f"{one.place}.{name}"] = target
    return found


def _own_targets(actor: Actor, resource: type[Resource]) -> dict[str, Target]:
    found: dict[str, Target] = {kind.name: kind for kind in access.writable(actor, resource)}
    for one in compositions_of(resource.key):
        if any(name in found for name in one.fields):
            found |= {f"{one.key}:{name}": piece for name, piece in one.pieces.items()}
    if created := created_kind(actor, resource):
        found[CREATED] = created
    return found | fresh_targets(actor, resource)


class Heads:
    """What the heads of one file mean: fields of the resource its rows are about, and of what it holds beside.

    What a field is called goes before what it may be called too, and the rows themselves before what is beside them.
    """

    def __init__(self, actor: Actor, resource: type[Resource], headers: Sequence[str]) -> None:
        self._resource = resource
        self._own = names_of(resource)
        self._there: list[Beside] = []
        self._above: dict[str, str] = {}  # a link of the rows, and what the linked record is called by
        for one in beside(actor, resource):
            heads = {self._said_of(one, header) for header in headers}
            for composition in compositions_of(one.key) if one.first and not (one.above or one.named) else ():
                if composition.named(headers):
                    heads |= set(composition.fields)
            if one.above and any(field_of(self._own, header) == one.by for header in headers):
                self._above[one.by] = f"{one.place}.{one.anchors[0]}"
                heads.add(one.anchors[0])
            if heads & set(one.anchors or (one.resource.title,)):
                self._there.append(one)
        self._slots = [one for one in beside(actor, resource) if one.slot is not None]
        self._pieces: dict[str, str] = {}
        whole = [one for one in self._there if one.first and not one.named]
        for prefix, key in (("", resource.key), *((f"{one.place}.", one.key) for one in whole)):
            for composition in compositions_of(key):
                for header, piece in composition.named(headers).items():
                    self._pieces.setdefault(header, f"{prefix}{composition.key}:{piece}")

    def field(self, header: str) -> str:
        """The field that a head means, "" for none."""
        if header in self._pieces:
            return self._pieces[header]
        for one in self._there:
            if fold(header) in map(fold, one.rather) and (said := field_of(names_of(one.resource), header)):
                return f"{one.place}.{said}"
        if counted := self._counted(header):
            return counted
        found = field_of(_strong(self._resource), header)
        for one in self._there if not found else ():
            if strong := self._named(one, header) or self._strongly(one, header):
                found = f"{one.place}.{strong}"
                break
        found = found or field_of(self._own, header)
        for one in self._there if not found else ():
            if said := self._called(one, header):
                found = f"{one.place}.{said}"
                break
        # Where the records that the rows hang on come with them, the column that names one is theirs.
        return self._above.get(found, found)

    def instead(self, header: str) -> list[str]:
        """What a head may mean where another column is what it says first: one more number or address."""
        found = []
        for one in self._slots:
            assert one.slot is not None  # noqa: S101 - chosen so
            if set(map(fold, (*one.slot.heads, *one.slot.also))).intersection(said_as(header)):
                found.append(f"{one.place}.{one.resource.title}")
        return found

    def _said_of(self, one: Beside, header: str) -> str:
        """The field of what stands beside, where the head can mean nothing of the rows themselves."""
        named = self._named(one, header)
        return named or ("" if field_of(self._own, header) else self._called(one, header))

    @staticmethod
    def _called(one: Beside, header: str) -> str:
        """The field of what stands beside that a head means by any of its names."""
        if one.slot is not None:
            meant = set(map(fold, one.slot.heads))
            return one.resource.title if meant.intersection(said_as(header)) else ""
        found = field_of(names_of(one.resource), header) if one.first else ""
        return found if not one.named or found in one.anchors else ""

    @staticmethod
    def _strongly(one: Beside, header: str) -> str:
        """The same by what the fields themselves are called."""
        found = field_of(_strong(one.resource), header) if one.first else ""
        return found if not one.named or found in one.anchors else ""

    def _counted(self, header: str) -> str:
        """The field of one of several that stand beside, where the head ends with its number: phone 2."""
        text = fold(header)
        numbers = {one.key for one in self._there if not one.first and one.slot is None}
        for one in self._there:
            if one.slot is not None or one.key not in numbers or not text.endswith(str(one.part)):
                continue
            if said := field_of(names_of(one.resource), text.removesuffix(str(one.part))):
                return f"{one.place}.{said}"
        return ""

    def _named(self, one: Beside, header: str) -> str:
        """The field of what stands beside, where the head begins with whose it is: 联系人电话, Company phone."""
        text, names = fold(header), names_of(one.resource)
        bare = set(map(fold, one.called))
        for name in map(fold, one.names):
            rest = text.removeprefix(name)
            if rest != text and rest and (found := names.get(rest)):
                return found
            if text == name and name not in bare:
                return one.resource.title
        return ""
