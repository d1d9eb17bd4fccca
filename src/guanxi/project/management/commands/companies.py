"""`guanxi companies`: who uses this installation, and one company more."""

import json
import secrets
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override

from guanxi.foundation.permissions.services import create_company
from guanxi.foundation.tenancy.models import Tenant
from guanxi.kernel.errors import Invalid


class Command(BaseCommand):
    help = "List the companies of this installation, or add one with its first administrator."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb")
        listing = verbs.add_parser("list", help="every company: short name, name, since when (the default)")
        listing.add_argument("--json", action="store_true", help="one line of JSON")
        create = verbs.add_parser("create", help="a company with its ready-made roles and an administrator")
        create.add_argument("name", help="the company's name")
        create.add_argument("--admin", required=True, metavar="NAME", help="the administrator's name")
        create.add_argument("--username", required=True, help="the administrator's sign-in name")
        create.add_argument("--email", default="", help="the administrator's e-mail")
        create.add_argument(
            "--slug", default="", help="the short name in commands; made from the name if empty"
        )
        create.add_argument("--language", default="zh-hans", choices=["zh-hans", "en"])
        create.add_argument("--time-zone", default="Asia/Shanghai")
        create.add_argument(
            "--password-stdin",
            action="store_true",
            help="read the password from standard input; else one is made and printed once",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verb"] == "create":
            self._create(options)
        else:
            self._list(as_json=bool(options.get("json")))

    def _list(self, *, as_json: bool) -> None:
        companies = list(Tenant.objects.order_by("created_at").values("id", "slug", "name", "created_at"))
        if as_json:
            self.stdout.write(json.dumps(companies, default=str, ensure_ascii=False))
            return
        for company in companies:
            self.stdout.write(f"{company['slug']:<24}{company['created_at']:%Y-%m-%d}  {company['name']}")
        if not companies:
            self.stdout.write("There is no company yet.")

    def _create(self, options: dict[str, Any]) -> None:
        # Never an argument: the list of processes and the shell's history would keep it.
        given = sys.stdin.readline().rstrip("\r\n") if options["password_stdin"] else ""
        if options["password_stdin"] and not given:
            raise CommandError("There was no password on standard input.")
        password = given or secrets.token_urlsafe(12)
        try:
            with override("en"):
                tenant = create_company(
                    name=options["name"],
                    admin_name=options["admin"],
                    username=options["username"],
                    password=password,
                    email=options["email"],
                    slug=options["slug"],
                    language=options["language"],
                    time_zone=options["time_zone"],
                )
        except Invalid as error:
            with override("en"):
                lines = [f"{name}: {said}" for name, many in error.fields.items() for said in map(str, many)]
                raise CommandError("\n".join([*lines, *map(str, error.messages)])) from error
        self.stdout.write(f"{tenant.name} ({tenant.slug})")
        if not given:
            self.stdout.write(f"{options['username']}  {password}")
