"""Print the OpenAPI document, or write it to a file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import orjson
from django.core.management.base import BaseCommand

from guanxi.integrations.api.document import openapi
from guanxi.project.api import api


class Command(BaseCommand):
    help = "Print the OpenAPI document of /api/v1, or write it to FILE."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", help="where to write it")

    def handle(self, *args: Any, file: str | None = None, **options: Any) -> None:
        text = orjson.dumps(openapi(api()), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS).decode() + "\n"
        if file:
            Path(file).write_text(text, encoding="utf-8")
        else:
            self.stdout.write(text, ending="")
