"""Which leads are behind an e-mail address."""

from collections.abc import Collection
from uuid import UUID

from guanxi.customers.queries.recognising import behind
from guanxi.marketing.choices import OPEN
from guanxi.marketing.models import Lead
from guanxi.marketing.queries.alike import LEADS

__all__ = ["leads_behind"]


def leads_behind(addresses: Collection[str]) -> dict[str, list[tuple[str, UUID]]]:
    """The leads that are worked on, or wait for it, with each of these addresses, in small letters: a discarded one's
    mail is nobody's business, and a converted one is known as customer and person."""
    found = behind(addresses, of=(LEADS,))
    ids = {record for records in found.values() for _key, record in records}
    open_ones = (
        set(Lead.objects.filter(pk__in=ids, state__in=OPEN).values_list("pk", flat=True)) if ids else set()
    )
    return {
        address: kept
        for address, records in found.items()
        if (kept := [one for one in records if one[1] in open_ones])
    }
