"""A registry that speaks the protocol, on this machine, with every fault that a real one has."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

KEY = "registry-key-1"
CODE = "91320594102345675A"
COMPANY = {
    "name": "苏州恒力机械有限公司",
    "credit_code": CODE,
    "legal_representative": "王建国",
    "capital": "5000000.00",
    "currency": "CNY",
    "founded": "2008-05-12",
    "status": "active",
    "scope": "机械设备制造、销售。",
    "address": "苏州市工业园区星湖街328号",
    "region": "江苏省苏州市",
    "phones": ["0512-67671234"],
    "email": "info@hengli-sz.com",
    "former_names": ["苏州恒立机械厂"],
}


class Registry:
    """What it was asked, and how it is to behave: `faults` are taken one for each question."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.faults: list[str] = []
        self.keys: list[str] = []
        self.url = ""
        self.always = ""


class _Handler(BaseHTTPRequestHandler):
    registry: Registry

    def do_GET(self) -> None:
        registry = self.registry
        registry.asked.append(self.path)
        registry.keys.append(self.headers.get("Authorization", ""))
        fault = registry.always or (registry.faults.pop(0) if registry.faults else "")
        if fault.isdecimal():
            self._say(int(fault), {"error": "x"})
        elif fault == "redirect":
            self.send_response(302)
            self.send_header("Location", "http://169.254.169.254/latest/")
            self.end_headers()
        elif fault == "broken":
            self._send(200, b'{"company": ')
        elif fault == "odd":
            self._say(200, {"company": {"name": 7}})
        elif fault == "deep":
            self._send(200, b"[" * 100_000)
        elif fault == "huge":
            self._send(200, b'{"x": "' + b"a" * 2_000_000 + b'"}')
        elif fault == "hang up":
            self.close_connection = True  # without a word
        elif fault == "slow":
            self.server.let_go.wait(20)  # type: ignore[attr-defined]
        elif self.headers.get("Authorization") != f"Bearer {KEY}":
            self._say(401, {})
        else:
            self._answer()

    def _answer(self) -> None:
        parts = urlsplit(self.path)
        if parts.path == "/v1/status":
            self._say(200, {"name": "Registry of the tests"})
        elif parts.path == "/v1/companies":
            name = parse_qs(parts.query)["name"][0]
            found = [COMPANY] if name in COMPANY["name"] else []
            self._say(200, {"companies": found, "cost": 0.1})
        elif unquote(parts.path) == f"/v1/companies/{CODE}":
            self._say(200, {"company": COMPANY, "cost": "0.5"})
        else:
            self._say(404, {})

    def _say(self, status: int, body: Any) -> None:
        self._send(status, json.dumps(body).encode())

    def _send(self, status: int, body: bytes) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            pass  # who asked has heard enough

    def log_message(self, *args: Any) -> None:
        """Silent."""


@contextmanager
def serving() -> Iterator[Registry]:
    """A registry at an address of this machine, while the block runs."""
    registry = Registry()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"registry": registry}))
    server.let_go = threading.Event()  # type: ignore[attr-defined]
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    registry.url = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield registry
    finally:
        server.let_go.set()  # type: ignore[attr-defined]
        server.shutdown()
        server.server_close()
        thread.join()
