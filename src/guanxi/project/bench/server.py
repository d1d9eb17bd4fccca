"""The real web process: granian with the product's settings, and what it takes of memory."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from guanxi.project.runtime.home import StartError
from guanxi.project.runtime.processes import Guard, Watched, end, spawn
from guanxi.project.runtime.supervisor import answers, port_is_free, web_command

_PATIENCE = 60.0
_FIRST_PORT = 8790


@dataclass(frozen=True, slots=True)
class Server:
    """A running web server."""

    port: int
    entry: Watched

    def cpu(self) -> float:
        """Seconds of processor time that the web process has used so far."""
        processes = psutil.Process(self.entry.pid).children(recursive=True)
        return sum(sum(process.cpu_times()[:2]) for process in processes)

    def memory(self) -> dict[str, int]:
        """Bytes in RAM: of the largest process that answers requests, and of all of them with their parent."""
        parent = psutil.Process(self.entry.pid)
        workers = [child.memory_info().rss for child in parent.children(recursive=True)]
        return {"web_process": max(workers, default=0), "all": sum(workers) + parent.memory_info().rss}


@contextmanager
def web(log: Path) -> Iterator[Server]:
    """Start the web process on a free port of this machine; end it whatever happens. Raises `StartError`."""
    port = next(p for p in range(_FIRST_PORT, _FIRST_PORT + 200) if port_is_free("127.0.0.1", p))
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "guanxi.project.bench.settings",
        "GUANXI_BASE_URL": f"http://localhost:{port}",
        "GUANXI_WEB_WORKERS": "1",
    }
    guard = Guard()
    try:
        with log.open("wb") as output:
            command = [sys.executable, "-P", "-m", *web_command("127.0.0.1", port, workers="1")]
            entry = spawn(command, guard=guard, order=1, patience=15, environment=environment, output=output)
        until = time.monotonic() + _PATIENCE
        while not answers(port):
            if time.monotonic() > until or entry.process() is None:
                raise StartError(f"The web process did not start; {log} says why.")
            time.sleep(0.1)
        try:
            yield Server(port, entry)
        finally:
            end(entry)
            guard.forget(entry.pid)
    finally:
        guard.close()
