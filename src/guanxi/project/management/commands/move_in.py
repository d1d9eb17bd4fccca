"""`guanxi move_in FILE ...`: the files of another program become this company's records, all or none."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import get_language, gettext

from guanxi.foundation.accounts.models import Member
from guanxi.integrations.imports.sentences import told
from guanxi.integrations.imports.words import said
from guanxi.integrations.moves.recognising import NO_PLACE
from guanxi.integrations.moves.services import move_in
from guanxi.integrations.moves.sets import (
    MoveSet,
    add_file,
    begin_set,
    choose,
    explain,
    set_people,
    welcome_all,
)
from guanxi.kernel.errors import GuanxiError
from guanxi.project.management.explained import meanings_in
from guanxi.project.management.whose import add_whose, open_company

_BLOCK = 1 << 20


class Command(BaseCommand):
    help = (
        "Bring in the files of another program together: colleagues, customers, people, activities, in any order. "
        "Numbers that lead from one file to another are followed. All or none are written, as one undoable operation. "
        "Exit code 0: done, also where rows were rejected; 1: nothing was written, and why."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "files",
            type=Path,
            nargs="+",
            metavar="FILE",
            help="a path, or what it holds and a path: people=a.csv",
        )
        parser.add_argument(
            "--who",
            action="append",
            default=[],
            metavar="KEY=NAME",
            help="who of us a user of the other program is",
        )
        parser.add_argument(
            "--new-colleagues",
            action="store_true",
            help="whoever is nobody of us becomes a colleague, without a sign-in",
        )
        parser.add_argument(
            "--meanings", type=Path, metavar="FILE",
            help='JSON: {"column": {"value": "text"}}, what is read in place of values that mean nothing here',
        )  # fmt: skip
        parser.add_argument("--dry-run", action="store_true", help="rehearse: all is done and taken back")
        parser.add_argument("--json", action="store_true", help="what came of each file, as JSON")
        add_whose(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        with open_company(options["company"], options["member"]) as actor:
            try:
                move = begin_set(actor, get_language() or "zh-hans")
                for given in options["files"]:
                    holds, path = _parted(given)
                    move = add_file(actor, move, name=path.name, chunks=_blocks(path))
                    if holds:
                        move = choose(actor, move, move.files[-1].upload, holds)
                move = set_people(move, dict(map(_who, options["who"])))
                if options["new_colleagues"]:
                    move = welcome_all(move)
                explain(move, meanings_in(options["meanings"]))
                found = move_in(actor, move, rehearse=options["dry_run"])
            except GuanxiError as error:
                raise CommandError(said(error)) from error
            left = [(upload.name, upload.rows, holds) for holds, upload in move.without_place()]
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
        else:
            self._tell(found, move, left, dry_run=options["dry_run"])

    def _tell(
        self, found: dict[str, Any], move: MoveSet, left: list[tuple[str, int, str]], *, dry_run: bool
    ) -> None:
        for one in found["files"]:
            self.stdout.write(
                gettext(
                    "%(name)s (%(of)s): %(rows)s rows there; %(created)s created, %(updated)s updated, %(skipped)s "
                    "already there, %(rejected)s missing, %(warnings)s values left empty"
                )
                % {**one, "of": one["resource"]}
            )
            for total in one["sums"]:
                self.stdout.write(
                    gettext("%(label)s: %(there)s in the file, %(here)s here")
                    % {**total, "label": told(total["label"])}
                )
        if found["colleagues"]:
            self.stdout.write(
                gettext("%(colleagues)s colleagues and %(departments)s departments were added") % found
            )
        for name, rows, holds in left:
            what = NO_PLACE[holds][0] if holds in NO_PLACE else "?"
            self.stdout.write(
                gettext("%(name)s: %(rows)s rows have no place here (%(what)s)")
                % {"name": name, "rows": rows, "what": what}
            )
        self.stdout.write(
            gettext("A dry run: nothing was written.")
            if dry_run
            else gettext("Operation %(id)s") % {"id": found["operation"]}
            if found["operation"]
            else gettext("Nothing was changed.")
        )


def _parted(given: Path) -> tuple[str, Path]:
    """What a file is said to hold, and its path. Raises CommandError for one that is not there."""
    holds, sign, path = str(given).partition("=")
    found = Path(path) if sign and not given.is_file() else given
    if not found.is_file():
        raise CommandError(gettext("The file %(path)s does not exist.") % {"path": found})
    return (holds if found != given else ""), found


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block


def _who(text: str) -> tuple[str, str]:
    """A user's key there and our member's id. Raises CommandError."""
    key, _sign, name = text.rpartition("=")
    ids = list(Member.objects.filter(name=name).values_list("id", flat=True)[:2])
    if not key or len(ids) != 1:
        raise CommandError(gettext("“%(text)s” does not name one person of the company.") % {"text": text})
    return key, str(ids[0])
