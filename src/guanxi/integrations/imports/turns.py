"""Imports of one company go one after another: the second sees what the first brought, and skips it."""

import time
from collections.abc import Callable

from django.db import connection

from guanxi.foundation.tenancy.scope import require_scope

_PAUSE = 0.2  # seconds between two looks; whoever waits can be stopped


def take_turn(waiting: Callable[[], None]) -> None:
    """Wait until no other import of the company in scope writes; the turn ends with the transaction.

    `waiting` is called while it has to wait, and may raise to give up.
    """
    while not _free(f"imports {require_scope().tenant_id}"):
        waiting()
        time.sleep(_PAUSE)


def _free(name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        return bool(cursor.fetchone()[0])
