"""Builds the demo company, and says how to sign in to it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from guanxi.demo.building import PASSWORD, build, sign_ins
from guanxi.demo.habits import add_habits
from guanxi.demo.movements import move_in_pools
from guanxi.demo.reports import add_reports
from guanxi.foundation.tenancy.models import Tenant


class Command(BaseCommand):
    help = "Build the demo company."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="only where there is no company yet")
        parser.add_argument("--customers", type=int, default=2000)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["if_empty"] and Tenant.objects.exists():
            if not Tenant.objects.filter(slug="hengjie").exists():
                return
        else:
            company = build(timezone.localdate(), customers=options["customers"])
            move_in_pools(company)
            add_habits(company)
            add_reports(company)
        self.stdout.write("Sign in with one of these names and the password " + PASSWORD)
        for key, name, title in sign_ins():
            self.stdout.write(f"  {key:<14} {name}  {title}")
