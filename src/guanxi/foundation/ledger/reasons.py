"""Why an undo was refused, in words: which record, which fields, changed by whom and when.

Both the page and the API say it with these. Records the reader may not see are not named.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from guanxi.foundation.ledger.conflicts import RowConflict
from guanxi.foundation.ledger.labels import (
    column_label,
    labels_of,
    people_named,
    row_label,
    shown_columns,
    table_label,
)
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.web import listed


@dataclass(frozen=True, slots=True)
class Reason:
    """One row in the way. `url` opens it, "" where it cannot be opened."""

    row_id: UUID | None
    table: str
    name: str
    url: str
    why: str
    fields: str
    who: str
    when: datetime | None


def reasons(actor: Actor, conflicts: Sequence[RowConflict]) -> list[Reason]:
    """Conflicts of `undo` for people."""
    people = people_named(one.later[0] for one in conflicts if one.later)
    return [_reason(actor, one, people) for one in conflicts]


def _reason(actor: Actor, one: RowConflict, people: dict[UUID, str]) -> Reason:
    labels = labels_of(one.table)
    shown = one.image_id or one.row_id
    seen = shown is not None and one.kind != "barred" and _sees(actor, one, shown)
    fields = shown_columns(actor, one.table, one.columns) if seen or one.image_id else []
    return Reason(
        row_id=one.row_id,
        table=table_label(one.table) if one.table else "",
        name=row_label(one.table, one.image) if seen and one.image else "",
        url=labels.url(shown) if seen and labels.url and shown and one.kind != "gone" else "",
        why={
            "changed": _("was changed since"),
            "gone": _("was deleted since"),
            "back": _("exists again"),
            "referenced": _("others depend on it now"),
            "taken": _("a value it had belongs to another one now"),
            "barred": _("you may not see or change it any more"),
        }.get(one.kind, _("no longer fits into today's form")),
        fields=listed(column_label(one.table, column) for column in fields),
        who=people.get(one.later[0], "") if one.later and one.later[0] else "",
        when=parse_datetime(one.later[1]) if one.later else None,
    )


def _sees(actor: Actor, one: RowConflict, row_id: UUID) -> bool:
    """Whether the actor may see the row that `image` shows."""
    labels = labels_of(one.table)
    if one.kind == "gone":
        return labels.visible is None or labels.seen_in(actor, one.image)
    return labels.visible is None or row_id in labels.visible(actor, [row_id])
