"""Values of a row that others of its record say how to keep: an amount of its currency."""

from collections.abc import Mapping
from typing import Any

from guanxi.integrations.imports.verdicts import Candidate, Remark
from guanxi.kernel.errors import Invalid
from guanxi.resource.declaration import Resource


def settled(
    resource: type[Resource],
    found: Candidate,
    given: dict[str, Any],
    headers: Mapping[str, str],
    *,
    strict: bool,
) -> None:
    """Leave out of a row what cannot stand beside its other values, with a remark, as what cannot be read is."""
    try:
        resource.settle({**given})
    except Invalid as problem:
        for name, (reason, *_more) in problem.fields.items():
            column = resource.kind(name).column
            raw = str(given.pop(column, ""))
            found.values.pop(column, None)
            remark = Remark(found.line, headers.get(name, ""), raw[:200], reason)
            (found.problems if strict else found.warnings).append(remark)


def beside(resource: type[Resource], given: dict[str, Any], record: Any) -> dict[str, Any]:
    """The values of a row as a record that is there would keep them, without what it cannot and what it has."""
    looking = {kind.column for kind in resource.fields().values() if kind.looks_at and kind.column in given}
    if not looking:
        return given
    try:
        resource.settle(given, record)
    except Invalid as problem:
        wrong = {resource.kind(name).column for name in problem.fields}
        given = {column: value for column, value in given.items() if column not in wrong}
    same = {column for column in looking & given.keys() if getattr(record, column) == given[column]}
    return {column: value for column, value in given.items() if column not in same}
