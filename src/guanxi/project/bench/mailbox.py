"""`bench mailbox`: messages a second that a mailbox of a real IMAP server is read and kept at, known and unknown."""

import contextlib
import imaplib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from django.conf import settings

from guanxi.channels.models import Mailbox
from guanxi.channels.services.mailboxes import connect
from guanxi.channels.services.syncing import sync_mailbox
from guanxi.customers.services.customers import create_customer
from guanxi.customers.services.people import create_person
from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.tenancy.scope import scope
from guanxi.project.bench import database, reporting
from guanxi.project.bench.cases import PEOPLE, actor_of
from guanxi.project.bench.foundation import Bench
from guanxi.project.runtime.home import Home

LEAST = 50  # messages a second
_USER, _PASSWORD = "bench@mailbox.test", "bench"
_MESSAGES = 1000
_CUSTOMERS = 50  # of whom two people each write
_TEXT = "The drawings of the second machine are attached.\n\n" * 20


class MailboxBench(Bench):
    """Reads a mailbox of a thousand e-mails with known people, one in ten with a file, and one of a thousand private
    ones."""

    name = "mailbox"

    def _run(self, home: Home) -> dict[str, Any]:
        started = time.monotonic()
        databases, built = self._database(home)
        settings.MAILBOX_PRIVATE = True
        figures = []
        with self._company():
            actor = actor_of(PEOPLE["seller"])
            known = _people(actor)
        for what, senders in (
            ("known people", known),
            ("private", [f"friend{number}@home.test" for number in range(_MESSAGES)]),
        ):
            with _server() as port:
                _fill(port, senders)
                figures.append(self._measured(actor, port, what, bool(senders is known)))
        database.settle(databases.owner)
        slow = [one["name"] for one in figures if one["rate"] < LEAST]
        return {
            "bench": self.name,
            "parameters": {"customers": self.customers, "messages": _MESSAGES},
            "machine": reporting.machine(),
            "built_seconds": built,
            "database_bytes": database.size(databases.owner),
            "figures": figures,
            "failed": [f"{name}: fewer than {LEAST} messages a second" for name in slow],
            "seconds": round(time.monotonic() - started),
        }

    def _measured(self, actor: Actor, port: int, what: str, kept: bool) -> dict[str, Any]:
        with self._company():
            mailbox = connect(actor, _typed(port))
        began, seen, stored, more = time.perf_counter(), 0, 0, 1
        while more:
            with scope(actor.tenant_id, actor_id=actor.member_id, door="job"):
                counts = sync_mailbox(actor, mailbox.pk)
            seen, stored, more = seen + counts["seen"], stored + counts["kept"], counts["more"]
        seconds = time.perf_counter() - began
        with self._company():
            held = Mailbox.objects.get(pk=mailbox.pk)
            if held.trouble or seen != _MESSAGES or bool(stored) != kept:
                raise AssertionError(f"{what}: {seen} seen, {stored} kept, {held.trouble} {held.detail}")
        return {
            "name": what,
            "seen": seen,
            "kept": stored,
            "seconds": round(seconds, 2),
            "rate": round(seen / seconds),
        }


def told_mailbox(report: dict[str, Any]) -> Iterator[str]:
    """The report for a terminal."""
    for one in report["figures"]:
        yield (
            f"{one['name']}: {one['seen']} messages, {one['kept']} kept, in {one['seconds']} s: {one['rate']} a second "
            f"(at least {LEAST})"
        )


@contextlib.contextmanager
def _server() -> Iterator[int]:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = int(one.getsockname()[1])
    arguments = [
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--no-tls",
        "--no-service",
        "managesieve",
        "dict",
    ]
    process = subprocess.Popen(
        [
            Path(sys.executable).with_name("pymap"),
            *arguments,
            "--demo-user",
            _USER,
            "--demo-password",
            _PASSWORD,
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + 30
        while True:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            if time.monotonic() > until:
                raise TimeoutError("the mail server of the bench does not start")
            time.sleep(0.1)
        yield port
    finally:
        os.kill(process.pid, signal.SIGTERM)
        process.wait()


def _people(actor: Actor) -> list[str]:
    """The addresses of new people of new customers."""
    stamp, found = time.time_ns(), []
    for number in range(_CUSTOMERS):
        name = f"Bench {stamp} {number}"
        customer = create_customer(actor, data={"name": name, "relations": "customer"}, allow_duplicate=True)
        for person in ("buyer", "engineer"):
            found.append(f"{person}{number}@bench{stamp}.test")
            data = {"name": f"{person} {stamp} {number}", "customer": customer.pk, "email": found[-1]}
            create_person(actor, data=data, allow_duplicate=True)
    return found


def _fill(port: int, senders: list[str]) -> None:
    with imaplib.IMAP4("127.0.0.1", port) as connection:
        connection.login(f'"{_USER}"', _PASSWORD)
        stamp = time.time_ns()
        for number in range(_MESSAGES):
            made = EmailMessage()
            made["From"], made["To"], made["Subject"] = (
                senders[number % len(senders)],
                _USER,
                f"Machine {number}",
            )
            made["Message-ID"] = f"<{number}.{stamp}@bench.test>"
            made.set_content(_TEXT)
            if number % 10 == 0:
                made.add_attachment(
                    os.urandom(20_000),
                    maintype="application",
                    subtype="pdf",
                    filename=f"drawing {number}.pdf",
                )
            connection.append("INBOX", "", imaplib.Time2Internaldate(datetime.now(UTC)), made.as_bytes())


def _typed(port: int) -> dict[str, str]:
    server = {"host": "127.0.0.1", "port": str(port), "security": "none"}
    named = {f"{way}_{name}": value for way in ("imap", "smtp") for name, value in server.items()}
    return {"address": _USER, "secret": _PASSWORD, **named}
