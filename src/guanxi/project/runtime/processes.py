"""Processes we start: each in a session of its own, ended as a group, and ended even if we are killed.

The last is the work of a guard: a small process beside us that holds one end of a pipe. When we die, however
we die, the pipe closes and the guard ends what we left, in order. It works alike on Linux and macOS.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

import psutil


@dataclass(frozen=True)
class Watched:
    """A process by number and birth: a number alone may by now be somebody else's."""

    pid: int
    born: float
    # What asks it to end in good order, and in which order: the lowest first.
    ask: int
    order: int
    # Seconds it is given before it is killed.
    patience: float

    def process(self) -> psutil.Process | None:
        """The process, or None where it has ended."""
        try:
            process = psutil.Process(self.pid)
            if abs(process.create_time() - self.born) > 1 or process.status() == psutil.STATUS_ZOMBIE:
                return None
        except psutil.NoSuchProcess:
            return None
        return process


def end(entry: Watched) -> None:
    """Ask the process to end, wait, then kill it and what is left of its group."""
    process = entry.process()
    if process is not None:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(entry.ask)
            if not ended_within(entry, entry.patience):
                process.kill()
                ended_within(entry, 5)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        # Its session's leader is gone; children it left (a web server's workers) are still in its group.
        os.killpg(entry.pid, signal.SIGKILL)


def ended_within(entry: Watched, seconds: float) -> bool:
    """Whether the process ends in that time; reaps it where it is our child."""
    until = time.monotonic() + seconds
    while entry.process() is not None:
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    reap(entry.pid)
    return True


def reap(pid: int) -> int | None:
    """The exit code of a process of ours that has ended (negative: the signal); None while it runs."""
    child = _children.get(pid)
    code = child.poll() if child is not None else None
    if code is not None:
        del _children[pid]
    return code


# Kept until they are reaped, so that whoever started them need not keep them.
_children: dict[int, subprocess.Popen[bytes]] = {}


class Guard:
    """Ends the processes it was told of, and removes the folders, when this process dies."""

    def __init__(self, note: Path | None = None) -> None:
        """`note` is a file that repeats what is watched, for a next start should the guard die too."""
        self._note = note
        self._entries: dict[int, Watched] = {}
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "guanxi.project.runtime.guard"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd="/",
            env={**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
        )
        self._pipe = cast("IO[bytes]", self._process.stdin)

    def watch(self, entry: Watched) -> None:
        """End this process when we die."""
        self._entries[entry.pid] = entry
        self._tell(watch=vars(entry))

    def forget(self, pid: int) -> None:
        """The process has ended in good order, or is somebody else's to end."""
        self._entries.pop(pid, None)
        self._tell(forget=pid)

    def remove(self, folder: Path) -> None:
        """Remove this folder, with all in it, once everything has ended."""
        self._tell(remove=str(folder))

    def close(self) -> None:
        """Let the guard do what it still holds, and wait until it has."""
        with contextlib.suppress(BrokenPipeError):
            self._pipe.close()
        self._process.wait()
        if self._note is not None:
            self._note.unlink(missing_ok=True)

    def _tell(self, **message: Any) -> None:
        if self._note is not None:
            self._note.write_text(json.dumps([vars(entry) for entry in self._entries.values()]))
        # A guard that was killed is no reason to stop: the note remains for the next start.
        with contextlib.suppress(BrokenPipeError):
            self._pipe.write(json.dumps(message).encode() + b"\n")
            self._pipe.flush()


@contextlib.contextmanager
def _signals_held() -> Iterator[None]:
    """Signals wait until the block is done: what it starts must not be lost between two lines."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = {
        int(number): signal.signal(number, lambda number, _frame: came.append(number))
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        if callable(signal.getsignal(number))
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for number in came:
            signal.raise_signal(number)


def spawn(
    command: list[str],
    *,
    guard: Guard | None,
    order: int,
    patience: float,
    ask: int = signal.SIGTERM,
    environment: dict[str, str] | None = None,
    output: IO[bytes] | None = None,
    user: int | None = None,
    group: int | None = None,
    folder: Path | None = None,
) -> Watched:
    """Start `command` under guard, in a session of its own: Ctrl-C at the terminal reaches only us."""
    with _signals_held():
        child = subprocess.Popen(
            command,
            env=environment,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output is not None else None,
            start_new_session=True,
            user=user,
            group=group,
            extra_groups=[] if user is not None else None,
            umask=0o077,
        )
        _children[child.pid] = child
        # A child that has already ended stays in the process table until it is reaped, so this finds it.
        entry = Watched(child.pid, psutil.Process(child.pid).create_time(), int(ask), order, patience)
        if guard is not None:
            guard.watch(entry)
    return entry


def end_leftovers(note: Path) -> int:
    """End what an earlier start noted and nobody ended; returns how many processes were still alive."""
    try:
        entries = [Watched(**entry) for entry in json.loads(note.read_text())]
    except (OSError, ValueError, TypeError):
        return 0
    alive = [entry for entry in entries if entry.process() is not None]
    for entry in sorted(alive, key=lambda entry: entry.order):
        end(entry)
    note.unlink(missing_ok=True)
    return len(alive)
