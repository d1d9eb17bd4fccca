"""`./run demo` and `./run serve`: PostgreSQL, web and worker, from the first line to the last process."""

import argparse
import contextlib
import fcntl
import http.client
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from types import FrameType
from typing import IO, NoReturn

from .home import Home, StartError, home_from_environment
from .postgres import Cluster
from .processes import Guard, Watched, end, end_leftovers, reap, spawn
from .roles import prepare_server
from .secret_store import SecretStore
from .session import cluster_of, environment, in_use, locked, open_cluster

_PYTHON = [sys.executable, "-P", "-m"]
_LOG_KEPT = 10 * 1024 * 1024  # bytes; a longer log is put aside at the next start
_PATIENCE_TO_ANSWER = 120.0
_LONGEST_PAUSE = 30.0
_STEADY = 60.0  # seconds after which a restarted process counts as well again


@dataclass(frozen=True)
class Options:
    mode: str  # demo or serve
    host: str
    port: int
    base_url: str


class _Stopped(BaseException):
    """A signal asked us to end."""


class Service:
    """A process that is started again when it ends, after a pause that grows while it keeps ending."""

    def __init__(
        self, name: str, command: list[str], *, order: int, patience: float, output: IO[bytes] | None
    ) -> None:
        self.name = name
        self._command = command
        self._order, self._patience, self._output = order, patience, output
        self.entry: Watched | None = None
        self._started = self._due = 0.0
        self._pause = 0.5

    def start(self, env: dict[str, str], guard: Guard) -> None:
        self._started = time.monotonic()
        self.entry = spawn(
            self._command,
            guard=guard,
            order=self._order,
            patience=self._patience,
            environment=env,
            output=self._output,
        )

    def tend(self, env: dict[str, str], guard: Guard) -> None:
        """Notice an end, and start again when the pause is over."""
        now = time.monotonic()
        if self.entry is not None:
            code = reap(self.entry.pid)
            if code is None:
                return
            end(self.entry)  # what it left of its group
            guard.forget(self.entry.pid)
            self.entry = None
            self._pause = 1.0 if now - self._started > _STEADY else min(self._pause * 2, _LONGEST_PAUSE)
            self._due = now + self._pause
            say(f"The {self.name} process ended by itself (code {code}); again in {self._pause:.0f} s.")
        elif now >= self._due:
            self.start(env, guard)

    def stop(self, guard: Guard) -> None:
        if self.entry is not None:
            end(self.entry)
            guard.forget(self.entry.pid)
            self.entry = None


class Supervisor:
    def __init__(self, options: Options, home: Home) -> None:
        self._options = options
        self._home = home
        self._cluster: Cluster | None = None
        self._env: dict[str, str] = {}
        self._services: list[Service] = []
        self._guard: Guard | None = None

    def run(self) -> None:
        """Start everything, keep it running until a signal, end everything. Raises `StartError`."""
        self._home.prepare()
        with self._alone():
            note = self._home.run / "processes.json"
            end_leftovers(note)
            self._need_port()
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, _stop)
            try:
                # A step that no signal may cut in two: from here on everything has somebody to end it.
                self._guard = Guard(note)
                self._run(self._guard)
            except _Stopped:
                say("Ending ...")
            finally:
                for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                    signal.signal(number, signal.SIG_IGN)
                self._end()

    def _run(self, guard: Guard) -> None:
        with contextlib.ExitStack() as stack:
            self._open_database(guard, stack)
            self._command(guard, "upgrade")
            first = ["demo", "--if-empty"] if self._options.mode == "demo" else ["welcome"]
            sign_ins = self._command(guard, *first)
            self._services = self._make_services(stack)
            for service in self._services:
                service.start(self._env, guard)
            self._wait_for_answer()
            say(f"\nGuanxi is ready: http://localhost:{self._options.port}")
            if sign_ins.strip():
                say("\n" + sign_ins.rstrip())
            say(f"\nData: {self._home.root}    Ctrl-C ends it.")
            while True:
                time.sleep(0.25)
                self._tend_database(guard)
                for service in self._services:
                    service.tend(self._env, guard)

    # -- steps ------------------------------------------------------------------------------------------

    def _open_database(self, guard: Guard, stack: contextlib.ExitStack) -> None:
        url = os.environ.get("DATABASE_URL")
        if url:
            databases = prepare_server(url, SecretStore(self._home.secrets))
        else:
            self._cluster = cluster_of(self._home)
            if not self._cluster.exists:
                say("Making the database ...")
            stack.enter_context(in_use(self._home))
            databases, postmaster = open_cluster(self._home, self._cluster, guard)
            guard.watch(postmaster)  # also one that was found: from now on it is ours to end
        self._env = {
            **os.environ,
            **environment(self._home, databases),
            "GUANXI_BASE_URL": self._options.base_url,
            "PYTHONUNBUFFERED": "1",
        }

    def _tend_database(self, guard: Guard) -> None:
        if self._cluster is not None and self._cluster.postmaster() is None:
            say("PostgreSQL ended by itself; starting it again.")
            try:
                open_cluster(self._home, self._cluster, guard)
            except StartError as error:
                say(str(error))
                time.sleep(5)

    def _make_services(self, stack: contextlib.ExitStack) -> list[Service]:
        web = [*_PYTHON, *web_command(self._options.host, self._options.port)]
        worker = [*_PYTHON, "guanxi", "worker"]
        return [
            Service("web", web, order=1, patience=15, output=self._log("web", stack)),
            Service("worker", worker, order=2, patience=30, output=self._log("worker", stack)),
        ]

    def _log(self, name: str, stack: contextlib.ExitStack) -> IO[bytes] | None:
        """A file for the demo, whose terminal belongs to a person; the standard output for a service."""
        if self._options.mode == "serve":
            return None
        path = self._home.logs / f"{name}.log"
        if path.exists() and path.stat().st_size > _LOG_KEPT:
            path.replace(path.with_suffix(".log.1"))
        return stack.enter_context(path.open("ab"))

    def _command(self, guard: Guard, *words: str) -> str:
        """Run one `guanxi` command to its end; returns what it printed. Raises `StartError`."""
        with (self._home.logs / f"{words[0]}.log").open("w+b") as output:
            entry = spawn(
                [*_PYTHON, "guanxi", *words],
                guard=guard,
                order=1,
                patience=30,
                environment=self._env,
                output=output,
            )
            try:
                while (code := reap(entry.pid)) is None:
                    time.sleep(0.02)
            finally:
                end(entry)
                guard.forget(entry.pid)
            output.seek(0)
            printed = output.read().decode(errors="replace")
        if code:
            raise StartError(f"'guanxi {' '.join(words)}' failed:\n{printed.strip()[-3000:]}")
        # What it logged stays in its file; only what it says to a person is passed on.
        return "\n".join(line for line in printed.splitlines() if not line.startswith('{"time"'))

    def _wait_for_answer(self) -> None:
        until = time.monotonic() + _PATIENCE_TO_ANSWER
        while not answers(self._options.port, self._options.host):
            for service in self._services:
                code = reap(service.entry.pid) if service.entry is not None else None
                if code is not None:
                    raise StartError(
                        f"The {service.name} process did not start.\n{self._last_words(service)}"
                    )
            if time.monotonic() > until:
                raise StartError(f"The pages do not answer.\n{self._last_words(self._services[0])}")
            time.sleep(0.05)

    def _last_words(self, service: Service) -> str:
        path = self._home.logs / f"{service.name}.log"
        if self._options.mode == "serve" or not path.exists():
            return "Its output above says why."
        return path.read_text(encoding="utf-8", errors="replace")[-3000:].strip() + f"\n(from {path})"

    def _end(self) -> None:
        """End everything in order: nobody works on a database that is going."""
        if self._guard is None:
            return
        for service in self._services:
            service.stop(self._guard)
        if self._cluster is not None:
            with locked(self._home.run / "postgres-start.lock"):
                self._cluster.stop()
        self._guard.close()

    # -- conditions -------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """One server per data folder."""
        with (self._home.run / "server.lock").open("a+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                file.seek(0)
                raise StartError(
                    f"Guanxi already runs on the data folder {self._home.root}: {file.read().strip()}\n"
                    "End that one first, or name another folder with GUANXI_HOME."
                ) from None
            file.truncate(0)
            file.write(f"http://localhost:{self._options.port} (process {os.getpid()})\n")
            file.flush()
            yield

    def _need_port(self) -> None:
        host, port = self._options.host, self._options.port
        if port_is_free(host, port):
            return
        free = next(
            (other for other in range(port + 1, min(port + 200, 65536)) if port_is_free(host, other)), None
        )
        hint = f" Port {free} is free: add --port {free}." if free else ""
        raise StartError(f"Another program uses port {port}.{hint}")


def web_command(host: str, port: int, *, workers: str = "") -> list[str]:
    """The web server's module and arguments; also the bench measures exactly this."""
    workers = workers or os.environ.get("GUANXI_WEB_WORKERS", str(max((os.cpu_count() or 1) // 2, 1)))
    return [
        "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", workers, "--blocking-threads", os.environ.get("GUANXI_WEB_THREADS", "8"),
        "--no-ws", "--log-level", "warning", "--respawn-failed-workers",
        "--workers-kill-timeout", "10s", "guanxi.project.wsgi:application",
    ]  # fmt: skip


def answers(port: int, host: str = "127.0.0.1") -> bool:
    """Whether the pages answer at /health."""
    reached = "127.0.0.1" if host in {"0.0.0.0", "", "localhost"} else "::1" if host == "::" else host  # noqa: S104
    connection = http.client.HTTPConnection(reached, port, timeout=5)
    try:
        connection.request("GET", "/health", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def port_is_free(host: str, port: int) -> bool:
    """Whether we could listen there."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError:
        return False
    return True


def say(text: str) -> None:
    with contextlib.suppress(BrokenPipeError):
        print(text, flush=True)


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    raise _Stopped


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="./run")
    parser.add_argument("mode", choices=["demo", "serve"])
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine)")
    parser.add_argument(
        "--base-url", default=os.environ.get("GUANXI_BASE_URL"), help="what people type, behind a TLS proxy"
    )
    chosen = parser.parse_args(arguments)
    base_url = chosen.base_url or f"http://localhost:{chosen.port}"
    options = Options(chosen.mode, chosen.host, chosen.port, base_url.rstrip("/"))
    try:
        Supervisor(options, home_from_environment()).run()
    except StartError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
