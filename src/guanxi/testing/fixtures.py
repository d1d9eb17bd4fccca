"""The fixtures that every test may ask for; the root conftest hands them out."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import setup_databases, teardown_databases
from pytest_django import DjangoDbBlocker

from guanxi.foundation.accounts.models import Member
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.tenancy.models import Tenant
from guanxi.testing import clients, worlds
from guanxi.testing.worlds import World


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker, django_db_modify_db_settings: None
) -> Iterator[None]:
    """Make the test database as the owner; the application role's connections lead to the same one.

    Instead of pytest-django's own, which makes only what its `django_db` mark names and rolls tests back.
    """
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False, aliases=dict.fromkeys(connections, False))
        # Made as the owner; from here on everything is the application role, in its own pool.
        connections.close_all()
        yield
        close_connections()
        teardown_databases(made, verbosity=0)


@pytest.fixture(scope="session")
def database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The migrated test database, open for real transactions as the application role."""
    with django_db_blocker.unblock():
        yield


def close_connections() -> None:
    """Give back this thread's connections and end the pools, so that the database can be dropped."""
    connections.close_all()
    for alias in ("default", "side"):
        connections[alias].close_pool()  # type: ignore[attr-defined]


@pytest.fixture
def company(database: None) -> Tenant:
    """A company of this test's own, without people."""
    return worlds.make_company()


@pytest.fixture
def other_company(database: None) -> Tenant:
    """A second one."""
    return worlds.make_company()


@pytest.fixture
def world(database: None) -> World:
    """A company of this test's own, with departments and people."""
    return worlds.make_world()


@pytest.fixture
def other_world(database: None) -> World:
    """A second one: strangers, whose rows nobody of the first may ever see."""
    return worlds.make_world()


@pytest.fixture
def stranger(other_world: World) -> Actor:
    """A salesperson of another company."""
    return other_world.seller


@pytest.fixture
def in_scope() -> Callable[..., AbstractContextManager[Actor]]:
    """`with in_scope(actor):` opens the actor's company in a real transaction."""
    return worlds.in_scope


@pytest.fixture
def client_for(database: None) -> Callable[[Member], Client]:
    """`client_for(member)` is a test client with that member's real session."""
    return clients.client_for
