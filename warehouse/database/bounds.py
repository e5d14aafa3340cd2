"""How much of the machine a connection may take."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the engine of a connection may hold in memory, and how many threads work for it. What
    does not fit fails: nothing is written to a disk instead."""

    memory: str
    """As DuckDB reads it, such as 256MB."""
    threads: int | None = None
    """None: one for each processor."""


def bind(connection: duckdb.DuckDBPyConnection, bounds: Bounds) -> None:
    """Keep the engine of `connection` within `bounds`."""
    connection.execute("SET temp_directory = ''")
    connection.execute(f"SET memory_limit = '{bounds.memory}'")
    if bounds.threads is not None:
        connection.execute(f"SET threads = {bounds.threads}")
