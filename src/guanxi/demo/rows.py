"""Customers and people of the demo as the services take them."""

from typing import Any
from uuid import UUID

from guanxi.demo.generator import CustomerSeed
from guanxi.demo.people import PersonSeed
from guanxi.kernel.ids import new_id

SIZES = {
    "under_20": "1", "20_99": "20", "100_499": "100", "500_999": "500", "1000_9999": "1000", "10000_up": "10000",
}  # fmt: skip


def customer_row(seed: CustomerSeed, members: list[UUID], keys: dict[int, UUID]) -> dict[str, Any]:
    """A customer by stored column; its new id is kept in `keys` under its index."""
    keys[seed.index] = new_id()
    return {
        "id": keys[seed.index],
        "name": seed.name,
        "short_name": seed.short_name,
        "relations": ",".join(sorted(seed.relations)),
        "credit_code": seed.credit_code,
        "region": seed.region,
        "industry": seed.industry,
        "size": SIZES.get(seed.size, ""),
        "grade": seed.grade,
        "source": seed.source,
        "owner_id": members[seed.owner] if seed.owner is not None else None,
        "parent_id": keys[seed.parent] if seed.parent is not None else None,
        "phone": seed.phone,
        "website": seed.website,
        "address": seed.address,
        "remarks": seed.remarks,
        "created_at": seed.created,
        "updated_at": seed.created,
    }


def person_row(
    seed: PersonSeed, at: CustomerSeed, members: list[UUID], keys: dict[int, UUID]
) -> dict[str, Any]:
    """A person of that customer by stored column."""
    return {
        "name": seed.name,
        "sex": seed.sex,
        "customer_id": keys[at.index],
        "department": seed.department,
        "post": seed.post,
        "phone": seed.phone,
        "email": seed.email,
        "wechat": seed.wechat,
        "born": seed.born,
        "born_lunar": seed.lunar,
        "language": seed.language,
        "channel": seed.channel,
        "owner_id": members[at.owner] if at.owner is not None else None,
        "created_at": at.created,
        "updated_at": at.created,
    }
