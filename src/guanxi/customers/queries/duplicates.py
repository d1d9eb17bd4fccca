"""The one check for duplicates, for every door: typing in a form, API, import, "is it taken?", scan."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanxi.customers.queries.asking import asked_lately, token_for
from guanxi.customers.queries.marks import MODELS, Shared, hold, sharing
from guanxi.customers.reference import regions
from guanxi.customers.rules.alike import (
    CUSTOMERS,
    FIELDS_OF,
    PEOPLE,
    Known,
    Telling,
    compare,
    customer_of,
    keys_of,
    lie_apart,
    named,
    person_of,
    places_of,
    said_reasons,
    several,
    shares,
    weightier,
    with_shared,
)
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.alike.company import Company
from guanxi.kernel.alike.verdicts import Branch, Certainty, Key, Reason, Verdict
from guanxi.kernel.codes import check_credit_code
from guanxi.resource import access
from guanxi.resource.registry import find


def read_customer(values: Mapping[str, Any]) -> Known:
    """A customer with these stored values as it is compared, with the place that its region says."""
    return customer_of(values).at(_places(values.get("region") or ""))


@lru_cache(maxsize=4096)
def _places(code: str) -> frozenset[str]:
    return frozenset(one.short for one in regions.path(regions.current(code)) if one.level != "country")


READ: dict[str, Callable[[Mapping[str, Any]], Known]] = {CUSTOMERS: read_customer, PEOPLE: person_of}
CUSTOMER_COLUMNS = ("name", "former_names", "credit_code", "number", "phone", "website")
PERSON_COLUMNS = ("name", "number", "phone", "email", "wechat", "born", "customer_id")
COLUMNS: dict[str, tuple[str, ...]] = {CUSTOMERS: CUSTOMER_COLUMNS, PEOPLE: PERSON_COLUMNS}
# What of a row is compared: a customer's place too, which is no key.
COMPARED: dict[str, tuple[str, ...]] = {CUSTOMERS: (*CUSTOMER_COLUMNS, "region"), PEOPLE: PERSON_COLUMNS}


def recognise(
    resource: str,
    model: type[Model],
    read: Callable[[Mapping[str, Any]], Known],
    columns: tuple[str, ...],
    *,
    more: tuple[str, ...] = (),
) -> None:
    """Records of an upper context are compared, too: `read` says how a row is, worked out of `columns`, which are keys,
    and of `more`. Called once at start-up; its declaration keeps their `Marks`."""
    MODELS[resource], READ[resource] = model, read
    COLUMNS[resource], COMPARED[resource] = columns, (*columns, *more)


SHOWN = 10
_POSSIBLE = 5  # of those that are only possible; more of them say nothing
_CANDIDATES = 100

# Why two are taken for the same, in words.
REASONS: Mapping[Reason, Any] = {
    "code": _("the same credit code"),
    "code_slip": _("the credit code differs by one character"),
    "phone_and_core": _("the same phone and the same trade name"),
    "phone": _("the same phone"),
    "shared_phone": _("a phone that several companies give"),
    "email": _("the same e-mail"),
    "domain": _("the same web domain"),
    "wechat": _("the same WeChat"),
    "identity": _("the same identity number"),
    "name": _("the same name, its legal form left aside"),
    "region": _("the same trade name, the place written otherwise"),
    "form": _("the same name, another kind of undertaking"),
    "trade": _("the same trade name"),
    "abbreviation": _("one name is short for the other"),
    "homophone": _("a name that sounds the same"),
    "slip": _("the name differs by a character"),
    "former_name": _("a former name"),
    "branch": _("a branch of it"),
    "other_region": _("the same trade name elsewhere"),
    "group": _("perhaps of the same group"),
    "other_code": _("another credit code"),
    "given_name": _("the same given name"),
    "surname": _("the same surname"),
    "born": _("the same birthday"),
    "address": _("the same address"),
    "post_code": _("the same postcode"),
    "employer": _("at the same customer"),
    "number": _("the same external number"),
    "other_number": _("another external number"),
    "facts": _("other facts"),
    "held": _("its name holds what you typed"),
    "phone_end": _("a phone that ends so"),
}


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A customer or person that may be the same. One the actor may not see tells only who answers for it and since."""

    verdict: Certainty
    reasons: tuple[Reason, ...]
    branch: Branch
    record: Any
    visible: bool
    ask: str = ""  # stands for one out of sight, to ask for it
    asked: bool = False  # the actor has asked for it lately and waits

    @property
    def ask_url(self) -> str:
        """Where one is asked for."""
        return reverse("taken_ask") if self.ask else ""

    @property
    def why(self) -> str:
        """The reasons in words."""
        return said(self.reasons)

    @property
    def unowned(self) -> bool:
        """Whether nobody answers for it, so that those are asked who may assign it."""
        owner = self.record.owner
        return owner is None or owner.left_on is not None


# What a reason says along the way.
_HOLDS: Mapping[Reason, tuple[Reason, ...]] = {
    "phone_and_core": ("phone", "trade"),
    "name": ("trade", "region", "form"),
    "form": ("trade",),
    "region": ("trade",),
    "other_region": ("trade", "region"),
    "shared_phone": ("phone",),
    "email": ("domain",),
}


def _without_repeats(told: list[Reason]) -> list[Reason]:
    """Without what another reason says as well; of the two things that the phone and the trade name say together, only
    the phone where another reason speaks of the trade name."""
    if "phone_and_core" in told and any(
        "trade" in _HOLDS.get(one, ()) for one in told if one != "phone_and_core"
    ):
        told = ["phone" if one == "phone_and_core" else one for one in told]
    held = {part for one in told for part in _HOLDS.get(one, ())}
    return list(dict.fromkeys(one for one in told if one not in held))


def said(reasons: Iterable[Reason]) -> str:
    """Reasons in words, as half a sentence."""
    told = _without_repeats(list(reasons))
    if "given_name" in told and "surname" in told:
        told = [one for one in told if one not in ("given_name", "surname")]
        return gettext(", ").join([gettext("the same name"), *(str(REASONS[one]) for one in told)])
    return gettext(", ").join(str(REASONS[one]) for one in told)


def duplicates_of(
    actor: Actor, known: Known, *, beside: UUID | None = None, limit: int = SHOWN
) -> list[Duplicate]:
    """Records of the whole company that may be the same as one, the surest first; of those in sight the reasons tell
    nothing of fields that are closed to the actor."""
    alike = alike_of([known], beside=beside)[0]
    resource = find(known.resource)
    ids = [record.pk for record, _verdict in alike[: limit * 3]]
    seen = set(access.visible(actor, resource).filter(pk__in=ids).values_list("pk", flat=True))
    closed = _closed(actor, resource)
    found: list[Duplicate] = []
    possible = 0
    for record, verdict in alike:
        possible += verdict.certainty == "possible"
        if len(found) == limit or possible > _POSSIBLE:
            break
        reasons = said_reasons(verdict.reasons, closed)
        asking = "" if record.pk in seen else token_for(actor, known.resource, record.pk)
        found.append(Duplicate(verdict.certainty, reasons, verdict.branch, record, record.pk in seen, asking))
    return with_asked(actor, found)


def with_asked(actor: Actor, found: Sequence[Duplicate]) -> list[Duplicate]:
    """The same, each told whether the actor has asked for it already; one query for all that are out of sight."""
    asked = asked_lately(actor, [one.record.pk for one in found if one.ask and not one.asked])
    return [replace(one, asked=True) if one.record.pk in asked else one for one in found]


def _closed(actor: Actor, resource: Any) -> set[str]:
    names = {name for fields in FIELDS_OF.values() for name in fields} & set(resource.declared)
    return {name for name in names if not access.is_open(actor, resource.kind(name))}


def alike_of(
    known: Sequence[Known], *, beside: UUID | None = None, strong: bool = False
) -> list[list[tuple[Any, Verdict]]]:
    """For each of `known` (all of one resource) the records of the company that may be the same, the surest first.
    `strong`: only what may be certain or likely is looked for."""
    if not known:
        return []
    resource = known[0].resource
    shared, hot = sharing(resource, known, strong=strong)
    taken = [_telling(one, beside) for one in shared]
    records = (
        MODELS[resource]._default_manager.select_related("owner").in_bulk({i for one in taken for i in one})
    )
    read = {record_id: READ[resource](vars(record)) for record_id, record in records.items()}
    busy = frozenset(key.text for key in hot if key.kind == "phone")
    found = []
    for one, mine in zip(known, taken, strict=True):
        there = {i: with_shared(read[i], keys) for i, keys in mine.items() if i in read}
        verdicts = _verdicts(one, there, mine, busy)
        found.append([(records[i], verdict) for i, verdict in verdicts])
    return found


def surest_of(known: Sequence[Known]) -> list[tuple[UUID, Verdict] | None]:
    """For each of `known` (all of one resource) the record of the company that is certainly or likely the same.

    What `alike_of` says of what is strong, for thousands at once: rows that can be no more than possible are not read.
    """
    if not known:
        return []
    resource = known[0].resource
    shared, hot = sharing(resource, known, strong=True, unless=_no_more_than_possible)
    taken = [_telling(one, None) for one in shared]
    rows = MODELS[resource]._default_manager.filter(pk__among=list({i for one in taken for i in one}))
    values = {row["id"]: row for row in rows.values("id", *COMPARED[resource])}
    doubted = {i for i, row in values.items() if not _is_right(row.get("credit_code") or "")}
    read: dict[tuple[UUID, bool], Known] = {}
    busy = frozenset(key.text for key in hot if key.kind == "phone")
    found: list[tuple[UUID, Verdict] | None] = []
    for one, mine in zip(known, taken, strict=True):
        there = {}
        for record, keys in mine.items():
            row = values.get(record)
            if row is None:
                continue
            named = record not in doubted and _only_named_alike(one, keys)
            if named and row["credit_code"] and _codes(one):
                continue  # two right codes and nothing but a name in common: possibly the same at most
            if (record, named) not in read:
                said = {name: row[name] for name in _NAMING} if named else row
                read[record, named] = READ[resource](said)
            there[record] = with_shared(read[record, named], keys)
        verdicts = _verdicts(one, there, mine, busy)
        sure = verdicts and verdicts[0][1].certainty in ("certain", "likely")
        found.append(verdicts[0] if sure else None)
    return found


_NAMING = ("name", "former_names", "number", "region")


def _no_more_than_possible(one: Known) -> Callable[[Key, Telling], bool]:
    """Of a key that a customer has in common with another, and what stands beside it, whether the two can be no more
    than possibly the same by it: both have right codes, or they say places that lie apart."""
    if not isinstance(one.read, Company) or one.read.doubtful:
        return lambda _key, _beside: False
    coded = bool(one.read.codes)
    latin = any(name.words for name in one.read.names)
    said = places_of(one)

    def idle(key: Key, beside: Telling) -> bool:
        if key.kind not in ("name", "body") or beside.code == 2:
            return False
        if coded and beside.code == 1:
            return True
        return key.kind == "body" and not latin and lie_apart(said[key.text], beside.places)

    return idle


def _only_named_alike(one: Known, keys: Collection[Key]) -> bool:
    """Whether nothing but their names can tell that a customer is the same as another with a right code or none: they
    share no telephone, code or address, and the one's code is no slip of the other's."""
    if not isinstance(one.read, Company) or one.read.doubtful:
        return False
    return all(key.kind in ("name", "body") for key in keys)


def _codes(one: Known) -> frozenset[str]:
    return one.read.codes if isinstance(one.read, Company) else frozenset()


def _is_right(code: str) -> bool:
    return not code or check_credit_code(code).ok


def _telling(shared: Shared, beside: UUID | None) -> dict[UUID, Collection[Key]]:
    """Those that share most, the strong keys before the weak."""
    weight = {i: sum(4 if k.kind in _HARD else 1 for k in keys) for i, keys in shared.items() if i != beside}
    best = sorted(weight, key=lambda i: (-weight[i], i))[:_CANDIDATES]
    return {i: shared[i] for i in best}


_HARD = frozenset(["number", "code", "phone", "email", "wechat", "name"])


def _verdicts(
    one: Known, there: Mapping[UUID, Known], shared: Shared, busy: frozenset[str]
) -> list[tuple[UUID, Verdict]]:
    holders: dict[str, list[Known]] = defaultdict(list)
    for record, keys in shared.items():
        for key in keys:
            if key.kind == "phone" and record in there:
                holders[key.text].append(there[record])
    agencies = busy | {phone for phone, known in holders.items() if several([one, *known])}
    found = [(i, compare(one, other, shared_phones=agencies)) for i, other in there.items()]
    found = [pair for pair in found if pair[1].certainty != "none"]
    return sorted(found, key=lambda pair: (weightier(pair[1]), pair[0]))


class Sameness:
    """Sameness of customers or people for an import (`resource.matching.Matching`)."""

    def __init__(self, resource: str) -> None:
        self.resource = resource

    def keys(self, values: Mapping[str, Any]) -> Known | None:
        known = READ[self.resource](values)
        return known if keys_of(known) else None

    def linked(self, keys: Known | None, values: Mapping[str, Any]) -> Known | None:
        return keys.working_at(str(values.get("customer_id") or "")) if keys is not None else None

    def remembered(self, keys: Known) -> Known:
        return keys.alone()

    def of_text(self, text: str) -> Known:
        return named(self.resource, text)

    def shares(self, keys: Known) -> tuple[str, ...]:
        return shares(keys)

    def verdict(self, left: Known, right: Known) -> Any:
        certainty = compare(left, right).certainty
        return certainty if certainty in ("certain", "likely") else None

    def find(self, keys: Collection[Known]) -> dict[Known, tuple[UUID, Any]]:
        asked = list(keys)
        found = {}
        for known, sure in zip(asked, surest_of(asked), strict=True):
            if sure is not None:
                found[known] = (sure[0], sure[1].certainty)
        return found

    def lock(self, keys: Collection[Known]) -> None:
        hold(self.resource, keys)
