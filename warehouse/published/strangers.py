"""Queries of people who may read what is published, and nothing else of this machine.

SQL ─▶ what `ask` checks ─▶ no settings, catalogues, files ─▶ bounded engine ─▶ so many rows
                                                              interrupted after so long

DuckDB counts not all of the memory that it takes, and hears an interrupt between its steps only
(sorting one list of a hundred million numbers is one step: 40 s, seen with 1.5.5). So whoever runs
this runs it in a process that can be ended, and that may not take more than it should.
"""

from __future__ import annotations

import io
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import Event, Thread

import duckdb

from parsers.errors import Drop
from warehouse.database.bounds import Bounds
from warehouse.desk import Desk
from warehouse.published.ask import (
    ACTS,
    CheckedQuery,
    refusals,
    refuse_calls,
    required_query,
    spelled,
)
from warehouse.published.pages.asking import Connection
from warehouse.published.read import Table, distinct, reading, table_of

BOUNDS = Bounds("256MB", threads=1)
_NUDGE = 0.1
_NOT_IN_PARQUET = re.compile(r"INTERVAL|UNION\(")
"""In the type of a column that Arrow can't write."""
_TELLS = re.compile(
    rf"{ACTS}|current_setting|@@|getenv|pg_settings|__ducklake_metadata\w*"
    r"|duckdb_(?:databases|settings|secrets|logs\w*)|pragma_database_list",
    re.IGNORECASE,
)
"""What tells more than what is published: settings have the keys of buckets, a catalogue may be in
a database with other tables."""
_LIKE_TABLES = frozenset(
    [
        "duckdb_columns",
        "duckdb_constraints",
        "duckdb_functions",
        "duckdb_keywords",
        "duckdb_schemas",
        "duckdb_tables",
        "duckdb_types",
        "duckdb_views",
        "generate_series",
        "icu_calendar_names",
        "json_each",
        "json_tree",
        "pg_timezone_names",
        "pragma_table_info",
        "range",
        "repeat",
        "repeat_row",
        "unnest",
    ]
)
"""The only functions that are called like tables, beside the desk's own. Others read files (the
folder of a lake has what was deleted), write, take addresses of memory, or tell of settings."""


@dataclass(frozen=True, slots=True)
class AnswerLimits:
    """What an answer may take."""

    rows: int
    size: int
    """Characters of all cells together, or bytes."""
    cells: int
    seconds: float
    skip: int = 0
    """Rows at the beginning that are left out."""

    def rows_of(self, columns: int) -> int:
        """How many rows of so many columns there may be. Raises Drop("too_large")."""
        if columns > self.cells:
            raise _too_large(f"It has more than {self.cells:,} columns")
        return min(self.rows, self.cells // max(columns, 1))


@dataclass(frozen=True, slots=True)
class Columns:
    """An answer as a Parquet file."""

    parquet: bytes
    rows: int
    cut: bool
    """Whether there were more."""


def table_for(desk: Desk, sql: str, limits: AnswerLimits) -> Table:
    """The answer to `sql`. Raises as `warehouse.published.ask.ask` does, and Drop("too_slow")."""
    with _checked(desk, sql, limits) as (connection, query):
        table = table_of(connection, spelled(connection, query), limit=limits.skip + limits.rows)
        return _within(replace(table, rows=table.rows[limits.skip :]), limits)


def parquet_for(desk: Desk, sql: str, limits: AnswerLimits) -> Columns:
    """The same as a Parquet file; names that come twice are numbered, spans of time and unions are
    texts."""
    import pyarrow.parquet  # noqa: PLC0415 - slow, and few need it

    with _checked(desk, sql, limits) as (connection, query):
        relation = connection.sql(query.sql)
        names = [f"c{number}" for number in range(len(relation.columns))]
        if any(map(_NOT_IN_PARQUET.search, map(str, relation.types))):
            cells = (
                f"CAST({name} AS VARCHAR)" if _NOT_IN_PARQUET.search(str(kind)) else name
                for name, kind in zip(names, relation.types, strict=True)
            )
            select = query.select.rstrip().removesuffix(";")
            # One SELECT, as has been checked.
            named = f"FROM (\n{select}\n) AS t({', '.join(names)})"
            relation = connection.sql(f"SELECT {', '.join(cells)} {named}")
        given = list(distinct(connection.sql(query.sql).columns))
        rows = limits.rows_of(len(given))
        table = relation.limit(rows + 1).to_arrow_table().rename_columns(given)
        kept = table.slice(0, rows)
        while kept.nbytes > limits.size and len(kept) > 1:
            kept = kept.slice(0, len(kept) // 2)
        if kept.nbytes > limits.size:
            raise _too_large("Its first row is too large")
        file = io.BytesIO()
        pyarrow.parquet.write_table(kept, file, compression="zstd")
        return Columns(file.getvalue(), len(kept), cut=len(kept) < len(table))


@contextmanager
def _checked(
    desk: Desk, sql: str, limits: AnswerLimits
) -> Iterator[tuple[Connection, CheckedQuery]]:
    """A connection, and what of `sql` it may be asked, until its time is over."""
    with reading(desk, locked=True, bounds=BOUNDS) as connection:
        try:
            with refusals(), _interrupted_after(limits.seconds, connection):
                query = required_query(connection, sql)
                refuse_calls(connection, query.select, _TELLS, _LIKE_TABLES)
                yield connection, query
        except Drop as error:
            if isinstance(error.__cause__, duckdb.InterruptException):
                raise too_slow(limits.seconds) from error
            raise


def too_slow(seconds: float) -> Drop:
    """It took longer than it may."""
    return Drop(
        "too_slow",
        f"That took longer than {seconds:g} seconds and was stopped. Ask for fewer days, or less "
        "of each row; `pressclip sql` has no such limit.",
    )


@contextmanager
def _interrupted_after(seconds: float, connection: Connection) -> Iterator[None]:
    done = Event()

    def wait() -> None:
        deadline = time.monotonic() + seconds
        # Again and again: what comes between two of its steps is not heard.
        while not done.wait(max(_NUDGE, deadline - time.monotonic())):
            connection.interrupt()

    watch = Thread(target=wait, name="time limit", daemon=True)
    watch.start()
    try:
        yield
    finally:
        done.set()
        watch.join()


def _within(table: Table, limits: AnswerLimits) -> Table:
    """The first rows of `table`, as many as may be. Raises Drop("too_large") where that is none."""
    taken, rows = 0, 0
    for row in table.rows[: limits.rows_of(len(table.columns))]:
        taken += sum(len(str(cell)) for cell in row)
        if taken > limits.size:
            break
        rows += 1
    if table.rows and not rows:
        raise _too_large(f"Its first row has more than {limits.size:,} characters")
    if rows == len(table.rows):
        return table
    return replace(table, rows=table.rows[:rows], cut=True)


def _too_large(why: str) -> Drop:
    return Drop(
        "too_large", f"{why}. Ask for less of each, such as left(text, 1000), or for fewer columns."
    )
