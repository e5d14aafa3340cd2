"""Opening the private warehouse: locked, created, adopted or migrated as needed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import duckdb

from parsers.errors import Retry
from warehouse.desk import Desk
from warehouse.errors import duckdb_errors
from warehouse.files import clone, put
from warehouse.handle import Warehouse
from warehouse.locks import OnWait, held, patiently
from warehouse.migrate import applied, migrate
from warehouse.published import State, published_state

ATTACH = "ATTACH {file} AS wh (STORAGE_VERSION 'v1.5.0', ROW_GROUP_SIZE 16384)"
"""The format that DuckDB 1.5 and 2.0 both read. The row-group size is not stored in the file,
and opening it without would merge the groups: a third of the cost of closing after a small load
depends on it, so nothing else may open the file for writing."""

MEMORY = "384MB"
"""What DuckDB may hold in memory while loading; beyond that it spills into the desk's folder."""


@contextmanager
def open_warehouse(
    desk: Desk, *, wait: float = 0.0, on_wait: OnWait | None = None
) -> Iterator[Warehouse]:
    """The desk's warehouse, open for writing and up to date.

    Creates it where there is none; starts from the published copy where only that exists.
    While someone else has the private file, tries for `wait` seconds, telling `on_wait` once
    who it is, and then raises Retry("warehouse_locked"). Raises Quarantine("not_a_warehouse")
    when something else stands at the published path, Quarantine("newer_warehouse") when a newer
    version made it.
    """
    desk.create()
    with held(desk.writer_lock, wait=wait, on_wait=on_wait):
        _adopt(desk)
        connection = patiently(lambda: _attach(desk), wait=wait, on_wait=on_wait)
        try:
            wh = Warehouse(desk, connection)
            migrate(wh, before=lambda version: _back_up(wh, version))
            yield wh
        finally:
            _close(connection)


@contextmanager
def open_for_copy(
    desk: Desk, *, now: datetime, than: State | None, wait: float, on_wait: OnWait | None
) -> Iterator[int | None]:
    """The number of changes, with the private file closed, complete and kept from others, so
    that it can be copied; None where there is nothing newer `than` what the published copy says.

    `now` becomes the time of publication. Raises as `open_warehouse` does.
    """
    if not desk.private.exists():
        yield None
        return
    with held(desk.writer_lock, wait=wait, on_wait=on_wait):
        connection = patiently(lambda: _attach(desk), wait=wait, on_wait=on_wait)
        try:
            wh = Warehouse(desk, connection)
            migrate(wh, before=lambda version: _back_up(wh, version))
            changes = int(str(wh.execute("SELECT changes FROM writer_lock")[0][0]))
            stale = than is None or (than.changes, than.version) != (changes, applied(wh))
            if stale:
                wh.execute("UPDATE writer_lock SET published_at = $now", {"now": now})
                wh.execute("CHECKPOINT wh")
        finally:
            _close(connection)
        yield changes if stale else None


def _adopt(desk: Desk) -> None:
    """Start from the published copy where the private file is missing."""
    try:
        state = published_state(desk)
    except Retry:
        # Open for writing in some client: ours, if we have published there before.
        if not desk.private.exists():
            raise
        return
    if state and not desk.private.exists():
        put(desk.private, lambda path: clone(desk.published, path))


def _attach(desk: Desk) -> duckdb.DuckDBPyConnection:
    """A connection with the private file as its current database."""
    with duckdb_errors(f"open {desk.private}"):
        connection = duckdb.connect(":memory:")
        try:
            connection.execute(f"SET memory_limit = '{MEMORY}'")
            connection.execute(f"SET temp_directory = {_quoted(desk.folder / 'spill')}")
            connection.execute("SET TimeZone = 'UTC'")
            connection.execute(ATTACH.format(file=_quoted(desk.private)))
            connection.execute("USE wh")
        except BaseException:
            connection.close()
            raise
        return connection


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _close(connection: duckdb.DuckDBPyConnection) -> None:
    """Write everything into the file itself and let go of it."""
    with duckdb_errors("close the warehouse"):
        try:
            connection.execute("USE memory")
            connection.execute("DETACH wh")
        finally:
            connection.close()


def _back_up(wh: Warehouse, version: int) -> None:
    """Keep a copy of the warehouse as it was before a migration.

    Copied by DuckDB itself: reading an open file behind its back would drop its lock (POSIX
    locks end with the first close of the file in the process).
    """
    wh.desk.backups.mkdir(exist_ok=True)
    target = wh.desk.backups / f"before-migration-from-{version}.duckdb"
    target.unlink(missing_ok=True)
    wh.execute(ATTACH.format(file=_quoted(target)).replace(" AS wh ", " AS backup "))
    wh.execute("COPY FROM DATABASE wh TO backup")
    wh.execute("DETACH backup")
