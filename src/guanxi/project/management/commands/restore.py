"""`guanxi restore FILE`: a backup into an empty installation."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from guanxi.project.backup.archive import BackupError
from guanxi.project.backup.restore import restore


class Command(BaseCommand):
    help = "Restore a backup into an empty installation; an older one is upgraded."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = restore(options["file"], say=self.stdout.write)
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Restored as of {manifest['made_at']}.")
