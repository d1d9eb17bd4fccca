"""Real mail servers on this machine: IMAP in a process of its own, SMTP in a thread."""

import asyncio
import contextlib
import imaplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

USER, PASSWORD = "wang@ours.test", "code-of-16-signs"


def free_port() -> int:
    """A port nobody listens at."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass
class Imap:
    """An IMAP server with one mailbox."""

    port: int

    def open(self) -> imaplib.IMAP4:
        """A signed-in connection, for a test to look and to put mails."""
        connection = imaplib.IMAP4("127.0.0.1", self.port)
        connection.login(f'"{USER}"', PASSWORD)
        return connection

    def put(self, *mails: bytes, folder: str = "INBOX") -> None:
        """Let mails arrive."""
        with self.open() as connection:
            for mail in mails:
                assert connection.append(folder, None, None, mail)[0] == "OK"

    def make(self, folder: str) -> None:
        """Make a folder."""
        with self.open() as connection:
            connection.create(folder)

    def count(self, folder: str) -> int:
        """How many mails a folder holds."""
        with self.open() as connection:
            return int(connection.select(folder, readonly=True)[1][0] or 0)


@contextlib.contextmanager
def imap_server() -> Iterator[Imap]:
    """A server with an empty mailbox, ended with the block."""
    port = free_port()
    program = Path(sys.executable).with_name("pymap")
    arguments = ["--host", "127.0.0.1", "--port", str(port), "--no-tls", "--no-service", "managesieve"]
    process = subprocess.Popen(
        [program, *arguments, "dict", "--demo-user", USER, "--demo-password", PASSWORD],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _awaited(port)
        made = Imap(port)
        made.make("Sent")
        yield made
    finally:
        process.terminate()
        process.wait()


def _awaited(port: int) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


@dataclass
class Smtp:
    """An SMTP server and what it took. `refuses` are receivers it refuses; `drops` breaks the line when a mail was
    handed over, before it says so."""

    port: int = 0
    taken: list[Any] = field(default_factory=list)
    refuses: set[str] = field(default_factory=set)
    drops: bool = False

    async def handle_RCPT(
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address in self.refuses:
            return "550 no such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        self.taken.append(envelope)
        if self.drops:
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        return "250 taken"


@contextlib.contextmanager
def smtp_server() -> Iterator[Smtp]:
    """A server that takes mails of whoever knows the password."""

    def known(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        return AuthResult(
            success=data.login == USER.encode() and data.password == PASSWORD.encode(), handled=False
        )

    made = Smtp(free_port())
    controller = Controller(
        made,
        hostname="127.0.0.1",
        port=made.port,
        authenticator=known,
        auth_require_tls=False,
        auth_required=False,
    )
    controller.start()
    try:
        yield made
    finally:
        controller.stop()


_counted = iter(range(1, 1_000_000))


def mail(sender: str, to: str, subject: str, text: str, **headers: str) -> bytes:
    """A mail as it arrives."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, to, subject
    made["Message-ID"] = headers.pop("ref", f"<{next(_counted)}.{time.time_ns()}@theirs.test>")
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made.as_bytes()


def typed(imap_port: int, smtp_port: int, **more: str) -> dict[str, str]:
    """What a member types to connect his mailbox with the servers of a test."""
    return {
        "address": USER,
        "secret": PASSWORD,
        "imap_host": "127.0.0.1",
        "imap_port": str(imap_port),
        "imap_security": "none",
        "smtp_host": "127.0.0.1",
        "smtp_port": str(smtp_port),
        "smtp_security": "none",
        **more,
    }
