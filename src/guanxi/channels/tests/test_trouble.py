"""Servers that lie, hang, break off, or lie where nobody is to knock."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import pytest

from guanxi.channels.queries.mailboxes import words_of
from guanxi.channels.rules.hosts import NotAllowed, resolve
from guanxi.channels.services import servers
from guanxi.channels.services.mailboxes import connect, try_mailbox
from guanxi.channels.services.servers import Server, Trouble, imap
from guanxi.channels.services.syncing import sync_mailbox, take_turn
from guanxi.channels.tests.servers import PASSWORD, USER, imap_server, smtp_server, typed
from guanxi.foundation.notices.models import Notice
from guanxi.kernel.errors import Invalid
from guanxi.testing.worlds import World, in_scope


@contextmanager
def _server(talk: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server that says what a test wants to whoever calls first."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        try:
            called, _address = listening.accept()
        except OSError:
            return
        with called:
            try:
                talk(called)
            except OSError:
                return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield int(listening.getsockname()[1])
    finally:
        listening.close()
        thread.join(10)


def _opened(port: int, seconds: float = 3.0) -> str:
    """The code of what went wrong."""
    with (
        pytest.raises(Trouble) as caught,
        imap(Server("127.0.0.1", port, "none", USER, PASSWORD), seconds=seconds) as connection,
    ):
        connection.select("INBOX")
    return caught.value.code


def _drips(line: socket.socket) -> None:
    while True:
        line.sendall(b"*")
        time.sleep(0.1)


def _hangs(line: socket.socket) -> None:
    line.sendall(b"* OK ready\r\n")
    while line.recv(1000):
        pass


def _breaks_off(line: socket.socket) -> None:
    line.sendall(b"* OK ready\r\n")
    line.recv(1000)


def _promises_too_much(line: socket.socket) -> None:
    line.sendall(b"* OK ready\r\n")
    line.recv(1000)
    line.sendall(b"* LIST () {99999999999}\r\n")
    line.recv(1000)


@pytest.mark.parametrize(
    ("talk", "codes"),
    [
        (_drips, {"network", "timeout", "protocol"}),
        (_hangs, {"network", "timeout"}),
        (_breaks_off, {"network"}),
        (_promises_too_much, {"network"}),
    ],
)
def test_a_server_that_misbehaves_is_left_in_time(
    talk: Callable[[socket.socket], None], codes: set[str], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MAILBOX_PRIVATE = True
    monkeypatch.setattr(servers, "WAIT", 1.0)
    with _server(talk) as port:
        assert _opened(port, seconds=1.5) in codes


def test_private_networks_are_not_asked_unless_the_installation_says_so(world: World, settings: Any) -> None:
    settings.MAILBOX_PRIVATE = False
    for host in ("127.0.0.1", "localhost", "10.0.0.1", "169.254.169.254", "192.168.1.1"):
        with pytest.raises(NotAllowed) as caught:
            resolve(host, 993, private=False)
        assert caught.value.code == "private"
    for host, port in (
        ("a b", 993),
        ("x\r\ny", 993),
        ("", 993),
        ("mail.example.com", 22),
        ("mail.example.com", 0),
    ):
        with pytest.raises(NotAllowed):
            resolve(host, port, private=False)
    with in_scope(world.seller):
        given = typed(993, 465) | {"imap_security": "tls", "smtp_security": "tls"}
        tried = try_mailbox(world.seller, given)
        assert tried.imap == tried.smtp == words_of("private")
        with pytest.raises(Invalid) as caught_form:
            connect(world.seller, typed(993, 465))
        assert {"imap_security", "smtp_security"} <= set(caught_form.value.fields)


def test_the_test_button_says_in_words_what_is_wrong(world: World, settings: Any) -> None:
    settings.MAILBOX_PRIVATE = True
    with imap_server() as server, smtp_server() as sending, in_scope(world.seller):
        assert try_mailbox(world.seller, typed(server.port, sending.port)).works
        wrong = try_mailbox(world.seller, typed(server.port, sending.port, secret="something-else"))
        assert wrong.imap.startswith(words_of("key"))
        assert wrong.smtp.startswith(words_of("key"))


def test_a_stored_password_is_not_sent_to_another_server(world: World, settings: Any) -> None:
    settings.MAILBOX_PRIVATE = True
    with in_scope(world.seller):
        connect(world.seller, typed(10143, 10025))
        assert connect(world.seller, typed(10143, 10025, secret="")).address == USER
        with pytest.raises(Invalid) as caught:
            connect(world.seller, typed(10144, 10025, secret=""))
        assert set(caught.value.fields) == {"secret"}


def test_a_mailbox_in_trouble_rests_longer_each_time_and_tells_its_member(
    world: World, settings: Any
) -> None:
    settings.MAILBOX_PRIVATE = True
    with in_scope(world.seller):
        mailbox = connect(world.seller, typed(1, 1))  # nobody listens there
    rests = []
    for _ in range(4):
        with in_scope(world.seller):
            sync_mailbox(world.seller, mailbox.pk)
            mailbox.refresh_from_db()
            assert (mailbox.state, mailbox.trouble) == ("trouble", "refused")
            assert mailbox.rests_until is not None
            rests.append(mailbox.rests_until)
    gaps = [later - earlier for earlier, later in pairwise(rests)]
    assert all(gap.total_seconds() > 60 for gap in gaps)
    with in_scope(world.seller):
        assert Notice.objects.filter(kind="channels.trouble").count() == 1


def test_two_workers_do_not_read_one_mailbox(world: World, settings: Any) -> None:
    settings.MAILBOX_PRIVATE = True
    with in_scope(world.seller):
        mailbox = connect(world.seller, typed(1, 1))
        now = mailbox.created_at
        assert take_turn(mailbox.pk, now) is not None
        assert take_turn(mailbox.pk, now) is None
