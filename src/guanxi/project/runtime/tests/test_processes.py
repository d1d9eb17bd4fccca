"""The guard and its kin, with real processes."""

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil

from guanxi.project.runtime.processes import Guard, end, end_leftovers, ended_within, reap, spawn

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
# Refuses to end when asked; has a child of its own.
STUBBORN_SCRIPT = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]).pid, flush=True)
time.sleep(60)
"""
STUBBORN = [sys.executable, "-c", STUBBORN_SCRIPT]


def gone_within(pid: int, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:
            return True
        time.sleep(0.05)
    return False


def test_killed_with_9_we_leave_nothing_behind() -> None:
    script = (
        "import sys, time\n"
        "from guanxi.project.runtime.processes import Guard, spawn\n"
        "guard = Guard()\n"
        f"entry = spawn({SLEEP!r}, guard=guard, order=1, patience=5)\n"
        "print(entry.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout is not None
        pid = int(starter.stdout.readline())
        starter.kill()
    assert gone_within(pid, 10)


def test_a_process_that_refuses_is_killed_with_all_its_group(tmp_path: Path) -> None:
    guard = Guard()
    path = tmp_path / "output"
    with path.open("wb") as output:
        entry = spawn(STUBBORN, guard=guard, order=1, patience=0.3, output=output)
    until = time.monotonic() + 10
    while not path.read_text().strip() and time.monotonic() < until:
        time.sleep(0.02)
    grandchild = int(path.read_text())
    end(entry)
    guard.close()
    assert entry.process() is None
    assert gone_within(grandchild, 5)


def test_the_guard_ends_in_order(tmp_path: Path) -> None:
    told = tmp_path / "told"
    script = (
        "import signal, sys, time\n"
        "def leave(*_):\n"
        "    open(sys.argv[1], 'a').write(sys.argv[2]); time.sleep(0.3); sys.exit()\n"
        "signal.signal(signal.SIGTERM, leave)\n"
        "open(sys.argv[1] + sys.argv[2], 'w').close()\n"
        "time.sleep(60)\n"
    )
    guard = Guard()
    entries = [
        spawn([sys.executable, "-c", script, str(told), name], guard=guard, order=order, patience=5)
        for name, order in (("c", 9), ("a", 1), ("b", 2))
    ]
    until = time.monotonic() + 10
    while len(list(tmp_path.iterdir())) < 3 and time.monotonic() < until:
        time.sleep(0.02)
    guard.close()
    assert told.read_text() == "abc"
    assert all(ended_within(entry, 1) for entry in entries)


def test_what_even_the_guard_left_is_ended_at_the_next_start(tmp_path: Path) -> None:
    note = tmp_path / "processes.json"
    guard = Guard(note)
    entry = spawn(SLEEP, guard=guard, order=1, patience=5)
    guard._process.kill()
    guard._process.wait()
    assert end_leftovers(note) == 1
    assert entry.process() is None
    assert not note.exists()
    guard.close()


def test_a_note_about_a_number_that_is_another_process_now_ends_nobody(tmp_path: Path) -> None:
    note = tmp_path / "processes.json"
    guard = Guard(note)
    entry = spawn(SLEEP, guard=guard, order=1, patience=5)
    text = note.read_text().replace(str(entry.born), str(entry.born - 1000))
    note.write_text(text)
    assert end_leftovers(note) == 0
    assert entry.process() is not None
    guard.close()
    assert ended_within(entry, 1)


def test_an_ended_child_tells_its_code_once() -> None:
    entry = spawn([sys.executable, "-c", "raise SystemExit(3)"], guard=None, order=1, patience=1)
    code = None
    until = time.monotonic() + 10
    while code is None and time.monotonic() < until:
        code = reap(entry.pid)
        time.sleep(0.02)
    assert code == 3
    assert reap(entry.pid) is None


def test_ctrl_c_at_the_terminal_reaches_only_the_starter() -> None:
    guard = Guard()
    entry = spawn(SLEEP, guard=guard, order=1, patience=5)
    assert os.getsid(entry.pid) == entry.pid, "it is in a session of its own"
    guard.close()
