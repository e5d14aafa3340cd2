"""Where subscriptions are kept: a small SQLite file in the desk's folder.

Not in the warehouse, which everybody may read: whoever knows a token and a secret can push. And
not by batches: a hub waits for its answer. Several processes use the file at once: the receiver,
and the polls that look for what was pushed.
"""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from flows.websub.subscription import Subscription, SubscriptionState

log = logging.getLogger(__name__)

FILE = "push.sqlite"
_BUSY = 5.0
"""Seconds that another process's write is waited for."""
_COLUMNS = tuple(spec.name for spec in fields(Subscription))
_TIMES = {"since", "ask_at", "lease_until", "pushed_at", "passed_on_at", "missed_at"}
_OF_THE_FEED = {"pushed_at", "passed_on_at", "missed_at", "refused"}
"""Written as they happen, never together with the rest: another process may have been faster."""
_SCHEMA = (
    "PRAGMA journal_mode = WAL",
    "CREATE TABLE IF NOT EXISTS subscriptions (feed_id TEXT PRIMARY KEY, hub_url TEXT NOT NULL, "
    "topic_url TEXT NOT NULL, token TEXT NOT NULL UNIQUE, secret TEXT NOT NULL, "
    "state TEXT NOT NULL, since TEXT NOT NULL, ask_at TEXT, asks INTEGER NOT NULL, "
    "lease_until TEXT, reason TEXT, pushed_at TEXT, passed_on_at TEXT, missed_at TEXT, "
    "refused INTEGER NOT NULL)",
)
_ALL = f"SELECT {', '.join(_COLUMNS)} FROM subscriptions"  # noqa: S608 - names from the record
_SAVE = (
    f"INSERT INTO subscriptions ({', '.join(_COLUMNS)}) "  # noqa: S608 - names from the record
    f"VALUES ({', '.join('?' for _ in _COLUMNS)}) ON CONFLICT (feed_id) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS if name not in _OF_THE_FEED)
)


class Subscriptions:
    """All subscriptions of a desk; a context manager."""

    def __init__(self, folder: Path) -> None:
        """`folder` is the desk's; the file in it is made where it does not exist, for nobody
        else to read."""
        self._path = folder / FILE

    def __enter__(self) -> Self:
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        self._db = sqlite3.connect(self._path, timeout=_BUSY, isolation_level=None)
        try:
            for statement in _SCHEMA:
                self._db.execute(statement)
            self._check()
        except BaseException:
            self._db.close()
            raise
        return self

    def _check(self) -> None:
        """Raises sqlite3.DatabaseError where the file is damaged, anywhere in it: it is small."""
        found = self._db.execute("PRAGMA quick_check(1)").fetchall()
        if found != [("ok",)]:
            raise sqlite3.DatabaseError(f"{found[0][0]}")
        try:
            self.all()
        except (ValueError, TypeError) as error:
            raise sqlite3.DatabaseError(f"a subscription can't be read: {error}") from error

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._db.close()

    def all(self) -> tuple[Subscription, ...]:
        """Every subscription."""
        return tuple(map(_subscription, self._db.execute(_ALL + " ORDER BY feed_id").fetchall()))

    def at(self, token: str) -> Subscription | None:
        """The one whose callback ends in `token`."""
        found = self._db.execute(_ALL + " WHERE token = ?", (token,)).fetchone()
        return _subscription(found) if found else None

    def save(self, subscription: Subscription) -> None:
        """Keeps what is between us and the hub; pushes are kept by `pushed`."""
        self._db.execute(_SAVE, [_plain(getattr(subscription, name)) for name in _COLUMNS])

    def forget(self, feed_id: int) -> None:
        """Deletes the subscription of a feed."""
        self._db.execute("DELETE FROM subscriptions WHERE feed_id = ?", (str(feed_id),))

    def with_news(self) -> tuple[Subscription, ...]:
        """Those with a push for which no poll was started."""
        news = " WHERE pushed_at > coalesce(passed_on_at, '') ORDER BY pushed_at"
        return tuple(map(_subscription, self._db.execute(_ALL + news).fetchall()))

    def pushes(self) -> dict[int, datetime]:
        """When each feed was last pushed, by the feed's id."""
        found = self._db.execute(
            "SELECT feed_id, pushed_at FROM subscriptions WHERE pushed_at > ''"
        )
        return {int(feed_id): datetime.fromisoformat(at) for feed_id, at in found.fetchall()}

    def pushed(self, feed_id: int, at: datetime) -> None:
        """A push with a right signature came for the feed."""
        self._db.execute(
            "UPDATE subscriptions SET pushed_at = ? WHERE feed_id = ?", (_plain(at), str(feed_id))
        )

    def refuse(self, feed_id: int) -> None:
        """A push with a wrong signature came."""
        self._db.execute(
            "UPDATE subscriptions SET refused = refused + 1 WHERE feed_id = ?", (str(feed_id),)
        )

    def passed_on(self, feed_ids: Iterable[int], at: datetime) -> None:
        """A poll of these feeds was started."""
        self._db.executemany(
            "UPDATE subscriptions SET passed_on_at = ? WHERE feed_id = ?",
            [(_plain(at), str(feed_id)) for feed_id in feed_ids],
        )

    def missed(self, feed_ids: Iterable[int], at: datetime) -> None:
        """A poll found news in these feeds that no push had announced."""
        self._db.executemany(
            "UPDATE subscriptions SET missed_at = ? WHERE feed_id = ?",
            [(_plain(at), str(feed_id)) for feed_id in feed_ids],
        )


@contextmanager
def open_subscriptions(folder: Path) -> Iterator[Subscriptions | None]:
    """The subscriptions of the desk in `folder`; None where no receiver ever worked there, or where
    the file can't be read: feeds are then polled as if nobody pushed."""
    with ExitStack() as stack:
        known = None
        if (folder / FILE).exists():
            try:
                known = stack.enter_context(Subscriptions(folder))
            except sqlite3.Error as error:
                log.warning("%s can't be used (%s); going on without it.", folder / FILE, error)
        yield known


@contextmanager
def open_for_receiver(folder: Path) -> Iterator[Subscriptions]:
    """The same for the process that hubs talk to, which starts anew where the file is damaged: its
    feeds are subscribed to again. The damaged file is set aside."""
    with ExitStack() as stack:
        try:
            known = stack.enter_context(Subscriptions(folder))
        except sqlite3.OperationalError:
            raise  # held by someone else, or no room: the file itself is whole
        except sqlite3.DatabaseError as error:
            aside = folder / f"{FILE}.damaged"
            log.warning("%s is damaged (%s); set aside as %s.", folder / FILE, error, aside)
            (folder / FILE).replace(aside)
            for suffix in ("-wal", "-shm"):
                (folder / f"{FILE}{suffix}").unlink(missing_ok=True)
            known = stack.enter_context(Subscriptions(folder))
        yield known


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    # SQLite's integers have a sign, feed ids do not.
    return str(value) if isinstance(value, int) and value >= 1 << 63 else value


def _subscription(row: tuple[Any, ...]) -> Subscription:
    values: dict[str, Any] = dict(zip(_COLUMNS, row, strict=True))
    for name in _TIMES:
        values[name] = datetime.fromisoformat(values[name]) if values[name] else None
    values["feed_id"] = int(values["feed_id"])
    values["state"] = SubscriptionState(values["state"])
    return Subscription(**values)
