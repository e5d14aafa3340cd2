"""What people read, opened for reading: the published copy, or the lake itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from parsers.errors import Quarantine, Retry
from warehouse.database.bounds import Bounds, bind
from warehouse.database.errors import damaged, lock_holder, tells_of_damage
from warehouse.database.lakes import lock, open_lake
from warehouse.desk import Desk
from warehouse.files import is_blank, is_duckdb, mark_of


@contextmanager
def open_published(
    where: Desk | Path, *, own: bool = False, locked: bool = False, bounds: Bounds | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with what people read as its current database, read-only, times in UTC;
    `locked`, it reaches no other file, and nobody can change that, nor its `bounds`; its `own`
    engine, also for a lake, takes any setting.

    Attached to a database of its own: `duckdb.connect(path)` would hand out what this process
    has open under that path already, which may be the copy before the last. Raises duckdb.Error,
    and for a lake what `warehouse.database.lakes.open_lake` raises.
    """
    if isinstance(where, Desk) and where.lake:
        with open_lake(
            where.lake, "clippings_file", read_only=True, own=own, locked=locked, bounds=bounds
        ) as connection:
            yield connection
        return
    path = where.published if isinstance(where, Desk) else where
    # Of its own: whoever reads may set what holds for a whole engine, or leave tables in it.
    with duckdb.connect(":memory:") as connection:
        # Of every cursor of this connection too.
        connection.execute("SET GLOBAL TimeZone = 'UTC'")
        if bounds:
            bind(connection, bounds)
        file = str(path).replace("'", "''")
        connection.execute(f"ATTACH '{file}' AS clippings_file (READ_ONLY)")
        connection.execute("USE clippings_file")
        if locked:
            lock(connection)
        yield connection


@dataclass(frozen=True, slots=True)
class State:
    """What a published copy says of itself."""

    changes: int
    version: int
    """Of its schema."""
    published_at: datetime | None


def published_state(desk: Desk, *, anew: bool = False) -> State | None:
    """What the published copy says of itself; None if there is none, and for a lake.

    Raises Quarantine("not_a_warehouse") when it is something else, Quarantine("damaged") when it
    can't be read any more, Retry when it is locked. A copy is not opened again while it is the same
    file, which takes as long as opening the private one, but to look at it `anew`: nothing else
    tells whether it is locked.
    """
    mark = None if desk.lake else mark_of(desk.published)
    if mark is None:
        return None
    known = _known.get(desk.published)
    if known and known[0] == mark and not anew:
        return known[1]
    try:
        with open_published(desk.published) as connection:
            ((changes, version, published_at),) = connection.execute(
                "SELECT changes, (SELECT max(version) FROM schema_migrations), published_at"
                " FROM writer_lock"
            ).fetchall()
    except (duckdb.Error, ValueError) as error:
        ours = desk.private.exists() and is_blank(desk.published)
        if ours or (tells_of_damage(error) and is_duckdb(desk.published)):
            raise damaged(f"read {desk.name}", error) from error
        raise refused(desk.name, error) from error
    state = State(changes, version, published_at and published_at.astimezone(UTC))
    _known[desk.published] = mark, state
    return state


_known: dict[Path, tuple[tuple[int, ...], State]] = {}
"""Published copies that this process has looked into, which file each was, and what it said."""


def refused(name: str, error: Exception | None = None) -> Retry | Quarantine:
    """Why the warehouse called `name` is left alone after `error`."""
    holder = lock_holder(error) if isinstance(error, duckdb.Error) else None
    if holder:
        return Retry(
            "warehouse_locked",
            f"{name} is open for writing in {holder}. Close it there: the published "
            "copy is for reading.",
        )
    return Quarantine(
        "not_a_warehouse",
        f"{name} is not a warehouse of pressclip's; it was left alone. Name another "
        "one, or move this one away.",
    )
