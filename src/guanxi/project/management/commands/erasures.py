"""`guanxi erasures write|apply FILE`: who was erased stays erased when an older backup is restored."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from guanxi.foundation.permissions.actor import system_actor
from guanxi.foundation.tenancy.models import Tenant
from guanxi.foundation.tenancy.scope import scope
from guanxi.privacy.services.restored import apply_again, listed


class Command(BaseCommand):
    help = "Write the list of erased people (ids only) to a file, or apply one after a restore."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["write", "apply"])
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        if options["act"] == "write":
            found = {}
            for tenant_id in Tenant.objects.values_list("id", flat=True):
                with scope(tenant_id, door="cli"):
                    found[str(tenant_id)] = listed()
            file.write_text(json.dumps(found, indent=1), encoding="utf-8")
            self.stdout.write(f"{sum(map(len, found.values()))} erasures written.")
            return
        try:
            wanted = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise CommandError(f"{file} cannot be read: {error}") from error
        met = 0
        here = set(Tenant.objects.values_list("id", flat=True))
        for text, erasures in wanted.items():
            if (tenant_id := UUID(text)) in here:
                with scope(tenant_id, door="cli"):
                    met += apply_again(system_actor(tenant_id), erasures)
        self.stdout.write(f"{met} people were there again and are erased.")
