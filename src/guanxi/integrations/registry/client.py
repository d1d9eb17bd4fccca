"""One account at a provider that speaks the protocol of docs/company-registry.md."""

import http.client
import json
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import quote, urlencode

from guanxi.integrations.registry import address
from guanxi.integrations.registry.facts import Candidate, Facts, Unreadable, read_candidates, read_facts

__all__ = ["Account", "Answer", "CallFailed", "Client"]

TIMEOUT = 5.0  # seconds for connecting and between two pieces of an answer
DEADLINE = 12.0  # seconds for a call with all its tries
TRIES = 3
PAUSE = 0.3  # seconds before the second try; the third waits three times as long
LARGEST = 256 * 1024  # bytes of an answer
_AGAIN = frozenset((429, 500, 502, 503, 504))


@dataclass(frozen=True, slots=True)
class Account:
    """Where to ask and with which key. `private`: addresses inside this network are allowed (tests, own servers)."""

    url: str
    key: str = field(default="", repr=False)
    private: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered, after how many tries, at which cost in the provider's units."""

    body: Any
    tries: int
    cost: Decimal


class CallFailed(Exception):
    """A call that brought nothing. `code`: address, private, key, not_found, refused, redirect, busy, server, network,
    timeout, too_large, unreadable. `tries` made, `status` of the last answer or 0, `words` of whoever refused."""

    def __init__(self, code: str, *, tries: int = 1, status: int = 0, words: str = "") -> None:
        super().__init__(code)
        self.code, self.tries, self.status, self.words = code, tries, status, words[:200]


class Client:
    """Asks one account. `sleep` is what pauses between tries."""

    def __init__(self, account: Account, sleep: Callable[[float], None] = time.sleep) -> None:
        self.account = account
        self._sleep = sleep

    def status(self) -> tuple[str, Answer]:
        """The provider's name, as it calls itself; costs nothing. Raises CallFailed."""
        answer = self._ask("/status")
        name = answer.body.get("name") if isinstance(answer.body, dict) else None
        if not isinstance(name, str):
            raise CallFailed("unreadable", tries=answer.tries, words="no text “name”")
        return name[:100], answer

    def search(self, name: str) -> tuple[list[Candidate], Answer]:
        """The companies that a name may mean. Raises CallFailed."""
        answer = self._ask(f"/companies?{urlencode({'name': name[:200]})}")
        return self._read(read_candidates, answer), answer

    def fetch(self, credit_code: str) -> tuple[Facts, Answer]:
        """What is on record under a credit code. Raises CallFailed, with not_found where there is nothing."""
        answer = self._ask(f"/companies/{quote(credit_code[:30], safe='')}")
        return self._read(read_facts, answer), answer

    def _read(self, read: Callable[[Any], Any], answer: Answer) -> Any:
        try:
            return read(answer.body)
        except Unreadable as error:
            raise CallFailed("unreadable", tries=answer.tries, status=200, words=str(error)) from error

    def _ask(self, path: str) -> Answer:
        try:
            target = address.check_form(self.account.url, private=self.account.private)
        except address.NotAllowed as error:
            raise CallFailed("address", tries=0) from error
        until = time.monotonic() + DEADLINE
        failed = CallFailed("network", tries=0)
        for place in range(TRIES):
            if place:
                pause = PAUSE * 3 ** (place - 1)
                if time.monotonic() + pause >= until:
                    break
                self._sleep(pause)
            try:
                status, body = self._once(target, path, until)
            except address.NotAllowed as error:
                raise CallFailed(
                    "private" if error.code == "private" else "network", tries=place + 1
                ) from error
            except TimeoutError:
                failed = CallFailed("timeout", tries=place + 1)
                continue
            except (OSError, http.client.HTTPException) as error:
                words = (
                    error.verify_message
                    if isinstance(error, ssl.SSLCertVerificationError)
                    else type(error).__name__
                )
                failed = CallFailed("network", tries=place + 1, words=words)
                continue
            if status in _AGAIN:
                failed = CallFailed("busy" if status == 429 else "server", tries=place + 1, status=status)
                continue
            return self._answer(status, body, place + 1)
        raise failed

    def _answer(self, status: int, body: bytes, tries: int) -> Answer:
        if 300 <= status < 400:
            raise CallFailed("redirect", tries=tries, status=status)  # never followed: it might lead anywhere
        if status >= 400:
            code = {401: "key", 403: "key", 402: "paid", 404: "not_found"}.get(
                status, "server" if status >= 500 else "refused"
            )
            raise CallFailed(code, tries=tries, status=status)
        if status != 200:
            raise CallFailed("unreadable", tries=tries, status=status)
        try:
            said = json.loads(body)
            cost = Decimal(str(said.get("cost", 0))) if isinstance(said, dict) else Decimal(0)
        except (ValueError, RecursionError, InvalidOperation) as error:
            raise CallFailed("unreadable", tries=tries, status=status, words="no JSON") from error
        return Answer(said, tries, cost if cost.is_finite() and 0 <= cost < 1_000_000 else Decimal(0))

    def _once(self, target: address.Target, path: str, until: float) -> tuple[int, bytes]:
        number = address.resolve(target, private=self.account.private)
        connection = _connection(target, number)
        try:
            headers = {"Accept": "application/json", "Host": _host(target), "User-Agent": "Guanxi"}
            if self.account.key:
                headers["Authorization"] = f"Bearer {self.account.key}"
            connection.request("GET", target.path + path, headers=headers)
            with connection.getresponse() as response:
                parts, size = [], 0
                while piece := response.read1(16 * 1024):
                    size += len(piece)
                    if size > LARGEST:
                        raise CallFailed("too_large", status=response.status)
                    if time.monotonic() > until:
                        raise TimeoutError
                    parts.append(piece)
                return response.status, b"".join(parts)
        finally:
            connection.close()


def _host(target: address.Target) -> str:
    name = f"[{target.host}]" if ":" in target.host else target.host
    return name if target.port == (443 if target.secure else 80) else f"{name}:{target.port}"


def _connection(target: address.Target, number: str) -> http.client.HTTPConnection:
    """A connection to the number that was checked, under the name that the certificate has to show."""
    connected = socket.create_connection((number, target.port), timeout=TIMEOUT)
    try:
        if target.secure:
            connected = ssl.create_default_context().wrap_socket(connected, server_hostname=target.host)
    except BaseException:
        connected.close()
        raise
    connection = http.client.HTTPConnection(target.host, target.port, timeout=TIMEOUT)
    connection.sock = connected
    return connection
