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
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import psycopg
from psycopg import sql

_RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID", "")[:12] or uuid4().hex[:12]
_MODELS = "walkmodel_"
SALESPERSON, MANAGER, ADMINISTRATOR = "lin.xiaowen", "zhou.haitao", "xie.wenbo"


@dataclass(frozen=True, slots=True)
class Served:
    """Where it is served, and the password of everybody in the demo company."""

    address: str
    password: str
    environment: dict[str, str] = field(repr=False)

    def do_regular_work(self) -> None:
        """What the worker does every two minutes, at once."""
        words = "import time, django; django.setup(); from guanxi.foundation.jobs.regular import regular; "
        _run(self.environment, "-c", f"{words}regular(int(time.time()))")


@contextmanager
def served(*, customers: int = 2000) -> Iterator[Served]:
    """Serve a demo company of its own on a free port; everything ends, and is dropped, with the block.

    The server of PostgreSQL is the one that GUANXI_DB_* of the environment names.
    """
    name = f"walk_{uuid4().hex[:12]}"
    with TemporaryDirectory() as home, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        address = f"http://localhost:{port}"
        environment = _environment(name, home) | {"GUANXI_BASE_URL": address}
        log = Path(home) / "served.log"
        with _maintenance() as connection:
            model, password = _model(connection, customers)
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(model))
            )
        free.close()
        web = (
            "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
            "--blocking-threads", "4", "guanxi.project.wsgi:application",
        )  # fmt: skip
        try:
            with _process(environment, log, *web), _process(environment, log, "-m", "guanxi", "worker"):
                _wait(f"{address}/health", log)
                yield Served(address, password, environment)
        finally:
            with _maintenance() as connection:
                connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _environment(database: str, home: str) -> dict[str, str]:
    return {
        "GUANXI_SECRET_KEY": f"of the run {_RUN}".ljust(50, "."),
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "guanxi.project.settings",
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
        "GUANXI_DB_NAME": database,
        "GUANXI_HOME": home,
    }


def _maintenance() -> "psycopg.Connection[tuple[Any, ...]]":
    return psycopg.connect(
        host=os.environ["GUANXI_DB_HOST"],
        port=os.environ["GUANXI_DB_PORT"],
        user=os.environ["GUANXI_DB_OWNER"],
        password=os.environ["GUANXI_DB_OWNER_PASSWORD"],
        dbname="postgres",
        autocommit=True,
    )


def _model(connection: "psycopg.Connection[tuple[Any, ...]]", customers: int) -> tuple[str, str]:
    """The database that all of a run are copies of, and the password of everybody in it; whoever asks first builds it,
    the others wait. Those of earlier runs go."""
    name = f"walkmodel_{_RUN}_{customers}"
    connection.execute("SELECT pg_advisory_lock(hashtext(%s))", [_MODELS])
    try:
        found = dict(
            connection.execute(
                "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database WHERE datname LIKE %s",
                [f"{_MODELS}%"],
            ).fetchall()
        )
        if password := found.get(name):
            return name, str(password)
        for old in found:
            if old == name or f"_{_RUN}_" not in old:
                connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(old)))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        with TemporaryDirectory() as home:
            environment = _environment(name, home)
            _run(environment, "-m", "django", "migrate", "--database", "owner", "--verbosity", "0")
            said = _run(environment, "-m", "django", "demo", "--customers", str(customers))
        told = re.search(r"password (\S+)", said)
        if told is None:
            raise RuntimeError(f"the demo told no password: {said}")
        connection.execute(
            sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(told[1]))
        )
    finally:
        connection.execute("SELECT pg_advisory_unlock(hashtext(%s))", [_MODELS])
    return name, told[1]


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
