"""Addresses, contact points and billing profiles: at most one main each, and the record itself says the main one.

`customer.phone`, `customer.address`, `person.phone`, `.email` and `.wechat` are the quick fields of forms, lists and
imports. A record with one phone has no row for it; the first further one brings the standing one along as a row.
From then on the main row and the quick field say the same, whichever of the two was written.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Address, BillingProfile, ContactPoint
from guanxi.customers.rules.rows import address_key, point_key
from guanxi.customers.services.parts import still_answered_for
from guanxi.foundation.ledger.models import Change
from guanxi.foundation.ledger.services import current_operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Invalid, Message
from guanxi.kinds import FieldProblem
from guanxi.kinds.plain import NO_PHONE, dials
from guanxi.resource import guards, writing
from guanxi.resource.registry import find
from guanxi.resource.standard import standard

_WRONG = _("A contact point belongs to a customer or to a person: give one of the two.")
_LONG = _("As the main one at most %(limit)s characters.")


@dataclass(frozen=True, slots=True)
class Quick:
    """A field of a record that says what the main one of its rows says.

    `kinds` are those of contact points that may be it, the first for what is only known as the field's text; () for
    addresses. `rows` is the resource of the rows, `by` their link to the record of the resource `of`.
    """

    of: str
    field: str
    rows: str
    by: str
    kinds: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The column of a row that the field repeats."""
        return "value" if self.kinds else "street"

    def key(self, text: str) -> str:
        """What two of its values are compared by."""
        return point_key(text) if self.kinds else address_key(text)

    def holds(self, row: Any) -> bool:
        """Whether a row is one that the field may repeat: what only some may see is not for everybody's eyes."""
        return not self.kinds or (row.kind in self.kinds and row.seen_by == "all")


_CALLS = ("phone", "mobile")
_LIMITS = dict.fromkeys((*_CALLS, "wechat"), 60)  # letters of what may become the main one
QUICK = (
    Quick("customers", "phone", "contact_points", "customer_id", _CALLS),
    Quick("customers", "address", "addresses", "customer_id"),
    Quick("people", "phone", "contact_points", "person_id", ("mobile", "phone")),
    Quick("people", "email", "contact_points", "person_id", ("email",)),
    Quick("people", "wechat", "contact_points", "person_id", ("wechat",)),
)
# Of what no quick field repeats there is a main one all the same.
_GROUPS = {"phone": "call", "mobile": "call"}


def settle_points(actor: Actor, ids: Collection[UUID]) -> None:
    """After contact points were written or removed. Raises Invalid for one of nobody, of two, or with a value that
    the record cannot say."""
    written = list(ContactPoint.objects.filter(pk__in=list(ids)))
    if any((one.customer_id is None) == (one.person_id is None) for one in written):
        raise Invalid({"customer": [Message("one_of_two", _WRONG)]})
    _checked(actor, written)
    for by, of in (("customer_id", "customers"), ("person_id", "people")):
        _settle(ContactPoint, of, by, set(ids), _touched(ContactPoint, by, ids))


def settle_addresses(actor: Actor, ids: Collection[UUID]) -> None:
    """After addresses were written or removed: one is the main one, and the customer says the same."""
    _settle(Address, "customers", "customer_id", set(ids), _touched(Address, "customer_id", ids))


def settle_billing(actor: Actor, ids: Collection[UUID]) -> None:
    """After billing profiles were written or removed: one of each customer's is the usual one."""
    written = set(ids)
    rows = BillingProfile.objects.filter(customer_id__in=_touched(BillingProfile, "customer_id", ids))
    held: dict[UUID, list[BillingProfile]] = defaultdict(list)
    for one in rows.order_by("pk").select_for_update():
        held[one.customer_id].append(one)
    changed = []
    for mine in held.values():
        chosen = max(mine, key=lambda one: (one.main and one.pk in written, one.main, -mine.index(one)))
        changed += [(one, {"main": one is chosen}) for one in mine if one.main != (one is chosen)]
    writing.update_each(find("billing_profiles"), changed)


def settle_ways_of(customers: Collection[UUID] = (), people: Collection[UUID] = ()) -> None:
    """After rows were given to other records (a merge): of each of these records at most one is the main one."""
    for of, owners in (("customers", customers), ("people", people)):
        for model, by in (
            (ContactPoint, "person_id" if of == "people" else "customer_id"),
            (Address, "customer_id"),
        ):
            if owners and (model is ContactPoint or of == "customers"):
                _settle(model, of, by, set(), set(owners))


def follow_quick(of: str, ids: Collection[UUID]) -> None:
    """After records of the resource `of` were written: where there are rows, the main one says what the field says."""
    model = find(of).model
    for rows_of in {one.rows for one in QUICK if one.of == of}:
        quicks = [one for one in QUICK if one.of == of and one.rows == rows_of]
        by = quicks[0].by
        held = _held(find(rows_of).model, by, ids)
        if not held:
            continue
        changed: list[tuple[Any, Mapping[str, Any]]] = []
        today = timezone.localdate()
        for record in model._default_manager.filter(pk__in=held.keys()):
            for quick in quicks:
                mine = [row for row in held[record.pk] if quick.holds(row)]
                changed += _followed(quick, getattr(record, quick.field), mine, today)
        writing.update_each(find(rows_of), changed)


def _followed(quick: Quick, said: str, mine: list[Any], today: Any) -> list[tuple[Any, Mapping[str, Any]]]:
    """What the rows of one record must be changed to, for the field to be what the main one says."""
    main = next((row for row in mine if row.main), None)
    wanted = quick.key(said)
    if main is not None and wanted and quick.key(getattr(main, quick.text)) == wanted:
        return [(main, {quick.text: said})]
    same = next((row for row in mine if wanted and quick.key(getattr(row, quick.text)) == wanted), None)
    over = {"until": today} if quick.kinds else {}
    if same is not None:
        back = {"until": None} if quick.kinds else {}
        left = [(main, {"main": False})] if main is not None else []
        return [*left, (same, {"main": True, quick.text: said, **back})]
    if main is None:
        return []
    return [(main, {"main": False, **over} if not said else {quick.text: said})]


def _settle(model: type[Any], of: str, by: str, written: set[UUID], owners: set[UUID]) -> None:
    """The rows of these records of the resource `of`: one of each sort is the main one, and the record says it."""
    resource = find(of)
    rows_key = "contact_points" if model is ContactPoint else "addresses"
    quicks = [one for one in QUICK if one.of == of and one.rows == rows_key]
    # Two who write rows of one record wait for each other here.
    records = (
        resource.model._default_manager.filter(pk__in=list(owners))
        .order_by("pk")
        .select_for_update(of=("self",))
    )
    held, gone = None, None
    changed: list[tuple[Any, Mapping[str, Any]]] = []
    made: list[Mapping[str, Any]] = []
    told: list[tuple[Any, Mapping[str, Any]]] = []
    today = timezone.localdate()
    for record in records:
        if held is None or gone is None:
            held, gone = _held(model, by, owners), _gone(model, written)
        mine = held.get(record.pk, [])
        rest = set(map(id, mine))
        says: dict[str, str] = {}
        for quick in quicks:
            rows = [row for row in mine if quick.holds(row)]
            rest -= set(map(id, rows))
            said = getattr(record, quick.field)
            known = {
                quick.key(getattr(row, quick.text))
                for row in mine
                if not quick.kinds or row.kind in quick.kinds
            }
            open_rows = [row for row in rows if not _over(row, today)]
            claimed = any(row.main and row.pk in written for row in open_rows)
            if said and open_rows and quick.key(said) not in known | gone:
                main = not claimed
                made.append(way_row(quick, record, said, main=main))
                if main:
                    changed += [(row, {"main": False}) for row in rows if row.main]
                    continue
            chosen = _chosen(quick, said, open_rows, written)
            changed += [(row, {"main": row is chosen}) for row in rows if row.main != (row is chosen)]
            if chosen is not None:
                says[quick.field] = getattr(chosen, quick.text)
            elif said and quick.key(said) in known | gone:
                says[quick.field] = ""
        told.append((record, says))
        changed += _others([row for row in mine if id(row) in rest], written, today)
    writing.update_each(find(rows_key), changed)
    if made:
        writing.insert_many(find(rows_key), made)
    writing.update_each(resource, told)


def _others(rows: Iterable[Any], written: set[UUID], today: Any) -> list[tuple[Any, Mapping[str, Any]]]:
    """Rows that no field repeats: of each sort one may be called the main one. What only some may see is never."""
    sorts: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        sorts[_GROUPS.get(row.kind, row.kind)].append(row)
    changed: list[tuple[Any, Mapping[str, Any]]] = []
    for mine in sorts.values():
        marked = [row for row in mine if row.main and row.seen_by == "all" and not _over(row, today)]
        chosen = max(marked, key=lambda row: row.pk in written, default=None)
        changed += [(row, {"main": row is chosen}) for row in mine if row.main != (row is chosen)]
    return changed


def _chosen(quick: Quick, said: str, rows: Sequence[Any], written: set[UUID]) -> Any:
    """The main one: what was just said to be it, what was it, what the record says, the oldest."""
    wanted = quick.key(said)
    return max(
        rows,
        key=lambda row: (
            row.main and row.pk in written,
            row.main,
            quick.key(getattr(row, quick.text)) == wanted,
            -rows.index(row),
        ),
        default=None,
    )


def way_row(quick: Quick, record: Any, said: str, *, main: bool) -> dict[str, Any]:
    """What a record said by itself, as a row beside others."""
    if not quick.kinds:
        return {quick.by: record.pk, "street": said, "region": record.region, "main": main}
    kind = quick.kinds[0]
    if kind in _CALLS:
        kind = "mobile" if point_key(said).removeprefix("+86")[:1] == "1" else "phone"
    return {quick.by: record.pk, "kind": kind, "value": said, "main": main}


def _held(model: type[Any], by: str, owners: Collection[UUID]) -> dict[UUID, list[Any]]:
    held: dict[UUID, list[Any]] = defaultdict(list)
    for row in (
        model._default_manager.filter(**{f"{by}__in": list(owners)})
        .order_by("pk")
        .select_for_update(of=("self",))
    ):
        held[getattr(row, by)].append(row)
    return held


def _touched(model: type[Any], by: str, ids: Collection[UUID]) -> set[UUID]:
    """The records that these rows belong to, and belonged to before the running operation."""
    found = set(
        model._default_manager.filter(pk__in=list(ids), **{f"{by}__isnull": False}).values_list(by, flat=True)
    )
    for old in _before(model, ids):
        if old.get(by):
            found.add(UUID(str(old[by])))
    return found


def _gone(model: type[Any], ids: Collection[UUID]) -> set[str]:
    """Keys of values that these rows had before the running operation: nobody brings them back as what was known."""
    quick = next(one for one in QUICK if find(one.rows).model is model)
    return {quick.key(str(old[quick.text])) for old in _before(model, ids) if old.get(quick.text)}


def _before(model: type[Any], ids: Collection[UUID]) -> list[Mapping[str, Any]]:
    running = current_operation()
    if running is None or not ids:
        return []
    rows = Change.objects.filter(
        operation_id=running.id, table_name=model._meta.db_table, row_id__in=list(ids)
    )
    return [old for old in rows.values_list("old", flat=True) if old]


def _over(row: Any, today: Any) -> bool:
    until = getattr(row, "until", None)
    return until is not None and until <= today


def _problem(actor: Actor, kind: str, value: str) -> Message | None:
    """Why a value is none: what may become a record's own field is what that field takes."""
    limit = _LIMITS.get(kind, 200)
    if len(value) > limit:
        return Message("too_long", _LONG, {"limit": limit})
    try:
        if kind == "email":
            find("people").kind("email").checked(value, actor)
    except FieldProblem as problem:
        return problem.message
    silent = kind in (*_CALLS, "fax") and value and not dials(value)
    return Message("phone", NO_PHONE) if silent else None


def _checked(actor: Actor, written: Iterable[ContactPoint]) -> None:
    for one in written:
        if problem := _problem(actor, one.kind, one.value):
            raise Invalid({"value": [problem]})


@guards.guard("contact_points", "create", order=10, warns=False)
def belongs_to_one(attempt: guards.Attempt, records: Sequence[ContactPoint]) -> dict[UUID, guards.Verdict]:
    """A row of a file that names neither a customer nor a person, or both, is left out; the others come in."""
    wrong = [one.pk for one in records if (one.customer_id is None) == (one.person_id is None)]
    return dict.fromkeys(wrong, guards.block("customers.one_of_two", _WRONG))


@guards.guard("contact_points", "create", order=20, warns=False)
def can_be_reached_by(attempt: guards.Attempt, records: Sequence[ContactPoint]) -> dict[UUID, guards.Verdict]:
    """A number or address of a file that is none is left out; the others come in."""
    problems = {one.pk: _problem(attempt.actor, one.kind, one.value) for one in records}
    return {
        key: guards.block(f"customers.{one.code}", str(one))
        for key, one in problems.items()
        if one is not None
    }


def _create_point(actor: Actor, *, data: Mapping[str, Any], allow_duplicate: bool = False) -> ContactPoint:
    """Create a contact point. Raises Forbidden, Invalid: on a form it is the field that is wrong."""
    actor.require(find("contact_points").permission("create"))
    if bool(data.get("customer")) == bool(data.get("person")):
        raise Invalid({"customer": [Message("one_of_two", _WRONG)]})
    if problem := _problem(actor, str(data.get("kind") or ""), str(data.get("value") or "")):
        raise Invalid({"value": [problem]})
    made: ContactPoint = _points.create(actor, data=data, allow_duplicate=allow_duplicate)
    return made


_points = standard("contact_points", settle_points)
points = _points._replace(create=_create_point)
addresses = standard("addresses", settle_addresses)
billing = standard("billing_profiles", settle_billing)
business = standard("business")
charges = standard("charges", still_answered_for)
