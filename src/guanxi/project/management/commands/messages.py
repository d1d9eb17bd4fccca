"""`guanxi messages`: check, complete and compile the translations."""

import argparse
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from guanxi.project.messages.__main__ import add_arguments, run


class Command(BaseCommand):
    help = "Translations: check (the default), complete, compile."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        code = run(argparse.Namespace(**options))
        if code:
            sys.exit(code)
