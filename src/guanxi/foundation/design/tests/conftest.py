"""Plain static files for these tests: they prove templates, not the storage of the project."""

from collections.abc import Iterator

import pytest
from django.test import override_settings

from guanxi.foundation.design import marks

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


@pytest.fixture(autouse=True)
def plain_static_files() -> Iterator[None]:
    with override_settings(STORAGES=STORAGES):
        marks.forget_sprite()
        yield
    marks.forget_sprite()
