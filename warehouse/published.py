"""The published copy, opened for reading."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from parsers.errors import Quarantine, Retry
from warehouse.desk import Desk
from warehouse.errors import lock_holder


@contextmanager
def open_published(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the copy at `path` as its current database, read-only, times in UTC.

    Attached to a database of its own: `duckdb.connect(path)` would hand out what this process
    has open under that path already, which may be the copy before the last. Raises duckdb.Error.
    """
    with duckdb.connect(":memory:") as connection:
        connection.execute("SET TimeZone = 'UTC'")
        file = str(path).replace("'", "''")
        connection.execute(f"ATTACH '{file}' AS clippings_file (READ_ONLY)")
        connection.execute("USE clippings_file")
        yield connection


@dataclass(frozen=True, slots=True)
class State:
    """What a published copy says of itself."""

    changes: int
    version: int
    """Of its schema."""
    published_at: datetime | None


def published_state(desk: Desk) -> State | None:
    """What the published copy says of itself; None if there is none.

    Raises Quarantine("not_a_warehouse") when it is something else, Retry when it is locked.
    """
    if not desk.published.exists():
        return None
    try:
        with open_published(desk.published) as connection:
            ((changes, version, published_at),) = connection.execute(
                "SELECT changes, (SELECT max(version) FROM schema_migrations), published_at"
                " FROM writer_lock"
            ).fetchall()
    except (duckdb.Error, ValueError) as error:
        raise refused(desk.published, error) from error
    return State(changes, version, published_at and published_at.astimezone(UTC))


def refused(path: Path, error: Exception) -> Retry | Quarantine:
    """Why the file at `path`, where a copy should be, is left alone after `error`."""
    holder = lock_holder(error) if isinstance(error, duckdb.Error) else None
    if holder:
        return Retry(
            "warehouse_locked",
            f"{path} is open for writing in {holder}. Close it there: the published "
            "copy is for reading.",
        )
    return Quarantine(
        "not_a_warehouse",
        f"{path} is not a warehouse of pressclip's; it was left alone. Name another "
        "file, or move this one away.",
    )
