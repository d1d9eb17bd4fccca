"""A whole server as a person starts and ends it: real processes on a real port."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

import guanxi
from guanxi.project.runtime.supervisor import answers

PACKAGE = Path(guanxi.__file__).parent
MISSING = [
    name
    for name in ("upgrade", "demo", "worker")
    if not list(PACKAGE.glob(f"*/**/management/commands/{name}.py"))
]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(MISSING), reason=f"no product to start yet: {', '.join(MISSING)}"),
]

PYTHON = [sys.executable, "-P", "-m"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """`./run demo` without the set-up before it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = free_port()
        # Not the test run's own database.
        ours = ("GUANXI_", "DATABASE_URL")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        self.environment = {**kept, "GUANXI_HOME": str(home)}
        self.output = home.parent / "output"
        self.process = self.launch(self.port)

    def launch(self, port: int) -> "subprocess.Popen[bytes]":
        with self.output.open("ab") as output:
            return subprocess.Popen(
                [
                    sys.executable,
                    "-P",
                    "-m",
                    "guanxi.project.runtime.supervisor",
                    "demo",
                    "--port",
                    str(port),
                ],
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def start(self) -> None:
        self.process = self.launch(self.port)
        self.wait()

    def wait(self) -> None:
        until = time.monotonic() + 120
        while "Guanxi is ready" not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < until, self.said()
            time.sleep(0.1)

    def said(self) -> str:
        return self.output.read_text(encoding="utf-8", errors="replace")

    def forget(self) -> None:
        self.output.write_bytes(b"")

    def processes(self) -> list[psutil.Process]:
        """Every living process that was started for this data folder."""
        found = []
        for process in psutil.process_iter(["status"]):
            try:
                if process.info["status"] == psutil.STATUS_ZOMBIE:
                    continue
                ours = process.environ().get("GUANXI_HOME") == str(self.home)
                if ours or str(self.home) in " ".join(process.cmdline()):
                    found.append(process)
            except (psutil.Error, OSError):
                continue
        return found

    def gone_within(self, seconds: float) -> bool:
        until = time.monotonic() + seconds
        while self.processes():
            if time.monotonic() > until:
                return False
            time.sleep(0.1)
        return True

    def get(self, path: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path, headers={"Host": f"localhost:{self.port}"})
        status = connection.getresponse().status
        connection.close()
        return status


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """One data folder for the module, so that its making is paid for once."""
    outside = Path(tempfile.mkdtemp(prefix="guanxi-test-"))
    made = Server(outside / "数据 home")
    try:
        made.wait()
        yield made
    finally:
        made.process.terminate()
        made.process.wait(60)
        shutil.rmtree(outside)


@pytest.fixture
def running(server: Server) -> Server:
    """The server, started again where the test before ended it."""
    if server.process.poll() is not None:
        server.forget()
        server.start()
    return server


def test_it_answers_and_names_its_address(running: Server) -> None:
    assert running.get("/health") == 200
    assert f"http://localhost:{running.port}" in running.said()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_every_process(running: Server, number: signal.Signals) -> None:
    assert len(running.processes()) > 5
    running.process.send_signal(number)
    assert running.process.wait(60) == 0
    assert running.gone_within(1), running.processes()


def test_after_kill_9_nothing_stays_and_the_next_start_works(running: Server) -> None:
    running.process.kill()
    running.process.wait()
    assert running.gone_within(30), running.processes()
    running.forget()
    running.start()
    assert running.get("/health") == 200


def test_after_kill_9_an_immediate_start_works(running: Server) -> None:
    running.process.kill()
    running.process.wait()
    running.forget()
    running.start()
    assert running.get("/health") == 200


def test_a_second_one_on_the_same_data_is_refused(running: Server) -> None:
    second = running.launch(free_port())
    assert second.wait(30) == 1
    assert "already runs" in running.said()


def test_a_port_in_use_is_said_with_a_free_one(running: Server, tmp_path: Path) -> None:
    other = Server.__new__(Server)
    other.environment = {**running.environment, "GUANXI_HOME": str(tmp_path / "other")}
    other.output = tmp_path / "output"
    assert other.launch(running.port).wait(30) == 1
    assert f"uses port {running.port}" in other.said()
    assert "--port" in other.said()


def test_a_killed_web_process_comes_back(running: Server) -> None:
    web = [p for p in psutil.Process(running.process.pid).children() if "granian" in p.cmdline()]
    web[0].kill()
    until = time.monotonic() + 60
    while answers(running.port) and time.monotonic() < until:
        time.sleep(0.02)
    while not answers(running.port) and time.monotonic() < until:
        time.sleep(0.1)
    assert running.get("/health") == 200


def test_a_command_beside_it_uses_the_running_database_and_leaves_it_running(running: Server) -> None:
    done = subprocess.run(
        [*PYTHON, "guanxi", "check", "--database", "default"],
        env=running.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert running.get("/health") == 200


def test_a_command_alone_starts_the_database_and_stops_it(running: Server) -> None:
    running.process.terminate()
    running.process.wait(60)
    done = subprocess.run(
        [*PYTHON, "guanxi", "check", "--database", "default"],
        env=running.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert running.gone_within(1), running.processes()
