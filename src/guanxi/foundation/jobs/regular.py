"""Work done every few minutes, across companies; registered by the contexts that own it.

It must be short and may come late or not at all: the next time does what this time left.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime

from django.db import connections
from procrastinate.contrib.django import app

from guanxi.foundation.jobs.queue import QUEUE

log = logging.getLogger(__name__)
Regular = Callable[[datetime], object]
_works: dict[str, Regular] = {}


def every_few_minutes(key: str, work: Regular) -> None:
    """Register what runs every two minutes, in no company's scope. It is given the time."""
    _works[key] = work


@app.periodic(cron="*/2 * * * *")
@app.task(name="guanxi.regular", queue=QUEUE, queueing_lock="guanxi.regular")
def regular(timestamp: int) -> None:
    """All of it. One that fails does not keep the others from their work."""
    now = datetime.fromtimestamp(timestamp, UTC)
    try:
        for key, work in _works.items():
            try:
                work(now)
            except Exception:
                log.exception("regular work failed", extra={"work": key})
    finally:
        connections.close_all()
