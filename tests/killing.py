"""A whole server whose parts can be killed, and somebody who imports on it: used by tests/test_kills.py."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

import guanxi
from guanxi.project.bench.client import Ask, Client, Unexpected, signed_in
from guanxi.project.runtime.home import Home
from guanxi.project.runtime.postgres import SUPERUSER, Cluster
from guanxi.project.runtime.processes import Guard, Watched, end, ended_within, spawn
from guanxi.project.runtime.secret_store import SecretStore
from guanxi.project.runtime.session import environment, open_cluster
from guanxi.project.runtime.supervisor import answers, port_is_free, web_command

NAME, PASSWORD = "xie.wenbo", "demo-88-relations"
# What a broken connection, a server that is away and an answer in between look like.
LOST = (OSError, http.client.HTTPException, Unexpected)
_PATIENCE = 90.0
_PYTHON = [sys.executable, "-P", "-m"]


class Machine:
    """PostgreSQL, web and worker, each a process of its own that can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self._home = Home(folder)
        self._home.prepare()
        self._guard = Guard()
        self._cluster = Cluster(
            self._home.postgres, socket=self._home.socket, log=self._home.logs / "postgres-start.log"
        )
        self.port = next(port for port in range(8590, 8790) if port_is_free("127.0.0.1", port))
        databases, _postmaster = open_cluster(self._home, self._cluster, self._guard)
        kept = {
            key: value for key, value in os.environ.items() if not key.startswith(("GUANXI_", "DATABASE_URL"))
        }
        self._environment = {
            **kept,
            **environment(self._home, databases),
            "GUANXI_BASE_URL": f"http://localhost:{self.port}",
            "PYTHONPATH": str(Path(guanxi.__file__).parent.parent),
            "DJANGO_SETTINGS_MODULE": "guanxi.project.settings",
        }
        self._parts: dict[str, Watched] = {}
        self._database = self._environment["GUANXI_DB_NAME"]

    def prepare(self) -> None:
        """The tables, and the demo company."""
        for words in (["upgrade"], ["demo", "--customers", "30"]):
            subprocess.run(
                [*_PYTHON, "guanxi", *words], env=self._environment, check=True, capture_output=True
            )

    def start(self) -> None:
        """Start what does not run, and wait until pages answer."""
        if self._cluster.postmaster() is None:
            self._cluster.start(self._guard)
        commands = {
            "web": [*_PYTHON, *web_command("127.0.0.1", self.port, workers="1")],
            "worker": [*_PYTHON, "guanxi", "worker"],
        }
        for name, command in commands.items():
            if name not in self._parts:
                with (self._home.logs / f"{name}.log").open("ab") as output:
                    self._parts[name] = spawn(
                        command, guard=self._guard, order=1, patience=10, output=output,
                        environment=self._environment,
                    )  # fmt: skip
        until = time.monotonic() + _PATIENCE
        while not answers(self.port):
            assert time.monotonic() < until, "the pages do not answer any more"
            time.sleep(0.05)

    def kill(self, part: str) -> None:
        """As the kernel does where memory is short, or somebody pulls a plug: no process of it can say a word."""
        if part == "postgres":
            postmaster = self._cluster.postmaster()
            assert postmaster is not None
            os.kill(postmaster.pid, signal.SIGKILL)
            ended_within(postmaster, _PATIENCE)
            self._guard.forget(postmaster.pid)
            return
        entry = self._parts.pop(part)
        os.killpg(entry.pid, signal.SIGKILL)
        ended_within(entry, _PATIENCE)
        self._guard.forget(entry.pid)

    def close(self) -> None:
        for entry in self._parts.values():
            end(entry)
        self._cluster.stop()
        self._guard.close()

    def ask(self, question: str, *values: object) -> list[tuple[object, ...]]:
        """Straight from the tables, past every wall."""
        word = SecretStore(self._home.secrets).get("postgres")
        with psycopg.connect(
            host=str(self._cluster.socket), port=5432, user=SUPERUSER, password=word, dbname=self._database
        ) as connection:
            return list(connection.execute(question, values))  # type: ignore[call-overload]

    def logs(self) -> str:
        return "".join(path.read_text(errors="replace")[-3000:] for path in self._home.logs.glob("w*.log"))


@contextmanager
def machine(folder: Path) -> Iterator[Machine]:
    """A machine that runs, with the demo company on it."""
    made = Machine(folder)
    try:
        made.prepare()
        made.start()
        yield made
    finally:
        made.close()


class Importer:
    """The administrator of the demo company, who imports a file through the pages."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._client = signed_in(machine.port, NAME, PASSWORD)

    def upload(self, name: str, data: bytes) -> str:
        """Where the upload is. Raises one of LOST."""
        mark = "guanxi-part"
        body = (
            f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            "Content-Type: text/csv\r\n\r\n"
        ).encode() + data + f"\r\n--{mark}--\r\n".encode()  # fmt: skip
        path = "/customers/import/"
        headers = {
            "Content-Type": f"multipart/form-data; boundary={mark}",
            "Referer": f"http://localhost:{self._machine.port}{path}",
            "X-CSRFToken": self._client.cookies.get("csrftoken", ""),
        }
        return self._again().ask(Ask(path, "POST", body, headers, 302)).location

    def look(self, path: str, expects: int = 200) -> str:
        """The page. Raises one of LOST."""
        return self._again().ask(Ask(path, expects=expects)).body.decode()

    def begin(self, path: str) -> None:
        """Ask for the import. Raises one of LOST."""
        client = self._again()
        client.ask(client.form(path, {"do": "import"}))

    def close(self) -> None:
        self._client.close()

    def _again(self) -> Client:
        """A connection of its own for each request: the one before may be broken."""
        self._client.close()
        self._client = self._client.twin()
        return self._client
