"""A client that costs little: one kept connection, cookies, the times the server tells."""

import http.client
import re
from dataclasses import dataclass, field
from time import perf_counter
from urllib.parse import urlencode

from django.urls import reverse

_TIMING = re.compile(r'app;dur=([\d.]+), sql;dur=([\d.]+);desc="(\d+)"')


@dataclass(frozen=True, slots=True)
class Ask:
    """One request."""

    path: str
    method: str = "GET"
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    expects: int = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. Times are milliseconds: of the whole request here, of it in the server, of its SQL."""

    whole: float
    server: float
    sql: float
    queries: int
    body: bytes
    location: str


class Unexpected(RuntimeError):
    """An answer with another status than the one that was measured for."""


class Client:
    """A browser of one person. Not to be shared between threads; `twin` makes another of the same session."""

    def __init__(self, port: int, cookies: dict[str, str] | None = None) -> None:
        self.port = port
        self.cookies = dict(cookies or {})
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def twin(self) -> "Client":
        return Client(self.port, self.cookies)

    def close(self) -> None:
        self._connection.close()

    def ask(self, ask: Ask) -> Answer:
        """Send a request and read its answer to the end. Raises `Unexpected`."""
        headers = {"Host": f"localhost:{self.port}", "Accept-Language": "zh-CN", **ask.headers}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        started = perf_counter()
        self._connection.request(ask.method, ask.path, body=ask.body, headers=headers)
        response = self._connection.getresponse()
        body = response.read()
        whole = (perf_counter() - started) * 1000
        for line in response.headers.get_all("Set-Cookie") or ():
            name, _equals, rest = line.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        if response.status != ask.expects:
            raise Unexpected(
                f"{ask.method} {ask.path}: {response.status}\n{body[:500].decode(errors='replace')}"
            )
        told = _TIMING.search(response.headers.get("Server-Timing", ""))
        server, sql, queries = told.groups() if told else ("0", "0", "0")
        return Answer(
            whole, float(server), float(sql), int(queries), body, response.headers.get("Location", "")
        )

    def form(self, path: str, fields: dict[str, str], *, expects: int = 302, htmx: bool = False) -> Ask:
        """The posting of a form of ours."""
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Referer": f"http://localhost:{self.port}{path}",
            "X-CSRFToken": self.cookies.get("csrftoken", ""),
        }
        if htmx:
            headers["HX-Request"] = "true"
        return Ask(path, "POST", urlencode(fields).encode(), headers, expects)


def signed_in(port: int, name: str, password: str) -> Client:
    """Through the sign-in page, as a person does. Raises `Unexpected`."""
    client = Client(port)
    page = reverse("account_login")
    client.ask(Ask(page))
    client.ask(client.form(page, {"login": name, "password": password}))
    return client
