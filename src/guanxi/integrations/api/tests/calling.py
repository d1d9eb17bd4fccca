"""A program that calls the API with a token."""

import json
from collections.abc import Mapping
from typing import Any

from django.test import Client

from guanxi.foundation.permissions.actor import Actor
from guanxi.integrations.api.tokens import create_token
from guanxi.testing.worlds import in_scope


class Program:
    """Calls as one member. Answers carry `.json()`; faults come back as answers, as in production."""

    def __init__(self, secret: str = "") -> None:
        self.secret = secret
        self.client = Client(raise_request_exception=False)

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: Mapping[str, str] | None = None,
        raw: bytes | None = None,
    ) -> Any:
        """Send JSON (or `raw` bytes) to a path below /api/v1."""
        sent = {"Accept-Language": "en", **(headers or {})}
        if self.secret:
            sent.setdefault("Authorization", f"Bearer {self.secret}")
        data = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        kind = sent.pop("Content-Type", "application/json" if data else "")
        answer: Any = self.client.generic(
            method, f"/api/v1{path}", data=data, content_type=kind, headers=sent
        )
        return answer

    def get(self, path: str, **more: Any) -> Any:
        return self.call("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> Any:
        return self.call("POST", path, body, **more)

    def patch(self, path: str, body: Any = None, **more: Any) -> Any:
        return self.call("PATCH", path, body, **more)

    def delete(self, path: str, **more: Any) -> Any:
        return self.call("DELETE", path, **more)


def secret_of(actor: Actor, **more: Any) -> str:
    """A new token's secret."""
    with in_scope(actor):
        return create_token(actor, **{"name": "程序", "may_write": True, **more})[1]


def program_of(actor: Actor, **more: Any) -> Program:
    """A program with a token of this member that may read and change."""
    return Program(secret_of(actor, **more))
