"""/health: the process answers. /ready: what it needs is there. For load balancers and the person on call.

Both answer without a sign-in and tell nothing but states: no name, no version, no number of anything.
"""

import logging
import shutil
from functools import cache
from pathlib import Path
from typing import Literal

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ImproperlyConfigured
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from guanxi.foundation.tenancy.postgresql.install import prove_roles

State = Literal["ok", "warn", "failed"]
_log = logging.getLogger("guanxi.ready")
_MB = 1024 * 1024
_DISK_LEAST, _DISK_LOW = 50 * _MB, 1024 * _MB
# The worker's heartbeat comes every ten seconds.
_WORKER_SILENT = 60


@login_not_required
@never_cache
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers; asks nobody."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 where pages can be served, else 503; a silent worker or a filling disk is a warning."""
    checks: dict[str, State] = {
        "database": "failed",
        "migrations": "failed",
        "roles": "failed",
        "worker": "failed",
    }
    try:
        connection.ensure_connection()
        checks["database"] = "ok"
        checks["migrations"] = _migrations()
        checks["roles"] = _roles()
        checks["worker"] = _worker()
    except Error as error:
        _log.warning("not ready: %s", type(error).__name__)
    checks["disk"] = _disk()
    down = any(checks[name] == "failed" for name in ("database", "migrations", "roles", "disk"))
    body = {"ready": not down, "checks": checks}
    return JsonResponse(body, status=503 if down else 200, headers={"Retry-After": "5"} if down else {})


@cache
def _code_migrations() -> frozenset[tuple[str, str]]:
    """Those that must have been applied; reading them takes a while and they do not change while we run."""
    return frozenset(MigrationLoader(None).graph.nodes)


def _migrations() -> State:
    applied = MigrationRecorder(connection).applied_migrations()
    return "ok" if _code_migrations() <= set(applied) else "failed"


def _roles() -> State:
    try:
        prove_roles()
    except ImproperlyConfigured:
        _log.critical("the application role could pass the wall")
        return "failed"
    return "ok"


def worker_age() -> float | None:
    """Seconds since a worker was last heard of; None where none ever was."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM now() - max(last_heartbeat))::float8 FROM procrastinate_workers"
        )
        age: float | None = cursor.fetchone()[0]
    return age


def _worker() -> State:
    age = worker_age()
    return "ok" if age is not None and age < _WORKER_SILENT else "warn"


def _disk() -> State:
    home = Path(settings.HOME)
    while not home.exists():
        home = home.parent
    free = shutil.disk_usage(home).free
    return "failed" if free < _DISK_LEAST else "warn" if free < _DISK_LOW else "ok"
