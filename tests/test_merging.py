"""Whatever hangs on records, in every context: merging and undoing it leaves the company as it was, row for row."""

from uuid import UUID

import pytest
from django.apps import apps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanxi.collaboration.services.comments import add_comment
from guanxi.collaboration.services.tags import create_tag, set_tags
from guanxi.foundation.ledger.services import last_operation_id, operation
from guanxi.foundation.ledger.undo import undo
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.tenancy.fields import tenant_field
from guanxi.foundation.tenancy.models import Record
from guanxi.kernel.errors import Invalid, Refused
from guanxi.resource import writing
from guanxi.resource.attachments import attach
from guanxi.resource.declaration import Resource
from guanxi.resource.links import RecordLink
from guanxi.resource.registry import every
from guanxi.testing.factories import make
from guanxi.testing.worlds import World, in_scope

MERGING = [resource for resource in every() if resource.offers("merge")]
# Only what the undo itself writes differs afterwards.
BESIDE = {"version", "updated_at", "tenant_id"}
LOGS = {"Operation", "Change"}


def _rows() -> dict[str, set[str]]:
    """Every row of every table that the ledger keeps, in the open company."""
    found = {}
    for model in apps.get_models():
        if tenant_field(model) is None or not issubclass(model, Record) or model.__name__ in LOGS:
            continue
        rows = model._default_manager.values()
        found[model._meta.label] = {
            repr(sorted((k, v) for k, v in row.items() if k not in BESIDE)) for row in rows
        }
    return found


def _children(resource: type[Resource]) -> list[tuple[type[Resource], str]]:
    """Every kind of record that can refer to one of these, and by which field."""
    return [
        (other, kind.name)
        for other in every()
        for kind in other.declared.values()
        if isinstance(kind, RecordLink) and kind.to == resource.key and other.offers("edit")
    ]


def _hang(actor: Actor, resource: type[Resource], act: tuple[int, int], records: list[UUID]) -> None:
    """Hang something on one of the records: a child of some kind, a comment, a tag, a file."""
    which, at = act
    target = records[at % len(records)]
    kinds = _children(resource)
    beside = which % (len(kinds) + 3)
    if beside < len(kinds):
        other, name = kinds[beside]
        try:
            child = make(actor, other)
            if other.kind(name).only_read:
                with operation(actor, "tests.thing.link"):
                    values = {other.kind(name).column: target}
                    writing.update(other, child, values, expected_version=None)
            else:
                other.edit(actor, child.pk, data={name: str(target)}, expected_version=None)
        except (Invalid, Refused):
            return  # a parent of itself, a contact point of two: nothing hangs there
    elif beside == len(kinds):
        add_comment(actor, resource=resource.key, record_id=target, text="样品已寄")
    elif beside == len(kinds) + 1:
        tag = create_tag(actor, name=f"标签{at % 3}")
        set_tags(actor, resource=resource.key, record_id=target, tags=[tag.pk])
    else:
        attach(actor, resource, target, name="a.txt", chunks=[b"text"])


@pytest.mark.slow
@pytest.mark.parametrize("resource", MERGING, ids=[resource.key for resource in MERGING])
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    number=st.integers(2, 4),
    acts=st.lists(st.tuples(st.integers(0, 120), st.integers(0, 11)), max_size=12),
    keep=st.integers(0, 3),
)
def test_merge_and_undo_is_the_identity(
    world: World, resource: type[Resource], number: int, acts: list[tuple[int, int]], keep: int
) -> None:
    actor = world.admin
    with in_scope(actor):
        records = [make(actor, resource).pk for _ in range(number)]
        for act in acts:
            _hang(actor, resource, act, records)
        before = _rows()
        resource.merge(actor, ids=records, keep=records[keep % number])
        done = last_operation_id()
        assert done is not None
        assert resource.model._default_manager.filter(pk__in=records).count() == 1
        undo(actor, done)
        assert _rows() == before
