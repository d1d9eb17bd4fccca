"""The product's settings with the addresses of the yardsticks added; nothing else differs."""

from guanxi.project.settings import *  # noqa: F403

ROOT_URLCONF = "guanxi.project.bench.urls"
