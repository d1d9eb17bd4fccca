"""Doors before the real servers of a test that let in by a token (XOAUTH2) alone, as some providers do, or want to
know first which program asks (RFC 2971), as 163 does."""

import base64
import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from guanxi.channels.tests.servers import PASSWORD, USER, Imap, Smtp, free_port

_REFUSED = base64.b64encode(b'{"status":"401","schemes":"bearer","scope":"https://mail.test/"}')


def expected(token: str) -> bytes:
    """What a program that has this token says."""
    return f"user={USER}\x01auth=Bearer {token}\x01\x01".encode()


@dataclass
class Gate:
    """What it let in by, what it was told: `said` are the strings of sign-ins, `ids` what programs called themselves.
    `ends_after` breaks the line once so many bytes of the server's went through."""

    port: int
    token: str = ""
    wants_id: bool = False
    ends_after: int = 0
    said: list[bytes] = field(default_factory=list)
    ids: list[bytes] = field(default_factory=list)


@contextlib.contextmanager
def imap_gate(server: Imap, **more: Any) -> Iterator[Gate]:
    """A door before an IMAP server."""
    listening = socket.create_server(("127.0.0.1", 0))
    gate = Gate(int(listening.getsockname()[1]), **more)

    def serve() -> None:
        while True:
            try:
                called, _address = listening.accept()
            except OSError:
                return
            threading.Thread(target=_talk, args=(gate, server, called), daemon=True).start()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield gate
    finally:
        listening.close()


def _talk(gate: Gate, server: Imap, called: socket.socket) -> None:
    with (
        contextlib.suppress(OSError, ValueError),
        called,
        socket.create_connection(("127.0.0.1", server.port)) as behind,
    ):
        theirs, ours = called.makefile("rb"), behind.makefile("rb")
        called.sendall(ours.readline())
        if _lets_in(gate, theirs, called, ours, behind):
            threading.Thread(target=_pass_on, args=(gate, ours, called), daemon=True).start()
            _pass_commands(gate, theirs, called, behind)


def _lets_in(gate: Gate, theirs: Any, called: socket.socket, ours: Any, behind: socket.socket) -> bool:
    """Until somebody is signed in."""
    while line := theirs.readline():
        tag, verb, *rest = line.split(maxsplit=2)
        if verb.upper() == b"CAPABILITY":
            way = b"AUTH=XOAUTH2" if gate.token else b"AUTH=PLAIN"
            called.sendall(b"* CAPABILITY IMAP4rev1 ID " + way + b"\r\n" + tag + b" OK done\r\n")
        elif verb.upper() == b"AUTHENTICATE" and rest[0].strip() == b"XOAUTH2" and gate.token:
            called.sendall(b"+ \r\n")
            gate.said.append(base64.b64decode(theirs.readline()))
            if gate.said[-1] != expected(gate.token):
                called.sendall(b"+ " + _REFUSED + b"\r\n")
                gate.said.append(theirs.readline().strip())
                called.sendall(tag + b" NO AUTHENTICATE failed\r\n")
                continue
            behind.sendall(b'g1 LOGIN "%b" "%b"\r\n' % (USER.encode(), PASSWORD.encode()))
            while not ours.readline().startswith(b"g1 "):
                pass
            called.sendall(tag + b" OK signed in\r\n")
            return True
        elif verb.upper() == b"LOGIN" and not gate.token:
            behind.sendall(line)
            while not (answer := ours.readline()).startswith(tag):
                pass
            called.sendall(answer)
            return True
        elif verb.upper() == b"LOGOUT":
            called.sendall(b"* BYE\r\n" + tag + b" OK\r\n")
            return False
        else:
            called.sendall(tag + b" NO sign in by a token\r\n")
    return False


def _pass_commands(gate: Gate, theirs: Any, called: socket.socket, behind: socket.socket) -> None:
    while line := theirs.readline():
        tag, _space, rest = line.partition(b" ")
        if rest[:3].upper() == b"ID ":
            gate.ids.append(rest[3:].strip())
            called.sendall(b"* ID NIL\r\n" + tag + b" OK\r\n")
        elif gate.wants_id and not gate.ids and rest.upper().startswith((b"SELECT", b"EXAMINE")):
            called.sendall(tag + b" NO Unsafe Login. Please contact kefu\r\n")
        else:
            behind.sendall(line)


def _pass_on(gate: Gate, ours: Any, called: socket.socket) -> None:
    passed = 0
    with contextlib.suppress(OSError, ValueError):
        while piece := ours.read1(4096):
            passed += len(piece)
            if gate.ends_after and passed > gate.ends_after:
                called.shutdown(socket.SHUT_RDWR)
                return
            called.sendall(piece)


class _TokenOnly(Smtp):
    """Takes mails of whoever has the token. What was said stands in `said`."""

    token = ""

    async def handle_RCPT(
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if not session.authenticated:
            return "530 sign in first"
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:
        said = base64.b64decode(args[1]) if len(args) > 1 else await server.challenge_auth("")
        if said == expected(self.token):
            return AuthResult(success=True)
        await server.challenge_auth(_REFUSED, encode_to_b64=False)
        return AuthResult(success=False, handled=False)


@contextlib.contextmanager
def smtp_gate(token: str) -> Iterator[Smtp]:
    """An SMTP server that lets in by a token alone."""
    made = _TokenOnly(free_port())
    made.token = token
    controller = Controller(
        made,
        hostname="127.0.0.1",
        port=made.port,
        auth_require_tls=False,
        auth_required=False,
        auth_exclude_mechanism=["LOGIN", "PLAIN"],
    )
    controller.start()
    try:
        yield made
    finally:
        controller.stop()
