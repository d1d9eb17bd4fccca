import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from guanxi.project.runtime.home import Home
from guanxi.project.runtime.postgres import Cluster


@pytest.fixture
def home(request: pytest.FixtureRequest) -> Iterator[Home]:
    """An empty data folder, under a path with spaces and Chinese characters."""
    outside = Path(tempfile.mkdtemp(prefix="guanxi-test-"))
    made = Home(outside / "客户 data's, folder")
    made.prepare()
    yield made
    cluster_in(made).stop()
    shutil.rmtree(outside)


def cluster_in(home: Home, *, durable: bool = True) -> Cluster:
    return Cluster(home.postgres, socket=home.socket, log=home.logs / "start.log", durable=durable)


@pytest.fixture(scope="session")
def template() -> Iterator[Path]:
    """An empty cluster whose superuser's password is `geheim`: made once, copied by `copied_cluster`."""
    outside = Home(Path(tempfile.mkdtemp(prefix="guanxi-test-")))
    outside.prepare()
    cluster_in(outside).make("geheim")
    yield outside.postgres
    shutil.rmtree(outside.root)


@pytest.fixture
def copied_cluster(home: Home, template: Path) -> Cluster:
    """A cluster that has never been started, in the home."""
    subprocess.run(["cp", "-a", template, home.postgres], check=True)
    return cluster_in(home)


@pytest.fixture
def cluster(home: Home) -> Cluster:
    return cluster_in(home)


@pytest.fixture
def processes_of() -> Callable[[Path], list[int]]:
    """The numbers of PostgreSQL's processes that work in a data folder."""
    import psutil

    def find(data: Path) -> list[int]:
        found = []
        for process in psutil.process_iter(["name", "status"]):
            try:
                zombie = process.info["status"] == psutil.STATUS_ZOMBIE
                if (
                    "postgres" in process.info["name"]
                    and not zombie
                    and Path(process.cwd()) == data.resolve()
                ):
                    found.append(process.pid)
            except (psutil.Error, OSError):
                continue
        return found

    return find
