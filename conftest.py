"""Fixtures for all tests, in `src` beside what they test and in `tests` across floors."""

from guanxi.testing.fixtures import (  # noqa: F401  asked for by name
    client_for,
    company,
    database,
    django_db_setup,
    in_scope,
    other_company,
    other_world,
    stranger,
    world,
)
