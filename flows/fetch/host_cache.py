"""What politeness must not forget between runs: hosts that asked for a rest, and robots.txt.

A run is a process, and a host that answered 429 means all of them. A small SQLite file, because
several runs may share it at once. It is a cache: losing it costs a few requests, so nothing
here ever fails a run.
"""

from __future__ import annotations

import logging
import sqlite3
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

log = logging.getLogger(__name__)

_SCHEMA = (
    # No sync to the disk: after a power cut an old or empty file is as good.
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = OFF",
    "CREATE TABLE IF NOT EXISTS rests (host TEXT PRIMARY KEY, until REAL NOT NULL)",
    "CREATE TABLE IF NOT EXISTS robots "
    "(site TEXT PRIMARY KEY, rules TEXT NOT NULL, until REAL NOT NULL)",
)
_LONGEST = 86_400.0 + 3600.0
"""Seconds for which anything here may hold: a day, and an hour for a clock that was set right. What
holds longer was remembered under a clock that was ahead, and counts no more."""
_BUSY = 2.0
"""Seconds that another run's write is waited for."""


class HostCache:
    """Rests and rules, each with the time until which they hold; a context manager."""

    def __init__(self, path: Path) -> None:
        """`path` is made where it does not exist; its folder must."""
        self._path = path
        self._db: sqlite3.Connection | None = None
        self._complained = False

    def __enter__(self) -> Self:
        try:
            self._db = sqlite3.connect(self._path, timeout=_BUSY, isolation_level=None)
            for statement in _SCHEMA:
                self._db.execute(statement)
        except sqlite3.Error as error:
            log.warning("%s can't be used (%s); this run remembers nothing.", self._path, error)
            self._close()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._close()

    def rest_of(self, host: str, now: datetime) -> float:
        """Seconds that `host` is still to be left alone."""
        found = self._first("SELECT until FROM rests WHERE host = ?", host)
        left = 0.0 if found is None else max(0.0, float(found[0]) - now.timestamp())
        return left if left <= _LONGEST else 0.0

    def remember_rest(self, host: str, until: datetime) -> None:
        """`host` is to be left alone until then."""
        self._do(
            "INSERT INTO rests VALUES (?, ?) ON CONFLICT (host) DO UPDATE "
            "SET until = CASE WHEN until > excluded.until + ? THEN excluded.until "
            "ELSE max(until, excluded.until) END",
            host,
            until.timestamp(),
            _LONGEST,
        )

    def rules_of(self, site: str, now: datetime) -> tuple[str, float] | None:
        """The rules of a site's robots.txt and for how many seconds they hold, if known."""
        found = self._first("SELECT rules, until FROM robots WHERE site = ?", site)
        left = float(found[1]) - now.timestamp() if found else 0.0
        return (str(found[0]), left) if 0 < left <= _LONGEST else None

    def remember_rules(self, site: str, rules: str, until: datetime) -> None:
        """The rules of `site` hold until then; empty rules allow everything."""
        self._do("INSERT OR REPLACE INTO robots VALUES (?, ?, ?)", site, rules, until.timestamp())

    def forget(self, before: datetime) -> None:
        """Delete what no longer holds."""
        self._do("DELETE FROM rests WHERE until < ?", before.timestamp())
        self._do("DELETE FROM robots WHERE until < ?", before.timestamp())

    def _first(self, statement: str, *values: object) -> Any:
        rows = self._do(statement, *values)
        return rows[0] if rows else None

    def _do(self, statement: str, *values: object) -> list[Any]:
        if self._db is None:
            return []
        try:
            return self._db.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            if not self._complained:
                log.warning("%s can't be used (%s); going on without it.", self._path, error)
            self._complained = True
            return []

    def _close(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None
