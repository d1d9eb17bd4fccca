from typing import Any

from django.core.management.base import BaseCommand

from guanxi.foundation.jobs.worker import run_worker


class Command(BaseCommand):
    help = "Run queued jobs and the regular work until SIGTERM"

    def handle(self, *args: Any, **options: Any) -> None:
        run_worker()
