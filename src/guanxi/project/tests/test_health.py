"""/health, /ready and /metrics, as a load balancer, a monitor and a stranger see them."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from django.test import Client, override_settings

from guanxi.foundation.accounts.models import Member
from guanxi.project import health, metrics
from guanxi.testing.worlds import World

TOKEN = "geheimes-zeichen"


def test_health_answers_without_a_database_and_without_a_sign_in() -> None:
    # No database fixture: a query would raise.
    answer = Client().get("/health")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"].startswith("max-age=0")
    assert Client().post("/health").status_code == 405


def test_ready_says_what_is_there(database: None) -> None:
    answer = Client().get("/ready")
    assert answer.status_code == 200, answer.content
    checks = answer.json()["checks"]
    assert (checks["database"], checks["migrations"], checks["roles"]) == ("ok", "ok", "ok")


@pytest.fixture
def heartbeat(database: None) -> Iterator[Any]:
    with connections["default"].cursor() as cursor:

        def beat(ago: str) -> None:
            cursor.execute(
                "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s::interval)", [ago]
            )

        cursor.execute("DELETE FROM procrastinate_workers")
        yield beat
        cursor.execute("DELETE FROM procrastinate_workers")


def test_a_silent_worker_is_a_warning_and_pages_are_served_all_the_same(heartbeat: Any) -> None:
    assert Client().get("/ready").json()["checks"]["worker"] == "warn"
    heartbeat("10 minutes")
    assert Client().get("/ready").json()["checks"]["worker"] == "warn"
    heartbeat("2 seconds")
    answer = Client().get("/ready")
    assert (answer.status_code, answer.json()["checks"]["worker"]) == (200, "ok")


def test_a_migration_that_is_not_applied_makes_the_server_unready(
    database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = health._code_migrations()
    monkeypatch.setattr(health, "_code_migrations", lambda: known | {("customers", "9999_tomorrow")})
    answer = Client().get("/ready")
    assert answer.status_code == 503
    assert answer.json()["checks"]["migrations"] == "failed"
    assert answer.headers["Retry-After"] == "5"


def test_without_a_database_ready_says_so_and_health_still_answers(database: None) -> None:
    # The same settings, and a port where nobody listens.
    wrapper = connections["default"]
    wrapper.close()
    wrapper.close_pool()  # type: ignore[attr-defined]
    before = dict(wrapper.settings_dict)
    wrapper.settings_dict.update(HOST="127.0.0.1", PORT="1", OPTIONS={})
    try:
        answer = Client().get("/ready")
        assert answer.status_code == 503
        assert answer.json()["checks"]["database"] == "failed"
        assert Client().get("/health").status_code == 200
    finally:
        wrapper.close()
        wrapper.settings_dict.update(before)
    assert Client().get("/ready").status_code == 200


def test_metrics_are_off_by_default(database: None) -> None:
    assert Client().get("/metrics").status_code == 404


@override_settings(METRICS_TOKEN=TOKEN)
def test_metrics_ask_for_the_token(database: None) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {TOKEN}"}):
        answer = Client().get("/metrics", headers=headers)
        assert answer.status_code == 401
        assert b"guanxi_" not in answer.content


@override_settings(METRICS_TOKEN=TOKEN)
def test_metrics_count_requests_by_route_and_status(world: World, client_for: Any, tmp_path: Any) -> None:
    seller: Member = world.members["seller"]
    with override_settings(HOME=tmp_path):
        client = client_for(seller)
        for _ in range(3):
            client.get("/nowhere/at/all/")
        client.get("/health")
        text = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode()
    lines = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert int(lines['guanxi_requests_total{method="GET",route="none",status="404"}']) >= 3
    assert int(lines['guanxi_requests_total{method="GET",route="/health",status="200"}']) >= 1
    assert (
        lines['guanxi_request_seconds_bucket{route="/health",le="+Inf"}']
        == (lines['guanxi_request_seconds_count{route="/health"}'])
    )
    assert int(lines["guanxi_sql_statements_total"]) > 0
    assert lines["guanxi_database_up"] == "1"
    assert "/nowhere" not in text  # what somebody typed is no label
    assert all(line.startswith("#") or line.count(" ") == 1 for line in text.splitlines())


def test_processes_of_one_server_are_added_up(tmp_path: Any) -> None:
    with override_settings(HOME=tmp_path):
        first, other = metrics.Counts(), metrics.Counts()
        first.note("GET", "/x", 200, 0.02)
        for _ in range(4):
            other.note("GET", "/x", 200, 5.0)
        folder = metrics._folder()
        other.leave()
        (folder / f"{__import__('os').getpid()}.json").rename(folder / "1.json")
        text = "\n".join(metrics._requests())
        old = folder.parent / "4000000"
        old.mkdir()
        metrics._folder()
        assert not old.exists()
    assert 'guanxi_requests_total{method="GET",route="/x",status="200"} 4' in text
    assert 'guanxi_request_seconds_bucket{route="/x",le="3.0"} 0' in text
    assert 'guanxi_request_seconds_bucket{route="/x",le="10.0"} 4' in text
