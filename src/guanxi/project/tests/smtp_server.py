"""A real SMTP server for tests: keeps what it is given, asks for a password, speaks TLS."""

import base64
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


class SmtpServer(socketserver.ThreadingTCPServer):
    """`received` holds messages; `login` is asked for where set; `refuse` is the answer to a recipient."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.received: list[EmailMessage] = []
        self.login: tuple[str, str] | None = None
        self.refuse = ""
        self.tls: ssl.SSLContext | None = None
        self.tls_from_start = False

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is part of the tests."""


class _Session(socketserver.StreamRequestHandler):
    server: SmtpServer

    def setup(self) -> None:
        if self.server.tls is not None and self.server.tls_from_start:
            self.secure(self.server.tls)
        super().setup()

    def finish(self) -> None:
        try:
            super().finish()
        finally:
            self.request.close()

    def secure(self, tls: ssl.SSLContext) -> None:
        wrapped = tls.wrap_socket(self.request, server_side=True, do_handshake_on_connect=False)
        try:
            wrapped.do_handshake()
        except OSError:
            wrapped.close()
            raise
        self.request = wrapped

    def say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")

    def handle(self) -> None:
        self.signed_in = self.server.login is None
        self.say("220 test")
        while line := self.rfile.readline().decode().strip():
            word = line.split()[0].upper()
            if word == "QUIT":
                self.say("221 bye")
                return
            getattr(self, f"do_{word.lower()}", self.do_other)(line)

    def do_ehlo(self, line: str) -> None:
        extensions = ["test", "8BITMIME", "AUTH PLAIN"]
        if self.server.tls is not None and not self.server.tls_from_start:
            extensions.append("STARTTLS")
        for one in extensions[:-1]:
            self.say(f"250-{one}")
        self.say(f"250 {extensions[-1]}")

    def do_starttls(self, line: str) -> None:
        assert self.server.tls is not None
        self.say("220 go on")
        self.secure(self.server.tls)
        self.rfile = self.request.makefile("rb")
        self.wfile = socketserver._SocketWriter(self.request)  # type: ignore[attr-defined]

    def do_auth(self, line: str) -> None:
        _, name, password = base64.b64decode(line.split()[2]).decode().split("\0")
        self.signed_in = (name, password) == self.server.login
        self.say("235 welcome" if self.signed_in else "535 5.7.8 wrong user name or authorization code")

    def do_mail(self, line: str) -> None:
        self.say("250 ok" if self.signed_in else "530 5.7.0 sign in first")

    def do_rcpt(self, line: str) -> None:
        self.say(self.server.refuse or "250 ok")

    def do_data(self, line: str) -> None:
        self.say("354 go on")
        lines = []
        while (one := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(one[1:] if one.startswith(b"..") else one)
        found = message_from_bytes(b"".join(lines), policy=policy.default)
        self.server.received.append(found)
        self.say("250 kept")

    def do_other(self, line: str) -> None:
        self.say("250 ok")


@contextmanager
def smtp_server() -> Iterator[SmtpServer]:
    """A server on a free port of this machine, for as long as the block lasts."""
    with SmtpServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def make_certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate for 127.0.0.1 that only its own file vouches for, and a server's context with it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(True, False, False, False, False, True, True, False, False), critical=True
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = folder / "cert.pem"
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private = folder / "key.pem"
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, private)
    return path, context
