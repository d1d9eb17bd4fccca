"""`guanxi archive COMPANY FILE`: everything of a company as one ZIP of open formats."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext

from guanxi.integrations.archives.services.taking import make, rows_of
from guanxi.integrations.imports.words import said
from guanxi.kernel.errors import GuanxiError
from guanxi.project.management.whose import open_company


class Command(BaseCommand):
    help = "Take a whole company out as one ZIP of open formats, which `unarchive` brings back in."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("company", help="its name or short name")
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--as", metavar="MEMBER", dest="member", default="", help="act as this person; else as the system"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            with open_company(options["company"], options["member"]) as actor:
                manifest = make(actor, path, lambda done, total: None)
        except GuanxiError as error:
            raise CommandError(said(error)) from error
        except OSError as error:
            raise CommandError(gettext("%(path)s cannot be written.") % {"path": path}) from error
        words = {"count": f"{rows_of(manifest):,}", "files": len(manifest.files), "path": path}
        self.stdout.write(gettext("%(count)s rows in %(files)s files written to %(path)s") % words)
        if manifest.missing:
            missing = {"count": len(manifest.missing)}
            self.stdout.write(
                gettext("Of %(count)s attachments the file is missing on the server.") % missing
            )
