"""What is said for a record that somebody may ask for without seeing it."""

from uuid import UUID

from django.core import signing

from guanxi.foundation.permissions.actor import Actor

SALT = "customers.ask"


def token_for(actor: Actor, resource: str, record_id: UUID) -> str:
    """Stands for a record that the actor met and does not see: signed, and no use to anybody else."""
    return signing.dumps([resource, str(record_id), str(actor.member_id)], salt=SALT)
