"""What belongs to a person and what may name them, found by looking at the models: no table is named here."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models
from django.db.models import Q

from guanxi.channels.models import Mention, Message
from guanxi.customers.models import Person
from guanxi.foundation.accounts.models import Member
from guanxi.foundation.ledger.images import former_names
from guanxi.foundation.ledger.models import Change, Operation
from guanxi.foundation.tenancy.fields import Reference, tenant_field
from guanxi.marketing.models import Lead
from guanxi.privacy.models import Erasure
from guanxi.resource.models import Merger
from guanxi.resource.registry import find_by_table

Model = type[models.Model]
PEOPLE = "people"
_APART: tuple[Model, ...] = (Operation, Change, Erasure)  # the ledger has its own ways; erasures name nobody
_DEEP = 4  # steps from the person to what hangs on what hangs on them


def business_models() -> list[Model]:
    """Every table with a company's rows, but the ledger's."""
    return [one for one in apps.get_models() if tenant_field(one) is not None and one not in _APART]


@dataclass(slots=True)
class Belongings:
    """Ids of rows. `people`: all the person was; `own`: live rows that are theirs, the person's own among them;
    `gone`: rows of theirs of which only images are left; `around`: other rows that they took part in, or that hang on
    what they took part in; `unlinked`: rows that only refer to the person, by model and column."""

    people: set[UUID]
    own: dict[Model, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    gone: set[UUID] = field(default_factory=set)
    met: dict[Model, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    around: dict[Model, set[UUID]] = field(default_factory=lambda: defaultdict(set))
    gone_around: set[UUID] = field(default_factory=set)
    unlinked: dict[tuple[Model, str], set[UUID]] = field(default_factory=lambda: defaultdict(set))

    @property
    def own_ids(self) -> set[UUID]:
        return self.people | self.gone | {one for ids in self.own.values() for one in ids}

    @property
    def around_ids(self) -> set[UUID]:
        return self.gone_around | {one for ids in self.around.values() for one in ids}


Step = Callable[[], None]
STEPS = 2  # how often `belongings_of` reads the ledger for every table: what it tells by its steps


def no_step() -> None:
    """Nobody waits to hear how far it is."""


def own_today(person_id: UUID) -> Belongings:
    """What is a person's today, by the rows alone: the ledger is not read."""
    found = Belongings(_all_they_were(person_id))
    live = Person.objects.filter(pk__in=found.people).values_list("pk", flat=True)
    _hang(found.own, {Person: found.people}, cascading=True)
    found.own[Person] = set(live)
    return found


def belongings_of(person_id: UUID, step: Step = no_step) -> Belongings:
    """Everything that is a person's, and what lies around it. The ledger is read for it, table by table: `step` is
    called after each, `STEPS` times as often as there are tables."""
    found = own_today(person_id)
    for model, reference in _references():
        if reference.remote_field.model is Person and not _cascades(reference):
            rows = model._default_manager.filter(**{f"{reference.attname}__in": found.people})
            found.unlinked[model, reference.attname] |= set(rows.values_list("pk", flat=True))
    _gone(found, step)
    _met(found)
    found.around = defaultdict(set, {model: set(ids) for model, ids in found.met.items()})
    _hang(found.around, {model: set(ids) for model, ids in found.met.items()}, cascading=False, deep=2)
    for (model, _column), ids in found.unlinked.items():
        found.around[model] |= ids
    own = found.own_ids
    for model in found.around:
        found.around[model] -= own
    found.gone_around = _in_images(found.met, step) - own - found.around_ids
    return found


def is_there(people: Collection[UUID]) -> bool:
    """Whether any row of theirs is there, without a look at the ledger."""
    found: dict[Model, set[UUID]] = defaultdict(set)
    _hang(found, {Person: set(people)}, cascading=True, deep=1)
    return any(found.values()) or Person.objects.filter(pk__in=people).exists()


def _all_they_were(person_id: UUID) -> set[UUID]:
    people, news = set(), {person_id}
    while news:
        people |= news
        merged = Merger.objects.filter(resource=PEOPLE, record_id__in=news)
        news = set(merged.values_list("gone", flat=True)) - people
    return people


def _references() -> Iterator[tuple[Model, Any]]:
    for model in business_models():
        for one in model._meta.local_fields:
            if isinstance(one, Reference):
                yield model, one


def _cascades(reference: Any) -> bool:
    return reference.remote_field.on_delete is models.CASCADE or not reference.null


def key_of(model: Model) -> str:
    """The column that says of which resource the records are that rows of a model are about; "" for none."""
    names = {one.name for one in model._meta.local_fields}
    return next((name for name in ("resource", "about") if name in names), "")


def abouts(model: Model) -> list[str]:
    """The columns by which rows of a model are about any record: ids beside the key of its resource."""
    key = key_of(model)
    if key == "about":
        return ["about_id"]
    if not key:
        return []
    return [
        one.attname
        for one in model._meta.local_fields
        if isinstance(one, models.UUIDField) and not one.primary_key and tenant_field(model) is not one
    ]


def _hang(
    found: dict[Model, set[UUID]], news: Mapping[Model, set[UUID]], *, cascading: bool, deep: int = _DEEP
) -> None:
    """Add what hangs on rows, and on that: by references (those that would go with them only, if `cascading`), and by
    the key of a resource and an id."""
    for _step in range(deep):
        later: dict[Model, set[UUID]] = defaultdict(set)
        for model, reference in _references():
            ids = news.get(reference.remote_field.model)
            if ids and (not cascading or _cascades(reference)):
                rows = model._default_manager.filter(**{f"{reference.attname}__in": ids})
                later[model] |= set(rows.values_list("pk", flat=True))
        by_key = {
            resource.key: ids
            for model, ids in news.items()
            if ids and (resource := find_by_table(model._meta.db_table)) is not None
        }
        for model in business_models():
            about = Q()
            for column in abouts(model):
                for key, ids in by_key.items():
                    about |= Q(**{key_of(model): key, f"{column}__in": ids})
            if about:
                later[model] |= set(model._default_manager.filter(about).values_list("pk", flat=True))
        news = {model: ids - found[model] for model, ids in later.items()}
        for model, ids in news.items():
            found[model] |= ids
        if not any(news.values()):
            return


def _in_images(wanted: Mapping[Model, Collection[UUID]], step: Step) -> set[UUID]:
    """Rows that by an image referred to one of these, or were about it."""
    found: set[UUID] = set()
    for model in business_models():
        columns: dict[str, set[UUID]] = defaultdict(set)
        for one in model._meta.local_fields:
            if isinstance(one, Reference) and wanted.get(one.remote_field.model):
                columns[one.column] |= set(wanted[one.remote_field.model])
        keyed = {
            resource.key: {str(one) for one in ids}
            for target, ids in wanted.items()
            if ids and (resource := find_by_table(target._meta.db_table)) is not None
        }
        for column, ids in columns.items():
            found |= _imaged(model, column, ids)
        for column in abouts(model):
            for key, texts in keyed.items():
                found |= _imaged(model, column, texts, key)
        step()
    return found


def _imaged(model: Model, column: str, ids: Collection[Any], key: str = "") -> set[UUID]:
    tables, names = former_names(model._meta.db_table, [column])
    texts = [str(one) for one in ids]
    found: set[UUID] = set()
    by = key_of(model)
    about = f" AND coalesce(new->>'{by}', old->>'{by}', %s) = %s" if key else ""
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(
                "SELECT DISTINCT row_id FROM ledger_change WHERE table_name = ANY(%s) "  # noqa: S608
                f"AND (new->>%s = ANY(%s) OR old->>%s = ANY(%s)){about}",
                [sorted(tables), name, texts, name, texts, *((key, key) if key else ())],
            )
            found |= {row[0] for row in cursor.fetchall()}
    return found


def _gone(found: Belongings, step: Step) -> None:
    """Rows that were theirs and are nobody's today. What became somebody else's keeps its history."""
    own: dict[Model, set[UUID]] = {model: set(ids) for model, ids in found.own.items()}
    own[Person] = set(found.people)
    gone = _in_images(own, step) - found.own_ids
    for model in business_models():
        gone -= set(model._default_manager.filter(pk__in=gone).values_list("pk", flat=True))
    found.gone = gone - set(Member.objects.filter(pk__in=gone).values_list("pk", flat=True))


def _met(found: Belongings) -> None:
    """Records that the person's rows refer to, today or by an image: where they work, what they took part in."""
    by_table: dict[str, list[Any]] = defaultdict(list)
    for model, reference in _references():
        target = reference.remote_field.model
        if target is Person or find_by_table(target._meta.db_table) is None:
            continue
        by_table[model._meta.db_table].append(reference)
        if ids := found.own.get(model):
            rows = model._default_manager.filter(pk__in=ids).values_list(reference.attname, flat=True)
            found.met[target] |= {one for one in rows if one}
    rows = Change.objects.filter(row_id__in=found.own_ids, table_name__in=by_table)
    for table, old, new in rows.values_list("table_name", "old", "new"):
        for reference in by_table[table]:
            for image in (old, new):
                if value := (image or {}).get(reference.column):
                    found.met[reference.remote_field.model].add(UUID(value))
    # Main contact of a sale, what became of a lead: the person took part in it.
    for (model, _column), ids in found.unlinked.items():
        if find_by_table(model._meta.db_table) is not None:
            found.met[model] |= ids
    found.met[Lead] |= leads_of(found.people)
    theirs = Mention.objects.filter(resource=PEOPLE, record_id__in=found.people)
    found.met[Message] |= set(theirs.values_list("message_id", flat=True))


def leads_of(people: Collection[UUID]) -> set[UUID]:
    """The leads that people were before: those they came of, and others of their name with a number of theirs."""
    same = Q(contact__in=people)
    columns = ("phone", "email", "wechat")
    for name, *values in Person.objects.filter(pk__in=people).values_list("name", *columns):
        reached = Q(pk__in=[])
        for column, value in zip(columns, values, strict=True):
            if value:
                reached |= Q(**{column: value})
        same |= reached & (Q(person=name) | Q(name=name))
    return set(Lead.objects.filter(same).values_list("pk", flat=True))
