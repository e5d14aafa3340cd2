"""Reading the published copy. Nothing here ever writes, or waits for a writer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import duckdb

from parsers.errors import Drop, Retry
from warehouse.database.bounds import Bounds
from warehouse.database.definitions import REVISION
from warehouse.database.errors import is_no_database, lock_holder, mapped, no_warehouse
from warehouse.database.published_state import open_published, refused
from warehouse.desk import Desk
from warehouse.queries import queries


@dataclass(frozen=True, slots=True)
class Table:
    """The answer to a query."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    """DuckDB's names of the columns' types."""
    rows: tuple[tuple[object, ...], ...]
    cut: bool = False
    """Whether there were more rows than were asked for."""


_OURS = "SELECT changes FROM writer_lock"
"""What only a file of pressclip's can answer."""

_PARAMETER = re.compile(r"\$(\w+)")

Params = Sequence[object] | Mapping[str, object]


@contextmanager
def reading(
    where: Desk | Path, *, own: bool = False, locked: bool = False, bounds: Bounds | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the published copy at `where`, read-only, times in UTC; `locked`, it reaches
    nothing else and keeps within `bounds`; its `own` engine takes any setting.

    Raises Quarantine("no_warehouse") when there is none yet, Quarantine("not_a_warehouse") when
    the file is something else.
    """
    desk = where if isinstance(where, Desk) else Desk.at(where)
    if desk.lake is None and not desk.published.exists():
        raise no_warehouse(desk.name)
    try:
        with open_published(desk, own=own, locked=locked, bounds=bounds) as connection:
            connection.execute(_OURS)
            yield connection
    except duckdb.Error as error:
        not_ours = isinstance(error, duckdb.CatalogException) or is_no_database(error)
        if not_ours or (lock_holder(error) and not desk.lake):
            raise refused(desk.name, error) from error
        raise mapped(error, f"open {desk.name}") from error


def refuse_absent(desk: Desk) -> None:
    """Whoever mistypes the name of a warehouse gets neither an empty one nor a desk of that name.
    Raises as `reading` does where there is neither the warehouse itself nor a copy."""
    if desk.lake or not desk.private.exists():
        with reading(desk):
            pass


def read(
    where: Desk | Path, sql: str, params: Params | None = None, limit: int | None = None
) -> Table:
    """The answer of the published copy at `where` to one query, at most `limit` rows of it.

    Raises as `reading` does, and Drop("bad_sql") when DuckDB refuses the query or there is none
    in `sql`.
    """
    with reading(where) as connection:
        try:
            return table_of(connection, sql, params, limit)
        except duckdb.Error as error:
            raise _refused(error) from error


def named(
    where: Desk | Path, query_name: str, *, limit: int | None = None, **params: object
) -> Table:
    """The answer to one of the queries of read.sql; parameters not given are NULL. Raises as
    `read` does, and Retry("earlier_version")."""
    sql = queries("published/read")[query_name]
    unknown = params.keys() - set(_PARAMETER.findall(sql))
    if unknown:
        raise TypeError(f"{query_name} has no parameter {', '.join(sorted(unknown))}")
    with reading(where) as connection:
        try:
            return table_of(connection, sql, params_of(sql, params), limit)
        except duckdb.Error as error:
            raise of_earlier_version(connection) or _refused(error) from error


def params_of(sql: str, params: Mapping[str, object]) -> dict[str, object] | None:
    """Of `params` those that `sql` names, NULL where one is not given; None where it names none."""
    return {name: params.get(name) for name in _PARAMETER.findall(sql)} or None


def of_earlier_version(connection: duckdb.DuckDBPyConnection) -> Retry | None:
    """Why what is open can't answer a question of ours: an earlier version published it. None
    where none did."""
    try:
        known = connection.execute("SELECT max(revision) FROM schema_definitions").fetchone()
    except duckdb.Error:
        known = None
    if known and known[0] is not None and known[0] >= REVISION:
        return None
    return Retry(
        "earlier_version",
        "What people read was published by an earlier version of pressclip. The next run publishes "
        "it anew; `pressclip ingest` does so now.",
    )


def _refused(error: duckdb.Error) -> Drop:
    return Drop("bad_sql", f"DuckDB can't answer that: {error}")


def table_of(
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    params: Params | None = None,
    limit: int | None = None,
) -> Table:
    """The answer to `sql` as a table; raises what DuckDB raises, and Drop("bad_sql") where there is
    no query in it."""
    result = connection.execute(sql, params)
    if result is None:  # DuckDB's answer to an empty query, which its type does not tell
        raise Drop("bad_sql", f"There is no query in that: {sql!r}.")
    description = result.description or []
    rows = result.fetchall() if limit is None else result.fetchmany(limit + 1)
    kept = rows if limit is None else rows[:limit]
    return Table(
        columns=tuple(str(column[0]) for column in description),
        types=tuple(str(column[1]) for column in description),
        rows=tuple(tuple(_in_utc(value) for value in row) for row in kept),
        cut=len(kept) < len(rows),
    )


def distinct(names: Sequence[str]) -> tuple[str, ...]:
    """`names` with a number behind those that come again, as DuckDB names the columns of a table:
    a key of an object can be there once only."""
    given: list[str] = []
    for name in names:
        numbered = (f"{name}_{number}" for number in count(1))
        free = (one for one in numbered if one not in {*names, *given})
        given.append(next(free) if name in given else name)
    return tuple(given)


def _in_utc(value: object) -> object:
    return value.astimezone(UTC) if isinstance(value, datetime) and value.tzinfo else value
