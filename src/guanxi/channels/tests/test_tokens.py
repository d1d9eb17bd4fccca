"""Mailboxes opened by a token made of a refresh token by the installation's settings, at a local server."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.utils import timezone

from guanxi.channels.models import Mailbox
from guanxi.channels.services.mailboxes import connect, imap_of, smtp_of
from guanxi.channels.services.servers import Server, Trouble, imap, smtp
from guanxi.channels.services.syncing import sync_mailbox
from guanxi.channels.tests.gates import expected, imap_gate, smtp_gate
from guanxi.channels.tests.servers import PASSWORD, USER, imap_server, mail, typed
from guanxi.kernel.errors import Invalid
from guanxi.testing.worlds import World, in_scope


@contextmanager
def _provider(asked: list[dict[str, list[str]]], answer: dict[str, Any]) -> Iterator[str]:
    """A provider's address for tokens; what it was asked is added to `asked`."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, *_args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/token"
    finally:
        server.shutdown()
        server.server_close()


def _connected(world: World, settings: Any, url: str) -> Mailbox:
    settings.MAILBOX_PRIVATE = True
    settings.MAILBOX_OAUTH = {"ours.test": {"token_url": url, "client_id": "guanxi", "client_secret": "s"}}
    return connect(world.seller, typed(10143, 10025, method="oauth", secret="refresh-1"))


def test_a_token_is_made_once_kept_sealed_and_renewed(world: World, settings: Any) -> None:
    asked: list[dict[str, list[str]]] = []
    answer = {"access_token": "access-1", "expires_in": 3600, "refresh_token": "refresh-2"}
    with _provider(asked, answer) as url, in_scope(world.seller):
        mailbox = _connected(world, settings, url)
        assert imap_of(mailbox).token == imap_of(mailbox).token == "access-1"
        assert len(asked) == 1
        assert asked[0]["refresh_token"] == ["refresh-1"]
        assert asked[0]["client_id"] == ["guanxi"]
        assert "access-1" not in mailbox.token
        mailbox.token_until = timezone.now() - timedelta(seconds=1)
        assert imap_of(mailbox).token == "access-1"
        assert asked[1]["refresh_token"] == ["refresh-2"]


@pytest.mark.parametrize(
    "answer", [{"error": "invalid_grant"}, {"access_token": "a\r\nb"}, {"access_token": 5}]
)
def test_a_refusal_is_said_in_words(answer: dict[str, Any], world: World, settings: Any) -> None:
    with _provider([], answer) as url, in_scope(world.seller):
        mailbox = _connected(world, settings, url)
        with pytest.raises(Trouble) as caught:
            imap_of(mailbox)
        assert caught.value.code == "oauth"


def test_without_the_installations_setting_there_is_no_token(world: World, settings: Any) -> None:
    settings.MAILBOX_PRIVATE, settings.MAILBOX_OAUTH = True, {}
    with in_scope(world.seller), pytest.raises(Invalid) as caught:
        connect(world.seller, typed(10143, 10025, method="oauth", secret="refresh-1"))
    assert set(caught.value.fields) == {"method"}


def test_a_mailbox_is_read_and_written_by_its_token(world: World, settings: Any) -> None:
    answer = {"access_token": "access-1", "expires_in": 3600}
    with (
        _provider([], answer) as url,
        imap_server() as server,
        imap_gate(server, token="access-1") as gate,
        smtp_gate("access-1") as sending,
        in_scope(world.seller),
    ):
        server.put(mail("mum@home.test", USER, "Dinner", "Come?"))
        _connected(world, settings, url)
        given = typed(gate.port, sending.port, method="oauth", secret="refresh-1")
        mailbox = connect(world.seller, given)
        assert sync_mailbox(world.seller, mailbox.pk)["seen"] == 1
        assert gate.said == [expected("access-1")]
        with smtp(smtp_of(mailbox), seconds=10.0) as connection:
            connection.sendmail(USER, ["li.na@theirs.test"], mail(USER, "li.na@theirs.test", "Hello", "x"))
        assert len(sending.taken) == 1


def test_a_token_taken_back_is_refused_in_order_and_another_is_asked_for(world: World, settings: Any) -> None:
    asked: list[dict[str, list[str]]] = []
    answer = {"access_token": "access-1", "expires_in": 3600}
    with (
        _provider(asked, answer) as url,
        imap_server() as server,
        imap_gate(server, token="access-2") as gate,
        smtp_gate("access-2") as sending,
        in_scope(world.seller),
    ):
        _connected(world, settings, url)
        given = typed(gate.port, sending.port, method="oauth", secret="refresh-1")
        mailbox = connect(world.seller, given)
        sync_mailbox(world.seller, mailbox.pk)
        mailbox.refresh_from_db()
        assert (mailbox.trouble, mailbox.token) == ("key", "")
        # The word to what the server says of its reason is empty.
        assert gate.said == [expected("access-1"), b""]
        with pytest.raises(Trouble) as caught, smtp(smtp_of(mailbox), seconds=10.0):
            pass
        assert caught.value.code == "key"
        answer["access_token"] = "access-2"
        mailbox.token = ""
        mailbox.save()
        assert sync_mailbox(world.seller, mailbox.pk)["more"] == 0
        mailbox.refresh_from_db()
        assert (mailbox.state, mailbox.trouble) == ("working", "")
        assert len(asked) == 3


def test_a_server_that_wants_to_know_who_asks_is_told(world: World, settings: Any) -> None:
    settings.MAILBOX_PRIVATE = True
    with (
        imap_server() as server,
        imap_gate(server, wants_id=True) as gate,
        imap(Server("127.0.0.1", gate.port, "none", USER, PASSWORD), seconds=10.0) as connection,
    ):
        assert connection.select("INBOX", readonly=True)[0] == "OK"
        assert len(gate.ids) == 1
        assert b"Guanxi" in gate.ids[0]
