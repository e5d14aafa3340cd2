"""Exports: the tables and views of the published copy as files for other programs.

DuckDB itself writes them, row group by row group, so a big warehouse needs no more memory than a
small one. Nothing here ever opens the private file.
"""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

import duckdb

from warehouse.database.errors import mapped
from warehouse.desk import Desk
from warehouse.files import behind_links, is_stream, put
from warehouse.published.read import reading
from warehouse.queries import queries

MEMORY = "512MB"
"""What DuckDB may hold in memory while exporting; beyond that it sorts in a temporary folder."""


_MONTH = "month=[0-9][0-9][0-9][0-9]-[0-9][0-9]"
"""What the folders of months are called."""


class Exportable(StrEnum):
    """What can be exported."""

    CLIPPINGS = "clippings"
    ARTICLES = "articles"
    REVISIONS = "revisions"
    MENTIONS = "mentions"
    STORIES = "stories"
    ENTRIES = "entries"


class Format(StrEnum):
    """How it is written; the name is the file's suffix too."""

    PARQUET = "parquet"
    CSV = "csv"
    JSONL = "jsonl"


@dataclass(frozen=True, slots=True)
class Filters:
    """Which rows are wanted; None: all."""

    topic: str | None = None
    language: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    """Rows of this moment are out."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote."""

    rows: int
    files: tuple[Path, ...]


def export_file(
    where: Desk | Path, what: Exportable, filters: Filters, kind: Format, target: Path
) -> Exported:
    """Write the rows of `what` to the file `target`, which is there in full or not at all; into it
    as they are read, where a pipe or a device stands there.

    Raises as `warehouse.published.read.read` does, and Retry("disk_full").
    """
    if is_stream(target):
        with target.open("wb") as stream:
            return Exported(export_stream(where, what, filters, kind, stream), (target,))
    with _opened(where, what, filters) as connection:
        rows = _put(connection, kind, target)
    return Exported(rows, (target,))


def export_months(
    where: Desk | Path, what: Exportable, filters: Filters, kind: Format, folder: Path
) -> Exported:
    """Write the rows of `what` to a file for each month: `folder`/month=2026-03/clippings.csv, as
    DuckDB, Spark and Arrow read partitions. Files of other months stay as they are; those of the
    months that `filters` touch are of the whole month (see `whole_months`). Where all is exported,
    months that have no rows any more lose their file, or else what moved would be told twice."""
    files: list[Path] = []
    rows = 0
    with _opened(where, what, whole_months(filters)) as connection:
        for (month,) in connection.execute(queries("published/export")["months"]).fetchall():
            connection.execute(queries("published/export")["variable_month"], {"value": month})
            target = folder / f"month={month}" / f"{what}.{kind}"
            rows += _put(connection, kind, target)
            files.append(target)
    if filters == Filters() and files:
        for stale in sorted({*folder.glob(f"{_MONTH}/{what}.{kind}")} - {*files}):
            stale.unlink()
            with suppress(OSError):  # something else is in it
                stale.parent.rmdir()
    return Exported(rows, tuple(files))


def whole_months(filters: Filters) -> Filters:
    """`filters` with days widened to whole months in UTC: a month's file that ended with the day
    of one export would take the place of one that had the rest."""
    return replace(
        filters,
        since=filters.since and _month_of(filters.since),
        until=filters.until and _next_month(filters.until - timedelta(microseconds=1)),
    )


def _month_of(moment: datetime) -> datetime:
    day = moment.astimezone(UTC)
    return datetime(day.year, day.month, 1, tzinfo=UTC)


def _next_month(moment: datetime) -> datetime:
    return _month_of(_month_of(moment) + timedelta(days=31))


def export_stream(
    where: Desk | Path, what: Exportable, filters: Filters, kind: Format, stream: BinaryIO
) -> int:
    """Write the rows of `what` to `stream` as they are read; returns how many.

    Raises BrokenPipeError when whoever reads the stream has seen enough.
    """
    with _opened(where, what, filters) as connection:
        reader, writer = os.pipe()
        copying = _Copying(connection, kind, writer)
        copying.start()
        try:
            with os.fdopen(reader, "rb") as source:
                while piece := source.read(1 << 16):
                    stream.write(piece)
            stream.flush()
        finally:
            copying.join()
        return copying.result()


class _Copying(threading.Thread):
    """DuckDB at work on one end of a pipe; it writes to files only, and a pipe has a name."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, kind: Format, descriptor: int
    ) -> None:
        super().__init__(name="export")
        self._connection = connection
        self._kind = kind
        self._descriptor = descriptor
        self._rows = 0
        self._error: duckdb.Error | None = None

    def run(self) -> None:
        try:
            self._rows = _copy(self._connection, self._kind, f"/dev/fd/{self._descriptor}")
        except duckdb.Error as error:
            self._error = error
        finally:
            os.close(self._descriptor)

    def result(self) -> int:
        if self._error:
            raise self._error
        return self._rows


@contextmanager
def _opened(
    where: Desk | Path, what: Exportable, filters: Filters
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the published copy whose view `exported` has the rows."""
    sql = queries("published/export")
    values = {
        "topic": filters.topic,
        "language": filters.language,
        "since": filters.since,
        "until": filters.until,
        "month": None,
    }
    with (
        tempfile.TemporaryDirectory(prefix="pressclip-export-") as spill,
        reading(where, own=True) as connection,
    ):
        try:
            connection.execute(f"SET memory_limit = '{MEMORY}'")
            connection.execute("SET temp_directory = $folder", {"folder": spill})
            for name, value in values.items():
                connection.execute(sql[f"variable_{name}"], {"value": value})
            connection.execute(sql[f"view_{what}"])
            connection.execute(sql.get(f"written_{what}", sql["written"]))
            connection.execute(sql["id_text"])
            connection.execute(sql["csv_cell"])
            yield connection
        except duckdb.Error as error:
            raise mapped(error, f"export {what}") from error


def _put(connection: duckdb.DuckDBPyConnection, kind: Format, target: Path) -> int:
    rows: list[int] = []
    target = behind_links(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    put(target, lambda path: rows.append(_copy(connection, kind, str(path))))
    return rows[0]


def _copy(connection: duckdb.DuckDBPyConnection, kind: Format, path: str) -> int:
    ((rows,),) = connection.execute(
        queries("published/export")[f"copy_{kind}"], {"path": path}
    ).fetchall()
    return int(str(rows))
