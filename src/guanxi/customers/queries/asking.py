"""What is said for a record that somebody may ask for without seeing it."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.core import signing
from django.utils import timezone

from guanxi.foundation.notices.models import Notice
from guanxi.foundation.permissions.actor import Actor

SALT = "customers.ask"
ASKED_FOR = "customers.asked_for"  # the notice to whoever is asked
AGAIN = timedelta(days=7)  # before that nobody asks a second time


def token_for(actor: Actor, resource: str, record_id: UUID) -> str:
    """Stands for a record that the actor met and does not see: signed, and no use to anybody else."""
    return signing.dumps([resource, str(record_id), str(actor.member_id)], salt=SALT)


def asked_lately(actor: Actor, records: Collection[UUID]) -> set[UUID]:
    """Those of these records for which the actor has asked so lately that it is not asked again."""
    if not records:
        return set()
    mine = Notice.objects.filter(
        kind=ASKED_FOR,
        created_at__gte=timezone.now() - AGAIN,
        params__asked_by=str(actor.member_id),
        params__record__in=[str(one) for one in records],
    )
    return {UUID(one) for one in mine.values_list("params__record", flat=True)}
