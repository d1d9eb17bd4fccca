"""What the change log shows of our rows, and whether an undo may touch them today: as their record is seen."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from guanxi.collaboration.models import Comment, Tag, Tagging
from guanxi.collaboration.queries.comments import ADD, DELETE
from guanxi.collaboration.queries.following import FOLLOW
from guanxi.collaboration.queries.tags import MANAGE, USE
from guanxi.collaboration.rules import excerpt
from guanxi.collaboration.services.sweeping import SWEEP
from guanxi.foundation.ledger.conflicts import Part
from guanxi.foundation.ledger.images import shape_of
from guanxi.foundation.ledger.labels import Image, TableLabels, label_table, label_verbs
from guanxi.foundation.ledger.models import Operation
from guanxi.foundation.ledger.undo import guard_undo, needed_verb
from guanxi.foundation.permissions.actor import Actor, system_actor
from guanxi.foundation.permissions.web import listed
from guanxi.kernel.errors import Refused
from guanxi.resource import access, registry

_COMMENTS, _TAGGINGS = Comment._meta.db_table, Tagging._meta.db_table
_NEEDED = {
    ADD: ADD,
    "collaboration.comment.edit": ADD,
    "collaboration.tag.create": USE,
    "collaboration.tag.use": USE,
    "collaboration.tag.edit": MANAGE,
    "collaboration.tag.merge": MANAGE,
    "collaboration.tag.delete": MANAGE,
}
_BATCH = 5000


def register() -> None:
    """Called once at start-up."""
    guard_undo(guard)
    label_table(
        _COMMENTS,
        TableLabels(
            row=lambda image: excerpt(str(image.get("text") or ""), 40),
            visible=_seen(Comment),
            seen_in=_seen_in,
            values={"mentions": _names},
            hidden=frozenset({"resource", "record_id"}),
            counted=lambda n: ngettext("%(n)s comment", "%(n)s comments", n) % {"n": n},
        ),
    )
    label_table(
        _TAGGINGS,
        TableLabels(
            visible=_seen(Tagging),
            seen_in=_seen_in,
            hidden=frozenset({"resource", "record_id"}),
            counted=lambda n: ngettext("%(n)s tag", "%(n)s tags", n) % {"n": n},
        ),
    )
    label_table(Tag._meta.db_table, TableLabels(hidden=frozenset({"name_key", "name_sort"})))
    label_verbs(
        {
            FOLLOW: _("followed records, or no longer"),
            ADD: _("commented"),
            "collaboration.comment.edit": _("changed a comment"),
            DELETE: _("deleted a comment"),
            "collaboration.tag.create": _("made a tag"),
            "collaboration.tag.use": _("changed the tags of records"),
            "collaboration.tag.edit": _("changed a tag"),
            "collaboration.tag.merge": _("merged two tags"),
            "collaboration.tag.delete": _("deleted a tag"),
            SWEEP: _("took away what was left of records that are gone for good"),
        }
    )


def guard(actor: Actor, found: Operation, part: Part) -> Iterator[tuple[str, UUID]]:
    """Rows whose record the actor does not see today. Raises Refused where he lost the right for the act."""
    code = _NEEDED.get(needed_verb(found), "")
    if code and not actor.may(code):
        raise Refused(
            "undo_right_lost",
            _("You no longer have the right for this, so you cannot undo it either."),
        )
    changes = part.changes().filter(table_name__in=[_COMMENTS, _TAGGINGS])
    for table, schema in changes.values_list("table_name", "schema").distinct():
        shape = shape_of(table, schema)
        if shape is None:
            continue
        rows = changes.filter(table_name=table, schema=schema)
        model: Any = Comment if table == _COMMENTS else Tagging
        images: dict[UUID, Mapping[str, Any]] = {}
        for row in rows.order_by("id").iterator(chunk_size=_BATCH):
            images[row.row_id] = {**images.get(row.row_id, {}), **shape.read(row.old or row.new)}
        standing = model.objects.filter(pk__in=list(images)).values("pk", "resource", "record_id")
        images |= {row["pk"]: {**images[row["pk"]], **row} for row in standing}
        yield from ((table, one) for one in _beyond(actor, images))


def _beyond(actor: Actor, images: Mapping[UUID, Image], *, gone: bool = True) -> Iterator[UUID]:
    """Those of our rows whose record stands beyond the actor's sight; without `gone` also where it is not there."""
    by_key: dict[str, dict[UUID, list[UUID]]] = {}
    for row_id, image in images.items():
        records = by_key.setdefault(str(image.get("resource", "")), {})
        records.setdefault(UUID(str(image["record_id"])), []).append(row_id)
    for key, records in by_key.items():
        barred = set(records) - _within(actor, key, records, gone=gone)
        yield from (row_id for record_id in barred for row_id in records[record_id])


def _within(actor: Actor, key: str, ids: Iterable[UUID], *, gone: bool = False) -> set[UUID]:
    """Those of the records that the actor sees; with `gone` also those that are not there at all."""
    resource = registry.find_by_key(key)
    if resource is None:
        return set()
    wanted = set(ids)
    seen = set(access.visible(actor, resource).filter(pk__in=wanted).values_list("pk", flat=True))
    if not gone:
        return seen
    everything = access.visible(system_actor(actor.tenant_id), resource)
    there = set(everything.filter(pk__in=wanted - seen).values_list("pk", flat=True))
    return wanted - there


def _seen(model: Any) -> Any:
    def seen(actor: Actor, ids: Collection[UUID]) -> set[UUID]:
        rows = model.objects.filter(pk__in=list(ids)).values("pk", "resource", "record_id")
        images = {row["pk"]: row for row in rows}
        return set(images) - set(_beyond(actor, images, gone=False))

    return seen


def _seen_in(actor: Actor, image: Image) -> bool:
    record_id = image.get("record_id")
    if not record_id:
        return False
    key = str(image.get("resource", ""))
    return UUID(str(record_id)) in _within(actor, key, [UUID(str(record_id))])


def _names(value: Any) -> str:
    return listed(str(one.get("name", "")) for one in value) if isinstance(value, list) else ""
