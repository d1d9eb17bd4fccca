"""Telling every process that a company's fields or layouts have changed."""

from uuid import uuid4

from guanxi.tailoring.models import Stamp
from guanxi.tailoring.queries.wishes import forget


def touch() -> None:
    """What was made of the company's wishes is no longer true. One change at a time: the rest wait for its end."""
    rows = Stamp.objects.select_for_update()
    if not rows.update(mark=uuid4()):
        Stamp.objects.bulk_create([Stamp(mark=uuid4())], ignore_conflicts=True)
    forget()
