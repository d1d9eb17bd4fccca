"""`guanxi backup [FILE]`: database and attached files of one moment, in one file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from guanxi.project.backup.archive import BackupError
from guanxi.project.backup.make import make_backup, standard_name


class Command(BaseCommand):
    help = "Write the database and all attached files into one file, while people go on working."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", nargs="?", type=Path, help="default: GUANXI_HOME/backups/guanxi-<time>.tar"
        )
        parser.add_argument(
            "--with-secrets",
            action="store_true",
            help="add the secret key, so that sessions and stored passwords survive on a new machine",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"] or standard_name()
        try:
            make_backup(path, with_secrets=options["with_secrets"], say=self.stdout.write)
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{path.absolute()}, {path.stat().st_size / 1_000_000:,.1f} MB")
