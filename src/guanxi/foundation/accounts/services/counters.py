"""The cache that throttling counts in: a table, so that all processes count together, also after a restart.

Values are JSON. Nothing alive is ever thrown out to make room: that would help whoever floods it.
"""

import itertools
import json
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection

_SWEEP = 500  # one in so many writes clears away what has expired
_MOST = 5000


class CounterCache(BaseCache):
    """Django's cache over `accounts_counter`, in the request's own connection."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._writes = itertools.count(1)

    def _key(self, key: str, version: int | None) -> str:
        return self.make_and_validate_key(key, version=version)

    def _seconds(self, timeout: Any) -> float | None:
        if timeout is DEFAULT_TIMEOUT:
            timeout = self.default_timeout
        return None if timeout is None else max(float(timeout), 0.0)

    def _run(self, sql: str, params: list[Any]) -> tuple[int, Any]:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.rowcount, cursor.fetchone() if cursor.description else None

    def _write(self, key: str, value: Any, timeout: Any, version: int | None, only_expired: str) -> bool:
        if next(self._writes) % _SWEEP == 0:
            self.sweep()
        count, _row = self._run(
            "INSERT INTO accounts_counter AS c (key, value, expires_at) VALUES"
            " (%s, %s::jsonb, CASE WHEN %s::float8 IS NULL THEN 'infinity'"
            " ELSE clock_timestamp() + make_interval(secs => %s) END)"
            " ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value, expires_at = EXCLUDED.expires_at"
            + only_expired,
            [
                self._key(key, version),
                json.dumps(value),
                self._seconds(timeout),
                self._seconds(timeout) or 0.0,
            ],
        )
        return count == 1

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """The value, or `default` where there is none that is alive."""
        _count, row = self._run(
            "SELECT value::text FROM accounts_counter WHERE key = %s AND expires_at > clock_timestamp()",
            [self._key(key, version)],
        )
        return default if row is None else json.loads(row[0])

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Keep a value, in place of another."""
        self._write(key, value, timeout, version, "")

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep a value only where none is alive; of several at once exactly one is told True."""
        return self._write(key, value, timeout, version, " WHERE c.expires_at <= clock_timestamp()")

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Give a living value a new time to live."""
        seconds = self._seconds(timeout)
        count, _row = self._run(
            "UPDATE accounts_counter SET expires_at = CASE WHEN %s::float8 IS NULL THEN 'infinity'"
            " ELSE clock_timestamp() + make_interval(secs => %s) END"
            " WHERE key = %s AND expires_at > clock_timestamp()",
            [seconds, seconds or 0.0, self._key(key, version)],
        )
        return count == 1

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Add to a number, atomically. Raises ValueError where there is none alive."""
        _count, row = self._run(
            "UPDATE accounts_counter SET value = to_jsonb((value #>> '{}')::bigint + %s)"
            " WHERE key = %s AND expires_at > clock_timestamp() RETURNING (value #>> '{}')::bigint",
            [delta, self._key(key, version)],
        )
        if row is None:
            raise ValueError(f"no value under {key!r}")
        return int(row[0])

    def delete(self, key: str, version: int | None = None) -> bool:
        """Forget a value. Returns whether there was one."""
        count, _row = self._run("DELETE FROM accounts_counter WHERE key = %s", [self._key(key, version)])
        return count > 0

    def has_key(self, key: str, version: int | None = None) -> bool:
        """Whether a value is alive."""
        return self.get(key, version=version) is not None

    def clear(self) -> None:
        """Forget everything."""
        self._run("DELETE FROM accounts_counter", [])

    def sweep(self) -> int:
        """Clear away what has expired. Returns how much."""
        count, _row = self._run(
            "DELETE FROM accounts_counter WHERE key IN (SELECT key FROM accounts_counter"
            " WHERE expires_at < clock_timestamp() ORDER BY expires_at LIMIT %s FOR UPDATE SKIP LOCKED)",
            [_MOST],
        )
        return count
