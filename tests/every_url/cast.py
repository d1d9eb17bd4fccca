"""Who calls: one of every kind, in a company of the test's own and in another one."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db import connections
from django.http import HttpResponseBase
from django.test import Client

from guanxi.foundation.permissions.actor import Actor
from guanxi.foundation.permissions.queries import load_actor
from guanxi.foundation.permissions.services import close_member
from guanxi.foundation.tenancy.postgresql.compiler import business_tables
from guanxi.integrations.api.tokens import create_token
from guanxi.sales.services.defaults import make_defaults
from guanxi.testing.clients import client_for
from guanxi.testing.worlds import World, in_scope, make_world

ANONYMOUS, LEFT, STRANGER, OBSERVER = "anonymous", "left", "stranger", "observer"
# `elsewhere` is a salesperson of another department; `stranger` may do everything, in another company.
INSIDE = ("seller", "elsewhere", "manager", "admin")
KINDS = (ANONYMOUS, *INSIDE, OBSERVER, LEFT, STRANGER)
_TOKENS = "integrations_apitoken"
_CALLS = "integrations_apirequest"  # a line for every call, allowed or not
_NOT_STATE = ["used", "window", "last_used_at"]  # what a call with a token counts, allowed or not


@dataclass
class Stage:
    """Two companies and their people; what is asked for is put up as it is needed."""

    world: World
    other: World
    secrets: dict[str, str] = field(default_factory=dict)
    left: Client = field(default_factory=Client)
    program: Client = field(default_factory=lambda: Client(raise_request_exception=False))
    standing: dict[str, dict[str, Any]] = field(default_factory=dict)
    actors: dict[str, Actor | None] = field(default_factory=dict)
    browsers: dict[str, Client] = field(default_factory=dict)
    # The owner's connection, apart from those that every request closes.
    watcher: Any = field(default_factory=lambda: connections["owner"].copy())
    before: dict[str, tuple[int, int]] | None = None  # the state, as long as nobody may have changed it

    def actor(self, kind: str) -> Actor | None:
        """Whose rights a kind of user has; None for those who have none."""
        if kind not in self.actors:
            self.actors[kind] = self._actor(kind)
        return self.actors[kind]

    def _actor(self, kind: str) -> Actor | None:
        if kind in (ANONYMOUS, LEFT):
            return None
        if kind == STRANGER:
            return self.other.admin
        actor: Actor = getattr(self.world, "seller" if kind == OBSERVER else kind)
        with in_scope(actor):
            assert actor.member_id is not None
            observer = self.world.admin.member_id if kind == OBSERVER else None
            return load_actor(actor.member_id, observer_id=observer)

    def browser(self, kind: str, *, fresh: bool = False) -> Client:
        """A browser of this kind of user; a fresh one for what may end its session."""
        if fresh or kind == LEFT:
            return self._browser(kind)
        if kind not in self.browsers:
            self.browsers[kind] = self._browser(kind)
        return self.browsers[kind]

    def _browser(self, kind: str) -> Client:
        self.before = None  # signing in and borrowing eyes is written down
        if kind == ANONYMOUS:
            found = Client()
        elif kind == LEFT:
            found = self.left
        elif kind == STRANGER:
            found = client_for(self.other.members["admin"])
        elif kind == OBSERVER:
            found = client_for(self.world.members["admin"])
            found.post(f"/account/see-as/{self.world.seller.member_id}/")
        else:
            found = client_for(self.world.members[kind])
        found.raise_request_exception = False
        return found

    def _program(self) -> Client:
        """A client that keeps nothing between calls; making one of its own for each would cost what the call does."""
        self.program.cookies.clear()
        return self.program

    def call(
        self, kind: str, method: str, url: str, data: Any, *, browser: Client | None = None
    ) -> HttpResponseBase:
        """Call as this kind of user: below /api/v1 as a program with a token, else as a browser."""
        program = url.startswith("/api/v1/") and kind != OBSERVER
        client = self._program() if program else browser or self.browser(kind)
        headers = (
            {"Authorization": f"Bearer {self.secrets[kind]}"} if program and kind in self.secrets else {}
        )
        if url.startswith("/api/"):
            if isinstance(data, bytes):
                body, kind_of_body = data, "application/octet-stream"
            else:
                body = b"" if data is None or method == "GET" else json.dumps(data).encode()
                kind_of_body = "application/json" if body else ""
            answer: Any = client.generic(method, url, data=body, content_type=kind_of_body, headers=headers)
            return answer  # type: ignore[no-any-return]
        send: Callable[..., Any] = getattr(client, method.lower())
        return send(url, data or {}) if method in ("GET", "POST") else send(url)  # type: ignore[no-any-return]


def make_stage() -> Stage:
    """Two companies; somebody of the first has just left it, with a session and a token still in hand."""
    stage = Stage(make_world(), make_world())
    for world in (stage.world, stage.other):
        with in_scope(world.system):
            make_defaults(world.system)  # as every company begins with them
    for kind in INSIDE:
        stage.secrets[kind] = _secret(getattr(stage.world, kind))
    stage.secrets[STRANGER] = _secret(stage.other.admin)
    leaver = stage.world.teammate
    stage.secrets[LEFT] = _secret(leaver)
    stage.left = client_for(stage.world.members["teammate"])
    stage.left.get("/account/")
    assert leaver.member_id is not None
    with in_scope(stage.world.admin):
        close_member(stage.world.admin, leaver.member_id)
    return stage


def _secret(actor: Actor) -> str:
    with in_scope(actor):
        return create_token(actor, name="test", may_write=True)[1]


def state(stage: Stage) -> dict[str, tuple[int, int]]:
    """Every row of both companies as a count and a sum, by table, in one statement.

    The sum is of the transactions that wrote the rows, which any write anywhere raises; of tokens it is of what
    they hold, since a call counts itself there.
    """
    with stage.watcher.cursor() as cursor:
        tenants = [stage.world.tenant_id, stage.other.tenant_id]
        cursor.execute(_state_sql(), {"not_state": _NOT_STATE, "tenants": tenants})
        return {table: (rows, total) for table, rows, total in cursor.fetchall()}


@cache
def _state_sql() -> str:
    written = "xmin::text::bigint"
    held = "hashtext((to_jsonb(t) - %(not_state)s::text[])::text)"
    return " UNION ALL ".join(
        f"SELECT '{table}', count(*), coalesce(sum({held if table == _TOKENS else written}), 0)::bigint"
        f' FROM "{table}" t WHERE tenant_id = ANY(%(tenants)s)'
        for table in sorted(business_tables().keys() - {_CALLS})
    )
