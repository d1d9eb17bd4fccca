"""Whether an undo may touch records today: it needs the rights that the act itself needed.

Somebody who made an edit and has lost the record since, or the right, or sight of the field, does not change it
by taking his own act back.
"""

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from guanxi.foundation.files.models import Attachment
from guanxi.foundation.ledger.conflicts import Part
from guanxi.foundation.ledger.images import Shape, shape_of
from guanxi.foundation.ledger.labels import Image, TableLabels, label_table, label_verbs
from guanxi.foundation.ledger.models import Change, Operation
from guanxi.foundation.ledger.undo import needed_verb
from guanxi.foundation.permissions.actor import Actor
from guanxi.resource import access, attachments, own, registry
from guanxi.resource.declaration import Resource
from guanxi.resource.models import Fact, Merger

_BATCH = 5000
_ATTACHMENTS = Attachment._meta.db_table


def guard(actor: Actor, found: Operation, part: Part) -> Iterator[tuple[str, UUID]]:
    """The rows of the operation (table, id) that are not the actor's to touch today."""
    changes = part.changes()
    for table, schema in changes.values_list("table_name", "schema").distinct():
        shape = shape_of(table, schema)
        if shape is None:
            continue
        rows = changes.filter(table_name=table, schema=schema)
        resource = registry.find_by_table(shape.table)
        if shape.table == _ATTACHMENTS:
            yield from ((shape.table, one) for one in _attachments(actor, rows, shape))
        elif resource is not None:
            mine = actor.member_id is not None and found.actor_id == actor.member_id
            barred = _Barred(actor, resource, needed_verb(found), shape, mine=mine)
            yield from ((shape.table, one) for one in barred.among(rows))


class _Barred:
    """One resource's rows of an operation."""

    def __init__(
        self, actor: Actor, resource: type[Resource], verb: str, shape: Shape, *, mine: bool
    ) -> None:
        self.actor, self.resource, self.shape, self.mine = actor, resource, shape, mine
        act = verb.rpartition(".")[2] if verb.startswith(resource.code + ".") else ""
        # What came and went: by creating (also by an import), or by deleting; an undo turns the one to the other.
        self.act = {"import": "create"}.get(act, act)

    def among(self, rows: QuerySet[Change]) -> Iterator[UUID]:
        made = rows.filter(action=Change.INSERT)
        edited = rows.filter(action=Change.UPDATE)
        edited = edited.exclude(row_id__in=rows.exclude(action=Change.UPDATE).values("row_id"))
        yield from self._standing(made, self._verb("create"))
        # A verb of its own (assign) is what is undone; whoever may do that need not be able to edit.
        own_verb = next((one for one in self.resource.actions if one.verb == self.act), None)
        if own_verb is not None and own_verb.gives:
            yield from self._given_away(edited, own_verb.verb)
        else:
            yield from self._standing(edited, own_verb.verb if own_verb else "edit")
            yield from self._closed(edited)
            yield from self._given(edited)
        yield from self._gone(rows.filter(action=Change.DELETE), self._verb("delete"))

    def _verb(self, usual: str) -> str:
        return self.act if self.act in ("create", "delete") else usual

    def _reached(self, verb: str) -> Q:
        """Which records the actor may do this to; what he creates need only be in sight, what he adds to a record hangs
        on one that he may change."""
        if verb == "create" and not self.resource.asks:
            held = self.actor.may(self.resource.permission("create"))
            return access.reach_q(self.actor, self.resource, "view") if held else Q(pk__in=[])
        return access.reach_q(self.actor, self.resource, verb)

    def _standing(self, rows: QuerySet[Change], verb: str) -> Iterable[UUID]:
        """Of rows that stand there now, those beyond reach."""
        reached = self._reached(verb)
        if reached == Q():
            return ()
        there = self.resource.model._default_manager.filter(pk__in=rows.values("row_id"))
        return there.exclude(reached).values_list("pk", flat=True).iterator(chunk_size=_BATCH)

    def _gone(self, rows: QuerySet[Change], verb: str) -> Iterator[UUID]:
        """Of rows to be brought back, those that were beyond reach where they went."""
        if self._reached(verb) == Q():
            return
        held = verb != "create" or self.actor.may(self.resource.permission("create"))
        seen = "view" if verb == "create" and not self.resource.asks else verb
        for row in rows.iterator(chunk_size=_BATCH):
            image = self.shape.read(row.old)
            if not (held and access.reached(self.actor, self.resource, image, seen)):
                yield row.row_id

    def _closed(self, rows: QuerySet[Change]) -> Iterable[UUID]:
        """Rows edited in a field that the actor may not write today, or given from somebody he may not name."""
        kinds = {kind.column: kind for kind in self.resource.writable()}
        closed = [column for column, kind in kinds.items() if access.mode(self.actor, kind) is not None]
        former = [self._then(column) for column in closed if not kinds[column].own]
        touched = Q(new__has_any_keys=former) if former else Q(pk__in=[])
        for column in closed:
            if kinds[column].own:
                touched |= own.changed(column)
        return set(rows.filter(touched).values_list("row_id", flat=True)) if closed else ()

    def _given_away(self, rows: QuerySet[Change], verb: str) -> Iterable[UUID]:
        """Of rows that an act made somebody else's or nobody's: what one did oneself is one's own to take back, out of
        sight or not; what others did, where one sees it."""
        if not self.actor.may(self.resource.permission(verb)):
            return rows.values_list("row_id", flat=True)
        return () if self.mine else self._standing(rows, "view")

    def _given(self, rows: QuerySet[Change]) -> set[UUID]:
        """Rows whose owner would change back: that is assigning, within its reach."""
        if not self.resource.owner:
            return set()
        column = self._then(self.resource.kind(self.resource.owner).column)
        code = self.resource.permission("assign")
        within = self.actor.members_within(code) if self.actor.may(code) else frozenset()
        if within is None:
            return set()
        given = rows.filter(new__has_key=column)
        mine = {str(one) for one in within}
        moved = given.values_list("row_id", f"old__{column}")
        # Whoever only helps with a record edits it, and takes it back from nobody.
        beyond = set(self._standing(given, "assign")) if mine else set()
        return beyond | {row_id for row_id, owner in moved if not mine or (owner and owner not in mine)}

    def _then(self, column: str) -> str:
        """What a column is called in these images."""
        return next((old for old, new in self.shape.moved if new == column), column)


# Attachments go with their record


def _attachments(actor: Actor, rows: QuerySet[Change], shape: Shape) -> Iterator[UUID]:
    for row in rows.iterator(chunk_size=_BATCH):
        image = shape.read(row.new or row.old)
        if row.action == Change.UPDATE:  # its images hold only what changed
            image = dict(
                Attachment.objects.filter(pk=row.row_id).values("resource", "record_id").first() or {}
            )
        # To undo an adding is to remove, and the other way round.
        held = _may_remove(actor, image) if row.action == Change.INSERT else actor.may(attachments.ADD)
        if not (held and _on_reached(actor, image, "edit")):
            yield row.row_id


def _may_remove(actor: Actor, image: Image) -> bool:
    added_by = image.get("added_by_id")
    return attachments.may_remove(actor, UUID(str(added_by)) if added_by else None)


def _on_reached(actor: Actor, image: Image, verb: str) -> bool:
    """Whether the record that a file hangs on is within reach, or is not there at all."""
    resource = registry.find_by_key(str(image.get("resource", "")))
    if resource is None:
        return False
    record = resource.model._default_manager.filter(pk=image.get("record_id"))
    return record.filter(access.reach_q(actor, resource, verb)).exists() or not record.exists()


def _seen_attachments(actor: Actor, ids: Iterable[UUID]) -> set[UUID]:
    rows = Attachment.objects.filter(pk__in=list(ids)).values("pk", "resource", "record_id")
    return {row["pk"] for row in rows if _on_reached(actor, row, "view")}


def label_attachments() -> None:
    """In the change log a file is seen by whoever sees its record."""
    label_verbs(
        {
            "files.attachment.add": _("added a file"),
            "files.attachment.edit": _("said what a file is"),
            "files.attachment.delete": _("removed a file"),
        }
    )
    label_table(
        _ATTACHMENTS,
        TableLabels(
            visible=_seen_attachments,
            seen_in=lambda actor, image: _on_reached(actor, image, "view"),
            hidden=frozenset({"resource", "record_id", "digest"}),
            counted=lambda n: ngettext("%(n)s file", "%(n)s files", n) % {"n": n},
        ),
    )


# Facts are seen with their record


def _seen_facts(actor: Actor, ids: Iterable[UUID]) -> set[UUID]:
    rows = Fact.objects.filter(pk__in=list(ids)).values("pk", "resource", "record_id")
    return {row["pk"] for row in rows if _on_reached(actor, row, "view")}


def _fact_label(image: Image) -> str:
    resource = registry.find_by_key(str(image.get("resource", "")))
    kind = resource.declared.get(str(image.get("name"))) if resource is not None else None
    return str(kind.label) if kind is not None else str(image.get("name") or "")


def label_facts() -> None:
    """In the change log a fact is seen by whoever sees its record; of what was merged its name is told."""
    label_table(Merger._meta.db_table, TableLabels(hidden=frozenset({"resource", "record_id", "gone"})))
    label_table(
        Fact._meta.db_table,
        TableLabels(
            row=_fact_label,
            visible=_seen_facts,
            seen_in=lambda actor, image: _on_reached(actor, image, "view"),
            hidden=frozenset({"resource", "record_id", "name", "by"}),
        ),
    )
