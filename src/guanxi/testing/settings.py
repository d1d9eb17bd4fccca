"""The product's settings with the sample entity beside it: what `docs/add-an-entity.md` says, followed literally."""

from guanxi.project.settings import *  # noqa: F403
from guanxi.project.settings import INSTALLED_APPS as _APPS

INSTALLED_APPS = [*_APPS, "guanxi.testing.fleet"]
