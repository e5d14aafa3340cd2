"""What people read, held open for the many questions of a server.

question ─▶ a copy swapped in since? ─▶ open it ─▶ a cursor ─▶ answer
                                         the one before is closed after its last answer,
                                         and is shown on where the new one can't be read

Each copy is attached to an engine of its own, so it is the file that was published and stays it,
whatever is swapped in meanwhile; nothing is written anywhere, so the folder may be read-only.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from typing import Generic, TypeVar

import duckdb

from parsers.errors import PressclipError
from warehouse.database.bounds import Bounds
from warehouse.database.errors import damaged, mapped, tells_of_damage
from warehouse.desk import Desk
from warehouse.published.pages.asking import Connection
from warehouse.published.read import of_earlier_version, reading
from warehouse.queries import queries

log = logging.getLogger(__name__)

T = TypeVar("T")
Ask = Callable[[Connection], T]
"""What asks something of what people read, by a connection to it."""

LOOK_EVERY = 2.0
"""Seconds between two looks for a new copy."""
_Stamp = tuple[int, int, int]
_LOST = (duckdb.IOException, duckdb.FatalException, duckdb.InternalException)
"""How DuckDB says that it can't go on with what it has open: a file on another machine that was
removed there, a catalogue that was restarted. Opened anew it may be there again."""
_USED = """
SELECT 3 * 4096 + used_blocks * block_size FROM pragma_database_size()
WHERE database_name = 'clippings_file'
"""
"""Bytes that a file has at the least, by its head: DuckDB says that a file was cut only when it
reads what is missing."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """Which state of what people read is shown."""

    changes: int
    """How often it had been changed."""
    at: datetime | None
    """When it was published, a lake: last loaded."""


@dataclass(slots=True)
class _Copy:
    """A copy that is open, or the lake."""

    closing: ExitStack
    connection: Connection
    stamp: _Stamp | None
    freshness: Freshness
    idle: list[Connection] = field(default_factory=list)
    users: int = 0
    retired: bool = False


class Newest:
    """The newest copy of what people read at a desk, open for any number of threads."""

    def __init__(self, desk: Desk, bounds: Bounds, *, look_every: float = LOOK_EVERY) -> None:
        self._desk = desk
        self._bounds = bounds
        self._look_every = look_every
        self._copy: _Copy | None = None
        self._looked = -look_every
        self._lock = Lock()
        self._looking = Lock()
        self._trouble: str | None = None
        self._damaged: _Stamp | None = None
        """The copy in which damage was met."""

    @property
    def trouble(self) -> str | None:
        """What is wrong with what is published now; None where nothing is."""
        return self._trouble

    @property
    def freshness(self) -> Freshness | None:
        """What is shown; None before the first question."""
        copy = self._copy
        return copy.freshness if copy else None

    @property
    def due(self) -> bool:
        """Whether the next question looks for a new copy before it is answered."""
        return self._copy is None or time.monotonic() >= self._looked + self._look_every

    @contextmanager
    def cursor(self) -> Iterator[Connection]:
        """A cursor of the newest copy. Raises as `warehouse.published.read.reading` does, and
        Retry("earlier_version")."""
        copy = self._take()
        cursor = None
        try:
            with self._lock:
                cursor = copy.idle.pop() if copy.idle else _cursor(copy.connection)
            yield cursor
        except BaseException as error:
            if cursor is not None:
                cursor.close()
                cursor = None
            if isinstance(error, duckdb.Error) and tells_of_damage(error):
                self._troubled(error, copy.stamp)
            if isinstance(error, _LOST):
                self._retire(copy)
            raise
        finally:
            if cursor is not None:
                copy.idle.append(cursor)
            self._give_back(copy)

    def close(self) -> None:
        """Let go of what is open, as soon as its last question is answered."""
        if self._copy:
            self._retire(self._copy)

    def _take(self) -> _Copy:
        while True:
            # While one thread opens a new copy, the others go on with the one that there is.
            if self._looking.acquire(blocking=self._copy is None):
                try:
                    self._look()
                finally:
                    self._looking.release()
            with self._lock:
                if self._copy is not None:
                    self._copy.users += 1
                    return self._copy

    def _look(self) -> None:
        """Open what was published since the last look, if that is a while ago."""
        if not self.due:
            return
        self._looked = time.monotonic()
        before = self._copy
        try:
            if before and self._desk.lake:
                before.freshness = self._freshness(before.connection)
            elif before is None or before.stamp != self._stamp():
                self._copy = self._opened()
                if before:
                    self._retire(before)
        except (PressclipError, OSError, duckdb.Error) as error:
            self._troubled(error)
            if before is None:
                raise
            if self._desk.lake:
                self._retire(before)
        else:
            if self._damaged is None or self._damaged != self._stamp():
                self._trouble = self._damaged = None

    def _troubled(self, error: Exception, damaged: _Stamp | None = None) -> None:
        """Remember that what is published can't be read, and log it once: until the next look that
        succeeds, or where damage was met in a copy, until there is another."""
        known = self._damaged == damaged if damaged else self._trouble == str(error)
        if not known:
            shown = "; the copy from before is shown on" if self._copy and not damaged else ""
            log.error("What is published can't be read%s: %s", shown, error)
        self._trouble, self._damaged = str(error), damaged

    def _stamp(self) -> _Stamp | None:
        """What tells one published file from the next."""
        if self._desk.lake or not self._desk.published.exists():
            return None
        status = self._desk.published.stat()
        return status.st_ino, status.st_mtime_ns, status.st_size

    def _opened(self) -> _Copy:
        # Looked at before it is opened: what is swapped in between is opened once more, not missed.
        stamp = self._stamp()
        with ExitStack() as stack:
            connection = stack.enter_context(reading(self._desk, locked=True, bounds=self._bounds))
            if stamp:
                self._refuse_cut(connection, stamp)
            # Some pages would show of it what they can, and others nothing.
            if told := of_earlier_version(connection):
                raise told
            return _Copy(stack.pop_all(), connection, stamp, self._freshness(connection))

    def _freshness(self, connection: Connection) -> Freshness:
        with connection.cursor() as cursor:
            cursor.execute("USE clippings_file")
            sql = queries("published/read")["freshness"]
            ((changes, published_at, loaded_at),) = cursor.execute(sql).fetchall()
        at = loaded_at if self._desk.lake else published_at
        return Freshness(changes, at.astimezone(UTC) if at else None)

    def _refuse_cut(self, connection: Connection, stamp: _Stamp) -> None:
        ((size,),) = connection.execute(_USED).fetchall()
        if stamp[2] < size:
            missing = EOFError(f"{stamp[2]} bytes are there, of {size} at the least")
            raise damaged(f"open {self._desk.name}", missing)

    def _retire(self, copy: _Copy) -> None:
        with self._lock:
            if self._copy is copy:
                self._copy = None
            done = not copy.retired and not copy.users
            copy.retired = True
        if done:
            _close(copy)

    def _give_back(self, copy: _Copy) -> None:
        with self._lock:
            copy.users -= 1
            done = copy.retired and not copy.users
        if done:
            _close(copy)


def _cursor(connection: Connection) -> Connection:
    cursor = connection.cursor()
    cursor.execute("USE clippings_file")
    return cursor


def _close(copy: _Copy) -> None:
    for cursor in copy.idle:
        cursor.close()
    # A lake whose catalogue is gone can't be let go of in good order.
    with suppress(PressclipError, duckdb.Error):
        copy.closing.close()


class Question(Generic[T]):
    """One question, answered in one thread; another thread may end it."""

    def __init__(self, newest: Newest, ask: Ask[T]) -> None:
        self._newest = newest
        self._ask = ask
        self._lock = Lock()
        self._cursor: Connection | None = None
        self._ended = False

    def answer(self) -> T:
        """The answer. Raises as `Newest.cursor` does, TimeoutError where it was ended, and what
        DuckDB raises as ours."""
        try:
            try:
                return self._once()
            except _LOST as error:
                log.info("Opened once more after: %s", error)
                return self._once()
        except duckdb.Error as error:
            if isinstance(error, duckdb.InterruptException) or self._ended:
                raise TimeoutError from error
            raise mapped(error, "read what is published") from error

    def end(self) -> None:
        """End it, also where it has not begun. To be said again until it has ended: what comes
        between two queries is not heard."""
        with self._lock:
            self._ended = True
            if self._cursor is not None:
                self._cursor.interrupt()

    def _once(self) -> T:
        with self._newest.cursor() as cursor:
            with self._lock:
                if self._ended:
                    raise TimeoutError
                self._cursor = cursor
            try:
                return self._ask(cursor)
            finally:
                with self._lock:
                    self._cursor = None
