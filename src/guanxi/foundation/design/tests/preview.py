"""The design system alone, without a database: `python -m guanxi.foundation.design.tests.preview PORT`.

Serves the component sheet and four sample pages, for looking at them and for the browser tests.
"""

import sys
import tempfile
from pathlib import Path

import django
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings

DESIGN = Path(__file__).resolve().parent.parent
CATALOGUE = DESIGN.parent / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"


def compiled_catalogue(target: Path) -> Path:
    """Our Chinese catalogue compiled under `target`, as Django's LOCALE_PATHS wants it."""
    folder = target / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with CATALOGUE.open("rb") as source, (folder / "django.mo").open("wb") as result:
        write_mo(result, read_po(source, locale="zh_Hans"))
    return target


def configure(catalogue: Path) -> None:
    """Settings enough to draw templates."""
    settings.configure(
        DEBUG=True,
        SECRET_KEY="preview",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF="guanxi.foundation.design.tests.preview_pages",
        INSTALLED_APPS=["django.contrib.staticfiles", "guanxi.foundation.design"],
        MIDDLEWARE=[
            "django.middleware.locale.LocaleMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "csp.middleware.CSPMiddleware",
        ],
        CONTENT_SECURITY_POLICY={
            "DIRECTIVES": {
                "default-src": ["'none'"],
                "connect-src": ["'self'"],
                "form-action": ["'self'"],
                "script-src": ["'self'", "'nonce-preview'"],
                "style-src": ["'self'"],
                "img-src": ["'self'", "data:"],
            }
        },
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [DESIGN / "tests" / "templates"],
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "guanxi.foundation.design.tests.preview_frame.frame",
                    ]
                },
            }
        ],
        STATIC_URL="/static/",
        USE_TZ=True,
        TIME_ZONE="Asia/Shanghai",
        LANGUAGE_CODE="zh-hans",
        LANGUAGES=[("zh-hans", "简体中文"), ("en", "English")],
        LOCALE_PATHS=[catalogue],
    )
    django.setup()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        configure(compiled_catalogue(Path(folder)))
        from django.core.management import call_command

        call_command("runserver", f"127.0.0.1:{sys.argv[1]}", "--noreload", "--nothreading")


if __name__ == "__main__":
    main()
