"""The operation of the API that says how complete a customer or a person is, and what to ask for next.

Of one record: in a list it would be a question to the database for each.
"""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.utils.translation import gettext_noop

from guanxi.foundation.permissions.actor import Actor
from guanxi.resource import access
from guanxi.resource.operations import Operation, declare
from guanxi.resource.registry import find


@dataclass(frozen=True, kw_only=True)
class MissingOut:
    """What is not known yet. `field` is the field that takes it; empty where it is a record of its own, as a person
    or a billing profile, or where the caller may not edit."""

    label: str
    field: str


@dataclass(frozen=True, kw_only=True)
class CompletenessOut:
    """How complete the record is, as far as the caller sees it and may add to it: 0 to 100 percent. `missing` has the
    next to ask for first."""

    percent: int
    missing: list[MissingOut]


def register() -> None:
    """Called once at start-up."""
    for key in ("customers", "people"):
        declare(
            Operation(
                area=key, method="GET", path=f"{key}/{{id}}/completeness", act=partial(_completeness, key),
                answer=CompletenessOut,
                summary=gettext_noop("How complete a record is"),
                words=gettext_noop("A number, and what is worth asking for next."),
            )
        )  # fmt: skip


def _completeness(key: str, actor: Actor, record_id: UUID) -> CompletenessOut:
    resource = find(key)
    actor.require(resource.permission("view"))
    percent, missing = resource.completeness(actor, access.get(actor, resource, record_id)) or (100, ())
    fields = resource.fields()
    return CompletenessOut(
        percent=percent,
        missing=[MissingOut(label=words, field=way if way in fields else "") for words, way in missing],
    )
