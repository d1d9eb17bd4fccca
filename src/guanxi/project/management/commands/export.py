"""`guanxi export customers FILE`: a list as CSV, XLSX, or as its resource says: vCard, ICS."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.http import QueryDict
from django.utils.translation import get_language, gettext

from guanxi.integrations.exports.formats import Format, formats_of
from guanxi.integrations.exports.services import write_file
from guanxi.integrations.imports.words import said
from guanxi.kernel.errors import GuanxiError
from guanxi.kinds import Show
from guanxi.project.management.whose import add_whose, open_company
from guanxi.resource import listing, registry
from guanxi.resource.declaration import Resource


class Command(BaseCommand):
    help = "Export records as CSV, XLSX, vCard or ICS, by the file's ending. Exit code 1: nothing was written, and why."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("resource", help="which records, such as customers")
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--filter",
            metavar="QUERY",
            default="",
            help="as in a list's address: grade=A,B&created_at.last=30",
        )
        parser.add_argument(
            "--format",
            default="",
            metavar="NAME",
            help="where the ending leaves a choice: vcf3 for vCard 3.0",
        )
        add_whose(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            resource = registry.find(options["resource"])
        except LookupError:
            known = ", ".join(r.key for r in registry.every())
            raise CommandError(
                gettext("There is no “%(key)s”. There are: %(known)s")
                % {"key": options["resource"], "known": known}
            ) from None
        kind = _format(resource, options["format"], path)
        part = path.with_name(f".{path.name}.part")
        try:
            with open_company(options["company"], options["member"]) as actor:
                wanted = listing.read(actor, resource, QueryDict(options["filter"]))
                show = Show(actor=actor, language=get_language() or "zh-hans")
                count = write_file(wanted, show, part, kind)
            part.replace(path)
        except GuanxiError as error:
            raise CommandError(said(error)) from error
        except OSError as error:
            raise CommandError(gettext("%(path)s cannot be written.") % {"path": path}) from error
        finally:
            part.unlink(missing_ok=True)
        self.stdout.write(
            gettext("%(count)s rows written to %(path)s") % {"count": f"{count:,}", "path": path}
        )


def _format(resource: type[Resource], asked: str, path: Path) -> Format:
    """The kind of file that is named, or that the file's ending says. Raises CommandError."""
    known, ending = formats_of(resource), path.suffix.lower().lstrip(".")
    if asked in known:
        return known[asked]
    found = None if asked else next((one for one in known.values() if one.ending == ending), None)
    if found is None:
        endings = ", ".join(f"`.{one}`" for one in dict.fromkeys(one.ending for one in known.values()))
        raise CommandError(gettext("The file must end in one of these: %(known)s.") % {"known": endings})
    return found
