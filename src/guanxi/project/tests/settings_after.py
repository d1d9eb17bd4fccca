"""Guanxi with a small context more, in the version "after"."""

from guanxi.project.settings import *  # noqa: F403
from guanxi.project.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "guanxi.project.tests.ware_after"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
