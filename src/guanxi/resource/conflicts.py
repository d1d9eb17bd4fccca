"""Why an undo was refused, in words: which record, which fields, changed by whom and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext

from guanxi.foundation.accounts.models import Member
from guanxi.resource import access, registry
from guanxi.resource.kinds import Show


@dataclass(frozen=True, slots=True)
class Described:
    """One row in the way."""

    row_id: UUID | None
    name: str
    url: str
    why: str
    fields: str
    who: str
    when: datetime | None


def described(conflicts: Sequence[Any], show: Show) -> list[Described]:
    """Conflicts of `ledger.undo` for people. Records the viewer may not see are not named."""
    people = dict(
        Member.objects.filter(id__in={c.later[0] for c in conflicts if c.later and c.later[0]}).values_list(
            "id", "name"
        )
    )
    return [_describe(conflict, show, people) for conflict in conflicts]


def _describe(conflict: Any, show: Show, people: dict[UUID, str]) -> Described:
    resource = registry.find_by_table(conflict.table)
    name, url, fields = gettext("A record"), "", ""
    if resource is not None:
        seen = (
            access.visible(show.actor, resource).filter(pk=conflict.row_id).first()
            if conflict.row_id
            else None
        )
        if seen is not None:
            name, url = str(seen), resource.url("card", id=seen.pk)
        elif conflict.row_id and conflict.kind == "gone":
            name = str(conflict.image.get(resource.title) or name)
        labels = {k.column: str(k.label) for k in access.readable(show.actor, resource)}
        joint = "、" if show.language.startswith("zh") else ", "
        fields = joint.join(labels[c] for c in conflict.columns if c in labels)
    why = {
        "changed": gettext("Changed since"),
        "gone": gettext("Deleted since"),
        "back": gettext("Exists again"),
        "referenced": gettext("Other records depend on it now"),
        "taken": gettext("A value it had belongs to another record now"),
    }.get(conflict.kind, gettext("The data no longer fit"))
    who = people.get(conflict.later[0], "") if conflict.later and conflict.later[0] else ""
    when = parse_datetime(conflict.later[1]) if conflict.later else None
    return Described(conflict.row_id, name, url, why, fields, who, when)
