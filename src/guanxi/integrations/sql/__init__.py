"""SQL that Django's migrations cannot express, kept as .sql files beside this module."""

from pathlib import Path

from django.conf import settings


def read(name: str) -> str:
    """The text of ``name``.sql with the application role's name filled in for ``{app}``."""
    text = (Path(__file__).parent / f"{name}.sql").read_text(encoding="utf-8")
    return text.replace("{app}", '"' + settings.DATABASES["default"]["USER"] + '"')
