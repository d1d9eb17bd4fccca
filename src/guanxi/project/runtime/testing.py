"""A throw-away database for a test run: gone at its end, whatever that end is."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from .home import Home
from .postgres import Cluster
from .processes import Guard
from .roles import prepare_server
from .secret_store import SecretStore
from .session import environment, open_cluster

_KEPT = "GUANXI_TEST_CLUSTER_DIR"


@contextlib.contextmanager
def databases_for_tests() -> Iterator[dict[str, str]]:
    """The environment for Django under test, with a data folder of its own; raises `StartError`.

    Uses the server of DATABASE_URL where that is set (with an application role of its own, so that a running
    installation keeps its password), else a temporary cluster without crash safety. GUANXI_TEST_CLUSTER_DIR
    names a folder where the cluster is kept for the next run, which saves its making.
    """
    kept = os.environ.get(_KEPT)
    guard = Guard()
    folder = Path(kept).absolute() if kept else Path(tempfile.mkdtemp(prefix="guanxi-test-"))
    if not kept:
        guard.remove(folder)
    home = Home(folder)
    home.prepare()
    cluster: Cluster | None = None
    try:
        url = os.environ.get("DATABASE_URL")
        if url:
            # Kept with the server's role, since the role outlives this folder.
            databases = prepare_server(url, SecretStore(home.secrets), app_prefix="test_")
        else:
            cluster = Cluster(
                home.postgres, socket=home.socket, log=home.logs / "postgres-start.log", durable=False
            )
            databases, postmaster = open_cluster(home, cluster, guard, for_tests=True)
            guard.watch(postmaster)  # a kept one may have been found running
        yield environment(home, databases)
    finally:
        if cluster is not None:
            cluster.stop()
        guard.close()
