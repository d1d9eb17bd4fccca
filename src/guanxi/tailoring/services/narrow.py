# ruff: noqa: S608  tables come from models, values are parameters
"""The narrow index: one row for each value of an indexed own field, written where the record is.

Whoever writes own values holds the resource's lock together with others; filling the index of a field holds it
alone. So a value that was written by somebody who did not know yet of the index is there before it is filled, and
one written after that finds its definition.
"""

from collections.abc import Iterable, Sequence
from itertools import islice
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from guanxi.foundation.tenancy.scope import require_scope
from guanxi.kinds.kind import Declared
from guanxi.resource.own import Taken
from guanxi.tailoring.models import OwnValue
from guanxi.tailoring.queries.making import Indexed
from guanxi.tailoring.queries.wishes import forget, wishes

_BATCH = 5_000
_LONGEST = 500  # characters of a value that are compared with others; no indexed kind takes more
_VALUES = OwnValue._meta.db_table


def lock(key: str, *, alone: bool = False) -> None:
    """Hold the lock of a resource's own values until the transaction ends."""
    how = "" if alone else "_shared"
    name = f"own:{require_scope().tenant_id}:{key}"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock{how}(hashtextextended(%s, 0))", [name])


def follow(resource: type[Declared], ids: Iterable[UUID]) -> None:
    """Bring the index up to what these records hold now, also those that are gone. Raises Taken."""
    if not wishes().fields_of(resource.key) and not wishes().former_of(resource.key):
        return
    lock(resource.key)
    forget()  # a field may have been given an index while we waited
    fields = wishes().indexed.get(resource.key, ())
    rest = iter(ids) if fields else iter(())
    while part := list(islice(rest, _BATCH)):
        write(resource, part, fields)


def write(resource: type[Declared], ids: Sequence[UUID], fields: Sequence[Indexed]) -> None:
    """Replace the entries of these records in these fields. Raises Taken."""
    for last in (False, True):
        try:
            with transaction.atomic():
                _replace(resource, ids, fields)
        except IntegrityError as error:
            found = _taken_by(resource, ids, fields)
            if found is not None:
                raise Taken(*found) from error
            if last:
                name = next(one.name for one in fields if one.sole)
                raise Taken(name, ids[:1]) from error
            _forget_gone(resource, fields)
        else:
            return


def _replace(resource: type[Declared], ids: Sequence[UUID], fields: Sequence[Indexed]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {_VALUES} WHERE tenant_id = current_setting('guanxi.tenant')::uuid "
            "AND record_id = ANY(%s) AND field_id = ANY(%s)",
            [list(ids), [one.field_id for one in fields]],
        )
        # The first half of a key is the record's: what was made together lies together.
        cursor.execute(
            f"""
            INSERT INTO {_VALUES} (tenant_id, id, created_at, field_id, record_id, text, number, moment, sole)
            SELECT r.tenant_id,
                   overlay(gen_random_uuid()::text placing left(r.id::text, 18) from 1 for 18)::uuid,
                   now(), f.id, r.id,
                   CASE WHEN f.slot = 'text' THEN v.value #>> '{{}}' END,
                   CASE WHEN f.slot = 'number' THEN (v.value #>> '{{}}')::bigint END,
                   CASE WHEN f.slot = 'moment' THEN (v.value #>> '{{}}')::timestamptz END,
                   CASE WHEN f.sole THEN left(v.value #>> '{{}}', {_LONGEST}) END
            {_records(resource)}
            CROSS JOIN LATERAL jsonb_array_elements(
                CASE jsonb_typeof(r.own -> f.name) WHEN 'array' THEN r.own -> f.name
                ELSE jsonb_build_array(r.own -> f.name) END) AS v(value)
            WHERE {_HERE}
            """,
            [*_lists(fields), list(ids)],
        )


_HERE = "r.tenant_id = current_setting('guanxi.tenant')::uuid AND r.id = ANY(%s) AND r.own ? f.name"


def _records(resource: type[Declared]) -> str:
    table = connection.ops.quote_name(resource.model._meta.db_table)
    return (
        f"FROM {table} r CROSS JOIN "
        "unnest(%s::uuid[], %s::text[], %s::text[], %s::boolean[]) AS f(id, name, slot, sole)"
    )


def _lists(fields: Sequence[Indexed]) -> list[list[object]]:
    return [
        [one.field_id for one in fields],
        [one.name for one in fields],
        [one.slot for one in fields],
        [one.sole for one in fields],
    ]


def _taken_by(
    resource: type[Declared], ids: Sequence[UUID], fields: Sequence[Indexed]
) -> tuple[str, list[UUID]] | None:
    """The field and those of the records whose value another record has, or two of them have."""
    table = connection.ops.quote_name(resource.model._meta.db_table)
    value = f"left(r.own ->> f.name, {_LONGEST})"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT f.name, r.id {_records(resource)}
            WHERE {_HERE} AND f.sole AND (
                EXISTS (SELECT 1 FROM {_VALUES} v JOIN {table} h ON h.tenant_id = v.tenant_id AND h.id = v.record_id
                         WHERE v.tenant_id = r.tenant_id AND v.field_id = f.id AND v.sole = {value}
                           AND v.record_id <> ALL(%s))
                OR EXISTS (SELECT 1 FROM {table} o WHERE o.tenant_id = r.tenant_id AND o.id = ANY(%s)
                            AND o.id <> r.id AND left(o.own ->> f.name, {_LONGEST}) = {value}))
            ORDER BY 1, 2
            """,
            [*_lists(fields), list(ids), list(ids), list(ids)],
        )
        rows = cursor.fetchall()
    if not rows:
        return None
    name = rows[0][0]
    return name, [record_id for field, record_id in rows if field == name]


def _forget_gone(resource: type[Declared], fields: Sequence[Indexed]) -> None:
    """Entries of records that went with another one they belonged to."""
    table = connection.ops.quote_name(resource.model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {_VALUES} v WHERE v.tenant_id = current_setting('guanxi.tenant')::uuid "
            f"AND v.field_id = ANY(%s) AND NOT EXISTS "
            f"(SELECT 1 FROM {table} r WHERE r.tenant_id = v.tenant_id AND r.id = v.record_id)",
            [[one.field_id for one in fields if one.sole]],
        )


def doubles(resource: type[Declared], name: str, *, most: int = 3) -> list[str]:
    """Values of an own field that several records have, as JSON text; a few of them."""
    table = connection.ops.quote_name(resource.model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT own ->> %s FROM {table} WHERE tenant_id = current_setting('guanxi.tenant')::uuid "
            f"AND own ? %s GROUP BY 1 HAVING count(*) > 1 ORDER BY 1 LIMIT {int(most)}",
            [name, name],
        )
        return [row[0] for row in cursor.fetchall()]


def clear(field_id: UUID) -> None:
    """Take the whole index of a field away."""
    OwnValue.objects.filter(field_id=field_id).delete()
