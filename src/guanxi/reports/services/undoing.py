"""An undo keeps to the rule of the acts: what was sent on an earlier day stays as it was read."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_datetime

from guanxi.foundation.ledger.conflicts import Part
from guanxi.foundation.ledger.models import Change, Operation
from guanxi.foundation.permissions.actor import Actor
from guanxi.kernel.errors import Refused
from guanxi.reports.models import Report
from guanxi.reports.services.reports import TOO_LATE, is_today, reaches_all

_TABLE = Report._meta.db_table


def guard(actor: Actor, found: Operation, part: Part) -> Iterator[tuple[str, UUID]]:
    """Reports that are sent, or would be, and were on an earlier day than today; not to whoever reaches everybody's,
    nor on the day of the act. Raises Refused("too_late") where that is all of them."""
    if is_today(found.at):
        return
    changes = list(part.changes().filter(table_name=_TABLE))
    free = {verb for verb in ("edit", "delete") if reaches_all(actor, verb)}
    asked = [one for one in changes if ("edit" if one.action == Change.UPDATE else "delete") not in free]
    standing = dict(Report.objects.filter(pk__in={one.row_id for one in asked}).values_list("pk", "sent_at"))
    old = {one.row_id for one in asked if any(map(_is_past, (standing.get(one.row_id), _sent_before(one))))}
    if old and old == {one.row_id for one in changes}:
        raise Refused("too_late", TOO_LATE)
    yield from ((_TABLE, pk) for pk in sorted(old))


def _sent_before(change: Change) -> Any:
    """When the report was sent that the undo would bring back."""
    at = (change.old or {}).get("sent_at")
    return parse_datetime(at) if at else None


def _is_past(sent_at: Any) -> bool:
    return sent_at is not None and not is_today(sent_at)
