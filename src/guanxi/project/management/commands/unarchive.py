"""`guanxi unarchive FILE`: a company's archive becomes a company of this installation."""

import secrets
import sys
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.utils.translation import gettext, override

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.permissions.actor import system_actor
from guanxi.foundation.permissions.codes import ADMINISTRATOR
from guanxi.foundation.permissions.models import Assignment
from guanxi.foundation.permissions.services.members import set_password
from guanxi.foundation.tenancy.models import Tenant
from guanxi.foundation.tenancy.scope import scope
from guanxi.integrations.archives.services.taking import rows_of
from guanxi.integrations.archives.services.unpacking import unpack
from guanxi.integrations.imports.words import said
from guanxi.kernel.errors import GuanxiError


class Command(BaseCommand):
    help = (
        "Make a new company of an archive: all of it, or nothing and the reason. Its people have no sign-in; "
        "--username gives the administrator one, who invites the others."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--name", default="", help="what the company is called here; else as in the archive"
        )
        parser.add_argument("--username", default="", help="a sign-in name for its administrator")
        parser.add_argument(
            "--admin", default="", metavar="NAME", help="which administrator, where there are several"
        )
        parser.add_argument(
            "--password-stdin",
            action="store_true",
            help="read the password from standard input; else one is made and printed once",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if Tenant._meta.db_table not in connections["owner"].introspection.table_names():
            # An installation that was never started: its archive may well be the first thing in it.
            call_command("migrate", database="owner", interactive=False, verbosity=0)
        try:
            tenant, manifest = unpack(options["file"], name=options["name"])
            self.stdout.write(f"{tenant.name} ({tenant.slug})")
            counts = {"count": f"{rows_of(manifest):,}", "files": len(manifest.files)}
            self.stdout.write(gettext("%(count)s rows from %(files)s files") % counts)
            if options["username"]:
                self._sign_in(tenant, options)
        except GuanxiError as error:
            raise CommandError(said(error)) from error

    def _sign_in(self, tenant: Tenant, options: dict[str, Any]) -> None:
        # Never an argument: the list of processes and the shell's history would keep it.
        given = sys.stdin.readline().rstrip("\r\n") if options["password_stdin"] else ""
        password = given or secrets.token_urlsafe(12)
        with scope(tenant.pk, door="setup"), override(tenant.language):
            administrators = Assignment.objects.filter(role__code=ADMINISTRATOR).values("member_id")
            found = Member.objects.filter(pk__in=administrators, left_on__isnull=True).order_by("id")
            if options["admin"]:
                found = found.filter(name=options["admin"])
            member = found.first()
            if member is None:
                raise CommandError(gettext("There is no such administrator in this company."))
            set_password(system_actor(tenant.pk), member.pk, password=password, username=options["username"])
        self.stdout.write(f"{member.name}: {options['username']}" + ("" if given else f"  {password}"))
