"""`guanxi upgrade`: the database to the version of the code, after a backup."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.migrations.loader import MigrationLoader

from guanxi.project.backup.archive import BackupError
from guanxi.project.backup.migrations import unmarked
from guanxi.project.backup.upgrade import KEPT, upgrade


class Command(BaseCommand):
    help = "Bring the database to the version of this Guanxi; a backup is made first."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--no-backup", action="store_false", dest="backup", help="migrate without a backup"
        )
        parser.add_argument(
            "--keep", type=int, default=KEPT, help=f"backups of earlier upgrades to keep (default {KEPT})"
        )
        parser.add_argument(
            "--check-migrations",
            action="store_true",
            help="only name migrations that take something away without saying so; needs no database",
        )
        parser.add_argument("--quiet", action="store_true", help=argparse.SUPPRESS)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check_migrations"]:
            found = unmarked(MigrationLoader(None))
            if found:
                raise CommandError("\n".join(found))
            return
        say = (lambda text: None) if options["quiet"] else self.stdout.write
        try:
            migrated = upgrade(backup=options["backup"], keep=options["keep"], say=say)
        except BackupError as error:
            raise CommandError(str(error)) from error
        say("The database is up to date." if migrated else "Nothing to migrate.")
