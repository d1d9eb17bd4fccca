"""Erasing a person: what is theirs goes, what only names them is written over, that it was done stays.

Limits, said before: docs/decisions/0010 and the page say the same.
"""

import re
from collections.abc import Callable, Collection
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Person
from guanxi.foundation.files.models import Attachment
from guanxi.foundation.files.services import forget_bytes
from guanxi.foundation.jobs.models import Job
from guanxi.foundation.ledger.images import former_names
from guanxi.foundation.ledger.models import Change
from guanxi.foundation.ledger.services import describe, operation
from guanxi.foundation.notices.models import Notice
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.search.models import Entry
from guanxi.foundation.tenancy.models import Record
from guanxi.integrations.archives.services.taking import forget_archives as forget_whole_archives
from guanxi.integrations.exports.regular.services import forget_files
from guanxi.integrations.imports.uploads import forget_naming
from guanxi.integrations.models import KeptAnswer
from guanxi.kernel.errors import Invalid, Message, NotFound, Refused
from guanxi.kernel.pinyin import sort_key
from guanxi.marketing.models import Lead
from guanxi.privacy.models import Erasure
from guanxi.privacy.queries.belongings import (
    STEPS,
    Belongings,
    Step,
    belongings_of,
    business_models,
    is_there,
    no_step,
    own_today,
)
from guanxi.privacy.queries.names import Called, called, names_of_nobody_else
from guanxi.privacy.rules import pattern_of
from guanxi.privacy.services.answering import may_look
from guanxi.privacy.services.archives import forget_archives
from guanxi.privacy.services.keeping import kept
from guanxi.privacy.services.masking import (
    clear_operations,
    mask_images,
    mask_operations,
    mask_rows,
    strip_images,
)
from guanxi.resource import access, guards, own, writing
from guanxi.resource.links import RecordLink
from guanxi.resource.registry import every, find, find_by_table
from guanxi.tailoring.models import SavedView

ERASE = "ledger.operation.erase"  # the right to erase it; the verb under which it stands in the change log
_PERSONAL: tuple[type[models.Model], ...] = (
    Notice,
    KeptAnswer,
)  # kept for days, for one reader: what names the person goes as a whole


def may_erase(actor: Actor, person_id: UUID, *, ground: str, note: str, confirm: str) -> str:
    """Refuse at once what can be refused without reading the ledger; returns the note without the person's name.

    `confirm` is what was typed to confirm, the person's name. Raises as `erase_person`, and Invalid beside `confirm`.
    """
    actor.require(ERASE)
    may_look(actor, ground)
    person = _standing(actor, person_id)
    if isinstance(person, Person):
        if confirm.strip() != person.name:
            raise Invalid({"confirm": [Message("value", _("That is not the name of the person."))]})
        guards.check(actor, find("people"), "erase", [person])
    found = own_today(person_id)
    _check_kept(found)
    return _without(called(found), note)[:300]


def steps_of_erasing() -> int:
    """How often `erase_person` calls its `step`."""
    return (STEPS + 1) * len(business_models()) + _LAST_STEPS


def erase_person(
    actor: Actor, person_id: UUID, *, ground: str, note: str = "", step: Step = no_step
) -> Erasure:
    """Erase everything that is held of a person, for good; it cannot be undone. Again for one who is erased: nothing.

    It reads the whole ledger: people ask for it as a job. Raises Forbidden, NotFound, Invalid (`ground`), and Refused
    where a guard or a document that must be kept is against it.
    """
    actor.require(ERASE)
    may_look(actor, ground)
    # Whoever writes something of the person waits here, and finds nobody afterwards.
    person = _standing(actor, person_id, lock=True)
    if isinstance(person, Erasure):
        return person
    found = belongings_of(person_id, step)
    mine = called(found)
    with operation(actor, ERASE, record_id=person_id) as opened:
        if person is not None:
            guards.check(actor, find("people"), "erase", [person])
        _check_kept(found)
        counts = _erase(actor, found, mine, step)
        row = Erasure(
            people=sorted(found.people),
            rows=sorted(found.own_ids),
            by_id=actor.member_id,
            ground=ground,
            note=_without(mine, note)[:300],
            counts=counts,
        )
        row.save(force_insert=True)
        said: dict[str, Any] = {"ground": ground, **counts}
        describe(opened, **said)
    return row


def _standing(actor: Actor, person_id: UUID, *, lock: bool = False) -> Person | Erasure | None:
    """The person; who erased them; None for one who was deleted, of whom the ledger still knows. Raises NotFound."""
    rows = access.visible(actor, find("people"))
    rows = rows.select_for_update(of=("self",)) if lock else rows
    person: Person | None = rows.filter(pk=person_id).first()
    if person is not None:
        return person
    done = Erasure.objects.filter(people__contains=[person_id]).order_by("created_at").first()
    known = done or Change.objects.filter(row_id=person_id, table_name=Person._meta.db_table).exists()
    if not known:
        raise NotFound("not_found", {"resource": "people"})
    return done


def erase_again(actor: Actor) -> int:
    """Erase once more whoever was erased and is there again: after a backup from before was restored, or where
    something was written about them at the same moment. Returns how many people were met again."""
    met = 0
    for row in Erasure.objects.order_by("created_at"):
        if not is_there(row.people):
            continue
        for person_id in row.people:
            found = belongings_of(person_id)
            found.gone |= set(row.rows) - found.own_ids
            mine = called(found)
            with operation(actor, ERASE, record_id=person_id, summary={"again": 1}):
                _erase(actor, found, mine)
        met += 1
    return met


def _check_kept(found: Belongings) -> None:
    for model, keep in kept().items():
        ids = found.own.get(model)
        reason = keep.blocks(ids) if ids and keep.blocks is not None else ""
        if reason:
            raise Refused("kept", reason)


_LAST_STEPS = 7


def _erase(actor: Actor, found: Belongings, mine: Called, step: Step = no_step) -> dict[str, int]:
    files = _digests(found)
    own_ids, around = found.own_ids, found.around_ids
    everything, numbers = mine.everything, mine.numbers
    bookkeeping = pattern_of(names_of_nobody_else(mine, found), mine.phones, mine.codes)
    stayed = _keep(found)
    _delete(actor, found)
    for model in _PERSONAL:
        _delete_naming(model, own_ids & found.people, everything)
    masked = 0

    def mask(model: type[models.Model]) -> int:
        loose = not issubclass(model, Record) or model is SavedView
        done = mask_rows(model, bookkeeping if loose else numbers, names=loose)
        return done + mask_rows(model, everything, only=found.around.get(model, set()), names=True)

    for model in business_models():
        if model not in (Entry, Job):  # what is found is worked out again from what was masked
            masked += mask(model)
        step()
    for lead in Lead.objects.filter(pk__in=found.met.get(Lead, ())):
        Lead.objects.filter(pk=lead.pk).update(name_sort=sort_key(lead.name))
    # Images last: every statement above has written new ones.
    last: tuple[Callable[[], object], ...] = (
        lambda: clear_operations(own_ids),
        lambda: mask_operations(bookkeeping),
        # There a name means this person, whoever else has it.
        lambda: mask_operations(everything, of=own_ids | around),
        lambda: strip_images(own_ids - stayed),
        lambda: mask_images(numbers),
        lambda: mask_images(everything, only=around | stayed),
    )
    for clean in last:
        clean()
        step()
    tables, _names = former_names(SavedView._meta.db_table, ())
    views = Change.objects.filter(table_name__in=tables).values_list("row_id", flat=True).distinct()
    mask_images(bookkeeping, only=set(views))
    step()
    # After the last step: who tells how far it is writes the job's row from outside this transaction.
    masked += mask(Job)
    # What lies beside the database goes before the end: killed later, it is gone; killed here, all begins again.
    forget_naming(actor.tenant_id, everything)
    forget_archives(actor.tenant_id, found.people)
    forget_whole_archives(actor.tenant_id)
    forget_files(actor.tenant_id, every=True)
    forget_bytes(files)
    return {
        "rows": sum(map(len, found.own.values())),
        "texts": masked,
        "files": len(files),
        "shared": len(mine.shared),
    }


def _without(mine: Called, note: str) -> str:
    """The note, without whom it is about."""
    pattern = mine.everything
    return re.sub(pattern, "…", note, flags=re.IGNORECASE) if pattern else note


def _digests(found: Belongings) -> set[str]:
    """What names the bytes of their files, today's and those that were taken off."""
    held = set(
        Attachment.objects.filter(pk__in=found.own.get(Attachment, ())).values_list("digest", flat=True)
    )
    images = Change.objects.filter(row_id__in=found.own_ids, table_name=Attachment._meta.db_table)
    for old, new in images.values_list("old", "new"):
        held |= {image["digest"] for image in (old, new) if image and image.get("digest")}
    return held


def _keep(found: Belongings) -> set[UUID]:
    """Documents that stay lose their columns and the person; returns their ids."""
    stayed: set[UUID] = set()
    for model, keep in kept().items():
        ids = found.own.pop(model, set())
        if not ids:
            continue
        empty = {name: _emptied(model, name) for name in keep.columns}
        links = [
            one.attname
            for one in model._meta.local_fields
            if one.remote_field and one.related_model is Person
        ]
        model._default_manager.filter(pk__in=ids).update(**empty, **dict.fromkeys(links))
        resource = find_by_table(model._meta.db_table)
        if resource is not None:
            writing.reindex_ids(resource, ids)
        stayed |= ids
    return stayed


def _emptied(model: type[models.Model], name: str) -> object:
    one = model._meta.get_field(name)
    if isinstance(one, models.CharField | models.TextField):
        return "***"
    return None


def _delete(actor: Actor, found: Belongings) -> None:
    for (model, column), ids in found.unlinked.items():
        model._default_manager.filter(pk__in=ids).update(**{column: None})
    _unlink_own_fields(found.people)
    people = found.own.pop(Person, set())
    rest = dict(found.own)
    for _round in range(len(rest) + 1):  # what is referred to by others goes after them
        for model in list(rest):
            try:
                with transaction.atomic():
                    _remove(model, rest[model])
            except (models.ProtectedError, models.RestrictedError, Refused):
                continue
            del rest[model]
    if rest:
        raise Refused("in_use", _("Something else still refers to it. Remove that first."))
    _remove(Person, people)
    found.own[Person] = people
    resource = find("people")
    for declared, ids in ((resource, found.people), (find("leads"), found.met.get(Lead, set()))):
        if declared.kept is not None:
            declared.kept.remove(ids)
    own.tailor().written(resource, found.people)


def _remove(model: type[models.Model], ids: Collection[UUID]) -> None:
    resource = find_by_table(model._meta.db_table)
    if resource is not None and ids:
        writing.delete(resource, ids)
    else:
        model._default_manager.filter(pk__in=ids).delete()


def _unlink_own_fields(people: Collection[UUID]) -> None:
    texts = [str(one) for one in people]
    for other in every():
        for kind in own.tailor().fields(other).values():
            if isinstance(kind, RecordLink) and kind.to == "people" and kind.own:
                rows = other.model._default_manager.filter(
                    own__has_key=kind.name, **{f"own__{kind.name}__in": texts}
                )
                if ids := list(rows.values_list("pk", flat=True)):
                    writing.update_many(other, ids, {kind.column: None})


def _delete_naming(model: type[models.Model], people: Collection[UUID], pattern: str) -> None:
    """Delete rows of bookkeeping that lead to the person or name them."""
    q = connection.ops.quote_name
    texts = [
        f"{q(str(one.column))}::text"
        for one in model._meta.local_concrete_fields
        if isinstance(one, models.CharField | models.TextField | models.JSONField)
    ]
    said = " || ' ' || ".join(texts)
    wanted = "|".join([*(str(one) for one in people), *([pattern] if pattern else [])])
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {q(model._meta.db_table)} "  # noqa: S608  names of tables and columns
            f"WHERE tenant_id = current_setting('guanxi.tenant')::uuid AND ({said}) ~* %s",
            [wanted],
        )
