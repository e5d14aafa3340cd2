"""Named queries asked of an open connection, and their rows as records."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TypeVar

import duckdb

from warehouse.queries import record

Connection = duckdb.DuckDBPyConnection
R = TypeVar("R")
_PARAMETER = re.compile(r"\$(\w+)")


def rows_of(
    connection: Connection, sql: str, params: Mapping[str, object]
) -> list[dict[str, object]]:
    """The rows of `sql` by column; of `params` it gets those that it names."""
    named = {name: params.get(name) for name in _PARAMETER.findall(sql)}
    result = connection.execute(sql, named or None)
    columns = [str(column[0]) for column in result.description or []]
    return [dict(zip(columns, map(_in_utc, row), strict=True)) for row in result.fetchall()]


def records_of(
    kind: type[R], connection: Connection, sql: str, params: Mapping[str, object]
) -> tuple[R, ...]:
    """The same as records of type `kind`."""
    return tuple(record(kind, row) for row in rows_of(connection, sql, params))


def _in_utc(value: object) -> object:
    return value.astimezone(UTC) if isinstance(value, datetime) and value.tzinfo else value
