"""Which mail servers may be asked. A member types one: it must not lead into the network this runs in."""

import ipaddress
import re
import socket

__all__ = ["NotAllowed", "check_host", "resolve"]

_NAME = re.compile(
    r"(?=.{1,253}$)[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,62}[A-Za-z0-9])?(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,62}[A-Za-z0-9])?)*"
)
# What mail is read and sent by, so that nobody knocks at other doors from here.
_PORTS = frozenset((25, 110, 143, 465, 587, 993, 994, 995, 2525))


class NotAllowed(ValueError):
    """Not to be asked; `code`: host, port, private, unknown (a name nobody knows)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def check_host(host: str, port: int, *, private: bool) -> None:
    """Whether this can be a mail server's name and door; asks no name server. Raises NotAllowed."""
    if not _NAME.fullmatch(host):
        raise NotAllowed("host")
    if not (0 < port < 65536 if private else port in _PORTS):
        raise NotAllowed("port")


def resolve(host: str, port: int, *, private: bool) -> str:
    """The number to connect to: the name is asked once, so that it cannot lead elsewhere at the second asking.

    Refused where any of the numbers it has is not of the open internet. Raises NotAllowed.
    """
    check_host(host, port, private=private)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
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
