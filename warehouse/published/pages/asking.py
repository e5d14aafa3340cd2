"""Named queries asked of an open connection, and their rows as records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import duckdb

from warehouse.published.read import params_of, table_of
from warehouse.queries import record

Connection = duckdb.DuckDBPyConnection
R = TypeVar("R")


def rows_of(
    connection: Connection, sql: str, params: Mapping[str, object]
) -> list[dict[str, object]]:
    """The rows of `sql` by column; of `params` it gets those that it names."""
    table = table_of(connection, sql, params_of(sql, params))
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def records_of(
    kind: type[R], connection: Connection, sql: str, params: Mapping[str, object]
) -> tuple[R, ...]:
    """The same as records of type `kind`."""
    return tuple(record(kind, row) for row in rows_of(connection, sql, params))
