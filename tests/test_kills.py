"""Web, worker and PostgreSQL are killed at random moments of an import: all of it is there, or nothing; the page says
which."""

import os
import random
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from tests.killing import LOST, Importer, Machine, machine

from guanxi.customers.models import Customer, Person
from guanxi.foundation.jobs.models import Job
from guanxi.foundation.ledger.models import Operation

ROWS = 400
PARTS = ("worker", "worker", "postgres", "postgres", "web")
_PATIENCE = 90.0
# Chinese in code: what the result page says of an import that did not work.
NOTHING = "没有写入任何数据"


@pytest.fixture(scope="module")
def running() -> Iterator[Machine]:
    # Not below pytest's own folder, which other runs close to the account that PostgreSQL has.
    with TemporaryDirectory(prefix="guanxi-kills-") as folder, machine(Path(folder)) as made:
        yield made


class Round:
    """One import, and one kill at some moment of it."""

    def __init__(self, running: Machine, importer: Importer, number: int, chance: random.Random) -> None:
        self._running, self._importer = running, importer
        self.mark = f"断电{number:04}"
        self.part = chance.choice(PARTS)
        self.early = (
            chance.random() < 0.4
        )  # while the file comes in, is looked at or waits; else once rows are written
        self.after = chance.uniform(0, 0.8 if self.early else 0.5)
        self.url = self.met = ""
        self._asked = threading.Event()

    def file(self) -> bytes:
        rows = (f"{self.mark}第{n}号食品厂,{self.mark}联系人{n},职员" for n in range(ROWS))
        return ("客户名称,联系人,职务\n" + "\n".join(rows)).encode()

    def go(self) -> str:
        """Import and kill; the state in which the import ended, "" where it never began."""
        killer = threading.Thread(target=self._kill)
        killer.start()
        with suppress(*LOST):
            self.url = self._importer.upload(f"{self.mark}.csv", self.file())
            self._importer.look(self.url)
            self._importer.begin(self.url)
        self._asked.set()
        killer.join()
        self._running_again()
        return self._ended()

    def _kill(self) -> None:
        if not self.early:
            self._asked.wait()
            until = time.monotonic() + _PATIENCE
            while self._job() == "queued" and time.monotonic() < until:
                time.sleep(0.01)
        time.sleep(self.after)
        self.met = self._job()
        self._running.kill(self.part)

    def _running_again(self) -> None:
        if self.part != "postgres":
            self.count()  # between the kill and the new start too
        self._running.start()

    def count(self) -> int:
        """How many customers of the file are there; all of them and their people, or none."""
        questions = [
            f"(SELECT count(*) FROM {model._meta.db_table} WHERE name LIKE %s)"
            for model in (Customer, Person)
        ]
        # In one statement, which sees one moment.
        (counts,) = self._running.ask(f"SELECT {', '.join(questions)}", f"{self.mark}%", f"{self.mark}%")
        assert counts in ((0, 0), (ROWS, ROWS)), f"half an import: {counts}"
        return int(str(counts[0]))

    def _job(self) -> str:
        rows = self._running.ask(
            f"SELECT state FROM {Job._meta.db_table} WHERE kind = 'imports.import' AND label = %s",
            f"{self.mark}.csv",
        )
        assert len(rows) <= 1
        return str(rows[0][0]) if rows else ""

    def _ended(self) -> str:
        until = time.monotonic() + _PATIENCE
        while (state := self._job()) in ("queued", "running"):
            assert time.monotonic() < until, f"it never ended\n{self._running.logs()}"
            self.count()
            time.sleep(0.1)
        return state

    def page(self, path: str) -> str:
        """A page, which may need a moment after the database was away."""
        until = time.monotonic() + 20
        while True:
            try:
                return self._importer.look(path)
            except LOST:
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)


def hold(running: Machine, count: int, seed: int) -> dict[str, int]:
    """So many rounds: how often each part met an import in one state and left it in another."""
    chance = random.Random(seed)
    ends: dict[str, int] = {}
    with closing(Importer(running)) as importer:
        for number in range(count):
            end = _one_round(running, Round(running, importer, seed * 1000 + number, chance))
            sys.stdout.write(f"seed {seed}, round {number}: {end}\n")
            ends[end] = ends.get(end, 0) + 1
    return ends


def _one_round(running: Machine, one: Round) -> str:
    told = f"{one.part} killed after {one.after:.3f} s"
    state = one.go()
    there = one.count()
    operations = running.ask(
        f"SELECT count(*) FROM {Operation._meta.db_table} WHERE label = %s AND verb LIKE %s",
        f"{one.mark}.csv", "%.import",
    )[0][0]  # fmt: skip
    if state == "done":
        assert (there, operations) == (ROWS, 1), told
        assert "gx-figures" in one.page(one.url + "result/"), told
    else:
        assert (there, operations, state) in ((0, 0, ""), (0, 0, "failed")), told
        if state == "failed":
            assert NOTHING in one.page(one.url + "result/"), told
        elif one.url:
            assert 'value="import"' in one.page(one.url), told
    return f"{one.part}: {one.met or 'not begun'} > {state or 'not begun'}"


def _seed() -> int:
    return int(os.environ.get("GUANXI_KILL_SEED", "1"))


@pytest.mark.slow
def test_ten_kills_leave_all_or_nothing(running: Machine) -> None:
    ends = hold(running, 10, _seed())
    assert sum(ends.values()) == 10, ends
    assert any("running > done" in end for end in ends), ends


@pytest.mark.soak
def test_two_hundred_kills_leave_all_or_nothing(running: Machine) -> None:
    ends = hold(running, 200, _seed() + 1)
    assert sum(ends.values()) == 200
    assert any("running > done" in end for end in ends), ends
