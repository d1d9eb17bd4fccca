"""`guanxi import customers FILE`: a file's rows become records, all or none."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext

from guanxi.foundation.permissions.web import listed
from guanxi.integrations.imports.days import ORDERS
from guanxi.integrations.imports.heads import head_of
from guanxi.integrations.imports.mapping import Mapping, match_table
from guanxi.integrations.imports.outcomes import Outcome
from guanxi.integrations.imports.planning import DUPLICATE_RULES
from guanxi.integrations.imports.reading import open_table
from guanxi.integrations.imports.services import UNCLEAR, Options, importable, run_import
from guanxi.integrations.imports.words import said
from guanxi.kernel.errors import GuanxiError
from guanxi.project.management.explained import json_in, meanings_in
from guanxi.project.management.whose import add_whose, open_company
from guanxi.resource import registry
from guanxi.resource.declaration import Resource

_SHOWN = 20


class Command(BaseCommand):
    help = (
        "Import a CSV, XLSX, XLS, ODS, vCard or LDIF file. All rows or none are written, as one undoable operation. "
        "Exit code 0: done, also where rows were rejected; 1: nothing was written, and why."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("resource", help="what the rows are, such as customers")
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--map", type=Path, metavar="FILE", help='JSON: {"column": "field"}, "" leaves one out'
        )
        parser.add_argument(
            "--set", action="append", default=[], metavar="FIELD=VALUE",
            help="for every row that has none of its own; {row} is its number, people.post of what stands beside",
        )  # fmt: skip
        parser.add_argument("--on-duplicate", choices=DUPLICATE_RULES, default="skip")
        parser.add_argument(
            "--dates", choices=ORDERS, default="", help="what 3/5/24 means; default: as the file shows"
        )
        parser.add_argument("--unclear", choices=UNCLEAR, default="empty", help="values that cannot be read")
        parser.add_argument(
            "--meanings", type=Path, metavar="FILE",
            help='JSON: {"column": {"value": "text"}}, what is read in place of values that mean nothing here',
        )  # fmt: skip
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")
        parser.add_argument("--json", action="store_true", help="one line of figures")
        parser.add_argument(
            "--sheet", default="", help="of a workbook; default: the first that holds anything"
        )
        parser.add_argument("--encoding", default="", help="of a text file, where it cannot be told")
        parser.add_argument(
            "--head", type=int, metavar="ROW", help="the row of the headings, 0 for none; default: found out"
        )
        parser.add_argument("--report", type=Path, metavar="FOLDER", help="for rejected.csv and warnings.csv")
        add_whose(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        resource = _resource(options["resource"])
        chosen = _chosen(options["map"])
        if options["report"] is not None and not options["report"].is_dir():
            raise CommandError(gettext("The folder %(path)s does not exist.") % {"path": options["report"]})
        with open_company(options["company"], options["member"]) as actor:
            try:
                table = open_table(
                    options["file"],
                    sheet=options["sheet"],
                    encoding=options["encoding"],
                    head=options["head"],
                    head_of=lambda rows: head_of(resource, rows),
                )
                columns = match_table(actor, resource, table, chosen)
                outcome = run_import(
                    actor,
                    resource=resource,
                    table=table,
                    columns=columns,
                    options=Options(
                        on_duplicate=options["on_duplicate"],
                        constants=_constants(options["set"]),
                        dates=options["dates"],
                        unclear=options["unclear"],
                        meanings=meanings_in(options["meanings"]),
                    ),
                    dry_run=options["dry_run"],
                    report_to=options["report"],
                    progress=self._progress if sys.stderr.isatty() else None,
                )
            except GuanxiError as error:
                raise CommandError(said(error)) from error
            notes = [str(note) for note in table.notes]
        # Only now is everything committed.
        if options["json"]:
            self.stdout.write(json.dumps(outcome.counts(), ensure_ascii=False))
        else:
            self._tell(columns, outcome, notes, dry_run=options["dry_run"])

    def _progress(self, rows: int) -> None:
        self.stderr.write(f"\r{rows:,}", ending="")
        self.stderr.flush()

    def _tell(self, columns: Mapping, outcome: Outcome, notes: list[str], *, dry_run: bool) -> None:
        for note in notes:
            self.stdout.write(note)
        if columns.left_out:
            names = listed(column.header for column in columns.left_out)
            self.stdout.write(gettext("Not imported: %(columns)s") % {"columns": names})
        for verdict in [v for v in outcome.noted if v.action == "reject"][:_SHOWN]:
            for reason in verdict.reasons:
                self.stdout.write(
                    gettext("Row %(line)s rejected: %(reason)s")
                    % {"line": verdict.candidate.line, "reason": reason}
                )
        groups = list(outcome.remarks.values())
        for group in groups[:_SHOWN]:
            lines = ", ".join(map(str, group.lines)) + ("…" if group.count > len(group.lines) else "")
            self.stdout.write(
                gettext("%(column)s left empty in %(count)s rows (%(lines)s): %(reason)s")
                % {
                    "column": group.first.column,
                    "count": f"{group.count:,}",
                    "lines": lines,
                    "reason": group.first.reason,
                }
            )
        if len(groups) > _SHOWN:
            self.stdout.write(gettext("and more; `--report` writes down all of them"))
        figures = {name: f"{value:,}" for name, value in outcome.counts().items() if isinstance(value, int)}
        self.stdout.write(
            gettext(
                "%(rows)s rows: %(created)s created, %(updated)s updated, %(skipped)s skipped, "
                "%(review)s to be decided, %(rejected)s rejected; %(duplicates)s duplicates, %(warnings)s warnings"
            )
            % figures
        )
        if dry_run:
            self.stdout.write(gettext("A dry run: nothing was written."))
        elif outcome.operation_id is None:
            self.stdout.write(gettext("Nothing was changed."))
        else:
            self.stdout.write(
                gettext("Operation %(id)s, %(seconds)s seconds")
                % {"id": outcome.operation_id, "seconds": f"{outcome.seconds:.1f}"}
            )


def _resource(key: str) -> type[Resource]:
    try:
        found = registry.find(key)
    except LookupError:
        found = None
    if found is None or not importable(found):
        known = ", ".join(r.key for r in registry.every() if importable(r))
        raise CommandError(
            gettext("“%(key)s” cannot be imported. What can: %(known)s") % {"key": key, "known": known}
        )
    return found


def _constants(given: list[str]) -> dict[str, str]:
    found = dict(text.partition("=")[::2] for text in given)
    if any(not name or not value for name, value in found.items()):
        raise CommandError(gettext("Write `--set` as FIELD=VALUE."))
    return found


def _chosen(path: Path | None) -> dict[str, Any]:
    found = json_in(path)
    if not isinstance(found, dict):
        raise CommandError(gettext('%(path)s must hold `{"column": "field"}`.') % {"path": path})
    return found
