"""The talk with a mail server: bounded in time and size, and by the number that was allowed."""

import contextlib
import imaplib
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.conf import settings

from guanxi.channels.rules.hosts import NotAllowed, resolve

__all__ = ["Server", "Trouble", "imap", "private_allowed", "smtp"]

WAIT = 20.0  # seconds for connecting and between two pieces of an answer
LARGEST = 32 * 1024 * 1024  # bytes of one piece of an answer
# The library knows the commands of 2003 only.
imaplib.Commands["ID"] = ("AUTH", "SELECTED")


class Trouble(Exception):
    """What a mail server did not do. `code`: host, port, unknown, private, refused (its door is shut), timeout, tls,
    network, key (sign-in refused), protocol, oauth (no token), unsealable, mail (this one it does not take),
    receivers. `detail` are its own words."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, detail[:200]


@dataclass(frozen=True, slots=True)
class Server:
    """Where and as whom to sign in. `token` in place of the password where the mailbox is opened by one."""

    host: str
    port: int
    security: str
    username: str
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)


def private_allowed() -> bool:
    """Whether servers inside this network may be asked: the installation's setting, not a company's."""
    return bool(getattr(settings, "MAILBOX_PRIVATE", False))


class _Line:
    """Cuts the line after so many seconds: of a server that drips, no piece ever comes too late."""

    def __init__(self, seconds: float) -> None:
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> "_Line":
        self._timer.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._timer.cancel()
        if self._socket is not None:
            self._socket.close()

    def hold(self, opened: socket.socket) -> socket.socket:
        """The socket just opened; over TLS it is the same line."""
        self._socket = opened.dup()
        return opened

    def _cut(self) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)


class _Imap(imaplib.IMAP4):
    """Connects to the number that was allowed, and takes no answer of any length."""

    def __init__(self, server: Server, number: str, line: "_Line") -> None:
        self._server, self._number, self._held = server, number, line
        super().__init__(server.host, server.port, timeout=WAIT)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        made = self._held.hold(socket.create_connection((self._number, self._server.port), timeout))
        if self._server.security == "tls":
            return ssl.create_default_context().wrap_socket(made, server_hostname=self._server.host)
        return made

    def read(self, size: int) -> bytes:
        if size > LARGEST:
            raise self.abort("too large")
        return super().read(size)


class _Smtp(smtplib.SMTP):
    def __init__(self, server: Server, number: str, line: "_Line") -> None:
        self._server, self._number, self._held = server, number, line
        super().__init__(server.host, server.port, timeout=WAIT)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        made = self._held.hold(socket.create_connection((self._number, port), timeout))
        if self._server.security == "tls":
            return ssl.create_default_context().wrap_socket(made, server_hostname=self._server.host)
        return made


@contextlib.contextmanager
def imap(server: Server, *, seconds: float) -> Iterator[imaplib.IMAP4]:
    """A signed-in connection that reads. It is cut after so many seconds, whatever the server does. Raises Trouble."""
    with _told(), _Line(seconds) as line:
        connection = _Imap(server, resolve(server.host, server.port, private=private_allowed()), line)
        try:
            if server.security == "starttls":
                connection.starttls(ssl.create_default_context())
            _sign_in(connection, server)
            yield connection
        finally:
            with contextlib.suppress(imaplib.IMAP4.error, OSError, ValueError):
                connection.logout()
            with contextlib.suppress(OSError):
                connection.shutdown()


def _bearer(server: Server) -> str:
    return f"user={server.username}\x01auth=Bearer {server.token}\x01\x01"


def _sign_in(connection: imaplib.IMAP4, server: Server) -> None:
    try:
        if server.token:
            words = _bearer(server).encode()
            # A server that refuses says why first, and wants an empty word for that.
            connection.authenticate("XOAUTH2", lambda why: b"" if why else words)
        else:
            connection.login(connection._quote(server.username), server.password)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        raise Trouble("key", _words(error)) from error
    # 163 and 126 let nobody read who does not say what he is (RFC 2971).
    if "ID" in connection.capabilities:
        with contextlib.suppress(imaplib.IMAP4.error):
            connection._simple_command("ID", '("name" "Guanxi" "vendor" "Guanxi")')


@contextlib.contextmanager
def smtp(server: Server, *, seconds: float) -> Iterator[smtplib.SMTP]:
    """A signed-in connection that sends. It is cut after so many seconds. Raises Trouble."""
    with _told(), _Line(seconds) as line:
        connection = _Smtp(server, resolve(server.host, server.port, private=private_allowed()), line)
        try:
            if server.security == "starttls":
                connection.starttls(context=ssl.create_default_context())
            connection.ehlo_or_helo_if_needed()
            if server.token:
                words = _bearer(server)
                connection.auth("XOAUTH2", lambda why=None: "" if why else words)
            elif server.password:
                connection.login(server.username, server.password)
            yield connection
        except smtplib.SMTPAuthenticationError as error:
            raise Trouble("key", _said(error.smtp_error)) from error
        finally:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                connection.quit()
            connection.close()


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """What went wrong, by a code that has words for people."""
    try:
        yield
    except NotAllowed as error:
        raise Trouble(error.code) from error
    except TimeoutError as error:
        raise Trouble("timeout") from error
    except ssl.SSLError as error:
        raise Trouble("tls", getattr(error, "verify_message", "") or str(error.reason or "")) from error
    except ConnectionRefusedError as error:
        raise Trouble("refused") from error
    except imaplib.IMAP4.abort as error:
        raise Trouble("network", _words(error)) from error
    except imaplib.IMAP4.error as error:
        raise Trouble("protocol", _words(error)) from error
    except smtplib.SMTPServerDisconnected as error:
        raise Trouble("network", str(error)) from error
    except smtplib.SMTPException as error:
        raise Trouble("protocol", str(error)) from error
    except (OSError, ValueError) as error:
        raise Trouble("network", type(error).__name__) from error


def _words(error: BaseException) -> str:
    found = error.args[0] if error.args else ""
    return _said(found)


def _said(found: object) -> str:
    text = found.decode("utf-8", "replace") if isinstance(found, bytes) else str(found)
    return "".join(char for char in text if char.isprintable())[:200]
