"""Bodies that are a file: bytes as they are, kept on disk before any transaction begins.

An address takes them where it was said so with `takes_bytes`; every other body is JSON, as the door sees to.
"""

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

from django.http import HttpRequest, UnreadablePostError
from django.utils.translation import gettext as _

from guanxi.integrations.api.problems import ProblemError

RAW = "application/octet-stream"
_BLOCK = 64 * 1024
_IN_MEMORY = 1024 * 1024
_most: dict[str, Callable[[], int]] = {}
_sending: set[str] = set()


@dataclass(frozen=True, slots=True)
class Received:
    """A file that came in, and the SHA-256 of its bytes."""

    file: IO[bytes]
    digest: bytes

    def chunks(self) -> Iterator[bytes]:
        """Its bytes, from the beginning on."""
        self.file.seek(0)
        while block := self.file.read(_BLOCK):
            yield block


def takes_bytes(address: str, most: Callable[[], int]) -> None:
    """Say that the POST of an address, by its name, takes a file of so many bytes at most."""
    _most[address] = most


def sends_bytes(address: str) -> None:
    """Say that an address answers with a file: whoever asks need not accept JSON, though problems are."""
    _sending.add(address)


def most_of(address: str) -> Callable[[], int] | None:
    """How many bytes an address takes; None where it takes JSON."""
    return _most.get(address)


def sends_files(address: str) -> bool:
    """Whether it answers with a file."""
    return address in _sending


@contextmanager
def body_of(request: HttpRequest) -> Iterator[Received]:
    """Take the body in, for as long as the request is worked at. Before its transaction: a slow line holds none.

    Raises ProblemError where the sender goes away in the middle of it.
    """
    frame: Any = request
    digest = hashlib.sha256()
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
        try:
            while block := request.read(_BLOCK):
                digest.update(block)
                file.write(block)
        except UnreadablePostError as error:
            raise ProblemError("bad_request", _("The body ended too early.")) from error
        frame.received = Received(file, digest.digest())
        yield frame.received


def received(request: HttpRequest) -> Received | None:
    """The file that came in with this request; None where it has none."""
    return getattr(request, "received", None)
