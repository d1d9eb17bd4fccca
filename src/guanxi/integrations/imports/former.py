"""When records came to be that have stood in another program: only whoever may move a company in says so."""

# Chinese in code: heads of spreadsheets

from datetime import datetime
from functools import lru_cache

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.foundation.permissions.actor import Actor
from guanxi.kinds import FieldProblem, Kind, Moment
from guanxi.resource.declaration import Resource
from guanxi.resource.registry import find

MOVE = "integrations.move.run"
CREATED = "created_at"
HEADS = (
    "创建日期", "创建于", "录入时间", "录入日期", "建档时间", "建档日期", "created date", "create date", "createdate",
    "created at", "created on", "created time", "date created", "date entered", "property_createdate",
    "property_created_at", "property_hs_createdate", "hs_createdate", "first_seen",
)  # fmt: skip


class Created(Moment):
    """When a record was created, kept as another program says it: never later than now."""

    def clean(self, raw: object, actor: Actor) -> datetime:
        found = super().clean(raw, actor)
        if found > timezone.now():
            raise FieldProblem("future", _("This lies in the future."))
        return found


@lru_cache(maxsize=32)
def _created(key: str) -> Created:
    declared = find(key).declared[CREATED]
    kind = Created(name=CREATED, label=declared.label)
    kind.resource, kind.column = declared.resource, CREATED
    return kind


def created_kind(actor: Actor, resource: type[Resource]) -> Created | None:
    """The field that a column of such times becomes; None where the actor may not say so."""
    return _created(resource.key) if CREATED in resource.declared and actor.may(MOVE) else None


def kind_of(resource: type[Resource], name: str) -> Kind:
    """A field by its name, as files fill it. Raises KeyError."""
    return _created(resource.key) if name == CREATED else resource.kind(name)
