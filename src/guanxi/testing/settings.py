"""The product's settings with the sample entity beside it: what `docs/add-an-entity.md` says, followed literally."""

from guanxi.project.settings import *  # noqa: F403
from guanxi.project.settings import INSTALLED_APPS as _APPS

# Before what adds itself to every entity there is.
_AT = _APPS.index("guanxi.collaboration")
INSTALLED_APPS = [*_APPS[:_AT], "guanxi.testing.fleet", *_APPS[_AT:]]

# Every test client begins by listing what is served as files, and no test reads one of them through it.
WHITENOISE_USE_FINDERS = False
