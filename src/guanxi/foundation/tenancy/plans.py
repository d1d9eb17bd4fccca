"""How statements over many rows are planned."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def keyed_joins() -> Iterator[None]:
    """Within, a join by key goes through the key's index, whatever the statistics say. Also a decorator.

    Right after an import they know nothing of its rows, and the planner compares every row of an operation
    with every row of the company, kept aside for the purpose: 738 rows of an undo took seven seconds beside
    20,000 others. Not keeping them aside makes that way unattractive at any estimate. Ends with the
    transaction at the latest.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_material = off")
    yield
    # Not after an error: the transaction may have failed, and nothing can be set in it any more.
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_material TO DEFAULT")
