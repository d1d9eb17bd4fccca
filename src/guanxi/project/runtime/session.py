"""A running database for as long as somebody needs it.

`open_databases` gives a command its database: the running cluster where a server runs, else one that is
started for the command and stopped by whoever leaves last.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from .connection import Databases
from .home import Home
from .postgres import Cluster
from .processes import Guard, Watched
from .roles import prepare_embedded, prepare_server
from .secret_store import SecretStore


def cluster_of(home: Home) -> Cluster:
    return Cluster(home.postgres, socket=home.socket, log=home.logs / "postgres-start.log")


def open_cluster(
    home: Home, cluster: Cluster, guard: Guard, *, for_tests: bool = False
) -> tuple[Databases, Watched]:
    """Make, start and prepare the cluster, as far as that is not done. One process at a time does it."""
    with locked(home.run / "postgres-start.lock"):
        secrets = SecretStore(home.secrets)
        known = "postgres" in secrets
        if not cluster.exists:
            cluster.make(secrets.get("postgres"))
        elif not known and cluster.postmaster() is None:
            cluster.reset_password(secrets.get("postgres"))
        postmaster = cluster.start(guard)
        databases = prepare_embedded(
            cluster.connection(secrets.get("postgres")), secrets, for_tests=for_tests
        )
    return databases, postmaster


@contextlib.contextmanager
def open_databases(home: Home) -> Iterator[dict[str, str]]:
    """The environment of a command that uses the database; raises `StartError`.

    With DATABASE_URL that server; else the embedded cluster, stopped at the end unless others use it.
    """
    home.prepare()
    url = os.environ.get("DATABASE_URL")
    if url:
        yield environment(home, prepare_server(url, SecretStore(home.secrets)))
        return
    cluster = cluster_of(home)
    with in_use(home) as use:
        guard = Guard()
        try:
            databases, _postmaster = open_cluster(home, cluster, guard)
            yield environment(home, databases)
        finally:
            stop_if_last(home, cluster, use)
            left = cluster.postmaster()
            if left is not None:
                guard.forget(left.pid)  # it belongs to whoever still uses it
            guard.close()


def environment(home: Home, databases: Databases) -> dict[str, str]:
    """What Django's settings read."""
    return {
        **databases.environment(),
        "GUANXI_HOME": str(home.root),
        "GUANXI_SECRET_KEY": SecretStore(home.secrets).get("secret_key"),
    }


@contextlib.contextmanager
def in_use(home: Home) -> Iterator[IO[str]]:
    """Hold the cluster in use; yields the lock that says so."""
    with (home.run / "postgres-users.lock").open("w") as file:
        # Not while somebody decides to stop it.
        with locked(home.run / "postgres-start.lock"):
            fcntl.flock(file, fcntl.LOCK_SH)
        yield file


def stop_if_last(home: Home, cluster: Cluster, use: IO[str]) -> None:
    """Stop the cluster unless somebody else holds it in use."""
    with locked(home.run / "postgres-start.lock"):
        try:
            fcntl.flock(use, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        cluster.stop()


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Wait for an exclusive lock and hold it; the system frees it when a process dies."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
