"""The product as it is really served, for a browser: a database with the demo company, web and worker processes."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import psycopg
from psycopg import sql

SALESPERSON, MANAGER, ADMINISTRATOR = "lin.xiaowen", "zhou.haitao", "xie.wenbo"


@dataclass(frozen=True, slots=True)
class Served:
    """Where it is served, and the password of everybody in the demo company."""

    address: str
    password: str


@contextmanager
def served(*, customers: int = 2000) -> Iterator[Served]:
    """Serve a demo company of its own on a free port; everything ends, and is dropped, with the block.

    The server of PostgreSQL is the one that GUANXI_DB_* of the environment names.
    """
    name = f"walk_{uuid4().hex[:12]}"
    with TemporaryDirectory() as home, _database(name), socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        address = f"http://localhost:{port}"
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "guanxi.project.settings",
            "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
            "GUANXI_DB_NAME": name,
            "GUANXI_HOME": home,
            "GUANXI_BASE_URL": address,
        }
        environment.setdefault("GUANXI_SECRET_KEY", uuid4().hex + uuid4().hex)
        log = Path(home) / "served.log"
        _run(environment, "-m", "django", "migrate", "--database", "owner", "--verbosity", "0")
        said = _run(environment, "-m", "django", "demo", "--customers", str(customers))
        password = re.search(r"password (\S+)", said)
        if password is None:
            raise RuntimeError(f"the demo told no password: {said}")
        free.close()
        web = (
            "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
            "--blocking-threads", "4", "guanxi.project.wsgi:application",
        )  # fmt: skip
        with _process(environment, log, *web), _process(environment, log, "-m", "guanxi", "worker"):
            _wait(f"{address}/health", log)
            yield Served(address, password[1])


@contextmanager
def _database(name: str) -> Iterator[None]:
    """A database of its own, dropped at the end whoever is still connected."""
    with psycopg.connect(
        host=os.environ["GUANXI_DB_HOST"],
        port=os.environ["GUANXI_DB_PORT"],
        user=os.environ["GUANXI_DB_OWNER"],
        password=os.environ["GUANXI_DB_OWNER_PASSWORD"],
        dbname="postgres",
        autocommit=True,
    ) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _run(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)} failed:\n{done.stdout}\n{done.stderr}")
    return done.stdout


@contextmanager
def _process(environment: dict[str, str], log: Path, *arguments: str) -> Iterator[None]:
    with log.open("ab") as out:
        process = subprocess.Popen([sys.executable, *arguments], env=environment, stdout=out, stderr=out)
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(address: str, log: Path) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(address, timeout=2).close()  # noqa: S310  our own address
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"no answer from {address}:\n{log.read_text()[-4000:]}")
