"""`./run bench NAME`: measure, on a database of the bench's own."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from guanxi.project.runtime.home import StartError


class Command(BaseCommand):
    help = "Measure lists, search, cards, writes and imports through the real web process."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "name",
            choices=[
                "foundation",
                "resources",
                "customers",
                "import",
                "duplicates",
                "team",
                "selling",
                "mailbox",
            ],
        )
        parser.add_argument("--customers", type=int, default=1_000_000)
        parser.add_argument("--others", type=int, default=50_000, help="customers of a second company")
        parser.add_argument("--requests", type=int, default=200, help="measured requests of each case")
        parser.add_argument("--import-rows", type=int, default=50_000, help="0 leaves the import out")
        parser.add_argument("--only", default="", help="cases whose group and name hold this text")
        parser.add_argument(
            "--fit", action="store_true", help="duplicates: count the weights of persons again"
        )
        parser.add_argument("--json", type=Path, metavar="FILE", help="write the whole report there")

    def handle(self, *args: Any, **options: Any) -> None:
        from guanxi.project.bench.customers import CustomersBench
        from guanxi.project.bench.foundation import Bench, told, write_json
        from guanxi.project.bench.importing import ImportBench, told_import
        from guanxi.project.bench.mailbox import MailboxBench, told_mailbox
        from guanxi.project.bench.resources import ResourcesBench
        from guanxi.project.bench.selling import SellingBench
        from guanxi.project.bench.team import TeamBench

        if options["name"] == "duplicates":
            report = self._duplicates(only=options["only"], fit=options["fit"])
            if options["json"]:
                write_json(options["json"], report)
            return
        kinds = {
            "resources": ResourcesBench,
            "customers": CustomersBench,
            "import": ImportBench,
            "team": TeamBench,
            "selling": SellingBench,
            "mailbox": MailboxBench,
        }
        kind = kinds.get(options["name"], Bench)
        bench = kind(
            customers=options["customers"],
            others=options["others"],
            requests=options["requests"],
            import_rows=options["import_rows"],
            only=options["only"],
            say=self.stdout.write,
        )
        try:
            report = bench.run()
        except StartError as error:
            raise CommandError(str(error)) from error
        tell = {ImportBench: told_import, MailboxBench: told_mailbox}.get(kind, told)
        for line in tell(report):
            self.stdout.write(line)
        if options["json"]:
            write_json(options["json"], report)
        if report["failed"]:
            raise CommandError("Answered otherwise than expected:\n" + "\n".join(report["failed"]))

    def _duplicates(self, *, only: str, fit: bool) -> dict[str, Any]:
        """How good the check is; in memory, without a database."""
        from guanxi.project.bench.duplicates.fitting import tell_fitted
        from guanxi.project.bench.duplicates.running import data_folder, measure_all

        folder = data_folder()
        if not folder.exists():
            raise CommandError(
                f"The sample files are not there: {folder} (GUANXI_SHARED_DATA names another place)"
            )
        if fit:
            tell_fitted(folder, self.stdout.write)
            return {}
        return measure_all(folder, self.stdout.write, only=only)
