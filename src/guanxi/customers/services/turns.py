"""One after the other for each person: what two tabs take at once is counted together."""

from uuid import UUID

from django.db import connection


def take_turns(member_id: UUID) -> None:
    """Wait until nobody else is at work on what this person may have; until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"claims {member_id}"])
