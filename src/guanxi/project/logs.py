"""The log: one JSON object a line on standard error, or words where a person looks at a terminal.

Every line carries request, operation, company and member as far as they are known where it is written. No
line carries what people keep in the product: statements come without their values, errors of the database
without the values they quote.
"""

import json
import logging
import os
import re
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from time import perf_counter
from types import FrameType
from typing import Any

from django.conf import settings
from django.db.backends.signals import connection_created

# A request's line is written after its scope has ended and brings these as extras.
_FROM_EXTRAS = {"company": "company_id", "member": "member_id", "operation": "operation_id"}
_STANDARD = set(vars(logging.makeLogRecord({}))) | {
    "message",
    "asctime",
    "taskName",
    "request",
    "server_time",
}
_SLOW = logging.getLogger("guanxi.sql.slow")


def configuration() -> dict[str, Any]:
    """Django's LOGGING. GUANXI_LOG_LEVEL (default INFO); GUANXI_LOG_FORMAT json or text, else as fits."""
    wanted = os.environ.get("GUANXI_LOG_FORMAT") or ("text" if sys.stderr.isatty() else "json")
    level = os.environ.get("GUANXI_LOG_LEVEL", "INFO").upper()
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {"()": "guanxi.project.logs.JsonLines"},
            "text": {"()": "guanxi.project.logs.Words"},
        },
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "stream": "ext://sys.stderr",
                "formatter": "text" if wanted == "text" else "json",
            }
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Its handlers would write everything a second time.
            "django": {"handlers": [], "level": level, "propagate": True},
            # 4xx are in the request's own line; a 500 comes from here with its traceback.
            "django.request": {"level": "ERROR"},
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            "procrastinate": {"level": "WARNING"},
            "fontTools": {"level": "WARNING"},
        },
    }


def _context() -> dict[str, str]:
    """What is open where the line is written. Imported late: settings are read before there are models."""
    from guanxi.foundation.ledger.services import current_operation, request_id
    from guanxi.foundation.tenancy.scope import current_scope

    found = {"request_id": request_id.get()}
    current, operation = current_scope(), current_operation()
    if operation is not None:
        found["operation_id"] = str(operation.id)
    if current is not None:
        found["company_id"] = str(current.tenant_id)
        found["member_id"] = str(current.actor_id or "")
        found["door"] = current.door
    return {key: value for key, value in found.items() if value}


def _extras(record: logging.LogRecord) -> dict[str, Any]:
    return {
        _FROM_EXTRAS.get(key, key): value
        for key, value in vars(record).items()
        if key not in _STANDARD and not key.startswith("_") and value not in ("", None)
    }


class JsonLines(logging.Formatter):
    """time (UTC), level, logger, message, the ids that are known, extras, and the traceback of an error."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {
            "time": moment.replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **_known_context(),
            **_extras(record),
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)

    def formatException(self, ei: Any) -> str:  # noqa: N802  the name is logging's
        return without_values("".join(traceback.format_exception(*ei)).rstrip())


class Words(JsonLines):
    """For a terminal: time of day, level, message, then what else is known in short."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created).astimezone()
        known = {**_known_context(), **_extras(record)}
        more = " ".join(
            f"{key}={_short(value)}" for key, value in known.items() if key not in ("method", "path")
        )
        text = f"{moment:%H:%M:%S} {record.levelname[0]} {record.getMessage()}"
        if more:
            text += f"  [{more}]"
        if record.exc_info and record.exc_info[0] is not None:
            text += "\n" + self.formatException(record.exc_info)
        return text


def _known_context() -> dict[str, str]:
    try:
        return _context()
    except Exception:  # noqa: BLE001  before the models are loaded; a log line must never be what fails
        return {}


def _short(value: Any) -> str:
    text = str(value)
    return text[-8:] if re.fullmatch(r"[0-9a-f]{8}-?[0-9a-f-]{23,28}", text) else text


def without_values(text: str) -> str:
    """A traceback without the values that PostgreSQL quotes: `Key (email)=(…) exists`, failing rows."""
    quoting = r"^(DETAIL|CONTEXT|HINT|LINE \d+|QUERY): .*(\n\s+\^)?"
    text = re.sub(quoting, r"\1: …", text, flags=re.MULTILINE)
    return re.sub(r'(invalid input (?:syntax|value)[^:\n]*): "[^\n]*"', r"\1: …", text)


# Statements


class Watch:
    """Counts statements and their time for the metrics, and logs those that took too long."""

    def __init__(self) -> None:
        self.count = 0
        self.seconds = 0.0

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        started = perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            seconds = perf_counter() - started
            # Two threads may count at once and lose one; a lock for every statement would not pay.
            self.count += 1
            self.seconds += seconds
            if seconds * 1000 >= settings.SLOW_QUERY_MS:
                _SLOW.warning(
                    "slow statement",
                    extra={
                        "ms": round(seconds * 1000, 1),
                        "sql": normalised(sql),
                        "database": context["connection"].alias,
                        "at": _caller(),
                    },
                )


watch = Watch()

_DOLLAR = re.compile(r"\$(\w*)\$.*?\$\1\$", re.DOTALL)
_LITERAL = re.compile(r"[eE]?'(?:[^'\\]|''|\\.)*'")
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_NUMBER = re.compile(r"(?<![\w.\"])\d+(?:\.\d+)?\b")
_LIST = re.compile(r"(%s|\?)(?:\s*,\s*(?:%s|\?))+")
_LONGEST = 2000
# Modules of ours that pass statements on and ask for none themselves.
_WRAPPING = ("guanxi.foundation.tenancy", "guanxi.project")


def normalised(sql: Any) -> str:
    """A statement with its shape and without any value: literals and numbers become `?`."""
    text = sql if isinstance(sql, str) else sql.as_string() if hasattr(sql, "as_string") else str(sql)
    text = _DOLLAR.sub("?", text)
    text = _LITERAL.sub("?", text)
    text = _COMMENT.sub(" ", text)
    text = _NUMBER.sub("?", text)
    text = _LIST.sub(r"\1, …", text)
    return " ".join(text.split())[:_LONGEST]


def _caller() -> str:
    """The line of ours that asked: the first outside Django, the backend and this module."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        name = frame.f_globals.get("__name__", "")
        ours = name.startswith("guanxi.") and not name.startswith(_WRAPPING)
        if ours:
            return f"{name}:{frame.f_lineno}"
        frame = frame.f_back
    return ""


def watch_statements() -> None:
    """Called once at start-up: every connection of this process from now on is watched."""
    connection_created.connect(_watch, dispatch_uid="guanxi_logs")


def _watch(connection: Any, **kwargs: Any) -> None:
    # First, not last: a connection made inside `execute_wrapper` would else have its own wrapper taken for that
    # block's at the end of it, and the block's would stay for good.
    if watch not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, watch)
