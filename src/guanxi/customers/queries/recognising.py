"""Who of the customers and their people is behind an e-mail address."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from guanxi.customers.queries.marks import holders
from guanxi.customers.rules.alike import CUSTOMERS, PEOPLE, digest, point_keys
from guanxi.foundation.tenancy.scope import require_scope

__all__ = ["behind"]

_MOST = 20  # records behind one address: one that more have is nobody's in particular


def behind(
    addresses: Collection[str], *, of: Collection[str] = (PEOPLE, CUSTOMERS)
) -> dict[str, list[tuple[str, UUID]]]:
    """The records of the open company, of these kinds, that are reached by each of these addresses, in small
    letters."""
    company = require_scope().tenant_id
    marks: dict[int, str] = {}
    for address in addresses:
        for resource in (PEOPLE, CUSTOMERS):
            keys = point_keys(resource, "email", address)
            marks |= {digest(company, resource, key): address for key in keys if key.kind == "email"}
    if not marks:
        return {}
    held, _crowded = holders(list(marks), strong=True)
    found: dict[str, list[tuple[str, UUID]]] = defaultdict(list)
    for mark, records in held.items():
        for one in [each for each in records if each.resource in of][:_MOST]:
            known = (one.resource, one.record)
            if known not in found[marks[mark]]:
                found[marks[mark]].append(known)
    return dict(found)
