"""Which addresses may be asked. A company's administrator types one: it must not lead into the network this runs in."""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

__all__ = ["NotAllowed", "Target", "check_form", "resolve"]

_LONGEST = 300


class NotAllowed(ValueError):
    """Not to be asked; `code`: form, scheme, user, private, unknown (a name nobody knows)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Target:
    """A base address in its parts. `path` ends without a stroke."""

    secure: bool
    host: str
    port: int
    path: str


def check_form(url: str, *, private: bool) -> Target:
    """The address in parts; asks no name server. Plain http only to this machine, where private addresses are allowed.

    Raises NotAllowed.
    """
    if not url or len(url) > _LONGEST or not url.isprintable() or any(char.isspace() for char in url):
        raise NotAllowed("form")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise NotAllowed("form") from error
    if not parts.hostname or parts.query or parts.fragment:
        raise NotAllowed("form")
    if parts.username is not None or parts.password is not None:
        raise NotAllowed("user")
    local = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if parts.scheme != "https" and not (parts.scheme == "http" and private and local):
        raise NotAllowed("scheme")
    secure = parts.scheme == "https"
    return Target(secure, parts.hostname, port or (443 if secure else 80), parts.path.rstrip("/"))


def resolve(target: Target, *, private: bool) -> str:
    """The number to connect to: the name is asked once, so that it cannot lead elsewhere at the second asking.

    Refused where any of the numbers it has is not of the open internet. Raises NotAllowed.
    """
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotAllowed("unknown") from error
    numbers = [str(entry[4][0]) for entry in found]
    if not numbers:
        raise NotAllowed("unknown")
    if not private and not all(_open(number) for number in numbers):
        raise NotAllowed("private")
    return numbers[0]


def _open(number: str) -> bool:
    address = ipaddress.ip_address(number.partition("%")[0])
    inner = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    return address.is_global and not address.is_multicast and (inner is None or inner.is_global)
